"""Encryption at rest, for what must stay readable: secrets of programs, later tax data. The key is not in the database.

Fernet (AES-128-CBC with HMAC-SHA-256) under keys derived from SECRETS_KEY. The first key encrypts, all of them decrypt:
a new key is put before the old one, and `again` moves what was encrypted under an older one.
"""

import base64
from collections.abc import Iterable
from functools import cached_property

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST = 16  # characters of a key
INFO, PRINT = b"pouce secrets 1", b"pouce key print 1"


class Undecipherable(Exception):
    """None of the keys opens it."""


class Encryption:
    """False without keys: then nothing can be encrypted, and what needs it says so."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._keys = tuple(keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def encrypt(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, sealed: str) -> str:
        """Raises Undecipherable."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except (InvalidToken, ValueError):
            raise Undecipherable from None

    def again(self, sealed: str) -> str:
        """The same secret under the newest key. Raises Undecipherable."""
        return self.encrypt(self.decrypt(sealed))

    @cached_property
    def key_print(self) -> str:
        """Names the newest key and tells nothing of it; empty without one."""
        return HKDF(SHA256(), 8, salt=None, info=PRINT).derive(self._keys[0].encode()).hex() if self._keys else ""

    @cached_property
    def _fernet(self) -> MultiFernet:
        """ValueError without a key."""
        return MultiFernet([Fernet(_derived(key)) for key in self._keys])


def _derived(key: str) -> bytes:
    """HKDF: any long random text is a key."""
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=INFO).derive(key.encode()))
