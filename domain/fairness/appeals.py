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
MAX_WORDS_CHARS = 1_000  # characters of the worker's words

MIN_POOL_JUDGES = 20  # possible judges; a smaller pool could be one person's accounts, so no jury is called
MIN_POOL_REQUESTERS = 3  # requesters these people work for
MIN_JUDGE_REQUESTERS, MIN_JUDGE_ANSWERS, MIN_JUDGE_DAYS = 2, 10, 3  # a judge's work for others than the parties
MIN_COMPARED_ANSWERS, MIN_AGREEING_PERCENT = (
    10,
    60,
)  # of it, answers to be compared with what others said, and those that agree
MAX_HISTORY_ANSWERS = 300  # latest answers that are looked at
MAX_EXAMINED_CANDIDATES, MAX_DRAWN_JUDGES = (
    200,
    54,
)  # candidates looked at, in the order of the lot, and how many of them are kept
JUDGES_PER_WAVE, WAVE_TIME = 3, 4 * HOUR  # asked at once, and as many again each time that was not enough
MAX_REFUND_PERCENT = 50  # of a requester's fees: the most that is returned of judges' pay


class AppealState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Appeal:
    """A worker's appeal against a rejection. `funded`: the judges' pay is set aside; `places`: judges' places still
    free; `ruled_by`: the admin who decided it, None if judges or a deadline did."""

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
    """One judge's part in an appeal: active → given | skipped | expired. `verdict` is the side that the judge takes,
    None until it is given."""

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
    def total(self) -> int:
        return self.worker + self.requester

    @property
    def decision(self) -> AppealState | None:
        """The majority's decision; None until all JUDGES have voted."""
        if self.total < JUDGES:
            return None
        return AppealState.WON if self.worker > self.requester else AppealState.LOST


@dataclass(frozen=True, slots=True)
class JudgeCandidate:
    """A possible judge's record of answers for requesters who are no party. `works_for`: pairs (requester, number of
    answers); `compared`: answers that can be compared with other workers' answers, `agreed` of them agree; `stopped`:
    restricted by evidence."""

    worker: PersonId
    works_for: tuple[tuple[PersonId, int], ...]
    days: int
    compared: int
    agreed: int
    stopped: bool = False

    @property
    def is_fit(self) -> bool:
        """Return whether the worker may judge: works for several requesters, on several days, agrees with other workers
        often enough and is not restricted. Requesters' gold is not counted."""
        agrees = self.compared >= MIN_COMPARED_ANSWERS and 100 * self.agreed >= MIN_AGREEING_PERCENT * self.compared
        return (
            agrees and len(self.works_for) >= MIN_JUDGE_REQUESTERS and self.days >= MIN_JUDGE_DAYS and not self.stopped
        )


def is_pool_wide(pool: Sequence[JudgeCandidate]) -> bool:
    """Return whether the pool is too large to be one person's accounts: at least MIN_POOL_JUDGES candidates and
    MIN_POOL_REQUESTERS requesters, of whom none has more than half of the candidates' answers."""
    answers_by_requester: Counter[PersonId] = Counter()
    for candidate in pool:
        answers_by_requester.update(dict(candidate.works_for))
    return (
        len(pool) >= MIN_POOL_JUDGES
        and len(answers_by_requester) >= MIN_POOL_REQUESTERS
        and 2 * max(answers_by_requester.values()) <= answers_by_requester.total()
    )


def lot_position(secret: bytes, submission: SubmissionId, worker: PersonId) -> bytes:
    """Return a worker's sort key in the draw of an appeal's judges; unpredictable without the secret."""
    return hmac.digest(secret, f"judge:{submission}:{worker}".encode(), "sha256")


def judges_pay(pay: Millionths) -> Millionths:
    """The judges' pay a rejection must hold: each judge earns the answer's pay."""
    return Millionths(JUDGES * pay)


def refundable_fees(fees: int, refunded: int) -> int:
    """Return how much of a requester's fees may still be refunded for judges: MAX_REFUND_PERCENT of `fees`, less what
    was `refunded`."""
    return max(0, fees * MAX_REFUND_PERCENT // 100 - refunded)


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer as its worker, its requester or a judge sees it: the task and the answer.

    `answer` None is “can't tell”; `content` and `options` are the task's, `pay` the answer's. `meant`: each label that
    the worker saw, and its label here; empty if the worker saw this order. `version`: the instructions under which the
    answer was given; 0 if there is only one version."""

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
    """Reason for a rejection: `clause` is the text of instruction line number `line` at that time, in `version` of the
    instructions (0 if there is only one)."""

    line: int
    clause: str
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class AnswerRejected(Message):
    """Notice to the worker of a rejected answer, who may appeal by `until`. `operation`: number of the transfer that
    set the pay aside."""

    about: AnswerShown
    cited: Citation
    until: Moment
    operation: int | None


@dataclass(frozen=True, slots=True)
class AppealOpened(Message):
    """Reply to the worker who appealed. `judged`: workers decide, otherwise an admin; without a decision by `until` the
    worker wins. `listens`: the worker's next message is taken as words for the judges."""

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
    """Reply to a worker: the judges can read `words`."""

    words: str


@dataclass(frozen=True, slots=True)
class WordsTooLate(Message):
    """Reply to a worker: the appeal is decided, or has its words already."""


@dataclass(frozen=True, slots=True)
class WordsDropped(Message):
    """Reply to a worker: no words were sent to the judges."""


@dataclass(frozen=True, slots=True)
class AppealToJudge(Message):
    """Case for a judge, without names and other judgements. `words`: the worker's statement; `last`: feedback on the
    judge's answer just before."""

    appeal: AppealId
    about: AnswerShown
    cited: Citation
    words: str | None
    instructions: tuple[str, ...]
    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class AppealToRule(Message):
    """Case for an admin if there are too few judges; without a decision by `until` the worker is paid."""

    appeal: AppealId
    about: AnswerShown
    cited: Citation
    words: str | None
    instructions: tuple[str, ...]
    until: Moment


@dataclass(frozen=True, slots=True)
class AppealRuled(Message):
    """Reply to the admin who decided an appeal."""

    appeal: AppealId
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AppealJudged(Message):
    """Text that replaces the judge's case once judged; `verdict` None: skipped."""

    title: str
    verdict: Verdict | None
    pay: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class AppealDecision:
    """Votes of a decided appeal: `votes` for the worker, `against` for the requester; `ruled`: by an admin alone."""

    votes: int
    against: int
    ruled: bool


@dataclass(frozen=True, slots=True)
class AppealWon(Message):
    """Notice to the worker that the appeal was won and the pay is theirs."""

    about: AnswerShown
    decision: AppealDecision
    operation: int | None


@dataclass(frozen=True, slots=True)
class AppealLost(Message):
    """Notice to the worker that the appeal was lost."""

    about: AnswerShown
    decision: AppealDecision
    operation: int | None


@dataclass(frozen=True, slots=True)
class AppealWindowClosed(Message):
    """Notice to a worker who did not appeal in time: the rejection is final."""

    about: AnswerShown
    operation: int | None


@dataclass(frozen=True, slots=True)
class RejectionOverturned(Message):
    """Notice to the requester that the worker won. `taken_back`: the worker withdrew the answer, so only the pay goes
    out."""

    about: AnswerShown
    decision: AppealDecision
    operation: int | None
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class RejectionUpheld(Message):
    """Notice to the requester: pay and `fee` are returned, because the appeal was lost or never opened."""

    about: AnswerShown
    fee: Millionths
    operation: int | None


@dataclass(frozen=True, slots=True)
class JudgesPaidBack(Message):
    """Notice to a requester who was right: `back` of the `due` that judges cost is refunded."""

    project: ProjectId
    title: str
    due: Millionths
    back: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class JudgesCostTooMuch(Message):
    """Alarm to admins: judges of the requester `who` cost more than the refundable share of the requester's fees."""

    who: str
    project: ProjectId
    title: str
    due: Millionths
    back: Millionths
    currency: str
