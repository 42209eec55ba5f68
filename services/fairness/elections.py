"""Election of stewards by workers: candidates stand for a week, a week is for voting; stewards keep the
group's link."""

from secrets import token_bytes
from typing import Any

from domain.fairness import board
from domain.fairness.elections import (
    MAX_CANDIDATES,
    OFFICE_DAYS,
    BallotLine,
    BoardBallot,
    BoardBallots,
    BoardElection,
    BoardLinkKept,
    BoardLinkWanted,
    Election,
    ElectionId,
    elect,
    read_link,
)
from domain.moments import DAY, NEVER
from domain.people.accounts import PersonId
from domain.refusals import BoardRefused
from services.act import Act, Reply
from services.fairness.board_access import get_pen_secret
from storage.unit import UnitOfWork

JOURNEY = "group link"
BALLOTS_PER_PAGE = 30  # ballots a page
LAST_PAGE = 10_000


def open_election(act: Act, word: str) -> BoardElection:
    """Return the state of the latest election as a new message."""
    return _to_election_page(act)


def show_election(act: Act) -> Reply:
    return Reply(_to_election_page(act), edits=act.message)


def stand_as_candidate(act: Act) -> Reply:
    """Make the person a candidate; open an election if none is under way and no stewards are in office.
    Raise BoardRefused without recent answers or a @username, at the limit of candidates, or if nobody can stand now."""
    unit, person = act.unit, act.person
    _require_recent_answers(act)
    if not person.username:
        raise BoardRefused(why="username")
    election = _get_or_open_election(unit)
    if len(unit.elections.candidates(election)) >= MAX_CANDIDATES:
        raise BoardRefused(why="election")
    unit.elections.stand(election, person.id)
    return Reply(_to_election_page(act), edits=act.message)


def stand_down(act: Act) -> Reply:
    """Withdraw the person's candidacy. Raise BoardRefused once voting has begun."""
    latest = act.unit.elections.latest()
    if latest is None or not latest.is_standing(act.unit.now):
        raise BoardRefused(why="election")
    act.unit.elections.stand_down(latest.id, act.person.id)
    return Reply(_to_election_page(act), edits=act.message)


def take_ballot_paper(act: Act) -> BoardBallot:
    """Mint a ballot paper, once per person; its message is the only place that holds it.
    Raise BoardRefused without recent answers, without a vote under way, or if the paper was taken before."""
    unit = act.unit
    _require_recent_answers(act)
    election = _get_open_vote(unit)
    if not unit.elections.take_paper(election.id, act.person.id):
        raise BoardRefused(why="paper")
    pen = board.mint_pen(
        get_pen_secret(unit), _scope(election.id), board.month_number(unit.now), token_bytes(board.NONCE_BYTES)
    )
    return _to_ballot(unit, election, pen, 0)


def vote(act: Act, election: ElectionId, candidate: PersonId, pen: str) -> Reply:
    """Store this paper's vote; another press replaces it until the election closes.
    Raise BoardRefused for a paper or a candidate of another election."""
    unit, open_election = act.unit, _get_open_vote(act.unit)
    paper = board.read_pen(get_pen_secret(unit), _scope(election), pen)
    if open_election.id != election or paper is None:
        raise BoardRefused(why="election")
    if candidate not in {standing_candidate.person for standing_candidate in unit.elections.candidates(election)}:
        raise BoardRefused(why="election")
    unit.elections.vote(election, paper.author, candidate)
    return Reply(_to_ballot(unit, open_election, pen, candidate), edits=act.message)


def show_ballots(act: Act, election: ElectionId, page: int) -> Reply:
    """Return a page of all ballots of a closed election, for everyone to count. Raise BoardRefused while it is open."""
    closed_election = act.unit.elections.find(election)
    if closed_election is None or closed_election.state != "closed":
        raise BoardRefused(why="election")
    page = min(page, LAST_PAGE)
    ballot_rows = act.unit.elections.ballots(election, page * BALLOTS_PER_PAGE, BALLOTS_PER_PAGE + 1)
    lines = tuple(BallotLine(ballot_code(voter), name) for voter, name in ballot_rows[:BALLOTS_PER_PAGE])
    return Reply(BoardBallots(election, lines, page, len(ballot_rows) > BALLOTS_PER_PAGE), edits=act.message)


def ask_link(act: Act) -> BoardLinkWanted:
    """Take the steward's next message as the link of the workers' group. Raise BoardRefused if the person is no
    steward."""
    if not act.unit.elections.is_steward(act.person.id):
        raise BoardRefused(why="steward")
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return BoardLinkWanted()


def store_link(act: Act, draft_fields: dict[str, Any], text: str) -> BoardLinkKept:
    """Store the link of the workers' group. Raise BoardRefused if the person is no steward or the text is no link."""
    if not act.unit.elections.is_steward(act.person.id):
        raise BoardRefused(why="steward")
    link = read_link(text)
    if link is None:
        raise BoardRefused(why="link")
    act.unit.drafts.drop(act.person.id)
    act.unit.elections.store_link(link)
    return BoardLinkKept(link)


def close_due_election(unit: UnitOfWork) -> None:
    """Count and close the election whose time is over."""
    unit.elections.rewrite_unsettled()
    due = unit.elections.find_due()
    if due is not None:
        unit.elections.count_votes(due.id)
        votes = {candidate.person: candidate.votes for candidate in unit.elections.candidates(due.id)}
        unit.elections.close(due.id, elect(votes))


def ballot_code(voter: str) -> str:
    """Return the digits under which a ballot is listed."""
    return voter[:10]


def _require_recent_answers(act: Act) -> None:
    """Raise BoardRefused if the person gave no answers lately."""
    if not act.unit.elections.answered_lately(act.person.id):
        raise BoardRefused(why="lately")


def _scope(election: ElectionId) -> str:
    return f"election {election}"


def _get_or_open_election(unit: UnitOfWork) -> ElectionId:
    """Return the election in which candidates stand, opened if necessary. Raise BoardRefused while voting or with
    stewards in office."""
    latest = unit.elections.latest()
    if latest is not None and latest.is_standing(unit.now):
        return latest.id
    in_office = latest is not None and latest.state == "closed" and latest.closes > unit.now - OFFICE_DAYS * DAY
    if latest is not None and (latest.state == "open" or (in_office and _has_stewards(unit, latest))):
        raise BoardRefused(why="election")
    return unit.elections.begin()


def _has_stewards(unit: UnitOfWork, election: Election) -> bool:
    """Return whether at least one elected steward was not erased since."""
    stewards = (candidate.person for candidate in unit.elections.candidates(election.id) if candidate.elected)
    return any(unit.people.get(person).telegram_id is not None for person in stewards)


def _get_open_vote(unit: UnitOfWork) -> Election:
    """Return the election in its week of voting. Raise BoardRefused if there is none."""
    latest = unit.elections.latest()
    if latest is None or not latest.is_voting(unit.now):
        raise BoardRefused(why="election")
    return latest


def _to_ballot(unit: UnitOfWork, election: Election, pen: str, chosen: int) -> BoardBallot:
    paper = board.read_pen(get_pen_secret(unit), _scope(election.id), pen)
    if paper is None:
        raise BoardRefused(why="election")
    candidates = unit.elections.candidates(election.id)
    return BoardBallot(
        number=election.id,
        candidates=candidates,
        pen=pen,
        code=ballot_code(paper.author),
        chosen=chosen,
        closes=election.closes,
    )


def _to_election_page(act: Act) -> BoardElection:
    unit, person = act.unit, act.person
    steward = unit.elections.is_steward(person.id)
    link = unit.elections.get_link() if unit.preferences.get(person.id).contacts else ""
    latest = unit.elections.latest()
    if latest is None:
        return _to_empty_page(steward, link)
    candidates = unit.elections.candidates(latest.id)
    is_candidate = any(candidate.person == person.id for candidate in candidates)
    return BoardElection(
        stage=_stage(unit, latest),
        number=latest.id,
        votes_from=latest.votes_from,
        closes=latest.closes,
        candidates=candidates,
        papers=latest.papers,
        cast=unit.elections.count_ballots(latest.id),
        mine=is_candidate,
        steward=steward,
        link=link,
    )


def _to_empty_page(steward: bool, link: str) -> BoardElection:
    """Return the page shown before the first election."""
    return BoardElection(
        stage="none",
        number=ElectionId(0),
        votes_from=NEVER,
        closes=NEVER,
        candidates=(),
        papers=0,
        cast=0,
        mine=False,
        steward=steward,
        link=link,
    )


def _stage(unit: UnitOfWork, election: Election) -> str:
    if election.is_standing(unit.now):
        return "standing"
    return "voting" if election.state == "open" else "closed"
