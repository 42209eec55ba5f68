"""Appeals: a worker's objection to a rejection, judged blind by three other workers.

Judges are drawn by lot from people unrelated to both sides, and paid by the losing side: their pay is held from the
requester before a rejection takes effect. Where the requester was right the platform returns it, out of that
requester's own fees and never more than a share of them, so that rejecting one's own second account never pays.
"""

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.messages import Message
from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.work.assignments import SubmissionId
from domain.work.messages import LastAnswer

AppealId = NewType("AppealId", int)

JUDGES = 3
JUDGING_TIME = 1 * HOUR  # for one judge
LONGEST = 1_000  # characters of the worker's words

POOL = 20  # possible judges; a smaller pool could be one person's accounts, so no jury is called
SPAN = 3  # requesters these people work for
REQUESTERS, ANSWERS, DAYS = 2, 10, 3  # a judge's work for others than the parties
COMPARED, AGREEING_PERCENT = 10, 60  # of it, answers to be compared with what others said, and those that agree
HISTORY = 300  # latest answers that are looked at
LOOKED_AT, DRAWN = 200, 54  # candidates looked at, in the order of the lot, and how many of them are kept
CALLED, WAVE = 3, 4 * HOUR  # asked at once, and as many again each time that was not enough
GIVEN_BACK_PERCENT = 50  # of a requester's fees: the most that is returned of judges' pay


class AppealState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Appeal:
    """`funded`: the judges' pay is set aside; `places` are the free ones. `ruled_by`: an admin decided it."""

    id: AppealId
    submission: SubmissionId
    words: str | None
    state: AppealState
    funded: bool
    places: int
    opened_at: Moment
    due_at: Moment
    ruled_by: PersonId | None = None


class Verdict(StrEnum):
    WORKER = "worker"
    REQUESTER = "requester"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judge's: active → given | skipped | expired. `verdict` is the side it takes, once given."""

    appeal: AppealId
    worker: PersonId
    state: str
    verdict: Verdict | None
    deadline: Moment


@dataclass(frozen=True, slots=True)
class Votes:
    worker: int
    requester: int

    @property
    def given(self) -> int:
        return self.worker + self.requester

    @property
    def decision(self) -> AppealState | None:
        """None before every judge has spoken."""
        if self.given < JUDGES:
            return None
        return AppealState.WON if self.worker > self.requester else AppealState.LOST


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker's record of answers for other requesters than the parties; `works_for`: number of answers by
    requester."""

    worker: PersonId
    works_for: tuple[tuple[PersonId, int], ...]
    days: int
    compared: int
    agreed: int
    stopped: bool = False

    @property
    def is_fit(self) -> bool:
        """Known to several requesters, over days, and of one mind with others: no requester's gold has a say."""
        agrees = self.compared >= COMPARED and 100 * self.agreed >= AGREEING_PERCENT * self.compared
        return agrees and len(self.works_for) >= REQUESTERS and self.days >= DAYS and not self.stopped


def is_wide(pool: Sequence[Candidate]) -> bool:
    """Whether the pool is too large for one person's accounts, and no requester has half of its work."""
    known: Counter[PersonId] = Counter()
    for each in pool:
        known.update(dict(each.works_for))
    return len(pool) >= POOL and len(known) >= SPAN and 2 * max(known.values()) <= known.total()


def lot(secret: bytes, submission: SubmissionId, worker: PersonId) -> bytes:
    """A worker's position in the draw for an appeal, random without the secret."""
    return hmac.digest(secret, f"judge:{submission}:{worker}".encode(), "sha256")


def judges_pay(pay: Millionths) -> Millionths:
    """The judges' pay a rejection must hold: each judge earns the answer's pay."""
    return Millionths(JUDGES * pay)


def may_give_back(fees: int, given_back: int) -> int:
    """The rest of the share of a requester's fees that may be returned for judges."""
    return max(0, fees * GIVEN_BACK_PERCENT // 100 - given_back)


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer as its worker, its requester or a judge sees it: the task and the answer.

    `answer` None is “can't tell”; `content` and `options` are the task's, `pay` the answer's. `meant`: each label that
    the worker saw, and what it is called here; empty where they saw this order. `version` of the instructions it was
    made under; 0 where there is only one.
    """

    submission: SubmissionId
    project: ProjectId
    title: str
    kind: str
    answer: str | None
    pay: Millionths
    currency: str
    content: TaskContent
    options: tuple[str, ...] = ()
    meant: tuple[tuple[str, str], ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """Why an answer was rejected: `clause` are the words of instruction line number `line` as they were then, in the
    `version` it was made under; 0 where there is only one."""

    line: int
    clause: str
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class AnswerRejected(Message):
    """To its worker, who may appeal by `until`. `operation` moved the pay."""

    about: AnswerShown
    cited: Citation
    until: Moment
    operation: int | None


@dataclass(frozen=True, slots=True)
class AppealOpened(Message):
    """`judged` by workers, else an admin looks at it; without a decision by `until` the worker wins. `listens`: the
    next words are taken for those who decide."""

    appeal: AppealId
    title: str
    judged: bool
    until: Moment
    listens: bool = False


@dataclass(frozen=True, slots=True)
class WordsWanted(Message):
    """Asks a worker for words to the judges; they are shown before they are sent."""


@dataclass(frozen=True, slots=True)
class WordsToSend(Message):
    """The words for the judges, before they are sent."""

    appeal: AppealId
    words: str


@dataclass(frozen=True, slots=True)
class WordsSent(Message):
    """The judges read `words`."""

    words: str


@dataclass(frozen=True, slots=True)
class WordsTooLate(Message):
    """The appeal is decided, or has its words."""


@dataclass(frozen=True, slots=True)
class WordsDropped(Message):
    """Nothing was sent to the judges."""


@dataclass(frozen=True, slots=True)
class AppealToJudge(Message):
    """To a judge, without names and other judgements. `words` are the worker's own; `last` is what the judge answered
    just before."""

    appeal: AppealId
    about: AnswerShown
    cited: Citation
    words: str | None
    instructions: tuple[str, ...]
    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class AppealToRule(Message):
    """The same to an admin, where there are too few judges; without a decision by `until` the worker is paid."""

    appeal: AppealId
    about: AnswerShown
    cited: Citation
    words: str | None
    instructions: tuple[str, ...]
    until: Moment


@dataclass(frozen=True, slots=True)
class AppealRuled(Message):
    """To the admin who decided."""

    appeal: AppealId
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AppealJudged(Message):
    """In the message that asked a judge; `verdict` None was skipped."""

    title: str
    verdict: Verdict | None
    pay: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`votes` were for the worker, `against` for the requester; `ruled` by an admin alone."""

    votes: int
    against: int
    ruled: bool


@dataclass(frozen=True, slots=True)
class AppealWon(Message):
    """To the worker."""

    about: AnswerShown
    decision: Decision
    operation: int | None


@dataclass(frozen=True, slots=True)
class AppealLost(Message):
    """To the worker."""

    about: AnswerShown
    decision: Decision
    operation: int | None


@dataclass(frozen=True, slots=True)
class AppealWindowClosed(Message):
    """To a worker who did not appeal."""

    about: AnswerShown
    operation: int | None


@dataclass(frozen=True, slots=True)
class RejectionOverturned(Message):
    """To the requester: the worker won; `taken_back`: the pay alone, as the answer is not the requester's any more."""

    about: AnswerShown
    decision: Decision
    operation: int | None
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class RejectionUpheld(Message):
    """To the requester: pay and `fee` are theirs again, by an appeal that was lost or never opened."""

    about: AnswerShown
    fee: Millionths
    operation: int | None


@dataclass(frozen=True, slots=True)
class JudgesPaidBack(Message):
    """To a requester who was right: `back` of the `due` that judges cost."""

    project: ProjectId
    title: str
    due: Millionths
    back: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class JudgesCostTooMuch(Message):
    """To admins: a requester's judges cost more than their fees may bear. `who` is the requester."""

    who: str
    project: ProjectId
    title: str
    due: Millionths
    back: Millionths
    currency: str
