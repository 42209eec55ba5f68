"""The bank's answers about payouts, matched by the references they were sent under, and recorded once each.

An answer of a report says what became of a payout. One of a statement or an advice is money that moved as well: its
line is kept under its own key, and counts once. What does not fit exactly waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.money.bank_reasons import reason_of
from domain.money.messages.bank_statements import StatementPayout, UnmatchedLine
from domain.money.payouts import Payout
from formats.bank.fields import PaymentAnswer
from services.act import Act
from services.money import settlement
from services.money.bank import lines
from services.money.bank.payout_matching import Matcher, Step, is_handed_on, may_become
from storage.unit import UnitOfWork

CLEARS, TWIN = "clears", "twin"  # of matched lines: it takes back one that waits; another view's line is the same


@dataclass(slots=True)
class Matched:
    """What would be recorded, in the order of the bank's message, and what would not."""

    found: list[StatementPayout] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    known: int = 0
    unclear: list[UnmatchedLine] = field(default_factory=list)


def match(unit: UnitOfWork, answers: Sequence[PaymentAnswer]) -> Matched:
    """Records nothing."""
    matched, matcher = Matched(), Matcher(unit)
    for answer in answers:
        if answer.line is not None and unit.payouts.lines.is_known(answer.line.key):
            matched.known += 1
            continue
        step = matcher.take(answer)
        matched.steps.append(step)
        if step.why and step.twin is None:
            matched.unclear.append(unmatched(unit, step))
        elif not step.payouts and not step.clears and not step.refused:
            matched.known += not answer.apart  # those apart are counted one by one
        for payout in step.payouts:
            matched.found.append(_shown(unit, payout, answer))
        if step.clears and step.payout is not None:
            matched.found.append(_shown(unit, unit.payouts.get(step.payout), answer, CLEARS))
        for line, payout in step.refused:
            matched.unclear.append(lines.shown(unit, line, "refused", payout.id))
    return matched


def record(act: Act, steps: Sequence[Step]) -> tuple[int, int, int]:
    """(paid, failed, lines that wait)."""
    paid, failed, waiting = 0, 0, 0
    for step in steps:
        answer, line = step.answer, step.answer.line
        reason = "" if answer.paid else reason_of(answer.code, answer.general)
        for payout in step.payouts:
            current = act.unit.payouts.get(payout.id)
            if not may_become(current.state, step.state) or is_handed_on(act.unit, current, step.state):
                step = replace(step, why="handed")
                continue
            settlement.record(act, current, step.state, reason, bank=answer.code)
            paid += answer.paid
            failed += not answer.paid
        if line is None:
            continue
        if step.why and step.twin is None:
            waiting += lines.wait(act.unit, line, step.why, payout=step.payout, file=step.file)
            continue
        if step.clears:
            lines.clear(act, step.clears)
        why = TWIN if step.twin is not None else CLEARS if step.clears else ""
        act.unit.payouts.lines.add(line, why=why, twin=step.twin, payout=step.payout, file=step.file)
        for part, payout in step.refused:
            waiting += lines.wait(act.unit, part, "refused", payout=payout.id, file=step.file)
    return paid, failed, waiting


def unmatched(unit: UnitOfWork, step: Step) -> UnmatchedLine:
    """Return the answer as it is shown to a person, who decides."""
    answer, number = step.answer, step.answer.payout
    if answer.line is not None:
        return lines.shown(unit, answer.line, step.why, number, answer.file if number is None else None)
    money = (answer.amount, answer.currency, answer.paid)
    file = answer.file if number is None else None
    return UnmatchedLine(step.why, *money, party=lines.label_of(unit, number), payout=number, file=file)


def _shown(unit: UnitOfWork, payout: Payout, answer: PaymentAnswer, reason: str = "") -> StatementPayout:
    reason = reason or ("" if answer.paid else reason_of(answer.code, answer.general))
    who = unit.people.get(payout.worker).label
    return StatementPayout(payout.id, who, payout.net, payout.currency, answer.paid, reason)
