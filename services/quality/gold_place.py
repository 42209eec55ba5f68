"""The state of a requester who makes check questions in chat, kept as a draft; and the tasks they may use."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from domain.answers import Draft, kind_of
from domain.people.people import Person
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId
from domain.refusals import BadInput, NotFound, WrongState
from services.projects import ownership
from storage.unit import UnitOfWork

JOURNEY = "gold"
COMPARED = 60  # tasks of which one is asked


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """The task `asked`, the presses of its answer (`draft`), the gold made `last`, whose reason is the next typed
    line, and its answers (`known`); `skipped`: tasks that were passed over."""

    project: int
    turn: int = 0
    made: int = 0
    asked: int | None = None
    draft: Draft = ()
    last: int | None = None
    known: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()

    def passed_over(self) -> "GoldPlace":
        before = tuple(each for each in self.skipped if each != self.asked)
        return replace(self, skipped=(*before, self.asked)[-COMPARED:]) if self.asked else self


def current(unit: UnitOfWork, requester: Person) -> GoldPlace | None:
    """None where no gold is being made."""
    draft = unit.drafts.of(requester.id)
    return read(draft.kept) if draft and draft.journey == JOURNEY else None


def within(unit: UnitOfWork, requester: Person, project: Project) -> GoldPlace:
    """The place in this project; a new one where the requester is elsewhere."""
    here = current(unit, requester)
    return here if here and here.project == project.id else GoldPlace(project.id)


def keep(unit: UnitOfWork, requester: Person, place: GoldPlace) -> None:
    unit.drafts.keep(requester.id, JOURNEY, asdict(place), unit.now)


def project_of(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """The requester's own project that has not ended, of a kind that can have gold."""
    project = ownership.mine(unit, requester, number)
    ownership.check_by_hand(project)
    if not kind_of(project.kind).has_gold:
        raise BadInput(what="gold_kind", value=project.kind, expected=[])
    if project.state in (ProjectState.STOPPED, ProjectState.COMPLETE):
        raise WrongState(number=number, state=project.state.value)
    return project


def task_of(unit: UnitOfWork, requester: Person, task_id: TaskId) -> tuple[Project, Task]:
    """A task of such a project; other requesters' tasks are not found."""
    task = unit.tasks.find(task_id)
    if task is None or ownership.owned(unit, requester, task.project) is None:
        raise NotFound(what="task", name="")
    return project_of(unit, requester, task.project), task


def read(kept: dict[str, Any]) -> GoldPlace:
    known = {field.name: kept[field.name] for field in fields(GoldPlace) if field.name in kept}
    return GoldPlace(**{**known, **{name: tuple(known.get(name, ())) for name in ("draft", "known", "skipped")}})
