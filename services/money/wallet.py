"""What a worker has earned, and why; what a requester's money does."""

from collections.abc import Iterable
from typing import Any

from domain.money.ledger import (
    Entry,
    available_account,
    budget_account,
    disputed_account,
    payout_account,
    pending_account,
    requester_account,
    topup_account,
)
from domain.money.pricing import Terms
from domain.people.people import Person
from domain.projects.projects import Project
from services.money import tax_reports
from storage.money.spending import Moved
from storage.unit import UnitOfWork

SHOWN = 8
PAY = ("reward", "reject", "appeal")  # of answers
JUDGING = ("stake", "unstake", "costs", "judge", "jury", "unjury")  # beside the budget


def balance(unit: UnitOfWork, person: Person, terms: Terms) -> None:
    unit.outbox.say(person.id, "wallet.balance", **balance_of(unit, person, terms))


def balance_of(unit: UnitOfWork, person: Person, terms: Terms) -> dict[str, Any]:
    """What is whose in each currency, why some of it waits, and the last movements with their numbers."""
    currencies = unit.statements.currencies(person) or [terms.currency]
    entries = [entry for currency in currencies for entry in _entries(unit, person, currency)]
    latest = sorted(entries, key=lambda entry: (-entry.made_at, -entry.transfer))[:SHOWN]
    return {
        "books": [_book(unit, person, currency) for currency in currencies],
        "answers": unit.submissions.count_of(person.id),
        "held": [
            {
                "project": held.project,
                "title": held.title,
                "count": held.submissions,
                "amount": held.amount,
                "currency": held.currency,
                "until": held.until,
                "review": held.review,
            }
            for held in unit.submissions.held_by_project(person.id)
        ],
        "entries": [_line(entry) for entry in latest],
    }


def funds(unit: UnitOfWork, requester: Person, found: dict[str, Any]) -> None:
    """`/funds`, as `funds_of` found them."""
    unit.outbox.say(requester.id, "projects.funds", **found)


def funds_of(unit: UnitOfWork, requester: Person, terms: Terms) -> dict[str, Any]:
    """What is free in each currency, and what became of what each project was given."""
    account = requester_account(requester)
    spent = [_project(unit, project) for project in unit.projects.of(requester.id)]
    return {
        "free": [
            {
                "currency": currency,
                "amount": unit.ledger.balance(account, currency),
                **unit.spending.besides(account, currency),
            }
            for currency in unit.ledger.currencies(account) or [terms.currency]
        ],
        "projects": [found for found in spent if found["given"]],
        "months": tax_reports.lately(unit.now),
    }


def _book(unit: UnitOfWork, person: Person, currency: str) -> dict[str, Any]:
    named = {"available": available_account, "pending": pending_account, "payout": payout_account}
    balances = {name: unit.ledger.balance(account(person), currency) for name, account in named.items()}
    return {"currency": currency, **balances, "aside": unit.reviews.aside(person.id).get(currency, 0)}


def _entries(unit: UnitOfWork, person: Person, currency: str) -> list[Entry]:
    """A release is told once, where it arrives."""
    pending = unit.ledger.entries(pending_account(person), SHOWN, currency)
    arrived = unit.ledger.entries(available_account(person), SHOWN, currency)
    return [*arrived, *(entry for entry in pending if entry.kind != "release")]


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "operation": entry.transfer,
        "kind": entry.kind,
        "amount": entry.amount,
        "currency": entry.currency,
        "at": entry.made_at,
        "pending": entry.account.endswith(":pending"),
    }


def _project(unit: UnitOfWork, project: Project) -> dict[str, Any]:
    """`given` is `held`, `reserve` and `disputed` (still there), and where the rest went, to the millionth."""
    moved, currency = unit.spending.of(project.id), project.currency
    return {
        "number": project.id,
        "title": project.title,
        "currency": currency,
        "given": sum(each.amount for each in moved if (each.source, each.target) == ("requester", "project")),
        "held": unit.ledger.balance(budget_account(project.id), currency),
        "reserve": unit.ledger.balance(topup_account(project.id), currency),
        "disputed": unit.ledger.balance(disputed_account(project.id), currency),
        "rewards": _net(moved, "worker", PAY),
        "topups": _net(moved, "worker", ("topup",)),
        "fees": _net([each for each in moved if each.kind not in JUDGING], "platform"),
        "returned": sum(each.amount for each in moved if each.target == "requester" and each.kind not in JUDGING),
    }


def _net(moved: Iterable[Moved], whose: str, kinds: tuple[str, ...] = ()) -> int:
    """What came to them, less what was taken back."""
    counted = [each for each in moved if not kinds or each.kind in kinds]
    came = sum(each.amount for each in counted if each.target == whose and each.source != whose)
    return came - sum(each.amount for each in counted if each.source == whose and each.target != whose)
