"""Messages about a worker's balance. Amounts are whole millionths of the currency; an `operation` is the number of a
transfer, explained by `/why`."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class CurrencyBalance:
    """A worker's money in one currency: available, pending, on its way to the bank, and set `aside` because its answers
    were rejected and the appeals are open."""

    currency: str
    available: int
    pending: int
    payout: int
    aside: int


@dataclass(frozen=True, slots=True)
class PendingPay:
    """Pending pay of `count` answers of one project; the first becomes available at `until` at the latest. With
    `review` the requester decides, else the worker has yet to qualify."""

    project: ProjectId
    title: str
    count: int
    amount: int
    currency: str
    until: Moment
    review: bool


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """Movements of a worker's money of one kind and project on one `day` (`2026-11-27`, in the worker's zone): `count`
    of them, `amount` in sum, signed. `operation` is the number of the latest."""

    operation: int
    kind: str
    amount: int
    currency: str
    count: int = 1
    day: str = ""


@dataclass(frozen=True, slots=True)
class Balance(Message):
    """Message to a worker: balances by currency, pending pay with reasons, the last movements, and the number of
    answers. `today` and `yesterday` are days of the worker's calendar. `suspended`: no tasks are given; `asks`: the
    worker is a requester too, whose funds are under /funds."""

    books: tuple[CurrencyBalance, ...]
    answers: int
    held: tuple[PendingPay, ...]
    entries: tuple[BalanceEntry, ...]
    today: str = ""
    yesterday: str = ""
    suspended: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class FreeFunds:
    """A requester's free money in one currency."""

    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class HeldFunds:
    """Money in one project's budget."""

    number: ProjectId
    title: str
    state: str
    held: int
    currency: str


@dataclass(frozen=True, slots=True)
class PersonBalance(Message):
    """Message to an admin: a person's balances as a `worker`, and as a requester if they `ask`. `projects` are the
    newest, `held` is the money in all projects."""

    who: str
    telegram_id: int | None
    worker: bool
    asks: bool
    free: tuple[FreeFunds, ...]
    projects: tuple[HeldFunds, ...]
    balance: Balance
    held: tuple[FreeFunds, ...] = ()


@dataclass(frozen=True, slots=True)
class PayReleased(Message):
    """Message to a worker: pending pay of a project became available; with the balances after it."""

    title: str
    currency: str
    available: int
    pending: int
