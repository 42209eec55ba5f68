"""Grants a worker a qualification, or takes it back; the worker is told, unless the requester wants it quiet, behind
answers to what they do, and not without end."""

from domain.messages import Message
from domain.moments import DAY
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.people.qualification_messages import QualificationGranted, QualificationRevoked
from domain.people.qualifications import GRANTED, WAITING, QualificationType
from services.people.qualifications import test_pay
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

LIVE = "qualification:"  # begins the names of a day's messages about qualifications
MOST = 20  # messages a day to a worker about a requester's grants and revocations, beside answers to their own requests


def grant(
    unit: UnitOfWork, type_: QualificationType, worker: PersonId, value: int, tells: bool = True, tested: bool = False
) -> None:
    """Or gives it another value. A request that is open is granted by it."""
    had = unit.qualifications.has(type_.id, worker)
    unit.qualifications.grant(type_.id, worker, value)
    latest = unit.qualifications.latest(type_.id, worker)
    asked = latest is not None and latest.state == WAITING
    if latest is not None and latest.is_open:
        unit.qualifications.decide(latest.id, GRANTED)
        test_pay.pay(unit, type_, worker)
    unit.people.unpark_one(worker)
    if tells:
        _tell(unit, type_, worker, granted(unit, type_, value, tested), not (had and had.granted), asked)


def granted(unit: UnitOfWork, type_: QualificationType, value: int, tested: bool = False) -> QualificationGranted:
    return QualificationGranted(type_.name, requester_of(unit, type_), value, tested)


def revoke(unit: UnitOfWork, type_: QualificationType, worker: PersonId, reason: str) -> bool:
    """False: they did not have it. They are told also where they had it quietly."""
    if not unit.qualifications.revoke(type_.id, worker, reason):
        return False
    _tell(unit, type_, worker, QualificationRevoked(type_.name, requester_of(unit, type_), reason))
    return True


def _tell(
    unit: UnitOfWork,
    type_: QualificationType,
    worker: PersonId,
    told: Message,
    news: bool = True,
    asked: bool = False,
) -> None:
    """What waits to be told of this type is told as it is now, and what was told today is edited where it is no `news`.
    Beyond the MOST of a requester's they are told only what they `asked` for."""
    day = unit.now // DAY
    live, about = f"{LIVE}{type_.id}:{day}", f"{LIVE}{type_.requester}:{worker}:{day}"
    if news:
        unit.live_messages.forget(worker, live)
    for key in (None,) if asked else (f"{about}:{number}" for number in range(MOST)):
        if unit.outbox.tell(worker, told, lane=Lane.BROADCAST, live=live, key=key):
            return


def delete(unit: UnitOfWork, type_: QualificationType) -> Millionths:
    """Nobody has it any more; what was set aside for its test, and comes back."""
    back = test_pay.end(unit, type_)
    unit.qualifications.delete(type_.id)
    return back


def requester_of(unit: UnitOfWork, type_: QualificationType) -> str:
    return unit.people.get(type_.requester).name
