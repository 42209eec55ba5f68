"""Violations of rule 6 to be planted where an answer is asked for once more."""

from domain.money.ledger import Transfer, available_account, fees_account
from domain.work.redos import DONE
from services.money.bonuses import extras
from storage.unit import UnitOfWork
from tests.house import PAY, House
from tests.invariants.plants import Plant


def promise(unit: UnitOfWork, house: House) -> None:
    """Nothing is held for it."""
    found = unit.reviews.waiting(house.project, 0, 1)[0]
    assert unit.redos.add(found, "Please look once more.", found.pay)


def leave_unpaid(unit: UnitOfWork, house: House) -> None:
    found = unit.reviews.waiting(house.project, 0, 1)[0]
    project = unit.projects.get(house.project)
    assert unit.redos.add(found, "Please look once more.", found.pay)
    extras.hold(unit, project, found.pay, f"redo:{found.id}", found.id)
    assert unit.redos.end(found.id, DONE)


def give_up_to_the_house(unit: UnitOfWork, house: House) -> None:
    """Its requester is still here."""
    worker = unit.people.get(house.workers[1])
    source, target = available_account(worker), fees_account(house.project)
    unit.ledger.post(Transfer("waived:1:1:0", "waived", source, target, PAY, "EUR", house.project))


UNEARNED = (
    Plant(
        "what a worker gave up goes to the house",
        *(6, "pay that was given up is with who had paid it", "transfer"),
        give_up_to_the_house,
    ),
    Plant(
        "an answer is asked for once more and nothing is held for it",
        *(6, "what is held beside a budget is what is promised beside it", "project"),
        promise,
    ),
    Plant(
        "an answer given once more is not paid",
        *(6, "an answer given once more is paid once", "submission"),
        leave_unpaid,
    ),
)
