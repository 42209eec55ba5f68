"""Grants and revokes qualifications, and pays attempts at their tests."""

import orjson

from domain.messages import Message
from domain.moments import DAY
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, paid_tests_account, requester_account
from domain.normalization import list_awaited_hashes
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


def get_own_request(
    act: Act, number: RequestId, states: tuple[str, ...]
) -> tuple[QualificationRequest, QualificationType]:
    """Return the worker's request and its type. Raise NotFound if it is another's, or in none of these states any
    longer."""
    request = act.unit.qualifications.find_request(number)
    type_ = act.unit.qualifications.find(request.type) if request is not None else None
    if request is None or type_ is None or request.worker != act.person.id or request.state not in states:
        raise NotFound(what="qualification", name="")
    return request, type_


def hold_attempt_pay(
    unit: UnitOfWork, requester: Person, type_: TypeId, terms: tuple[Millionths, int], currency: str
) -> None:
    """Hold the pay of a test's attempts: `terms` are the pay of one, and for how many people.

    Raise AttemptPayMissing if the requester's funds are too low."""
    pay, places = terms
    source, target, amount = requester_account(requester), paid_tests_account(requester), Millionths(pay * places)
    unit.ledger.open((source, target), currency)
    if lacking := transfers.get_shortfall(unit, requester, amount, currency):
        raise AttemptPayMissing(**lacking)
    unit.paid_tests.add(type_, pay, currency, places)
    unit.ledger.post(
        Transfer(f"training:{type_}", kind="training", debit=source, credit=target, amount=amount, currency=currency)
    )


def can_offer_test(unit: UnitOfWork, type_: QualificationType, worker: PersonId) -> tuple[bool, Millionths]:
    """Return whether the test may be offered to the worker, and the pay of an attempt in millionths.

    The pay is 0 if attempts are not paid, or the worker has begun one before, under whatever account. It may not be
    offered while all paid places are taken."""
    terms = unit.paid_tests.find(type_.id)
    if terms is None or unit.paid_tests.has_begun(type_.id, worker):
        return True, Millionths(0)
    return _has_place(unit, type_, terms), terms.pay


def take_place(unit: UnitOfWork, type_: QualificationType, worker: PersonId) -> bool:
    """Take a paid place for a worker who begins the test. Return False if all places are taken.

    True without effect if attempts are not paid, or the worker has begun one before."""
    terms = unit.paid_tests.find(type_.id)
    if terms is None or unit.paid_tests.has_begun(type_.id, worker):
        return True
    if not _has_place(unit, type_, terms):
        return False
    unit.paid_tests.add_attempt(type_.id, worker)
    return True


def _has_place(unit: UnitOfWork, type_: QualificationType, terms: PaidTest) -> bool:
    """Return whether a paid place is free, after settling attempts whose time is up."""
    if terms.has_place or terms.ended_at is not None:
        return terms.has_place
    settle_late(unit, type_)
    terms_now = unit.paid_tests.find(type_.id)
    return terms_now is not None and terms_now.has_place


def settle_late(unit: UnitOfWork, type_: QualificationType) -> None:
    """Settle the attempts whose time is up: pay those with an answer, free the place of others."""
    for worker, begun in unit.paid_tests.list_unpaid(type_.id):
        if type_.is_over(begun, unit.now):
            request = unit.qualifications.find_latest_request(type_.id, worker)
            settle_attempt(unit, type_, worker, bool(request and orjson.loads(request.answers or "{}").get("draft")))


def settle_attempt(unit: UnitOfWork, type_: QualificationType, worker: PersonId, answered: bool) -> None:
    """Pay the worker's attempt if something was answered, else free its place."""
    if answered:
        pay_attempt(unit, type_, worker)
    else:
        unit.paid_tests.free_place(type_.id, worker)


def pay_attempt(unit: UnitOfWork, type_: QualificationType, number: PersonId) -> None:
    """Pay the worker's attempt as a bonus and tell them. Do nothing if attempts are not paid, or this one was."""
    terms = unit.paid_tests.find(type_.id)
    if terms is None or terms.ended_at is not None or not unit.paid_tests.mark_paid(type_.id, number):
        return
    requester, worker = unit.people.get(type_.requester), unit.people.get(number)
    target, pay, currency, name = available_account(worker), terms.pay, terms.currency, f"{type_.id}:{number}"
    unit.ledger.open((target,), currency)
    _return_to_requester(unit, requester, name, pay, currency)
    bonus = Transfer(
        f"bonus:test:{name}",
        "bonus",
        debit=requester_account(requester),
        credit=target,
        amount=pay,
        currency=currency,
        memo=type_.name,
    )
    unit.outbox.tell(number, AttemptPaid(type_.name, pay, currency, unit.ledger.post(bonus)))


def _return_to_requester(unit: UnitOfWork, requester: Person, name: str, amount: Millionths, currency: str) -> None:
    """Move money that is held for paid tests to the requester's free money; `name` makes it happen once."""
    unit.ledger.post(
        Transfer(
            f"untraining:{name}",
            "untraining",
            debit=paid_tests_account(requester),
            credit=requester_account(requester),
            amount=amount,
            currency=currency,
        )
    )


def end_test(unit: UnitOfWork, type_: QualificationType) -> Millionths:
    """End the pay of a deleted type's test: pay those who are taking it, and return the rest to the requester.

    Return the sum given back, in millionths."""
    settle_late(unit, type_)
    for worker, _ in unit.paid_tests.list_unpaid(type_.id):
        pay_attempt(unit, type_, worker)
    terms = unit.paid_tests.find(type_.id)
    if terms is None or not unit.paid_tests.end_test(type_.id):
        return Millionths(0)
    _give_back(unit, type_, terms)
    return terms.remaining


def _give_back(unit: UnitOfWork, type_: QualificationType, terms: PaidTest) -> None:
    if terms.remaining:
        requester = unit.people.get(type_.requester)
        _return_to_requester(unit, requester, str(type_.id), terms.remaining, terms.currency)


LIVE_PREFIX = "qualification:"  # begins the names of a day's messages about qualifications
MAX_NOTICES_PER_DAY = (
    20  # messages a day to a worker about a requester's grants and revocations, beside answers to their own requests
)


def grant(
    unit: UnitOfWork, type_: QualificationType, worker: PersonId, value: int, tells: bool = True, tested: bool = False
) -> None:
    """Grant a qualification, or set its value; an open request is granted by it, and an attempt at its test paid.

    The worker is told unless `tells` is False, and may get tasks at once."""
    before = unit.qualifications.find_qualification(type_.id, worker)
    unit.qualifications.grant(type_.id, worker, value)
    latest = unit.qualifications.find_latest_request(type_.id, worker)
    is_requested = latest is not None and latest.state == WAITING
    if latest is not None and latest.is_open:
        unit.qualifications.decide(latest.id, GRANTED)
        pay_attempt(unit, type_, worker)
    unit.people.unpark_one(worker)
    if tells:
        _tell_worker(
            unit,
            type_,
            worker=worker,
            message=granted_message(unit, type_, value, tested),
            is_news=not (before and before.granted),
            is_requested=is_requested,
        )


def granted_message(
    unit: UnitOfWork, type_: QualificationType, value: int, tested: bool = False
) -> QualificationGranted:
    return QualificationGranted(type_.name, requester_name(unit, type_), value, tested)


def revoke(unit: UnitOfWork, type_: QualificationType, worker: PersonId, reason: str) -> bool:
    """Revoke a qualification and tell the worker. Return False if they did not have it.

    They are told also if it was granted without a notice."""
    if not unit.qualifications.revoke(type_.id, worker, reason):
        return False
    _tell_worker(unit, type_, worker, QualificationRevoked(type_.name, requester_name(unit, type_), reason))
    return True


def _tell_worker(
    unit: UnitOfWork,
    type_: QualificationType,
    worker: PersonId,
    message: Message,
    is_news: bool = True,
    is_requested: bool = False,
) -> None:
    """Tell a worker about this type, in the message of the same day if it is no news.

    An unsent notice about the type is replaced. Beyond MAX_NOTICES_PER_DAY of a requester only what the worker
    requested is told."""
    day = unit.now // DAY
    live, key_prefix = f"{LIVE_PREFIX}{type_.id}:{day}", f"{LIVE_PREFIX}{type_.requester}:{worker}:{day}"
    if is_news:
        unit.live_messages.forget(worker, live)
    for key in (None,) if is_requested else (f"{key_prefix}:{number}" for number in range(MAX_NOTICES_PER_DAY)):
        if unit.outbox.tell(worker, message, lane=Lane.BROADCAST, live=live, key=key):
            return


def delete_type(unit: UnitOfWork, type_: QualificationType) -> Millionths:
    """Delete a type that nobody has from now on. Return what comes back of its test's pay, in millionths."""
    back = end_test(unit, type_)
    unit.qualifications.delete(type_.id)
    return back


def requester_name(unit: UnitOfWork, type_: QualificationType) -> str:
    return unit.people.get(type_.requester).name


MAX_REOFFERED = 500  # requests that wait


def find_awaited_value(unit: UnitOfWork, type_: TypeId, worker: Person) -> int | None:
    """Return the value that the worker is to get because they are awaited by name, or None."""
    values = (unit.qualifications.find_awaited_value(type_, mark) for mark in _marks(unit, worker))
    return next((value for value in values if value is not None), None)


def stop_awaiting(unit: UnitOfWork, type_: TypeId, worker: Person) -> None:
    """Await this worker no longer: they have the qualification now."""
    for mark in _marks(unit, worker):
        unit.qualifications.remove_awaited_name(type_, mark)


def offer_to_waiting(unit: UnitOfWork, type_: QualificationType) -> None:
    """Offer the type to workers who asked for it before they were on its list of awaited names.

    They get it once they say yes: if it were granted at once, a list of one name would tell which worker has it."""
    for request in unit.qualifications.list_waiting(type_.requester, type_.id, 0, MAX_REOFFERED):
        if find_awaited_value(unit, type_.id, unit.people.get(request.worker)) is not None:
            offer = QualificationOffered(
                request.id, type_.name, type_.description, requester_name(unit, type_), named=True
            )
            unit.outbox.tell(request.worker, offer, key=f"awaited:{request.id}")


def forget_awaited(unit: UnitOfWork, person: Person) -> None:
    """Remove the person from every list of awaited names."""
    for mark in _marks(unit, person):
        unit.qualifications.remove_awaited_everywhere(mark)


def _marks(unit: UnitOfWork, person: Person) -> list[str]:
    """Return the marks by which the person may be awaited: of their username and of their Telegram id."""
    return list_awaited_hashes(unit.settings.secret, person.username, person.telegram_id)
