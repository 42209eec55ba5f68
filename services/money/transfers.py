"""Every movement of money a service may make, each under a key that makes it happen once."""

from dataclasses import replace
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


def post_for_project(
    unit: UnitOfWork,
    project: Project,
    *,
    key: str,
    kind: str,
    debit: str,
    credit: str,
    amount: Millionths,
    submission: SubmissionId | None = None,
) -> int | None:
    """Post a movement of a project's money, in its currency; return the operation's number, or None if this key was
    posted before."""
    return unit.ledger.post(
        Transfer(
            key=key,
            kind=kind,
            debit=debit,
            credit=credit,
            amount=amount,
            currency=project.currency,
            project=project.id,
            submission=submission,
        )
    )


def hold_extra(
    unit: UnitOfWork, project: Project, amount: Millionths, name: str, submission: SubmissionId | None = None
) -> None:
    """Hold requester's money beside a project's budget. Raise MoreThanThere if it is not free."""
    source, target = requester_account(unit.people.get(project.requester)), extra_account(project.id)
    unit.ledger.open((source, target), project.currency)
    free_money = unit.ledger.locked_balance(source, project.currency)
    if free_money < amount:
        raise MoreThanThere(asked=amount, available=free_money, currency=project.currency)
    key = f"extra:{name}"
    post_for_project(
        unit, project, key=key, kind="extra", debit=source, credit=target, amount=amount, submission=submission
    )


def pay_from_extra(
    unit: UnitOfWork,
    project: Project,
    worker: Person,
    amount: Millionths,
    name: str,
    submission: SubmissionId | None = None,
) -> int | None:
    """Pay a worker from a project's extra account, available at once; `name`, the key, begins with the kind of the
    movement. Return the operation's number, or None if it was paid before."""
    source, target = extra_account(project.id), available_account(worker)
    unit.ledger.open((target,), project.currency)
    kind = name.partition(":")[0]
    return post_for_project(
        unit, project, key=name, kind=kind, debit=source, credit=target, amount=amount, submission=submission
    )


def return_extra(
    unit: UnitOfWork, project: Project, amount: Millionths, name: str, submission: SubmissionId | None = None
) -> None:
    """Return money of a project's extra account to the requester."""
    source, target = extra_account(project.id), requester_account(unit.people.get(project.requester))
    key = f"unextra:{name}"
    post_for_project(
        unit, project, key=key, kind="unextra", debit=source, credit=target, amount=amount, submission=submission
    )


RELEASED_MESSAGE_PREFIX = "released:"  # begins the name of a day's message about pay that was pending


def post_deposit(
    unit: UnitOfWork, requester: Person, amount: Millionths, currency: str, key: str, memo: str, *, source: str = BANK
) -> int | None:
    """Post money that reached the bank, or the provider of cards, for this requester; return the transfer's number, or
    None if this key was recorded before."""
    account = requester_account(requester)
    unit.ledger.open((source, account), currency)
    return unit.ledger.post(
        Transfer(
            key=f"deposit:{key}",
            kind="deposit",
            debit=source,
            credit=account,
            amount=amount,
            currency=currency,
            memo=memo,
        )
    )


def post_refund(
    unit: UnitOfWork, requester: Person, amount: Millionths, currency: str, key: str, memo: str, *, target: str = BANK
) -> int | None:
    """Post unused money that was sent back to a requester, from the bank or to the card; return the transfer's number,
    or None if this key was recorded before. Raise MoreThanThere if it is not free."""
    account = requester_account(requester)
    unit.ledger.open((target, account), currency)
    free_money = unit.ledger.locked_balance(account, currency)
    if free_money < amount:
        raise MoreThanThere(asked=amount, available=free_money, currency=currency)
    return unit.ledger.post(
        Transfer(
            key=f"refund:{key}",
            kind="refund",
            debit=account,
            credit=target,
            amount=amount,
            currency=currency,
            memo=memo,
        )
    )


def hold_budget(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, launch: int | str) -> None:
    """Hold the whole budget of a launch, before the first task is pushed; `launch` makes its key unique. Raise
    FundsMissing."""
    source, budget = requester_account(requester), budget_account(project.id)
    unit.ledger.open((source, budget, fees_account(project.id)), project.currency)
    require_funds(unit, requester, project, amount)
    key = f"launch:{project.id}:{launch}"
    if amount:  # the HITs of a program may all have expired before an admin let them start
        post_for_project(unit, project, key=key, kind="launch", debit=source, credit=budget, amount=amount)


def hold_raise(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, turn: int) -> None:
    """Hold the cost of a raise for every answer still to come. Raise FundsMissing."""
    source, budget = requester_account(requester), budget_account(project.id)
    require_funds(unit, requester, project, amount, raises_pay=True)
    key = f"raise:{project.id}:{turn}"
    post_for_project(unit, project, key=key, kind="launch", debit=source, credit=budget, amount=amount)


def require_funds(
    unit: UnitOfWork, requester: Person, project: Project, amount: Millionths, raises_pay: bool = False, owed: int = 0
) -> None:
    """Raise FundsMissing unless the requester's free money reaches; `raises_pay` marks a raise, `owed` is the part due
    to workers of ended projects."""
    if shortfall := get_shortfall(unit, requester, amount, project.currency):
        raise FundsMissing(raised=raises_pay, owed=owed, **shortfall)


def get_shortfall(unit: UnitOfWork, requester: Person, needed: int, currency: str) -> dict[str, Any]:
    """Return the facts of a refusal (missing, needed and available sums, and whose account), or nothing if the money
    reaches."""
    free_money = unit.ledger.locked_balance(requester_account(requester), currency)
    if free_money >= needed:
        return {}
    account_owner = {"team": requester.team_name, "team_number": requester.team_number}
    return {
        "missing": needed - free_money,
        "needed": needed,
        "available": free_money,
        "currency": currency,
        **account_owner,
    }


def credit_reward(unit: UnitOfWork, worker: Person, project: Project, submission: SubmissionId, pending: bool) -> None:
    """Pay the reward to the worker's available account, or to the pending one if `pending`, and the platform's fee,
    from the project's budget. Posted with the end of the transaction."""
    budget = budget_account(project.id)
    target = pending_account(worker) if pending else available_account(worker)
    reward = Transfer(
        key=f"answer:{submission}",
        kind="reward",
        debit=budget,
        credit=target,
        amount=project.pay,
        currency=project.currency,
        project=project.id,
        submission=submission,
    )
    transfers = [reward]
    if project.fee:
        fee_account = fees_account(project.id)
        fee = replace(reward, key=f"fee:{submission}", kind="fee", credit=fee_account, amount=project.fee)
        transfers.append(fee)
    unit.ledger.post_later(transfers)


def gather_project_fees(unit: UnitOfWork, project: Project, amount: Millionths) -> str:
    """Return the account of fees that can give back this amount for the project; what it lacks is moved there from the
    others, the account from before there were shards first."""
    currency, target = project.currency, fees_account(project.id)
    unit.ledger.open((target,), currency)
    missing = Millionths(amount - unit.ledger.locked_balance(target, currency))
    for source in FEES_ACCOUNTS:
        if missing > 0 and source != target:
            part = Millionths(min(missing, unit.ledger.locked_balance(source, currency)))
            if part:
                key = f"gather:{target}:{unit.ledger.last_transfer()}"
                unit.ledger.post(
                    Transfer(key=key, kind="gather", debit=source, credit=target, amount=part, currency=currency)
                )
            missing = Millionths(missing - part)
    return target


def release_pay(unit: UnitOfWork, worker: Person, project: Project, submission: Submission) -> bool:
    """Make pending pay of one answer available; return False if it was released before."""
    if not unit.submissions.release(submission.id):
        return False
    unit.ledger.post(_release_transfer(worker, project, submission))
    return True


def release_all_pay(unit: UnitOfWork, worker: Person, project: Project) -> list[Submission]:
    """Make all pending pay of a worker in a project available, and return the answers that it was for."""
    pending_answers = unit.submissions.held_of(worker.id, project.id)
    unit.submissions.release_held(pending_answers)
    unit.ledger.post_later(_release_transfer(worker, project, submission) for submission in pending_answers)
    return pending_answers


def _release_transfer(worker: Person, project: Project, submission: Submission) -> Transfer:
    pending, available = accounts_of_worker(worker)
    return Transfer(
        key=f"release:{submission.id}",
        kind="release",
        debit=pending,
        credit=available,
        amount=submission.pay,
        currency=project.currency,
        project=project.id,
        submission=submission.id,
    )


def notify_released(unit: UnitOfWork, worker: Person, project: Project) -> None:
    """Tell a worker that pay became available: one message a day and project, edited when more is released."""
    pending, available = (unit.ledger.balance(name, project.currency) for name in accounts_of_worker(worker))
    notice = PayReleased(project.title, project.currency, available, pending)
    message_name = f"{RELEASED_MESSAGE_PREFIX}{project.id}:{unit.now // DAY}"
    unit.outbox.tell(worker.id, notice, lane=Lane.BROADCAST, live=message_name)


def return_unused_budget(unit: UnitOfWork, requester: Person, project: Project, reserved: int = 0) -> Millionths:
    """Return to the requester the budget of an ended project that no live assignment can need, less what is `reserved`
    for top-ups. Return the sum."""
    budget = budget_account(project.id)
    budget_money = unit.ledger.locked_balance(budget, project.currency)
    unused = Millionths(budget_money - unit.assignments.live(project.id) * project.cost_each - reserved)
    if unused > 0:
        key = f"return:{project.id}:{unit.ledger.version(budget, project.currency)}"
        target = requester_account(requester)
        post_for_project(unit, project, key=key, kind="return", debit=budget, credit=target, amount=unused)
    return Millionths(max(0, unused))


def hold_places(unit: UnitOfWork, requester: Person, project: Project, places: int) -> None:
    """Hold reward and fee of so many more answers to tasks that come one by one. Raise FundsMissing."""
    key = f"places:{unit.ledger.version(budget_account(project.id), project.currency)}"
    hold_budget(unit, requester, project, Millionths(places * project.cost_each), key)


def return_places(unit: UnitOfWork, requester: Person, project: Project, amount: Millionths) -> None:
    """Return to the requester what was held for answers that cannot be given any more."""
    budget, target = budget_account(project.id), requester_account(requester)
    key = f"return:{project.id}:{unit.ledger.version(budget, project.currency)}"
    post_for_project(unit, project, key=key, kind="return", debit=budget, credit=target, amount=amount)


def open_worker_accounts(unit: UnitOfWork, worker: Person, currency: str) -> None:
    unit.ledger.open(accounts_of_worker(worker), currency)
