"""A record of work as signed JSON: what a worker shows others, and others check without asking the house.

The signature (Ed25519) covers the record written as JSON with sorted keys, without spaces, in UTF-8. There are no
fractions in it but as text, so that every language writes the same bytes. docs/check_record.py is the other side.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "pouce-record-1"


def public_key(seed: bytes) -> str:
    """The public half of a key of 32 random bytes, in base64."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()).decode()


def fingerprint(key: str) -> str:
    """Sixteen signs by which people compare a public key."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]


def signed(record: dict[str, Any], seed: bytes) -> str:
    """One line of JSON: the record and its signature."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(canonical(record))
    return json.dumps(
        {"record": record, "signature": base64.b64encode(signature).decode()},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def canonical(record: dict[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
