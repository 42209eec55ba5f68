"""Teams: organisations that ask for work together, with shared funds.

A team is an account of its own: a row of people whose id is negative, as a group's is in Telegram. It owns projects,
money and API keys, and has no chat: what is told to it reaches those members who want it.
"""

from enum import StrEnum
from typing import NewType

from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.records import record

InvitationId = NewType("InvitationId", int)
TeamNumber = NewType("TeamNumber", int)  # as buttons carry it; 0 is the person's own account
OWN = TeamNumber(0)

PREFIX = "team-"  # before the number by which admins name a team, and before the token of an invitation's link
SHORTEST, LONGEST = 2, 60  # characters of a name
MOST_MEMBERS = 30  # and invitations that wait, of one team
MOST_TEAMS = 5  # of one owner
OPEN_FOR = 7 * DAY  # an invitation
CAPS = (Millionths(50_000_000), Millionths(200_000_000), Millionths(1_000_000_000))  # a month, as buttons


class Role(StrEnum):
    OWNER = "owner"
    SPENDER = "spender"
    VIEWER = "viewer"


class Right(StrEnum):
    """What an act for a team needs; each includes those before it."""

    LOOK = "look"  # read, review answers, answer questions
    SPEND = "spend"  # all that makes or changes projects and moves money
    OWN = "own"  # whom invoices name


class Hears(StrEnum):
    """What of the bot's messages to the team reaches a member."""

    ALL = "all"
    OWN = "own"  # about projects they made or launched
    NONE = "none"


RIGHTS = {Role.VIEWER: (Right.LOOK,), Role.SPENDER: (Right.LOOK, Right.SPEND), Role.OWNER: tuple(Right)}
HEARS = {Role.VIEWER: Hears.NONE, Role.SPENDER: Hears.OWN, Role.OWNER: Hears.ALL}  # at first


@record
class Team:
    id: PersonId
    name: str
    made_at: Moment
    closed_at: Moment | None

    @property
    def number(self) -> int:
        return number_of(self.id)


@record
class Membership:
    """`cap`: the most this member may set aside in a calendar month of UTC, in `currency`; None for no limit."""

    team: PersonId
    member: PersonId
    role: Role
    cap: Millionths | None
    currency: str
    hears: Hears
    joined_at: Moment

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    @property
    def limit(self) -> Millionths | None:
        """An owner has none."""
        return None if self.role is Role.OWNER else self.cap


@record
class Invitation:
    """A link for one person; whoever uses it first joins."""

    id: InvitationId
    team: PersonId
    role: Role
    cap: Millionths | None
    currency: str
    made_by: PersonId
    until: Moment
    used_by: PersonId | None
    ended_at: Moment | None

    def is_open(self, now: Moment) -> bool:
        return self.used_by is None and self.ended_at is None and now < self.until


def is_team(person: int) -> bool:
    return person < 0


def number_of(team: int) -> int:
    """By which a team is named to people."""
    return -team


def left_of(cap: Millionths | None, spent: int) -> Millionths | None:
    return None if cap is None else Millionths(max(0, cap - spent))


def read_name(text: str) -> str | None:
    """None for words that are no name."""
    name = " ".join(text.split())
    fits = SHORTEST <= len(name) <= LONGEST and any(sign.isalpha() for sign in name) and not name.startswith("/")
    return name if fits and name.isprintable() else None
