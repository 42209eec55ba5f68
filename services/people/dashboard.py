"""`/admin`: queues, activity, money, verification and processes at one moment."""

from typing import Any

from domain.conduct.evidence import CLOSELY_WATCHED_NATS
from domain.fairness.cases import MAX_SHOWN_CASES
from domain.moments import DAY, HOUR, MINUTE, Moment, as_datetime, later
from domain.money.pricing import is_floor_outdated
from domain.people.dashboard import (
    ActingRole,
    BotState,
    Dashboard,
    LastVerification,
    Moved,
    RefusedTasks,
    RunningProject,
)
from domain.work.messages import BUTTON_PAUSE, CONTENT_PAUSE
from services import events
from services.act import Act
from services.fairness import cases, stats
from services.money.ledger import VERIFICATION_STATS
from storage.cluster.leases import Lease
from storage.unit import UnitOfWork

SHOWN_HOURS = 24
MAX_REFUSED_PROJECTS = 3  # projects with tasks that Telegram refused
REFUSALS_KEY = "refusals"  # under which Telegram's refusals are kept, by the hour
COUNT_LIMIT = 100  # workers, and cases, are counted so far
PROCESS = "process:"  # prefix of the leases of processes that handle updates
# Kinds of transfer: money paid in, earned by workers, paid out.
TRANSFER_KINDS = {
    "deposited": ("deposit",),
    "earned": ("reward", "redo", "topup", "bonus", "appeal", "judge"),
    "paid": ("paid",),
}


def read_dashboard(act: Act) -> Dashboard:
    """Return the state of the whole installation at one moment. Reads much: to be called on a reading connection of its
    own."""
    unit, currency, admin = act.unit, act.house.terms.currency, act.person.id
    leases = unit.leases.all("")
    return Dashboard(
        at=unit.now,
        currency=currency,
        workers=unit.people.count_workers(),
        waiting=unit.people.count_idle(),
        suspected=len(unit.evidence.suspected(CLOSELY_WATCHED_NATS, COUNT_LIMIT)),
        running=_running_projects(unit),
        refused_tasks=_list_refused_tasks(unit),
        refused=sum(_refusals_by_hour(unit, unit.now // HOUR).values()),
        hours=_answers_by_hour(unit),
        moved=_sum_moved(unit, currency),
        books=stats.sum_holdings(unit.stats.sum_balances(), currency),
        verified=_find_last_verification(unit),
        processes=_count_processes(leases),
        acting=_acting_roles(leases, unit.now),
        zone=unit.preferences.get_stored(admin).zone_name,
        floor_since=since if is_floor_outdated(since := act.house.floor_since, as_datetime(unit.now).date()) else None,
        bots=_list_bots(unit),
        notes=events.find_notes(act, Dashboard),
        **_box_states(unit),
        **_queue_counts(act),
    )


def _list_bots(unit: UnitOfWork) -> tuple[BotState, ...]:
    """Return the state of each of several bots; of one bot none."""
    bots = [bot for bot in unit.bots.list() if bot.username]
    lags = unit.outbox_queue.lags_by_bot() if len(bots) > 1 else {}
    states = (BotState(bot.username, lags.get(bot.id, (0, None))[0], not bot.is_at_work) for bot in bots)
    return tuple(states) if len(bots) > 1 else ()


def _box_states(unit: UnitOfWork) -> dict[str, Any]:
    """Return fields of the dashboard: updates to be handled, messages to be sent, and the ages of the oldest."""
    updates, updates_since = unit.inbox.lag()
    letters, letters_since = unit.outbox_queue.lag()
    return {
        "inbox": max(0, updates - 1),  # but for the question itself
        "inbox_lag": _milliseconds_since(unit.now, updates_since),
        "outbox": letters,
        "outbox_lag": _milliseconds_since(unit.now, letters_since),
        "sent": unit.outbox_queue.count_sent_since(later(unit.now, -MINUTE)),
    }


def _running_projects(unit: UnitOfWork) -> tuple[RunningProject, ...]:
    return tuple(RunningProject(p.id, p.title) for p in unit.projects.running(10))


def _list_refused_tasks(unit: UnitOfWork) -> tuple[RefusedTasks, ...]:
    """Return the running projects with most tasks that Telegram refused in the last 24 hours."""
    counts = unit.undelivered.list_refused(later(unit.now, -DAY), MAX_REFUSED_PROJECTS)
    projects = [(unit.projects.get(number), tasks) for number, tasks in counts]
    return tuple(
        RefusedTasks(project.id, project.title, tasks, not {CONTENT_PAUSE, BUTTON_PAUSE}.isdisjoint(project.paused))
        for project, tasks in projects
    )


def _queue_counts(act: Act) -> dict[str, Any]:
    """Return fields of the dashboard: what waits for this admin's decision."""
    waiting_cases = cases.list_waiting_cases(act, COUNT_LIMIT)
    return {
        "cases": tuple(waiting_cases[:MAX_SHOWN_CASES]),
        "waiting_cases": sum(case.count for case in waiting_cases),
    }


def show_dashboard(act: Act, reading: Dashboard) -> Dashboard:
    """Return the dashboard that `read_dashboard` read before the transaction."""
    return reading


def count_refusals(unit: UnitOfWork, count: int) -> None:
    """Add to this hour's count of refusals: calls that Telegram wanted later (429), and messages that it does not
    accept. Do nothing for 0."""
    if not count:
        return
    hour = unit.now // HOUR
    refusals = _refusals_by_hour(unit, hour)
    unit.stats.store_cached(REFUSALS_KEY, {**refusals, str(hour): refusals.get(str(hour), 0) + count}, 0)


def _refusals_by_hour(unit: UnitOfWork, hour: int) -> dict[str, int]:
    """Return the refusals of the last 24 hours by hour since 1970, as text."""
    cached = unit.stats.find_cached(REFUSALS_KEY)
    return {
        hour_key: count
        for hour_key, count in (cached[0] if cached else {}).items()
        if int(hour_key) > hour - SHOWN_HOURS
    }


def _milliseconds_since(now: Moment, since: Moment | None) -> int:
    return 0 if since is None else max(0, now - since)


def _answers_by_hour(unit: UnitOfWork) -> tuple[int, ...]:
    """Return the number of answers in each of the last 24 hours; the last one is not over."""
    hour = unit.now // HOUR
    counts = unit.stats.count_answers_by_hour(Moment((hour - SHOWN_HOURS + 1) * HOUR))
    return tuple(counts.get(hour_number, 0) for hour_number in range(hour - SHOWN_HOURS + 1, hour + 1))


def _sum_moved(unit: UnitOfWork, currency: str) -> Moved:
    sums = unit.stats.moved_since(later(unit.now, -DAY), currency)
    return Moved(**{what: sum(sums.get(kind, 0) for kind in kinds) for what, kinds in TRANSFER_KINDS.items()})


def _find_last_verification(unit: UnitOfWork) -> LastVerification | None:
    cached = unit.stats.find_cached(VERIFICATION_STATS)
    return LastVerification(len(cached[0]["broken"]), cached[1]) if cached else None


def _count_processes(leases: dict[str, Lease]) -> int:
    """Return the number of processes that handle updates."""
    return sum(name.startswith(PROCESS) for name in leases)


def _acting_roles(leases: dict[str, Lease], now: Moment) -> tuple[ActingRole, ...]:
    return tuple(_to_acting_role(name, lease, now) for name, lease in leases.items() if not name.startswith(PROCESS))


def _to_acting_role(name: str, lease: Lease, now: Moment) -> ActingRole:
    """Return a lease as the dashboard shows it: of a holder `place pid host …` the host alone."""
    words = lease.holder.split(" ")
    return ActingRole(name, words[2] if len(words) > 2 else words[0], silent=lease.until < now)
