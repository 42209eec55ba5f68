"""Pseudonyms of workers: one worker has one name for a requester, and another one for every other requester."""

import hashlib
import hmac
from base64 import b32encode


def pseudonym(secret: bytes, requester: int, worker: int) -> str:
    """The same worker under the same requester, and nowhere else."""
    digest = hmac.digest(secret, f"{requester}:{worker}".encode(), hashlib.sha256)
    return "w" + b32encode(digest[:6]).decode().rstrip("=").lower()
