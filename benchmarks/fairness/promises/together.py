"""Promises about stops of persons, petitions and elections."""

from collections import Counter

from benchmarks.fairness.promises.promise import Books, Promise, Verdict
from domain.moments import DAY, MINUTE

ANSWERED_WITHIN = 14 * DAY
SEATS, FEWEST = 3, 3

STOPS = """
SELECT s.person, s.reason, s.made_by, s.made_at, s.state, s.ruling, s.ruled_by, s.ruled_at, s.due_at, s.words
FROM stops s WHERE s.project IS NULL"""
OFFERED = """
SELECT count(*) FROM assignments WHERE worker = :person AND offered_at > :since AND offered_at < :until"""


def stops(books: Books) -> Verdict:
    """Reason, a notice that says it with a button that objects, another human's answer or silence, and no task."""
    letters = [each for each in books.ran.town.diary if each.name == "PersonSuspended"]
    notices = {(each.person, each.facts["reason"]): each for each in letters}
    lacking, appealed, lifted = Counter[str](), 0, 0
    rows = books.rows(STOPS)
    for person, reason, by, made, state, ruling, ruled_by, ruled_at, due, words in rows:
        notice = notices.get((person, reason))
        lacking["notice"] += notice is None or reason not in notice.text
        lacking["appeal"] += notice is None or not any(data.startswith("xa:") for data in notice.buttons)
        lacking["another human"] += bool(words) and ruled_by == by
        lacking["answer"] += state == "appealed" and books.end > due + books.patience
        lacking["reason"] += len(reason) < 15 or (state == "upheld" and not ruling)
        until = ruled_at if state == "lifted" else books.end
        lacking["rest"] += books.number(OFFERED, person=person, since=made + 2 * MINUTE, until=until)
        appealed, lifted = appealed + bool(words), lifted + (state == "lifted")
    found = ", ".join(f"{count} without {what}" for what, count in lacking.items() if count) or "none lacks anything"
    told = f"{len(rows)} suspensions, {appealed} appealed, {lifted} lifted: {found}"
    return Verdict(len(rows), sum(lacking.values()), told)


PETITIONS = """
SELECT q.post, q.state, q.due, q.answer, p.threshold, p.state,
  (SELECT max(n.voices)
   FROM (SELECT count(*) AS voices FROM board_signatures g WHERE g.post = q.post GROUP BY g.month) AS n)
FROM board_petitions q JOIN board_posts p ON p.id = q.post"""
LOGGED = "SELECT count(*) FROM board_log WHERE post = :post AND kind = :kind"


def petitions(books: Books) -> Verdict:
    """Count the voices anew: one that reached its number is answered, met by a silence that stands, or was taken back
    or hidden, and the log of the board says which."""
    reached = broken = answered = silent = gone = 0
    for post, state, due, answer, threshold, post_state, voices in books.rows(PETITIONS):
        wanted = (voices or 0) >= threshold
        reached += wanted
        if wanted and state == "lapsed" and post_state in ("withdrawn", "hidden"):
            gone += 1
            broken += books.number(LOGGED, post=post, kind="reached") != 1
            broken += books.number(LOGGED, post=post, kind=post_state) != 1
            continue
        broken += wanted != (due is not None)
        if due is None:
            continue
        logged = {kind: books.number(LOGGED, post=post, kind=kind) for kind in ("reached", "answered", "unanswered")}
        answered, silent = answered + (state == "answered"), silent + (state == "unanswered")
        late = books.end > due + DAY + books.patience
        broken += logged["reached"] != 1 or (late and state == "asked")
        broken += (state == "answered") != (bool(answer) and logged["answered"] == 1 and not logged["unanswered"])
        broken += state == "unanswered" and logged["unanswered"] != 1
    said = f"{reached} reached their number: {answered} answered, {silent} met by a silence that stands, "
    said += f"{gone} taken back or hidden; {broken} wrong"
    return Verdict(reached, broken, said)


CLOSED = "SELECT id FROM elections WHERE state = 'closed'"
BALLOTS = "SELECT candidate, count(*) FROM election_ballots WHERE election = :election GROUP BY candidate"
COUNTED = "SELECT person, votes, elected FROM election_candidates WHERE election = :election"


def elections(books: Books) -> Verdict:
    """The votes as the simulation cast them, the ballots as they lie, and the result, counted three times."""
    closed = books.rows(CLOSED)
    cast, broken, seats = Counter(books.ran.truth.votes.values()), 0, 0
    for (election,) in closed:
        lying = {row[0]: row[1] for row in books.rows(BALLOTS, election=election)}
        result = {row[0]: (row[1], bool(row[2])) for row in books.rows(COUNTED, election=election)}
        best = sorted((count for count in cast.values() if count >= FEWEST), reverse=True)
        last = best[min(SEATS, len(best)) - 1] if best else 0
        for person, (votes, elected) in result.items():
            broken += votes != cast[person] or lying.get(person, 0) != cast[person]
            broken += elected != (bool(best) and cast[person] >= last)
            seats += elected
    told = f"{len(closed)} elections, {sum(cast.values())} ballots, {seats} elected; {broken} results differ"
    return Verdict(len(closed), broken, told)


PROMISES = (
    Promise(
        "a suspension has reason, notice, appeal and another human, and no task comes meanwhile",
        "rows of stops, their letters as delivered, and every task offered while one stood",
        "`services/fairness/stops.py`",
        "`tests/services/fairness/test_stops.py`",
        stops,
    ),
    Promise(
        "a petition that enough people signed is answered, or its silence stays",
        "signatures counted anew, petitions, the board's log",
        "`services/fairness/petitions.py`",
        "`tests/services/fairness/test_board.py`",
        petitions,
    ),
    Promise(
        "stewards are elected by the votes that were cast",
        "votes as the simulation cast them, ballots as they lie, the result",
        "`services/fairness/elections.py`",
        "`tests/services/fairness/test_elections.py`",
        elections,
    ),
)
