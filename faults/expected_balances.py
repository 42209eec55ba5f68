"""Expected balances of all people, computed from the campaign's acts, independent of the ledger."""

from collections import Counter

from domain.moments import later
from domain.money.ledger import (
    FEES,
    available_account,
    budget_account,
    disputed_account,
    payout_account,
    pending_account,
)
from storage.unit import UnitOfWork
from tests.house import FEE, PAY, House, a_project, launch, settle_tasks

ADMIN = 900
PAYER = {"PAYER_NAME": "Pouce", "PAYER_IBAN": "FR7630006000011234567890189", "PAYER_BIC": "AGRIFRPP"}
REVIEWED = 60  # tasks whose answers wait for review

ANSWERS = "SELECT worker, sum(pay) FROM submissions GROUP BY worker"
REJECTED = "SELECT worker, sum(pay) FROM submissions WHERE state = 'rejected' GROUP BY worker"
FEE_EACH = "SELECT coalesce(sum(fee), 0) FROM submissions"
# Only a raise lifts what an answer is paid.
OTHERWISE_PAID = """
SELECT id, pay, fee FROM submissions
WHERE (pay <> :pay OR fee <> :fee) AND project NOT IN (SELECT project FROM pay_raises)"""
JUDGED = "SELECT worker, count(*) FROM judgements WHERE state = 'given' GROUP BY worker"
PAID = "SELECT worker, sum(gross) FROM payouts WHERE state = 'paid' GROUP BY worker"
# A bonus is known by its transfer alone.
BONUSES = "SELECT credit, sum(amount) FROM transfers WHERE kind = 'bonus' GROUP BY credit"
ACCOUNT = "SELECT id FROM accounts WHERE name = :name"
FINAL = """
SELECT coalesce(sum(s.fee), 0) FROM rejections r JOIN submissions s ON s.id = r.submission WHERE r.state = 'final'"""
# Judges' costs of a requester who was right.
SHARED = "SELECT coalesce(sum(given_back), 0) FROM appeals"
HELD = """
SELECT coalesce(sum(s.pay), 0) FROM rejections r JOIN submissions s ON s.id = r.submission
WHERE r.project = :project AND r.state IN ('standing', 'appealed')"""
# Every project's budget, and its returns.
BUDGETS = """
SELECT p.id, coalesce(sum(CASE t.kind WHEN 'launch' THEN t.amount WHEN 'return' THEN -t.amount END), 0),
  (SELECT coalesce(sum(s.pay + s.fee), 0) FROM submissions s WHERE s.project = p.id)
FROM projects p LEFT JOIN transfers t ON t.project = p.id GROUP BY p.id"""


def settle_money(unit: UnitOfWork, house: House) -> None:
    """Gives all workers a bank account; a second project reviews every answer."""
    for number, worker in enumerate(house.workers):
        unit.payees.add(worker, f"FR76{number:023}", f"Worker {number}", f"account {number}", later(unit.now, 0))
    reviewed = unit.projects.add(a_project(house.requester, unit.now, accept="review"))
    settle_tasks(unit, reviewed, house.requester, REVIEWED, gold=0)
    launch(unit, house.requester, reviewed)


def money(unit: UnitOfWork, house: House) -> list[str]:
    """What each worker has is what was earned less what was paid out; fees and budgets likewise, to the millionth."""
    otherwise = unit.connection.all(OTHERWISE_PAID, pay=PAY, fee=FEE)
    untrue = [f"answer {answer} is paid {pay} with a fee of {fee}" for answer, pay, fee in otherwise]
    return [*untrue, *_workers(unit, house), *_fees(unit), *_budgets(unit)]


def _workers(unit: UnitOfWork, house: House) -> list[str]:
    given, rejected, judged, paid = (_counted(unit, sql) for sql in (ANSWERS, REJECTED, JUDGED, PAID))
    bonuses, untrue = _counted(unit, BONUSES), []
    for worker in house.workers:
        person = unit.people.get(worker)
        accounts = pending_account(person), available_account(person), payout_account(person)
        has = sum(unit.ledger.balance(account) for account in accounts)
        ((account,),) = unit.connection.all(ACCOUNT, name=accounts[1])
        earned = given[worker] - rejected[worker] + PAY * judged[worker] + bonuses[account]
        if has != earned - paid[worker]:
            untrue.append(f"worker {worker} has {has} of {earned} earned and {paid[worker]} paid out")
    return untrue


def _fees(unit: UnitOfWork) -> list[str]:
    taken, returned, shared = (int(unit.connection.all(sql)[0][0]) for sql in (FEE_EACH, FINAL, SHARED))
    has = unit.ledger.balance(FEES)
    due = taken - returned - shared
    return [] if has == due else [f"fees are {has} of {taken} taken, {returned} returned and {shared} for judges"]


def _budgets(unit: UnitOfWork) -> list[str]:
    untrue = []
    for project, held, spent in unit.connection.all(BUDGETS):
        left = unit.ledger.balance(budget_account(project))
        if left != held - spent:
            untrue.append(f"the budget of project {project} has {left} of {held} after {spent} for answers")
        disputed, rejected = unit.ledger.balance(disputed_account(project)), _held(unit, project)
        if disputed != rejected:
            untrue.append(f"project {project} holds {disputed} for {rejected} of rejected answers")
    return untrue


def _held(unit: UnitOfWork, project: int) -> int:
    return int(unit.connection.all(HELD, project=project)[0][0])


def _counted(unit: UnitOfWork, sql: str) -> Counter[int]:
    return Counter({row[0]: int(row[1]) for row in unit.connection.all(sql)})
