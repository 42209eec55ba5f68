"""Messages to workers about tasks and answers, and the results of their presses."""

from dataclasses import dataclass

from domain.answers import Draft, Wants
from domain.fairness.ratings import RateableRequester
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.people.push_hours import QuietUntil
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.records import record
from domain.work.assignments import AssignmentId
from domain.work.honest_card import HonestCard
from domain.work.instructions.news import InstructionNews
from domain.work.offers import SetAside, SkippedLeft
from domain.work.recaps import Recap
from domain.work.submissions import SubmissionId


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed check question: `answer` (None “can't tell”) was given, one of `gold` was right.

    `submission` is the one to contest. `called`: pairs of what the reason calls a thing and how the worker saw it.
    """

    kind: str
    answer: str | None
    gold: tuple[str, ...]
    reason: str | None
    submission: SubmissionId
    called: tuple[tuple[str, str], ...] = ()


@record
class AnswerStands(Message):
    """The message of an answered task; `answer` None is “can't tell”.

    `about` is how its task begins; `changed`: another answer stood before. `miss` explains a missed known answer,
    unless that is explained in a message `below`; `recap` sums up the run every few answers."""

    about: str
    kind: str
    answer: str | None
    pay: Millionths
    currency: str
    changed: bool = False
    miss: Miss | None = None
    recap: Recap | None = None
    below: bool = False


@record
class LastAnswer:
    """The last answer, shown above the next message; it can still be changed.

    `change` names its assignment, `typed` says that it was written, `message` what shows it in the chat (0 unknown).
    `received` is the pay of an answer that was sent instead of pressed, `held` whether that is pending. `recap` sums up
    a run of tasks that ends here.
    In session mode this message takes the place of the one that `replaces` names, so it says what `stands` there, and
    sums up the run every few answers.
    """

    change: AssignmentId | None = None
    message: int = 0
    received: Millionths | None = None
    currency: str = ""
    held: bool = False
    recap: Recap | None = None
    stands: AnswerStands | None = None
    replaces: AssignmentId | None = None
    typed: bool = False


@record
class TaskShown(Message):
    """A task to be answered in `minutes`, with what was answered and pressed so far (`draft`).

    `pay` is for one answer; `news` is what changed in the instructions. `card` comes with the first task of a project;
    `changing`: it was answered, and the answer is being changed, or, `paid_again`, given once more; `late`: its time is
    up, and an answer counts while a place is left.
    """

    assignment: AssignmentId
    project: ProjectId
    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    content: TaskContent
    draft: Draft
    minutes: int
    pay: Millionths
    currency: str
    card: HonestCard | None = None
    last: LastAnswer | None = None
    changing: bool = False
    late: bool = False
    paid_again: bool = False
    news: InstructionNews | None = None


@dataclass(frozen=True, slots=True)
class MissExplained(Message):
    """A missed known answer, explained in a message of its own: below an answer that was sent, not pressed."""

    miss: Miss


@dataclass(frozen=True, slots=True)
class WrongKindSent(Message):
    """Something was sent that does not answer the task in hand, which `wants` something else."""

    wants: Wants


@dataclass(frozen=True, slots=True)
class TaskSkipped(Message):
    """The message of a task that was given back; `about` is how it begins; `reported`: with 🚩, not skipped."""

    about: str
    reported: bool = False


@dataclass(frozen=True, slots=True)
class TaskMoved(Message):
    """The message of a task, or of an answer that is being changed, that is shown again further down."""

    about: str


@dataclass(frozen=True, slots=True)
class TaskGone(Message):
    """What a task's message says once it can't be answered any more: others have, or its project has ended."""

    about: str


@dataclass(frozen=True, slots=True)
class NothingNow(Message):
    """No task for this worker now. `set_aside` is a project where others are asked first; `quiet` until when none comes
    unasked; `skipped`: what they skipped is left. `skipped_out`: the title of a project of which they can skip
    no more today, so that it rests until tomorrow."""

    last: LastAnswer | None = None
    set_aside: SetAside | None = None
    quiet: QuietUntil | None = None
    skipped: SkippedLeft | None = None
    skipped_out: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectDeclined(Message):
    """No more tasks of this project; that, and the `answers` it has, can be taken back. `rate`: whom they may rate."""

    project: ProjectId
    title: str
    rate: RateableRequester | None = None
    answers: int = 0


@dataclass(frozen=True, slots=True)
class ProjectAccepted(Message):
    """Tasks of this project come again."""

    title: str


@dataclass(frozen=True, slots=True)
class MatterOver(Message):
    """In place of a question that waits for no press any more."""


@dataclass(frozen=True, slots=True)
class Paused(Message):
    """Nothing is sent until /work."""

    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class Qualified(Message):
    """The probation in a project is over; `amount` was pending there and is available now."""

    title: str
    amount: Millionths
    currency: str


@record
class Submitted:
    """An answer was taken: `pay` is credited, pending where it is `held`; `missed` where it missed a check question."""

    pay: Millionths
    currency: str
    held: bool
    missed: bool


@dataclass(frozen=True, slots=True)
class Reopened:
    """An answer can be given anew; `below`: in a new message below the pressed one."""

    below: bool


@dataclass(frozen=True, slots=True)
class ToolNoted:
    """That an answer was made with a tool is noted; it stays paid."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Whether another answer stands now than before; `missed` where it missed a check question."""

    changed: bool
    missed: bool = False
