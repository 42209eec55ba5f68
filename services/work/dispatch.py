"""Gives a worker their next task: takes a place, creates the assignment, writes the message about it."""

from itertools import chain

from domain.answers import Draft, kind_of
from domain.moments import MINUTE, later
from domain.mturk.notifications import Event
from domain.people.people import Person
from domain.projects.content import ContentChoice
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, content_of
from domain.records import changed
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.dispatch import CLOSELY
from domain.work.messages import LastAnswer, TaskShown
from domain.work.session import form_of
from domain.work.submissions import Enrolment
from services.money import topups
from services.projects.authoring import versions
from services.work import answer_messages, task_selection
from services.work.cards.audience import is_asked
from services.work.cards.honest_card import honest_card
from services.work.cards.seen import seen_by
from services.work.places import note_for_program
from services.work.session import Bubble
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

TRIES = 3  # tries at places that another worker takes at the same moment


def next_task(
    unit: UnitOfWork, worker: Person, lane: Lane, last: LastAnswer | None = None, bubble: Bubble | None = None
) -> AssignmentId | None:
    """The next assignment of any project and its message, of one they were just invited to first; None when nothing is
    there for this worker."""
    unit.needs_house()
    unit.people.heed(worker.id)
    invited = unit.invitations.news_for(worker.id)
    for number in chain(() if invited is None else (invited,), task_selection.projects(unit, worker)):
        assignment = next_in(unit, worker, unit.projects.get(number), lane, last, bubble=bubble)
        if assignment is not None:
            return assignment
    return None


def next_in(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    lane: Lane,
    last: LastAnswer | None = None,
    enrolment: Enrolment | None = None,
    bubble: Bubble | None = None,
) -> AssignmentId | None:
    """The next of this project, if it is for this worker; `enrolment` saves looking it up, `bubble` may show it."""
    offers = project.state is ProjectState.RUNNING and not project.paused and project.requester != worker.id
    works = not worker.suspended and worker.leaving_at is None
    if not (offers and works and is_asked(unit, worker, project)):
        return None
    enrolment = enrolment or unit.enrolments.enrol(worker.id, project.id)
    if not enrolment.has_offers(unit.now):
        return None
    if project.content and unit.content_choices.of(worker.id, project.id) is not ContentChoice.AGREED:
        return None  # services/work/cards/content_warnings.py asks first
    if lane is Lane.PUSH and enrolment.watch >= CLOSELY:
        return None
    if topups.has_enough_at_work(unit, project, lane is Lane.PUSH):
        return None
    return _assign(unit, worker, project, lane, last, enrolment, bubble)


def _assign(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    lane: Lane,
    last: LastAnswer | None,
    enrolment: Enrolment,
    bubble: Bubble | None,
) -> AssignmentId | None:
    unit.needs_shard(project.id)
    for _ in range(TRIES):
        found = task_selection.next_place(unit, enrolment, project)
        if found is None:
            return None
        task = found.task
        if not unit.openings.take(task):
            continue
        deadline = later(unit.now, project.minutes * MINUTE)
        assignment = unit.assignments.add(
            project.id, task, worker.id, unit.now, deadline, lane is Lane.PUSH, project.version
        )
        unit.enrolments.offer(enrolment, found.gold, found.cursor, found.back, project.version)
        if assignment is None:  # had it before: the place goes back, the cursor has moved on
            unit.openings.give_back(project.id, found.gold, task)
            enrolment = unit.enrolments.enrol(worker.id, project.id)
            continue
        unit.people.busy(worker.id, unit.now)
        note_for_program(unit, project, task, assignment, Event.ACCEPTED)
        versions.introduce(unit, worker, project, enrolment, lane)
        show(unit, worker, project, unit.tasks.get(task), enrolment, assignment, lane, last, bubble=bubble)
        return assignment
    return None


def show(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    enrolment: Enrolment,
    assignment: AssignmentId,
    lane: Lane,
    last: LastAnswer | None = None,
    draft: Draft = (),
    bubble: Bubble | None = None,
) -> None:
    """The task's message: a new one, or in `bubble`. The first of a project carries the honest card."""
    shown = _shown(unit, worker, project, task, enrolment, assignment, draft)
    edits = None
    if bubble is not None and bubble.suits(unit, form_of(project.kind, shown.content)):
        last, edits = bubble.take(unit, last), bubble.message
    unit.outbox.tell(
        worker.id,
        changed(shown, last=last),
        lane=lane,
        klass="push",
        edits=edits,
        assignment=assignment,
        expires_in=project.minutes * MINUTE,
    )


def show_again(
    unit: UnitOfWork,
    worker: Person,
    in_hand: Assignment,
    last: LastAnswer | None = None,
    bubble: Bubble | None = None,
) -> None:
    """The task in hand, with the presses so far."""
    project = unit.projects.get(in_hand.project)
    about = (project, unit.tasks.get(in_hand.task), unit.enrolments.enrol(worker.id, project.id), in_hand.id)
    show(unit, worker, *about, Lane.REPLY, last, in_hand.draft, bubble)


def redraw(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    enrolment: Enrolment,
    assignment: AssignmentId,
    message: int | None,
    draft: Draft,
    changing: bool = False,
    paid_again: bool = False,
    last: LastAnswer | None = None,
    live: str | None = None,
) -> None:
    """Edit the task's message with the presses so far, or show the task in a message of its own, which is found again
    by the name `live`; `changing` for a correction, `paid_again` for a redo."""
    shown = _shown(unit, worker, project, task, enrolment, assignment, draft)
    shown = changed(shown, changing=changing, paid_again=paid_again, last=last)
    klass = "sure" if message is None else "nudge"
    unit.outbox.tell(worker.id, shown, klass=klass, edits=message, live=live, expires_in=MINUTE)


def mark_late(
    unit: UnitOfWork, worker: Person, project: Project, task: Task, assignment: Assignment, message: int
) -> None:
    """Its time is up: the message says so, and can be answered while a place is left."""
    about = unit.enrolments.enrol(worker.id, project.id)
    shown = _shown(unit, worker, project, task, about, assignment.id, assignment.draft)
    unit.outbox.tell(worker.id, shown, **answer_messages.tidying(message))


def _shown(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    enrolment: Enrolment,
    assignment: AssignmentId,
    draft: Draft,
) -> TaskShown:
    held = unit.assignments.find(assignment)
    project = versions.under(unit, project, held.version) if held else project
    late = held is not None and held.state is AssignmentState.EXPIRED
    is_new = not (late or enrolment.answered or _is_begun(project, draft))
    seen = seen_by(unit, project, task, worker.id)
    return TaskShown(
        assignment=assignment,
        project=project.id,
        title=project.title,
        instructions=project.instructions,
        kind=project.kind,
        options=seen.project.options,
        content=content_of(project, seen.task),
        draft=draft,
        minutes=project.minutes,
        pay=project.pay,
        currency=project.currency,
        late=late,
        card=honest_card(unit, project, task, enrolment) if is_new else None,
        news=versions.news(unit, project, enrolment),
    )


def _is_begun(project: Project, draft: Draft) -> bool:
    """Whether the first question of a form is answered: what was read above it gives way to the next one."""
    return kind_of(project.kind).asks_questions and bool(draft)
