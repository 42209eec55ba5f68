"""The task in hand: answered, skipped or put back; and pausing pushes."""

from domain.answers import kind_of
from domain.moments import later
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import Task, beginning_of, decision_time_of
from domain.refusals import AlreadyAnswered, BadInput, MustConsent, NotAllowed, NotFound, Refusal, TooLate, TooQuick
from domain.work.assignments import UNSEEN_EDIT_MILLISECONDS, Assignment, AssignmentId, AssignmentState, Enrolment
from domain.work.messages import (
    LastAnswer,
    NothingNow,
    Paused,
    ProjectAccepted,
    ProjectDeclined,
    Submitted,
    TaskSkipped,
)
from domain.work.offers import KnownProjects, Skipped
from services import events
from services.act import Act
from services.fairness import juries, ratings
from services.money import topups, transfers
from services.people import qualification_tests, settings
from services.quality import consensus
from services.work import answer_messages, corrections, dispatch, places, task_selection
from services.work.answer_messages import get_seen_task
from services.work.dispatch import Bubble
from services.work.places import (
    find_set_aside,
    find_skipped_left,
    get_own_assignment,
    publish_for_program,
    release_place,
    return_assignment,
    tell_if_all_skipped,
)
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def show_outcome_of_refused(act: Act, assignment_id: AssignmentId, refusal: Refusal) -> None:
    """Say in the message of a refused press what became of its task, or show the task in hand that stands there. A task
    that was pressed too quickly is shown again. Does nothing for other refusals, tasks of other workers, and messages
    that are being edited."""
    unit, worker, message = act.unit, act.person, act.message
    assignment = unit.assignments.find(assignment_id)
    if not isinstance(refusal, AlreadyAnswered | TooLate | TooQuick) or message is None or assignment is None:
        return
    if assignment.worker != worker.id:
        return
    in_hand = unit.assignments.active_for(worker.id)
    if isinstance(refusal, TooQuick):
        if in_hand is not None and in_hand.id == assignment_id and not in_hand.draft:
            dispatch.show_after_quick_press(unit, worker, in_hand, message)
        return
    if in_hand is not None and unit.outbox.was_shown_in(in_hand.id, message):
        _show_anew(act, worker, assignment, in_hand, message)
    elif unit.outbox.was_shown_in(assignment_id, message) or not _is_being_edited(act, worker, message):
        _tell_outcome(act, worker, assignment, message)  # it was to say that none follows, and still shows its task


def _is_being_edited(act: Act, worker: Person, message: int, screen: str = "") -> bool:
    """Return whether the message waits to be edited (into this screen, if one is named), or was edited so lately that
    the press came before it."""
    return act.unit.outbox.shown.is_edited(
        worker.id, message, later(dispatch.get_press_time(act), -UNSEEN_EDIT_MILLISECONDS), screen
    )


def _tell_outcome(act: Act, worker: Person, assignment: Assignment, message: int) -> None:
    """Say in the message what became of the assignment, unless the first tap of two has done so: Telegram refuses the
    same edit."""
    unit, outcome = act.unit, answer_messages.get_outcome(act.unit, assignment)
    if _is_being_edited(act, worker, message, outcome.stored_as):
        return
    unit.outbox.tell(
        worker.id, outcome, key=f"dead:{assignment.id}:{message}", **answer_messages.tidying_options(message)
    )


def _show_anew(act: Act, worker: Person, assignment: Assignment, in_hand: Assignment, message: int) -> None:
    """Show the task in hand in the message again, unless that edit is on its way, or was made so lately that the press
    came before it."""
    unit = act.unit
    delivery = unit.outbox.shown.find_times_in_place(in_hand.id, message)
    shown_at = delivery and delivery[1]
    if (
        shown_at is None
        or dispatch.get_press_time(act) - shown_at < UNSEEN_EDIT_MILLISECONDS
        or unit.outbox.hurry(in_hand.id)
    ):
        return
    if unit.outbox.find_message(in_hand.id) == message:
        dispatch.show_in_hand_again(
            unit, worker, in_hand, dispatch.find_feedback_shown(unit, worker, in_hand.id, message)
        )
    _tell_outcome(act, worker, assignment, message)


MENTIONED_SKIPS = 5  # left for today, from which each skip tells how many


def ask_for_work(act: Act) -> None:
    """Handle `/work`: show one task now. Refuse a suspended person; raise TooQuick for a double tap."""
    act.refuse_suspended()
    dispatch.require_unhurried_ending(act)
    show_work(act.unit, act.person)


def submit_press(act: Act, assignment: AssignmentId, option: int) -> Submitted:
    """Submit an answer that is a single press. Raise TooQuick for a double tap, ChangeFirst while an answer is open to
    be changed."""
    dispatch.require_unhurried_press(act, assignment, str(option))
    return submit_answer(act.unit, act.person, assignment, str(option), act.message, pressed=True)


def cant_tell(act: Act, assignment: AssignmentId) -> Submitted:
    """Submit “can't tell”, which is paid like any answer. Raise as `submit_press`."""
    dispatch.require_unhurried_press(act, assignment, None)
    return submit_answer(act.unit, act.person, assignment, None, act.message, pressed=True)


def show_work(unit: UnitOfWork, worker: Person) -> None:
    """Show the task in hand again, or an appeal to judge, or the next task, or that there is none. Raise MustConsent if
    the person is no worker."""
    if not worker.is_worker:
        raise MustConsent()
    settings.note_work_request(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and unit.outbox.was_refused(in_hand.id):
        return_assignment(unit, in_hand)
        in_hand = None
    last = corrections.close_open_change(unit, worker)
    if in_hand is not None:
        _show_again(unit, worker, in_hand, last)
    elif not (
        juries.offer_judgement(unit, worker, Lane.REPLY, last)
        or dispatch.dispatch_next_task(unit, worker, Lane.REPLY, last)
    ):
        tell_nothing_now(unit, worker, last)


def tell_nothing_now(
    unit: UnitOfWork, worker: Person, last: LastAnswer | None = None, bubble: Bubble | None = None
) -> None:
    """Say that there is no task now, or ask whether the worker wants the disturbing content of the only tasks left, and
    note that they wait for a push."""
    quiet_until, set_aside = settings.find_quiet_period(unit, worker.id), find_set_aside(unit, worker)
    skipped_out = unit.enrolments.left.find_skipped_out(worker.id, unit.now)
    nothing = NothingNow(last, set_aside, quiet_until, find_skipped_left(unit, worker), skipped_out)
    dispatch.tell_ending(unit, worker, task_selection.find_due_warning(unit, worker, last) or nothing, bubble)
    settings.ask_country_once(unit, worker)
    qualification_tests.offer_qualification(unit, worker)
    qualification_tests.ask_screening(unit, worker)
    settings.update_push_window(unit, worker.id, just_acted=True)
    unit.people.park(worker.id)


def submit_answer(
    unit: UnitOfWork,
    worker: Person,
    assignment_id: AssignmentId,
    handed_in: str | None,
    message: int | None,
    pressed: bool = False,
) -> Submitted:
    """Store and credit an answer (None is “can't tell”), close or extend its task, and dispatch the next one.
    `pressed`: by a button under its `message`. Raise NotYours, AlreadyAnswered or TooLate if the assignment takes no
    answer, AnswerUnfit if the answer does not fit."""
    assignment = get_own_assignment(unit, worker, assignment_id)
    message = unit.outbox.shown.find_newest_message(assignment_id, message)
    project = unit.projects.get(assignment.project)
    seen_task = get_seen_task(unit, project, unit.tasks.get(assignment.task), worker.id)
    kind, project = kind_of(project.kind), seen_task.project
    answer = None if handed_in is None else seen_task.to_stored_answer(kind.parse_answer(handed_in, project.options))
    is_late = _end_assignment(unit, worker, assignment, project)
    if kind.asks_questions:
        unit.assignments.draft(assignment.id, (), None)  # it may hold their words
    task = unit.tasks.receive(assignment.task)
    kind.require_fitting(answer, project.template, task.content)
    is_right = kind.judge(answer, task.gold)
    enrolment = unit.enrolments.count(worker.id, project.id, is_right, unit.now)
    is_held = not places.qualify_after_answer(unit, worker, project, enrolment) or project.accept == "review"
    milliseconds, worked_milliseconds = topups.time_answer(unit, project, task, assignment)
    submission = unit.submissions.add(
        assignment.id,
        project,
        task.id,
        worker.id,
        answer=answer,
        gold=is_right,
        milliseconds=milliseconds,
        state="submitted" if project.accept == "review" else "accepted",
        held_until=later(unit.now, decision_time_of(task)) if is_held else None,
        now=unit.now,
        version=assignment.version,
        worked=worked_milliseconds,
    )
    transfers.credit_reward(unit, worker, project, submission, is_held)
    publish_for_program(unit, project, events.AnswerSubmitted(task.id, assignment.id))
    topups.count_answer(unit, project)
    ratings.schedule_after_answer(unit, worker, project, enrolment.answered)
    _conclude_task(unit, project, task, worker, answer)
    miss = answer_messages.to_miss(seen_task, answer, is_right, submission)
    recap = (
        answer_messages.get_recap(unit, worker)
        if enrolment.answered % answer_messages.RECAP_EVERY_ANSWERS == 0
        else None
    )
    last = LastAnswer() if miss else LastAnswer(change=assignment.id, message=message or 0)
    if handed_in is not None and not miss:
        last = answer_messages.add_feedback(project, last, pressed, is_held)
    stands = answer_messages.to_answer_message(seen_task, answer, miss, recap)
    bubble = (
        dispatch.get_bubble(unit, worker, project, task, showed=assignment.id, message=message, stands=stands)
        if pressed
        else None
    )
    if bubble is None:
        answer_messages.close_message(unit, worker, stands, message)
    _dispatch_next(unit, worker, project, is_late, last, enrolment=enrolment, bubble=bubble)
    if bubble is not None and not bubble.taken:
        answer_messages.close_message(unit, worker, stands, message)
    return Submitted(project.pay, project.currency, is_held, missed=miss is not None)


def skip_task(act: Act, assignment: AssignmentId) -> Skipped:
    """Skip a task: its place goes to other workers, without penalty. After the last skip of a day the project offers
    nothing more until tomorrow. Raise as `submit_press`."""
    dispatch.require_unhurried_press(act, assignment)
    unit, skipped_assignment = act.unit, get_own_assignment(act.unit, act.person, assignment)
    skips_left = skip_and_continue(unit, act.person, skipped_assignment, act.message).count_skips_left(unit.now)
    return Skipped(skips_left if skips_left <= MENTIONED_SKIPS else None)


def skip_and_continue(unit: UnitOfWork, worker: Person, assignment: Assignment, message: int | None) -> Enrolment:
    """Skip the task, free its place if its time is not up, and dispatch the next task. It counts among the skips of the
    day whether it was skipped, reported, or given back with the whole project. Return the enrolment with that count."""
    enrolment = unit.enrolments.skip(worker.id, assignment.project, unit.now)
    message = unit.outbox.shown.find_newest_message(assignment.id, message)
    project = unit.projects.get(assignment.project)
    task, is_in_time = unit.tasks.get(assignment.task), unit.assignments.end(assignment.id, AssignmentState.SKIPPED)
    if is_in_time:
        publish_for_program(unit, project, events.AssignmentReturned(task.id, assignment.id))
        release_place(unit, project, task)
    else:
        unit.assignments.end(assignment.id, AssignmentState.SKIPPED, AssignmentState.EXPIRED)
    bubble = dispatch.get_bubble(unit, worker, project, task, showed=assignment.id, message=message)
    _dispatch_next(unit, worker, project, not is_in_time, bubble=bubble)
    if is_in_time:
        tell_if_all_skipped(unit, project)
    if not (bubble and bubble.taken):
        answer_messages.say_given_back(unit, worker, project, task, message)
    return enrolment


def return_task(unit: UnitOfWork, worker: Person, in_hand: Assignment) -> None:
    """Skip the task in hand without penalty; no task follows."""
    project, task = unit.projects.get(in_hand.project), unit.tasks.get(in_hand.task)
    if unit.assignments.end(in_hand.id, AssignmentState.SKIPPED):
        unit.enrolments.skip(worker.id, project.id, unit.now)
        publish_for_program(unit, project, events.AssignmentReturned(task.id, in_hand.id))
        release_place(unit, project, task)
        if not unit.assignments.any_unskipped(project.id):
            tell_if_all_skipped(unit, project)
    answer_messages.say_given_back(unit, worker, project, task, unit.outbox.find_message(in_hand.id))


def pause_pushes(act: Act) -> Paused:
    """Stop pushes until /work. The task in hand stays answerable. Raise MustConsent if the person is no worker."""
    if not act.person.is_worker:
        raise MustConsent()
    act.unit.people.set_paused(act.person.id, True)
    return Paused(answer_messages.add_recap(act.unit, act.person))


def _end_assignment(unit: UnitOfWork, worker: Person, assignment: Assignment, project: Project) -> bool:
    """End the assignment as submitted and return whether it was late. A late answer must take a place again: raise
    TooLate if none is left for this worker, AlreadyAnswered if it was answered meanwhile."""
    if unit.assignments.end(assignment.id, AssignmentState.SUBMITTED):
        return False
    if not (task_selection.takes_late_answer(unit, worker, project) and unit.openings.take(assignment.task)):
        raise TooLate()
    if not unit.assignments.end(assignment.id, AssignmentState.SUBMITTED, AssignmentState.EXPIRED):
        raise AlreadyAnswered()
    return True


def _conclude_task(unit: UnitOfWork, project: Project, task: Task, worker: Person, answer: str | None) -> None:
    """Draw the consensus of the answered task and close it, or ask one more worker; gold is concluded with its known
    answer. The task's row is locked since its answer was counted."""
    if task.state == "stopped" and not task.gold and task.received == 1:
        unit.progress_counts.begun(project.id, 1)
    if task.gold:
        unit.tasks.conclude(task.id, kind_of(project.kind).answer_of_gold(task.gold), 1.0, task.state)
    else:
        consensus.store_consensus(
            unit, project, task, consensus.update_with_answer(unit, project, task, worker.id, answer)
        )


def _dispatch_next(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    is_late: bool,
    last: LastAnswer | None = None,
    enrolment: Enrolment | None = None,
    bubble: Bubble | None = None,
) -> None:
    """Show what follows an answer: a pause, the day's goal, a judgement, the next task of this project or at times of
    another, or that there is none. Nothing follows a late answer if a task is in hand."""
    if is_late and unit.assignments.active_for(worker.id) is not None:
        return
    if worker.paused:
        dispatch.tell_ending(unit, worker, Paused(answer_messages.add_recap(unit, worker, last)), bubble)
        return
    if enrolment is not None and settings.ends_session(unit, worker, last, bubble):
        return
    if juries.offer_judgement(unit, worker, Lane.REPLY, last):
        return
    is_staying = enrolment is None or not task_selection.is_anothers_turn(unit, worker, project, enrolment)
    assignment_id = (
        dispatch.dispatch_next_in(unit, worker, project, lane=Lane.REPLY, last=last, enrolment=enrolment, bubble=bubble)
        if is_staying
        else None
    )
    if assignment_id is None and enrolment is not None and is_staying:
        places.qualify(unit, worker, project, enrolment)
    if assignment_id is None and dispatch.dispatch_next_task(unit, worker, Lane.REPLY, last, bubble) is None:
        tell_nothing_now(unit, worker, answer_messages.add_recap(unit, worker, last), bubble)


def _show_again(unit: UnitOfWork, worker: Person, assignment: Assignment, last: LastAnswer | None) -> None:
    """Show the task in hand again further down and take the buttons from its old message, unless it is on its way
    anyway."""
    if unit.outbox.hurry(assignment.id):
        return
    old_message = unit.outbox.find_message(assignment.id)
    dispatch.show_in_hand_again(unit, worker, assignment, last)
    if last is None or last.message != old_message:  # else the answer that was being changed stands there
        project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
        answer_messages.tell_moved(unit, worker, project, task, old_message)


MAX_LISTED_PROJECTS = 20  # projects that `/leave` lists


def stop_here(act: Act) -> Paused:
    """Handle `/stop`: stop work for a worker. Raise BadInput for a requester, who must name a project's number,
    NotAllowed for others."""
    if act.person.is_worker:
        return stop_work(act)
    if "requester" in act.roles:
        raise BadInput(what="number", value="", expected=["/stop N"])
    raise NotAllowed(role="requester")


def stop_work(act: Act) -> Paused:
    """Stop pushes, and let the task or judgement in hand go to others, without penalty."""
    unit, paused = act.unit, pause_pushes(act)
    juries.release_judge(unit, act.person.id)
    in_hand = unit.assignments.active_for(act.person.id)
    if in_hand is not None:
        return_task(unit, act.person, in_hand)
    return paused


def list_known_projects(act: Act) -> KnownProjects:
    """Handle `/leave` without a number: list the running projects this worker knows, those they left too."""
    return list_older_projects(act, 0)


def list_older_projects(act: Act, before: int) -> KnownProjects:
    """List the known projects behind the project `before`; 0 lists the newest."""
    projects = act.unit.enrolments.known_to(act.person.id, MAX_LISTED_PROJECTS + 1, before)
    return KnownProjects(tuple(projects[:MAX_LISTED_PROJECTS]), len(projects) > MAX_LISTED_PROJECTS)


def decline_project(act: Act, project: ProjectId) -> None:
    """Offer this worker no more tasks of the project. A task of it in hand goes to others without harm, and the next
    task follows. Said in the pressed message, else before that task. Raise NotFound for a project never offered to the
    worker, so that its existence is not revealed."""
    unit, worker = act.unit, act.person
    enrolment = unit.enrolments.find(worker.id, project)
    if enrolment is None:  # a project that was never offered to them is not revealed
        raise NotFound(what="offer", name="")
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and in_hand.project == project:
        dispatch.require_unhurried_press(act, in_hand.id)
    unit.enrolments.decline(worker.id, project, True)
    declined_project = unit.projects.get(project)
    answers = enrolment.answered if enrolment.consented_at is not None else 0
    declined = ProjectDeclined(
        project, declined_project.title, ratings.offer_at_leaving(unit, worker, declined_project), answers
    )
    unit.outbox.tell(worker.id, declined, edits=act.message)
    if in_hand is None or in_hand.project != project:
        return
    shown_message, task = unit.outbox.find_message(in_hand.id), unit.tasks.get(in_hand.task)
    skip_and_continue(unit, worker, get_own_assignment(unit, worker, in_hand.id), None)
    if shown_message and shown_message != act.message:
        unit.outbox.tell(
            worker.id,
            TaskSkipped(beginning_of(declined_project, task)),
            **answer_messages.tidying_options(shown_message),
        )


def accept_project_again(act: Act, project: ProjectId) -> None:
    """Offer this worker tasks of a declined project again, say so in the pressed message, and show the next task.
    Content that they refused is asked about again. Raise NotFound for a project never offered to them, or where they
    withdrew consent."""
    unit, worker = act.unit, act.person
    if unit.enrolments.find(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.reconsider(worker.id, project)
    unit.outbox.tell(worker.id, ProjectAccepted(unit.projects.get(project).title), edits=act.message)
    show_work(unit, worker)
