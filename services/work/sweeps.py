"""Sweeps: each finishes what time has made due. They keep no state, so that a restart loses nothing."""

from domain.moments import DAY, HOUR, Moment, later
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.projects.tasks import Task
from domain.work.assignments import Assignment, AssignmentState, downtime_milliseconds, is_note_due
from domain.work.dispatch import get_rested_since
from services import events
from services.fairness import juries
from services.money import transfers
from services.people import personal_data, qualification_grants, settings
from services.projects.drafts import FILES
from services.projects.lifecycle import return_rest
from services.projects.progress import live_name, show_progress
from services.work import answer_messages, dispatch, task_selection
from services.work.places import publish_for_program, release_place, return_assignment
from storage.boxes.outbox import Lane
from storage.secrets import CHOICES
from storage.unit import UnitOfWork

ROWS_PER_SWEEP = 25  # rows a sweep finishes in one transaction: the writer stays free for answers
PUSHES_PER_SWEEP = 5  # tasks pushed in one transaction to people of one bot
BOTS_PER_SWEEP = 4  # bots in one transaction: those with the fewest pushes to send
WAITING_PUSHES = 100  # pushes of a bot in the outbox from which no further task is pushed
ROW_RETENTION = 30 * DAY  # ended updates and letters are kept this long
PROJECTS_PER_RETURN = 100  # ended projects whose rest is given back in one transaction
ROWS_PER_PRUNE = 1_000  # rows of each kind that are deleted in one transaction
UPLOAD_LIFETIME = 7 * DAY  # after so long a picture is brought to Telegram anew: its address may show another by then
DRAW_SECRET_LIFETIME = 30 * DAY  # after so long draws go by a new secret


def push_tasks(unit: UnitOfWork) -> bool:
    """Push a task or a judgement to some waiting workers of each bot, least recently served first, unless many of its
    pushes wait to be sent. Return whether more workers may wait."""
    due = unit.outbox_queue.count_due(Lane.PUSH)
    bots = [bot.id for bot in unit.bots.list() if bot.may_push and due.get(bot.id, 0) <= WAITING_PUSHES]
    bots.sort(key=lambda bot: due.get(bot, 0))
    may_be_more = [_push_tasks_of(unit, bot) for bot in bots[:BOTS_PER_SWEEP]]
    return any(may_be_more)


def _push_tasks_of(unit: UnitOfWork, bot: int) -> bool:
    """Push to some waiting workers of a bot; return whether more of them may wait."""
    waiting = unit.people.list_waiting(unit.now, PUSHES_PER_SWEEP, bot)
    if not waiting:
        return False
    worker_ids = [worker.id for worker in waiting]
    unit.foresee(unit.assignments.foresee_in_hand(worker_ids), unit.openings.know(worker_ids, ()))
    for worker in waiting:
        if (
            not juries.offer_judgement(unit, worker, Lane.PUSH)
            and dispatch.dispatch_next_task(unit, worker, Lane.PUSH) is None
        ):
            _push_content_warning(unit, worker)
            unit.people.park(worker.id)
        elif worker.choosy:
            unit.preferences.note_push(worker.id)
    return len(waiting) == PUSHES_PER_SWEEP


def _push_content_warning(unit: UnitOfWork, worker: Person) -> None:
    """Ask a worker, once, whether they want disturbing content, if only tasks of such projects are there."""
    warning = task_selection.find_due_warning(unit, worker, pushed=True)
    if warning is not None:
        unit.outbox.tell(worker.id, warning, lane=Lane.PUSH)


def unpark_asked_later(unit: UnitOfWork) -> None:
    """Wake workers who are asked later, where no better one is at work, and after a while in any case."""
    unit.people.unpark_postponed(get_rested_since(unit.now))


def expire_assignments(unit: UnitOfWork) -> None:
    """End assignments whose time is up and offer their places again. A late answer is paid while a place is left."""
    for assignment in unit.assignments.overdue(unit.now, ROWS_PER_SWEEP):
        if not unit.assignments.end(assignment.id, AssignmentState.EXPIRED):
            continue
        project = unit.projects.get(assignment.project)
        publish_for_program(unit, project, events.AssignmentExpired(assignment.task, assignment.id))
        if unit.outbox.was_shown(assignment.id):
            settings.count_unanswered(unit, assignment.worker, unit.assignments.was_pushed(assignment.id))
        else:  # Telegram refused it: it does not count as unanswered
            settings.update_push_window(unit, assignment.worker)
        task = unit.tasks.get(assignment.task)
        release_place(unit, project, task)
        _mark_message_late(unit, project, task, assignment)


def _mark_message_late(unit: UnitOfWork, project: Project, task: Task, assignment: Assignment) -> None:
    """Say in the task's message that its time is up, or, if its project has ended, that no answer is needed."""
    message = unit.outbox.find_message(assignment.id)
    if message is not None and project.state is ProjectState.RUNNING:
        dispatch.mark_late(
            unit,
            worker=unit.people.get(assignment.worker),
            project=project,
            task=task,
            assignment=assignment,
            message=message,
        )
    else:
        answer_messages.tell_gone(unit, assignment)


def release_due_pay(unit: UnitOfWork) -> bool:
    """Release pending pay without a decision in time: silence pays. Return whether there may be more."""
    due = unit.submissions.held_due(unit.now, ROWS_PER_SWEEP)
    for submission in due:
        worker = unit.people.get(submission.worker)
        project = unit.projects.get(submission.project)
        if transfers.release_pay(unit, worker, project, submission):
            transfers.notify_released(unit, worker, project)
            publish_for_program(unit, project, events.PayReleased(submission.task, submission.assignment))
    return len(due) == ROWS_PER_SWEEP


def return_leftovers(unit: UnitOfWork) -> None:
    """Lift the last answers of ended projects to the wage floor, and return money that is no longer needed."""
    for project_id in _find_projects_with_rest(unit):
        unit.projects.lock(project_id)
        project = unit.projects.get(project_id)
        if project.state in ENDED:
            return_rest(unit, unit.people.get(project.requester), project)


def _find_projects_with_rest(unit: UnitOfWork) -> list[ProjectId]:
    """Return ended projects that can give something back now; note those that have nothing left."""
    rests = unit.projects.rests()
    for rest in rests:
        if rest.is_nothing:
            unit.changed_projects.mark_done("rest", rest.project)
    return [rest.project for rest in rests if not rest.is_nothing and rest.can_go][:PROJECTS_PER_RETURN]


def update_progress_messages(unit: UnitOfWork) -> None:
    """Edit the progress messages of projects that have news; forget them an hour after the project ended."""
    due = unit.changed_projects.due("progress")
    (watchers_by_project,) = unit.read_current(
        unit.live_messages.foresee_watchers([live_name(project_id) for project_id in due])
    )
    for project_id, watchers in zip(due, watchers_by_project, strict=True):
        if not watchers:
            unit.changed_projects.mark_done("progress", project_id)
            continue
        name, project, news = live_name(project_id), unit.projects.get(project_id), unit.projects.news(project_id)
        for watcher, last_news in watchers:
            if news != last_news:
                show_progress(unit, watcher, project_id)
                unit.live_messages.note_news(watcher, name, news)
            elif project.ended_at and project.ended_at < unit.now - HOUR:
                unit.live_messages.forget(watcher, name)
        if project.ended_at is None:
            unit.changed_projects.wait("progress", project_id, 1)


def delete_old_rows(unit: UnitOfWork) -> bool:
    """Delete old updates, letters, files, papers and secrets of draws. Return whether there may be more."""
    before = later(unit.now, -ROW_RETENTION)
    deleted_counts = [
        unit.inbox.forget(before, ROWS_PER_PRUNE),
        unit.outbox_queue.forget(before, ROWS_PER_PRUNE),
        unit.uploaded_files.prune(later(unit.now, -UPLOAD_LIFETIME), ROWS_PER_PRUNE),
    ]
    unit.media_files.prune(20)
    for days in (transfers.RELEASED_MESSAGE_PREFIX, FILES, qualification_grants.LIVE_PREFIX):
        unit.live_messages.forget_days(days, f":{unit.now // DAY}")
    unit.openings.forget_returns(10_000)
    unit.webhooks.prune()
    personal_data.delete_expired_papers(unit)
    unit.secrets.renew(CHOICES, later(unit.now, -DRAW_SECRET_LIFETIME))
    return max(deleted_counts) == ROWS_PER_PRUNE


def mark_unreachable(unit: UnitOfWork, person: PersonId) -> None:
    """Mark a person unreachable; the task or judgement in hand goes to others."""
    unit.people.set_reachable(person, False)
    juries.release_judge(unit, person)
    in_hand = unit.assignments.active_for(person)
    if in_hand is not None:
        return_assignment(unit, in_hand)


def mark_reachable(unit: UnitOfWork, person: PersonId) -> None:
    unit.people.set_reachable(person, True)
    settings.update_push_window(unit, person, just_acted=True)


RELAY_HOLD_SETTING = "relay held until"  # Telegram wants all chats left alone


def return_downtime(unit: UnitOfWork) -> None:
    """Give back downtime, then end overdue assignments."""
    note_downtime(unit)
    expire_assignments(unit)


def note_downtime(unit: UnitOfWork) -> None:
    """Note that the process is at work; after a downtime, extend the deadlines of tasks by it. Due dates of pay do not
    move. Must run before any deadline is checked."""
    noted_at = unit.downtime.get_noted_at()
    if (
        (noted_at is not None and not is_note_due(noted_at, unit.now))
        or not unit.downtime.note(noted_at)
        or noted_at is None
    ):
        return
    if unit.now < noted_at:
        unit.downtime.set_back(noted_at)
        _move_relay_hold_back(unit, noted_at)
    unit.downtime.set_late_ones_back()
    gap = downtime_milliseconds(noted_at, unit.now)
    if gap:
        extended = unit.downtime.give_back(noted_at)
        unit.audit.note(None, "downtime", "house", milliseconds=gap, assignments=extended)


def _move_relay_hold_back(unit: UnitOfWork, noted_at: Moment) -> None:
    until = int(unit.settings.get(RELAY_HOLD_SETTING) or 0)
    if until > unit.now:
        unit.settings.store(RELAY_HOLD_SETTING, str(max(unit.now, until - (noted_at - unit.now))))
