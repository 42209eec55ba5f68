"""Requests of workers for qualifications: whose they are."""

import orjson

from domain.messages import Message
from domain.moments import DAY
from domain.money.amounts import Millionths
from domain.money.ledger import (
    Transfer,
    available_account,
    requester_account,
    tests_account,
)
from domain.normalization import marks_of
from domain.people.accounts import Person, PersonId
from domain.people.qualifications import (
    GRANTED,
    WAITING,
    AttemptPaid,
    PaidTest,
    QualificationGranted,
    QualificationOffered,
    QualificationRequest,
    QualificationRevoked,
    QualificationType,
    RequestId,
    TypeId,
)
from domain.refusals import AttemptPayMissing, NotFound
from services.act import Act
from services.money import transfers
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def mine(act: Act, number: RequestId, states: tuple[str, ...]) -> tuple[QualificationRequest, QualificationType]:
    """The row authorises. Raises NotFound for another's, and for one that has moved on."""
    request = act.unit.qualifications.request(number)
    type_ = act.unit.qualifications.find(request.type) if request is not None else None
    if request is None or type_ is None or request.worker != act.person.id or request.state not in states:
        raise NotFound(what="qualification", name="")
    return request, type_


def set_aside(unit: UnitOfWork, requester: Person, type_: TypeId, terms: tuple[Millionths, int], currency: str) -> None:
    """`terms`: the pay of an attempt, and for how many people. Raises AttemptPayMissing."""
    pay, places = terms
    source, target, amount = requester_account(requester), tests_account(requester), Millionths(pay * places)
    unit.ledger.open((source, target), currency)
    if lacking := transfers.get_shortfall(unit, requester, amount, currency):
        raise AttemptPayMissing(**lacking)
    unit.paid_tests.add(type_, pay, currency, places)
    unit.ledger.post(Transfer(f"training:{type_}", "training", source, target, amount, currency))


def offered(unit: UnitOfWork, type_: QualificationType, worker: PersonId) -> tuple[bool, Millionths]:
    """Whether its test may be offered to them, and what the attempt would pay: nothing where it is not paid, or
    they were paid for it, under whatever account."""
    terms = unit.paid_tests.find(type_.id)
    if terms is None or unit.paid_tests.began(type_.id, worker):
        return True, Millionths(0)
    return _has_place(unit, type_, terms), terms.pay


def take_place(unit: UnitOfWork, type_: QualificationType, worker: PersonId) -> bool:
    """They begin: from now on the pay is theirs to earn. False where others have all places."""
    terms = unit.paid_tests.find(type_.id)
    if terms is None or unit.paid_tests.began(type_.id, worker):
        return True
    if not _has_place(unit, type_, terms):
        return False
    unit.paid_tests.begin(type_.id, worker)
    return True


def _has_place(unit: UnitOfWork, type_: QualificationType, terms: PaidTest) -> bool:
    """Now, or since somebody did nothing until their time was up."""
    if terms.has_place or terms.ended_at is not None:
        return terms.has_place
    settle_late(unit, type_)
    now = unit.paid_tests.find(type_.id)
    return now is not None and now.has_place


def settle_late(unit: UnitOfWork, type_: QualificationType) -> None:
    """Whose time is up, and who has not come back: paid where they answered something, else their place is free."""
    for worker, begun in unit.paid_tests.unpaid(type_.id):
        if type_.is_over(begun, unit.now):
            asked = unit.qualifications.latest(type_.id, worker)
            settle(unit, type_, worker, bool(asked and orjson.loads(asked.answers or "{}").get("draft")))


def settle(unit: UnitOfWork, type_: QualificationType, worker: PersonId, answered: bool) -> None:
    """An attempt is paid; a test in which nothing was answered is none."""
    if answered:
        pay(unit, type_, worker)
    else:
        unit.paid_tests.free(type_.id, worker)


def pay(unit: UnitOfWork, type_: QualificationType, number: PersonId) -> None:
    """Whoever began is paid, once. Nothing where the test is not paid, or they were."""
    terms = unit.paid_tests.find(type_.id)
    if terms is None or terms.ended_at is not None or not unit.paid_tests.pay(type_.id, number):
        return
    requester, worker = unit.people.get(type_.requester), unit.people.get(number)
    held, free, target = tests_account(requester), requester_account(requester), available_account(worker)
    about, name = (terms.pay, terms.currency), f"{type_.id}:{number}"
    unit.ledger.open((target,), terms.currency)
    unit.ledger.post(Transfer(f"untraining:{name}", "untraining", held, free, *about))
    given = Transfer(f"bonus:test:{name}", "bonus", free, target, *about, memo=type_.name)
    unit.outbox.tell(number, AttemptPaid(type_.name, *about, unit.ledger.post(given)))


def end(unit: UnitOfWork, type_: QualificationType) -> Millionths:
    """The test is deleted: whoever is taking it is paid all the same, the rest goes back to the requester."""
    settle_late(unit, type_)
    for worker, _ in unit.paid_tests.unpaid(type_.id):
        pay(unit, type_, worker)
    terms = unit.paid_tests.find(type_.id)
    if terms is None or not unit.paid_tests.end(type_.id):
        return Millionths(0)
    _give_back(unit, type_, terms)
    return terms.left


def _give_back(unit: UnitOfWork, type_: QualificationType, terms: PaidTest) -> None:
    requester = unit.people.get(type_.requester)
    if terms.left:
        accounts = tests_account(requester), requester_account(requester)
        unit.ledger.post(Transfer(f"untraining:{type_.id}", "untraining", *accounts, terms.left, terms.currency))


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
        pay(unit, type_, worker)
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
    back = end(unit, type_)
    unit.qualifications.delete(type_.id)
    return back


def requester_of(unit: UnitOfWork, type_: QualificationType) -> str:
    return unit.people.get(type_.requester).name


AT_ONCE = 500  # requests that wait


def value_for(unit: UnitOfWork, type_: TypeId, worker: Person) -> int | None:
    """What this worker is to have; None where they are not awaited."""
    found = (unit.qualifications.awaited(type_, mark) for mark in _marks(unit, worker))
    return next((value for value in found if value is not None), None)


def arrived(unit: UnitOfWork, type_: TypeId, worker: Person) -> None:
    """They have it."""
    for mark in _marks(unit, worker):
        unit.qualifications.await_no_more(type_, mark)


def offer_anew(unit: UnitOfWork, type_: QualificationType) -> None:
    """To those who asked for it before they were on the list. It is theirs once they say yes: were it granted at once,
    a list of one name would tell which worker has it."""
    for request in unit.qualifications.waiting(type_.requester, type_.id, 0, AT_ONCE):
        if value_for(unit, type_.id, unit.people.get(request.worker)) is not None:
            about = (request.id, type_.name, type_.description, requester_of(unit, type_))
            unit.outbox.tell(request.worker, QualificationOffered(*about, named=True), key=f"awaited:{request.id}")


def forget(unit: UnitOfWork, person: Person) -> None:
    """Nobody awaits them any more."""
    for mark in _marks(unit, person):
        unit.qualifications.await_nowhere(mark)


def _marks(unit: UnitOfWork, person: Person) -> list[str]:
    return marks_of(unit.settings.secret, person.username, person.telegram_id)
