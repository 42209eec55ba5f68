"""Every movement of money a service may make, each under a key that makes it happen once."""

from typing import Any

from domain.moments import DAY
from domain.money.amounts import Millionths
from domain.money.ledger import (
    BANK,
    FEES_ACCOUNTS,
    Transfer,
    accounts_of_worker,
    available_account,
    budget_account,
    extra_account,
    fees_account,
    pending_account,
    requester_account,
)
from domain.money.wallet import PayReleased
from domain.people.accounts import Person
from domain.projects.projects import Project
from domain.refusals import FundsMissing, MoreThanThere
from domain.work.assignments import Submission, SubmissionId
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def hold_extra(
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


RELEASED = "released:"  # begins the name of a day's message about pay that was pending


def deposit(unit: UnitOfWork, requester: Person, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Money that reached the bank for this requester; None when this key was recorded before."""
    account = requester_account(requester)
    unit.ledger.open((BANK, account), currency)
    return unit.ledger.post(Transfer(f"deposit:{key}", "deposit", BANK, account, amount, currency, memo=memo))


def refund(unit: UnitOfWork, requester: Person, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Unused money that was sent back from the bank; refused where there is less. None when this key was recorded."""
    account = requester_account(requester)
    unit.ledger.open((BANK, account), currency)
    there = unit.ledger.locked_balance(account, currency)
    if there < amount:
        raise MoreThanThere(asked=amount, available=there, currency=currency)
    return unit.ledger.post(Transfer(f"refund:{key}", "refund", account, BANK, amount, currency, memo=memo))


def hold(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, launch: int | str) -> None:
    """The whole budget, before the first task is pushed; refused with the sum that is missing. `launch` names it."""
    source, budget = requester_account(requester), budget_account(project.id)
    unit.ledger.open((source, budget, fees_account(project.id)), project.currency)
    afford(unit, requester, project, amount)
    key = f"launch:{project.id}:{launch}"
    if amount:  # the HITs of a program may all have expired before an admin let them start
        unit.ledger.post(Transfer(key, "launch", source, budget, amount, project.currency, project.id))


def hold_more(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, turn: int) -> None:
    """Holds the cost of a raise for every answer still to come. Raises FundsMissing."""
    source, budget = requester_account(requester), budget_account(project.id)
    afford(unit, requester, project, amount, raised=True)
    key = f"raise:{project.id}:{turn}"
    unit.ledger.post(Transfer(key, "launch", source, budget, amount, project.currency, project.id))


def afford(
    unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, raised: bool = False, owed: int = 0
) -> None:
    """Raises FundsMissing before anything is held; `raised` for a raise of the pay, `owed` is the part due to workers
    of ended projects."""
    if lacking := what_is_missing(unit, requester, amount, project.currency):
        raise FundsMissing(raised=raised, owed=owed, **lacking)


def what_is_missing(unit: UnitOfWork, requester: Person, needed: int, currency: str) -> dict[str, Any]:
    """Facts for a refusal: the missing sum, and whose account lacks it; none where there is enough."""
    there = unit.ledger.locked_balance(requester_account(requester), currency)
    if there >= needed:
        return {}
    whose = {"team": requester.team_name, "team_number": requester.team_number}
    return {"missing": needed - there, "needed": needed, "available": there, "currency": currency, **whose}


def credit(unit: UnitOfWork, worker: Person, project: Project, submission: SubmissionId, held: bool) -> None:
    """The reward, to *available* or *pending*, and the platform's fee, from the project's budget."""
    budget = budget_account(project.id)
    target = pending_account(worker) if held else available_account(worker)
    about = (project.currency, project.id, submission)
    due = [Transfer(f"answer:{submission}", "reward", budget, target, project.pay, *about)]
    if project.fee:
        due.append(Transfer(f"fee:{submission}", "fee", budget, fees_account(project.id), project.fee, *about))
    unit.ledger.post_later(due)


def gather_fees(unit: UnitOfWork, project: Project, amount: Millionths) -> str:
    """The account of fees that can give back this amount for the project: what lacks comes from the others, the one of
    fees from before there were several first."""
    there, target = project.currency, fees_account(project.id)
    unit.ledger.open((target,), there)
    lacking = Millionths(amount - unit.ledger.locked_balance(target, there))
    for source in FEES_ACCOUNTS:
        if lacking > 0 and source != target:
            some = Millionths(min(lacking, unit.ledger.locked_balance(source, there)))
            if some:
                key = f"gather:{target}:{unit.ledger.last_transfer()}"
                unit.ledger.post(Transfer(key, "gather", source, target, some, there))
            lacking = Millionths(lacking - some)
    return target


def release(unit: UnitOfWork, worker: Person, project: Project, submission: Submission) -> bool:
    """Pending pay becomes available, once."""
    if not unit.submissions.release(submission.id):
        return False
    unit.ledger.post(_released(worker, project, submission))
    return True


def release_held(unit: UnitOfWork, worker: Person, project: Project) -> list[Submission]:
    """All pending pay of a worker in a project becomes available; what it was for."""
    held = unit.submissions.held_of(worker.id, project.id)
    unit.submissions.release_held(held)
    unit.ledger.post_later(_released(worker, project, submission) for submission in held)
    return held


def _released(worker: Person, project: Project, submission: Submission) -> Transfer:
    key, accounts = f"release:{submission.id}", accounts_of_worker(worker)
    return Transfer(key, "release", *accounts, submission.pay, project.currency, project.id, submission.id)


def tell_released(unit: UnitOfWork, worker: Person, project: Project) -> None:
    """One message a day for each project: it is edited while more of its pay becomes theirs."""
    pending, available = (unit.ledger.balance(name, project.currency) for name in accounts_of_worker(worker))
    told = PayReleased(project.title, project.currency, available, pending)
    live = f"{RELEASED}{project.id}:{unit.now // DAY}"
    unit.outbox.tell(worker.id, told, lane=Lane.BROADCAST, live=live)


def return_rest(unit: UnitOfWork, requester: Person, project: Project, kept: int = 0) -> Millionths:
    """Returns to the requester the budget of an ended project that no live assignment can need, less what is `kept`
    for their top-ups."""
    budget = budget_account(project.id)
    there = unit.ledger.locked_balance(budget, project.currency)
    rest = Millionths(there - unit.assignments.live(project.id) * project.cost_each - kept)
    if rest > 0:
        key = f"return:{project.id}:{unit.ledger.version(budget, project.currency)}"
        target = requester_account(requester)
        unit.ledger.post(Transfer(key, "return", budget, target, rest, project.currency, project.id))
    return Millionths(max(0, rest))


def hold_places(unit: UnitOfWork, requester: Person, project: Project, places: int) -> None:
    """Holds reward and fee of so many more answers to tasks that come one by one. Raises FundsMissing."""
    key = f"places:{unit.ledger.version(budget_account(project.id), project.currency)}"
    hold(unit, requester, project, Millionths(places * project.cost_each), key)


def return_places(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths) -> None:
    """Returns what was held for answers that nobody can give any more."""
    budget, target = budget_account(project.id), requester_account(requester)
    key = f"return:{project.id}:{unit.ledger.version(budget, project.currency)}"
    unit.ledger.post(Transfer(key, "return", budget, target, amount, project.currency, project.id))


def open_worker(unit: UnitOfWork, worker: Person, currency: str) -> None:
    unit.ledger.open(accounts_of_worker(worker), currency)
