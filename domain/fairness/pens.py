"""Pens: what lets a worker write on one board for one month under a name that nobody else can join to them.

A pen is a random number with its month, authenticated by the installation's secret. It is made for a person who asks,
handed over, and not kept: the button of a message carries it. What is stored is that this person has taken a pen of
this board this month, and under each post the hash of the random number. Nothing stored leads from one to the other.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass

from domain.moments import Moment, as_datetime

NONCE, MAC = 9, 7  # bytes; a pen has 24 characters on the wire
SIZE = 2 + NONCE + MAC
FACES = (
    "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆🦉🐺🐗🐴🐝🐛🦋🐌🐞🐜🐢🐍🦎🐙🦑🦐🦀"
    "🐡🐠🐬🐳🐊🐆🦓🐘🦏🐪🦒🐂🐎🐖🐏🐐🦌🐕🐈🐓🦃🦚🦜🦢🐇🦝🦨🦡🦫🦦🦥🐿"
)
THINGS = (
    "🌵🎄🌲🌳🌴🌱🌿🍀🎋🍁🍄🌾💐🌷🌹🌺🌸🌼🌻🌙🌍⚡🔥🌈☀⛅🌊🍏🍐🍊🍋🍌"
    "🍉🍇🍓🍒🍑🍍🥝🍅🥑🥦🌽🥕🥔🥐🥖🧀🥚🥞🍕🥪🌮🥗🍿🍩🍪🥜☕🍵⚓🎈🎸🎲"
)


@dataclass(frozen=True, slots=True)
class Pen:
    """`month` counts months since year 0; `author` is what its posts are kept under, 24 hexadecimal digits."""

    month: int
    author: str


def tag_of(until: Moment) -> str:
    """Return the hashtag of the month that ends at `until`: a tap on it finds the messages of that month's pens in the
    chat. Nobody else can find them by it."""
    return f"#pen{as_datetime(Moment(until - 1)):%Y%m}"


def month_number(now: Moment) -> int:
    day = as_datetime(now)
    return day.year * 12 + day.month - 1


def mint(secret: bytes, scope: str, month: int, nonce: bytes) -> str:
    """A pen as a button carries it; `scope` names what it is for."""
    body = month.to_bytes(2, "big") + nonce
    return urlsafe_b64encode(body + _mac(secret, scope, body)).decode()


def read(secret: bytes, scope: str, text: str) -> Pen | None:
    """None for what was never minted for this scope."""
    try:
        raw = urlsafe_b64decode(text.encode())
    except (Error, ValueError):
        return None
    body, mac = raw[: 2 + NONCE], raw[2 + NONCE :]
    if len(raw) != SIZE or not hmac.compare_digest(mac, _mac(secret, scope, body)):
        return None
    author = hashlib.sha256(f"author {scope}\n".encode() + body).hexdigest()[:24]
    return Pen(int.from_bytes(body[:2], "big"), author)


def name_of(author: str) -> str:
    """The name others see: two pictures and a number. Another one each month and on each board."""
    number = int(author[:12], 16)
    face, thing = FACES[number % len(FACES)], THINGS[number // 100 % len(THINGS)]
    return f"{face}{thing} {10 + number // 10_000 % 90}"


def _mac(secret: bytes, scope: str, body: bytes) -> bytes:
    return hmac.digest(secret, f"pen {scope}\n".encode() + body, hashlib.sha256)[:MAC]
