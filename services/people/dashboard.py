"""`/admin`: queues, activity, money, verification and processes at one moment."""

from typing import Any

from domain.conduct.evidence import CLOSELY_WATCHED_NATS
from domain.fairness.cases import MAX_SHOWN_CASES
from domain.moments import (
    DAY,
    HOUR,
    MINUTE,
    Moment,
    as_datetime,
    later,
)
from domain.money.pricing import is_floor_outdated
from domain.people.dashboard import (
    ActingRole,
    Dashboard,
    LastVerification,
    Moved,
    RunningProject,
    TaxFormsState,
)
from services.act import Act
from services.fairness import cases, stats
from services.money import tax_forms
from services.money.ledger import VERIFICATION_STATS
from storage.cluster.leases import Lease
from storage.unit import UnitOfWork

HOURS = 24
REFUSALS = "refusals"  # under which Telegram's refusals are kept, by the hour
COUNTED = 100  # workers, and cases, are counted so far
PROCESS = "process:"  # prefix of the leases of processes that handle updates
# Kinds of transfer: money paid in, earned by workers, paid out.
MOVED = {
    "deposited": ("deposit",),
    "earned": ("reward", "redo", "topup", "bonus", "appeal", "judge"),
    "paid": ("paid",),
}


def look(act: Act) -> Dashboard:
    """All of one moment. Reads much: on a connection of its own."""
    unit, currency, admin = act.unit, act.house.terms.currency, act.person.id
    leases = unit.leases.all("")
    return Dashboard(
        at=unit.now,
        currency=currency,
        workers=unit.people.count_workers(),
        waiting=unit.people.count_idle(),
        suspected=len(unit.evidence.suspected(CLOSELY_WATCHED_NATS, COUNTED)),
        running=_running(unit),
        refused=sum(_by_hour(unit, unit.now // HOUR).values()),
        hours=_hours(unit),
        moved=_moved(unit, currency),
        books=stats.sum_holdings(unit.stats.sum_balances(), currency),
        verified=_verified(unit),
        processes=_processes(leases),
        acting=_acting(leases, unit.now),
        zone=unit.preferences.known(admin).zone_name,
        floor_since=since if is_floor_outdated(since := act.house.floor_since, as_datetime(unit.now).date()) else None,
        tax_forms=_tax_forms(act),
        **_boxes(unit),
        **_queues(act),
    )


def _tax_forms(act: Act) -> TaxFormsState | None:
    """None where they should be asked for and cannot be."""
    if not act.house.encryption:
        return TaxFormsState() if act.unit.payouts.last_file() == 0 else None
    found = tax_forms.count_forms(act.unit)
    return TaxFormsState(found.asked - found.given, found.waiting)


def _boxes(unit: UnitOfWork) -> dict[str, Any]:
    """What waits to be handled, and to be sent."""
    updates, updates_since = unit.inbox.lag()
    letters, letters_since = unit.outbox_queue.lag()
    return {
        "inbox": max(0, updates - 1),  # but for the question itself
        "inbox_lag": _ago(unit.now, updates_since),
        "outbox": letters,
        "outbox_lag": _ago(unit.now, letters_since),
        "sent": unit.outbox_queue.count_sent_since(later(unit.now, -MINUTE)),
    }


def _running(unit: UnitOfWork) -> tuple[RunningProject, ...]:
    return tuple(RunningProject(p.id, p.title) for p in unit.projects.running(10))


def _queues(act: Act) -> dict[str, Any]:
    """What waits for this admin's word."""
    unit, waiting_cases = act.unit, cases.list_waiting_cases(act, COUNTED)
    return {
        "cases": tuple(waiting_cases[:MAX_SHOWN_CASES]),
        "waiting_cases": sum(case.count for case in waiting_cases),
        "payouts": sum(unit.payouts.sum_requested(*way)[0] for way in unit.payouts.list_waiting_ways()),
    }


def show(act: Act, found: Dashboard) -> Dashboard:
    return found


def refused(unit: UnitOfWork, count: int) -> None:
    """Counts refusals of this hour: calls that Telegram wanted later (429), and messages that it does not take."""
    if not count:
        return
    hour = unit.now // HOUR
    kept = _by_hour(unit, hour)
    unit.stats.store_cached(REFUSALS, {**kept, str(hour): kept.get(str(hour), 0) + count}, 0)


def _by_hour(unit: UnitOfWork, hour: int) -> dict[str, int]:
    """Refusals of the last day."""
    kept = unit.stats.find_cached(REFUSALS)
    return {at: count for at, count in (kept[0] if kept else {}).items() if int(at) > hour - HOURS}


def _ago(now: Moment, since: Moment | None) -> int:
    return 0 if since is None else max(0, now - since)


def _hours(unit: UnitOfWork) -> tuple[int, ...]:
    """Answers of each of the last hours; the last one is not over."""
    hour = unit.now // HOUR
    counts = unit.stats.count_answers_by_hour(Moment((hour - HOURS + 1) * HOUR))
    return tuple(counts.get(at, 0) for at in range(hour - HOURS + 1, hour + 1))


def _moved(unit: UnitOfWork, currency: str) -> Moved:
    sums = unit.stats.moved_since(later(unit.now, -DAY), currency)
    return Moved(**{what: sum(sums.get(kind, 0) for kind in kinds) for what, kinds in MOVED.items()})


def _verified(unit: UnitOfWork) -> LastVerification | None:
    kept = unit.stats.find_cached(VERIFICATION_STATS)
    return LastVerification(len(kept[0]["broken"]), kept[1]) if kept else None


def _processes(leases: dict[str, Lease]) -> int:
    """How many handle updates."""
    return sum(name.startswith(PROCESS) for name in leases)


def _acting(leases: dict[str, Lease], now: Moment) -> tuple[ActingRole, ...]:
    return tuple(_role(name, lease, now) for name, lease in leases.items() if not name.startswith(PROCESS))


def _role(name: str, lease: Lease, now: Moment) -> ActingRole:
    """Shows the host alone of a holder `place pid host …`."""
    words = lease.holder.split(" ")
    return ActingRole(name, words[2] if len(words) > 2 else words[0], silent=lease.until < now)
