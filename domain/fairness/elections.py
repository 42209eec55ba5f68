"""Elections of stewards: days, who is elected, the link of the workers' group."""

import re
from dataclasses import dataclass
from typing import NewType

from domain.messages import Message
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId

ElectionId = NewType("ElectionId", int)

STANDING_DAYS, VOTING_DAYS, OFFICE_DAYS = 7, 7, 180  # days
RECENT_DAYS = 30  # days within which a voter and a candidate answered
SEATS, MIN_VOTES = 3, 3  # stewards; votes one needs at least
MAX_CANDIDATES = 20
_LINK = re.compile(r"https://t\.me/(\+[A-Za-z0-9_-]{8,40}|joinchat/[A-Za-z0-9_-]{8,40}|[A-Za-z]\w{4,31})")


@dataclass(frozen=True, slots=True)
class Election:
    """Moments are first moments of days (UTC): candidates stand until `votes_from`, votes are cast until `closes`."""

    id: ElectionId
    opened: Moment
    votes_from: Moment
    closes: Moment
    state: str
    papers: int

    def is_standing(self, now: Moment) -> bool:
        return self.state == "open" and now < self.votes_from

    def is_voting(self, now: Moment) -> bool:
        return self.state == "open" and self.votes_from <= now < self.closes


@dataclass(frozen=True, slots=True)
class Candidate:
    """`username` is empty for somebody who has none any more."""

    person: PersonId
    username: str
    votes: int
    elected: bool


def election_days(today: Moment) -> tuple[Moment, Moment]:
    """(first day of voting, first day after it)."""
    return Moment(today + STANDING_DAYS * DAY), Moment(today + (STANDING_DAYS + VOTING_DAYS) * DAY)


def elect(votes: dict[PersonId, int]) -> list[PersonId]:
    """Return the people with most votes, at least MIN_VOTES; all with equal votes at the last seat."""
    best = sorted((count for count in votes.values() if count >= MIN_VOTES), reverse=True)
    last = best[min(SEATS, len(best)) - 1] if best else 0
    return sorted(person for person, count in votes.items() if best and count >= last)


def read_link(text: str) -> str | None:
    """Return the link to a Telegram group, None for another text."""
    link = text.strip()
    return link if _LINK.fullmatch(link) else None


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
    """Reply to the steward: the link is stored."""

    link: str
