"""The parts that readers of bank statements share: leaves by their path, credits, answers about our payments, and
lines."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from domain.money.amounts import CENT
from domain.money.bank_statements import BankLine, StatementBalance
from formats.bank.iban import find_requester

MAX_TEXT_CHARS = 140  # characters of what the bank says
MAX_ENTRIES = 500  # entries of a message, and transactions of an entry
Path = Sequence[str]
Fields = dict[str, list[str]]
_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{1,2})0*)?")
_PAYOUT = re.compile(r"PAYOUT-([1-9]\d{0,14})")
_FILE = re.compile(r"FILE-([1-9]\d{0,14})(?:-1)?")


class StatementFlaw(Exception):
    """Why a statement cannot be read. `why`: size, xml, csv, kind, many, lines, mapping, column or mt940; `what` is
    the line, word, column or limit at fault."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why, what)
        self.why = why
        self.what = what


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """A bank's answer about a payment: `paid`, or not, or no longer (`code` and `said` are its reason, ISO 20022's
    external codes; `general`: of the whole file, not of the payment). It is about one `payout`, or about a whole
    bank `file` without the payouts in `apart`, which the message names one by one. `channel` is the way the payment
    went. `amount` is 0 and `account`, the payer's IBAN, is empty if the bank names none. `line` is the money that
    moved with it; None in a report, which moves none."""

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


def add_leaf(into: Fields, path: Path, words: str) -> None:
    """Append a text, cut to twice MAX_TEXT_CHARS, to the leaves of this path."""
    into.setdefault("/".join(path), []).append(words[: 2 * MAX_TEXT_CHARS])


def first_value(fields: Fields, *paths: str) -> str:
    """Return the first text at the first of these paths that has one, or ""."""
    return next((fields[path][0] for path in paths if fields.get(path)), "")


def amount_millionths(text: str) -> int:
    """Return the amount in millionths, whole cents only; 0 for anything else."""
    match = _AMOUNT.fullmatch(text)
    return (int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))) * CENT if match and text.isascii() else 0


def find_payout(text: str) -> int | None:
    """Return the number of the payout with this EndToEndId, or None."""
    match = _PAYOUT.fullmatch(text.strip())
    return int(match[1]) if match and text.isascii() else None


def find_bank_file(*texts: str) -> int | None:
    """Return the number of the bank file whose MsgId or PmtInfId is among the texts, or None."""
    matches = (_FILE.fullmatch(text.strip()) for text in texts if text.isascii())
    return next((int(match[1]) for match in matches if match), None)


MAX_SEARCHED_TEXTS = 4  # of a credit that are searched for a reference
_LONE = re.compile(r"[^A-Za-z0-9]+")
_OWN = re.compile(r"(?=(RF\d\dPOUCET?[1-9]\d{0,14}))")


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit. `account` is the statement's IBAN, `number` the bank's own reference, empty if none tells it from
    others; `person` is the requester whose reference its payer gave. `flaw` is why it can't be booked, or empty:
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


def flag_equal_numbers(credits: list[Credit]) -> list[Credit]:
    """Return the credits; those that share the bank's number with another get the flaw `number`, since neither can
    be told from the other."""
    counts = Counter((credit.account, credit.number) for credit in credits)
    return [credit if counts[credit.account, credit.number] == 1 else with_flaw(credit, "number") for credit in credits]


def to_credits(account: str, entry: Fields, parts: Sequence[Fields]) -> list[Credit]:
    """Return the credits of a booked entry; [] for a debit. Each part of a batch is a credit; if they do not add up
    they are flawed."""
    if first_value(entry, "CdtDbtInd") != "CRDT":
        return []
    if len(parts) <= 1:
        part = parts[0] if parts else {}
        number = first_value(entry, "AcctSvcrRef") or first_value(part, "Refs/AcctSvcrRef")
        return [_to_credit(account, number, entry, {**part, **entry}, part)]
    credits = [
        _to_credit(account, first_value(part, "Refs/AcctSvcrRef"), money_fields(part), {**part, **entry}, part)
        for part in parts
    ]
    total = amount_millionths(first_value(entry, "Amt"))
    adds_up = sum(credit.amount for credit in credits) == total and all(
        first_value(entry_part, "CdtDbtInd") != "DBIT" for entry_part in parts
    )
    return credits if adds_up else [with_flaw(credit, "amount") for credit in credits]


def _to_credit(account: str, number: str, money: Fields, whole: Fields, part: Fields) -> Credit:
    amount, currency = amount_millionths(first_value(money, "Amt")), first_value(money, "Amt/Ccy")
    references = [*part.get("RmtInf/Strd/CdtrRefInf/Ref", []), *part.get("RmtInf/Ustrd", [])][:MAX_SEARCHED_TEXTS]
    text = " ".join([*references, *whole.get("AddtlNtryInf", []), *part.get("AddtlTxInf", [])])
    payer = first_value(part, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm")
    person = find_payer(references or [text])
    flaws = {
        "reversal": is_reversal(whole),
        "amount": not amount,
        "number": not (account and number),
        "reference": person is None,
    }
    flaw = next((name for name, is_present in flaws.items() if is_present), "")
    return Credit(
        account=account,
        number=number,
        amount=amount,
        currency=currency,
        payer=payer[:MAX_TEXT_CHARS],
        said=text[:MAX_TEXT_CHARS],
        person=person,
        flaw=flaw,
    )


def find_payer(texts: list[str]) -> int | None:
    """Return the requester whose reference is in the texts, however it is spaced, or None if there is none or could
    be two."""
    compact_texts = [_LONE.sub("", text).upper() for text in texts]
    numbers = {
        person for text in texts for candidate in (text, *_LONE.split(text)) if (person := find_requester(candidate))
    }
    if numbers:
        return numbers.pop() if len(numbers) == 1 else None
    beginnings = {match[1] for text in compact_texts for match in _OWN.finditer(text)}
    guesses = {
        number
        for beginning in beginnings
        for end in range(10, len(beginning) + 1)
        if (number := find_requester(beginning[:end]))
    }
    return guesses.pop() if len(guesses) == 1 else None


def money_fields(part: Fields) -> Fields:
    path = "Amt" if "Amt" in part else "AmtDtls/TxAmt/Amt"
    return {"Amt": part.get(path, []), "Amt/Ccy": part.get(f"{path}/Ccy", [])}


def with_flaw(credit: Credit, flaw: str) -> Credit:
    return replace(credit, flaw=credit.flaw or flaw)


def is_reversal(entry: Fields) -> bool:
    return first_value(entry, "RvslInd") in ("true", "1")


RETURN_CODE = "RRTN"  # the bank's own code of a transfer that came back
BATCH_REFERENCE_PATHS = ("Refs/MsgId", "Refs/PmtInfId", "NtryDtls/Btch/MsgId", "NtryDtls/Btch/PmtInfId")


def find_file_answer(account: str, entry: Fields, parts: Sequence[Fields]) -> PaymentAnswer | None:
    """Return the answer of a debit in one sum that names its bank file, or None for any other entry."""
    if first_value(entry, "CdtDbtInd") != "DBIT" or is_reversal(entry):
        return None
    file = find_bank_file(
        *(first_value(fields, ref) for fields in (entry, *parts[:1]) for ref in BATCH_REFERENCE_PATHS),
        first_value(entry, "NtryRef"),
    )
    if file is None:
        return None
    amount, currency = amount_millionths(first_value(entry, "Amt")), first_value(entry, "Amt/Ccy")
    return PaymentAnswer(None, file, True, amount=amount, currency=currency, account=account)


def find_part_answers(account: str, entry: Fields, parts: Sequence[Fields]) -> list[PaymentAnswer | None]:
    """Return each part's answer about a payout, or None: a debit paid it. A credit is a returned payout only if the
    bank itself marks it as a return, since a payer chooses the EndToEndId of what they send."""
    if is_reversal(entry):
        return []
    debit = first_value(entry, "CdtDbtInd") == "DBIT"
    return [_find_answer(account, debit, entry, part, len(parts)) for part in parts or [{}]]


def _find_answer(account: str, debit: bool, entry: Fields, part: Fields, parts: int) -> PaymentAnswer | None:
    payout = find_payout(first_value(part, "Refs/EndToEndId"))
    code = first_value(part, "RtrInf/Rsn/Cd")
    kind = first_value({**entry, **part}, "BkTxCd/Domn/Fmly/SubFmlyCd")
    if payout is None or not (debit or code or kind == RETURN_CODE or "RtrInf/Rsn/Prtry" in part):
        return None
    money = money_fields(part if parts > 1 else entry)
    explanation = " ".join(part.get("RtrInf/AddtlInf", []))[:MAX_TEXT_CHARS]
    return PaymentAnswer(
        payout=payout,
        file=None,
        paid=debit,
        amount=amount_millionths(first_value(money, "Amt")),
        currency=first_value(money, "Amt/Ccy"),
        account=account,
        code=code[:4],
        said=explanation,
    )


NOT_PROVIDED = ("", "NOTPROVIDED", "NONREF")


@dataclass(frozen=True, slots=True)
class BankEntry:
    """An entry of `account` as a message has it: its own leaves, and those of its single transactions. `view` is
    statement or advice."""

    account: str
    view: str
    fields: Fields
    parts: Sequence[Fields]

    @property
    def debit(self) -> bool:
        return first_value(self.fields, "CdtDbtInd") == "DBIT"

    @property
    def difference_from_parts(self) -> int:
        """Millionths that the entry is more, or less, than its parts."""
        own_sign = first_value(self.fields, "CdtDbtInd")
        signs = [-1 if first_value(part, "CdtDbtInd") not in ("", own_sign) else 1 for part in self.parts]
        amounts = (amount_millionths(first_value(money_fields(part), "Amt")) for part in self.parts)
        return amount_millionths(first_value(self.fields, "Amt")) - sum(
            sign * amount for sign, amount in zip(signs, amounts, strict=True)
        )


@dataclass(frozen=True, slots=True)
class EntryPart:
    """The part of an entry at `place`, or the whole entry if `place` is None."""

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
        """The amount as it is written, and its currency."""
        money = self.entry.fields if self.is_whole else money_fields(self.fields)
        return first_value(money, "Amt"), first_value(money, "Amt/Ccy")

    @property
    def sign(self) -> str:
        own_sign = first_value(self.entry.fields, "CdtDbtInd")
        return own_sign if self.is_whole else first_value(self.fields, "CdtDbtInd") or own_sign

    @property
    def number(self) -> str:
        """The bank's own reference, or ""."""
        numbers = (first_value(self.entry.fields, "AcctSvcrRef"), first_value(self.fields, "Refs/AcctSvcrRef"))
        return next(filter(None, numbers if self.is_whole else numbers[::-1]), "")

    @property
    def booked_on(self) -> str:
        return first_value(self.entry.fields, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10]

    @property
    def party(self) -> str:
        side = "Cdtr" if self.sign == "DBIT" else "Dbtr"
        return first_value(self.fields, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")[:MAX_TEXT_CHARS]

    @property
    def details(self) -> str:
        part, entry = self.fields, self.entry.fields
        texts = [*part.get("RmtInf/Strd/CdtrRefInf/Ref", []), *part.get("RmtInf/Ustrd", [])][:MAX_SEARCHED_TEXTS]
        return " ".join([*texts, *entry.get("AddtlNtryInf", []), *part.get("AddtlTxInf", [])])[:MAX_TEXT_CHARS]

    @property
    def reference(self) -> str:
        """A reference by which a person may look the line up, or ""."""
        names = (self.number, first_value(self.fields, "Refs/EndToEndId"), first_value(self.entry.fields, "NtryRef"))
        return next((name for name in names if name not in NOT_PROVIDED), "")[:MAX_TEXT_CHARS]

    @property
    def identity(self) -> str:
        """A digest that equal lines share: of the bank's reference, or else of all that the line says."""
        amount_text, currency = self.money
        amount, payment = amount_millionths(amount_text) or amount_text, first_value(self.fields, "Refs/EndToEndId")
        parts = [self.entry.account, self.sign, self.number, payment, f"{amount}", currency]
        if not self.number:
            batch = [
                first_value(fields, ref) for fields in (self.entry.fields, self.fields) for ref in BATCH_REFERENCE_PATHS
            ]
            parts += [self.booked_on, self.party, self.details, *batch]
        return digest(*parts)


@dataclass(slots=True)
class Entries:
    """The booked lines of a message: credits, answers about payouts, and all others; `accounts`: whose lines or
    balances these are."""

    credits: list[Credit] = field(default_factory=list)
    answers: list[PaymentAnswer] = field(default_factory=list)
    other_lines: list[BankLine] = field(default_factory=list)
    balances: list[StatementBalance] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)
    equal: Counter[str] = field(default_factory=Counter)

    def add(self, entry: BankEntry) -> None:
        """Add a booked entry; one that is not booked yet is left out, since its booking will come."""
        if first_value(entry.fields, "Sts", "Sts/Cd") != "BOOK":
            return
        self.accounts.add(entry.account)
        entry_facts = (entry.account, entry.fields, entry.parts)
        by_part = find_part_answers(*entry_facts)
        file_answer = None if any(by_part) else find_file_answer(*entry_facts)
        if file_answer is not None:
            self.answers.append(replace(file_answer, line=self._to_line(EntryPart(entry))))
        elif any(by_part):
            self._add_parts(entry, by_part)
        elif entry.debit:
            self.other_lines.append(self._to_line(EntryPart(entry)))
        else:
            credits = to_credits(*entry_facts)
            places = range(len(credits)) if len(credits) > 1 else (None,)
            for place, credit in zip(places, credits, strict=True):
                self.credits.append(replace(credit, line=self._to_line(EntryPart(entry, place))))
            self._add_difference(entry, len(credits))

    def _add_parts(self, entry: BankEntry, answers: Sequence[PaymentAnswer | None]) -> None:
        """Add each part of an entry of which some parts are answers."""
        credits = [] if entry.debit else to_credits(entry.account, entry.fields, entry.parts)
        for place, answer in enumerate(answers):
            line = self._to_line(EntryPart(entry, place))
            if answer is not None:
                self.answers.append(replace(answer, line=line))
            elif entry.debit:
                self.other_lines.append(line)
            else:
                self.credits.append(with_flaw(replace(credits[place], line=line), "amount"))
        self._add_difference(entry, len(entry.parts))

    def _add_difference(self, entry: BankEntry, parts: int) -> None:
        """Add the difference between an entry and its parts as a line, since the account moved by the entry."""
        if parts < 2 or not (difference := entry.difference_from_parts):
            return
        line = self._to_line(EntryPart(entry))
        is_debit = line.debit if difference > 0 else not line.debit
        key = digest(line.key, "rest")
        self.other_lines.append(replace(line, key=key, entry="", amount=abs(difference), written="", debit=is_debit))

    def _to_line(self, part: EntryPart) -> BankLine:
        """Return the line, identified by its content and its place among equal ones."""
        fields, identity = part.entry.fields, part.identity
        self.equal[identity] += 1
        amount_text, currency = part.money
        entry_reference = first_value(fields, "AcctSvcrRef")
        return BankLine(
            key=digest(identity, f"{self.equal[identity]}"),
            view=part.entry.view,
            entry=digest(part.entry.account, first_value(fields, "CdtDbtInd"), entry_reference)
            if entry_reference
            else "",
            debit=part.sign == "DBIT",
            amount=amount_millionths(amount_text),
            currency=currency,
            written=amount_text[:MAX_TEXT_CHARS],
            booked_on=part.booked_on,
            reference=part.reference,
            party=part.party,
            said=part.details,
            reversal=is_reversal(fields),
        )


def digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:32]
