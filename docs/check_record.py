"""Checks a Pouce record of work: python check_record.py FILE PUBLIC_KEY

FILE is the record as it was sent (JSON), or what its QR code holds. PUBLIC_KEY is the house's, in base64: ask
the house, or read /record-key at its address; never take it from the file. Needs: pip install cryptography
"""

import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def check(text: str, public_key: str) -> dict:
    """The record; InvalidSignature or ValueError where the house with this key did not sign it."""
    found = json.loads(text)
    if set(found) != {"record", "signature"} or found["record"].get("format") != "pouce-record-1":
        raise ValueError("no record of work")
    covered = json.dumps(found["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    key.verify(base64.b64decode(found["signature"], validate=True), covered)
    return found["record"]


if __name__ == "__main__":
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            record = check(file.read(), sys.argv[2])
    except (InvalidSignature, ValueError, AttributeError, TypeError, KeyError) as problem:
        sys.exit(f"NOT VALID: {problem or 'the signature is not of this key over this record'}")
    print("VALID\n" + json.dumps(record, indent=2, ensure_ascii=False))
