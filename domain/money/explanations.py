"""Messages of `/why`, which explains one operation. Amounts are whole millionths."""

from dataclasses import dataclass

from domain.fairness.appeals import AnswerShown, Citation
from domain.messages import Message
from domain.moments import Moment
from domain.money.payouts import PayoutView


@dataclass(frozen=True, slots=True)
class WhyMenu(Message):
    """Menu of explanations; `worker` adds the explanation of the reader's skill."""

    worker: bool


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """Outcome of a check question: whether the answer was right, and the accepted answers."""

    right: bool
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OthersAnswer:
    """Answer that `count` other workers gave; None means “can't tell”."""

    answer: str | None
    count: int


@dataclass(frozen=True, slots=True)
class AppealExplained:
    """Appeal of a rejection. `votes` and `against` are None until it is decided; without a decision by `due` the worker
    wins. `ruled`: an admin decided, as there were too few judges."""

    state: str
    at: Moment
    due: Moment
    votes: int | None
    against: int | None
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class RejectionExplained:
    """Rejection of an answer; an appeal is possible until `until`."""

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
    """Answer that an operation is about, with all that happened to it.

    `hidden`: it was rejected or `taken_back`, so this reader does not see it. `rule` says where the reward went
    (at_once, probation or review, the latter two until `until` at most) or why pending pay became available (silence,
    accepted or qualified). `others` is None while the reader may not see what others answered."""

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
    """Top-up of one worker: milliseconds that an answer took, pay that the wage floor requires for it, pay that was
    given; `each` was added for each of `answers`."""

    milliseconds: int
    needed: int
    pay: int
    answers: int
    each: int


@dataclass(frozen=True, slots=True)
class Explanation(Message):
    """One operation as `side` (worker, requester or admin) sees it; `movement` is its kind.

    `incoming`: the money came to that side. `project` is a title; `accounts` (from, to) are shown to admins only."""

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
