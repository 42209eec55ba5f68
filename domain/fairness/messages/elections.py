"""Messages of elections of stewards; their names begin with Board, as those of the board do."""

from dataclasses import dataclass

from domain.fairness.elections import Candidate, ElectionId
from domain.messages import Message
from domain.moments import Moment


@dataclass(frozen=True, slots=True)
class BoardElection(Message):
    """`stage` is none, standing, voting or closed. `mine`: the reader is a candidate; `steward`: keeps the link;
    `papers` were taken, `cast` ballots are in; `link` is empty without a group."""

    stage: str
    number: ElectionId
    votes_from: Moment
    closes: Moment
    candidates: tuple[Candidate, ...]
    papers: int
    cast: int
    mine: bool
    steward: bool
    link: str


@dataclass(frozen=True, slots=True)
class BoardBallot(Message):
    """A ballot paper, this once. `code` is how it is listed; `chosen` the person voted for, 0 for none yet."""

    number: ElectionId
    candidates: tuple[Candidate, ...]
    pen: str
    code: str
    chosen: int
    closes: Moment


@dataclass(frozen=True, slots=True)
class BallotLine:
    code: str
    username: str


@dataclass(frozen=True, slots=True)
class BoardBallots(Message):
    """Every ballot of a closed election, by code."""

    number: ElectionId
    ballots: tuple[BallotLine, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class BoardLinkWanted(Message):
    """Asks a steward for the link of the workers' group."""


@dataclass(frozen=True, slots=True)
class BoardLinkKept(Message):
    """To the steward."""

    link: str
