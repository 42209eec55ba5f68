"""Messages about projects: progress, cost, files, the wizard's questions."""

from dataclasses import dataclass

from domain.fairness.counter_offers import PayVoices
from domain.fairness.ratings import RequesterRating
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Quote
from domain.projects.audience import Condition
from domain.projects.drafts import FirstRow
from domain.projects.outlooks import AccuracyOutlook, AiOutlook
from domain.projects.projects import Pilot
from domain.projects.tasks import TaskContent


@dataclass(frozen=True, slots=True)
class ProjectProgress(Message):
    """Progress of a project; in chat a live message.

    `state`: draft, running, paused, stopped or complete. Gold is counted apart: `closed` of `tasks` are done, `begun`
    have some answers; `submissions` includes gold. `left` is milliseconds to the end, the soonest and the latest; None
    where that cannot be said. `to_review` answers wait for the requester's decision. `files`: the answers are files.
    `news` moves with every change of the project. `questions` wait for the requester's answer; `rests`: why a running
    project offers nothing, a reason each. `pay_voices`: what workers say of the pay, None from too few. `ended`: it is
    complete or stopped; `ended_by_admin`: by an admin, whose decision stands. `right`: the share of results that is
    right by the check questions answered so far, and the range in which it lies eight times in ten; None before one is
    answered. `reserve` is set aside beside `held`, in case tasks take longer; `debt` is what an ended project still
    owes its workers. `waiting` tasks were added and wait for a launch. `may_reopen`: a task that is done opens again
    where later answers make it less sure.
    """

    number: int
    title: str
    state: str
    currency: str
    tasks: int
    closed: int
    gold: int
    submissions: int
    begun: int
    workers: int
    gold_right: int
    gold_seen: int
    in_hand: int
    held: Millionths
    spent: Millionths
    left: tuple[int, int] | None
    to_review: int
    files: bool
    news: int
    questions: int = 0
    rests: tuple[str, ...] = ()
    pay_voices: PayVoices | None = None
    ended: bool = False
    right: tuple[float, float, float] | None = None
    reserve: Millionths | None = None
    debt: int = 0
    ended_by_admin: bool = False
    waiting: int = 0
    may_reopen: bool = False


@dataclass(frozen=True, slots=True)
class ListedProject:
    number: int
    title: str
    state: str
    currency: str
    pay: Millionths


@dataclass(frozen=True, slots=True)
class ProjectList(Message):
    """A page of a requester's projects, newest first, and what workers' ratings say of the requester, None from too
    few. `team`: the account's name, empty for the reader's own. `total` projects; whether there are `older` ones."""

    projects: tuple[ListedProject, ...]
    rating: RequesterRating | None = None
    team: str = ""
    total: int = 0
    older: bool = False


@dataclass(frozen=True, slots=True)
class FileNote:
    """A guess or omission made when a file was read; `key` names its text, `facts` are (name, value)."""

    key: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preflight(Message):
    """The pre-flight card: tasks, cost and pay of a launch, and a worker's view.

    `available` is what the requester has free. `workers` wait for tasks now. `again`: this very file had been sent
    before. `gold_proposed` check questions would make the results more certain. `who` is asked,
    empty for everybody. `pilot` is what the first tasks brought, `measured`: the time of an answer is theirs; so
    many tasks may be tried first (`may_pilot`). `left` is milliseconds to the end, the soonest and the latest; None
    where that cannot be said. `stated`: the time of an answer is what the requester said. `outlook`: how often
    results will be right. `whole`: with all details. `team`: whose it is, empty for the reader's own. `checks`: what
    files are looked at for, as the project says it. `first_row` of the tasks' file, where it may be a task.
    """

    number: int
    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    state: str
    currency: str
    pay: Millionths
    overlap: int
    max_overlap: int
    confidence: float | None
    accept: str
    minutes: int
    purpose: str
    price: Quote
    available: int
    workers: int
    sample: TaskContent | None
    warnings: tuple[FileNote, ...] = ()
    again: bool = False
    ai: AiOutlook | None = None
    gold_proposed: int = 0
    content: tuple[str, ...] = ()
    who: tuple[Condition, ...] = ()
    pilot: Pilot | None = None
    measured: bool = False
    may_pilot: int = 0
    left: tuple[int, int] | None = None
    stated: bool = False
    outlook: AccuracyOutlook | None = None
    whole: bool = False
    team: str = ""
    checks: tuple[str, ...] = ()
    team_number: int = 0
    first_row: FirstRow | None = None


@dataclass(frozen=True, slots=True)
class TaskPreviewed(Message):
    """A task of a project as workers see it, where it has a picture."""

    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    sample: TaskContent


@dataclass(frozen=True, slots=True)
class ProjectLaunched(Message):
    """`held` is set aside for it: pay, fee and reserve."""

    number: int
    title: str
    held: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class ProjectComplete(Message):
    """`returned` was not needed and is free again. `to_review` answers wait for a decision; silence pays them from
    `until` on."""

    number: int
    title: str
    returned: int
    currency: str
    to_review: int = 0
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class ProjectStopped(Message):
    """`in_hand` tasks may still be answered, the pay of `undecided` answers is still to be decided."""

    number: int
    title: str
    returned: int
    in_hand: int
    undecided: int
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmStop(Message):
    """Asked before a project ends: `closed` of `tasks` are done, `held` is in its budget."""

    number: int
    title: str
    closed: int
    tasks: int
    held: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmDelete(Message):
    """Asked before a draft goes."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class DraftDeleted(Message):
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class OfferedRaise:
    """A pay, and how much more would be set aside for it."""

    pay: Millionths
    more: Millionths


@dataclass(frozen=True, slots=True)
class RaiseOffer(Message):
    """Suggested raises of a project's pay. Of a `draft` nothing is set aside yet, and its pay may go down, too."""

    number: int
    title: str
    currency: str
    pay: Millionths
    offered: tuple[OfferedRaise, ...]
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PayRaised(Message):
    """`held` more is set aside, fee included, for the answers still to come."""

    number: int
    title: str
    currency: str
    pay: Millionths
    before: Millionths
    held: Millionths


@dataclass(frozen=True, slots=True)
class PayRaiseNews(Message):
    """For a worker who has a task of it in hand."""

    title: str
    currency: str
    pay: Millionths
    before: Millionths
