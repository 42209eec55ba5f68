"""Teams; `team` is its number."""

from handlers.payloads.payload import Number, Payload, Words


class ShowTeams(Payload, code="tma"):
    pass


class JoinByCode(Payload):
    """`/team join CODE`."""

    action: str
    token: Words = ""


class JoinTeam(Payload, code="tmj"):
    """`token` is that of the link."""

    token: str


class ActForTeam(Payload, code="tmf"):
    """0: for oneself."""

    team: Number


class MakeTeam(Payload, code="tmn"):
    pass


class ShowTeam(Payload, code="tms"):
    team: Number


class HearTeam(Payload, code="tmh"):
    team: Number
    what: str


class AskToInvite(Payload, code="tmi"):
    team: Number


class InviteToTeam(Payload, code="tml"):
    """A cap of 0 is no limit."""

    team: Number
    role: str
    cap: Number


class EndTeamInvites(Payload, code="tme"):
    team: Number


class ShowMember(Payload, code="tmm"):
    team: Number
    member: Number


class SetMemberRole(Payload, code="tmr"):
    team: Number
    member: Number
    role: str


class SetMemberCap(Payload, code="tmc"):
    """A cap of 0 is no limit."""

    team: Number
    member: Number
    cap: Number


class AskMemberCap(Payload, code="tmk"):
    team: Number
    member: Number


class RemoveMember(Payload, code="tmx"):
    team: Number
    member: Number
    sure: bool


class HandOverTeam(Payload, code="tmo"):
    team: Number
    member: Number
    sure: bool


class LeaveTeam(Payload, code="tmq"):
    team: Number
    sure: bool


class CloseTeam(Payload, code="tmz"):
    team: Number
    sure: bool
