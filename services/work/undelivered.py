"""Messages that Telegram refuses: the reader is notified, a task goes back at once, a project with many of them
pauses."""

from domain.fairness.appeals import AppealToJudge
from domain.moments import HOUR
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import TaskId
from domain.work import messages
from domain.work.assignments import AssignmentState
from domain.work.messages import (
    BUTTONS,
    PAUSE,
    DiskFull,
    FileWaits,
    MessageLost,
    MessageRefused,
    TasksUnshown,
)
from services.fairness import juries
from services.people import settings
from services.work import dispatch, places, submit
from storage.boxes.outbox import Lane, Letter
from storage.unit import UnitOfWork


def failed(unit: UnitOfWork, letter: Letter, reason: str, admins: frozenset[int]) -> None:
    """A letter that was refused for good."""
    if letter.screen == MessageRefused.stored_as:
        return
    refused = MessageRefused(letter.screen, reason, messages.is_about_buttons(reason))
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, refused, key=f"refused:{admin}:{letter.screen}:{unit.now // HOUR}")
    freed = _free_task(unit, letter, reason) or _free_judge(unit, letter)
    if not freed and letter.screen != MessageLost.stored_as and letter.lane is not Lane.TIDY:
        unit.outbox.tell(letter.person, MessageLost(), key=f"lost:{letter.person}:{letter.id}")


def delayed(unit: UnitOfWork, letter: Letter, admins: frozenset[int] = frozenset()) -> None:
    """Tell the reader of a letter once that the disk has no room for its file, and admins once an hour."""
    unit.outbox.tell(letter.person, FileWaits(), key=f"no room:{letter.id}")
    tell_disk_full(unit, admins)


def tell_disk_full(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Tell admins, once an hour, that the disk is full."""
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, DiskFull(), key=f"disk full:{admin}:{unit.now // HOUR}")


def linked(unit: UnitOfWork, letter: Letter) -> None:
    """A task was shown, its picture was not: a link stands in its place."""
    assignment = letter.assignment and unit.assignments.find(letter.assignment)
    if assignment:
        _count(unit, unit.projects.get(assignment.project), assignment.task, letter)


def _free_task(unit: UnitOfWork, letter: Letter, reason: str) -> bool:
    """Returns the place of a task that could not be shown; a worker who asked gets the next task at once."""
    assignment = letter.assignment and unit.assignments.find(letter.assignment)
    if not assignment or assignment.state is not AssignmentState.ACTIVE:
        return False
    _count(unit, unit.projects.get(assignment.project), assignment.task, letter, reason)
    places.hand_back(unit, assignment)
    _go_on(unit, unit.people.get(letter.person), letter.lane)
    return True


def _free_judge(unit: UnitOfWork, letter: Letter) -> bool:
    in_hand = unit.appeals.find_active_judgement(letter.person) if letter.screen == AppealToJudge.stored_as else None
    if in_hand is None or not unit.appeals.release_place(in_hand, "skipped"):
        return False
    _go_on(unit, unit.people.get(letter.person), letter.lane)
    return True


def _go_on(unit: UnitOfWork, worker: Person, lane: Lane) -> None:
    settings.wait(unit, worker.id, asked=lane is Lane.REPLY)
    if lane is not Lane.REPLY:
        return  # the next push finds them
    if not juries.offer_judgement(unit, worker, lane) and dispatch.next_task(unit, worker, lane) is None:
        submit.nothing_now(unit, worker)


def _count(unit: UnitOfWork, project: Project, task: TaskId, letter: Letter, reason: str = "") -> None:
    """Count a task that could not be shown against its project, once; without a `reason` a link stands in its
    picture's place. Tell the requester how many there are and why, in a new message where the project pauses."""
    linked, button = not reason, reason.removeprefix("refused: ") if messages.is_about_buttons(reason) else ""
    if project.state is not ProjectState.RUNNING or not unit.undelivered.note(project.id, task, linked):
        return
    found, seen = unit.undelivered.counts(project.id)
    rests = messages.is_too_many(found, seen) and _pause(unit, project, bool(button))
    name = f"undelivered:{project.id}"
    if rests:  # an edit rings no bell
        unit.live_messages.forget(project.requester, name)
        unit.audit.note(None, "pause", f"project:{project.id}", undelivered=found, button=button)
    counted = unit.progress_counts.progress(project.id)
    unshown = TasksUnshown(
        project=project.id,
        title=project.title,
        found=found,
        tasks=counted.tasks + counted.gold,
        pictures=not button and bool(letter.facts.get("content", {}).get("picture")),
        linked=linked,
        paused=rests or not {PAUSE, BUTTONS}.isdisjoint(project.paused),
        button=button,
    )
    unit.outbox.tell(project.requester, unshown, live=name)


def _pause(unit: UnitOfWork, project: Project, for_a_button: bool) -> bool:
    """Offer no more of the project's tasks; False where it pauses for that reason already."""
    return unit.projects.pause(project.id, BUTTONS) if for_a_button else unit.projects.pause(project.id, PAUSE)
