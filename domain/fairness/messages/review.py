"""Messages of review: to a requester who decides about answers, and to an admin about a project with too many
rejections."""

from dataclasses import dataclass

from domain.fairness.messages.appeals import AnswerShown
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.work.submissions import SubmissionId


@dataclass(frozen=True, slots=True)
class Evidence:
    """Beside an answer: what how many `others` said to the same task (None is “can't tell”), its worker's check
    questions in this project, and the usual time in milliseconds."""

    others: tuple[tuple[str | None, int], ...] = ()
    right: int = 0
    checked: int = 0
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerToReview(Message):
    """The most doubtful answer that waits for its requester, of `left`; paid by itself at `until`.

    `worker` is a pseudonym, `milliseconds` the time the answer took; `consensus` None is not known yet; `last` is the
    newest answer there is. `spends`: the reader may do what takes money; a team's member who may only look may not.
    """

    about: AnswerShown
    left: int
    worker: str
    milliseconds: int
    until: Moment
    consensus: str | None
    confidence: float | None
    last: SubmissionId
    beside: Evidence = Evidence()
    spends: bool = True


@dataclass(frozen=True, slots=True)
class NothingToReview(Message):
    """`reviews`: the project pays only what its requester accepts."""

    project: ProjectId
    title: str
    reviews: bool


@dataclass(frozen=True, slots=True)
class LinesToCite(Message):
    """The first of two steps of a rejection: which of the `lines` was not followed. They are those of the `edition`
    that the answer was made under, 0 where there is only one."""

    submission: SubmissionId
    project: ProjectId
    lines: tuple[str, ...]
    edition: int = 0


@dataclass(frozen=True, slots=True)
class ReasonWanted(Message):
    """The second: the reason is typed."""

    submission: SubmissionId
    project: ProjectId
    line: int
    clause: str


@dataclass(frozen=True, slots=True)
class RejectionMade(Message):
    """`held` of the requester's is held for judges."""

    project: ProjectId
    title: str
    held: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class RestAccepted(Message):
    """`count` answers were accepted for `amount`; `left` still wait."""

    project: ProjectId
    title: str
    count: int
    amount: Millionths
    currency: str
    left: int


@dataclass(frozen=True, slots=True)
class ProjectRests(Message):
    """To its requester: `rejected` of `decided` answers were too many."""

    project: ProjectId
    title: str
    rejected: int
    decided: int


@dataclass(frozen=True, slots=True)
class PauseToDecide(Message):
    """The same to admins; `who` is the requester."""

    who: str
    project: ProjectId
    title: str
    rejected: int
    decided: int


@dataclass(frozen=True, slots=True)
class PauseDecided(Message):
    """To the requester and to the admin who decided: it goes on, or is stopped."""

    project: ProjectId
    title: str
    resumed: bool
