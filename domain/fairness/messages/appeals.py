"""Messages about rejections and appeals: to the worker, the requester, judges and admins."""

from dataclasses import dataclass

from domain.fairness.appeals import AppealId, Verdict
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.work.messages import LastAnswer
from domain.work.submissions import SubmissionId


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
