"""Messages to workers about tasks and answers, and the results of their presses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.fairness.ratings import RateableRequester
from domain.handing_in import Draft, Wants
from domain.messages import Message, record
from domain.moments import MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.people.settings import QuietUntil
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.work.assignments import AssignmentId, SubmissionId
from domain.work.honest_card import HonestCard, InstructionNews
from domain.work.offers import SetAside, SkippedLeft

CONTENT_PAUSE = "undelivered"  # the reason to pause: texts or pictures of the file
BUTTON_PAUSE = "buttons"  # the reason to pause: buttons, which the requester cannot change
MIN_UNSHOWN_TASKS = 3  # tasks that can't be shown from which it does
# How Telegram words the refusal of a button, in codes ("BUTTON_URL_INVALID") and in sentences ("inline keyboard button
# Web App URL is invalid").
_OF_BUTTONS = re.compile(r"button|keyboard|reply[ _]?markup|web_?app|domain_invalid", re.IGNORECASE)


def is_too_many(unshown_tasks: int, acknowledged_tasks: int) -> bool:
    """Return whether to pause a project for tasks that cannot be shown: at MIN_UNSHOWN_TASKS, and, after its requester
    went on all the same, each time their number has doubled."""
    return unshown_tasks - acknowledged_tasks >= max(MIN_UNSHOWN_TASKS, acknowledged_tasks)


def is_about_buttons(reason: str) -> bool:
    """Return whether Telegram refused a message for one of its buttons, by the reason it gave."""
    return _OF_BUTTONS.search(reason) is not None


@dataclass(frozen=True, slots=True)
class MessageLost(Message):
    """Telegram did not take a message for this reader."""


@dataclass(frozen=True, slots=True)
class FileWaits(Message):
    """Message: the disk has no room for a file that this reader is to get, or (`theirs`) sent. It is tried again."""

    theirs: bool = False


@dataclass(frozen=True, slots=True)
class DiskFull(Message):
    """Message to admins: files cannot be made, or read, until there is room on the disk."""


@dataclass(frozen=True, slots=True)
class MessageRefused(Message):
    """Message to admins: Telegram refuses messages of the kind `screen` for good, and why; `button`: because of a
    button."""

    screen: str
    reason: str
    button: bool = False


@dataclass(frozen=True, slots=True)
class TasksUnshown(Message):
    """Message to the requester: `found` of a project's `tasks` could not be shown, or their `pictures`.

    `linked`: workers have a link in their place; `paused`: nothing is given out until the requester decides. `button`:
    the words in which Telegram refused a button of the tasks; empty where their content was refused."""

    project: ProjectId
    title: str
    found: int
    tasks: int
    pictures: bool
    linked: bool
    paused: bool
    button: str = ""


RUN_BREAK = 15 * MINUTE  # from one answer to the beginning of the next task: after that a new run begins
MIN_RUN_ANSWERS = 2  # answers from which on there is something to sum up


@dataclass(frozen=True, slots=True)
class Recap:
    """A run of `tasks` without a long break: `milliseconds` of working time, pauses excluded, and its pay, of which
    `topped_up` lifted it to the wage floor."""

    tasks: int
    milliseconds: int
    earned: Millionths
    currency: str
    topped_up: int = 0


@record
class GivenAnswer:
    """An answer, handed in `at` a moment after so many `milliseconds`, `worked` of them work, and its pay; later
    answers have greater numbers."""

    number: SubmissionId
    at: Moment
    milliseconds: int
    worked: int
    pay: Millionths
    currency: str


@record
class Run:
    """Answers without a long break between them, in one currency. `began` is when the earliest task began, `ended` when
    the last answer came; `worked` milliseconds of that were work; `start` and `last` are the numbers of the first and
    last answer. `first` is when the first answer's task began; later than `began` where the clock was set back
    meanwhile."""

    start: SubmissionId
    last: SubmissionId
    tasks: int
    first: Moment
    began: Moment
    ended: Moment
    worked: int
    earned: Millionths
    currency: str

    def recap(self, now: Moment) -> Recap | None:
        """Return the run's recap, None if it is too short or ended too long ago."""
        if self.tasks < MIN_RUN_ANSWERS or now - self.ended > RUN_BREAK:
            return None
        return Recap(self.tasks, self.worked, self.earned, self.currency)


def get_run(answers: Iterable[GivenAnswer], earlier_run: Run | None = None) -> Run | None:
    """Return the run that the newest of these answers (newest first) ends, None without answers. `earlier_run` is the
    run that the answers before them ended."""
    run: Run | None = None
    for answer in answers:
        joined_run = _join_runs(_to_run(answer), run)
        if joined_run is None:
            return run
        run = joined_run
    return run if earlier_run is None else _join_runs(earlier_run, run) or run


def _to_run(answer: GivenAnswer) -> Run:
    began = later(answer.at, -answer.milliseconds)
    return Run(
        answer.number,
        last=answer.number,
        tasks=1,
        first=began,
        began=began,
        ended=answer.at,
        worked=answer.worked,
        earned=answer.pay,
        currency=answer.currency,
    )


def _join_runs(earlier: Run, later_run: Run | None) -> Run | None:
    """Return both runs as one; None if a long break or another currency makes them two."""
    if later_run is None:
        return earlier
    if later_run.first - earlier.ended > RUN_BREAK or later_run.currency != earlier.currency:
        return None
    tasks, earned = earlier.tasks + later_run.tasks, Millionths(earlier.earned + later_run.earned)
    began, worked = min(earlier.began, later_run.began), earlier.worked + later_run.worked
    return Run(
        earlier.start,
        last=later_run.last,
        tasks=tasks,
        first=earlier.first,
        began=began,
        ended=later_run.ended,
        worked=worked,
        earned=earned,
        currency=earlier.currency,
    )


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
    Where this message takes the place of the one that `replaces` names, it says what `stands` there, and
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


KEYS_OF_ANSWER, KEYS_OF_ACTIONS, CARD_DETAILS = "answer", "actions", "details"


@record
class TaskShown(Message):
    """A task to be answered in `minutes`, with what was answered and pressed so far (`draft`).

    `pay` is for one answer; `news` is what changed in the instructions. `card` comes with the first task of a project;
    `changing`: it was answered, and the answer is being changed, or, `paid_again`, given once more; `late`: its time is
    up, and an answer counts while a place is left; `pressed_unread`: a press on it came too early to count. `folded`:
    its instructions are known to the worker. `exchange` is KEYS_OF_ANSWER or KEYS_OF_ACTIONS where only the buttons of
    the message are exchanged, for those or for the other actions, CARD_DETAILS where the details of the card take the
    task's place, else empty. `proof`: (right, total, needed) check questions that decide when pay is available at once,
    shown at the end of a batch of answers.
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
    pressed_unread: bool = False
    folded: bool = False
    exchange: str = ""
    news: InstructionNews | None = None
    proof: tuple[int, int, int] | None = None


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
    """Message of a task that cannot be answered any more: others have answered it, or its project has ended."""

    about: str


@dataclass(frozen=True, slots=True)
class NothingNow(Message):
    """Message: there is no task for this worker now. `set_aside` is a project where others are asked first; `quiet`:
    until when no task is pushed; `skipped`: tasks that are left because this worker skipped them. `skipped_out`: the
    title of a project of which they can skip no more today, so that it rests until tomorrow."""

    last: LastAnswer | None = None
    set_aside: SetAside | None = None
    quiet: QuietUntil | None = None
    skipped: SkippedLeft | None = None
    skipped_out: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectDeclined(Message):
    """Message to a worker: no more tasks of this project come; that, and the `answers` it has, can be taken back.
    `rate`: the requester they may rate."""

    project: ProjectId
    title: str
    rate: RateableRequester | None = None
    answers: int = 0


@dataclass(frozen=True, slots=True)
class ProjectAccepted(Message):
    """Message to a worker: tasks of this project come again."""

    title: str


@dataclass(frozen=True, slots=True)
class MatterOver(Message):
    """Message in the place of a question that waits for no press any more."""


@dataclass(frozen=True, slots=True)
class Paused(Message):
    """Message to a worker: nothing is sent until /work."""

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
    """A worker's note that an answer was made with a tool was stored; the answer stays paid."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The result of a correction: whether the answer differs from before; `missed` if it missed a check question."""

    changed: bool
    missed: bool = False


@dataclass(frozen=True, slots=True)
class ContentWarning(Message):
    """Warning ahead of a project's first task: what it shows, and whether the worker wants that; `leaves` is the title
    of another project whose task in hand then goes to somebody else."""

    project: ProjectId
    title: str
    requester: str
    content: tuple[str, ...]
    pay: Millionths
    currency: str
    last: LastAnswer | None = None
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class ContentAgreed(Message):
    """Message to a worker who was warned of a project's content and wants its tasks: they come now."""

    title: str


@dataclass(frozen=True, slots=True)
class TextRead(Message):
    """Part of a text that is too long for its task's message; `label` is its name there."""

    label: str
    text: str
    part: int
    of: int


@dataclass(frozen=True, slots=True)
class AnswerRead(Message):
    """Part of an answer that is too long for the message that shows it, for those who may read it; encoded as its
    `kind` is."""

    kind: str
    answer: str
    part: int
    of: int
