"""Bonuses: paid from a requester's money to a worker of theirs, with a reason. Each message pays once."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from domain.money.amounts import Millionths, split_leading_amount
from domain.money.bonus import BonusAsked, BonusesBooked, BonusesListed, BonusGiven, BonusReceived
from domain.money.ledger import Transfer, available_account, requester_account
from domain.people.accounts import Person, PersonId, pseudonym
from domain.refusals import BadInput, BonusesGone, FileRefused, MoreThanThere, NotFound, OwnAnswers
from domain.work.assignments import SubmissionId
from formats.bonus import BonusRow
from services.act import Act, Reply
from services.fairness.review import get_own_answer
from services.people.accounts import pseudonym_for
from services.projects import projects
from storage.unit import UnitOfWork

JOURNEY = "bonus"
MAX_REASON_CHARS = 300  # characters of a reason
OPERATION_NUMBER = re.compile(r"#?([0-9]{1,15})")


def give(act: Act, who: str, said: str) -> BonusGiven:
    """Pay the bonus of `/bonus WHO AMOUNT reason` and tell the worker.

    `who` is a pseudonym of /submissions, or the number (`#123`) of an operation about an answer. Raise BadInput without
    an amount or a reason, NotFound if nobody of that name worked for this requester or the worker has left, OwnAnswers
    between members of one team, and MoreThanThere if the money does not reach."""
    if not said:
        raise _usage_refusal("")
    worker, currency = _resolve_worker(act, who)
    amount, reason = parse_amount_and_reason(said, currency, f"/bonus {who} {{}}")
    return _transfer(
        act.unit, act.person, worker_id=worker, amount=amount, reason=reason, currency=currency, key=act.key
    )


def give_amount(act: Act, who: str, amount: Millionths, reason: str) -> BonusGiven:
    """Pay this amount as a bonus, with the refusals of `give`; `who` is a pseudonym or the number of an operation."""
    worker, currency = _resolve_worker(act, who)
    return _transfer(
        act.unit, act.person, worker_id=worker, amount=amount, reason=reason, currency=currency, key=act.key
    )


def pay_worker(act: Act, worker: Person, amount: Millionths, reason: str) -> BonusGiven:
    """Pay a bonus in the platform's currency to a worker who is known already. Raise what `_transfer` raises."""
    return _transfer(
        act.unit,
        act.person,
        worker_id=worker.id,
        amount=amount,
        reason=reason,
        currency=act.house.terms.currency,
        key=act.key,
    )


def pay_under_key(act: Act, worker: PersonId, amount: Millionths, reason: str, currency: str, key: str) -> BonusGiven:
    """Pay a bonus under `key`: a second call with the same key moves nothing. Raise what `_transfer` raises."""
    return _transfer(act.unit, act.person, worker_id=worker, amount=amount, reason=reason, currency=currency, key=key)


def ask_for_amount(act: Act, submission: SubmissionId) -> BonusAsked:
    """Ask for amount and reason of a bonus for one answer (its button), and keep a draft for the requester's next
    message."""
    unit, requester = act.unit, act.person
    project, answered_submission = get_own_answer(unit, requester, submission)
    unit.drafts.keep(requester.id, JOURNEY, {"submission": answered_submission.id}, unit.now)
    name = pseudonym_for(unit, requester.id, answered_submission.worker)
    return BonusAsked(name, unit.ledger.balance(requester_account(requester), project.currency), project.currency)


def give_typed(act: Act, draft: dict[str, Any], text: str) -> BonusGiven:
    """Pay the bonus whose amount and reason the requester typed after `ask_for_amount`, and end the draft.
    Raise BadInput, and keep the draft, if amount or reason is missing."""
    unit, requester = act.unit, act.person
    project, submission = get_own_answer(unit, requester, SubmissionId(draft["submission"]))
    amount, reason = parse_amount_and_reason(text, project.currency)
    unit.drafts.drop(requester.id)
    key = f"{submission.id}:{unit.now}"  # the draft ends with this message, so the bonus is paid once
    return _transfer(
        unit, requester, worker_id=submission.worker, amount=amount, reason=reason, currency=project.currency, key=key
    )


def parse_amount_and_reason(text: str, currency: str, usage: str = "{}") -> tuple[Millionths, str]:
    """Return amount and reason of `0.50 very careful`. Raise BadInput if one is missing or the amount is ambiguous."""
    return require_amount_and_reason(*split_leading_amount(text, currency, usage))


def require_amount_and_reason(amount: Millionths | None, words: str) -> tuple[Millionths, str]:
    """Return the amount and the reason, cut to MAX_REASON_CHARS. Raise BadInput without an amount or without a letter
    in the reason."""
    reason = " ".join(words.split())[:MAX_REASON_CHARS]
    if not amount or not any(letter.isalpha() for letter in reason):
        raise _usage_refusal(reason)
    return amount, reason


def _usage_refusal(reason: str) -> BadInput:
    return BadInput(what="bonus", value=reason, expected=["/bonus WHO AMOUNT reason"])


def _resolve_worker(act: Act, who: str) -> tuple[PersonId, str]:
    """Return the worker that `who` means and the currency to pay in: that of the answer's project if `who` is an
    operation, else the platform's. Raise NotFound."""
    worker, project_id = find_worker_and_project(act.unit, act.person, who)
    currency = projects.mine(act.unit, act.person, project_id).currency if project_id else act.house.terms.currency
    return worker, currency


def find_worker_and_project(unit: UnitOfWork, requester: Person, who: str) -> tuple[PersonId, int | None]:
    """Return the worker that `who` means, and the number of the project if `who` is an operation about an answer there.
    Raise NotFound for a worker who never worked for this requester."""
    number = OPERATION_NUMBER.fullmatch(who)
    operation = unit.operations.find(int(number[1])) if number else None
    submission = unit.submissions.find(operation.submission) if operation and operation.submission else None
    project = projects.owned(unit, requester, submission.project if submission else None)
    if submission and project:
        return submission.worker, project.id
    for worker in unit.operations.list_workers_of(requester.id):
        if pseudonym_for(unit, requester.id, worker) == who.lower():
            return worker, None
    raise NotFound(what="worker", name=who)


def _transfer(
    unit: UnitOfWork,
    requester: Person,
    worker_id: PersonId,
    amount: Millionths,
    reason: str,
    currency: str,
    key: str,
) -> BonusGiven:
    """Move a bonus from the requester to the worker and tell the worker.

    Raise NotFound if the worker has left, OwnAnswers if a team would pay its own member, and MoreThanThere if the
    requester's free money does not reach."""
    worker = unit.people.get(worker_id)
    if worker.telegram_id is None:  # they have left: it would reach nobody
        raise NotFound(what="worker gone", name=pseudonym_for(unit, requester.id, worker_id))
    if requester.is_team and unit.payees.are_mates(worker_id, requester.id):
        raise OwnAnswers()
    source = requester_account(requester)
    target = available_account(worker)
    unit.ledger.open((source, target), currency)
    free_money = unit.ledger.locked_balance(source, currency)
    if free_money < amount:
        raise MoreThanThere(asked=amount, available=free_money, currency=currency)
    operation_number = unit.ledger.post(
        Transfer(
            key=f"bonus:{key}", kind="bonus", debit=source, credit=target, amount=amount, currency=currency, memo=reason
        )
    )
    unit.outbox.tell(worker.id, BonusReceived(amount, currency, reason, operation_number))
    name = pseudonym_for(unit, requester.id, worker.id)
    return BonusGiven(name, amount, currency, free_money - amount, operation_number)


FILE_JOURNEY = "bonus file"


def require_requester(act: Act) -> None:
    """Raise NotAllowed unless the sender is a requester."""
    act.require("requester")


def preview_file(act: Act, number: int, name: str, rows: Sequence[BonusRow]) -> BonusesListed:
    """Preview a file of bonuses: keep its unpaid rows as a draft for the button, and book nothing.
    Raise FileRefused if a row names a worker who never worked for this requester, or has left."""
    unit, currency = act.unit, act.house.terms.currency
    workers_by_pseudonym = _reachable_workers(act, {row.worker for row in rows})
    unknown_rows = [unknown_row for unknown_row in rows if unknown_row.worker not in workers_by_pseudonym]
    if unknown_rows:
        raise FileRefused(
            name=name,
            errors=[_unknown_worker_error(unknown_row) for unknown_row in unknown_rows[:50]],
            total=len(unknown_rows),
        )
    keys = _row_keys(act.person.id, rows)
    unpaid_rows = [(key, row) for key, row in zip(keys, rows, strict=True) if not unit.ledger.is_posted(f"bonus:{key}")]
    draft_rows = [[key, row.worker, row.amount, row.reason] for key, row in unpaid_rows]
    unit.drafts.keep(act.person.id, FILE_JOURNEY, {"file": number, "rows": draft_rows}, unit.now)
    free_money = unit.ledger.balance(requester_account(act.person), currency)
    total, people = sum(row.amount for _, row in unpaid_rows), len({row.worker for _, row in unpaid_rows})
    return BonusesListed(
        file=number,
        count=len(unpaid_rows),
        people=people,
        total=total,
        currency=currency,
        available=free_money,
        before=len(rows) - len(unpaid_rows),
    )


def book_file(act: Act, file: int) -> Reply:
    """Pay all bonuses of the previewed file, or none where the money does not reach (MoreThanThere); the receipt
    replaces the preview. Rows paid since, and rows of workers who have left since, are skipped. Raise BonusesGone if
    this file is not the one that was previewed last."""
    unit, draft = act.unit, act.unit.drafts.find(act.person.id)
    if draft is None or draft.journey != FILE_JOURNEY or draft.fields["file"] != file:
        raise BonusesGone()
    currency, workers_by_pseudonym = (
        act.house.terms.currency,
        _reachable_workers(act, {row[1] for row in draft.fields["rows"]}),
    )
    rows = [
        row
        for row in draft.fields["rows"]
        if row[1] in workers_by_pseudonym and not unit.ledger.is_posted(f"bonus:{row[0]}")
    ]
    total = Millionths(sum(row[2] for row in rows))
    free_money = unit.ledger.locked_balance(requester_account(act.person), currency)
    if free_money < total:
        raise MoreThanThere(asked=total, available=free_money, currency=currency)
    unit.drafts.drop(act.person.id)
    for key, worker, amount, reason in rows:
        pay_under_key(
            act, workers_by_pseudonym[worker], amount=Millionths(amount), reason=reason, currency=currency, key=key
        )
    return Reply(BonusesBooked(len(rows), total, currency, free_money - total), edits=act.message)


def _reachable_workers(act: Act, names: set[str]) -> dict[str, PersonId]:
    """Return the ids by pseudonym, for those of `names` who worked for this requester and have not left."""
    unit, requester = act.unit, act.person.id
    secret = unit.settings.secret
    all_workers = {
        pseudonym(secret, requester, worker): worker for worker in unit.operations.list_workers_of(requester)
    }
    return {
        name: all_workers[name]
        for name in names & all_workers.keys()
        if unit.people.get(all_workers[name]).telegram_id is not None
    }


def _row_keys(requester: PersonId, rows: Sequence[BonusRow]) -> list[str]:
    """Return one idempotency key for each row, made of all that the row says and its place among equal rows: the same
    rows get the same keys in another file."""
    occurrences, keys = dict[str, int](), list[str]()
    for row in rows:
        row_text = "\n".join((str(requester), row.worker, str(row.amount), row.reason))
        occurrences[row_text] = occurrences.get(row_text, 0) + 1
        keys.append("file:" + sha256(f"{row_text}\n{occurrences[row_text]}".encode()).hexdigest()[:40])
    return keys


def _unknown_worker_error(row: BonusRow) -> dict[str, object]:
    return {"line": row.line, "column": "worker", "value": row.worker[:80], "expected": "bonus_worker", "facts": {}}
