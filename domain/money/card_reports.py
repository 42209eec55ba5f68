"""A card provider's report of its balance: its lines, and messages about what they book."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A movement of the balance at the provider, by the provider's `number`. `gross` and `fee` are millionths, `gross`
    negative where money leaves that balance; `charges` are numbers by which the payment concerned may be known; `day`
    is YYYY-MM-DD."""

    number: str
    category: str
    currency: str
    gross: int
    fee: int
    charges: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class ReportMisfit:
    """A line that books nothing. `why`: unknown, stray, amount, currency, spent, more, typed, dispute, payout, balance
    or category; `payment` is the number of the card payment concerned, or of the stray one, if there is any."""

    line: ReportLine
    why: str
    payment: int | None = None


@dataclass(frozen=True, slots=True)
class ReportRefund:
    """A refund that a press would record; `who` is whose funds it leaves."""

    payment: int
    who: str
    amount: int


@dataclass(frozen=True, slots=True)
class CardReportRead(Message):
    """Message to an admin: what a report would book. `fees` is what the provider kept, less what it gave back;
    `typed_fees` were recorded by hand lately. `payments`, `payouts` and `recorded` refunds are lines that fit what is
    booked; `known` lines were booked from an earlier report. `refunds` are some of `refund_count`."""

    report: int
    currency: str
    fees: int
    typed_fees: int
    refunds: tuple[ReportRefund, ...]
    refund_count: int
    payments: int
    payouts: int
    recorded: int
    known: int
    misfits: tuple[ReportMisfit, ...]
    misfit_count: int
    new: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CardReportBooked(Message):
    """Message to an admin: a report was booked. `lines` are new, `refunds` of them were recorded now; `misfits` are
    left; `held` is at the provider now."""

    currency: str
    lines: int
    fees: int
    refunds: int
    known: int
    misfits: int
    held: int
