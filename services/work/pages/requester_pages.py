"""A requester draws: the answer of a check question, or a try of their own task."""

from domain.answers import Wants, kind_of
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import REQUESTER
from domain.people.teams import Right
from domain.projects.media import Medium
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import Task, TaskId
from domain.refusals import NotYours
from domain.work.assignments import AssignmentId
from domain.work.page_task import HandedIn, PageAnswer, PageTask
from services.act import Act
from services.people.teams import acting
from services.projects.authoring import trials
from services.quality import gold_place, gold_wizard
from services.work.pages.content import beside, media_of, medium_of, rules_of, text_of_page

NOTHING = Millionths(0)


def gold_shown(act: Act, number: int, opened: Moment) -> PageTask:
    return _page(*_gold(act, number))


def gold_medium(act: Act, number: int, at: int, opened: Moment) -> Medium:
    return medium_of(*_gold(act, number), at)


def gold_drawn(act: Act, number: int, opened: Moment, answer: str) -> PageAnswer:
    """The next task follows in the chat. A task that is a check question already stays as it is."""
    project, task = _gold(act, number)
    if task.gold is not None:
        return PageAnswer(HandedIn.AGAIN, NOTHING, project.currency)
    kind = kind_of(project.kind)
    read = kind.read(answer, project.options)
    kind.check(read, project.template, task.content)
    told = acting.for_project(act, project.id, Right.SPEND)
    act.unit.outbox.tell(act.person.id, gold_wizard.drawn(told, task.id, kind.as_gold(read, project.options)))
    return PageAnswer(HandedIn.KNOWN, NOTHING, project.currency)


def trial_shown(act: Act, number: int, opened: Moment) -> PageTask:
    return _page(*_tried(act, number))


def trial_medium(act: Act, number: int, at: int, opened: Moment) -> Medium:
    return medium_of(*_tried(act, number), at)


def trial_drawn(act: Act, number: int, opened: Moment, answer: str) -> PageAnswer:
    """Nothing is kept, paid or counted."""
    project, _ = _tried(act, number)
    told = acting.for_project(act, project.id, Right.LOOK)
    act.unit.outbox.tell(act.person.id, trials.drawn(told, project.id, answer))
    return PageAnswer(HandedIn.TRIED, NOTHING, project.currency)


def _gold(act: Act, number: int) -> tuple[Project, Task]:
    act.require(REQUESTER)
    found = act.unit.tasks.find(TaskId(number))
    if found is None:
        raise NotYours()
    own = acting.for_project(act, found.project, Right.SPEND)
    return _drawable(*gold_place.task_of(act.unit, own.person, TaskId(number)))


def _tried(act: Act, number: int) -> tuple[Project, Task]:
    act.require(REQUESTER)
    return _drawable(*trials.tried(acting.for_project(act, number, Right.LOOK), ProjectId(number)))


def _drawable(project: Project, task: Task) -> tuple[Project, Task]:
    """Raises NotYours for a kind that is answered in the chat."""
    if kind_of(project.kind).wants is not Wants.PAGE:
        raise NotYours()
    return project, task


def _page(project: Project, task: Task) -> PageTask:
    return PageTask(
        AssignmentId(0),
        project.kind,
        project.title,
        rules_of(project),
        project.options,
        text_of_page(project, task),
        tuple(each.kind for each in media_of(project, task)),
        NOTHING,
        project.currency,
        beside=tuple(words for words, _ in beside(project)),
    )
