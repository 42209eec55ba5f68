"""The leaves of a part of a bank's message, by their path; and what banks call our payments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.money.amounts import CENT
from domain.money.bank_lines import BankLine

SAID = 140  # characters of what the bank says
MOST = 500  # entries of a message, and transactions of an entry
Path = Sequence[str]
Fields = dict[str, list[str]]
_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{1,2})0*)?")
_PAYOUT = re.compile(r"PAYOUT-([1-9]\d{0,14})")
_FILE = re.compile(r"FILE-([1-9]\d{0,14})(?:-1)?")


class StatementFlaw(Exception):
    """`why`: size, xml, csv, kind, many, mapping or column; `what` is the line, word or column at fault."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why, what)
        self.why = why
        self.what = what


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """The bank has `paid` a payout, or has not, or no longer (`code` and `said` are its reason, ISO 20022's external
    codes; `general`: of the whole file, not of the payment); a whole bank `file` where no `payout` is named, without
    those `apart`, which the message names one by one. `channel` is the way the payment went. `amount` is 0 and
    `account`, the payer's IBAN, is empty where the bank names none. `line` is the money that moved with it; None of a
    report, which moves none."""

    payout: int | None
    file: int | None
    paid: bool
    amount: int = 0
    currency: str = ""
    account: str = ""
    code: str = ""
    said: str = ""
    channel: str = "sepa"
    apart: frozenset[int] = frozenset()
    general: bool = False
    line: BankLine | None = None


def put(into: Fields, path: Path, words: str) -> None:
    into.setdefault("/".join(path), []).append(words[: 2 * SAID])


def first(fields: Fields, *paths: str) -> str:
    return next((fields[path][0] for path in paths if fields.get(path)), "")


def amount_in(text: str) -> int:
    """Whole cents, in millionths; 0 for anything else."""
    match = _AMOUNT.fullmatch(text)
    return (int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))) * CENT if match and text.isascii() else 0


def payout_in(text: str) -> int | None:
    """The payout whose EndToEndId this is."""
    match = _PAYOUT.fullmatch(text.strip())
    return int(match[1]) if match and text.isascii() else None


def file_in(*texts: str) -> int | None:
    """The bank file whose MsgId or PmtInfId one of them is."""
    matches = (_FILE.fullmatch(text.strip()) for text in texts if text.isascii())
    return next((int(match[1]) for match in matches if match), None)
