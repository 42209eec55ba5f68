"""Workers elect stewards: candidates stand for a week, a week is for voting; the stewards keep the group's link."""

from secrets import token_bytes
from typing import Any

from domain.fairness import board
from domain.fairness.elections import (
    CANDIDATES,
    IN_OFFICE,
    BallotLine,
    BoardBallot,
    BoardBallots,
    BoardElection,
    BoardLinkKept,
    BoardLinkWanted,
    Election,
    ElectionId,
    elected,
    read_link,
)
from domain.moments import DAY, NEVER
from domain.people.accounts import PersonId
from domain.refusals import BoardRefused
from services.act import Act, Reply
from services.fairness.board_access import secret
from storage.unit import UnitOfWork

JOURNEY = "group link"
LINES = 30  # ballots a page
LAST_PAGE = 10_000


def open_(act: Act, word: str) -> BoardElection:
    """`/board stewards`."""
    return _page(act)


def show(act: Act) -> Reply:
    return Reply(_page(act), edits=act.message)


def stand(act: Act) -> Reply:
    """Opens an election where none is under way and no stewards are in office; becomes a candidate."""
    unit, person = act.unit, act.person
    _answered(act)
    if not person.username:
        raise BoardRefused(why="username")
    election = _to_stand_in(unit)
    if len(unit.elections.candidates(election)) >= CANDIDATES:
        raise BoardRefused(why="election")
    unit.elections.stand(election, person.id)
    return Reply(_page(act), edits=act.message)


def stand_down(act: Act) -> Reply:
    """Until the vote begins a candidate may change their mind."""
    latest = act.unit.elections.latest()
    if latest is None or not latest.is_standing(act.unit.now):
        raise BoardRefused(why="election")
    act.unit.elections.stand_down(latest.id, act.person.id)
    return Reply(_page(act), edits=act.message)


def take_paper(act: Act) -> BoardBallot:
    """A ballot paper, once a person. It is not kept: its message is the only place that holds it."""
    unit = act.unit
    _answered(act)
    election = _voting(unit)
    if not unit.elections.take_paper(election.id, act.person.id):
        raise BoardRefused(why="paper")
    pen = board.mint(secret(unit), _scope(election.id), board.month_number(unit.now), token_bytes(board.NONCE))
    return _ballot(unit, election, pen, 0)


def vote(act: Act, election: ElectionId, candidate: PersonId, pen: str) -> Reply:
    """The ballot of this paper; pressing another candidate replaces it until the election closes."""
    unit, known = act.unit, _voting(act.unit)
    paper = board.read(secret(unit), _scope(election), pen)
    if known.id != election or paper is None:
        raise BoardRefused(why="election")
    if candidate not in {each.person for each in unit.elections.candidates(election)}:
        raise BoardRefused(why="election")
    unit.elections.vote(election, paper.author, candidate)
    return Reply(_ballot(unit, known, pen, candidate), edits=act.message)


def ballots(act: Act, election: ElectionId, page: int) -> Reply:
    """All ballots of a closed election, for everybody to count."""
    known = act.unit.elections.find(election)
    if known is None or known.state != "closed":
        raise BoardRefused(why="election")
    page = min(page, LAST_PAGE)
    found = act.unit.elections.ballots(election, page * LINES, LINES + 1)
    lines = tuple(BallotLine(code(voter), name) for voter, name in found[:LINES])
    return Reply(BoardBallots(election, lines, page, len(found) > LINES), edits=act.message)


def ask_link(act: Act) -> BoardLinkWanted:
    """Asks a steward for the link of the workers' group."""
    if not act.unit.elections.is_steward(act.person.id):
        raise BoardRefused(why="steward")
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return BoardLinkWanted()


def typed(act: Act, kept: dict[str, Any], text: str) -> BoardLinkKept:
    """The link, shown to workers from now on."""
    if not act.unit.elections.is_steward(act.person.id):
        raise BoardRefused(why="steward")
    link = read_link(text)
    if link is None:
        raise BoardRefused(why="link")
    act.unit.drafts.drop(act.person.id)
    act.unit.elections.keep_link(link)
    return BoardLinkKept(link)


def end_due(unit: UnitOfWork) -> None:
    """Counts, and closes."""
    unit.elections.settle()
    due = unit.elections.due()
    if due is not None:
        unit.elections.tally(due.id)
        votes = {each.person: each.votes for each in unit.elections.candidates(due.id)}
        unit.elections.close(due.id, elected(votes))


def code(voter: str) -> str:
    """How a ballot is listed."""
    return voter[:10]


def _answered(act: Act) -> None:
    if not act.unit.elections.answered_lately(act.person.id):
        raise BoardRefused(why="lately")


def _scope(election: ElectionId) -> str:
    return f"election {election}"


def _to_stand_in(unit: UnitOfWork) -> ElectionId:
    latest = unit.elections.latest()
    if latest is not None and latest.is_standing(unit.now):
        return latest.id
    in_office = latest is not None and latest.state == "closed" and latest.closes > unit.now - IN_OFFICE * DAY
    if latest is not None and (latest.state == "open" or (in_office and _has_stewards(unit, latest))):
        raise BoardRefused(why="election")
    return unit.elections.begin()


def _has_stewards(unit: UnitOfWork, election: Election) -> bool:
    """Whether one of them is still there: who was erased keeps no link."""
    elected_ = (each.person for each in unit.elections.candidates(election.id) if each.elected)
    return any(unit.people.get(person).telegram_id is not None for person in elected_)


def _voting(unit: UnitOfWork) -> Election:
    latest = unit.elections.latest()
    if latest is None or not latest.is_voting(unit.now):
        raise BoardRefused(why="election")
    return latest


def _ballot(unit: UnitOfWork, election: Election, pen: str, chosen: int) -> BoardBallot:
    paper = board.read(secret(unit), _scope(election.id), pen)
    if paper is None:
        raise BoardRefused(why="election")
    candidates = unit.elections.candidates(election.id)
    return BoardBallot(election.id, candidates, pen, code(paper.author), chosen, election.closes)


def _page(act: Act) -> BoardElection:
    unit, person = act.unit, act.person
    steward = unit.elections.is_steward(person.id)
    link = unit.elections.link() if unit.preferences.of(person.id).contacts else ""
    latest = unit.elections.latest()
    if latest is None:
        return BoardElection("none", ElectionId(0), NEVER, NEVER, (), 0, 0, False, steward, link)
    candidates = unit.elections.candidates(latest.id)
    mine = any(each.person == person.id for each in candidates)
    known = (latest.id, latest.votes_from, latest.closes, candidates, latest.papers, unit.elections.cast(latest.id))
    return BoardElection(_stage(unit, latest), *known, mine, steward, link)


def _stage(unit: UnitOfWork, election: Election) -> str:
    if election.is_standing(unit.now):
        return "standing"
    return "voting" if election.state == "open" else "closed"
