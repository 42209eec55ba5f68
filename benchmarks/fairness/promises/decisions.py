"""Promises about decisions against somebody: rejections, appeals, gold, restrictions."""

from collections import Counter, defaultdict

from benchmarks.fairness.promises.promise import BY_SILENCE, Books, Promise, Verdict, hours
from domain.moments import HOUR

APPEALS = """
SELECT a.state, a.opened_at, a.due_at, a.decided_at, min(t.made_at), k.content, s.answer, a.ruled_by,
  (SELECT count(*) FROM judgements j WHERE j.appeal = a.id AND j.state = 'given')
FROM appeals a JOIN submissions s ON s.id = a.submission JOIN tasks k ON k.id = s.task
LEFT JOIN transfers t ON t.submission = s.id AND t.kind = 'appeal'
GROUP BY a.id, a.state, a.opened_at, a.due_at, a.decided_at, k.content, s.answer, a.ruled_by"""


def appeals(books: Books) -> Verdict:
    """Count right answers, by the truth, whose appeal ended or should have, and the hours until they were paid.

    A jury may err: its answer is told apart, as no promise says that three people are always right."""
    cases = broken = lost = judged = erred = 0
    longest = 0
    for state, _, due, decided, paid, content, answer, _, votes in books.rows(APPEALS):
        if not books.is_right(content, answer) or (state == "open" and books.end <= due + books.patience):
            continue
        cases += 1
        judged += votes >= 3
        if state == "lost" and votes >= 3:
            erred += 1
            continue
        lost += state == "lost"
        ended = decided or due
        longest = max(longest, (paid or ended) - ended)
        broken += paid is None or paid - ended > BY_SILENCE
    paid_answers = cases - broken - erred
    said = f"{cases} right answers rejected and appealed ({judged} judged by three), {paid_answers} paid, "
    return Verdict(
        cases,
        broken,
        f"{said}the last {hours(longest)} after the end; {lost} lost; the jury of {erred} erred",
    )


REJECTIONS = """
SELECT r.submission, r.line, r.clause, r.reason, r.rejected_by, r.rejected_at, r.appeal_until, r.state, o.state, o.id,
  a.state, a.ruled_by, (SELECT count(*) FROM judgements j WHERE j.appeal = a.id AND j.state = 'given'), r.decided_at
FROM rejections r LEFT JOIN outbox o ON o.key = r.notice LEFT JOIN appeals a ON a.submission = r.submission"""
RESTRICTIONS = """
SELECT r.id, r.reason, r.imposed_at, r.state, r.decided_by, r.decided_at, r.lapsed, r.confirm_by, o.state, o.id
FROM restrictions r LEFT JOIN outbox o ON o.key = r.notice"""
ENDED = "SELECT subject, facts, actor FROM audit WHERE action = 'ended'"


def adverse(books: Books) -> Verdict:
    """Reason, notice with a button that objects, and a human in every decision against a worker."""
    letters = {letter.id: letter for letter in books.ran.town.diary}
    lacking = defaultdict[str, int](int)
    rejections = books.rows(REJECTIONS)
    for row in rejections:
        letter, state = letters.get(row[9]), row[7]
        lacking["reason"] += len(row[3]) < 15 or not row[2]
        lacking["notice"] += row[8] != "sent" or letter is None or row[3] not in letter.text
        lacking["appeal"] += letter is None or not any(data.startswith("ap:") for data in letter.buttons)
        lacking["human"] += row[4] is None
        closed = row[10] is None and row[13] is not None and row[13] >= row[6]
        lacking["human"] += state == "final" and not (closed or row[11] is not None or (row[12] or 0) >= 3)
    restrictions = books.rows(RESTRICTIONS)
    for row in restrictions:
        letter = letters.get(row[9])
        lacking["reason"] += not row[1]
        lacking["notice"] += row[8] != "sent"
        lacking["appeal"] += letter is None or not any(data.startswith("ra:") for data in letter.buttons)
    found = ", ".join(f"{count} without {what}" for what, count in lacking.items() if count) or "none lacks anything"
    return Verdict(
        len(rejections) + len(restrictions),
        sum(lacking.values()),
        f"{len(rejections)} rejections, {len(restrictions)} restrictions: {found}",
    )


def confirmed(books: Books) -> Verdict:
    """No restriction stands longer than 72 hours without a person's name in its row."""
    found = books.rows(RESTRICTIONS)
    late = 0
    for _, _, imposed, _, by, decided, _, _, _, _ in found:
        until = decided if decided is not None else books.end
        late += (by is None or decided is None) and until - imposed > BY_SILENCE + books.patience
    people = sum(row[4] is not None for row in found)
    lapsed = sum(bool(row[6]) for row in found)
    return Verdict(
        len(found),
        late,
        f"{len(found)} restrictions: {people} decided by a person, {lapsed} lapsed, {late} stood longer",
    )


DECISIONS = """
SELECT s.project, r.rejected_at, 1 FROM rejections r JOIN submissions s ON s.id = r.submission"""
PAUSES = "SELECT project, rejected, decided, paused_at, ended_at, ended_by FROM pauses"


def mass(books: Books) -> Verdict:
    """No answer is rejected between the pause for too many rejections and an admin's word."""
    made = defaultdict[int, list[int]](list)
    for project, at, _ in books.rows(DECISIONS):
        made[project].append(at)
    pauses = books.rows(PAUSES)
    within = sum(start < at < (end or books.end) for project, _, _, start, end, _ in pauses for at in made[project])
    unpaused = _unpaused(books, {row[0] for row in pauses})
    alone = sum(row[4] is not None and row[5] is None for row in pauses)
    return Verdict(
        len(pauses) + unpaused,
        within + alone + unpaused,
        f"{len(pauses)} pauses, {within} rejections within one; {unpaused} projects beyond 5 % of 20 without one",
    )


SHARES = """
SELECT s.project, sum(CASE WHEN r.submission IS NULL OR r.state = 'overturned' THEN 0 ELSE 1 END),
  sum(CASE WHEN s.held_until IS NULL THEN 1 ELSE 0 END)
FROM submissions s JOIN projects p ON p.id = s.project AND p.accept = 'review'
LEFT JOIN rejections r ON r.submission = s.id GROUP BY s.project"""


def _unpaused(books: Books, paused: set[int]) -> int:
    """Projects that were never paused and should have been when they were last decided about."""
    rows = books.rows(SHARES)
    return sum(
        decided >= 20 and 20 * rejected > decided and project not in paused for project, rejected, decided in rows
    )


GOLD = """
SELECT p.title, t.key, t.content, t.gold, t.id, c.opened_at
FROM tasks t JOIN projects p ON p.id = t.project
LEFT JOIN gold_challenges c ON c.id = (SELECT max(g.id) FROM gold_challenges g WHERE g.task = t.id)"""
SAID = "SELECT answer, submitted_at FROM submissions WHERE task = :task"
COUNTED = "SELECT count(*) FROM submissions WHERE task = :task AND gold = 0"
UNPAID = """
SELECT count(*) FROM submissions s WHERE s.task = :task AND s.submitted_at < :before AND NOT EXISTS (
  SELECT 1 FROM transfers t JOIN accounts a ON a.id = t.credit WHERE t.submission = s.id
  AND a.name LIKE 'worker:%:available')"""
DROPPED = "SELECT count(*) FROM gold_challenges WHERE state = 'overturned'"
ENOUGH = 2  # misses, and more than agreed with it, after which a wrong check question must be found
LEARNT = 24 * HOUR  # from its last answer until it is looked at, in a project that still runs


def gold(books: Books) -> Verdict:
    """Check questions with a wrong answer that most of two or more people missed are found, contested or not; they
    leave no miss and no unpaid answer. What only one met, or most erred with, may stand: it is told."""
    counts = Counter[str]()
    for title, key, content, known, task, opened in books.rows(GOLD):
        if (title, key) in books.ran.truth.wrong_gold:
            counts.update(_wrong_gold(books, content, known, task, opened))
    met, found, hurt, unpaid = (counts[each] for each in ("met", "found", "hurt", "unpaid"))
    said = f"{found} of {met} that most of two or more missed were found, {counts['waits']} wait for their requester; "
    said += f"{counts['alone']} that one missed, or most erred with, stand; "
    said += f"{hurt} misses left of those found, {unpaid} answers unpaid; "
    right = books.number(DROPPED) - counts["dropped"]
    return Verdict(met, counts["stands"] + hurt + unpaid, f"{said}{right} right ones were dropped")


def _wrong_gold(books: Books, content: str, known: str | None, task: int, opened: int | None) -> dict[str, int]:
    """What became of one."""
    said = books.rows(SAID, task=task)
    missed = sum(books.is_right(content, answer) for answer, _ in said)
    told = missed >= ENOUGH and 2 * missed > len(said)
    if known is None:
        before = books.end - BY_SILENCE - books.patience
        left = {"hurt": books.number(COUNTED, task=task), "unpaid": books.number(UNPAID, task=task, before=before)}
        return {**left, "met": int(told), "found": int(told), "dropped": 1}
    if not told:
        return {"alone": int(missed > 0)}
    due = opened + BY_SILENCE if opened else max(at for _, at in said) + LEARNT
    waits = books.end <= due + books.patience
    return {"met": 1, "waits": int(waits), "stands": int(not waits)}


PROMISES = (
    Promise(
        "an appeal that is won, or not decided in time, is paid within 72 hours of its end",
        "appealed answers that are right by the simulation's truth, and the transfer that paid them",
        "`services/fairness/appeals.py`",
        "`tests/services/fairness/test_judges.py`",
        appeals,
    ),
    Promise(
        "every decision against a worker has reason, notice, appeal and human",
        "rows of rejections and restrictions, their letters as delivered: text and buttons",
        "`services/fairness/rejections.py`, `services/quality/restrictions.py`",
        "`tests/services/fairness/test_rejections.py`, `tests/services/quality/test_restrictions.py`",
        adverse,
    ),
    Promise(
        "a restriction is confirmed by a human within 72 hours, or lapses",
        "rows of restrictions: imposed, decided, by whom",
        "`services/quality/restrictions.py`",
        "`tests/services/quality/test_restrictions.py`",
        confirmed,
    ),
    Promise(
        "too many rejections stop a project until a human has looked",
        "rejections by moment against the pauses, and the share of every project",
        "`services/fairness/review.py`",
        "`tests/services/fairness/test_review.py`",
        mass,
    ),
    Promise(
        "a check question that is wrong is found and repaid",
        "the wrong ones the simulation planted: their answers by the truth, their gold, misses and pay at the end",
        "`services/quality/gold_challenges.py`",
        "`tests/services/quality/test_gold_challenges.py`",
        gold,
    ),
)
