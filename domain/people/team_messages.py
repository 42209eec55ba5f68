"""Messages about teams; `team` is a team's number."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment


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
