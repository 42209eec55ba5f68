"""Messages of `/why`: explanations of one operation. Amounts are whole millionths."""

from dataclasses import dataclass

from domain.fairness.appeals import AnswerShown, Citation
from domain.messages import Message
from domain.moments import Moment
from domain.money.payouts import PayoutView


@dataclass(frozen=True, slots=True)
class WhyMenu(Message):
    """The menu of explanations; a worker may ask about their skill too."""

    worker: bool


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """The answer was to a check question: whether it was right, and the accepted answers."""

    right: bool
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OthersAnswer:
    """`answer` None is “can't tell”."""

    answer: str | None
    count: int


@dataclass(frozen=True, slots=True)
class AppealExplained:
    """The votes are None until it is decided; without a decision by `due` the worker wins. `ruled`: an admin decided,
    as there were too few judges."""

    state: str
    at: Moment
    due: Moment
    votes: int | None
    against: int | None
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class RejectionExplained:
    """An appeal is possible until `until`."""

    cited: Citation
    state: str
    at: Moment
    until: Moment
    appeal: AppealExplained | None


@dataclass(frozen=True, slots=True)
class Step:
    """One of the operations about an answer."""

    operation: int
    movement: str
    amount: int
    at: Moment


@dataclass(frozen=True, slots=True)
class AnswerExplained:
    """The answer an operation is about, and all that happened to it.

    `hidden`: it was not paid for, or `taken_back`, so its requester does not see it. `rule` says where the reward went:
    at_once, probation or review, the latter two until `until` at most; of pending pay why it became available: silence,
    accepted or qualified. `others` is None while the task is open.
    """

    shown: AnswerShown
    hidden: bool
    submitted_at: Moment
    fee: int
    until: Moment | None
    rule: str
    gold: KnownAnswer | None
    others: tuple[OthersAnswer, ...] | None
    rejection: RejectionExplained | None
    history: tuple[Step, ...]
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class TopupExplained:
    """Time of an answer, pay the wage floor requires for it, pay given; `each` was added for each of `answers`."""

    milliseconds: int
    needed: int
    pay: int
    answers: int
    each: int


@dataclass(frozen=True, slots=True)
class Explanation(Message):
    """One operation, as `side` (worker, requester or admin) sees it; `movement` is its kind, or raise.

    `incoming`: it came to that side. `project` is a title; an admin sees the `accounts` it went from and to.
    """

    operation: int
    movement: str
    side: str
    amount: int
    currency: str
    at: Moment
    memo: str
    accounts: tuple[str, str] | None
    incoming: bool
    project: str | None
    about: AnswerExplained | None
    payout: PayoutView | None
    topup: TopupExplained | None
