"""Bonus: from a requester's money to a worker of theirs, with a reason; each message pays once."""

import re
from typing import Any

from domain.money.amount_input import leading_amount
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, requester_account
from domain.money.messages.funds import BonusAsked, BonusGiven, BonusReceived
from domain.people.people import Person, PersonId
from domain.refusals import BadInput, MoreThanThere, NotFound, OwnAnswers
from domain.work.submissions import SubmissionId
from services.act import Act
from services.fairness.review import mine
from services.people.pseudonyms import pseudonym_for
from services.projects import ownership
from storage.unit import UnitOfWork

JOURNEY = "bonus"
LONGEST = 300  # characters of a reason
NUMBER = re.compile(r"#?([0-9]{1,15})")


def give(act: Act, who: str, said: str) -> BonusGiven:
    """`/bonus WHO AMOUNT reason`: WHO is a pseudonym of /submissions, or the number of an operation about an answer."""
    if not said:
        raise _needed("")
    worker, currency = _meant(act, who)
    amount, reason = read(said, currency, f"/bonus {who} {{}}")
    return _give(act.unit, act.person, worker, amount, reason, currency, act.key)


def to(act: Act, who: str, amount: Millionths, reason: str) -> BonusGiven:
    worker, currency = _meant(act, who)
    return _give(act.unit, act.person, worker, amount, reason, currency, act.key)


def pay(act: Act, worker: Person, amount: Millionths, reason: str) -> BonusGiven:
    """To a worker who is known already, in the house's currency."""
    return _give(act.unit, act.person, worker.id, amount, reason, act.house.terms.currency, act.key)


def pay_once(act: Act, worker: PersonId, amount: Millionths, reason: str, currency: str, key: str) -> BonusGiven:
    """Under a key of its own."""
    return _give(act.unit, act.person, worker, amount, reason, currency, key)


def ask(act: Act, submission: SubmissionId) -> BonusAsked:
    """The button beside an answer: amount and reason are typed."""
    unit, requester = act.unit, act.person
    project, found = mine(unit, requester, submission)
    unit.drafts.keep(requester.id, JOURNEY, {"submission": found.id}, unit.now)
    name = pseudonym_for(unit, requester.id, found.worker)
    return BonusAsked(name, unit.ledger.balance(requester_account(requester), project.currency), project.currency)


def typed(act: Act, draft: dict[str, Any], text: str) -> BonusGiven:
    """Amount and reason, as they were asked for."""
    unit, requester = act.unit, act.person
    project, submission = mine(unit, requester, SubmissionId(draft["submission"]))
    amount, reason = read(text, project.currency)
    unit.drafts.drop(requester.id)
    key = f"{submission.id}:{unit.now}"  # the draft ends with this message, so the bonus is paid once
    return _give(unit, requester, submission.worker, amount, reason, project.currency, key)


def read(text: str, currency: str, said: str = "{}") -> tuple[Millionths, str]:
    """`0.50 very careful` → amount and reason; both are needed."""
    return checked(*leading_amount(text, currency, said))


def checked(amount: Millionths | None, words: str) -> tuple[Millionths, str]:
    reason = " ".join(words.split())[:LONGEST]
    if not amount or not any(letter.isalpha() for letter in reason):
        raise _needed(reason)
    return amount, reason


def _needed(reason: str) -> BadInput:
    return BadInput(what="bonus", value=reason, expected=["/bonus WHO AMOUNT reason"])


def _meant(act: Act, who: str) -> tuple[PersonId, str]:
    """The worker, and the currency of the project where one answer is meant, else the house's."""
    worker, about = _worker(act.unit, act.person, who)
    currency = ownership.mine(act.unit, act.person, about).currency if about else act.house.terms.currency
    return worker, currency


def _worker(unit: UnitOfWork, requester: Person, who: str) -> tuple[PersonId, int | None]:
    """The worker, who must have worked for this requester, and the project where one answer is meant."""
    number = NUMBER.fullmatch(who)
    found = unit.operations.find(int(number[1])) if number else None
    submission = unit.submissions.find(found.submission) if found and found.submission else None
    project = ownership.owned(unit, requester, submission.project if submission else None)
    if submission and project:
        return submission.worker, project.id
    for worker in unit.operations.workers_of(requester.id):
        if pseudonym_for(unit, requester.id, worker) == who.lower():
            return worker, None
    raise NotFound(what="worker", name=who)


def _give(
    unit: UnitOfWork,
    requester: Person,
    number: PersonId,
    amount: Millionths,
    reason: str,
    currency: str,
    key: str,
) -> BonusGiven:
    worker = unit.people.get(number)
    if worker.telegram_id is None:  # they have left: it would reach nobody
        raise NotFound(what="worker gone", name=pseudonym_for(unit, requester.id, number))
    if requester.is_team and unit.payees.are_mates(number, requester.id):
        raise OwnAnswers()
    source = requester_account(requester)
    target = available_account(worker)
    unit.ledger.open((source, target), currency)
    there = unit.ledger.locked_balance(source, currency)
    if there < amount:
        raise MoreThanThere(asked=amount, available=there, currency=currency)
    moved = unit.ledger.post(Transfer(f"bonus:{key}", "bonus", source, target, amount, currency, memo=reason))
    unit.outbox.tell(worker.id, BonusReceived(amount, currency, reason, moved))
    name = pseudonym_for(unit, requester.id, worker.id)
    return BonusGiven(name, amount, currency, there - amount, moved)
