"""`/tasks`: the work a worker can choose from, beside being asked; and one task of the chosen project."""

from collections.abc import Iterator
from itertools import islice

from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId
from domain.refusals import NothingLeft
from domain.work.dispatch import is_asked_later, rested_since
from domain.work.messages import ContentWarning
from domain.work.offers import (
    COUNTED,
    LAST_PAGE,
    PAGE,
    OfferedProject,
    TaskList,
)
from services.act import Act, Reply
from services.fairness import juries
from services.people import settings
from services.work import (
    corrections,
    dispatch,
    honest_card,
    submit,
    task_selection,
)
from services.work.places import find_set_aside
from services.work.task_selection import is_asked, left_for
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def show(act: Act, page: int = 0) -> Reply:
    """A page of it, in place of the page whose button was pressed. Nothing is taken, nobody is enrolled."""
    page = min(page, LAST_PAGE)
    found = list(islice(_open_to(act.unit, act.person), (page + 1) * PAGE + 1))
    page = min(page, max(0, len(found) - 1) // PAGE)
    shown = found[page * PAGE : (page + 1) * PAGE]
    listed = tuple(_offered(act.unit, act.person, project) for project in shown)
    in_hand = act.unit.assignments.active_for(act.person.id)
    others = in_hand is not None and any(each.project != in_hand.project for each in listed)
    title = act.unit.projects.get(in_hand.project).title if in_hand and others else ""
    aside = find_set_aside(act.unit, act.person) if page == 0 else None
    more, asleep = len(found) > (page + 1) * PAGE, in_hand is None and not act.unit.people.is_waiting(act.person.id)
    quiet = None if listed else settings.quiet_until(act.unit, act.person.id)
    return Reply(TaskList(listed, page, more, title, aside, quiet, asleep), edits=act.message)


def take(act: Act, project: ProjectId) -> ContentWarning | None:
    """One task of this project now, by the rules of every offer. A task of another project goes back without harm,
    but only where this one has a task: NothingLeft changes nothing. A judgement in hand comes first."""
    unit, worker = act.unit, act.person
    if unit.appeals.find_active_judgement(worker.id) is not None and juries.offer_judgement(unit, worker, Lane.REPLY):
        return None
    found = unit.projects.find(project)
    if found is not None and task_selection.must_warn(unit, worker, found):
        return task_selection.warning(unit, worker, found)
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and in_hand.project == project:
        submit.work(unit, worker)
        return None
    last = corrections.set_aside(unit, worker)
    if in_hand is not None:
        submit.put_back(unit, worker, in_hand)
    settings.asked_for_work(unit, worker)
    if found is None or dispatch.next_in(unit, worker, found, Lane.REPLY, last) is None:
        raise NothingLeft()
    return None


def _open_to(unit: UnitOfWork, worker: Person) -> Iterator[Project]:
    """Projects that would give this worker a task now, in the order of their turn."""
    for number in task_selection.projects(unit, worker):
        project, enrolment = unit.projects.get(number), unit.enrolments.find(worker.id, number)
        if not is_asked(unit, worker, project):
            continue
        if enrolment is None or enrolment.has_offers(unit.now):
            waits = enrolment is not None and is_asked_later(enrolment)
            if not waits or unit.enrolments.has_turn(worker.id, number, rested_since(unit.now)):
                yield project


def _offered(unit: UnitOfWork, worker: Person, project: Project) -> OfferedProject:
    return OfferedProject(
        project.id,
        project.title,
        unit.people.get(project.requester).name,
        project.pay,
        project.currency,
        honest_card.hourly_claim(unit, project),
        left_for(unit, worker, project, unit.enrolments.left.count(worker.id, project.id, COUNTED)),
        unit.ratings.find_public_figures(project.requester),
        project.content,
    )
