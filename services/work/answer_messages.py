"""The message of a task after its buttons have done their work: the answer, an explained miss, or what became of the
task.

An edit of an old message stays in the outbox until Telegram has made it, so that no buttons of finished business
remain."""

from dataclasses import replace
from typing import Any

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.money.amounts import Millionths
from domain.people.accounts import ADMIN, Person, PersonId
from domain.projects.projects import Project
from domain.projects.results import displayed_answer, displayed_answers
from domain.projects.tasks import Task, TaskId, as_asked, beginning_of, candidate_parts, content_of
from domain.refusals import NotYours, UnknownChoice
from domain.work.assignments import Assignment, AssignmentId, AssignmentState, Submission, SubmissionId
from domain.work.messages import (
    AnswerRead,
    AnswerStands,
    LastAnswer,
    Miss,
    MissExplained,
    Recap,
    Run,
    TaskGone,
    TaskMoved,
    TaskSkipped,
    TextRead,
)
from domain.work.positions import SeenTask, draw_order, has_shuffled_labels, to_seen_task
from services.act import Act
from services.projects import edits
from storage.boxes.outbox import Lane, Letter
from storage.unit import UnitOfWork


def has_tasks_in_place(unit: UnitOfWork, worker: Person) -> bool:
    """Return whether a task takes the message of the one before it: unless the worker chose a message a task."""
    return not worker.choosy or unit.preferences.get(worker.id).in_place


def get_seen_task(unit: UnitOfWork, project: Project, task: Task, worker: PersonId) -> SeenTask:
    """Return the task as this worker sees it, with the compared columns in their order."""
    order = draw_order(project, task.id, worker, unit.settings.secret) if has_shuffled_labels(project) else ()
    return to_seen_task(project, task, order)


def get_answered_task(unit: UnitOfWork, submission: Submission) -> SeenTask:
    """Return the task of this submission as its worker saw it."""
    project_and_task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    return get_seen_task(unit, *project_and_task, submission.worker)


def read_task_text(act: Act, assignment: AssignmentId, column: int) -> tuple[TextRead, ...]:
    """Return the texts of a column of this worker's task, in as many messages as needed, as the worker sees them.
    Raise NotYours if the task is somebody else's or there is none, UnknownChoice if the column was not cut."""
    own_assignment = act.unit.assignments.find(assignment)
    if own_assignment is None or own_assignment.worker != act.person.id:
        raise NotYours()
    project_and_task = act.unit.projects.get(own_assignment.project), act.unit.tasks.get(own_assignment.task)
    seen_task = get_seen_task(act.unit, *project_and_task, act.person.id)
    return _parts(seen_task.project, seen_task.task, column)


def read_answered_text(act: Act, submission: SubmissionId, column: int) -> tuple[TextRead, ...]:
    """Return the texts of a column beside an answer, as its requester sees the task. Raise NotYours for all but the
    requester, the answer's worker, judges of its appeal, and admins."""
    unit, shown_submission = act.unit, act.unit.submissions.find(submission)
    if shown_submission is None or not (ADMIN in act.roles or _may_read(act, shown_submission)):
        raise NotYours()
    task, project = unit.tasks.get(shown_submission.task), unit.projects.get(shown_submission.project)
    return _parts(as_asked(edits.as_of_version(unit, project, shown_submission.version), task), task, column)


def read_answer(act: Act, submission: SubmissionId) -> tuple[AnswerRead, ...]:
    """Return the whole answer in parts. Raise NotYours for readers to whom it is not shown, for a requester who
    rejected it, and for all but its worker once it was taken back."""
    unit, shown_submission = act.unit, act.unit.submissions.find(submission)
    if shown_submission is None or not (ADMIN in act.roles or _may_read(act, shown_submission)):
        raise NotYours()
    if act.person.id != shown_submission.worker and unit.consents.is_taken_back(shown_submission.id):
        raise NotYours()
    project = unit.projects.get(shown_submission.project)
    if shown_submission.state == "rejected" and act.person.id == project.requester:
        raise NotYours()
    project_as_asked = as_asked(
        edits.as_of_version(unit, project, shown_submission.version), unit.tasks.get(shown_submission.task)
    )
    parts = (
        kind_of(project_as_asked.kind).split_for_messages(displayed_answer(project_as_asked, shown_submission.answer))
        if shown_submission.answer is not None
        else ()
    )
    return tuple(AnswerRead(project_as_asked.kind, part, number, len(parts)) for number, part in enumerate(parts, 1))


def read_own_task_text(act: Act, task: TaskId, column: int) -> tuple[TextRead, ...]:
    """Return the texts of a column of a requester's own task. Raise NotYours for anybody else's."""
    own_task = act.unit.tasks.find(task)
    project = act.unit.projects.get(own_task.project) if own_task is not None else None
    if own_task is None or project is None or project.requester != act.person.id:
        raise NotYours()
    return _parts(as_asked(project, own_task), own_task, column)


def _may_read(act: Act, submission: Submission) -> bool:
    """Return whether the person is the answer's worker, its requester, or a judge of its appeal."""
    unit, reader = act.unit, act.person.id
    if reader in (submission.worker, unit.projects.get(submission.project).requester):
        return True
    appeal = unit.appeals.find_for_submission(submission.id)
    judgement = unit.appeals.find_judgement(appeal.id, reader) if appeal is not None else None
    return judgement is not None and judgement.state in ("active", "given")


def _parts(project: Project, task: Task, column: int) -> tuple[TextRead, ...]:
    """Return the parts of the text in this column. Raise UnknownChoice if the task's message shows that text whole."""
    label_by_column = {cut_text.column: cut_text.label for cut_text in content_of(project, task).cut}
    if column not in label_by_column:
        raise UnknownChoice()
    parts = candidate_parts(task.content[project.columns[column]])
    return tuple(TextRead(label_by_column[column], text, number, len(parts)) for number, text in enumerate(parts, 1))


RECAP_EVERY_ANSWERS = 10  # answers in a project


def get_recap(unit: UnitOfWork, worker: Person) -> Recap | None:
    """Return the recap of the run of tasks that this worker's newest answer belongs to, None if it is too short or
    over."""
    return _recap(unit, worker.id, unit.submissions.run_of(worker.id))


def find_recap_at_answer(unit: UnitOfWork, submission: Submission) -> Recap | None:
    """Return the recap that stands in the message of this answer; None unless the answer is the newest of its run and
    its number in the project is a multiple of RECAP_EVERY_ANSWERS."""
    run, enrolment = (
        unit.submissions.run_of(submission.worker),
        unit.enrolments.find(submission.worker, submission.project),
    )
    if run is None or run.last != submission.id or enrolment is None or enrolment.answered % RECAP_EVERY_ANSWERS:
        return None
    return _recap(unit, submission.worker, run)


def _recap(unit: UnitOfWork, worker: PersonId, run: Run | None) -> Recap | None:
    """Return the run's recap, including the top-ups that its answers have had by now."""
    recap = None if run is None else run.recap(unit.now)
    if run is None or recap is None:
        return None
    topped_up = unit.topups.sum_paid_for_answers(worker, run.start, run.last)
    return replace(recap, earned=Millionths(recap.earned + topped_up), topped_up=topped_up)


def add_recap(unit: UnitOfWork, worker: Person, last: LastAnswer | None = None) -> LastAnswer | None:
    """Return feedback on the last answer where no task follows, with a recap of the run if there was one."""
    recap = get_recap(unit, worker)
    return last if recap is None else replace(last or LastAnswer(), recap=recap)


# The next task takes this second of the chat (one message or edit a second), the edit of the old message the one after:
# any later it would take the second in which the next answer asks for a task.
TIDYING_DELAY_MILLISECONDS = 1_000  # milliseconds


def tidying_options(message: int) -> dict[str, Any]:
    """Return the options with which an edit of an old message is sent: last of all, after a delay."""
    return {"lane": Lane.TIDY, "edits": message, "delay": TIDYING_DELAY_MILLISECONDS}


def to_miss(seen: SeenTask, answer: str | None, right: bool | None, submission: SubmissionId) -> Miss | None:
    """Return the explanation of a missed gold task, None unless the answer was wrong."""
    task, project = seen.task, seen.project
    if right is not False or not task.gold:
        return None
    moved_labels = (
        tuple((meant, label) for label, meant in seen.meant_by_label.items() if label != meant) if task.reason else ()
    )
    shown_answer = displayed_answer(project, seen.to_seen_answer(answer))
    return Miss(
        project.kind,
        answer=shown_answer,
        gold=displayed_answers(project, seen.to_seen_golds(task.gold)),
        reason=task.reason,
        submission=submission,
        called=moved_labels,
    )


def to_answer_message(seen: SeenTask, answer: str | None, miss: Miss | None, recap: Recap | None) -> AnswerStands:
    """Return the message about an answer that was given just now."""
    project, beginning = seen.project, beginning_of(seen.project, seen.task)
    shown_answer = displayed_answer(project, seen.to_seen_answer(answer))
    return AnswerStands(beginning, project.kind, shown_answer, project.pay, project.currency, miss=miss, recap=recap)


def add_feedback(project: Project, last: LastAnswer, pressed: bool, held: bool) -> LastAnswer:
    """Return what is said of a submission above the next task: that it was received, unless the answer was a press
    alone, whose toast says so."""
    kind = kind_of(project.kind)
    by_press = kind.wants in (Wants.PRESS, Wants.PRESSES) and Wants.PAGE not in kind.list_inputs(project.options)
    last = replace(last, typed=kind.is_typed(project.options))
    return last if by_press and pressed else replace(last, received=project.pay, currency=project.currency, held=held)


def close_message(unit: UnitOfWork, worker: Person, stands: AnswerStands, message: int | None) -> None:
    """Replace the buttons of the answered message by the answer. Explain a miss in a message of its own below it, which
    the worker sees come."""
    if message:
        unit.outbox.tell(worker.id, replace(stands, below=stands.miss is not None), **tidying_options(message))
    if stands.miss is not None:
        unit.outbox.tell(worker.id, MissExplained(stands.miss))


def tell_moved(unit: UnitOfWork, worker: Person, project: Project, task: Task, message: int | None) -> None:
    """Take the buttons from the message that showed the task, because the task is shown again further down."""
    if message:
        unit.outbox.tell(worker.id, TaskMoved(beginning_of(project, task)), edits=message)


def say_given_back(
    unit: UnitOfWork, worker: Person, project: Project, task: Task, message: int | None, reported: bool = False
) -> None:
    """Replace the buttons of a task that goes to others by a note that it was skipped, or `reported`."""
    if message:
        outcome = TaskSkipped(beginning_of(project, get_seen_task(unit, project, task, worker.id).task), reported)
        unit.outbox.tell(worker.id, outcome, **tidying_options(message))


def tell_standing_answer(unit: UnitOfWork, worker: Person, stands: AnswerStands, message: int | None) -> None:
    """Say which answer stands now, in the message that asked, or in a new one without it."""
    unit.outbox.tell(worker.id, stands, edits=message)


def get_standing_answer(unit: UnitOfWork, submission: Submission, answer: str | None) -> AnswerStands:
    """Return the message of an answered task with its current `answer`."""
    seen = get_answered_task(unit, submission)
    project = seen.project
    beginning, is_changed = beginning_of(project, seen.task), answer != submission.answer
    shown_answer = displayed_answer(seen.project, seen.to_seen_answer(answer))
    return AnswerStands(
        beginning, project.kind, answer=shown_answer, pay=submission.pay, currency=project.currency, changed=is_changed
    )


def shows_task(act: Act, message: int | None) -> bool:
    """Return whether the message shows the worker's task in hand by now."""
    in_hand = act.unit.assignments.active_for(act.person.id)
    return in_hand is not None and message is not None and act.unit.outbox.was_shown_in(in_hand.id, message)


def tidy_failed_edit(unit: UnitOfWork, letter: Letter) -> None:
    """Tidy a message whose edit into another task failed: say what became of the task that it still shows."""
    last = letter.facts.get("last") or {}
    assignment_id, message = last.get("replaces"), letter.edits
    assignment = unit.assignments.find(assignment_id) if assignment_id is not None else None
    if assignment is not None and message is not None:
        unit.outbox.tell(letter.person, get_outcome(unit, assignment), **tidying_options(message))


def tell_gone(unit: UnitOfWork, assignment: Assignment) -> None:
    """Say in the message of a task, if it has one, that no answer is needed any more."""
    message = unit.outbox.find_message(assignment.id)
    if message is not None:
        beginning = beginning_of(unit.projects.get(assignment.project), unit.tasks.get(assignment.task))
        unit.outbox.tell(assignment.worker, TaskGone(beginning), **tidying_options(message))


def get_outcome(unit: UnitOfWork, assignment: Assignment) -> AnswerStands | TaskSkipped | TaskGone:
    """Return the message about a task that is over: its answer with an explained miss and a recap, skipped, or gone."""
    project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
    submission = unit.submissions.of_assignment(assignment.id)
    if submission is not None:
        right = None if submission.gold is None else bool(submission.gold)
        miss = to_miss(get_answered_task(unit, submission), submission.answer, right, submission.id)
        recap = find_recap_at_answer(unit, submission)
        stands = get_standing_answer(unit, submission, submission.answer)
        return replace(stands, miss=miss, recap=recap, below=miss is not None)
    beginning = beginning_of(project, task)
    return TaskSkipped(beginning) if assignment.state is AssignmentState.SKIPPED else TaskGone(beginning)
