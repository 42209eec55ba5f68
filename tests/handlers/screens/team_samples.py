"""Messages of teams, and what a team refuses."""

from typing import Any

from domain.messages import Message
from domain.moments import Moment
from domain.people.teams import (
    MAX_MEMBERS,
    MAX_NAME_CHARS,
    MIN_NAME_CHARS,
    ActingFor,
    TeamAccounts,
    TeamCard,
    TeamInvited,
    TeamInviteLink,
    TeamJoined,
    TeamLeaveAsked,
    TeamListed,
    TeamMember,
    TeamMemberCard,
    TeamNameAsked,
    TeamNews,
)

NAME, ANNA = "Atelier <Martin> & filles, traduction assermentée de Lyon", "Anna-Maria <b> Müller"
TOKEN = "team-abcdefghijklmnopqrstuv"
CAP, DAY = 200_000_000, Moment(1_800_000_000_000)
OWNER, BEN = TeamMember(1, ANNA, "owner", None, 12_000_000), TeamMember(2, "Ben", "spender", CAP, 1_100_000)
VERA, ZOE = TeamMember(3, "Vera", "viewer", None, 0), TeamMember(4, "Zoé", "spender", None, 0)
MAY = (("viewer", None), ("spender", None), ("spender", CAP))

MESSAGES: tuple[Message, ...] = (
    TeamAccounts((), True, True, True),
    TeamAccounts((TeamListed(1, NAME, "owner", True), TeamListed(2, "Lab", "viewer", False)), False, True, True),
    TeamAccounts((TeamListed(2, "Lab", "viewer", True),), False, False, False),
    ActingFor(""),
    ActingFor(NAME, "owner"),
    TeamNameAsked(MIN_NAME_CHARS, MAX_NAME_CHARS),
    TeamNameAsked(MIN_NAME_CHARS, MAX_NAME_CHARS, again=True),
    TeamCard(1, NAME, "owner", 1, (OWNER, BEN, VERA, ZOE), 100_000_000, "EUR", "all", 2, True),
    TeamCard(1, NAME, "owner", 1, (OWNER,), 0, "EUR", "own", 0, False),
    TeamCard(1, NAME, "spender", 2, (OWNER, BEN), 100_000_000, "EUR", "own", 0, True),
    TeamCard(1, NAME, "viewer", 3, (OWNER, VERA), 100_000_000, "EUR", "none", 0, True),
    *(TeamMemberCard(1, NAME, 2, "Ben", role, cap, 1_100_000, "EUR") for role, cap in MAY),
    *(TeamInviteLink(1, NAME, f"https://t.me/b?start={TOKEN}", TOKEN, role, cap, "EUR", DAY) for role, cap in MAY),
    *(TeamInvited(NAME, ANNA, role, cap, "EUR", TOKEN) for role, cap in MAY),
    *(TeamJoined(NAME, role, cap, "EUR") for role, cap in MAY),
    *(TeamLeaveAsked(what, 1, NAME, 2, "Ben") for what in ("leave", "remove", "own", "close")),
    *(TeamNews(what, NAME, ANNA, you=True) for what in ("left", "removed", "owner", "closed")),
    *(TeamNews("role", NAME, "", you=True, role=role) for role in ("viewer", "spender")),
    *(TeamNews("cap", NAME, "", you=True, cap=cap, currency="EUR") for cap in (None, CAP)),
    *(TeamNews("joined", NAME, ANNA, role=role, cap=cap, currency="EUR") for role, cap in MAY),
    TeamNews("left", NAME, ANNA),
)
REFUSALS: dict[str, list[dict[str, Any]]] = {
    "refusals.CapReached": [
        {"needed": 1_100_000, "cap": 2_000_000, "spent": 1_100_000, "left": 900_000, "currency": "EUR"}
    ],
    "refusals.NotInTeam": [{"team": NAME, "right": right} for right in ("look", "spend", "own", "leave")],
    "refusals.TeamHalted": [{"team": NAME}],
    "refusals.TooManyTeams": [{"what": what, "most": MAX_MEMBERS} for what in ("teams", "members")],
    "refusals.InvitationOver": [{"why": why} for why in ("over", "member", "project")],
    "refusals.OwnAnswers": [{}],
    "refusals.TeamOpen": [
        {"amount": 5_000_000, "currency": "EUR", "running": 0},
        {"amount": 0, "currency": "", "running": 2},
        {"amount": 0, "currency": "EUR", "running": 0, "owed": 322_000},
        {"amount": 5_000_000, "currency": "EUR", "running": 1},
        {"amount": 5_000_000, "currency": "EUR", "running": 0, "ended": 1, "until": Moment(1_790_000_000_000)},
    ],
}
