"""Violations of rule 6 to be planted where an answer is asked for once more."""

from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, fees_account, requester_account
from domain.work.corrections import DONE
from services.money import transfers
from storage.unit import UnitOfWork
from tests.house import PAY, House
from tests.invariants.plants import Plant


def promise(unit: UnitOfWork, house: House) -> None:
    """Nothing is held for it."""
    found = unit.reviews.list_waiting(house.project, 0, 1)[0]
    assert unit.redos.add(found, "Please look once more.", found.pay)


def leave_unpaid(unit: UnitOfWork, house: House) -> None:
    found = unit.reviews.list_waiting(house.project, 0, 1)[0]
    project = unit.projects.get(house.project)
    assert unit.redos.add(found, "Please look once more.", found.pay)
    unit.spending.stated.add(project.id, found.pay)
    transfers.hold_extra(unit, project, found.pay, f"redo:{found.id}", found.id)
    assert unit.redos.end(found.id, DONE)


def give_up_to_the_house(unit: UnitOfWork, house: House) -> None:
    """Its requester is still here."""
    worker = unit.people.get(house.workers[1])
    source, target = available_account(worker), fees_account(house.project)
    unit.ledger.post(Transfer("waived:1:1:0", "waived", source, target, PAY, "EUR", house.project))


def give_up_twice(unit: UnitOfWork, house: House) -> None:
    """More than came from the project: what came beside it, too."""
    worker, requester = unit.people.get(house.workers[1]), unit.people.get(house.requester)
    hers, theirs = available_account(worker), requester_account(requester)
    unit.ledger.post(Transfer("bonus:gift", "bonus", theirs, hers, Millionths(1_000_000), "EUR"))
    there = Millionths(unit.ledger.balance(hers, "EUR"))
    unit.ledger.post(Transfer("waived:1:1:0", "waived", hers, theirs, there, "EUR", house.project))


def give_up_a_bonus_twice(unit: UnitOfWork, house: House) -> None:
    worker, requester = unit.people.get(house.workers[1]), unit.people.get(house.requester)
    there = Millionths(unit.ledger.balance(available_account(worker), "EUR"))
    ends = (available_account(worker), requester_account(requester))
    unit.ledger.post(Transfer("waived:1:1:0", "waived", *ends, there, "EUR"))


UNEARNED = (
    Plant(
        "a worker gives up more than a project paid",
        *(6, "no more is given up to a requester than they had paid", "account"),
        give_up_twice,
    ),
    Plant(
        "a worker gives up more bonuses than they had",
        *(6, "no more is given up to a requester than they had paid", "account"),
        give_up_a_bonus_twice,
    ),
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
