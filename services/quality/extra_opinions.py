"""A task that all answered with “can't tell” is asked once more, as far as its requester's money goes."""

from domain.answers import kind_of
from domain.money.ledger import Transfer, budget_account, requester_account
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task
from domain.work.dispatch import UNPARKED
from storage.unit import UnitOfWork


def ask_once_more(unit: UnitOfWork, project: Project, task: Task) -> bool:
    """Whether the locked task, which has all the answers it was funded for, stays open for one more. A program counts
    its HIT's answers itself."""
    if kind_of(project.kind).is_of_programs:
        return False
    if project.state is not ProjectState.RUNNING or unit.tasks.has_opinion(task.id) or not _hold(unit, project, task):
        return False
    unit.tasks.ask_one_more(task.id)
    unit.openings.give_back(project.id, False, task.id)
    unit.people.unpark_for(project.id, task.id, UNPARKED)
    return True


def _hold(unit: UnitOfWork, project: Project, task: Task) -> bool:
    """Holds the cost of one answer, once a task."""
    key, source = f"again:{task.id}", requester_account(unit.people.get(project.requester))
    if unit.ledger.is_posted(key) or unit.ledger.locked_balance(source, project.currency) < project.cost_each:
        return False
    cost, budget = project.cost_each, budget_account(project.id)
    unit.ledger.post(Transfer(key, "launch", source, budget, cost, project.currency, project.id))
    return True
