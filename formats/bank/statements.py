"""The leaves of a part of a bank's message, by their path; and what banks call our payments."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from domain.money.amounts import CENT
from domain.money.bank_statements import BankLine, StatementBalance
from formats.bank.iban import person_in

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


RETURNED = "RRTN"  # the bank's own code of a transfer that came back
BATCH_REFS = ("Refs/MsgId", "Refs/PmtInfId", "NtryDtls/Btch/MsgId", "NtryDtls/Btch/PmtInfId")


def answer_of_file(account: str, entry: Fields, parts: Sequence[Fields]) -> PaymentAnswer | None:
    """A debit in one sum that names its bank file; None for any other."""
    if first(entry, "CdtDbtInd") != "DBIT" or is_reversal(entry):
        return None
    file = file_in(
        *(first(fields, ref) for fields in (entry, *parts[:1]) for ref in BATCH_REFS), first(entry, "NtryRef")
    )
    money = (amount_in(first(entry, "Amt")), first(entry, "Amt/Ccy"))
    return None if file is None else PaymentAnswer(None, file, True, *money, account)


def answers_of(account: str, entry: Fields, parts: Sequence[Fields]) -> list[PaymentAnswer | None]:
    """What each part says of a payout: a debit paid it; a credit is one that came back only where the bank itself marks
    it as a return, for a payer chooses the EndToEndId of what they send."""
    if is_reversal(entry):
        return []
    debit = first(entry, "CdtDbtInd") == "DBIT"
    return [_answer(account, debit, entry, part, len(parts)) for part in parts or [{}]]


def _answer(account: str, debit: bool, entry: Fields, part: Fields, parts: int) -> PaymentAnswer | None:
    payout = payout_in(first(part, "Refs/EndToEndId"))
    code = first(part, "RtrInf/Rsn/Cd")
    kind = first({**entry, **part}, "BkTxCd/Domn/Fmly/SubFmlyCd")
    if payout is None or not (debit or code or kind == RETURNED or "RtrInf/Rsn/Prtry" in part):
        return None
    money = sum_of(part if parts > 1 else entry)
    said = " ".join(part.get("RtrInf/AddtlInf", []))[:SAID]
    named = (amount_in(first(money, "Amt")), first(money, "Amt/Ccy"), account)
    return PaymentAnswer(payout, None, debit, *named, code[:4], said)


NOT_PROVIDED = ("", "NOTPROVIDED", "NONREF")


@dataclass(frozen=True, slots=True)
class BankEntry:
    """An entry of `account` as a message tells of it: its own leaves, and those of its single transactions. `view` is
    statement or advice."""

    account: str
    view: str
    fields: Fields
    parts: Sequence[Fields]

    @property
    def debit(self) -> bool:
        return first(self.fields, "CdtDbtInd") == "DBIT"

    @property
    def rest(self) -> int:
        """What the entry is more, or less, than its parts."""
        own = first(self.fields, "CdtDbtInd")
        signs = [-1 if first(part, "CdtDbtInd") not in ("", own) else 1 for part in self.parts]
        amounts = (amount_in(first(sum_of(part), "Amt")) for part in self.parts)
        return amount_in(first(self.fields, "Amt")) - sum(
            sign * each for sign, each in zip(signs, amounts, strict=True)
        )


@dataclass(frozen=True, slots=True)
class EntryPart:
    """The part of an entry at `place`, or all of it: None."""

    entry: BankEntry
    place: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.place is None or len(self.entry.parts) < 2

    @property
    def fields(self) -> Fields:
        parts = self.entry.parts
        return parts[self.place] if self.place is not None and parts else parts[0] if len(parts) == 1 else {}

    @property
    def money(self) -> tuple[str, str]:
        """(amount as it is written, currency)."""
        money = self.entry.fields if self.is_whole else sum_of(self.fields)
        return first(money, "Amt"), first(money, "Amt/Ccy")

    @property
    def sign(self) -> str:
        own = first(self.entry.fields, "CdtDbtInd")
        return own if self.is_whole else first(self.fields, "CdtDbtInd") or own

    @property
    def number(self) -> str:
        """The bank's own reference; empty where there is none."""
        numbers = (first(self.entry.fields, "AcctSvcrRef"), first(self.fields, "Refs/AcctSvcrRef"))
        return next(filter(None, numbers if self.is_whole else numbers[::-1]), "")

    @property
    def booked_on(self) -> str:
        return first(self.entry.fields, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10]

    @property
    def party(self) -> str:
        side = "Cdtr" if self.sign == "DBIT" else "Dbtr"
        return first(self.fields, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")[:SAID]

    @property
    def said(self) -> str:
        part, entry = self.fields, self.entry.fields
        words = [*part.get("RmtInf/Strd/CdtrRefInf/Ref", []), *part.get("RmtInf/Ustrd", [])][:TEXTS]
        return " ".join([*words, *entry.get("AddtlNtryInf", []), *part.get("AddtlTxInf", [])])[:SAID]

    @property
    def reference(self) -> str:
        """What a person may look the line up by."""
        names = (self.number, first(self.fields, "Refs/EndToEndId"), first(self.entry.fields, "NtryRef"))
        return next((name for name in names if name not in NOT_PROVIDED), "")[:SAID]

    @property
    def identity(self) -> str:
        """A digest that equal lines share: of the bank's reference, else of all that the line says."""
        written, currency = self.money
        amount, payment = amount_in(written) or written, first(self.fields, "Refs/EndToEndId")
        about = [self.entry.account, self.sign, self.number, payment, f"{amount}", currency]
        if not self.number:
            batch = [first(fields, ref) for fields in (self.entry.fields, self.fields) for ref in BATCH_REFS]
            about += [self.booked_on, self.party, self.said, *batch]
        return digest(*about)


@dataclass(slots=True)
class Entries:
    """The booked lines of a message: credits, answers about payouts, and all others; `accounts`: whose lines, or
    balances, these are."""

    credits: list[Credit] = field(default_factory=list)
    answers: list[PaymentAnswer] = field(default_factory=list)
    others: list[BankLine] = field(default_factory=list)
    balances: list[StatementBalance] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)
    equal: Counter[str] = field(default_factory=Counter)

    def add(self, entry: BankEntry) -> None:
        """Add a booked entry; one that is not booked yet is left out: its booking will come."""
        if first(entry.fields, "Sts", "Sts/Cd") != "BOOK":
            return
        self.accounts.add(entry.account)
        about = (entry.account, entry.fields, entry.parts)
        by_part = answers_of(*about)
        whole = None if any(by_part) else answer_of_file(*about)
        if whole is not None:
            self.answers.append(replace(whole, line=self._line(EntryPart(entry))))
        elif any(by_part):
            self._add_parts(entry, by_part)
        elif entry.debit:
            self.others.append(self._line(EntryPart(entry)))
        else:
            credits = credits_of(*about)
            places = range(len(credits)) if len(credits) > 1 else (None,)
            for place, credit in zip(places, credits, strict=True):
                self.credits.append(replace(credit, line=self._line(EntryPart(entry, place))))
            self._add_rest(entry, len(credits))

    def _add_parts(self, entry: BankEntry, answers: Sequence[PaymentAnswer | None]) -> None:
        """Add each part of an entry of which some are answers."""
        credits = [] if entry.debit else credits_of(entry.account, entry.fields, entry.parts)
        for place, answer in enumerate(answers):
            line = self._line(EntryPart(entry, place))
            if answer is not None:
                self.answers.append(replace(answer, line=line))
            elif entry.debit:
                self.others.append(line)
            else:
                self.credits.append(flawed(replace(credits[place], line=line), "amount"))
        self._add_rest(entry, len(entry.parts))

    def _add_rest(self, entry: BankEntry, parts: int) -> None:
        """Add what an entry is more, or less, than its parts: the account moved by the entry."""
        if parts < 2 or not (rest := entry.rest):
            return
        line = self._line(EntryPart(entry))
        turned = line.debit if rest > 0 else not line.debit
        key = digest(line.key, "rest")
        self.others.append(replace(line, key=key, entry="", amount=abs(rest), written="", debit=turned))

    def _line(self, part: EntryPart) -> BankLine:
        """Return the line, known by its identity and its place among equal ones."""
        fields, identity = part.entry.fields, part.identity
        self.equal[identity] += 1
        written, currency = part.money
        of_entry = first(fields, "AcctSvcrRef")
        return BankLine(
            key=digest(identity, f"{self.equal[identity]}"),
            view=part.entry.view,
            entry=digest(part.entry.account, first(fields, "CdtDbtInd"), of_entry) if of_entry else "",
            debit=part.sign == "DBIT",
            amount=amount_in(written),
            currency=currency,
            written=written[:SAID],
            booked_on=part.booked_on,
            reference=part.reference,
            party=part.party,
            said=part.said,
            reversal=is_reversal(fields),
        )


def digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:32]
