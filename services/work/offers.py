"""`/tasks`: the work a worker can choose from, beside being asked; one task of the chosen project; and the choice of a
worker who was warned of a project's content."""

from collections.abc import Iterator
from itertools import islice

from domain.people.accounts import Person
from domain.projects.projects import ContentChoice, Project, ProjectId
from domain.refusals import NotFound, NothingLeft
from domain.work.dispatch import get_rested_since, is_asked_later
from domain.work.messages import ContentAgreed, ContentWarning
from domain.work.offers import LAST_PAGE, MAX_COUNTED_PLACES, PROJECTS_PER_PAGE, OfferedProject, TaskList
from services.act import Act, Reply
from services.fairness import juries
from services.people import settings
from services.work import corrections, dispatch, honest_card, submit, task_selection
from services.work.places import find_set_aside
from services.work.task_selection import count_places_for, is_asked
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def show_offers(act: Act, page: int = 0) -> Reply:
    """Show a page of the work there is, in place of the page whose button was pressed. Nothing is taken, nobody is
    enrolled."""
    page = min(page, LAST_PAGE)
    open_projects = list(islice(_find_open_projects(act.unit, act.person), (page + 1) * PROJECTS_PER_PAGE + 1))
    page = min(page, max(0, len(open_projects) - 1) // PROJECTS_PER_PAGE)
    shown_projects = open_projects[page * PROJECTS_PER_PAGE : (page + 1) * PROJECTS_PER_PAGE]
    offered = tuple(_to_offered_project(act.unit, act.person, project) for project in shown_projects)
    in_hand = act.unit.assignments.active_for(act.person.id)
    has_others = in_hand is not None and any(offered_project.project != in_hand.project for offered_project in offered)
    title = act.unit.projects.get(in_hand.project).title if in_hand and has_others else ""
    set_aside = find_set_aside(act.unit, act.person) if page == 0 else None
    has_more, is_asleep = (
        len(open_projects) > (page + 1) * PROJECTS_PER_PAGE,
        in_hand is None and not act.unit.people.is_waiting(act.person.id),
    )
    quiet_until = None if offered else settings.find_quiet_period(act.unit, act.person.id)
    return Reply(
        TaskList(offered, page, more=has_more, in_hand=title, set_aside=set_aside, quiet=quiet_until, asleep=is_asleep),
        edits=act.message,
    )


def take_task(act: Act, project: ProjectId) -> ContentWarning | None:
    """Assign a task of this project by the rules of every offer, and return None. Another project's task in hand goes
    back without harm. Raise NothingLeft, and change nothing, if this project has no task for the worker. Return the
    warning if the project's content must be agreed to first. A judgement in hand is shown instead."""
    unit, worker = act.unit, act.person
    if unit.appeals.find_active_judgement(worker.id) is not None and juries.offer_judgement(unit, worker, Lane.REPLY):
        return None
    chosen_project = unit.projects.find(project)
    if chosen_project is not None and task_selection.must_warn(unit, worker, chosen_project):
        return task_selection.show_warning(unit, worker, chosen_project)
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and in_hand.project == project:
        submit.show_work(unit, worker)
        return None
    last = corrections.close_open_change(unit, worker)
    if in_hand is not None:
        submit.return_task(unit, worker, in_hand)
    settings.note_work_request(unit, worker)
    if chosen_project is None or dispatch.dispatch_next_in(unit, worker, chosen_project, Lane.REPLY, last) is None:
        raise NothingLeft()
    return None


def _find_open_projects(unit: UnitOfWork, worker: Person) -> Iterator[Project]:
    """Yield the projects that would give this worker a task now, in the order of their turns."""
    for project_id in task_selection.iterate_projects(unit, worker):
        project, enrolment = unit.projects.get(project_id), unit.enrolments.find(worker.id, project_id)
        if not is_asked(unit, worker, project):
            continue
        if enrolment is None or enrolment.has_offers(unit.now):
            must_wait = enrolment is not None and is_asked_later(enrolment)
            if not must_wait or unit.enrolments.has_turn(worker.id, project_id, get_rested_since(unit.now)):
                yield project


def _to_offered_project(unit: UnitOfWork, worker: Person, project: Project) -> OfferedProject:
    return OfferedProject(
        project.id,
        project.title,
        requester=unit.people.get(project.requester).name,
        pay=project.pay,
        currency=project.currency,
        hourly=honest_card.get_hourly_claim(unit, project),
        left=count_places_for(
            unit, worker, project, unit.enrolments.left.count(worker.id, project.id, MAX_COUNTED_PLACES)
        ),
        rating=unit.ratings.find_public_figures(project.requester),
        content=project.content,
    )


def choose_content(act: Act, project: ProjectId, agrees: bool) -> None:
    """Store the worker's choice for the project. On yes, show a task of it in place of another project's task in hand,
    which goes to somebody else; on no, leave the project. Raise NotFound if the worker was not warned or the project is
    over, TooQuick for a double tap. Of two standing warnings the later press counts."""
    unit, worker = act.unit, act.person
    if unit.content_choices.find_choice(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    dispatch.require_unhurried_ending(act)
    if not agrees:
        unit.content_choices.keep(worker.id, project, ContentChoice.REFUSED)
        submit.decline_project(act, project)
        return
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.keep(worker.id, project, ContentChoice.AGREED)
    chosen_project = unit.projects.get(project)
    unit.outbox.tell(worker.id, ContentAgreed(chosen_project.title), edits=act.message)
    if task_selection.has_task(unit, worker, chosen_project):
        take_task(act, project)
    else:
        submit.show_work(unit, worker)
