"""Requests for the requester's role, and admins' invitations to it: limits and messages."""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from domain.fairness.board import clean_text
from domain.messages import Message
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId

RoleRequestId = NewType("RoleRequestId", int)

MIN_REQUEST_CHARS, MAX_REQUEST_CHARS = 20, 1_000  # of a request's words
DECISION_PERIOD = 14 * DAY  # after it an undecided request is refused, and may be made again
MAX_REQUESTS, REQUESTS_PERIOD = 3, 30 * DAY  # of one person within this time
MAX_SHOWN_REQUESTS = 20  # that admins are told of at a time: others wait until some are decided
INVITATION_LIFETIME, MAX_INVITED = 30 * DAY, 100  # of a link; people whom one link lets in
TOKEN_PREFIX, TOKEN_BYTES = "give-", 18  # of a link; 144 bits cannot be guessed
_CONTACT = re.compile(r"@\w|(?:\d[\s()./-]*){7}|://|\bwww\.")
_USERNAME = re.compile(r"@[A-Za-z0-9_]{4,32}")


class RoleRequestState(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody decided in time


@dataclass(frozen=True, slots=True)
class RoleRequest:
    id: RoleRequestId
    person: PersonId
    words: str
    state: RoleRequestState
    due_at: Moment
    decided_by: PersonId | None


def parse_request(text: str) -> str | None:
    """Return the words of a request in one line; None if they are too short or too long."""
    line = " ".join(clean_text(text.replace("\0", "")).split())
    return line if MIN_REQUEST_CHARS <= len(line) <= MAX_REQUEST_CHARS else None


def has_contact(words: str) -> bool:
    """Return whether an e-mail address, a @username, a telephone number or a web page is among the words."""
    return _CONTACT.search(words) is not None


def is_username(text: str) -> bool:
    """Return whether a text can be the @username of somebody in Telegram."""
    return _USERNAME.fullmatch(text) is not None


def is_role_invitation(token: str) -> bool:
    """Return whether the token of a link to the bot invites to the requester's role."""
    return token.startswith(TOKEN_PREFIX)


def hash_invitation(token: str) -> str:
    """Return the SHA-256 of an invitation's token in hex, as it is stored."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RoleRequestWanted(Message):
    """Asks the person for the words of their request; `contact`: only for how to reach them, which was missing."""

    contact: bool = False


@dataclass(frozen=True, slots=True)
class RoleRequestPreview(Message):
    """Shows the words before they are sent; sending them accepts the terms."""

    words: str


@dataclass(frozen=True, slots=True)
class RoleRequestSent(Message):
    """Notice to the person: admins decide by `due`."""

    due: Moment


@dataclass(frozen=True, slots=True)
class RoleRequestRefused(Message):
    """Notice to the person; `reason` is empty if nobody decided in time."""

    reason: str


@dataclass(frozen=True, slots=True)
class RoleRequestToDecide(Message):
    """Case for an admin. `refused_before`: the reason of the person's last refusal; `barred`: an admin took the role
    from them; `suspended`: an admin stopped them."""

    request: RoleRequestId
    who: str
    words: str
    due: Moment
    refused_before: str = ""
    barred: bool = False
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class NoRoleRequests(Message):
    """Reply to an admin: no request waits for them."""


@dataclass(frozen=True, slots=True)
class RoleRefusalReasonWanted(Message):
    """Asks the admin for the reason, which the person reads."""

    who: str


@dataclass(frozen=True, slots=True)
class RoleInviteLink(Message):
    """Link for an admin to hand out: it lets in `people` people until `until`."""

    link: str
    people: int
    until: Moment
