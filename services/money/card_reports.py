"""A card provider's report of its balance: fees are booked, refunds recorded, payouts and payments matched, each line
once. Lines that fit nothing are shown to the admin each time the report is sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import TypeAdapter

from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.card_payments import CardPayment
from domain.money.card_reports import CardReportBooked, CardReportRead, ReportLine, ReportMisfit, ReportRefund
from domain.money.ledger import CARDS, requester_account
from domain.people.accounts import PersonId
from domain.refusals import StatementRefused
from services.act import Act
from services.money import card_payments

JOURNEY = "card_report"
LINES_PER_PAGE = 8  # misfits on a page
MAX_LISTED_REFUNDS = 20
PAYOUT_LEAD = 7 * DAY  # so long before the report's day a payout may have been recorded
RECORDED_LATELY = 60 * DAY  # fees recorded by hand within this time may be the report's
PAYOUT_KINDS = {"payout": card_payments.PAYOUT, "payout_reversal": card_payments.PAYOUT_BACK}
_LINES = TypeAdapter(tuple[ReportLine, ...])


@dataclass(frozen=True, slots=True)
class ReportStep:
    """What a line books: a `refund` of its payment and a `fee`, negative where it was given back, both 0 where there is
    none. `payout` is the recorded movement that the line is."""

    line: ReportLine
    payment: CardPayment | None = None
    refund: int = 0
    fee: int = 0
    payout: int | None = None


@dataclass(slots=True)
class ReportMatches:
    """Lines of a report beside what is booked. Nothing is booked yet: what earlier lines of the report would take is
    counted here."""

    act: Act
    held: int
    steps: list[ReportStep] = field(default_factory=list)
    misfits: list[ReportMisfit] = field(default_factory=list)
    known_count: int = 0
    numbers: set[str] = field(default_factory=set)
    refunded: Counter[int] = field(default_factory=Counter)  # by payment: recorded by steps
    explained: Counter[int] = field(default_factory=Counter)  # by payment: refunds recorded by hand that steps are
    spent: Counter[PersonId] = field(default_factory=Counter)  # by account

    @property
    def fees(self) -> int:
        return sum(step.fee for step in self.steps)

    def add(self, line: ReportLine) -> None:
        """Add the step of a line, or the misfit; count a line that was booked before, or is in the report twice."""
        if line.number in self.numbers or self.act.unit.card_payments.is_reported(line.number):
            self.known_count += 1
            return
        self.numbers.add(line.number)
        payment = self.act.unit.card_payments.find_by_provider(line.charges)
        why, step = self._judge(line, payment)
        if step is None or step.fee + step.refund > self.held:
            stray = None if payment else self.act.unit.card_payments.find_stray_by_provider(line.charges)
            why = "stray" if why == "unknown" and stray is not None else why or "balance"
            self.misfits.append(ReportMisfit(line, why, payment.id if payment else stray))
            return
        self.held -= step.fee + step.refund
        if payment is not None and step.refund:
            self.refunded[payment.id] += step.refund
            self.spent[payment.account] += step.refund
        elif payment is not None and line.category in card_payments.RETURN_CATEGORIES:
            self.explained[payment.id] -= line.gross
        self.steps.append(step)

    def _judge(self, line: ReportLine, payment: CardPayment | None) -> tuple[str, ReportStep | None]:
        """Return what the line books, or why it books nothing."""
        if line.currency != self.act.house.terms.currency:
            return "currency", None
        if line.category in ("fee", "network_cost"):
            return "", ReportStep(line, fee=line.fee - line.gross)
        if line.category in PAYOUT_KINDS:
            return self._judge_payout(line)
        if line.category == "charge":
            why = "unknown" if payment is None else "amount" if payment.amount != line.gross else ""
            return why, None if why else ReportStep(line, payment, fee=line.fee)
        if line.category in card_payments.RETURN_CATEGORIES and line.gross < 0:
            return self._judge_return(line, payment)
        return "category", None

    def _judge_payout(self, line: ReportLine) -> tuple[str, ReportStep | None]:
        """Match a payout with a recorded one of its amount, which no line has been matched with."""
        since = later(_to_moment(line.day), -PAYOUT_LEAD)
        movements = self.act.unit.card_payments.find_movements(
            PAYOUT_KINDS[line.category], abs(line.gross), line.currency, since
        )
        matched = {step.payout for step in self.steps}
        movement = next((movement for movement in movements if movement not in matched), None)
        return ("payout", None) if movement is None else ("", ReportStep(line, fee=line.fee, payout=movement))

    def _judge_return(self, line: ReportLine, payment: CardPayment | None) -> tuple[str, ReportStep | None]:
        """Match money that went back to a card with refunds recorded by hand; record a refund that was not. A dispute
        is never recorded: an admin says who bears it."""
        if payment is None:
            return "unknown", None
        unit, amount = self.act.unit, -line.gross
        by_hand = payment.refunded - unit.card_payments.sum_reported_returns(payment.id) - self.explained[payment.id]
        if by_hand >= amount:
            return "", ReportStep(line, payment, fee=line.fee)
        account = requester_account(unit.people.get(payment.account))
        checks = {
            "dispute": line.category != "dispute",
            "typed": by_hand <= 0,
            "more": amount <= payment.amount - payment.refunded - self.refunded[payment.id],
            "spent": amount <= unit.ledger.balance(account, line.currency) - self.spent[payment.account],
        }
        why = next((reason for reason, holds in checks.items() if not holds), "")
        return why, None if why else ReportStep(line, payment, amount, line.fee)


def _to_moment(day: str) -> Moment:
    """Return the beginning of a day in UTC; that of the month's first day for a day that no calendar has."""
    year, month, number = map(int, day.split("-"))
    try:
        begin = datetime(year, month, number, tzinfo=UTC)
    except ValueError:
        begin = datetime(year, month, 1, tzinfo=UTC)
    return Moment(int(begin.timestamp() * 1_000))


def match_lines(act: Act, lines: Sequence[ReportLine]) -> ReportMatches:
    """Match every line of a report. Records nothing."""
    matches = ReportMatches(act, max(0, -act.unit.ledger.balance(CARDS, act.house.terms.currency)))
    for line in lines:
        matches.add(line)
    return matches


def preview_report(act: Act, number: int, lines: Sequence[ReportLine]) -> CardReportRead:
    """Show what a report would book, and keep it as a draft until the button is pressed; `number` tells this report
    from others. Raise NotAllowed unless the sender is an admin."""
    act.require("admin")
    draft = {
        "report": number,
        "currency": act.house.terms.currency,
        "lines": _LINES.dump_python(tuple(lines), mode="json"),
    }
    act.unit.drafts.keep(act.person.id, JOURNEY, draft, act.unit.now)
    return _list_page(act, number, lines, 0)


def turn_page(act: Act, report: int, page: int) -> CardReportRead:
    """Return another page of the report's misfits. Raise StatementRefused for an older report."""
    return _list_page(act, report, _get_kept_lines(act, report), page)


def _list_page(act: Act, number: int, lines: Sequence[ReportLine], page: int) -> CardReportRead:
    unit, currency, matches = act.unit, act.house.terms.currency, match_lines(act, lines)
    pages = max(1, -(-len(matches.misfits) // LINES_PER_PAGE))
    page = min(max(0, page), pages - 1)
    refunds = [step for step in matches.steps if step.refund]
    return CardReportRead(
        report=number,
        currency=currency,
        fees=matches.fees,
        typed_fees=unit.card_payments.sum_typed_fees(currency, later(unit.now, -RECORDED_LATELY)),
        refunds=tuple(_to_refund(act, step) for step in refunds[:MAX_LISTED_REFUNDS]),
        refund_count=len(refunds),
        payments=sum(step.line.category == "charge" for step in matches.steps),
        payouts=sum(step.payout is not None for step in matches.steps),
        recorded=sum(
            step.line.category in card_payments.RETURN_CATEGORIES and not step.refund for step in matches.steps
        ),
        known=matches.known_count,
        misfits=tuple(matches.misfits[page * LINES_PER_PAGE : (page + 1) * LINES_PER_PAGE]),
        misfit_count=len(matches.misfits),
        new=len(matches.steps),
        page=page,
        pages=pages,
    )


def _to_refund(act: Act, step: ReportStep) -> ReportRefund:
    assert step.payment is not None  # noqa: S101 - a refund is one of a payment
    return ReportRefund(step.payment.id, act.unit.people.get(step.payment.account).label, step.refund)


def book_report(act: Act, report: int) -> CardReportBooked:
    """Book the report that was shown, matched anew, so that each line counts once, however often it is sent. Raise
    StatementRefused for an older report."""
    unit, currency = act.unit, act.house.terms.currency
    lines = _get_kept_lines(act, report)
    unit.drafts.drop(act.person.id)
    matches = match_lines(act, lines)
    for step in matches.steps:
        _book_step(act, step)
    return CardReportBooked(
        currency=currency,
        lines=len(matches.steps),
        fees=matches.fees,
        refunds=sum(step.refund > 0 for step in matches.steps),
        known=matches.known_count,
        misfits=len(matches.misfits),
        held=-unit.ledger.balance(CARDS, currency),
    )


def _book_step(act: Act, step: ReportStep) -> None:
    """Book a step under the provider's number of its line, and store the line."""
    line, transfer, fee_transfer = step.line, step.payout, None
    key = f"report:{line.number}"
    if step.payment is not None and step.refund:
        transfer = card_payments.record_refund(act, step.payment, Millionths(step.refund), key)
    if step.fee:
        kind = card_payments.FEE if step.fee > 0 else card_payments.FEE_BACK
        fee_transfer = card_payments.move_provider_money(
            act, kind, amount=Millionths(abs(step.fee)), currency=line.currency, key=key, memo=line.number
        )
    payment = step.payment.id if step.payment else None
    act.unit.card_payments.add_report_line(
        line, act.person.id, fee=step.fee, payment=payment, transfer=transfer, fee_transfer=fee_transfer
    )


def _get_kept_lines(act: Act, report: int) -> Sequence[ReportLine]:
    """Return the lines of the report of this number. Raise StatementRefused for an older report, and one in another
    currency."""
    draft = act.unit.drafts.find(act.person.id)
    if draft is None or draft.journey != JOURNEY or draft.fields["report"] != report:
        raise StatementRefused(why="old")
    if draft.fields["currency"] != act.house.terms.currency:
        raise StatementRefused(why="old")
    return _LINES.validate_python(draft.fields["lines"])
