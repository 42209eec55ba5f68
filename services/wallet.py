"""What a worker has earned, and why."""

from typing import Any

from domain.ledger import Entry, available_account, pending_account
from domain.people import Person
from domain.pricing import Terms
from storage.unit import UnitOfWork

SHOWN = 8


def balance(unit: UnitOfWork, person: Person, terms: Terms) -> None:
    unit.outbox.say(person.id, "wallet.balance", **balance_of(unit, person, terms))


def balance_of(unit: UnitOfWork, person: Person, terms: Terms) -> dict[str, Any]:
    """Available, pending and why, the last entries: facts of the balance screen."""
    available, pending = available_account(person), pending_account(person)
    waiting = [entry for entry in unit.ledger.entries(pending, SHOWN) if entry.kind != "release"]
    entries = unit.ledger.entries(available, SHOWN) + waiting
    return {
        "available": unit.ledger.balance(available),
        "pending": unit.ledger.balance(pending),
        "currency": terms.currency,
        "answers": unit.submissions.count_of(person.id),
        "held": [
            {
                "project": held.project,
                "title": held.title,
                "count": held.submissions,
                "amount": held.amount,
                "until": held.until,
                "review": held.review,
            }
            for held in unit.submissions.held_by_project(person.id)
        ],
        "entries": [_line(entry) for entry in sorted(entries, key=lambda e: (-e.made_at, -e.transfer))[:SHOWN]],
    }


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "amount": entry.amount,
        "at": entry.made_at,
        "pending": entry.account.endswith(":pending"),
        "key": entry.key,
    }
