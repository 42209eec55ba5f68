"""The task in hand: answered, skipped or put back; and pausing pushes."""

from domain.answers import kind_of
from domain.moments import later
from domain.mturk.notifications import Event
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import Task, beginning_of, decision_time_of
from domain.refusals import (
    AlreadyAnswered,
    BadInput,
    MustConsent,
    NotAllowed,
    NotFound,
    Refusal,
    TooLate,
)
from domain.work.assignments import (
    UNSEEN,
    Assignment,
    AssignmentId,
    AssignmentState,
    Enrolment,
)
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
from services.act import Act
from services.fairness import juries, ratings
from services.money import topups, transfers
from services.people import qualification_tests, settings
from services.quality import consensus
from services.work import (
    answer_messages,
    corrections,
    dispatch,
    places,
    task_selection,
)
from services.work.answer_messages import seen_by
from services.work.dispatch import Bubble
from services.work.places import (
    find_set_aside,
    free_place,
    hand_back,
    mine,
    note_for_program,
    skipped_left,
    tell_if_all_skipped,
)
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def bury(act: Act, number: AssignmentId, refusal: Refusal) -> None:
    """After a refused press."""
    unit, worker, message = act.unit, act.person, act.message
    over = unit.assignments.find(number)
    if not isinstance(refusal, AlreadyAnswered | TooLate) or message is None or over is None:
        return
    if over.worker != worker.id:
        return
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and unit.outbox.showed(in_hand.id, message):
        _show_anew(act, worker, over, in_hand, message)
    elif unit.outbox.showed(number, message) or not _is_edited(act, worker, message):
        _tidy(act, worker, over, message)  # it was to say that none follows, and still shows its task


def _is_edited(act: Act, worker: Person, message: int, screen: str = "") -> bool:
    """Whether the message is to show something else, or this screen, or was made to so lately that the press came
    before it."""
    return act.unit.outbox.shown.is_edited(worker.id, message, later(dispatch.pressed_at(act), -UNSEEN), screen)


def _tidy(act: Act, worker: Person, over: Assignment, message: int) -> None:
    """Unless the first tap of two has seen to it: Telegram refuses the same edit."""
    unit, about = act.unit, answer_messages.became(act.unit, over)
    if _is_edited(act, worker, message, about.stored_as):
        return
    unit.outbox.tell(worker.id, about, key=f"dead:{over.id}:{message}", **answer_messages.tidying(message))


def _show_anew(act: Act, worker: Person, over: Assignment, in_hand: Assignment, message: int) -> None:
    """Unless the edit is on its way, or was made so lately that the press came before it."""
    unit = act.unit
    came = unit.outbox.shown.came_in_place(in_hand.id, message)
    shown = came and came[1]
    if shown is None or dispatch.pressed_at(act) - shown < UNSEEN or unit.outbox.hurry(in_hand.id):
        return
    if unit.outbox.message_of(in_hand.id) == message:
        dispatch.show_again(unit, worker, in_hand, dispatch.last_shown(unit, worker, in_hand.id, message))
    _tidy(act, worker, over, message)


FEW_SKIPS = 5  # left for today, from which each skip tells how many


def ask(act: Act) -> None:
    """`/work`: one task now."""
    act.refuse_suspended()
    dispatch.check_ending(act)
    work(act.unit, act.person)


def press(act: Act, assignment: AssignmentId, option: int) -> Submitted:
    """One press is the answer."""
    dispatch.check_pace(act, assignment)
    return submit(act.unit, act.person, assignment, str(option), act.message, pressed=True)


def cant_tell(act: Act, assignment: AssignmentId) -> Submitted:
    """Submits “can't tell”, which is paid like any answer."""
    dispatch.check_pace(act, assignment)
    return submit(act.unit, act.person, assignment, None, act.message, pressed=True)


def work(unit: UnitOfWork, worker: Person) -> None:
    """One task now: the one in hand again, or the next."""
    if not worker.is_worker:
        raise MustConsent()
    settings.asked_for_work(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and unit.outbox.was_refused(in_hand.id):
        hand_back(unit, in_hand)
        in_hand = None
    last = corrections.set_aside(unit, worker)
    if in_hand is not None:
        _show_again(unit, worker, in_hand, last)
    elif not (
        juries.offer_judgement(unit, worker, Lane.REPLY, last) or dispatch.next_task(unit, worker, Lane.REPLY, last)
    ):
        nothing_now(unit, worker, last)


def nothing_now(unit: UnitOfWork, worker: Person, last: LastAnswer | None = None, bubble: Bubble | None = None) -> None:
    """Show NothingNow, or ask whether they want what the only tasks left show, and await the next push."""
    quiet, aside = settings.quiet_until(unit, worker.id), find_set_aside(unit, worker)
    skipped_out = unit.enrolments.left.find_skipped_out(worker.id, unit.now)
    nothing = NothingNow(last, aside, quiet, skipped_left(unit, worker), skipped_out)
    dispatch.tell(unit, worker, task_selection.due(unit, worker, last) or nothing, bubble)
    settings.ask_once(unit, worker)
    qualification_tests.offer_qualification(unit, worker)
    qualification_tests.ask_screening(unit, worker)
    settings.wait(unit, worker.id, asked=True)
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
    held = not places.qualify_after_answer(unit, worker, project, enrolment) or project.accept == "review"
    took, worked = topups.time_answer(unit, project, task, assignment)
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
    transfers.credit_reward(unit, worker, project, submission, held)
    note_for_program(unit, project, task.id, assignment.id, Event.SUBMITTED)
    topups.count_answer(unit, project)
    ratings.schedule_after_answer(unit, worker, project, enrolment.answered)
    _draw_consensus(unit, project, task, worker, answer)
    miss = answer_messages.missed(seen, answer, right, submission)
    recap = answer_messages.of_run(unit, worker) if enrolment.answered % answer_messages.EVERY == 0 else None
    last = LastAnswer() if miss else LastAnswer(change=assignment.id, message=message or 0)
    if handed_in is not None and not miss:
        last = answer_messages.feedback(project, last, pressed, held)
    stands = answer_messages.answered(seen, answer, miss, recap)
    bubble = dispatch.bubble_of(unit, worker, project, task, assignment.id, message, stands) if pressed else None
    if bubble is None:
        answer_messages.close(unit, worker, stands, message, pressed, dispatch.is_on(unit, worker))
    _go_on(unit, worker, project, late, last, enrolment, bubble)
    if bubble is not None and not bubble.taken:
        answer_messages.close(unit, worker, stands, message, pressed)
    return Submitted(project.pay, project.currency, held, missed=miss is not None)


def skip(act: Act, assignment: AssignmentId) -> Skipped:
    """Return the place to other workers, without penalty. After the last skip of a day the project offers nothing more
    until tomorrow."""
    dispatch.check_pace(act, assignment)
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
    bubble = dispatch.bubble_of(unit, worker, project, task, assignment.id, message)
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
    act.unit.people.set_paused(act.person.id, True)
    return Paused(answer_messages.ending(act.unit, act.person))


def _close_assignment(unit: UnitOfWork, worker: Person, assignment: Assignment, project: Project) -> bool:
    """Whether it was late. Late but valid is still paid: it takes a place again, if one is left for this worker."""
    if unit.assignments.end(assignment.id, AssignmentState.SUBMITTED):
        return False
    if not (task_selection.takes_late(unit, worker, project) and unit.openings.take(assignment.task)):
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
        dispatch.tell(unit, worker, Paused(answer_messages.ending(unit, worker, last)), bubble)
        return
    if enrolment is not None and settings.ends_here(unit, worker, last, bubble):
        return
    if juries.offer_judgement(unit, worker, Lane.REPLY, last):
        return
    stays = enrolment is None or not task_selection.is_anothers_turn(unit, worker, project, enrolment)
    found = dispatch.next_in(unit, worker, project, Lane.REPLY, last, enrolment, bubble) if stays else None
    if found is None and enrolment is not None and stays:
        places.qualify(unit, worker, project, enrolment)
    if found is None and dispatch.next_task(unit, worker, Lane.REPLY, last, bubble) is None:
        nothing_now(unit, worker, answer_messages.ending(unit, worker, last), bubble)


def _show_again(unit: UnitOfWork, worker: Person, assignment: Assignment, last: LastAnswer | None) -> None:
    """Further down, where they look; what showed it before shows it no more. One that is on its way comes anyway."""
    if unit.outbox.hurry(assignment.id):
        return
    before = unit.outbox.message_of(assignment.id)
    dispatch.show_again(unit, worker, assignment, last)
    if last is None or last.message != before:  # in session mode the answer that was being changed stands there
        project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
        answer_messages.move(unit, worker, project, task, before)


LISTED = 20  # projects that `/leave` lists


def stop_here(act: Act) -> Paused:
    """`/stop` of a person who is no worker asks for a project's number."""
    if act.person.is_worker:
        return leave(act)
    if "requester" in act.roles:
        raise BadInput(what="number", value="", expected=["/stop N"])
    raise NotAllowed(role="requester")


def leave(act: Act) -> Paused:
    """`/stop` of a worker: as `/pause`, and what is in hand goes to another worker, without penalty."""
    unit, paused = act.unit, pause(act)
    juries.release_judge(unit, act.person.id)
    in_hand = unit.assignments.active_for(act.person.id)
    if in_hand is not None:
        put_back(unit, act.person, in_hand)
    return paused


def known_projects(act: Act) -> KnownProjects:
    """`/leave` without a number: the running projects this worker knows, those they left too."""
    return older_projects(act, 0)


def older_projects(act: Act, before: int) -> KnownProjects:
    """Those behind a project; 0: the newest."""
    found = act.unit.enrolments.known_to(act.person.id, LISTED + 1, before)
    return KnownProjects(tuple(found[:LISTED]), len(found) > LISTED)


def decline(act: Act, project: ProjectId) -> None:
    """No more tasks of this project for this worker. A task of it in hand goes to somebody else without harm, and the
    next task follows. Said where a button was pressed, else before that task."""
    unit, worker = act.unit, act.person
    known = unit.enrolments.find(worker.id, project)
    if known is None:  # a project that was never offered to them is not revealed
        raise NotFound(what="offer", name="")
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and in_hand.project == project:
        dispatch.check_pace(act, in_hand.id)
    unit.enrolments.decline(worker.id, project, True)
    found = unit.projects.get(project)
    answers = known.answered if known.consented_at is not None else 0
    declined = ProjectDeclined(project, found.title, ratings.offer_at_leaving(unit, worker, found), answers)
    unit.outbox.tell(worker.id, declined, edits=act.message)
    if in_hand is None or in_hand.project != project:
        return
    shown, task = unit.outbox.message_of(in_hand.id), unit.tasks.get(in_hand.task)
    pass_on(unit, worker, mine(unit, worker, in_hand.id), None)
    if shown and shown != act.message:
        unit.outbox.tell(worker.id, TaskSkipped(beginning_of(found, task)), **answer_messages.tidying(shown))


def accept_again(act: Act, project: ProjectId) -> None:
    """Takes back that they want no task of it: the message that asked says so, and a task follows.
    Where they refused what its tasks show, they are asked about that again."""
    unit, worker = act.unit, act.person
    if unit.enrolments.find(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.reconsider(worker.id, project)
    unit.outbox.tell(worker.id, ProjectAccepted(unit.projects.get(project).title), edits=act.message)
    work(unit, worker)
