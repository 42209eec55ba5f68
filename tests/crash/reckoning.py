"""What everybody must have in the end, counted from what was done, beside the book."""

from collections import Counter

from domain.ledger import (
    FEES,
    JUDGES,
    available_account,
    budget_account,
    disputed_account,
    payout_account,
    pending_account,
)
from domain.moments import later
from storage.unit import UnitOfWork
from tests.house import FEE, PAY, House, a_project, launch, settle_tasks

ADMIN = 900
PAYER = {"PAYER_NAME": "Pouce", "PAYER_IBAN": "FR7630006000011234567890189", "PAYER_BIC": "AGRIFRPP"}
REVIEWED = 60  # tasks whose answers wait for their requester's word

ANSWERS = "SELECT worker, count(*) FROM submissions GROUP BY worker"
REJECTED = "SELECT s.worker, count(*) FROM submissions s WHERE s.state = 'rejected' GROUP BY s.worker"
JUDGED = "SELECT worker, count(*) FROM judgements WHERE state = 'given' GROUP BY worker"
PAID = "SELECT worker, sum(gross) FROM payouts WHERE state = 'paid' GROUP BY worker"
# A bonus is known by its transfer alone.
BONUSES = "SELECT credit, sum(amount) FROM transfers WHERE kind = 'bonus' GROUP BY credit"
ACCOUNT = "SELECT id FROM accounts WHERE name = :name"
FINAL = "SELECT count(*) FROM rejections WHERE state = 'final'"
HELD = "SELECT count(*) FROM rejections WHERE project = :project AND state IN ('standing', 'appealed')"
# What every project was given, and what of it went back.
BUDGETS = """
SELECT p.id, coalesce(sum(CASE t.kind WHEN 'launch' THEN t.amount WHEN 'return' THEN -t.amount END), 0),
  (SELECT count(*) FROM submissions s WHERE s.project = p.id)
FROM projects p LEFT JOIN transfers t ON t.project = p.id GROUP BY p.id"""


def settle_money(unit: UnitOfWork, house: House) -> None:
    """Everybody has an account at a bank; a second project asks for its requester's word on every answer."""
    for number, worker in enumerate(house.workers):
        unit.payees.add(worker, f"FR76{number:023}", f"Worker {number}", f"account {number}", later(unit.now, 0))
    reviewed = unit.projects.add(a_project(house.requester, unit.now, accept="review"))
    settle_tasks(unit, reviewed, house.requester, REVIEWED, gold=0)
    launch(unit, house.requester, reviewed)


def money(unit: UnitOfWork, house: House) -> list[str]:
    """What each worker has is what was earned less what was paid out; fees and budgets likewise, to the millionth."""
    return [*_workers(unit, house), *_fees(unit), *_budgets(unit)]


def _workers(unit: UnitOfWork, house: House) -> list[str]:
    given, rejected, judged, paid = (_counted(unit, sql) for sql in (ANSWERS, REJECTED, JUDGED, PAID))
    bonuses, untrue = _counted(unit, BONUSES), []
    for worker in house.workers:
        person = unit.people.get(worker)
        accounts = pending_account(person), available_account(person), payout_account(person)
        has = sum(unit.ledger.balance(account) for account in accounts)
        ((account,),) = unit.connection.all(ACCOUNT, name=accounts[1])
        earned = PAY * (given[worker] - rejected[worker] + judged[worker]) + bonuses[account]
        if has != earned - paid[worker]:
            untrue.append(f"worker {worker} has {has} of {earned} earned and {paid[worker]} paid out")
    return untrue


def _fees(unit: UnitOfWork) -> list[str]:
    answers, judged = (_counted(unit, sql).total() for sql in (ANSWERS, JUDGED))
    final = unit.connection.all(FINAL)[0][0]
    has = unit.ledger.balance(FEES) + unit.ledger.balance(JUDGES)
    due = FEE * (answers - final) - PAY * judged
    return [] if has == due else [f"fees are {has} for {answers} answers, {final} returned and {judged} judgements"]


def _budgets(unit: UnitOfWork) -> list[str]:
    untrue = []
    for project, held, answers in unit.connection.all(BUDGETS):
        left = unit.ledger.balance(budget_account(project))
        if left != held - (PAY + FEE) * answers:
            untrue.append(f"the budget of project {project} has {left} of {held} after {answers} answers")
        disputed, rejections = unit.ledger.balance(disputed_account(project)), _held(unit, project)
        if disputed != PAY * rejections:
            untrue.append(f"project {project} holds {disputed} for {rejections} rejected answers")
    return untrue


def _held(unit: UnitOfWork, project: int) -> int:
    return int(unit.connection.all(HELD, project=project)[0][0])


def _counted(unit: UnitOfWork, sql: str) -> Counter[int]:
    return Counter({row[0]: int(row[1]) for row in unit.connection.all(sql)})
