"""Refusals of teams."""

from dataclasses import dataclass

from domain.refusals.refusal import Refusal


class TeamRefusal(Refusal):
    pass


@dataclass(eq=False)
class NotInTeam(TeamRefusal):
    """A member whose role does not allow it; `right` is look, spend or own."""

    team: str
    right: str


@dataclass(eq=False)
class TeamHalted(TeamRefusal):
    """An admin has stopped its owner, or taken the requester's role from them."""

    team: str


@dataclass(eq=False)
class CapReached(TeamRefusal):
    """More than is left of a member's monthly cap, in millionths of the currency."""

    needed: int
    cap: int
    spent: int
    left: int
    currency: str


@dataclass(eq=False)
class TooManyTeams(TeamRefusal):
    """`what` is teams of one owner, or members of one team."""

    what: str
    most: int


@dataclass(eq=False)
class InvitationOver(TeamRefusal):
    """No link of a team, or one that was used, ended or is too old. `why`: over, member, project."""

    why: str = "over"


@dataclass(eq=False)
class TeamOpen(TeamRefusal):
    """A team is closed once it has no money (`amount`) and no project under way (`running`). Where there are `ended`
    ones, it is they that hold the `amount`, until then as far as is known. `owed` is what ended ones still owe to
    workers."""

    amount: int
    currency: str
    running: int
    ended: int = 0
    until: int = 0
    owed: int = 0


class OwnAnswers(TeamRefusal):
    """A member does not decide about their own answers, and a team gives its members no bonus."""
