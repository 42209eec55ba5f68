"""Keys make each movement of money happen once."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer, fees_account, requester_account
from domain.projects.projects import ProjectId
from domain.refusals import FundsMissing, KeyReused
from services.money import transfers
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import FUNDS, a_project, furnish, settle_requester


async def test_the_same_deposit_twice_is_one(database: Database, now: Moment):
    def twice(unit: UnitOfWork) -> tuple[int | None, int | None, int]:
        person = settle_requester(unit)
        first, second = (transfers.post_deposit(unit, person, Millionths(5), "EUR", "key", "memo") for _ in range(2))
        return first, second, unit.ledger.balance(requester_account(person))

    first, second, balance = await database.transact(twice, now)
    assert first is not None
    assert second is None
    assert balance == FUNDS + 5


@pytest.mark.parametrize("change", [{"amount": Millionths(6)}, {"credit": FEES}])
async def test_the_same_key_with_another_content_is_refused(database: Database, now: Moment, change: dict[str, object]):
    def again(unit: UnitOfWork) -> None:
        person = settle_requester(unit)
        values = {"key": "k", "kind": "deposit", "debit": BANK, "credit": requester_account(person)}
        unit.ledger.post(Transfer(**{**values, "amount": Millionths(5), "currency": "EUR"}))
        unit.ledger.post(Transfer(**{**values, "amount": Millionths(5), "currency": "EUR", **change}))

    with pytest.raises(KeyReused):
        await database.transact(again, now)


async def test_a_budget_is_held_to_the_millionth_or_not_at_all(database: Database, now: Moment):
    def hold(unit: UnitOfWork, amount: int) -> None:
        person = unit.people.find_by_username("anna") or settle_requester(unit)
        project = unit.projects.get(unit.projects.add(a_project(person.id, unit.now)))
        transfers.hold_budget(unit, person, project, Millionths(amount), 1)

    with pytest.raises(FundsMissing) as refused:
        await database.transact(hold, now, FUNDS + 1)
    assert refused.value.facts["missing"] == 1
    await database.transact(hold, now, FUNDS)


async def test_unused_budget_is_returned_once(database: Database, now: Moment):
    def end(unit: UnitOfWork) -> list[int]:
        house = furnish(unit)
        project, person = unit.projects.get(house.project), unit.people.get(house.requester)
        return [transfers.return_unused_budget(unit, person, project) for _ in range(2)]

    first, second = await database.transact(end, now)
    assert first > 0
    assert second == 0


async def test_a_populated_database_satisfies_all_invariants(database: Database, now: Moment):
    await database.transact(furnish, now)
    assert await database.transact(find_violations, now) == []


async def test_fees_are_given_back_from_where_they_are(database: Database, now: Moment):
    """First from the project's own account, then from before there were several, then from the others."""

    def gather(unit: UnitOfWork) -> list[int]:
        project, others = unit.projects.get(furnish(unit).project), ProjectId(5)
        payer = requester_account(unit.people.get(project.requester))
        for n, (target, amount) in enumerate([(fees_account(project.id), 3), (FEES, 4), (fees_account(others), 5)]):
            unit.ledger.post(Transfer(f"k{n}", "deposit", payer, target, Millionths(amount), "EUR"))
        found = []
        for amount in (2, 6, 6, 12):
            source = transfers.gather_project_fees(unit, project, Millionths(amount))
            names = (source, FEES, fees_account(others))
            found.append([unit.ledger.locked_balance(name, "EUR") for name in names])
        assert (source, unit.ledger.balance(FEES)) == (fees_account(project.id), 12)
        return found

    assert await database.transact(gather, now) == [[3, 4, 5], [6, 1, 5], [6, 1, 5], [12, 0, 0]]
    assert await database.transact(find_violations, now) == []
