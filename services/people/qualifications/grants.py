"""Grants a worker a qualification, or takes it back; the worker is told, unless the requester wants it quiet."""

from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.people.qualification_messages import QualificationGranted, QualificationRevoked
from domain.people.qualifications import GRANTED, QualificationType
from services.people.qualifications import test_pay
from storage.unit import UnitOfWork


def grant(
    unit: UnitOfWork, type_: QualificationType, worker: PersonId, value: int, tells: bool = True, tested: bool = False
) -> None:
    """Or gives it another value. A request that is open is granted by it."""
    unit.qualifications.grant(type_.id, worker, value)
    latest = unit.qualifications.latest(type_.id, worker)
    if latest is not None and latest.is_open:
        unit.qualifications.decide(latest.id, GRANTED)
        test_pay.pay(unit, type_, worker)
    unit.people.unpark_one(worker)
    if tells:
        told = QualificationGranted(type_.name, requester_of(unit, type_), value, tested)
        unit.outbox.tell(worker, told)


def revoke(unit: UnitOfWork, type_: QualificationType, worker: PersonId, reason: str) -> bool:
    """False: they did not have it. They are always told."""
    if not unit.qualifications.revoke(type_.id, worker, reason):
        return False
    unit.outbox.tell(worker, QualificationRevoked(type_.name, requester_of(unit, type_), reason))
    return True


def delete(unit: UnitOfWork, type_: QualificationType) -> Millionths:
    """Nobody has it any more; what was set aside for its test, and comes back."""
    back = test_pay.end(unit, type_)
    unit.qualifications.delete(type_.id)
    return back


def requester_of(unit: UnitOfWork, type_: QualificationType) -> str:
    return unit.people.get(type_.requester).name
