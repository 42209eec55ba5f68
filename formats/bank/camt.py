"""A bank's statement (camt.053) or advice (camt.054), ISO 20022 → the money that came in.

Read as a stream: a document type, and so every entity of its own, is refused; size, depth and entries are bounded.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import BinaryIO
from xml.parsers import expat

from domain.money.amounts import CENT
from formats.bank.creditor_reference import person_in
from formats.tables.workbook import Attributes, Parser, blocks

LARGEST = 5 * 1024 * 1024  # bytes
DEEPEST = 40
MOST = 500  # entries
SAID = 140  # characters of what the bank says
TEXTS = 4  # of a credit that are searched for a reference
KINDS = ("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
PLACES = ("Stmt", "Ntfctn")
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.05[34]\.001\.\d\d")
_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{1,2})0*)?")
_LONE = re.compile(r"[^A-Za-z0-9]+")
_OWN = re.compile(r"(?=(RF\d\dPOUCE[1-9]\d{0,14}))")
Fields = dict[str, list[str]]


class StatementFlaw(Exception):
    """`why`: size, xml, kind or many."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit. `account` is the statement's IBAN, `number` the bank's own reference of it, empty where it has none
    that tells it from others; `person` is whose reference its payer gave. `flaw` is why it can't be booked, or empty:
    number, amount, reference, reversal."""

    account: str
    number: str
    amount: int
    currency: str
    payer: str
    said: str
    person: int | None
    flaw: str


class _Statement(Parser):
    """Collects the leaves of each entry by their path, those of its single transactions apart."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.account = ""
        self.entry: Fields = {}
        self.parts: list[Fields] = []
        self.inside: Fields | None = None
        self.credits: list[Credit] = []

    def start(self, name: str, given: Attributes) -> None:
        if not self.path and not (name == "Document" and any(map(_NAMESPACE.fullmatch, given.values()))):
            raise StatementFlaw("kind")
        self.path.append(name)
        if len(self.path) == 2 and name not in KINDS:
            raise StatementFlaw("kind")
        if len(self.path) > DEEPEST:
            raise StatementFlaw("xml")
        if len(self.path) == 3:
            self.account = ""
        if self.path[3:] == ["Ntry"]:
            self.entry, self.parts, self.inside = {}, [], None
        if self.path[3:] == ["Ntry", "NtryDtls", "TxDtls"]:
            self.inside = {}
            self.parts.append(self.inside)
        if name == "Amt":
            self._keep("Ccy", given.get("Ccy", ""))
        self.listen()

    def end(self, name: str) -> None:
        words = self.text().strip()
        if self.path[3:] == ["Acct", "Id", "IBAN"]:
            self.account = words
        if words:
            self._keep("", words)
        if self.path[3:] == ["Ntry", "NtryDtls", "TxDtls"]:
            self.inside = None
        if self.path[3:] == ["Ntry"] and self.path[2] in PLACES:
            self.credits += credits_of(self.account, self.entry, self.parts)
            self.entry, self.parts = {}, []
        if len(self.credits) > MOST or len(self.parts) > MOST:
            raise StatementFlaw("many")
        self.path.pop()

    def _keep(self, what: str, words: str) -> None:
        if self.path[3:4] == ["Ntry"]:
            into, at = (self.entry, 4) if self.inside is None else (self.inside, 6)
            into.setdefault("/".join(self.path[at:] + [what] * bool(what)), []).append(words[: 2 * SAID])


def read_statement(place: BinaryIO) -> list[Credit]:
    """Every booked credit. Raises StatementFlaw."""
    place.seek(0, 2)
    if place.tell() > LARGEST:
        raise StatementFlaw("size")
    place.seek(0)
    statement = _Statement()
    try:
        for block in blocks(place):
            statement.feed(block)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError):
        raise StatementFlaw("xml") from None
    return alone(statement.credits)


def alone(found: list[Credit]) -> list[Credit]:
    """Two credits under one number of the bank: neither can be told from the other."""
    counted = Counter((each.account, each.number) for each in found)
    return [each if counted[each.account, each.number] == 1 else _flawed(each, "number") for each in found]


def credits_of(account: str, entry: Fields, parts: list[Fields]) -> list[Credit]:
    """What an entry brought; nothing where it is a debit or not booked yet. A batch is its parts."""
    if _first(entry, "CdtDbtInd") != "CRDT" or _first(entry, "Sts", "Sts/Cd") != "BOOK":
        return []
    if len(parts) <= 1:
        part = parts[0] if parts else {}
        number = _first(entry, "AcctSvcrRef") or _first(part, "Refs/AcctSvcrRef")
        return [_credit(account, number, entry, {**part, **entry}, part)]
    found = [
        _credit(account, _first(part, "Refs/AcctSvcrRef"), _sum_of(part), {**part, **entry}, part) for part in parts
    ]
    total = _amount(_first(entry, "Amt"))
    adds_up = sum(each.amount for each in found) == total and all(_first(p, "CdtDbtInd") != "DBIT" for p in parts)
    return found if adds_up else [_flawed(each, "amount") for each in found]


def _credit(account: str, number: str, money: Fields, whole: Fields, part: Fields) -> Credit:
    amount, currency = _amount(_first(money, "Amt")), _first(money, "Amt/Ccy")
    words = [*part.get("RmtInf/Strd/CdtrRefInf/Ref", []), *part.get("RmtInf/Ustrd", [])][:TEXTS]
    told = " ".join([*words, *whole.get("AddtlNtryInf", []), *part.get("AddtlTxInf", [])])
    payer = _first(part, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm")
    person = payer_in(words or [told])
    flaws = {
        "reversal": _first(whole, "RvslInd") in ("true", "1"),
        "amount": not amount,
        "number": not (account and number),
        "reference": person is None,
    }
    flaw = next((name for name, has in flaws.items() if has), "")
    return Credit(account, number, amount, currency, payer[:SAID], told[:SAID], person, flaw)


def payer_in(words: list[str]) -> int | None:
    """Whose reference is in the text, however it is spaced; None where there is none, or where it could be two."""
    signs = [_LONE.sub("", each).upper() for each in words]
    plain = {found for each in words for word in (each, *_LONE.split(each)) if (found := person_in(word))}
    if plain:
        return plain.pop() if len(plain) == 1 else None
    begun = {match[1] for each in signs for match in _OWN.finditer(each)}
    parts = {number for text in begun for end in range(10, len(text) + 1) if (number := person_in(text[:end]))}
    return parts.pop() if len(parts) == 1 else None


def _sum_of(part: Fields) -> Fields:
    at = "Amt" if "Amt" in part else "AmtDtls/TxAmt/Amt"
    return {"Amt": part.get(at, []), "Amt/Ccy": part.get(f"{at}/Ccy", [])}


def _first(fields: Fields, *paths: str) -> str:
    return next((fields[path][0] for path in paths if fields.get(path)), "")


def _amount(text: str) -> int:
    """Whole cents, in millionths; 0 for anything else."""
    match = _AMOUNT.fullmatch(text)
    return (int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))) * CENT if match and text.isascii() else 0


def _flawed(credit: Credit, flaw: str) -> Credit:
    return replace(credit, flaw=credit.flaw or flaw)
