"""The task in hand: answered, skipped or put back; and pausing pushes."""

from domain.answers import kind_of
from domain.moments import later
from domain.mturk.notifications import Event
from domain.people.people import Person
from domain.projects.projects import Project
from domain.projects.tasks import Task, decision_time_of
from domain.refusals import AlreadyAnswered, MustConsent, TooLate
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.messages import LastAnswer, NothingNow, Paused, Submitted
from domain.work.offers import Skipped
from domain.work.submissions import Enrolment
from services.act import Act
from services.fairness import jury_duty
from services.fairness.ratings import asking
from services.money import topups, transfers
from services.money.wage_floor import working_time
from services.people import countries, push_schedule
from services.people.qualifications import offers as qualification_offers
from services.people.qualifications import screening
from services.quality import consensus
from services.work import answer_messages, dispatch, qualification, recaps, session, task_selection
from services.work.cards import audience, content_warnings
from services.work.cards.seen import seen_by
from services.work.changes import change_messages
from services.work.places import (
    find_set_aside,
    free_place,
    hand_back,
    mine,
    note_for_program,
    skipped_left,
    tell_if_all_skipped,
)
from services.work.session import Bubble
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

FEW_SKIPS = 5  # left for today, from which each skip tells how many


def ask(act: Act) -> None:
    """`/work`: one task now."""
    act.refuse_suspended()
    session.check_ending(act)
    work(act.unit, act.person)


def press(act: Act, assignment: AssignmentId, option: int) -> Submitted:
    """One press is the answer."""
    session.check_pace(act, assignment)
    return submit(act.unit, act.person, assignment, str(option), act.message, pressed=True)


def cant_tell(act: Act, assignment: AssignmentId) -> Submitted:
    """Submits “can't tell”, which is paid like any answer."""
    session.check_pace(act, assignment)
    return submit(act.unit, act.person, assignment, None, act.message, pressed=True)


def work(unit: UnitOfWork, worker: Person) -> None:
    """One task now: the one in hand again, or the next."""
    if not worker.is_worker:
        raise MustConsent()
    push_schedule.asked_for_work(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and unit.outbox.was_refused(in_hand.id):
        hand_back(unit, in_hand)
        in_hand = None
    last = change_messages.set_aside(unit, worker)
    if in_hand is not None:
        _show_again(unit, worker, in_hand, last)
    elif not (jury_duty.offer(unit, worker, Lane.REPLY, last) or dispatch.next_task(unit, worker, Lane.REPLY, last)):
        nothing_now(unit, worker, last)


def nothing_now(unit: UnitOfWork, worker: Person, last: LastAnswer | None = None, bubble: Bubble | None = None) -> None:
    """Show NothingNow, or ask whether they want what the only tasks left show, and await the next push."""
    quiet, aside = push_schedule.quiet_until(unit, worker.id), find_set_aside(unit, worker)
    skipped_out = unit.enrolments.left.find_skipped_out(worker.id, unit.now)
    nothing = NothingNow(last, aside, quiet, skipped_left(unit, worker), skipped_out)
    session.tell(unit, worker, content_warnings.due(unit, worker, last) or nothing, bubble)
    countries.ask_once(unit, worker)
    qualification_offers.offer(unit, worker)
    screening.ask_once(unit, worker)
    push_schedule.wait(unit, worker.id, asked=True)
    unit.people.park(worker.id)


def submit(
    unit: UnitOfWork,
    worker: Person,
    assignment_id: AssignmentId,
    handed_in: str | None,
    message: int | None,
    pressed: bool = False,
) -> Submitted:
    """Store and credit an answer (None is “can't tell”), dispatch the next task. `pressed`: under its `message`."""
    assignment = mine(unit, worker, assignment_id)
    project = unit.projects.get(assignment.project)
    seen = seen_by(unit, project, unit.tasks.get(assignment.task), worker.id)
    kind, project = kind_of(project.kind), seen.project
    answer = None if handed_in is None else seen.answer_meant(kind.read(handed_in, project.options))
    late = _close_assignment(unit, worker, assignment, project)
    if kind.asks_questions:
        unit.assignments.draft(assignment.id, (), None)  # it may hold their words
    task = unit.tasks.receive(assignment.task)
    kind.check(answer, project.template, task.content)
    right = kind.judge(answer, task.gold)
    enrolment = unit.enrolments.count(worker.id, project.id, right, unit.now)
    held = not qualification.qualify_after_answer(unit, worker, project, enrolment) or project.accept == "review"
    took, worked = working_time.of_answer(unit, project, task, assignment)
    submission = unit.submissions.add(
        assignment.id,
        project,
        *(task.id, worker.id, answer, right, took),
        "submitted" if project.accept == "review" else "accepted",
        later(unit.now, decision_time_of(task)) if held else None,
        unit.now,
        assignment.version,
        worked,
    )
    transfers.credit(unit, worker, project, submission, held)
    note_for_program(unit, project, task.id, assignment.id, Event.SUBMITTED)
    topups.after_answer(unit, project)
    asking.after_answer(unit, worker, project, enrolment.answered)
    _draw_consensus(unit, project, task, worker, answer)
    miss = answer_messages.missed(seen, answer, right, submission)
    recap = recaps.of_run(unit, worker) if enrolment.answered % recaps.EVERY == 0 else None
    last = LastAnswer() if miss else LastAnswer(change=assignment.id, message=message or 0)
    if handed_in is not None and not miss:
        last = answer_messages.feedback(project, last, pressed, held)
    stands = answer_messages.answered(seen, answer, miss, recap)
    bubble = session.bubble_of(unit, worker, project, task, assignment.id, message, stands) if pressed else None
    if bubble is None:
        answer_messages.close(unit, worker, stands, message, pressed, session.is_on(unit, worker))
    _go_on(unit, worker, project, late, last, enrolment, bubble)
    if bubble is not None and not bubble.taken:
        answer_messages.close(unit, worker, stands, message, pressed)
    return Submitted(project.pay, project.currency, held, missed=miss is not None)


def skip(act: Act, assignment: AssignmentId) -> Skipped:
    """Return the place to other workers, without penalty. After the last skip of a day the project offers nothing more
    until tomorrow."""
    session.check_pace(act, assignment)
    unit, skipped = act.unit, mine(act.unit, act.person, assignment)
    left = pass_on(unit, act.person, skipped, act.message).skips_left(unit.now)
    return Skipped(left if left <= FEW_SKIPS else None)


def pass_on(unit: UnitOfWork, worker: Person, assignment: Assignment, message: int | None) -> Enrolment:
    """The task goes to other workers, where its time is not up; the next one follows. It counts among the skips of the
    day however it was given back: by a skip, a report, or with the whole project. Return the enrolment with that."""
    enrolment = unit.enrolments.skip(worker.id, assignment.project, unit.now)
    project = unit.projects.get(assignment.project)
    task, in_time = unit.tasks.get(assignment.task), unit.assignments.end(assignment.id, AssignmentState.SKIPPED)
    if in_time:
        note_for_program(unit, project, task.id, assignment.id, Event.RETURNED)
        free_place(unit, project, task)
    else:
        unit.assignments.end(assignment.id, AssignmentState.SKIPPED, AssignmentState.EXPIRED)
    bubble = session.bubble_of(unit, worker, project, task, assignment.id, message)
    _go_on(unit, worker, project, not in_time, bubble=bubble)
    if in_time:
        tell_if_all_skipped(unit, project)
    if not (bubble and bubble.taken):
        answer_messages.say_given_back(unit, worker, project, task, message)
    return enrolment


def put_back(unit: UnitOfWork, worker: Person, in_hand: Assignment) -> None:
    """A task in hand goes to other workers without penalty, and nothing follows by itself."""
    project, task = unit.projects.get(in_hand.project), unit.tasks.get(in_hand.task)
    if unit.assignments.end(in_hand.id, AssignmentState.SKIPPED):
        unit.enrolments.skip(worker.id, project.id, unit.now)
        note_for_program(unit, project, task.id, in_hand.id, Event.RETURNED)
        free_place(unit, project, task)
        if not unit.assignments.any_unskipped(project.id):
            tell_if_all_skipped(unit, project)
    answer_messages.say_given_back(unit, worker, project, task, unit.outbox.message_of(in_hand.id))


def pause(act: Act) -> Paused:
    """Stops pushes until /work. The task in hand stays answerable."""
    if not act.person.is_worker:
        raise MustConsent()
    act.unit.people.pause(act.person.id, True)
    return Paused(recaps.ending(act.unit, act.person))


def _close_assignment(unit: UnitOfWork, worker: Person, assignment: Assignment, project: Project) -> bool:
    """Whether it was late. Late but valid is still paid: it takes a place again, if one is left for this worker."""
    if unit.assignments.end(assignment.id, AssignmentState.SUBMITTED):
        return False
    if not (audience.takes_late(unit, worker, project) and unit.openings.take(assignment.task)):
        raise TooLate()
    if not unit.assignments.end(assignment.id, AssignmentState.SUBMITTED, AssignmentState.EXPIRED):
        raise AlreadyAnswered()
    return True


def _draw_consensus(unit: UnitOfWork, project: Project, task: Task, worker: Person, answer: str | None) -> None:
    """Under the lock of the task's row, which was taken when the answer was counted: closes it or asks one more."""
    if task.state == "stopped" and not task.gold and task.received == 1:
        unit.progress_counts.begun(project.id, 1)
    if task.gold:
        unit.tasks.conclude(task.id, kind_of(project.kind).known(task.gold), 1.0, task.state)
    else:
        consensus.settle(unit, project, task, consensus.draw(unit, project, task, worker.id, answer))


def _go_on(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    late: bool,
    last: LastAnswer | None = None,
    enrolment: Enrolment | None = None,
    bubble: Bubble | None = None,
) -> None:
    """The next task, preferably of the same project, at times of another. After a late answer one can be in hand."""
    if late and unit.assignments.active_for(worker.id) is not None:
        return
    if worker.paused:
        session.tell(unit, worker, Paused(recaps.ending(unit, worker, last)), bubble)
        return
    if enrolment is not None and push_schedule.ends_here(unit, worker, last, bubble):
        return
    if jury_duty.offer(unit, worker, Lane.REPLY, last):
        return
    stays = enrolment is None or not task_selection.is_anothers_turn(unit, worker, project, enrolment)
    found = dispatch.next_in(unit, worker, project, Lane.REPLY, last, enrolment, bubble) if stays else None
    if found is None and enrolment is not None and stays:
        qualification.qualify(unit, worker, project, enrolment)
    if found is None and dispatch.next_task(unit, worker, Lane.REPLY, last, bubble) is None:
        nothing_now(unit, worker, recaps.ending(unit, worker, last), bubble)


def _show_again(unit: UnitOfWork, worker: Person, assignment: Assignment, last: LastAnswer | None) -> None:
    """Further down, where they look; what showed it before shows it no more. One that is on its way comes anyway."""
    if unit.outbox.hurry(assignment.id):
        return
    before = unit.outbox.message_of(assignment.id)
    dispatch.show_again(unit, worker, assignment, last)
    if last is None or last.message != before:  # in session mode the answer that was being changed stands there
        project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
        answer_messages.move(unit, worker, project, task, before)
