"""HIT types, HITs and assignments, and the states in which a program sees them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b32decode, b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NewType, TypeVar

from domain.moments import DAY, Moment
from domain.money.amounts import CENT, MAX_AMOUNT, UNIT, Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId, SubmissionId

INVALID = "InvalidParameterValue"
RANGE = "ParameterOutOfRange"
FUNDS = "InsufficientFunds"
HIT_STATE, ASSIGNMENT_STATE = "InvalidHITState", "InvalidAssignmentState"
NO_HIT, NO_TYPE, NO_ASSIGNMENT = "HITDoesNotExist", "HITTypeDoesNotExist", "AssignmentDoesNotExist"
NO_LAYOUT, NO_WORKER = "HITLayoutDoesNotExist", "WorkerDoesNotExist"
HIT_EXISTS, REPEATED = "HitAlreadyExists", "RequestAlreadyDone"
NO_QUALIFICATION_TYPE, NO_QUALIFICATION = "QualificationTypeDoesNotExist", "QualificationDoesNotExist"
NO_REQUEST, TYPE_EXISTS = "QualificationRequestDoesNotExist", "QualificationTypeAlreadyExists"
QUALIFICATION_STATE, REQUEST_STATE = "InvalidQualificationState", "InvalidQualificationRequestState"
XML, XHTML = "XMLParseError", "XHTMLParseError"
TRANSPORT = "InvalidTransportEndpoint"
UNFIT = "ParameterValidationError"  # Amazon's word for a value inside of a Question
DENIED, INCREASE = "PermissionDeniedException", "InvalidMaximumAssignmentsIncrease"


class RequestError(Exception):
    """`message` is a contract, not a text of ours: programs match it. It undoes its transaction."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message

    @property
    def kind(self) -> str:
        """The error's name for programs."""
        return UNFIT if self.code == UNFIT else "RequestError"

    @property
    def turk_code(self) -> str:
        """`AWS.MechanicalTurk.HITDoesNotExist`; what is out of range has a shorter name."""
        return f"AWS.{self.code}" if self.code == RANGE else f"AWS.MechanicalTurk.{self.code}"


HitTypeId = NewType("HitTypeId", int)
HitId = NewType("HitId", int)

SHORTEST_TIME, LONGEST_TIME = 30, 31_536_000  # seconds, of a lifetime and of an assignment
LONGEST_DELAY = 2_592_000
KEPT = 120 * DAY  # a HIT, after its end
MOST_ASSIGNMENTS = 1_000_000_000
TEN = 10  # assignments, from which on a HIT is of another price at Amazon's: no extension leads there
TITLE, DESCRIPTION, KEYWORDS, ANNOTATION = 128, 2_000, 1_000, 255  # characters


class HitStatus(StrEnum):
    ASSIGNABLE = "Assignable"
    UNASSIGNABLE = "Unassignable"
    REVIEWABLE = "Reviewable"
    REVIEWING = "Reviewing"
    DISPOSED = "Disposed"


class AssignmentStatus(StrEnum):
    SUBMITTED = "Submitted"
    APPROVED = "Approved"
    REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class Shape:
    """Values that all HITs of one type share. Durations are in seconds; `requirements` are QualificationRequirements as
    the program sent them."""

    title: str
    description: str
    keywords: str
    reward: Millionths
    duration: int
    approval: int
    requirements: tuple[Mapping[str, Any], ...]

    @property
    def single_line_title(self) -> str:
        """The title in one line, for the chat; programs read the title as they sent it."""
        return " ".join(self.title.split())


@dataclass(frozen=True, slots=True)
class HitType:
    id: HitTypeId
    requester: PersonId
    shape: Shape
    project: ProjectId | None


@dataclass(frozen=True, slots=True)
class Hit:
    """`overlap` is how many answers are asked for; `free` places can be given out, `active` ones are in hands."""

    id: HitId
    requester: PersonId
    type: HitTypeId
    task: TaskId
    project: ProjectId
    question: str
    annotation: str | None
    created_at: Moment
    expires_at: Moment
    open: bool
    reviewing: bool
    disposed_at: Moment | None
    overlap: int
    free: int
    active: int
    submitted: int
    decided: int
    shape: Shape

    @property
    def status(self) -> HitStatus:
        if self.disposed_at is not None:
            return HitStatus.DISPOSED
        if self.reviewing:
            return HitStatus.REVIEWING
        if self.free:
            return HitStatus.ASSIGNABLE
        return HitStatus.UNASSIGNABLE if self.active else HitStatus.REVIEWABLE


@dataclass(frozen=True, slots=True)
class TurkAssignment:
    """A submitted answer. `answer` is None if the requester may not read it (rejected, or its worker took the consent
    back); `auto_approval` is when it is, or would have been, approved without a decision; `decided_at` is None without
    a decision."""

    submission: SubmissionId
    assignment: AssignmentId
    worker: PersonId
    hit: HitId
    answer: str | None
    state: str
    held_until: Moment | None
    accepted_at: Moment
    deadline: Moment
    submitted_at: Moment
    decided_at: Moment | None
    feedback: str | None
    auto_approval: Moment

    def status(self, now: Moment) -> AssignmentStatus:
        """Status that programs see. An answer whose time for a decision is over counts as approved at once, before a
        sweep notes it."""
        if self.state == "rejected":
            return AssignmentStatus.REJECTED
        waits = self.state == "submitted" and self.held_until is not None and self.held_until > now
        return AssignmentStatus.SUBMITTED if waits else AssignmentStatus.APPROVED


@dataclass(frozen=True, slots=True)
class BonusPayment:
    number: int
    worker: PersonId
    assignment: AssignmentId
    amount: Millionths
    reason: str
    at: Moment


LONG, SHORT = (8, 10), (5, 5)  # bytes of the number, and of its proof
PAD = {0: "", 2: "======", 4: "====", 5: "===", 7: "="}


class IdKind(StrEnum):
    """Kind of row that an id names."""

    HIT = "hit"
    TYPE = "hit type"
    GROUP = "hit group"
    ASSIGNMENT = "assignment"
    BONUS = "bonus"
    LAYOUT = "layout"
    WORKER = "worker"
    PAGE = "page of an assignment"
    PREVIEW = "page for an admin"
    QUALIFICATION_TYPE = "qualification type"
    QUALIFICATION_REQUEST = "qualification request"
    REVIEW_ACTION = "review action"


def encode_id(secret: bytes, kind: IdKind, number: int) -> str:
    """Return the public id of a row: 30 characters that begin with 3 and cannot be guessed without the secret."""
    return "3" + _seal(secret, kind, number, LONG)


def decode_id(secret: bytes, kind: IdKind, text: str) -> int | None:
    """Return the row number in a public id, or None if the text is no id of this kind."""
    return _unseal(secret, kind, text[1:], LONG) if text[:1] == "3" else None


def encode_page_token(secret: bytes, requester: int, kind: IdKind, last: int) -> str:
    """Return the NextToken for the page behind row `last`. It is bound to the requester, so that another requester
    learns nothing from it."""
    return "3" + _seal(secret, f"page:{requester}:{kind}", last, LONG)


def decode_page_token(secret: bytes, requester: int, kind: IdKind, text: str) -> int | None:
    """Return the row number in a NextToken, or None if the text is no token of this requester and list."""
    return _unseal(secret, f"page:{requester}:{kind}", text[1:], LONG) if text[:1] == "3" else None


def encode_worker_id(secret: bytes, requester: int, worker: int) -> str:
    """Return the id under which a requester knows a worker: constant for this requester, different for every other."""
    return "A" + _seal(secret, f"worker:{requester}", worker, SHORT)


def encode_customer_id(secret: bytes, requester: int) -> str:
    """Return the requester's own id. A team's number is negative; its id never equals a worker's."""
    if requester > 0:
        return encode_worker_id(secret, requester, requester)
    return "A" + _seal(secret, f"team:{requester}", -requester, SHORT)


def decode_worker_id(secret: bytes, requester: int, text: str) -> int | None:
    """Return the worker's number in an id that this requester knows, or None if the text is no such id."""
    return _unseal(secret, f"worker:{requester}", text[1:], SHORT) if text[:1] == "A" else None


def _seal(secret: bytes, kind: str, number: int, sizes: tuple[int, int]) -> str:
    """Return the number, masked, behind a proof of it, in base 32."""
    size, length = sizes
    plain = number.to_bytes(size, "big")
    proof = _hash(secret, f"{kind}|proof", plain)[:length]
    return b32encode(proof + _apply_mask(secret, kind, proof, plain)).decode().rstrip("=")


def _unseal(secret: bytes, kind: str, text: str, sizes: tuple[int, int]) -> int | None:
    """Return the number in a sealed text, or None if the text is malformed or its proof is wrong."""
    size, length = sizes
    try:
        sealed = b32decode(text + PAD[len(text) % 8])
    except (KeyError, ValueError):
        return None
    if len(sealed) != size + length:
        return None
    proof = sealed[:length]
    plain = _apply_mask(secret, kind, proof, sealed[length:])
    expected = _hash(secret, f"{kind}|proof", plain)[:length]
    return int.from_bytes(plain, "big") if hmac.compare_digest(expected, proof) else None


def _apply_mask(secret: bytes, kind: str, proof: bytes, data: bytes) -> bytes:
    mask = _hash(secret, f"{kind}|mask", proof)
    return bytes(data_byte ^ mask_byte for data_byte, mask_byte in zip(data, mask, strict=False))


def _hash(secret: bytes, purpose: str, data: bytes) -> bytes:
    return hmac.digest(secret, purpose.encode() + b"\0" + data, hashlib.sha256)


_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{0,2}))?")


def format_amount(amount: int) -> str:
    """Return an amount as dollars and cents, rounded down."""
    cents = max(0, amount) // CENT
    return f"{cents // 100}.{cents % 100:02}"


def parse_amount(text: str) -> Millionths | None:
    """Return the amount in a text such as `1`, `1.`, `0.5` or `0.05`; None for any other text or an amount over
    MAX_AMOUNT."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    amount = int(match[1]) * UNIT + int((match[2] or "").ljust(2, "0")) * CENT
    return Millionths(amount) if amount <= MAX_AMOUNT else None


MAX_BYTES, MAX_ENTRIES = 64 << 10, 500  # of a document; of entries in localStorage, and of cookies
EMPTY = '{"local":{},"cookies":{}}'


def read_document(text: str) -> str:
    """Return the document in one spelling, or "" where it stores nothing. Raise ValueError where it is none: `local`
    maps keys to values, `cookies` names to a value and the time at which it expires (milliseconds, 0: with none)."""
    document = json.loads(text)
    if not isinstance(document, dict) or document.keys() != {"local", "cookies"}:
        raise ValueError("expected local and cookies")
    local, cookies = document["local"], document["cookies"]
    if not isinstance(local, dict) or not all(isinstance(value, str) for value in local.values()):
        raise ValueError("local maps keys to texts")
    if not isinstance(cookies, dict) or not all(_is_cookie(cookie) for cookie in cookies.values()):
        raise ValueError("cookies map names to a text and a number")
    canonical_text = json.dumps({"local": local, "cookies": cookies}, ensure_ascii=False, separators=(",", ":"))
    if max(len(local), len(cookies)) > MAX_ENTRIES or len(canonical_text.encode()) > MAX_BYTES:
        raise ValueError("too much")
    return canonical_text if local or cookies else ""


def _is_cookie(cookie: object) -> bool:
    if not isinstance(cookie, list) or len(cookie) != 2:
        return False
    value, expires = cookie
    return isinstance(value, str) and isinstance(expires, int | float) and not isinstance(expires, bool)


T = TypeVar("T")
NEWEST = 1 << 62  # before every row, where the newest come first
USUAL = 10  # rows where a program asks for no number


@dataclass(frozen=True, slots=True)
class HitPage(Generic[T]):
    """`last` is the number of the last row, behind which the next page begins; 0 on an empty page."""

    rows: Sequence[T]
    last: int = 0
