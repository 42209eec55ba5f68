"""Pay for an attempt at a test, once a person, from money that was set aside when the test was made.

It is held on an account of the requester's own and reaches the worker as a bonus does: back to the requester's free
money and on to the worker, in one transaction.
"""

import orjson

from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, account_of_tests, available_account, requester_account
from domain.people.people import Person, PersonId
from domain.people.qualification_messages import AttemptPaid
from domain.people.qualifications import PaidTest, QualificationType, TypeId
from domain.refusals import AttemptPayMissing
from services.money import transfers
from storage.unit import UnitOfWork


def set_aside(unit: UnitOfWork, requester: Person, type_: TypeId, terms: tuple[Millionths, int], currency: str) -> None:
    """`terms`: the pay of an attempt, and for how many people. Raises AttemptPayMissing."""
    pay, places = terms
    source, target, amount = requester_account(requester), account_of_tests(requester), Millionths(pay * places)
    unit.ledger.open((source, target), currency)
    if lacking := transfers.what_is_missing(unit, requester, amount, currency):
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
    held, free, target = account_of_tests(requester), requester_account(requester), available_account(worker)
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
        accounts = account_of_tests(requester), requester_account(requester)
        unit.ledger.post(Transfer(f"untraining:{type_.id}", "untraining", *accounts, terms.left, terms.currency))
