"""Sweeps over due dates, each finishing what is due. A restart loses nothing."""

from domain.moments import (
    DAY,
    HOUR,
    Moment,
    later,
)
from domain.mturk.notifications import Event
from domain.people.accounts import Person, PersonId
from domain.projects.projects import (
    ENDED,
    Project,
    ProjectId,
    ProjectState,
)
from domain.projects.tasks import Task
from domain.work.assignments import (
    Assignment,
    AssignmentState,
    is_to_be_noted,
    missed,
)
from domain.work.dispatch import rested_since
from services.fairness import juries
from services.money import transfers
from services.people import qualification_grants, settings
from services.projects.drafts import FILES
from services.projects.lifecycle import return_rest
from services.projects.progress import live_name, show_progress
from services.work import answer_messages, dispatch, task_selection
from services.work.places import free_place, hand_back, note_for_program
from storage.boxes.outbox import Lane
from storage.secrets import CHOICES
from storage.unit import UnitOfWork

AT_ONCE = 25  # rows a sweep finishes in one transaction: the writer stays free for answers
PUSHED = 5  # tasks pushed in one transaction
WAITING_PUSHES = 100  # pushes in the outbox from which no further task is pushed
KEPT = 30 * DAY  # ended updates and letters are kept this long
RETURNED = 100  # ended projects whose rest is given back in one transaction
PRUNED = 1_000  # rows of each kind that are deleted in one transaction
UPLOADED = 7 * DAY  # after so long a picture is brought to Telegram anew: its address may show another by then
DRAWN_BY = 30 * DAY  # after so long draws go by a new secret


def push(unit: UnitOfWork) -> bool:
    """Dispatches a task to some of those who wait, least recently served first, at Telegram's rate; whether more may
    wait."""
    if unit.outbox_queue.due_in(Lane.PUSH) > WAITING_PUSHES:
        return False
    waiting = unit.people.list_waiting(unit.now, PUSHED)
    people = [worker.id for worker in waiting]
    unit.foresee(unit.assignments.foresee_in_hand(people), unit.openings.know(people, ()))
    for worker in waiting:
        if not juries.offer_judgement(unit, worker, Lane.PUSH) and dispatch.next_task(unit, worker, Lane.PUSH) is None:
            _warn(unit, worker)
            unit.people.park(worker.id)
        elif worker.choosy:
            unit.preferences.pushed(worker.id)
    return len(waiting) == PUSHED


def _warn(unit: UnitOfWork, worker: Person) -> None:
    """Nothing is there but what they would be warned of: they are asked once whether they want it."""
    warning = task_selection.due(unit, worker, pushed=True)
    if warning is not None:
        unit.outbox.tell(worker.id, warning, lane=Lane.PUSH)


def ask_later(unit: UnitOfWork) -> None:
    """Wakes workers who are asked later, where no better one is at work, and after a while in any case."""
    unit.people.unpark_postponed(rested_since(unit.now))


def expire(unit: UnitOfWork) -> None:
    """Ends assignments whose time is up; the place is offered again. A late answer is paid while a place is left."""
    for assignment in unit.assignments.overdue(unit.now, AT_ONCE):
        if not unit.assignments.end(assignment.id, AssignmentState.EXPIRED):
            continue
        project = unit.projects.get(assignment.project)
        note_for_program(unit, project, assignment.task, assignment.id, Event.ABANDONED)
        if unit.outbox.was_shown(assignment.id):
            settings.left_unanswered(unit, assignment.worker, unit.assignments.was_pushed(assignment.id))
        else:  # Telegram refused it: it does not count as unanswered
            settings.wait(unit, assignment.worker)
        task = unit.tasks.get(assignment.task)
        free_place(unit, project, task)
        _mark(unit, project, task, assignment)


def _mark(unit: UnitOfWork, project: Project, task: Task, assignment: Assignment) -> None:
    """Its message says that the time is up."""
    message = unit.outbox.message_of(assignment.id)
    if message is not None and project.state is ProjectState.RUNNING:
        dispatch.mark_late(unit, unit.people.get(assignment.worker), project, task, assignment, message)
    else:
        answer_messages.gone(unit, assignment)


def release_due(unit: UnitOfWork) -> bool:
    """Silence pays: pending pay without a decision in time becomes available. Whether there may be more."""
    due = unit.submissions.held_due(unit.now, AT_ONCE)
    for submission in due:
        worker = unit.people.get(submission.worker)
        project = unit.projects.get(submission.project)
        if transfers.release_pay(unit, worker, project, submission):
            transfers.notify_released(unit, worker, project)
            note_for_program(unit, project, submission.task, submission.assignment, Event.APPROVED)
    return len(due) == AT_ONCE


def return_leftovers(unit: UnitOfWork) -> None:
    """Lifts the last answers of ended projects to the wage floor; returns money that is no longer needed."""
    for number in _with_rest(unit):
        unit.projects.lock(number)
        project = unit.projects.get(number)
        if project.state in ENDED:
            return_rest(unit, unit.people.get(project.requester), project)


def _with_rest(unit: UnitOfWork) -> list[ProjectId]:
    """Ended projects with something to give back now; of those with nothing at all it is noted."""
    rests = unit.projects.rests()
    for rest in rests:
        if rest.is_nothing:
            unit.changed_projects.done("rest", rest.project)
    return [rest.project for rest in rests if not rest.is_nothing and rest.can_go][:RETURNED]


def tell_progress(unit: UnitOfWork) -> None:
    """Edits the progress messages of projects that have news."""
    due = unit.changed_projects.due("progress")
    (watched,) = unit.read(unit.live_messages.look([live_name(number) for number in due]))
    for number, watchers in zip(due, watched, strict=True):
        if not watchers:
            unit.changed_projects.done("progress", number)
            continue
        name, project, news = live_name(number), unit.projects.get(number), unit.projects.news(number)
        for watcher, told in watchers:
            if news != told:
                show_progress(unit, watcher, number)
                unit.live_messages.note_news(watcher, name, news)
            elif project.ended_at and project.ended_at < unit.now - HOUR:
                unit.live_messages.forget(watcher, name)
        if project.ended_at is None:
            unit.changed_projects.wait("progress", number, 1)


def prune(unit: UnitOfWork) -> bool:
    """Deletes old rows: ended updates, letters, old secrets of draws. Whether there may be more."""
    before = later(unit.now, -KEPT)
    gone = [
        unit.inbox.forget(before, PRUNED),
        unit.outbox_queue.forget(before, PRUNED),
        unit.uploaded_files.prune(later(unit.now, -UPLOADED), PRUNED),
    ]
    unit.media_files.prune(20)
    for days in (transfers.RELEASED_MESSAGE_PREFIX, FILES, qualification_grants.LIVE_PREFIX):
        unit.live_messages.forget_days(days, f":{unit.now // DAY}")
    unit.openings.forget_returns(10_000)
    unit.webhooks.prune()
    unit.hits.page_storage.delete_old()
    unit.secrets.renew(CHOICES, later(unit.now, -DRAWN_BY))
    return max(gone) == PRUNED


def lost_contact(unit: UnitOfWork, person: PersonId) -> None:
    """Marks a person unreachable; what they have in hand goes to others."""
    unit.people.set_reachable(person, False)
    juries.release_judge(unit, person)
    in_hand = unit.assignments.active_for(person)
    if in_hand is not None:
        hand_back(unit, in_hand)


def back_in_contact(unit: UnitOfWork, person: PersonId) -> None:
    unit.people.set_reachable(person, True)
    settings.wait(unit, person, asked=True)


HOLD_ALL = "relay held until"  # Telegram wants all chats left alone


def return_downtime(unit: UnitOfWork) -> None:
    """Ends overdue assignments, after downtime was given back."""
    notice(unit)
    expire(unit)


def notice(unit: UnitOfWork) -> None:
    """Records downtime before any deadline is checked. Due dates of pay do not move."""
    seen = unit.downtime.seen()
    if (seen is not None and not is_to_be_noted(seen, unit.now)) or not unit.downtime.note(seen) or seen is None:
        return
    if unit.now < seen:
        unit.downtime.set_back(seen)
        _set_hold_back(unit, seen)
    unit.downtime.set_late_ones_back()
    gap = missed(seen, unit.now)
    if gap:
        given = unit.downtime.give_back(seen)
        unit.audit.note(None, "downtime", "house", milliseconds=gap, assignments=given)


def _set_hold_back(unit: UnitOfWork, seen: Moment) -> None:
    until = int(unit.settings.get(HOLD_ALL) or 0)
    if until > unit.now:
        unit.settings.put(HOLD_ALL, str(max(unit.now, until - (seen - unit.now))))
