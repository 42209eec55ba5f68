"""Workers whom a requester offers no tests: whom they block, members of their team, who shares their bank account."""

from domain.people.people import PersonId
from domain.refusals import NotFound
from storage.unit import UnitOfWork


def are_apart(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    return unit.worker_blocks.is_blocked(requester, worker) or unit.payees.are_mates(worker, requester)


def check(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> None:
    """Raises NotFound, also for a button that was sent before."""
    if are_apart(unit, worker, requester):
        raise NotFound(what="qualification", name="")
