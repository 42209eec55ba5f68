"""Workers whom a requester offers nothing: whom they block, members of their team, who shares their bank account."""

from domain.people.people import PersonId
from domain.people.qualifications import QualificationType
from domain.refusals import NotFound
from storage.unit import UnitOfWork


def are_apart(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    return unit.worker_blocks.is_blocked(requester, worker) or unit.payees.are_mates(worker, requester)


def check(unit: UnitOfWork, worker: PersonId, type_: QualificationType) -> None:
    """For a button that was sent before. Raises NotFound, and so it does for a type that is not in use."""
    if not type_.active or are_apart(unit, worker, type_.requester):
        raise NotFound(what="qualification", name="")
