"""Booked entries of a bank's message → credits, answers about payouts and all other lines, each with its own key."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from domain.money.bank_lines import BankLine, StatementBalance
from formats.bank.answers import BATCH_REFS, answer_of_file, answers_of
from formats.bank.credits import TEXTS, Credit, credits_of, flawed, is_reversal, sum_of
from formats.bank.fields import SAID, Fields, PaymentAnswer, amount_in, first

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
