"""The end of a project: complete when its last task closes, stopped by its requester. The rest of the budget goes
back. A complete one goes on with what is asked later."""

from domain.answers import kind_of
from domain.moments import SECOND
from domain.people.people import Person
from domain.people.webhooks import PROJECT_ENDED
from domain.projects.messages import ProjectComplete
from domain.projects.projects import HELD, Project, ProjectState
from domain.projects.result_messages import ResultsSent, unasked
from services.fairness.ratings import asking
from services.fairness.reviewing import review_order
from services.money import topups, transfers
from services.projects import bulk_updates
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

SOON = 6 * SECOND  # after the end: who is there asks for what they want


def end_if_done(unit: UnitOfWork, project: Project) -> None:
    """Completes the project when no ordinary task is open any more."""
    if unit.openings.any_left(project.id) or unit.tasks.unfinished(project.id):
        return
    requester = unit.people.get(project.requester)
    rest = end(unit, requester, project, ProjectState.COMPLETE)
    if rest is not None and not _comes_bit_by_bit(unit, project):
        waits = review_order.waits(unit, project)
        done = ProjectComplete(project.id, project.title, rest, project.currency, *waits)
        unit.outbox.tell(requester.id, done, key=f"complete:{project.id}:{project.launched_at}")


def end(unit: UnitOfWork, requester: Person, project: Project, state: ProjectState) -> int | None:
    """Ends the project and returns the sum given back; None when it had ended before."""
    rested = state is ProjectState.STOPPED and rests_between_reviews(unit, project)
    if not unit.projects.end(project.id, state, unit.now, ProjectState.COMPLETE if rested else ProjectState.RUNNING):
        return None
    bulk_updates.close_tasks(unit, project.id)
    rests = state is ProjectState.COMPLETE and unit.model_reviews.are_taken(project)
    if not rests:
        asking.after_end(unit, project)
        unit.webhooks.note(project.id, PROJECT_ENDED, project.id)
    returned = give_back(unit, requester, project)
    if not rests:
        _send_results(unit, project, state)
    return returned


def run(unit: UnitOfWork, project: Project) -> None:
    """A draft's first task is there, or a complete project's next one: the requester's pause is over, too."""
    bulk_updates.finish_closing(unit, project)
    unit.projects.resume(project.id, HELD)
    unit.projects.launch(project.id, unit.now)


def rests_between_reviews(unit: UnitOfWork, project: Project) -> bool:
    """Complete only until a program asks for the next review."""
    return project.state is ProjectState.COMPLETE and unit.model_reviews.are_taken(project)


def _comes_bit_by_bit(unit: UnitOfWork, project: Project) -> bool:
    """Where a program sends one task after another, that none is left says nothing."""
    return kind_of(project.kind).is_of_programs or unit.model_reviews.are_taken(project)


def _send_results(unit: UnitOfWork, project: Project, state: ProjectState) -> None:
    """In a moment, unless its requester asks for a file first (services/projects/results); of a project that was
    stopped without an answer there is nothing to send, and a program asks for its answers."""
    if kind_of(project.kind).is_of_programs:
        return
    if state is ProjectState.COMPLETE or unit.submissions.last_of(project.id):
        files = ResultsSent(project.id, project.title, state.value, unit.now)
        key = unasked(project.id, project.launched_at)
        unit.outbox.tell(project.requester, files, lane=Lane.BROADCAST, key=key, delay=SOON)


def give_back(unit: UnitOfWork, requester: Person, project: Project) -> int:
    """Returns the money that neither a live assignment nor a top-up can need."""
    closed = topups.close(unit, requester, project)
    kept = topups.held_for_tasks_in_hand(unit, project)
    return closed + transfers.return_rest(unit, requester, project, kept)
