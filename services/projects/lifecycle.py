"""The end of a project: complete when its last task closes, stopped by its requester. The rest of the budget goes
back. A complete one goes on with what is asked later."""

from domain.answers import kind_of
from domain.moments import SECOND, later
from domain.money.funds import RestEnded
from domain.money.topups import REST_DAYS, REST_MILLISECONDS
from domain.people.accounts import Person
from domain.people.webhooks import PROJECT_ENDED
from domain.projects.lifecycle import ConfirmDelete, ConfirmStop, DraftDeleted, ProjectComplete, ProjectStopped
from domain.projects.projects import ENDED, HELD, Project, ProjectId, ProjectState
from domain.projects.results import ResultsSent, results_key
from domain.refusals import WrongState
from services.act import Act, Reply
from services.fairness import ratings, review_order
from services.money import topups, transfers
from services.money.topups import PAUSED_FOR_FLOOR
from services.projects import drafts
from services.projects.progress import progress_reply
from services.projects.projects import mine
from storage.boxes.outbox import Lane
from storage.projects.lifecycle import BulkUpdate
from storage.unit import UnitOfWork

TASKS, FIRST = 2_000, 500  # opened or closed in one transaction, at most, and in the one that begins it
WORKERS = 500  # notified in one transaction


def open_tasks(unit: UnitOfWork, project: ProjectId, after: int, last: int) -> None:
    """Launched tasks behind one position, up to another, can be given out: the first at once."""
    unit.bulk_updates.begin(project, "open", after, last)
    _take_first_step(unit, project, "open")


def close_tasks(unit: UnitOfWork, project: ProjectId) -> None:
    """Closes the openings of an ended project; open tasks become closed or stopped."""
    unit.bulk_updates.end(project, "open")
    unit.bulk_updates.begin(project, "close", 0, unit.tasks.last_position(project))
    _take_first_step(unit, project, "close")


def finish_closing(unit: UnitOfWork, project: Project) -> None:
    """An ended project goes on: what its end has not come to yet is closed now, so that nothing of before is given
    out."""
    stride = unit.bulk_updates.find(project.id, "close")
    if stride is not None:
        _close_tasks(unit, project, stride.position, stride.last)
        unit.bulk_updates.end(project.id, "close")


def wake_workers(unit: UnitOfWork, project: ProjectId) -> None:
    """Wakes workers who had found no task, least recently served first, and calls those who were invited."""
    unit.invitations.call(project)
    unit.bulk_updates.begin(project, "wake")
    _take_first_step(unit, project, "wake")


def take_step(unit: UnitOfWork, stride: BulkUpdate, tasks: int) -> None:
    """Carry out one step of a bulk update: up to so many tasks, or some workers; nothing if another process did it
    meanwhile."""
    if stride.work == "wake":
        _wake_workers(unit, stride)
        return
    upto = min(stride.last, stride.position + tasks)
    if not unit.bulk_updates.advance(stride, upto):
        return
    if stride.work == "open":
        if begun := unit.bulk_updates.open(stride.project, stride.position, upto):
            unit.progress_counts.begun(stride.project, -begun)
    else:
        _close_tasks(unit, unit.projects.get(stride.project), stride.position, upto)
    if upto >= stride.last:
        unit.bulk_updates.end(stride.project, stride.work)


def _take_first_step(unit: UnitOfWork, project: ProjectId, work: str) -> None:
    stride = unit.bulk_updates.find(project, work)
    if stride is not None:
        take_step(unit, stride, FIRST)


def _close_tasks(unit: UnitOfWork, project: Project, after: int, upto: int) -> None:
    complete = project.state is ProjectState.COMPLETE
    begun = unit.bulk_updates.close(project.id, after, upto, "closed" if complete else "stopped")
    unit.progress_counts.begun(project.id, 0 if complete else begun)


def _wake_workers(unit: UnitOfWork, stride: BulkUpdate) -> None:
    woken, served_at, last = unit.bulk_updates.wake(stride.served_at, stride.position, WORKERS)
    if woken < WORKERS:
        unit.bulk_updates.end(stride.project, "wake")
    else:
        unit.bulk_updates.advance(stride, last, served_at)


def toggle_pause(act: Act, number: ProjectId) -> Reply:
    """The command: holds it, or lets it go on."""
    project = _get_running(act, number)
    return _set_pause(act, project, HELD not in project.paused)


def set_pause(act: Act, number: ProjectId, on: bool) -> Reply:
    """The button, whose second press changes nothing. What is in a hand may be answered, and is paid."""
    return _set_pause(act, _get_running(act, number), on)


def _get_running(act: Act, number: ProjectId) -> Project:
    act.unit.projects.lock(mine(act.unit, act.person, number).id)
    project = mine(act.unit, act.person, number)
    if project.state is not ProjectState.RUNNING:
        raise WrongState(number=number, state=project.state.value)
    return project


def _set_pause(act: Act, project: Project, on: bool) -> Reply:
    unit = act.unit
    if on:
        unit.projects.pause(project.id, HELD)
    elif unit.projects.resume(project.id, HELD) and project.paused == (HELD,):
        wake_workers(unit, project.id)
    return progress_reply(unit, project.id)


SOON = 6 * SECOND  # after the end: who is there asks for what they want


def end_if_done(unit: UnitOfWork, project: Project) -> None:
    """Completes the project when no ordinary task is open any more."""
    if unit.openings.any_left(project.id) or unit.tasks.unfinished(project.id):
        return
    requester = unit.people.get(project.requester)
    rest = end_project(unit, requester, project, ProjectState.COMPLETE)
    if rest is not None and not _comes_bit_by_bit(unit, project):
        to_review, until = review_order.count_waiting_answers(unit, project)
        notice = ProjectComplete(project.id, project.title, rest, project.currency, to_review, until)
        unit.outbox.tell(requester.id, notice, key=f"complete:{project.id}:{project.launched_at}")


def end_project(unit: UnitOfWork, requester: Person, project: Project, state: ProjectState) -> int | None:
    """Ends the project and returns the sum given back; None when it had ended before."""
    rested = state is ProjectState.STOPPED and rests_between_reviews(unit, project)
    if not unit.projects.end(project.id, state, unit.now, ProjectState.COMPLETE if rested else ProjectState.RUNNING):
        return None
    close_tasks(unit, project.id)
    rests = state is ProjectState.COMPLETE and unit.model_reviews.are_taken(project)
    if not rests:
        ratings.schedule_after_end(unit, project)
        unit.webhooks.add_event(project.id, PROJECT_ENDED, project.id)
    returned = return_rest(unit, requester, project)
    if not rests:
        _send_results(unit, project, state)
    return returned


def resume(unit: UnitOfWork, project: Project) -> None:
    """Set a project running: its draft's first task, or a complete project's next task, is there. The requester's own
    pause ends."""
    finish_closing(unit, project)
    unit.projects.resume(project.id, HELD)
    unit.projects.launch(project.id, unit.now)


def rests_between_reviews(unit: UnitOfWork, project: Project) -> bool:
    """Complete only until a program asks for the next review."""
    return project.state is ProjectState.COMPLETE and unit.model_reviews.are_taken(project)


def _comes_bit_by_bit(unit: UnitOfWork, project: Project) -> bool:
    """Return whether a program sends one task after another, so that having none left says nothing."""
    return kind_of(project.kind).is_of_programs or unit.model_reviews.are_taken(project)


def _send_results(unit: UnitOfWork, project: Project, state: ProjectState) -> None:
    """Queue the results for sending soon; withdrawn if the requester orders a file first (services/projects/results).
    Not for projects of programs, nor for one stopped without an answer."""
    if kind_of(project.kind).is_of_programs:
        return
    if state is ProjectState.COMPLETE or unit.submissions.last_of(project.id):
        files = ResultsSent(project.id, project.title, state.value, unit.now)
        key = results_key(project.id, project.launched_at)
        unit.outbox.tell(project.requester, files, lane=Lane.BROADCAST, key=key, delay=SOON)


def return_rest(unit: UnitOfWork, requester: Person, project: Project) -> int:
    """Return to the requester the money that neither a live assignment nor a top-up can need, and return the sum."""
    closed = topups.settle_ended_project(unit, requester, project)
    needed = topups.held_for_tasks_in_hand(unit, project)
    return closed + transfers.return_unused_budget(unit, requester, project, needed)


AT_ONCE = 5


def end_long_resting(unit: UnitOfWork) -> None:
    """End projects that have rested too long for lack of money. What they owe is taken from what they hold, then from
    the requester's free money."""
    for number in unit.topups.list_resting(PAUSED_FOR_FLOOR, later(unit.now, -REST_MILLISECONDS), AT_ONCE):
        project = unit.projects.get(number)
        requester = unit.people.get(project.requester)
        returned = end_project(unit, requester, project, ProjectState.STOPPED) or 0
        unit.outbox.tell(requester.id, RestEnded(project.id, project.title, REST_DAYS, returned, project.currency))


def ask_to_stop(act: Act, number: ProjectId) -> ConfirmStop | ConfirmDelete:
    """Return the question before a project is stopped, or a draft deleted. Raise WrongState if it has ended."""
    project = mine(act.unit, act.person, number)
    if project.state in ENDED and not rests_between_reviews(act.unit, project):
        raise WrongState(number=number, state=project.state.value)
    if project.state is ProjectState.DRAFT:
        return ConfirmDelete(project.id, project.title)
    counted = act.unit.progress_counts.progress(project.id)
    return ConfirmStop(
        project.id, project.title, counted.closed, counted.tasks, counted.held, currency=project.currency
    )


def stop_project(act: Act, number: ProjectId, sure: bool) -> ConfirmStop | ConfirmDelete | ProjectStopped:
    """Stop the project once `sure`, else ask first. Live assignments may still be answered and are paid; the rest of
    the money is returned now. Raise WrongState if it does not run."""
    if not sure:
        return ask_to_stop(act, number)
    unit, project = act.unit, mine(act.unit, act.person, number)
    if project.state is not ProjectState.RUNNING and not rests_between_reviews(unit, project):
        raise WrongState(number=number, state=project.state.value)
    in_hand = unit.assignments.live(project.id)
    returned = end_project(unit, act.person, project, ProjectState.STOPPED) or 0
    undecided = sum(unit.reviews.count_undecided(project.id))
    return ProjectStopped(project.id, project.title, returned, in_hand, undecided, currency=project.currency)


def delete_draft(act: Act, number: ProjectId) -> DraftDeleted:
    """A draft goes, with its tasks, a little at a time."""
    project = _locked_draft(act.unit, act.person, number)
    drafts.discard_draft(act.unit, project)
    return DraftDeleted(project.id, project.title)


def _locked_draft(unit: UnitOfWork, requester: Person, number: ProjectId) -> Project:
    unit.projects.lock(mine(unit, requester, number).id)
    project = mine(unit, requester, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    return project
