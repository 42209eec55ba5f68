"""Teams: organisations that ask for work together, with shared funds.

A team is an account of its own: a row of people whose id is negative, as a group's is in Telegram. It owns projects,
money and API keys, and has no chat: what is told to it reaches those members who want it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.messages import Message, record
from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId


@dataclass(frozen=True, slots=True)
class TeamListed:
    """`here`: it is the account that this person acts for."""

    team: int
    name: str
    role: str
    here: bool


@dataclass(frozen=True, slots=True)
class TeamAccounts(Message):
    """The accounts a person may act for. `asks`: they may open projects of their own; `founds`: they may make a team.
    `done`: they have just chosen."""

    teams: tuple[TeamListed, ...]
    own: bool
    asks: bool
    founds: bool


@dataclass(frozen=True, slots=True)
class TeamMember:
    """`cap` in millionths a month, None for no limit; `spent` of it in this month."""

    member: int
    name: str
    role: str
    cap: int | None
    spent: int


@dataclass(frozen=True, slots=True)
class TeamCard(Message):
    """One team, as the reader's `role` in it sees it. `free` money and caps are in `currency`; `waiting` are
    invitations that nobody has used yet."""

    team: int
    name: str
    role: str
    me: int
    members: tuple[TeamMember, ...]
    free: int
    currency: str
    hears: str
    waiting: int
    here: bool


@dataclass(frozen=True, slots=True)
class TeamMemberCard(Message):
    """One member, for the owner; `free` caps to choose from are in `currency`."""

    team: int
    team_name: str
    member: int
    name: str
    role: str
    cap: int | None
    spent: int
    currency: str


@dataclass(frozen=True, slots=True)
class TeamNameAsked(Message):
    """`again`: what was written is no name."""

    least: int
    most: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class TeamCapAsked(Message):
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class ActingFor(Message):
    """From now on a person acts for this account; `name` is empty for their own."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class TeamInviteAsked(Message):
    """What whoever comes may do."""

    team: int
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class TeamInviteLink(Message):
    """For one person, `until` a moment."""

    team: int
    name: str
    link: str
    code: str
    role: str
    cap: int | None
    currency: str
    until: Moment


@dataclass(frozen=True, slots=True)
class TeamInvitesEnded(Message):
    team: int
    count: int


@dataclass(frozen=True, slots=True)
class TeamInvited(Message):
    """Somebody opened a link; `token` is of its button."""

    name: str
    by: str
    role: str
    cap: int | None
    currency: str
    token: str


@dataclass(frozen=True, slots=True)
class TeamJoined(Message):
    name: str
    role: str
    cap: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class TeamNews(Message):
    """To owners, and to the member it is about. `what`: joined, left, removed, role, cap, owner, closed. `who` did it
    or was it; `you`: the reader is who it is about."""

    what: str
    name: str
    who: str
    you: bool = False
    role: str = ""
    cap: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class TeamLeaveAsked(Message):
    """`what`: leave, remove, own (hand over the ownership), close."""

    what: str
    team: int
    name: str
    member: int
    who: str


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
