"""Extra pay that a requester promises: held on an account of its own until it is earned or goes back."""

from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, extra_account, requester_account
from domain.people.people import Person
from domain.projects.projects import Project
from domain.refusals import MoreThanThere
from domain.work.submissions import SubmissionId
from storage.unit import UnitOfWork


def hold(
    unit: UnitOfWork, project: Project, amount: Millionths, name: str, submission: SubmissionId | None = None
) -> None:
    """From the requester's free money. Raises MoreThanThere."""
    source, target = requester_account(unit.people.get(project.requester)), extra_account(project.id)
    unit.ledger.open((source, target), project.currency)
    there = unit.ledger.locked_balance(source, project.currency)
    if there < amount:
        raise MoreThanThere(asked=amount, available=there, currency=project.currency)
    about = (amount, project.currency, project.id, submission)
    unit.ledger.post(Transfer(f"extra:{name}", "extra", source, target, *about))


def pay(
    unit: UnitOfWork,
    project: Project,
    worker: Person,
    amount: Millionths,
    name: str,
    submission: SubmissionId | None = None,
) -> int | None:
    """To the worker, who has it at once; `name` begins with the kind of the movement. The operation's number."""
    source, target = extra_account(project.id), available_account(worker)
    unit.ledger.open((target,), project.currency)
    about = (amount, project.currency, project.id, submission)
    return unit.ledger.post(Transfer(name, name.partition(":")[0], source, target, *about))


def give_back(
    unit: UnitOfWork, project: Project, amount: Millionths, name: str, submission: SubmissionId | None = None
) -> None:
    """To the requester."""
    source, target = extra_account(project.id), requester_account(unit.people.get(project.requester))
    about = (amount, project.currency, project.id, submission)
    unit.ledger.post(Transfer(f"unextra:{name}", "unextra", source, target, *about))
