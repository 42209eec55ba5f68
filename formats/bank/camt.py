"""A bank's statement (camt.053) or advice (camt.054), ISO 20022 → money that came in, and what became of payouts."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from formats.bank.creditor_reference import person_in
from formats.bank.fields import (
    MOST,
    SAID,
    Fields,
    Path,
    PaymentAnswer,
    StatementFlaw,
    amount_in,
    file_in,
    first,
    payout_in,
    put,
)
from formats.spreadsheets.workbook import Attributes

TEXTS = 4  # of a credit that are searched for a reference
ENTRY, PART = ["Ntry"], ["Ntry", "NtryDtls", "TxDtls"]
PLACES = ("Stmt", "Ntfctn")
RETURNED = "RRTN"  # the bank's own code of a transfer that came back
_LONE = re.compile(r"[^A-Za-z0-9]+")
_OWN = re.compile(r"(?=(RF\d\dPOUCET?[1-9]\d{0,14}))")


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit. `account` is the statement's IBAN, `number` the bank's own reference of it, empty where it has none
    that tells it from others; `person` is whose reference its payer gave. `flaw` is why it can't be booked, or empty:
    number, amount, reference, reversal. `source` tells a table's row from the bank's message."""

    account: str
    number: str
    amount: int
    currency: str
    payer: str
    said: str
    person: int | None
    flaw: str
    source: str = "bank"


class Statement:
    """Collects the leaves of each entry by their path, those of its single transactions apart."""

    def __init__(self) -> None:
        self.account = ""
        self.entry: Fields = {}
        self.parts: list[Fields] = []
        self.inside: Fields | None = None
        self.credits: list[Credit] = []
        self.answers: list[PaymentAnswer] = []
        self.debtors: dict[str, str] = {}

    def began(self, path: Path, given: Attributes) -> None:
        if len(path) == 1:
            self.account = ""
        if path[1:] == ENTRY:
            self.entry, self.parts, self.inside = {}, [], None
        if path[1:] == PART:
            self.inside = {}
            self.parts.append(self.inside)
        if path[-1:] == ["Amt"]:
            self._keep([*path, "Ccy"], given.get("Ccy", ""))

    def ended(self, path: Path, words: str) -> None:
        if path[1:] == ["Acct", "Id", "IBAN"]:
            self.account = words
        if words:
            self._keep(path, words)
        if path[1:] == PART:
            self.inside = None
        if path[1:] == ENTRY and path[0] in PLACES:
            self._close()
        if max(len(self.credits), len(self.answers), len(self.parts)) > MOST:
            raise StatementFlaw("many")

    def found(self) -> tuple[list[Credit], list[PaymentAnswer]]:
        return alone(self.credits), self.answers

    def _close(self) -> None:
        if first(self.entry, "Sts", "Sts/Cd") == "BOOK":
            about = (self.account, self.entry, self.parts)
            said, credits = _answers(*about), credits_of(*about)
            self.answers += answers_of(*about)
            if any(said):
                left = (each for each, answer in zip(credits, said, strict=False) if answer is None)
                credits = [_flawed(each, "amount") for each in left]
            self.credits += credits
        self.entry, self.parts = {}, []

    def _keep(self, path: Path, words: str) -> None:
        if path[1:2] == ENTRY:
            into, at = (self.entry, 2) if self.inside is None else (self.inside, 4)
            put(into, path[at:], words)


def answers_of(account: str, entry: Fields, parts: list[Fields]) -> list[PaymentAnswer]:
    """What a booked entry says of payouts: a debit paid them; a credit is one that came back only where the bank itself
    marks it as a return, for a payer chooses the EndToEndId of what they send. A debit in one sum names its file."""
    found = [answer for answer in _answers(account, entry, parts) if answer]
    if found or first(entry, "CdtDbtInd") != "DBIT" or _is_reversal(entry):
        return found
    refs = ("Refs/MsgId", "Refs/PmtInfId", "NtryDtls/Btch/MsgId", "NtryDtls/Btch/PmtInfId")
    file = file_in(*(first(fields, ref) for fields in (entry, *parts[:1]) for ref in refs), first(entry, "NtryRef"))
    money = (amount_in(first(entry, "Amt")), first(entry, "Amt/Ccy"))
    return [PaymentAnswer(None, file, True, *money, account)] if file is not None else []


def _answers(account: str, entry: Fields, parts: list[Fields]) -> list[PaymentAnswer | None]:
    """What each part says of a payout."""
    if _is_reversal(entry):
        return []
    debit = first(entry, "CdtDbtInd") == "DBIT"
    return [_answer(account, debit, entry, part, len(parts)) for part in parts or [{}]]


def _is_reversal(entry: Fields) -> bool:
    return first(entry, "RvslInd") in ("true", "1")


def _answer(account: str, debit: bool, entry: Fields, part: Fields, parts: int) -> PaymentAnswer | None:
    payout = payout_in(first(part, "Refs/EndToEndId"))
    code = first(part, "RtrInf/Rsn/Cd")
    kind = first({**entry, **part}, "BkTxCd/Domn/Fmly/SubFmlyCd")
    if payout is None or not (debit or code or kind == RETURNED or "RtrInf/Rsn/Prtry" in part):
        return None
    money = _sum_of(part if parts > 1 else entry)
    said = " ".join(part.get("RtrInf/AddtlInf", []))[:SAID]
    named = (amount_in(first(money, "Amt")), first(money, "Amt/Ccy"), account)
    return PaymentAnswer(payout, None, debit, *named, code[:4], said)


def alone(found: list[Credit]) -> list[Credit]:
    """Two credits under one number of the bank: neither can be told from the other."""
    counted = Counter((each.account, each.number) for each in found)
    return [each if counted[each.account, each.number] == 1 else _flawed(each, "number") for each in found]


def credits_of(account: str, entry: Fields, parts: list[Fields]) -> list[Credit]:
    """What a booked entry brought; nothing where it is a debit. A batch is its parts."""
    if first(entry, "CdtDbtInd") != "CRDT":
        return []
    if len(parts) <= 1:
        part = parts[0] if parts else {}
        number = first(entry, "AcctSvcrRef") or first(part, "Refs/AcctSvcrRef")
        return [_credit(account, number, entry, {**part, **entry}, part)]
    found = [
        _credit(account, first(part, "Refs/AcctSvcrRef"), _sum_of(part), {**part, **entry}, part) for part in parts
    ]
    total = amount_in(first(entry, "Amt"))
    adds_up = sum(each.amount for each in found) == total and all(first(p, "CdtDbtInd") != "DBIT" for p in parts)
    return found if adds_up else [_flawed(each, "amount") for each in found]


def _credit(account: str, number: str, money: Fields, whole: Fields, part: Fields) -> Credit:
    amount, currency = amount_in(first(money, "Amt")), first(money, "Amt/Ccy")
    words = [*part.get("RmtInf/Strd/CdtrRefInf/Ref", []), *part.get("RmtInf/Ustrd", [])][:TEXTS]
    told = " ".join([*words, *whole.get("AddtlNtryInf", []), *part.get("AddtlTxInf", [])])
    payer = first(part, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm")
    person = payer_in(words or [told])
    flaws = {
        "reversal": _is_reversal(whole),
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


def _flawed(credit: Credit, flaw: str) -> Credit:
    return replace(credit, flaw=credit.flaw or flaw)
