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
    """A team in a person's list. `here`: the person acts for this team now."""

    team: int
    name: str
    role: str
    here: bool


@dataclass(frozen=True, slots=True)
class TeamAccounts(Message):
    """Accounts for which a person may act.

    `own`: they act for themselves now. `asks`: they may open projects of their own. `founds`: they may make another
    team."""

    teams: tuple[TeamListed, ...]
    own: bool
    asks: bool
    founds: bool


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A member in the list of a team. `cap` is in millionths a month, None for no limit; `spent` is this month's share
    of it."""

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
    """Details of one member, for the owner; caps to choose from are in `currency`."""

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
    """Request for the name of a new team, of `least` to `most` characters. `again`: the previous text was no valid
    name."""

    least: int
    most: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class TeamCapAsked(Message):
    """Request for a member's monthly limit in `currency`; `name` is the member's."""

    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class ActingFor(Message):
    """Answer after a change of account: the person acts for the team `name` now, or for themselves if it is empty."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class TeamInviteAsked(Message):
    """Question to the owner: what the person who is invited may do."""

    team: int
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class TeamInviteLink(Message):
    """Invitation link for one person, valid until the moment `until`."""

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
    """Answer to the owner: `count` unused invitations were ended."""

    team: int
    count: int


@dataclass(frozen=True, slots=True)
class TeamInvited(Message):
    """Offer to join a team, shown to a person who opened an invitation link; `token` goes into its button."""

    name: str
    by: str
    role: str
    cap: int | None
    currency: str
    token: str


@dataclass(frozen=True, slots=True)
class TeamJoined(Message):
    """Answer to a person who joined a team."""

    name: str
    role: str
    cap: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class TeamNews(Message):
    """Notice to owners, and to the member concerned, about a change in a team.

    `what`: joined, left, removed, role, cap, owner, closed. `who` did it or is concerned; `you`: the reader is
    concerned."""

    what: str
    name: str
    who: str
    you: bool = False
    role: str = ""
    cap: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class TeamLeaveAsked(Message):
    """Confirmation asked before a step that cannot be undone. `what`: leave, remove, own (hand over the ownership),
    close."""

    what: str
    team: int
    name: str
    member: int
    who: str


InvitationId = NewType("InvitationId", int)
TeamNumber = NewType("TeamNumber", int)  # as buttons carry it; 0 is the person's own account
OWN_ACCOUNT = TeamNumber(0)

TEAM_PREFIX = "team-"  # before the number by which admins name a team, and before the token of an invitation's link
MIN_NAME_CHARS, MAX_NAME_CHARS = 2, 60  # characters of a name
MAX_MEMBERS = 30  # and invitations that wait, of one team
MAX_OWNED_TEAMS = 5  # of one owner
INVITATION_LIFETIME = 7 * DAY  # an invitation
CAP_PRESETS = (Millionths(50_000_000), Millionths(200_000_000), Millionths(1_000_000_000))  # a month, as buttons


class TeamRole(StrEnum):
    OWNER = "owner"
    SPENDER = "spender"
    VIEWER = "viewer"


class Right(StrEnum):
    """Right that an act for a team needs; each includes those before it."""

    LOOK = "look"  # read, review answers, answer questions
    SPEND = "spend"  # all that makes or changes projects and moves money
    OWN = "own"  # whom invoices name


class Hears(StrEnum):
    """Choice of a member: which of the bot's messages to the team also reach them."""

    ALL = "all"
    OWN = "own"  # about projects they made or launched
    NONE = "none"


RIGHTS = {TeamRole.VIEWER: (Right.LOOK,), TeamRole.SPENDER: (Right.LOOK, Right.SPEND), TeamRole.OWNER: tuple(Right)}
FIRST_HEARS = {TeamRole.VIEWER: Hears.NONE, TeamRole.SPENDER: Hears.OWN, TeamRole.OWNER: Hears.ALL}  # at first


@record
class Team:
    id: PersonId
    name: str
    made_at: Moment
    closed_at: Moment | None

    @property
    def number(self) -> int:
        return team_number_of(self.id)


@record
class Membership:
    """`cap`: the most this member may set aside in a calendar month of UTC, in `currency`; None for no limit."""

    team: PersonId
    member: PersonId
    role: TeamRole
    cap: Millionths | None
    currency: str
    hears: Hears
    joined_at: Moment

    def may(self, right: Right) -> bool:
        """Return whether the member's role includes this right."""
        return right in RIGHTS[self.role]

    @property
    def limit(self) -> Millionths | None:
        """Return the member's monthly cap; None for no limit, which an owner always has."""
        return None if self.role is TeamRole.OWNER else self.cap


@record
class Invitation:
    """An invitation link for one person: the first who uses it joins."""

    id: InvitationId
    team: PersonId
    role: TeamRole
    cap: Millionths | None
    currency: str
    made_by: PersonId
    until: Moment
    used_by: PersonId | None
    ended_at: Moment | None

    def is_open(self, now: Moment) -> bool:
        """Return whether the invitation can be used: neither used, nor ended, nor too old."""
        return self.used_by is None and self.ended_at is None and now < self.until


def is_team(person: int) -> bool:
    return person < 0


def team_number_of(team: int) -> int:
    """Return the number by which people name a team."""
    return -team


def left_of_cap(cap: Millionths | None, spent: int) -> Millionths | None:
    """Return what is left of a monthly cap, at least 0; None if there is no cap."""
    return None if cap is None else Millionths(max(0, cap - spent))


def read_name(text: str) -> str | None:
    """Return the typed team name with single spaces, or None if it is no valid name."""
    name = " ".join(text.split())
    fits = (
        MIN_NAME_CHARS <= len(name) <= MAX_NAME_CHARS
        and any(sign.isalpha() for sign in name)
        and not name.startswith("/")
    )
    return name if fits and name.isprintable() else None
