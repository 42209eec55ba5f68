"""A task's message once its buttons have done their work: the answer, a miss explained, or what became of it.

An edit of an old message is owed until Telegram has made it: buttons of finished business do not stay.
"""

from dataclasses import replace
from typing import Any

from domain.answers import Wants, kind_of
from domain.people.people import Person
from domain.projects.projects import Project
from domain.projects.shown_answers import all_shown, shown
from domain.projects.tasks import Task, beginning_of
from domain.work.assignments import Assignment, AssignmentState
from domain.work.messages import AnswerStands, LastAnswer, Miss, MissExplained, TaskGone, TaskMoved, TaskSkipped
from domain.work.positions import SeenTask
from domain.work.recaps import Recap
from domain.work.submissions import Submission, SubmissionId
from services.act import Act
from services.work import recaps
from services.work.cards.seen import seen_by, seen_of
from storage.boxes.letters import Letter
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

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
    said = shown(project, seen.answer_seen(answer))
    return Miss(project.kind, said, all_shown(project, seen.golds_seen(task.gold)), task.reason, submission, called)


def answered(seen: SeenTask, answer: str | None, miss: Miss | None, recap: Recap | None) -> AnswerStands:
    """What is said of an answer that was given just now."""
    project, about = seen.project, beginning_of(seen.project, seen.task)
    said = shown(project, seen.answer_seen(answer))
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
    said = shown(seen.project, seen.answer_seen(answer))
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
        recap = recaps.said_with(unit, submission)
        return replace(stands_of(unit, submission, submission.answer), miss=miss, recap=recap)
    about = beginning_of(project, task)
    return TaskSkipped(about) if assignment.state is AssignmentState.SKIPPED else TaskGone(about)
