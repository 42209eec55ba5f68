"""What follows from each of the bank's answers about payouts, in the order of its message. Records nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.money.bank_lines import BankLine
from domain.money.payouts import OPEN, BankFileId, Channel, Payout, PayoutId, PayoutState
from formats.bank.fields import PaymentAnswer
from services.money import settlement
from services.money.bank import lines
from storage.unit import UnitOfWork


class _Unmatched(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from one answer. `payouts` become `state`; its line is kept with `why` it waits, or empty. `clears`
    is the key of a line that waited and has come back; `twin` the line of another view that is the same; `refused` are
    payouts of a sum that were debited though they had failed, each with its part of the line."""

    answer: PaymentAnswer
    payouts: tuple[Payout, ...] = ()
    why: str = ""
    payout: PayoutId | None = None
    file: BankFileId | None = None
    clears: str = ""
    twin: int | None = None
    refused: tuple[tuple[BankLine, Payout], ...] = ()

    @property
    def state(self) -> PayoutState:
        return PayoutState.PAID if self.answer.paid else PayoutState.FAILED


class Matcher:
    """Follows a message: what its earlier answers would change counts for the later ones."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit
        self.states = dict[PayoutId, PayoutState]()
        self.newly_paid = Counter[int]()
        self.lines = Counter[tuple[int, bool, str]]()
        self.files = Counter[tuple[int, str]]()
        self.waiting = list[tuple[str, int, int]]()  # key, payout, amount of debits
        self.cleared = set[str]()
        self.twins = set[int]()

    def take(self, answer: PaymentAnswer) -> Step:
        """Return what follows from the answer, and count it."""
        try:
            step = self._file(answer) if answer.payout is None else self._payout(answer)
        except _Unmatched as flaw:
            step = self._unmatched(answer, flaw.why)
        for payout in step.payouts:
            self.states[payout.id] = step.state
            self.newly_paid[payout.id] += answer.paid
        line = answer.line
        if line is not None and not step.why and not step.clears and step.twin is None:
            if step.payout is not None:
                self.lines[step.payout, line.debit, line.view] += 1
            elif step.file is not None:
                self.files[step.file, line.view] += 1
        for part, payout in step.refused:
            self.waiting.append((part.key, payout.id, payout.net))
        return step

    def _unmatched(self, answer: PaymentAnswer, why: str) -> Step:
        unit, line = self.unit, answer.line
        payout = None if answer.payout is None else unit.payouts.find(answer.payout)
        file = None if answer.file is None or answer.payout is not None else unit.payouts.find_file(answer.file)
        step = Step(answer, (), why, payout.id if payout else None, file.id if file else None)
        if line is None:
            return step
        twin = self._take_twin(line, step.payout, step.file)
        if twin is not None:
            return Step(answer, (), why, step.payout, step.file, twin=twin)
        if step.payout is not None and line.debit:
            self.waiting.append((line.key, step.payout, line.amount))
        return step

    def _payout(self, answer: PaymentAnswer) -> Step:
        """Raises _Unmatched."""
        payout = self.unit.payouts.find(answer.payout or 0)
        if payout is None:
            raise _Unmatched("unknown")
        if payout.file is None:
            raise _Unmatched("failed" if payout.is_called_off else "waiting")
        channel = self.unit.payouts.get_file(payout.file).channel
        if answer.file not in (None, payout.file) or channel != answer.channel:
            raise _Unmatched("file")
        self._check(payout.file, answer, {int(payout.net)}, payout.currency)
        if answer.line is None:
            return Step(answer, (payout,) if self._changes(payout, answer) else (), payout=payout.id)
        if not answer.paid and (twin := self._take_twin(answer.line, payout.id, None)) is not None:
            return Step(answer, payout=payout.id, twin=twin)
        changes = self._debited(payout, answer.line) if answer.paid else self._returned(payout, answer.line)
        if isinstance(changes, str):
            return Step(answer, payout=payout.id, clears=changes)
        return Step(answer, (payout,) if changes else (), payout=payout.id)

    def _debited(self, payout: Payout, line: BankLine) -> bool:
        """Whether this debit is what pays the payout; False where it is the one of a payment recorded before. Raises
        _Unmatched for a second one."""
        seen, state = self._seen(payout, line), self._state(payout)
        if state in OPEN and not seen:
            return True
        if state is PayoutState.FAILED:
            back = self.unit.payouts.lines.count_of_payout(payout.id, False, line.view)
            expected = max(self._times_paid(payout), back + self.lines[payout.id, False, line.view])
        else:
            expected = max(1, self._times_paid(payout))
        if seen >= expected:
            raise _Unmatched("failed" if state is PayoutState.FAILED and not seen else "twice")
        return False

    def _returned(self, payout: Payout, line: BankLine) -> bool | str:
        """Whether this credit brings the payout back; the key of the waiting debit that it takes back instead; False
        where its return was recorded before. Raises _Unmatched for a second one."""
        if (key := self._outstanding(payout)) is not None:
            return key
        if may_become(self._state(payout), PayoutState.FAILED):
            if is_handed_on(self.unit, payout, PayoutState.FAILED):
                raise _Unmatched("handed")
            return True
        bounced = self.unit.payouts.count_movements("bounced", payout.id)
        if self._seen(payout, line) >= max(1, bounced):
            raise _Unmatched("twice")
        return False

    def _take_twin(self, line: BankLine, payout: int | None, file: int | None) -> int | None:
        """The line of another view that is the same movement and did not fit either, once; None without one."""
        twin = None if payout is None and file is None else self.unit.payouts.lines.find_twin(line, payout, file)
        if twin is None or twin in self.twins:
            return None
        self.twins.add(twin)
        return twin

    def _outstanding(self, payout: Payout) -> str | None:
        kept = self.unit.payouts.lines.waiting_debits(payout.id)
        keys = [each.key for each in kept if each.amount == payout.net]
        keys += [key for key, number, amount in self.waiting if (number, amount) == (payout.id, payout.net)]
        left = next((key for key in keys if key not in self.cleared), None)
        if left is not None:
            self.cleared.add(left)
        return left

    def _file(self, answer: PaymentAnswer) -> Step:
        """All of a file that have no answer yet: together they are the sum that the bank names. Raises _Unmatched."""
        file = self.unit.payouts.find_file(answer.file or 0)
        if file is None or file.channel != answer.channel:
            raise _Unmatched("unknown")
        payouts, line = self.unit.payouts.in_file(file.id), answer.line
        left = [each for each in payouts if self._state(each) in OPEN and each.id not in answer.apart]
        if line is None:
            if not left:
                return Step(answer, file=file.id)
            self._check(file.id, answer, {_sum(left), _sum(payouts)}, file.currency)
            return Step(answer, tuple(left), file=file.id)
        seen = self.files[file.id, line.view] + self.unit.payouts.lines.count_of_file(file.id, line.view)
        alone = [each for each in payouts if not self._seen(each, line)]
        # What the bank refused is debited with the rest, and comes back, or it is not debited.
        failed = [each for each in alone if self._state(each) is PayoutState.FAILED and not self._times_paid(each)]
        rest = [each for each in alone if each not in failed]
        self._check(file.id, answer, {_sum(payouts), _sum(alone), _sum(rest)}, file.currency)
        if seen or not alone or answer.amount not in (_sum(alone), _sum(rest)):
            raise _Unmatched("twice")
        debited = failed if answer.amount == _sum(alone) else []
        refused = tuple((part_of(line, each), each) for each in debited)
        return Step(answer, tuple(left), file=file.id, refused=refused)

    def _seen(self, payout: Payout, line: BankLine) -> int:
        """How many lines of this view are this payout's, alone or within its file's sum."""
        bank, key = self.unit.payouts.lines, (payout.id, line.debit, line.view)
        seen = bank.count_of_payout(*key) + self.lines[key]
        if line.debit and payout.file is not None:
            seen += bank.count_of_file(payout.file, line.view) + self.files[payout.file, line.view]
        return seen

    def _state(self, payout: Payout) -> PayoutState:
        return self.states.get(payout.id, payout.state)

    def _times_paid(self, payout: Payout) -> int:
        return self.unit.payouts.count_movements("paid", payout.id) + self.newly_paid[payout.id]

    def _check(self, file: BankFileId, answer: PaymentAnswer, amounts: set[int], currency: str) -> None:
        """Raises _Unmatched for a payment from another account, and one of another amount or currency."""
        if answer.account not in ("", self.unit.payouts.get_file(file).payer_iban):
            raise _Unmatched("account")
        is_named = answer.amount or answer.account or answer.channel != Channel.SEPA  # a bank may leave the amount out
        # A report names the sum of a file without its currency.
        named = answer.currency or (not answer.account and currency)
        if is_named and (answer.amount not in amounts or named != currency):
            raise _Unmatched("amount")

    def _changes(self, payout: Payout, answer: PaymentAnswer) -> bool:
        """Whether a report's answer is news. Raises _Unmatched."""
        now = self._state(payout)
        wanted = PayoutState.PAID if answer.paid else PayoutState.FAILED
        if now is wanted or (now is PayoutState.FAILED and self._times_paid(payout)):
            return False
        if not may_become(now, wanted):
            raise _Unmatched("failed")
        if is_handed_on(self.unit, payout, wanted):
            raise _Unmatched("handed")
        return True


def _sum(payouts: Sequence[Payout]) -> int:
    return sum(each.net for each in payouts)


def may_become(now: PayoutState, wanted: PayoutState) -> bool:
    """Banks send money back days after they have paid it. What was recorded as failed an admin records as paid."""
    return now in OPEN or (now is PayoutState.PAID and wanted is PayoutState.FAILED)


def is_handed_on(unit: UnitOfWork, payout: Payout, wanted: PayoutState) -> bool:
    return wanted is PayoutState.FAILED and settlement.is_handed_on(unit, payout)


def part_of(line: BankLine, payout: Payout) -> BankLine:
    """Return the part of a sum's line that is one payout's."""
    return lines.part(line, f"PAYOUT-{payout.id}", payout.net)
