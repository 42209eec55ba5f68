"""What the value of a variable has to be: each reader returns it in its usual form, or raises ValueError."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel.core import get_global
from babel.numbers import get_territory_currencies
from stdnum import bic as codes

from domain.money.wage_floors import COUNTRIES
from formats.bank.iban import IbanProblem, read_iban
from services.encryption import SHORTEST
from storage.drivers.dialects import dialect_of

MOST_ID = 2**52 - 1  # Telegram's ids have at most 52 bits
# By ISO 4217: no minor unit, or thousandths.
_WITHOUT_HUNDREDTHS = re.compile(
    "BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF|BHD|IQD|JOD|KWD|LYD|OMR|TND"
)
_BLANK = re.compile(r"\s")
_NAME = re.compile(r"(?!-)(?=.*[A-Za-z])[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")  # of a host


def ids(value: Any) -> Any:
    return parts(value) if isinstance(value, str) else value


def address(value: str) -> str:
    found = urlsplit(value)
    if value and (found.scheme not in ("http", "https") or not found.hostname or _BLANK.search(value)):
        raise ValueError
    if found.port == 0:  # asking for one that is no port raises ValueError, too
        raise ValueError
    return value.rstrip("/")


def https(value: str) -> str:
    """What others reach goes over TLS; http only where the address is this machine. Paths are put behind it."""
    if "?" in value or "#" in value:
        raise ValueError
    if value and urlsplit(address(value)).scheme == "http" and not is_loopback(urlsplit(value).hostname or ""):
        raise ValueError
    return address(value)


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def database(value: str) -> str:
    dialect_of(value)
    return value


def currency(value: str) -> str:
    """Legal tender somewhere today: no metal, no unit of accounts, no test code, none that has ended. It has
    hundredths: a payout is in whole ones."""
    if _WITHOUT_HUNDREDTHS.fullmatch(value) or not any(
        value in get_territory_currencies(territory) for territory in get_global("territory_currencies")
    ):
        raise ValueError
    return value


def host(value: str) -> str:
    if _NAME.fullmatch(value) is None:
        ip_address(value)
    return value


def in_address(host: str) -> str:
    """As it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def certificates(value: str) -> str:
    if value and not Path(value).is_file():
        raise ValueError
    return value


def country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError
    return value


def iban(value: str) -> str:
    try:
        return read_iban(value) if value else value
    except IbanProblem:
        raise ValueError from None


def bic(value: str) -> str:
    if value and not codes.is_valid(value):
        raise ValueError
    return codes.compact(value)


def keys(value: str) -> str:
    if any(len(key) < SHORTEST for key in parts(value)):
        raise ValueError
    return value


def parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
