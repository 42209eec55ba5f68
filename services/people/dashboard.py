"""`/admin`: whether the bot keeps up with its people, what they do, what money did, and what is sure."""

from dataclasses import asdict
from typing import Any

from domain.moments import DAY, HOUR, MINUTE, Moment, later
from domain.people.people import Person
from domain.quality.restrictions import CLOSELY
from services.fairness import stats
from services.money.ledger import VERIFIED
from storage.cluster.leases import Lease
from storage.unit import UnitOfWork

HOURS = 24
REFUSALS = "refusals"  # under which Telegram's 429s are kept, by the hour
SUSPECTED = 100  # workers are counted so far
PROCESS = "process:"  # how the leases of those who handle updates are named
# What comes in, what is people's own then, and what leaves for their bank.
MOVED = {"deposited": ("deposit",), "earned": ("reward", "topup", "bonus", "appeal", "judge"), "paid": ("paid",)}

Facts = dict[str, Any]


def look(unit: UnitOfWork, currency: str) -> Facts:
    """All of one moment. Reads much: on a connection of its own."""
    workers, waiting, _ = unit.people.counts()
    updates, updates_since = unit.inbox.lag()
    letters, letters_since = unit.outbox_queue.lag()
    return {
        "at": unit.now,
        "currency": currency,
        "workers": workers,
        "waiting": waiting,
        "suspected": len(unit.evidence.suspected(CLOSELY, SUSPECTED)),
        "running": [{"number": p.id, "title": p.title} for p in unit.projects.running()][:10],
        "inbox": max(0, updates - 1),  # but for the question itself
        "inbox_lag": _ago(unit.now, updates_since),
        "outbox": letters,
        "outbox_lag": _ago(unit.now, letters_since),
        "sent": unit.outbox_queue.sent_since(later(unit.now, -MINUTE)),
        "refused": sum(_by_hour(unit, unit.now // HOUR).values()),
        "hours": _hours(unit),
        "moved": _moved(unit, currency),
        "books": [asdict(book) for book in stats.books(unit.stats.balances(), currency)],
        **_sure(unit),
    }


def show(unit: UnitOfWork, admin: Person, seen: Facts) -> None:
    unit.outbox.say(admin.id, "admin.overview", **seen)


def refused(unit: UnitOfWork, count: int) -> None:
    """Telegram said so often that it was too much."""
    hour = unit.now // HOUR
    kept = _by_hour(unit, hour)
    unit.stats.keep(REFUSALS, {**kept, str(hour): kept.get(str(hour), 0) + count}, 0)


def _by_hour(unit: UnitOfWork, hour: int) -> dict[str, int]:
    """Refusals of the last day."""
    kept = unit.stats.kept(REFUSALS)
    return {at: count for at, count in (kept[0] if kept else {}).items() if int(at) > hour - HOURS}


def _ago(now: Moment, since: Moment | None) -> int:
    return 0 if since is None else max(0, now - since)


def _hours(unit: UnitOfWork) -> list[int]:
    """Answers of each of the last hours; the last one is not over."""
    hour = unit.now // HOUR
    counts = unit.stats.answers_by_hour(Moment((hour - HOURS + 1) * HOUR))
    return [counts.get(at, 0) for at in range(hour - HOURS + 1, hour + 1)]


def _moved(unit: UnitOfWork, currency: str) -> dict[str, int]:
    sums = unit.stats.moved_since(later(unit.now, -DAY), currency)
    return {what: sum(sums.get(kind, 0) for kind in kinds) for what, kinds in MOVED.items()}


def _sure(unit: UnitOfWork) -> Facts:
    """What the last look through the book came to, and who acts."""
    kept = unit.stats.kept(VERIFIED)
    leases = unit.leases.all("")
    return {
        "verified": {"broken": len(kept[0]["broken"]), "at": kept[1]} if kept else None,
        "processes": sum(name.startswith(PROCESS) for name in leases),
        "acting": [_role(name, lease, unit.now) for name, lease in leases.items() if not name.startswith(PROCESS)],
    }


def _role(name: str, lease: Lease, now: Moment) -> Facts:
    """`place pid host …`: a machine's name says enough."""
    words = lease.holder.split(" ")
    return {"role": name, "host": words[2] if len(words) > 2 else words[0], "silent": lease.until < now}
