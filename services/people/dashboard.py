"""`/admin`: queues, activity, money, verification and processes at one moment."""

from typing import Any

from domain.conduct.evidence import CLOSELY
from domain.moments import DAY, HOUR, MINUTE, Moment, as_datetime, later
from domain.money.wage_floors import is_old
from domain.people.dashboard_messages import (
    ActingRole,
    Dashboard,
    LastVerification,
    Moved,
    RunningProject,
    TaxFormsState,
)
from services.act import Act
from services.fairness import rulings, stats
from services.fairness.oversight import board_contests
from services.money.ledger import VERIFIED
from services.money.taxes import asking
from services.quality.restriction_review import waiting_for
from storage.cluster.leases import Lease
from storage.unit import UnitOfWork

HOURS, TO_DECIDE = 24, 8
REFUSALS = "refusals"  # under which Telegram's 429s are kept, by the hour
SUSPECTED = 100  # workers are counted so far
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
    workers, waiting, _ = unit.people.counts()
    leases = unit.leases.all("")
    return Dashboard(
        at=unit.now,
        currency=currency,
        workers=workers,
        waiting=waiting,
        suspected=len(unit.evidence.suspected(CLOSELY, SUSPECTED)),
        running=_running(unit),
        refused=sum(_by_hour(unit, unit.now // HOUR).values()),
        hours=_hours(unit),
        moved=_moved(unit, currency),
        books=stats.books(unit.stats.balances(), currency),
        verified=_verified(unit),
        processes=_processes(leases),
        acting=_acting(leases, unit.now),
        zone=unit.preferences.known(admin).zone_name,
        floor_since=since if is_old(since := act.house.floor_since, as_datetime(unit.now).date()) else None,
        tax_forms=_tax_forms(act),
        **_for_admins(unit),
        **_boxes(unit),
        **_queues(act),
    )


def _tax_forms(act: Act) -> TaxFormsState | None:
    """None where they should be asked for and cannot be."""
    if not act.house.encryption:
        return TaxFormsState() if act.unit.payouts.last_file() == 0 else None
    found = asking.counts(act.unit)
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
        "sent": unit.outbox_queue.sent_since(later(unit.now, -MINUTE)),
    }


def _running(unit: UnitOfWork) -> tuple[RunningProject, ...]:
    return tuple(RunningProject(p.id, p.title) for p in unit.projects.running(10))


def _for_admins(unit: UnitOfWork) -> dict[str, Any]:
    """First projects to be looked at, and appeals to be answered."""
    waiting = (unit.projects.get(each.project) for each in unit.first_looks.waiting(TO_DECIDE))
    to_approve = tuple(RunningProject(project.id, project.title) for project in waiting)
    return {"to_approve": to_approve, "appeals": tuple(stop.id for stop in unit.stops.waiting(TO_DECIDE))}


def _queues(act: Act) -> dict[str, Any]:
    """What waits for this admin's word."""
    return {
        "restrictions": len(waiting_for(act.unit, act.person.id, act.house.admins, SUSPECTED)),
        "complaints": len(act.unit.complaints.waiting(act.person.id, SUSPECTED)),
        "contests": tuple(board_contests.waiting_for(act, TO_DECIDE)),
        "rulings": tuple(rulings.waiting_for(act.unit, act.person.id, TO_DECIDE)),
    }


def show(act: Act, found: Dashboard) -> Dashboard:
    return found


def refused(unit: UnitOfWork, count: int) -> None:
    """Counts Telegram's 429s of this hour."""
    hour = unit.now // HOUR
    kept = _by_hour(unit, hour)
    unit.stats.keep(REFUSALS, {**kept, str(hour): kept.get(str(hour), 0) + count}, 0)


def _by_hour(unit: UnitOfWork, hour: int) -> dict[str, int]:
    """Refusals of the last day."""
    kept = unit.stats.kept(REFUSALS)
    return {at: count for at, count in (kept[0] if kept else {}).items() if int(at) > hour - HOURS}


def _ago(now: Moment, since: Moment | None) -> int:
    return 0 if since is None else max(0, now - since)


def _hours(unit: UnitOfWork) -> tuple[int, ...]:
    """Answers of each of the last hours; the last one is not over."""
    hour = unit.now // HOUR
    counts = unit.stats.answers_by_hour(Moment((hour - HOURS + 1) * HOUR))
    return tuple(counts.get(at, 0) for at in range(hour - HOURS + 1, hour + 1))


def _moved(unit: UnitOfWork, currency: str) -> Moved:
    sums = unit.stats.moved_since(later(unit.now, -DAY), currency)
    return Moved(**{what: sum(sums.get(kind, 0) for kind in kinds) for what, kinds in MOVED.items()})


def _verified(unit: UnitOfWork) -> LastVerification | None:
    kept = unit.stats.kept(VERIFIED)
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
