"""Booked credits: whose reference they bear, and why one cannot be booked by itself."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.money.bank_lines import BankLine
from formats.bank.creditor_reference import person_in
from formats.bank.fields import SAID, Fields, amount_in, first

TEXTS = 4  # of a credit that are searched for a reference
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
    line: BankLine | None = None


def alone(found: list[Credit]) -> list[Credit]:
    """Two credits under one number of the bank: neither can be told from the other."""
    counted = Counter((each.account, each.number) for each in found)
    return [each if counted[each.account, each.number] == 1 else flawed(each, "number") for each in found]


def credits_of(account: str, entry: Fields, parts: Sequence[Fields]) -> list[Credit]:
    """What a booked entry brought; nothing where it is a debit. A batch is its parts."""
    if first(entry, "CdtDbtInd") != "CRDT":
        return []
    if len(parts) <= 1:
        part = parts[0] if parts else {}
        number = first(entry, "AcctSvcrRef") or first(part, "Refs/AcctSvcrRef")
        return [_credit(account, number, entry, {**part, **entry}, part)]
    found = [_credit(account, first(part, "Refs/AcctSvcrRef"), sum_of(part), {**part, **entry}, part) for part in parts]
    total = amount_in(first(entry, "Amt"))
    adds_up = sum(each.amount for each in found) == total and all(first(p, "CdtDbtInd") != "DBIT" for p in parts)
    return found if adds_up else [flawed(each, "amount") for each in found]


def _credit(account: str, number: str, money: Fields, whole: Fields, part: Fields) -> Credit:
    amount, currency = amount_in(first(money, "Amt")), first(money, "Amt/Ccy")
    words = [*part.get("RmtInf/Strd/CdtrRefInf/Ref", []), *part.get("RmtInf/Ustrd", [])][:TEXTS]
    told = " ".join([*words, *whole.get("AddtlNtryInf", []), *part.get("AddtlTxInf", [])])
    payer = first(part, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm")
    person = payer_in(words or [told])
    flaws = {
        "reversal": is_reversal(whole),
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


def sum_of(part: Fields) -> Fields:
    at = "Amt" if "Amt" in part else "AmtDtls/TxAmt/Amt"
    return {"Amt": part.get(at, []), "Amt/Ccy": part.get(f"{at}/Ccy", [])}


def flawed(credit: Credit, flaw: str) -> Credit:
    return replace(credit, flaw=credit.flaw or flaw)


def is_reversal(entry: Fields) -> bool:
    return first(entry, "RvslInd") in ("true", "1")
