"""The bank's answers about payouts, matched by the references they were sent under, and recorded once each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.money.bank_reasons import reason_of
from domain.money.messages.bank_statements import StatementPayout, UnmatchedAnswer
from domain.money.payouts import OPEN, BankFileId, Channel, Payout, PayoutId, PayoutState
from formats.bank.fields import PaymentAnswer
from services.act import Act
from services.money import settlement
from storage.unit import UnitOfWork

Kept = list[object]  # payout, state, reason, the bank's code: what a press records


class _Unmatched(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class Matched:
    """What would be recorded, in the order of the bank's message, and what would not."""

    found: list[StatementPayout] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    known: int = 0
    unclear: list[UnmatchedAnswer] = field(default_factory=list)


def match(unit: UnitOfWork, answers: Sequence[PaymentAnswer]) -> Matched:
    """Records nothing."""
    matched, states = Matched(), dict[PayoutId, PayoutState]()
    for answer in answers:
        try:
            payouts = _payouts(unit, answer, states)
        except _Unmatched as flaw:
            number = answer.file if answer.payout is None else answer.payout
            matched.unclear.append(UnmatchedAnswer(number or 0, answer.payout is None, flaw.why))
            continue
        matched.known += not payouts and not answer.apart  # those apart are counted one by one
        for payout in payouts:
            _add(unit, matched, payout, answer)
            states[payout.id] = PayoutState.PAID if answer.paid else PayoutState.FAILED
    return matched


def record(act: Act, kept: Sequence[Kept]) -> tuple[int, int, int]:
    """(paid, failed, left alone because somebody decided them meanwhile)."""
    paid, failed, left = 0, 0, 0
    for number, state, reason, code in kept:
        payout = act.unit.payouts.get(PayoutId(int(str(number))))
        wanted = PayoutState(str(state))
        if not _may(payout.state, wanted) or _is_handed_on(act.unit, payout, wanted):
            left += 1
            continue
        settlement.record(act, payout, wanted, str(reason), bank=str(code))
        paid += wanted is PayoutState.PAID
        failed += wanted is PayoutState.FAILED
    return paid, failed, left


def _payouts(unit: UnitOfWork, answer: PaymentAnswer, states: dict[PayoutId, PayoutState]) -> list[Payout]:
    """Those that the answer changes. Raises _Unmatched."""
    if answer.payout is None:
        return _of_file(unit, answer, states)
    payout = unit.payouts.find(answer.payout)
    if payout is None:
        raise _Unmatched("unknown")
    if payout.file is None:
        raise _Unmatched("failed" if payout.is_called_off else "waiting")
    if answer.file not in (None, payout.file) or unit.payouts.get_file(payout.file).channel != answer.channel:
        raise _Unmatched("file")
    _check(unit, payout.file, answer, {int(payout.net)}, payout.currency)
    return [payout] if _changes(unit, payout, answer, states) else []


def _of_file(unit: UnitOfWork, answer: PaymentAnswer, states: dict[PayoutId, PayoutState]) -> list[Payout]:
    """All of a file that have no answer yet: together they are the sum that the bank names."""
    file = unit.payouts.find_file(answer.file or 0)
    if file is None or file.channel != answer.channel:
        raise _Unmatched("unknown")
    payouts = unit.payouts.in_file(file.id)
    left = [each for each in payouts if states.get(each.id, each.state) in OPEN and each.id not in answer.apart]
    if not left:
        return []
    # What the bank refused is debited with the rest, and comes back, or it is not debited.
    sums: set[int] = {sum(each.net for each in some) for some in (left, payouts)}
    _check(unit, file.id, answer, sums, file.currency)
    return left


def _check(unit: UnitOfWork, file: BankFileId, answer: PaymentAnswer, amounts: set[int], currency: str) -> None:
    if answer.account not in ("", unit.payouts.get_file(file).payer_iban):
        raise _Unmatched("account")
    named = answer.amount or answer.account or answer.channel != Channel.SEPA  # a bank may leave the amount out
    told = answer.currency or (not answer.account and currency)  # a report names the sum of a file without its currency
    if named and (answer.amount not in amounts or told != currency):
        raise _Unmatched("amount")


def _changes(unit: UnitOfWork, payout: Payout, answer: PaymentAnswer, states: dict[PayoutId, PayoutState]) -> bool:
    now = states.get(payout.id, payout.state)
    wanted = PayoutState.PAID if answer.paid else PayoutState.FAILED
    if now is wanted or (now is PayoutState.FAILED and _came_back(unit, payout, states)):
        return False
    if not _may(now, wanted):
        raise _Unmatched("failed")
    if _is_handed_on(unit, payout, wanted):
        raise _Unmatched("handed")
    return True


def _came_back(unit: UnitOfWork, payout: Payout, states: dict[PayoutId, PayoutState]) -> bool:
    """Whether it was debited before it failed: that debit is no news."""
    return payout.id in states or unit.payouts.movement("paid", payout.id) is not None


def _may(now: PayoutState, wanted: PayoutState) -> bool:
    """Banks send money back days after they have paid it. What was recorded as failed an admin records as paid."""
    return now in OPEN or (now is PayoutState.PAID and wanted is PayoutState.FAILED)


def _is_handed_on(unit: UnitOfWork, payout: Payout, wanted: PayoutState) -> bool:
    return wanted is PayoutState.FAILED and settlement.is_handed_on(unit, payout)


def _add(unit: UnitOfWork, matched: Matched, payout: Payout, answer: PaymentAnswer) -> None:
    reason = "" if answer.paid else reason_of(answer.code, answer.general)
    who = unit.people.get(payout.worker).label
    state = PayoutState.PAID if answer.paid else PayoutState.FAILED
    matched.found.append(StatementPayout(payout.id, who, payout.net, payout.currency, answer.paid, reason))
    matched.kept.append([payout.id, state.value, reason, answer.code])
