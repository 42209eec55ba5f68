"""Bonus: from a requester's money to a worker of theirs, with a reason; each message pays once."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from domain.money.amounts import Millionths, leading_amount
from domain.money.bonus import (
    BonusAsked,
    BonusesBooked,
    BonusesListed,
    BonusGiven,
    BonusReceived,
)
from domain.money.ledger import Transfer, available_account, requester_account
from domain.people.accounts import Person, PersonId, pseudonym
from domain.refusals import (
    BadInput,
    BonusesGone,
    FileRefused,
    MoreThanThere,
    NotFound,
    OwnAnswers,
)
from domain.work.assignments import SubmissionId
from formats.bonus import BonusRow
from services.act import Act, Reply
from services.fairness.review import get_own_answer
from services.people.accounts import pseudonym_for
from services.projects import projects
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
    project, found = get_own_answer(unit, requester, submission)
    unit.drafts.keep(requester.id, JOURNEY, {"submission": found.id}, unit.now)
    name = pseudonym_for(unit, requester.id, found.worker)
    return BonusAsked(name, unit.ledger.balance(requester_account(requester), project.currency), project.currency)


def typed(act: Act, draft: dict[str, Any], text: str) -> BonusGiven:
    """Amount and reason, as they were asked for."""
    unit, requester = act.unit, act.person
    project, submission = get_own_answer(unit, requester, SubmissionId(draft["submission"]))
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
    currency = projects.mine(act.unit, act.person, about).currency if about else act.house.terms.currency
    return worker, currency


def _worker(unit: UnitOfWork, requester: Person, who: str) -> tuple[PersonId, int | None]:
    """The worker, who must have worked for this requester, and the project where one answer is meant."""
    number = NUMBER.fullmatch(who)
    found = unit.operations.find(int(number[1])) if number else None
    submission = unit.submissions.find(found.submission) if found and found.submission else None
    project = projects.owned(unit, requester, submission.project if submission else None)
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


FILE_JOURNEY = "bonus file"


def check(act: Act) -> None:
    """Raises NotAllowed."""
    act.require("requester")


def read_file(act: Act, number: int, name: str, rows: Sequence[BonusRow]) -> BonusesListed:
    """Books nothing. Raises FileRefused for workers who never worked for them."""
    unit, currency = act.unit, act.house.terms.currency
    known = _workers(act, {row.worker for row in rows})
    strangers = [each for each in rows if each.worker not in known]
    if strangers:
        raise FileRefused(name=name, errors=[_stranger(each) for each in strangers[:50]], total=len(strangers))
    keys = _keys(act.person.id, rows)
    due = [(key, row) for key, row in zip(keys, rows, strict=True) if not unit.ledger.is_posted(f"bonus:{key}")]
    kept = [[key, row.worker, row.amount, row.reason] for key, row in due]
    unit.drafts.keep(act.person.id, FILE_JOURNEY, {"file": number, "rows": kept}, unit.now)
    there = unit.ledger.balance(requester_account(act.person), currency)
    total, people = sum(row.amount for _, row in due), len({row.worker for _, row in due})
    return BonusesListed(number, len(due), people, total, currency, there, len(rows) - len(due))


def book(act: Act, file: int) -> Reply:
    """All of them, or none where the money does not reach. Shown in place of the list, whose button goes."""
    unit, draft = act.unit, act.unit.drafts.of(act.person.id)
    if draft is None or draft.journey != FILE_JOURNEY or draft.kept["file"] != file:
        raise BonusesGone()
    currency, known = act.house.terms.currency, _workers(act, {row[1] for row in draft.kept["rows"]})
    rows = [row for row in draft.kept["rows"] if row[1] in known and not unit.ledger.is_posted(f"bonus:{row[0]}")]
    total = Millionths(sum(row[2] for row in rows))
    there = unit.ledger.locked_balance(requester_account(act.person), currency)
    if there < total:
        raise MoreThanThere(asked=total, available=there, currency=currency)
    unit.drafts.drop(act.person.id)
    for key, worker, amount, reason in rows:
        pay_once(act, known[worker], Millionths(amount), reason, currency, key)
    return Reply(BonusesBooked(len(rows), total, currency, there - total), edits=act.message)


def _workers(act: Act, names: set[str]) -> dict[str, PersonId]:
    """Those of them who worked for this requester and are still here."""
    unit, requester = act.unit, act.person.id
    secret = unit.settings.secret
    found = {pseudonym(secret, requester, each): each for each in unit.operations.workers_of(requester)}
    return {name: found[name] for name in names & found.keys() if unit.people.get(found[name]).telegram_id is not None}


def _keys(requester: PersonId, rows: Sequence[BonusRow]) -> list[str]:
    """By all that a row says, and its place among equal rows: the same in another file with the same rows."""
    seen, keys = dict[str, int](), list[str]()
    for row in rows:
        said = "\n".join((str(requester), row.worker, str(row.amount), row.reason))
        seen[said] = seen.get(said, 0) + 1
        keys.append("file:" + sha256(f"{said}\n{seen[said]}".encode()).hexdigest()[:40])
    return keys


def _stranger(row: BonusRow) -> dict[str, object]:
    return {"line": row.line, "column": "worker", "value": row.worker[:80], "expected": "bonus_worker", "facts": {}}
