"""Corrections: an answer may be changed within a minute.

The old answer counts until the new one is stored, and is kept beside it. Pay does not move. The consensus is computed
again. A missed check question was explained at once, so it stays missed.
"""

from dataclasses import replace

from domain.answers import Draft, kind_of
from domain.people.people import Person
from domain.projects.form_answers import begun
from domain.projects.projects import Project
from domain.refusals import AlreadyAnswered, NotYours, TooLateToChange
from domain.work.answer_pad import AnswerPad
from domain.work.assignments import AssignmentId
from domain.work.messages import Changed, Miss, Reopened, ToolNoted
from domain.work.session import QUICK
from domain.work.submissions import CHANGING_TIME, Submission
from services.act import Act
from services.people import push_schedule
from services.quality import consensus
from services.work import answer_messages, dispatch, session
from services.work.cards.seen import seen_of
from services.work.changes import change_messages, conclusion
from services.work.open_answer import OpenAnswer
from services.work.redos import ending
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def reopen(act: Act, assignment: AssignmentId, message: int) -> Reopened:
    """Show the task with its options again, in a new message at the end of the chat, or in the pressed one if that is
    the `message` that shows the answer (0: unknown). Until the change is done or left no other task can be answered:
    the one in hand loses its buttons. Raise NotYours, and TooLateToChange with the reason."""
    unit, worker = act.unit, act.person
    submission = _given(unit, worker, assignment)
    project = seen_of(unit, submission).project
    if not submission.may_be_changed(unit.now):
        raise TooLateToChange(why="time")
    _check(unit, project, submission)
    if message:
        unit.outbox.shown.forget_tidying(worker.id, message)
    before = unit.corrections.open_of(worker.id)
    if before is not None and before.submission != submission.id:
        conclusion.end_other(unit, worker, before)
    in_place = message != 0 and message == act.message
    if in_place:
        _open_in(unit, worker, submission, message)
    elif before is None or before.submission != submission.id or session.pressed_at(act) - before.opened_at >= QUICK:
        open_anew(unit, worker, submission, message)
    return Reopened(below=not in_place)


def open_anew(unit: UnitOfWork, worker: Person, submission: Submission, shown_in: int = 0) -> None:
    """Show its task, open for another answer, in a message of its own. The task in hand and the message `shown_in` that
    shows the answer (0: unknown) lose their buttons, and nothing is pushed until the change is done or CHANGING_TIME is
    over."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        push_schedule.rest(unit, worker.id, CHANGING_TIME)
    else:
        change_messages.hide(unit, worker, in_hand)
    change_messages.leave(unit, worker, submission)
    if shown_in:
        project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
        answer_messages.move(unit, worker, project, task, shown_in)
    _open_in(unit, worker, submission, None)


def _open_in(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """Note that the answer may be changed, and show its task in this message, None for a new one."""
    seen = seen_of(unit, submission)
    unit.corrections.open(worker.id, submission.id, message)
    if draft := begun(seen.project, seen.answer_seen(submission.answer)):
        unit.corrections.press(worker.id, draft)
    _show(unit, worker, seen.project, submission, message, draft)


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
    conclusion.say_it_stands(unit, worker, submission, act.message or change.message)
    return Changed(False)


def write(act: Act, submission: Submission, words: str) -> Changed | None:
    """Words that are the new answer, or a step of it."""
    changing = _changing(act, submission.assignment, None)
    if changing.pad.takes_words:
        return changing.write(words)
    return changing.hand_in(words)


def used_tool(act: Act, assignment: AssignmentId) -> ToolNoted:
    """What they typed was made with a tool: it counts, stays paid, is no sign against anybody, no ground to reject."""
    submission = _given(act.unit, act.person, assignment)
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
    conclusion.conclude(unit, worker, submission, stands, message or change.message, pressed=message is not None)
    return Changed(changed, False if miss else None)


def lapse(act: Act, assignment: AssignmentId) -> None:
    """The time to choose anew is over, or another task was asked for: its message shows again what it did before."""
    unit, worker, submission = act.unit, act.person, act.unit.submissions.of_assignment(assignment)
    if submission is None or act.message is None:
        return
    if not unit.corrections.lapse(worker.id, submission.id) and not ending.is_left(unit, worker, submission):
        return
    conclusion.say_it_stands(unit, worker, submission, act.message)


def _given(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Submission:
    """Checks the row: whose answer it is."""
    submission = unit.submissions.of_assignment(assignment_id)
    if submission is None or submission.worker != worker.id:
        raise NotYours()
    return submission


def _open(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> tuple[Submission, Change]:
    """An answer that is open to be changed; a second press finds it closed."""
    submission, change = _given(unit, worker, assignment_id), unit.corrections.open_of(worker.id)
    if change is None or change.submission != submission.id:
        raise AlreadyAnswered()
    return submission, change


def _check(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    """Raises TooLateToChange for an answer that was explained, is under review, is decided, or was taken back."""
    if unit.consents.is_taken_back(submission.id):
        raise TooLateToChange(why="decided")
    if ending.is_asked(unit, submission):
        return  # by its requester, once more
    if submission.gold == 0:
        raise TooLateToChange(why="told")
    if submission.state == "rejected" or (project.accept == "review" and submission.state != "submitted"):
        raise TooLateToChange(why="decided")
    if project.accept == "review" and unit.corrections.is_looked_at(submission.id):
        raise TooLateToChange(why="looked")


def _replace(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, answer: str | None
) -> Miss | None:
    """Under the lock of the task's row: the answer, what gold says of it, and what the task comes to. A miss is
    explained as it always is."""
    task = unit.tasks.lock(submission.task)
    _check(unit, project, unit.submissions.get(submission.id))
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
        _show(unit, worker, project, submission, message or change.message, draft)


def _show(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, message: int | None, draft: Draft
) -> None:
    about = (project, unit.tasks.get(submission.task), unit.enrolments.enrol(worker.id, project.id))
    place = (submission.assignment, message, draft)
    again = ending.is_open(unit, submission.id)
    live = None if message else change_messages.name_of(submission.assignment)
    dispatch.redraw(unit, worker, *about, *place, changing=True, paid_again=again, live=live)
