"""A task's message once its buttons have done their work: the answer, a miss explained, or what became of it.

An edit of an old message is owed until Telegram has made it: buttons of finished business do not stay.
"""

from dataclasses import replace
from typing import Any

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.money.amounts import Millionths
from domain.people.accounts import ADMIN, Person, PersonId
from domain.projects.projects import Project
from domain.projects.results import displayed_answer, displayed_answers
from domain.projects.tasks import (
    Task,
    TaskId,
    as_asked,
    beginning_of,
    candidate_parts,
    content_of,
)
from domain.refusals import NotYours, UnknownChoice
from domain.work.assignments import (
    Assignment,
    AssignmentId,
    AssignmentState,
    Submission,
    SubmissionId,
)
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
from domain.work.positions import (
    SeenTask,
    is_shuffled,
    order_for,
    seen_task,
)
from services.act import Act
from services.projects import edits
from storage.boxes.outbox import Lane, Letter
from storage.unit import UnitOfWork


def seen_by(unit: UnitOfWork, project: Project, task: Task, worker: PersonId) -> SeenTask:
    order = order_for(project, task.id, worker, unit.settings.secret) if is_shuffled(project) else ()
    return seen_task(project, task, order)


def seen_of(unit: UnitOfWork, submission: Submission) -> SeenTask:
    """The answered one, as whoever answered it saw it."""
    about = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    return seen_by(unit, *about, submission.worker)


def read(act: Act, assignment: AssignmentId, column: int) -> tuple[TextRead, ...]:
    """In as many messages as it needs, and as this worker sees it: their A may be the requester's B."""
    found = act.unit.assignments.find(assignment)
    if found is None or found.worker != act.person.id:
        raise NotYours()
    about = act.unit.projects.get(found.project), act.unit.tasks.get(found.task)
    seen = seen_by(act.unit, *about, act.person.id)
    return _parts(seen.project, seen.task, column)


def read_shown(act: Act, submission: SubmissionId, column: int) -> tuple[TextRead, ...]:
    """Beside an answer, as its requester sees it: for them, whoever gave it, its appeal's judges, and admins."""
    unit, found = act.unit, act.unit.submissions.find(submission)
    if found is None or not (ADMIN in act.roles or _may_read(act, found)):
        raise NotYours()
    task, project = unit.tasks.get(found.task), unit.projects.get(found.project)
    return _parts(as_asked(edits.as_of_version(unit, project, found.version), task), task, column)


def read_answer(act: Act, submission: SubmissionId) -> tuple[AnswerRead, ...]:
    """The whole of an answer, for those who are shown it; not for a requester who does not get it."""
    unit, found = act.unit, act.unit.submissions.find(submission)
    if found is None or not (ADMIN in act.roles or _may_read(act, found)):
        raise NotYours()
    if act.person.id != found.worker and unit.consents.is_taken_back(found.id):
        raise NotYours()
    project = unit.projects.get(found.project)
    if found.state == "rejected" and act.person.id == project.requester:
        raise NotYours()
    asked = as_asked(edits.as_of_version(unit, project, found.version), unit.tasks.get(found.task))
    parts = kind_of(asked.kind).pieces(displayed_answer(asked, found.answer)) if found.answer is not None else ()
    return tuple(AnswerRead(asked.kind, part, at, len(parts)) for at, part in enumerate(parts, 1))


def read_own(act: Act, task: TaskId, column: int) -> tuple[TextRead, ...]:
    """A requester's own task."""
    found = act.unit.tasks.find(task)
    project = act.unit.projects.get(found.project) if found is not None else None
    if found is None or project is None or project.requester != act.person.id:
        raise NotYours()
    return _parts(as_asked(project, found), found, column)


def _may_read(act: Act, of: Submission) -> bool:
    unit, reader = act.unit, act.person.id
    if reader in (of.worker, unit.projects.get(of.project).requester):
        return True
    appeal = unit.appeals.find_for_submission(of.id)
    judged = unit.appeals.find_judgement(appeal.id, reader) if appeal is not None else None
    return judged is not None and judged.state in ("active", "given")


def _parts(project: Project, task: Task, column: int) -> tuple[TextRead, ...]:
    called = {each.column: each.label for each in content_of(project, task).cut}
    if column not in called:
        raise UnknownChoice()
    parts = candidate_parts(task.content[project.columns[column]])
    return tuple(TextRead(called[column], text, at, len(parts)) for at, text in enumerate(parts, 1))


EVERY = 10  # answers in a project


def of_run(unit: UnitOfWork, worker: Person) -> Recap | None:
    """The run of tasks that this worker's newest answer belongs to."""
    return _recap(unit, worker.id, unit.submissions.run_of(worker.id))


def said_with(unit: UnitOfWork, answer: Submission) -> Recap | None:
    """What the message of this answer sums up, as long as it is the newest of its run."""
    run, enrolment = unit.submissions.run_of(answer.worker), unit.enrolments.find(answer.worker, answer.project)
    if run is None or run.last != answer.id or enrolment is None or enrolment.answered % EVERY:
        return None
    return _recap(unit, answer.worker, run)


def _recap(unit: UnitOfWork, worker: PersonId, run: Run | None) -> Recap | None:
    """The run's recap, with what its answers were topped up by now."""
    recap = None if run is None else run.recap(unit.now)
    if run is None or recap is None:
        return None
    topped_up = unit.topups.sum_paid_for_answers(worker, run.start, run.last)
    return replace(recap, earned=Millionths(recap.earned + topped_up), topped_up=topped_up)


def ending(unit: UnitOfWork, worker: Person, last: LastAnswer | None = None) -> LastAnswer | None:
    """Feedback on the last answer where no task follows: with a recap of the run, if there was one."""
    recap = of_run(unit, worker)
    return last if recap is None else replace(last or LastAnswer(), recap=recap)


# The next task takes this second of the chat (one message or edit a second), the edit of the old message the one after:
# any later it would take the second in which the next answer asks for a task.
UNHURRIED = 1_000  # milliseconds
IN_A_CAPTION = 500  # characters of a reason that the caption of any task's picture has room for


def tidying(message: int) -> dict[str, Any]:
    """How an edit of an old message is sent: last."""
    return {"lane": Lane.TIDY, "edits": message, "delay": UNHURRIED}


def missed(seen: SeenTask, answer: str | None, right: bool | None, submission: SubmissionId) -> Miss | None:
    """The explanation of a missed gold task."""
    task, project = seen.task, seen.project
    if right is not False or not task.gold:
        return None
    called = tuple((meant, label) for label, meant in seen.meant.items() if label != meant) if task.reason else ()
    said = displayed_answer(project, seen.answer_seen(answer))
    return Miss(
        project.kind, said, displayed_answers(project, seen.golds_seen(task.gold)), task.reason, submission, called
    )


def answered(seen: SeenTask, answer: str | None, miss: Miss | None, recap: Recap | None) -> AnswerStands:
    """What is said of an answer that was given just now."""
    project, about = seen.project, beginning_of(seen.project, seen.task)
    said = displayed_answer(project, seen.answer_seen(answer))
    return AnswerStands(about, project.kind, said, project.pay, project.currency, miss=miss, recap=recap)


def feedback(project: Project, last: LastAnswer, pressed: bool, held: bool) -> LastAnswer:
    """Return what is said above the next task of an answer that was handed in: that it was received, unless a press of
    a button, whose toast says so, was all of it."""
    kind = kind_of(project.kind)
    by_press = kind.wants in (Wants.PRESS, Wants.PRESSES) and Wants.PAGE not in kind.ways(project.options)
    last = replace(last, typed=kind.is_typed(project.options))
    return last if by_press and pressed else replace(last, received=project.pay, currency=project.currency, held=held)


def close(
    unit: UnitOfWork, worker: Person, stands: AnswerStands, message: int | None, pressed: bool, in_place: bool = False
) -> None:
    """The answered message loses its buttons and says what was answered, at once where its worker pressed there in
    session mode (`in_place`). A miss is explained there, or in a message of its own, where the answer was sent and
    stands below the task, or the reason may be too long for the caption of a picture."""
    miss = stands.miss
    below = not pressed or not message or (miss is not None and len(miss.reason or "") > IN_A_CAPTION)
    if message:
        at_once = (pressed and in_place) or miss is not None
        shown = replace(stands, below=below)
        unit.outbox.tell(worker.id, shown, **({"edits": message} if at_once else tidying(message)))
    if miss is not None and below:
        unit.outbox.tell(worker.id, MissExplained(miss))


def move(unit: UnitOfWork, worker: Person, project: Project, task: Task, message: int | None) -> None:
    """The task is shown again further down: the message that showed it loses its buttons."""
    if message:
        unit.outbox.tell(worker.id, TaskMoved(beginning_of(project, task)), edits=message)


def say_given_back(
    unit: UnitOfWork, worker: Person, project: Project, task: Task, message: int | None, reported: bool = False
) -> None:
    """The message of a task that goes to others loses its buttons, and says that it was skipped or `reported`."""
    if message:
        told = TaskSkipped(beginning_of(project, seen_by(unit, project, task, worker.id).task), reported)
        unit.outbox.tell(worker.id, told, **tidying(message))


def tell(unit: UnitOfWork, worker: Person, stands: AnswerStands, message: int | None) -> None:
    """What stands now, in the message that asked, or in one of its own."""
    unit.outbox.tell(worker.id, stands, edits=message)


def stands_of(unit: UnitOfWork, submission: Submission, answer: str | None) -> AnswerStands:
    """The message of an answered task; `answer` is the current answer."""
    seen = seen_of(unit, submission)
    project = seen.project
    about, changed = beginning_of(project, seen.task), answer != submission.answer
    said = displayed_answer(seen.project, seen.answer_seen(answer))
    return AnswerStands(about, project.kind, said, submission.pay, project.currency, changed)


def shows_task(act: Act, message: int | None) -> bool:
    """Whether the message shows the task in hand by now."""
    in_hand = act.unit.assignments.active_for(act.person.id)
    return in_hand is not None and message is not None and act.unit.outbox.showed(in_hand.id, message)


def left_behind(unit: UnitOfWork, letter: Letter) -> None:
    """A message that should have shown something else shows what it did: its buttons go."""
    last = letter.facts.get("last") or {}
    number, message = last.get("replaces"), letter.edits
    assignment = unit.assignments.find(number) if number is not None else None
    if assignment is not None and message is not None:
        unit.outbox.tell(letter.person, became(unit, assignment), **tidying(message))


def gone(unit: UnitOfWork, assignment: Assignment) -> None:
    """A task that is somebody else's, or nobody's: the message that shows it, where there is one, says so."""
    message = unit.outbox.message_of(assignment.id)
    if message is not None:
        about = beginning_of(unit.projects.get(assignment.project), unit.tasks.get(assignment.task))
        unit.outbox.tell(assignment.worker, TaskGone(about), **tidying(message))


def became(unit: UnitOfWork, assignment: Assignment) -> AnswerStands | TaskSkipped | TaskGone:
    """What is said of a task that is over, with what a miss teaches and what a run has brought."""
    project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
    submission = unit.submissions.of_assignment(assignment.id)
    if submission is not None:
        right = None if submission.gold is None else bool(submission.gold)
        miss = missed(seen_of(unit, submission), submission.answer, right, submission.id)
        recap = said_with(unit, submission)
        return replace(stands_of(unit, submission, submission.answer), miss=miss, recap=recap)
    about = beginning_of(project, task)
    return TaskSkipped(about) if assignment.state is AssignmentState.SKIPPED else TaskGone(about)
