"""Corrections: an answer may be changed within a minute.

The old answer counts until the new one is stored, and is kept beside it. Pay does not move. The consensus is computed
again. A missed check question was explained at once, so it stays missed.
"""

from dataclasses import replace

from domain.answers import Draft, Wants, kind_of
from domain.people.people import Person
from domain.projects.projects import Project
from domain.refusals import AlreadyAnswered, NotYours, TooLateToChange
from domain.work.answer_pad import AnswerPad
from domain.work.assignments import AssignmentId
from domain.work.messages import AnswerStands, Changed, LastAnswer, Miss, ToolNoted
from domain.work.submissions import Submission
from services.act import Act
from services.people import push_schedule
from services.quality import consensus
from services.work import answer_messages, dispatch, session
from services.work.cards.seen import seen_of
from services.work.changes import change_messages, eligibility
from services.work.open_answer import OpenAnswer
from services.work.redos import ending
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def choose(act: Act, assignment: AssignmentId, option: int) -> Changed | None:
    """One press of several; the last one of a form is the new answer."""
    return _changing(act, assignment, act.message).choose(option)


def undo(act: Act, assignment: AssignmentId) -> None:
    """Takes the last of several presses back."""
    _changing(act, assignment, act.message).undo()


def done(act: Act, assignment: AssignmentId) -> Changed:
    """The presses so far are the new answer."""
    return _changing(act, assignment, act.message).done()


def press(act: Act, assignment: AssignmentId, option: int) -> Changed:
    """One press is the new answer."""
    return submit(act.unit, act.person, assignment, str(option), act.message)


def cant_tell(act: Act, assignment: AssignmentId) -> Changed:
    session.check_change(act)
    return submit(act.unit, act.person, assignment, None, act.message)


def keep(act: Act, assignment: AssignmentId) -> Changed:
    """The old answer stands after all."""
    session.check_change(act)
    unit, worker = act.unit, act.person
    submission, change = _open(unit, worker, assignment)
    unit.corrections.close(worker.id)
    say_it_stands(unit, worker, submission, act.message or change.message)
    return Changed(False)


def write(act: Act, submission: Submission, words: str) -> Changed | None:
    """Words that are the new answer, or a step of it."""
    changing = _changing(act, submission.assignment, None)
    if changing.pad.takes_words:
        return changing.write(words)
    return changing.hand_in(words)


def used_tool(act: Act, assignment: AssignmentId) -> ToolNoted:
    """What they typed was made with a tool: it counts, stays paid, is no sign against anybody, no ground to reject."""
    submission = eligibility.get_given(act.unit, act.person, assignment)
    project = seen_of(act.unit, submission).project
    if not kind_of(project.kind).is_typed(project.options):
        raise NotYours()
    act.unit.tool_uses.note(submission.project, submission.id)
    return ToolNoted()


def submit(
    unit: UnitOfWork, worker: Person, assignment_id: AssignmentId, handed_in: str | None, message: int | None
) -> Changed:
    """Replaces the old answer; None is “can't tell”."""
    submission, change = _open(unit, worker, assignment_id)
    seen, task = seen_of(unit, submission), unit.tasks.get(submission.task)
    kind, project = kind_of(seen.project.kind), seen.project
    answer = None if handed_in is None else seen.answer_meant(kind.read(handed_in, project.options))
    kind.check(answer, project.template, task.content)
    unit.corrections.close(worker.id)
    changed = answer != submission.answer
    miss = _replace(unit, worker, project, submission, answer) if changed else None
    ending.finish(unit, worker, submission)
    stands = replace(answer_messages.stands_of(unit, submission, answer), miss=miss)
    _conclude(unit, worker, submission, stands, message or change.message, pressed=message is not None)
    return Changed(changed, missed=miss is not None)


def lapse(act: Act, assignment: AssignmentId) -> None:
    """The time to choose anew is over, or another task was asked for: its message shows again what it did before."""
    unit, worker, submission = act.unit, act.person, act.unit.submissions.of_assignment(assignment)
    if submission is None or act.message is None:
        return
    if not unit.corrections.lapse(worker.id, submission.id) and not ending.is_left(unit, worker, submission):
        return
    say_it_stands(unit, worker, submission, act.message)


def _open(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> tuple[Submission, Change]:
    """An answer that is open to be changed; a second press finds it closed."""
    submission, change = eligibility.get_given(unit, worker, assignment_id), unit.corrections.open_of(worker.id)
    if change is None or change.submission != submission.id:
        raise AlreadyAnswered()
    return submission, change


def end_other(unit: UnitOfWork, worker: Person, change: Change) -> None:
    """Another answer that was open to be changed stays as it is, which its message says; one that its requester asks
    for once more stays open."""
    if not ending.is_open(unit, change.submission):
        submission = unit.submissions.get(change.submission)
        stands = answer_messages.stands_of(unit, submission, submission.answer)
        change_messages.say(unit, worker, submission, stands, change.message)


def abandon(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Close the change of this answer, which stays as it was, and bring the task in hand back."""
    unit.corrections.close(worker.id)
    say_it_stands(unit, worker, submission, None)


def say_it_stands(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """The answer stays as it was, which `message` says, None for the one that opened it, and the task in hand comes
    back."""
    stands = answer_messages.stands_of(unit, submission, submission.answer)
    _conclude(unit, worker, submission, stands, message, pressed=True)


def _conclude(
    unit: UnitOfWork, worker: Person, submission: Submission, stands: AnswerStands, message: int | None, pressed: bool
) -> None:
    """Say what stands now, and bring the task in hand back: below it, or in session mode in its place."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        push_schedule.wait(unit, worker.id, asked=True)
    elif not change_messages.is_hidden(unit, worker, in_hand, message):
        in_hand = None
    project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    bubble = session.bubble_of(unit, worker, project, task, submission.assignment, message, stands) if pressed else None
    if in_hand is not None and bubble is not None:
        last = LastAnswer(change=submission.assignment, message=bubble.message)
        dispatch.show_again(unit, worker, in_hand, last, bubble)
        if bubble.taken:
            return
    message = change_messages.say(unit, worker, submission, stands, message)
    if not pressed and message is not None and kind_of(project.kind).wants not in (Wants.PRESS, Wants.PRESSES):
        answer_messages.tell(unit, worker, stands, None)  # a sent answer stands below the task: so must the reply
    if in_hand is not None and bubble is None:
        dispatch.show_again(unit, worker, in_hand, _changeable(unit, submission, stands, message))


def _changeable(
    unit: UnitOfWork, submission: Submission, stands: AnswerStands, message: int | None
) -> LastAnswer | None:
    """Return what is said below the next task of an answer that can still be changed, None of one that can not."""
    if stands.miss is not None or not submission.may_be_changed(unit.now):
        return None
    return LastAnswer(change=submission.assignment, message=message or 0)


def _replace(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, answer: str | None
) -> Miss | None:
    """Under the lock of the task's row: the answer, what gold says of it, and what the task comes to. A miss is
    explained as it always is."""
    task = unit.tasks.lock(submission.task)
    eligibility.require_changeable(unit, project, unit.submissions.get(submission.id))
    right = kind_of(project.kind).judge(answer, task.gold)
    unit.progress_counts.judged(submission.id, right)
    if not unit.corrections.replace(submission.id, answer, right):
        raise TooLateToChange(why="decided")
    if not task.gold:
        consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
        unit.reviews.redrawn(task.id)
    else:  # gold counts the answer that stands
        unit.gold_tasks.recount(worker.id, project.id)
    if project.ended_at is not None:  # no further answer will have its workers relearnt
        unit.gold_tasks.changed(project.id)
    return answer_messages.missed(seen_of(unit, submission), answer, right, submission.id)


def _changing(act: Act, number: AssignmentId, message: int | None) -> OpenAnswer[Changed]:
    """The draft of the new answer."""
    unit, worker = act.unit, act.person
    submission, change = _open(unit, worker, number)
    project = seen_of(unit, submission).project
    return OpenAnswer(
        AnswerPad.of(project, change.draft),
        lambda draft: _draw(unit, worker, project, submission, change, draft, message),
        lambda pressed: submit(unit, worker, number, pressed, message),
    )


def _draw(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    submission: Submission,
    change: Change,
    draft: Draft,
    message: int | None,
) -> None:
    unit.corrections.press(worker.id, draft)
    if draft != change.draft or kind_of(project.kind).asks_questions:
        if message is None and change.message is None:
            change_messages.leave(unit, worker, submission)  # what follows words is shown below them
        show(unit, worker, project, submission, message or change.message, draft)


def show(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, message: int | None, draft: Draft
) -> None:
    about = (project, unit.tasks.get(submission.task), unit.enrolments.enrol(worker.id, project.id))
    place = (submission.assignment, message, draft)
    again = ending.is_open(unit, submission.id)
    live = None if message else change_messages.name_of(submission.assignment)
    dispatch.redraw(unit, worker, *about, *place, changing=True, paid_again=again, live=live)
