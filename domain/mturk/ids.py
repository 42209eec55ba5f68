"""Ids as Mechanical Turk's: letters and digits that tell nothing and that nobody can guess, and that need no table.

A number is hidden under a keyed hash which also proves it: ids of another kind, of another house or made up lead
nowhere. A worker's id is another one for every requester.
"""

import hashlib
import hmac
from base64 import b32decode, b32encode
from enum import StrEnum

LONG, SHORT = (8, 10), (5, 5)  # bytes of the number, and of its proof
PAD = {0: "", 2: "======", 4: "====", 5: "===", 7: "="}


class Kind(StrEnum):
    """What an id is of."""

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


def id_of(secret: bytes, kind: Kind, number: int) -> str:
    """30 characters, the first a 3."""
    return "3" + _sealed(secret, kind, number, LONG)


def number_in(secret: bytes, kind: Kind, text: str) -> int | None:
    """None for what is no id of this kind."""
    return _opened(secret, kind, text[1:], LONG) if text[:1] == "3" else None


def page_token(secret: bytes, requester: int, kind: Kind, last: int) -> str:
    """Of the page after this number. A worker's tells another requester no more than a worker's id does."""
    return "3" + _sealed(secret, f"page:{requester}:{kind}", last, LONG)


def page_in(secret: bytes, requester: int, kind: Kind, text: str) -> int | None:
    return _opened(secret, f"page:{requester}:{kind}", text[1:], LONG) if text[:1] == "3" else None


def worker_id(secret: bytes, requester: int, worker: int) -> str:
    """Constant for a requester; another requester's says nothing about it."""
    return "A" + _sealed(secret, f"worker:{requester}", worker, SHORT)


def customer_id(secret: bytes, requester: int) -> str:
    """A requester's own. A team's number is negative, and its id is none of its workers'."""
    if requester > 0:
        return worker_id(secret, requester, requester)
    return "A" + _sealed(secret, f"team:{requester}", -requester, SHORT)


def worker_in(secret: bytes, requester: int, text: str) -> int | None:
    return _opened(secret, f"worker:{requester}", text[1:], SHORT) if text[:1] == "A" else None


def _sealed(secret: bytes, kind: str, number: int, sizes: tuple[int, int]) -> str:
    """The proof, and the number under a mask that hangs on it."""
    size, length = sizes
    plain = number.to_bytes(size, "big")
    proof = _hash(secret, f"{kind}|proof", plain)[:length]
    return b32encode(proof + _masked(secret, kind, proof, plain)).decode().rstrip("=")


def _opened(secret: bytes, kind: str, text: str, sizes: tuple[int, int]) -> int | None:
    size, length = sizes
    try:
        sealed = b32decode(text + PAD[len(text) % 8])
    except (KeyError, ValueError):
        return None
    if len(sealed) != size + length:
        return None
    proof = sealed[:length]
    plain = _masked(secret, kind, proof, sealed[length:])
    expected = _hash(secret, f"{kind}|proof", plain)[:length]
    return int.from_bytes(plain, "big") if hmac.compare_digest(expected, proof) else None


def _masked(secret: bytes, kind: str, proof: bytes, data: bytes) -> bytes:
    mask = _hash(secret, f"{kind}|mask", proof)
    return bytes(one ^ other for one, other in zip(data, mask, strict=False))


def _hash(secret: bytes, about: str, data: bytes) -> bytes:
    return hmac.digest(secret, about.encode() + b"\0" + data, hashlib.sha256)
