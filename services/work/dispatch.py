"""The dispatch of a worker's next task: take a place, create the assignment, write the task's message."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from itertools import chain
from typing import TypeVar, cast

from domain.answers import kind_of
from domain.handing_in import Draft, Wants
from domain.messages import changed
from domain.moments import MINUTE, Moment, later
from domain.people.accounts import Person, PersonId
from domain.people.push_schedule import GoalReached, PaceKept
from domain.projects.projects import ContentChoice, Project, ProjectState
from domain.projects.tasks import Task, content_of
from domain.refusals import ChangeFirst, SentBefore, TooQuick
from domain.work.assignments import (
    DOUBLE_TAP_MILLISECONDS,
    Assignment,
    AssignmentId,
    AssignmentState,
    Enrolment,
    MessageForm,
    Submission,
    form_of,
    is_batch_full,
    is_double_tap,
    is_qualified,
    is_sent_before,
    program_milliseconds,
    proof_after,
)
from domain.work.dispatch import CLOSE_WATCH_LEVEL
from domain.work.messages import (
    CARD_DETAILS,
    KEYS_OF_ACTIONS,
    KEYS_OF_ANSWER,
    AnswerStands,
    ContentWarning,
    LastAnswer,
    NothingNow,
    Paused,
    TaskShown,
)
from services import events
from services.act import Act
from services.money import topups
from services.projects import edits
from services.work import answer_messages, task_selection
from services.work.answer_messages import get_seen_task, has_tasks_in_place
from services.work.honest_card import get_honest_card
from services.work.places import get_own_assignment, publish_for_program
from services.work.task_selection import is_asked
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

Ending = NothingNow | ContentWarning | Paused | GoalReached | PaceKept


@dataclass(slots=True)
class Bubble:
    """A message of a worker's chat that may show something else. `showed` is the task that stood there;
    `stands` is its answer, None if it was skipped. `taken`: something else is shown there now."""

    worker: PersonId
    message: int
    showed: AssignmentId
    form: MessageForm
    stands: AnswerStands | None = None
    taken: bool = False

    def can_show(self, unit: UnitOfWork, form: MessageForm) -> bool:
        """Return whether Telegram can edit the message into this form, and it is what the worker read last: an album
        stays above its message, and other messages that the answer brought, such as a project's examples, come below
        it."""
        return form is self.form and form is not MessageForm.ALBUM and self.worker not in unit.outbox.below

    def showed_task_of(self, unit: UnitOfWork, project: Project) -> bool:
        """Return whether the task that stood there is one of this project."""
        assignment = unit.assignments.find(self.showed)
        return assignment is not None and assignment.project == project.id

    def take(self, unit: UnitOfWork, last: LastAnswer | None) -> LastAnswer:
        """Mark the message as taken. Return the feedback that its new content must carry: the answer that stood there,
        and a recap of the run."""
        self.taken, last = True, last or LastAnswer()
        unit.outbox.shown.clear_message(self.showed, self.message)
        recap, stands = last.recap, self.stands
        if stands is not None and stands.recap is not None:
            recap, stands = recap or stands.recap, replace(stands, recap=None)
        return replace(last, stands=stands, replaces=self.showed, recap=recap)


def get_bubble(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    showed: AssignmentId,
    message: int | None,
    stands: AnswerStands | None = None,
) -> Bubble | None:
    """Return the pressed message as one that the next task may take; None for a worker who chose a message a task,
    without a message, or after a miss."""
    explains_miss = stands is not None and stands.miss is not None
    if message is None or explains_miss or not has_tasks_in_place(unit, worker):
        return None
    return Bubble(worker.id, message, showed, form_of(project.kind, content_of(project, task)), stands)


def tell_ending(unit: UnitOfWork, worker: Person, ending: Ending, bubble: Bubble | None) -> None:
    """Say that no task follows, in the pressed message if that is text, else in a new one."""
    if bubble is None or not bubble.can_show(unit, MessageForm.TEXT):
        unit.outbox.tell(worker.id, ending)
    else:
        last = bubble.take(unit, ending.last)
        unit.outbox.tell(worker.id, replace(ending, last=last), edits=bubble.message)


def find_changeable_answer(
    unit: UnitOfWork, worker: Person, assignment: AssignmentId, message: int
) -> LastAnswer | None:
    """Return the worker's last answer, and the message that shows it: that of the task in hand (`assignment`) where it
    took its `message`. None if the answer cannot be changed any more, and after a missed check question."""
    answered_assignment = unit.assignments.answered_last(worker.id)
    submission = None if answered_assignment is None else unit.submissions.of_assignment(answered_assignment.id)
    if submission is None or submission.gold == 0 or not submission.is_in_change_time(unit.now):
        return None
    is_in_place = unit.outbox.shown.find_times_in_place(assignment, message) is not None
    project = answer_messages.get_answered_task(unit, submission).project
    return LastAnswer(
        submission.assignment,
        message=(message if is_in_place else unit.outbox.find_message(submission.assignment)) or 0,
        typed=kind_of(project.kind).is_typed(project.options),
    )


def show_actions(act: Act, assignment: AssignmentId) -> None:
    """Exchange the buttons under a task for its other actions; its text stays. Raise ChangeFirst while an answer is
    open to be changed, NotYours, AlreadyAnswered or TooLate if the task takes no answer."""
    _exchange_keyboard(act, assignment, KEYS_OF_ACTIONS)


def show_options(act: Act, assignment: AssignmentId) -> None:
    """Bring the options of a task back in place of its other actions. Raise as `show_actions`."""
    _exchange_keyboard(act, assignment, KEYS_OF_ANSWER)


ServiceT = TypeVar("ServiceT", bound=Callable[..., object])


def then_show_options(service: ServiceT) -> ServiceT:
    """Return the service of one of a task's other actions, after which the options of the task in hand come back where
    it was pressed."""

    @wraps(service)
    def run(act: Act, *arguments: object, **fields: object) -> object:
        result = service(act, *arguments, **fields)
        in_hand = act.unit.assignments.active_for(act.person.id)
        if in_hand is not None and act.message is not None and act.unit.outbox.was_shown_in(in_hand.id, act.message):
            show_options(act, in_hand.id)
        return result

    return cast(ServiceT, run)


def show_card_details(act: Act, assignment: AssignmentId) -> None:
    """Show the details of a project's card in place of its first task. Raise as `show_actions`."""
    _exchange_keyboard(act, assignment, CARD_DETAILS)


def hide_card_details(act: Act, assignment: AssignmentId) -> None:
    """Bring the task back in place of the details of its card. Raise as `show_actions`."""
    _exchange_keyboard(act, assignment, "")


def _exchange_keyboard(act: Act, assignment: AssignmentId, exchange: str) -> None:
    """Show the task in its pressed message with other buttons, with the details of its card, or as it was (`exchange`
    is empty). Raise as `show_actions`."""
    require_no_open_change(act)
    unit, worker, in_hand = act.unit, act.person, get_own_assignment(act.unit, act.person, assignment)
    if act.message is None:
        return
    project = unit.projects.get(in_hand.project)
    task, enrolment = unit.tasks.get(in_hand.task), unit.enrolments.enrol(worker.id, project.id)
    task_shown = _to_task_shown(unit, worker, project, task, enrolment, assignment=in_hand.id, draft=in_hand.draft)
    find_last = find_changeable_answer if exchange else find_feedback_shown
    last = find_last(unit, worker, in_hand.id, act.message)
    unit.outbox.tell(worker.id, changed(task_shown, last=last, exchange=exchange), klass="nudge", edits=act.message)


def find_feedback_shown(unit: UnitOfWork, worker: Person, assignment: AssignmentId, message: int) -> LastAnswer | None:
    """Return the feedback that stands above a task which took this message, so that it can be drawn again; None once
    the answer before it cannot be changed any more, or for a worker who chose a message a task."""
    if not has_tasks_in_place(unit, worker) or unit.outbox.shown.find_times_in_place(assignment, message) is None:
        return None
    answered_assignment = unit.assignments.answered_last(worker.id)
    submission = None if answered_assignment is None else unit.submissions.of_assignment(answered_assignment.id)
    if submission is None or not submission.is_in_change_time(unit.now):
        return None
    return LastAnswer(
        submission.assignment, message, stands=answer_messages.get_standing_answer(unit, submission, submission.answer)
    )


def require_unhurried_press(act: Act, assignment: AssignmentId, handed_in: str | None = "") -> None:
    """Raise TooQuick for the second press of a double tap: it lands on the buttons of a task that has just come, or on
    the next question of a form. Raise ChangeFirst while an answer is open to be changed: the press may be meant for
    that one, whose buttons look alike. `handed_in` is what the press answers (None is “can't tell”), empty if it does
    something else."""
    require_no_open_change(act)
    in_hand = act.unit.assignments.find(assignment)
    if act.message is None or in_hand is None:
        return
    if in_hand.draft:
        _require_question_seen(act, in_hand, act.message)
        return
    delivery = _find_delivery(act, assignment, act.message)
    if delivery is None or not is_double_tap(get_press_time(act), *delivery):
        return
    written_at, shown_at = delivery
    milliseconds = 0 if shown_at is None else get_press_time(act) - shown_at
    last = _find_last_submission(act)
    if _is_pace_of_program(act.unit, last, milliseconds):
        return
    if not _is_other_button(act.unit, last, in_hand, written_at=written_at, handed_in=handed_in):
        raise TooQuick()


def _find_delivery(act: Act, assignment: AssignmentId, message: int) -> tuple[Moment, Moment | None] | None:
    """Return when this task was written to follow an answer, in the answered message or below it, and when it was shown
    (None: not noted yet). None for a task that the worker asked for or that was pushed."""
    shown = act.unit.outbox.shown
    in_place = shown.find_times_in_place(assignment, message)
    if in_place is not None:
        return in_place
    submission = _find_last_submission(act)
    return None if submission is None else shown.find_times_below(assignment, submission.submitted_at)


def _require_question_seen(act: Act, in_hand: Assignment, message: int) -> None:
    """Raise TooQuick for a press on a question of a form that took the place of the one before it just now."""
    unit, pressed_at = act.unit, get_press_time(act)
    shown_at = unit.outbox.shown.find_last_shown(in_hand.id)
    asks_questions = kind_of(unit.projects.get(in_hand.project).kind).asks_questions
    if not asks_questions or shown_at is None or in_hand.begun_at is None:
        return
    pace, since = in_hand.begun_at - shown_at, later(pressed_at, -DOUBLE_TAP_MILLISECONDS)
    edit = unit.outbox.shown.find_last_edit(in_hand.worker, message, since, TaskShown.stored_as)
    if edit is None or not is_double_tap(pressed_at, *edit):
        return
    milliseconds = 0 if edit[1] is None else pressed_at - edit[1]
    if pace >= DOUBLE_TAP_MILLISECONDS or milliseconds > program_milliseconds(pace):
        raise TooQuick()


def _find_last_submission(act: Act) -> Submission | None:
    assignment = act.unit.assignments.answered_last(act.person.id)
    return None if assignment is None else act.unit.submissions.of_assignment(assignment.id)


def _is_pace_of_program(unit: UnitOfWork, last: Submission | None, milliseconds: int) -> bool:
    """Return whether a program presses, which presses once: this press came so many milliseconds after its task, and
    the answer before it, `last`, too, came sooner than a person can read. A hand that taps twice has read the first
    task."""
    shown_at = None if last is None else unit.outbox.shown.find_last_shown(last.assignment)
    if last is None or shown_at is None:
        return False
    pace = last.submitted_at - shown_at
    return pace < DOUBLE_TAP_MILLISECONDS and milliseconds <= program_milliseconds(pace)


def _is_other_button(
    unit: UnitOfWork, last: Submission | None, in_hand: Assignment, written_at: Moment, handed_in: str | None
) -> bool:
    """Return whether the press is surely on another button than the one before, so that no finger has tapped twice:
    the answer that brought this task, `last`, was another option of the same project."""
    if last is None or handed_in == "" or last.submitted_at != written_at:
        return False
    answered_task = answer_messages.get_answered_task(unit, last)
    kind, options = kind_of(answered_task.project.kind), answered_task.project.options
    if last.project != in_hand.project or kind.wants is not Wants.PRESS:
        return False
    pressed_answer = None if handed_in is None else kind.parse_answer(handed_in, options)
    return pressed_answer != answered_task.to_seen_answer(last.answer)


def show_after_quick_press(unit: UnitOfWork, worker: Person, assignment: Assignment, message: int) -> None:
    """Show the task again in the message where a press on it came too early to count, once, with a line that says so.
    Whoever waits for the message to change presses again then; whoever has answered meanwhile never sees it."""
    project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
    enrolment = unit.enrolments.enrol(worker.id, project.id)
    task_shown = _to_task_shown(unit, worker, project, task, enrolment, assignment.id, assignment.draft)
    last = find_feedback_shown(unit, worker, assignment.id, message)
    task_shown = changed(task_shown, last=last, pressed_unread=True)
    unit.outbox.tell(worker.id, task_shown, key=f"unread:{assignment.id}", **answer_messages.tidying_options(message))


def require_no_open_change(act: Act) -> None:
    """Raise ChangeFirst while this worker has an answer open to be changed."""
    if act.unit.corrections.is_changing(act.person.id):
        raise ChangeFirst()


def require_unhurried_ending(act: Act) -> None:
    """Raise TooQuick for a press that follows the last answer too fast: consent to disturbing content,
    or to going on past the day's goal, must not be the second half of a double tap."""
    run = act.unit.submissions.run_of(act.person.id)
    if act.message is None or run is None:
        return
    milliseconds = get_press_time(act) - run.ended
    if milliseconds >= DOUBLE_TAP_MILLISECONDS:
        return
    if not _is_pace_of_program(act.unit, _find_last_submission(act), milliseconds):
        raise TooQuick()


def require_unhurried_change(act: Act) -> None:
    """Raise TooQuick for a press on the last buttons of an answer to be changed that follows its opening too fast:
    these buttons stand where the opening button stood."""
    if act.message is None or not has_tasks_in_place(act.unit, act.person):
        return
    change = act.unit.corrections.open_of(act.person.id)
    if change is not None and get_press_time(act) - change.opened_at < DOUBLE_TAP_MILLISECONDS:
        raise TooQuick()


def require_task_seen(act: Act, assignment: AssignmentId) -> None:
    """Raise SentBefore for a message that was sent before the task it would answer, in either mode: of two messages
    sent together only the first is an answer. Raise ChangeFirst while an answer is open to be changed by something
    else."""
    require_no_open_change(act)
    received_at, written_at = _received_at(act), act.unit.outbox.shown.find_first_written(assignment)
    if received_at is not None and written_at is not None and is_sent_before(received_at, written_at):
        raise SentBefore()


def get_press_time(act: Act) -> Moment:
    """Return when the press arrived in the inbox, which may be long before it is handled."""
    return _received_at(act) or act.unit.now


def _received_at(act: Act) -> Moment | None:
    return act.unit.inbox.received_at(int(act.key)) if act.key.isdecimal() else None


MAX_PLACE_TRIES = 3  # tries at places that another worker takes at the same moment


def dispatch_next_task(
    unit: UnitOfWork, worker: Person, lane: Lane, last: LastAnswer | None = None, bubble: Bubble | None = None
) -> AssignmentId | None:
    """Assign the next task of any project, the newest invitation first, and write its message. Return the assignment's
    id, None if there is no task for this worker."""
    unit.require_whole_turn()
    unit.people.clear_called_to(worker.id)
    invited = unit.invitations.news_for(worker.id)
    for project_id in chain(() if invited is None else (invited,), task_selection.iterate_projects(unit, worker)):
        assignment = dispatch_next_in(unit, worker, unit.projects.get(project_id), lane, last, bubble=bubble)
        if assignment is not None:
            return assignment
    return None


def dispatch_next_in(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    lane: Lane,
    last: LastAnswer | None = None,
    enrolment: Enrolment | None = None,
    bubble: Bubble | None = None,
) -> AssignmentId | None:
    """Assign the next task of this project and write its message. Return None if the project offers nothing to this
    worker. `enrolment` saves reading it; the task may take `bubble`."""
    is_offering = project.state is ProjectState.RUNNING and not project.paused and project.requester != worker.id
    is_available = not worker.suspended and worker.leaving_at is None
    if not (is_offering and is_available and is_asked(unit, worker, project)):
        return None
    enrolment = enrolment or unit.enrolments.enrol(worker.id, project.id)
    if not enrolment.has_offers(unit.now):
        return None
    if project.content and unit.content_choices.find_choice(worker.id, project.id) is not ContentChoice.AGREED:
        return None  # services/work/task_selection.py asks first
    if lane is Lane.PUSH and enrolment.watch >= CLOSE_WATCH_LEVEL:
        return None
    if topups.has_enough_at_work(unit, project, lane is Lane.PUSH):
        return None
    return _assign(unit, worker, project, lane, last, enrolment=enrolment, bubble=bubble)


def _assign(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    lane: Lane,
    last: LastAnswer | None,
    enrolment: Enrolment,
    bubble: Bubble | None,
) -> AssignmentId | None:
    """Take a place, create the assignment and show the task. Return None if no place is left after MAX_PLACE_TRIES."""
    unit.require_shard(project.id)
    for _ in range(MAX_PLACE_TRIES):
        if (selected_task := task_selection.choose_place(unit, enrolment, project)) is None:
            return None
        task_id = selected_task.task
        if not unit.openings.take(task_id):
            continue
        deadline = later(unit.now, project.minutes * MINUTE)
        assignment = unit.assignments.add(
            project.id, task_id, worker.id, unit.now, deadline, pushed=lane is Lane.PUSH, version=project.version
        )
        unit.enrolments.offer(enrolment, selected_task.gold, selected_task.cursor, selected_task.back, project.version)
        if assignment is None:  # had it before: the place goes back, the cursor has moved on
            unit.openings.give_back(project.id, selected_task.gold, task_id)
            enrolment = unit.enrolments.enrol(worker.id, project.id)
            continue
        unit.people.mark_busy(worker.id, unit.now)
        publish_for_program(unit, project, events.AssignmentAccepted(task_id, assignment))
        edits.introduce(unit, worker, project, enrolment, lane)
        task = unit.tasks.get(task_id)
        show_task(unit, worker, project, task, enrolment, assignment=assignment, lane=lane, last=last, bubble=bubble)
        return assignment
    return None


def show_task(
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
    """Write the task's message, in `bubble` if that suits, else as a new one. A project's first task carries the honest
    card, which nobody should overlook: it takes no message of another project's task."""
    task_shown = _to_task_shown(unit, worker, project, task, enrolment, assignment=assignment, draft=draft)
    edited_message = None
    form = form_of(project.kind, task_shown.content)
    is_seen_card = task_shown.card is None or (bubble is not None and bubble.showed_task_of(unit, project))
    if bubble is not None and is_seen_card and bubble.can_show(unit, form):
        last, edited_message = bubble.take(unit, last), bubble.message
    unit.outbox.tell(
        worker.id,
        changed(task_shown, last=last),
        lane=lane,
        klass="push",
        edits=edited_message,
        assignment=assignment,
        expires_in=project.minutes * MINUTE,
    )


def show_in_hand_again(
    unit: UnitOfWork,
    worker: Person,
    in_hand: Assignment,
    last: LastAnswer | None = None,
    bubble: Bubble | None = None,
) -> None:
    """Write the message of the task in hand again, with the presses so far."""
    project = unit.projects.get(in_hand.project)
    show_task(
        unit,
        worker,
        project,
        task=unit.tasks.get(in_hand.task),
        enrolment=unit.enrolments.enrol(worker.id, project.id),
        assignment=in_hand.id,
        lane=Lane.REPLY,
        last=last,
        draft=in_hand.draft,
        bubble=bubble,
    )


def redraw_task(
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
    task_shown = _to_task_shown(unit, worker, project, task, enrolment, assignment=assignment, draft=draft)
    task_shown = changed(task_shown, changing=changing, paid_again=paid_again, last=last)
    outbox_class = "sure" if message is None else "nudge"
    unit.outbox.tell(worker.id, task_shown, klass=outbox_class, edits=message, live=live, expires_in=MINUTE)


def mark_late(
    unit: UnitOfWork, worker: Person, project: Project, task: Task, assignment: Assignment, message: int
) -> None:
    """Say in the task's message that its time is up; it can be answered while a place is left."""
    enrolment = unit.enrolments.enrol(worker.id, project.id)
    task_shown = _to_task_shown(
        unit, worker, project, task, enrolment, assignment=assignment.id, draft=assignment.draft
    )
    unit.outbox.tell(worker.id, task_shown, **answer_messages.tidying_options(message))


TASKS_WITH_OPEN_INSTRUCTIONS = 3  # of a project; above later tasks the instructions are folded


def _to_task_shown(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    enrolment: Enrolment,
    assignment: AssignmentId,
    draft: Draft,
) -> TaskShown:
    """Return the task's message as this worker sees it, under the instructions that it was given out with."""
    given_assignment = unit.assignments.find(assignment)
    project = edits.as_of_version(unit, project, given_assignment.version) if given_assignment else project
    is_late = given_assignment is not None and given_assignment.state is AssignmentState.EXPIRED
    is_new = not (is_late or enrolment.answered or _is_begun(project, draft))
    seen_task = get_seen_task(unit, project, task, worker.id)
    return TaskShown(
        assignment=assignment,
        project=project.id,
        title=project.title,
        instructions=project.instructions,
        kind=project.kind,
        options=seen_task.project.options,
        content=content_of(project, seen_task.task),
        draft=draft,
        minutes=project.minutes,
        pay=project.pay,
        currency=project.currency,
        late=is_late,
        folded=enrolment.answered >= TASKS_WITH_OPEN_INSTRUCTIONS,
        card=get_honest_card(unit, project, task, enrolment) if is_new else None,
        news=edits.find_news(unit, project, enrolment),
        proof=_find_proof(unit, project, enrolment),
    )


def _find_proof(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> tuple[int, int, int] | None:
    """Return (right, total, needed) check questions of a worker who has yet to prove themselves, at the end of a batch
    of answers; else None: a count that changes within a batch would tell which question was one."""
    if enrolment.qualified or not (enrolment.answered and enrolment.gold_seen and is_batch_full(enrolment.answered)):
        return None
    if is_qualified(enrolment, is_gold_left=True) or not task_selection.can_meet_gold(unit, enrolment, project):
        return None  # who has just proved themselves was told so
    total, needed = proof_after(enrolment.gold_right, enrolment.gold_seen)
    return enrolment.gold_right, total, needed


def _is_begun(project: Project, draft: Draft) -> bool:
    """Return whether a form's first question is answered: the card above it then gives way to the next question."""
    return kind_of(project.kind).asks_questions and bool(draft)
