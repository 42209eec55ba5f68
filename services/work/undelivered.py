"""Messages that Telegram refuses: their reader is told, a task goes back at once, and a project with many of them
pauses."""

from domain.fairness.appeals import AppealToJudge
from domain.moments import HOUR
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import TaskId
from domain.work import messages
from domain.work.assignments import AssignmentState
from domain.work.messages import (
    BUTTON_PAUSE,
    CONTENT_PAUSE,
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


def handle_refused_letter(unit: UnitOfWork, letter: Letter, reason: str, admins: frozenset[int]) -> None:
    """Handle a letter that Telegram refused for good: tell admins, return a task or judgement to others, else tell the
    reader that a message was lost."""
    if letter.screen == MessageRefused.stored_as:
        return
    refused = MessageRefused(letter.screen, reason, messages.is_about_buttons(reason))
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, refused, key=f"refused:{admin}:{letter.screen}:{unit.now // HOUR}")
    is_returned = _return_task(unit, letter, reason) or _return_judgement(unit, letter)
    if not is_returned and letter.screen != MessageLost.stored_as and letter.lane is not Lane.TIDY:
        unit.outbox.tell(letter.person, MessageLost(), key=f"lost:{letter.person}:{letter.id}")


def tell_file_waits(unit: UnitOfWork, letter: Letter, admins: frozenset[int] = frozenset()) -> None:
    """Tell the reader of a letter once that the disk has no room for its file, and admins once an hour."""
    unit.outbox.tell(letter.person, FileWaits(), key=f"no room:{letter.id}")
    tell_disk_full(unit, admins)


def tell_disk_full(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Tell admins, once an hour, that the disk is full."""
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, DiskFull(), key=f"disk full:{admin}:{unit.now // HOUR}")


def count_linked_task(unit: UnitOfWork, letter: Letter) -> None:
    """Count a task whose picture could not be shown, so that a link stands in its place."""
    assignment = letter.assignment and unit.assignments.find(letter.assignment)
    if assignment:
        _count_unshown(unit, unit.projects.get(assignment.project), assignment.task, letter)


def _return_task(unit: UnitOfWork, letter: Letter, reason: str) -> bool:
    """Return the place of a task that could not be shown; a worker who had asked gets the next task at once. False if
    the letter held no active task."""
    assignment = letter.assignment and unit.assignments.find(letter.assignment)
    if not assignment or assignment.state is not AssignmentState.ACTIVE:
        return False
    _count_unshown(unit, unit.projects.get(assignment.project), assignment.task, letter, reason)
    places.return_assignment(unit, assignment)
    _serve_again(unit, unit.people.get(letter.person), letter.lane)
    return True


def _return_judgement(unit: UnitOfWork, letter: Letter) -> bool:
    """Pass on a judgement that could not be shown; its juror gets the next task. False if the letter held none."""
    in_hand = unit.appeals.find_active_judgement(letter.person) if letter.screen == AppealToJudge.stored_as else None
    if in_hand is None or not unit.appeals.release_place(in_hand, "skipped"):
        return False
    _serve_again(unit, unit.people.get(letter.person), letter.lane)
    return True


def _serve_again(unit: UnitOfWork, worker: Person, lane: Lane) -> None:
    """Give a worker whose message was refused the next judgement or task, if they had asked for one."""
    settings.update_push_window(unit, worker.id, just_acted=lane is Lane.REPLY)
    if lane is not Lane.REPLY:
        return  # the next push finds them
    if not juries.offer_judgement(unit, worker, lane) and dispatch.dispatch_next_task(unit, worker, lane) is None:
        submit.tell_nothing_now(unit, worker)


def _count_unshown(unit: UnitOfWork, project: Project, task: TaskId, letter: Letter, reason: str = "") -> None:
    """Count a task that could not be shown against its project, once; without a `reason` a link stands in its
    picture's place. Tell the requester how many there are and why, in a new message where the project pauses."""
    is_linked, button = not reason, reason.removeprefix("refused: ") if messages.is_about_buttons(reason) else ""
    if project.state is not ProjectState.RUNNING or not unit.undelivered.note(project.id, task, is_linked):
        return
    unshown_count, acknowledged_count = unit.undelivered.counts(project.id)
    is_pausing = messages.is_too_many(unshown_count, acknowledged_count) and _pause_project(unit, project, bool(button))
    name = f"undelivered:{project.id}"
    if is_pausing:  # an edit rings no bell
        unit.live_messages.forget(project.requester, name)
        unit.audit.note(None, "pause", f"project:{project.id}", undelivered=unshown_count, button=button)
    progress = unit.progress_counts.progress(project.id)
    unshown = TasksUnshown(
        project=project.id,
        title=project.title,
        found=unshown_count,
        tasks=progress.tasks + progress.gold,
        pictures=not button and bool(letter.facts.get("content", {}).get("picture")),
        linked=is_linked,
        paused=is_pausing or not {CONTENT_PAUSE, BUTTON_PAUSE}.isdisjoint(project.paused),
        button=button,
    )
    unit.outbox.tell(project.requester, unshown, live=name)


def _pause_project(unit: UnitOfWork, project: Project, for_a_button: bool) -> bool:
    """Offer no more of the project's tasks; False where it pauses for that reason already."""
    return (
        unit.projects.pause(project.id, BUTTON_PAUSE)
        if for_a_button
        else unit.projects.pause(project.id, CONTENT_PAUSE)
    )
