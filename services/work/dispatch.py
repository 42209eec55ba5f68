"""Gives a worker their next task: takes a place, creates the assignment, writes the message about it."""

from dataclasses import dataclass, replace
from itertools import chain

from domain.answers import kind_of
from domain.handing_in import Draft
from domain.messages import changed
from domain.moments import MINUTE, Moment, later
from domain.mturk.notifications import Event
from domain.people.accounts import Person, PersonId
from domain.people.push_schedule import GoalReached, PaceKept
from domain.projects.projects import ContentChoice, Project, ProjectState
from domain.projects.tasks import Task, content_of
from domain.refusals import ChangeFirst, SentBefore, TooQuick
from domain.work.assignments import (
    QUICK,
    Assignment,
    AssignmentId,
    AssignmentState,
    Enrolment,
    Form,
    form_of,
    is_double_tap,
    is_sent_before,
)
from domain.work.dispatch import CLOSELY
from domain.work.messages import (
    AnswerStands,
    ContentWarning,
    LastAnswer,
    NothingNow,
    Paused,
    TaskShown,
)
from services.act import Act
from services.money import topups
from services.projects import edits
from services.work import answer_messages, task_selection
from services.work.answer_messages import seen_by
from services.work.honest_card import honest_card
from services.work.places import note_for_program
from services.work.task_selection import is_asked
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

Ending = NothingNow | ContentWarning | Paused | GoalReached | PaceKept


@dataclass(slots=True)
class Bubble:
    """A `message` of this worker's chat that may show something else. It `showed` a task; `stands` is its answer, None
    where it was skipped. `taken`: something else is shown there."""

    worker: PersonId
    message: int
    showed: AssignmentId
    form: Form
    stands: AnswerStands | None = None
    taken: bool = False

    def suits(self, unit: UnitOfWork, form: Form) -> bool:
        """Whether Telegram can edit it into a message of this form, and it would be what they read last: an album stays
        above its message, and what the answer has brought besides, such as a project's examples, comes below it."""
        return form is self.form and form is not Form.ALBUM and self.worker not in unit.outbox.below

    def take(self, unit: UnitOfWork, last: LastAnswer | None) -> LastAnswer:
        """What is shown there from now on says what was answered, and sums up the run where the answer was to."""
        self.taken, last = True, last or LastAnswer()
        unit.outbox.shown.moves_on(self.showed, self.message)
        recap, stands = last.recap, self.stands
        if stands is not None and stands.recap is not None:
            recap, stands = recap or stands.recap, replace(stands, recap=None)
        return replace(last, stands=stands, replaces=self.showed, recap=recap)


def is_on(unit: UnitOfWork, worker: Person) -> bool:
    return worker.choosy and unit.preferences.of(worker.id).in_place


def bubble_of(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    showed: AssignmentId,
    message: int | None,
    stands: AnswerStands | None = None,
) -> Bubble | None:
    """The pressed message, where the next task may take it: not where it explains a miss."""
    explains = stands is not None and stands.miss is not None
    if message is None or explains or not is_on(unit, worker):
        return None
    return Bubble(worker.id, message, showed, form_of(project.kind, content_of(project, task)), stands)


def tell(unit: UnitOfWork, worker: Person, ending: Ending, bubble: Bubble | None) -> None:
    """No task follows: said in the message that was pressed where it is text, else in one of its own."""
    if bubble is None or not bubble.suits(unit, Form.TEXT):
        unit.outbox.tell(worker.id, ending)
    else:
        last = bubble.take(unit, ending.last)
        unit.outbox.tell(worker.id, replace(ending, last=last), edits=bubble.message)


def last_shown(unit: UnitOfWork, worker: Person, assignment: AssignmentId, message: int) -> LastAnswer | None:
    """What stands above a task that took this message, as long as the answer before it can be changed: a press that is
    not yet the answer draws all of it anew."""
    if not is_on(unit, worker) or unit.outbox.shown.came_in_place(assignment, message) is None:
        return None
    before = unit.assignments.answered_last(worker.id)
    given = None if before is None else unit.submissions.of_assignment(before.id)
    if given is None or not given.may_be_changed(unit.now):
        return None
    return LastAnswer(given.assignment, message, stands=answer_messages.stands_of(unit, given, given.answer))


def check_pace(act: Act, assignment: AssignmentId) -> None:
    """Raise TooQuick for the second press of a double tap: it lands on the buttons of a task that has just come. Raise
    ChangeFirst while an answer is open to be changed: the press may be meant for that one, whose buttons look alike."""
    check_no_change(act)
    if act.message is None or not is_on(act.unit, act.person):
        return
    came = act.unit.outbox.shown.came_in_place(assignment, act.message)
    if came is not None and is_double_tap(pressed_at(act), *came):
        raise TooQuick()


def check_no_change(act: Act) -> None:
    """Raise ChangeFirst while this worker has an answer open to be changed."""
    if act.unit.corrections.is_changing(act.person.id):
        raise ChangeFirst()


def check_ending(act: Act) -> None:
    """The same for what is said in place of the task that was answered last: a yes to disturbing content, or to going
    on past the day's goal, is no second half of an answer."""
    if act.message is None or not is_on(act.unit, act.person):
        return
    run = act.unit.submissions.run_of(act.person.id)
    if run is not None and pressed_at(act) - run.ended < QUICK:
        raise TooQuick()


def check_change(act: Act) -> None:
    """The same for the last buttons of an answer that is to be changed: they stand where that was asked for."""
    if act.message is None or not is_on(act.unit, act.person):
        return
    change = act.unit.corrections.open_of(act.person.id)
    if change is not None and pressed_at(act) - change.opened_at < QUICK:
        raise TooQuick()


def check_seen(act: Act, assignment: AssignmentId) -> None:
    """Raises SentBefore for a message that came before the task it would answer, in either mode: of two sent together
    the first one answers, and the second one is no answer to a task nobody has seen. Raise ChangeFirst while an answer
    is open to be changed by something else than this message."""
    check_no_change(act)
    sent, came = _received_at(act), act.unit.outbox.shown.came_at(assignment)
    if sent is not None and came is not None and is_sent_before(sent, came):
        raise SentBefore()


def pressed_at(act: Act) -> Moment:
    """When the press arrived: a busy house handles it later."""
    return _received_at(act) or act.unit.now


def _received_at(act: Act) -> Moment | None:
    return act.unit.inbox.received_at(int(act.key)) if act.key.isdecimal() else None


TRIES = 3  # tries at places that another worker takes at the same moment


def next_task(
    unit: UnitOfWork, worker: Person, lane: Lane, last: LastAnswer | None = None, bubble: Bubble | None = None
) -> AssignmentId | None:
    """The next assignment of any project and its message, of one they were just invited to first; None when nothing is
    there for this worker."""
    unit.needs_house()
    unit.people.clear_called_to(worker.id)
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
        return None  # services/work/task_selection.py asks first
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
        unit.people.mark_busy(worker.id, unit.now)
        note_for_program(unit, project, task, assignment, Event.ACCEPTED)
        edits.introduce(unit, worker, project, enrolment, lane)
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
    project = edits.as_of_version(unit, project, held.version) if held else project
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
        news=edits.find_news(unit, project, enrolment),
    )


def _is_begun(project: Project, draft: Draft) -> bool:
    """Whether the first question of a form is answered: what was read above it gives way to the next one."""
    return kind_of(project.kind).asks_questions and bool(draft)
