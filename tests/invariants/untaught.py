"""Violations of rule 6 to be planted where the attempt at a test is paid."""

from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, paid_tests_account, requester_account
from domain.people.qualifications import TypeId
from services.people import qualification_grants
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant

PAY = Millionths(10_000)


def _type(unit: UnitOfWork, house: House) -> TypeId:
    told = {"description": "", "keywords": "", "active": 1, "retry_seconds": None, "granted_by_itself": None}
    number = unit.qualifications.add(house.requester, "Reads", **told, test="<a/>", test_seconds=60, answer_key="<b/>")
    assert number is not None
    return number


def promise(unit: UnitOfWork, house: House) -> None:
    """Nothing is held for it."""
    unit.paid_tests.add(_type(unit, house), PAY, "EUR", 2)


def leave_unpaid(unit: UnitOfWork, house: House) -> None:
    """It leaves what is held, and does not reach the worker."""
    number, requester = _type(unit, house), unit.people.get(house.requester)
    qualification_grants.hold_attempt_pay(unit, requester, number, (PAY, 2), "EUR")
    unit.paid_tests.add_attempt(number, house.workers[0])
    assert unit.paid_tests.mark_paid(number, house.workers[0])
    accounts = paid_tests_account(requester), requester_account(requester)
    unit.ledger.post(Transfer(f"untraining:{number}:1", "untraining", *accounts, PAY, "EUR"))


UNTAUGHT = (
    Plant(
        "a test is paid and nothing is held for it",
        *(6, "what is held for tests is what their places can cost", "requester:"),
        promise,
    ),
    Plant(
        "an attempt at a test is paid in name only",
        *(6, "an attempt at a paid test is paid once", "test bonus:test:"),
        leave_unpaid,
    ),
)
