"""Currencies never meet: an account is a name in a currency, and a platform that changes its own opens new ones."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer, available_account, requester_account
from domain.people.accounts import Person
from domain.refusals import KeyReused
from services.money import transfers
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import FEE, PAY, a_project, settle_requester, settle_worker
from tests.invariants.flows import a_day

A = "requester:1:available"


def books(unit: UnitOfWork) -> dict[tuple[str, str], int]:
    return {(account.name, account.currency): account.balance for account in unit.ledger.list_accounts()}


def test_the_same_name_in_two_currencies_is_two_accounts(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        for currency, amount in (("USD", 5), ("EUR", 7)):
            unit.ledger.post(Transfer(f"d:{currency}", "deposit", BANK, A, Millionths(amount), currency))
        assert books(unit) == {(BANK, "EUR"): -7, (BANK, "USD"): -5, (A, "EUR"): 7, (A, "USD"): 5}
        assert [unit.ledger.balance(A, currency) for currency in ("EUR", "USD", "GBP", None)] == [7, 5, 0, 7]
        assert unit.ledger.locked_balance(A, "USD") == 5
        assert [e.amount for e in unit.ledger.iterate_entries(A, "USD")] == [
            e.amount for e in unit.ledger.entries(A, 9, "USD")
        ]
        assert unit.ledger.currencies(A) == ["EUR", "USD"]
        with pytest.raises(KeyReused):
            unit.ledger.post(Transfer("d:EUR", "deposit", BANK, A, Millionths(7), "USD"))
        with pytest.raises(KeyReused):
            unit.ledger.post(Transfer("d:EUR", "deposit", BANK, A, Millionths(7), "GBP"))


def test_money_of_one_currency_pays_for_nothing_in_another(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        unit.ledger.post(Transfer("d", "deposit", BANK, A, Millionths(7), "EUR"))
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.ledger.post(Transfer("x", "bonus", A, FEES, Millionths(1), "USD"))


def test_a_platform_that_changes_its_currency_keeps_the_old_accounts(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        before = books(unit)
        anna, worker = settle_requester(unit), settle_worker(unit, 0)
        _answer_in_dollars(unit, anna, worker)
        after = books(unit)
        assert {place: after[place] for place in before} == before
        assert after[available_account(worker), "USD"] == PAY
        assert after[FEES, "USD"] == FEE
        assert after[requester_account(anna), "USD"] == 1_000_000 - PAY - FEE
        assert find_violations(unit) == []


def _answer_in_dollars(unit: UnitOfWork, anna: Person, worker: Person) -> None:
    """Money in, held, paid for an answer, the rest back, all in dollars."""
    transfers.post_deposit(unit, anna, Millionths(1_000_000), "USD", "first", "")
    project = unit.projects.get(unit.projects.add(a_project(anna.id, unit.now, currency="USD")))
    unit.spending.stated.add(project.id, 500_000)
    transfers.hold_budget(unit, anna, project, Millionths(500_000), 1)
    for kind, target, amount in (("bonus", available_account(worker), PAY), ("fine", FEES, FEE)):
        source = f"project:{project.id}:budget"
        unit.ledger.post(Transfer(f"{kind}:1", kind, source, target, amount, "USD", project.id))
    assert transfers.return_unused_budget(unit, anna, project) == 500_000 - PAY - FEE
