"""Violations of rule 6 to be planted where an answer is asked for once more."""

from domain.work.redos import DONE
from services.money.bonuses import extras
from storage.unit import UnitOfWork
from tests.house import House
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


UNEARNED = (
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
