"""Runs the sweeps: each is a transaction at its interval, or several; a failure is counted and never fatal."""

import asyncio
import logging
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from math import ceil
from pathlib import Path

import certifi
from cryptography import x509

from bot.clock import Clock
from bot.settings import BadSetting, Settings
from domain.extensions import load_parts
from domain.moments import Moment
from jobs import bulk_updates, evidence, hash_chain, personal_data, refits
from jobs.hash_chain import Authority
from jobs.hub import HubPushing
from jobs.uploads import reading
from services.act import House
from services.fairness import appeals, board, complaints, elections, questions, ratings, stops
from services.money import topups
from services.people import personal_data as personal_data_service
from services.people import role_requests, settings
from services.projects import drafts, launches, lifecycle, progress
from services.quality import gold_challenges, restrictions
from services.work import corrections, inputs, places, sweeps
from storage.cluster.leases import LeaseLost
from storage.database import Database
from storage.drivers.connection import Unavailable, error_name
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep of one transaction, or of up to `steps`, one after the other while the service returns that there may
    be more, so that answers pass in between."""

    name: str
    seconds: float
    service: Callable[[UnitOfWork], bool | None]
    steps: int = 1


@dataclass(frozen=True, slots=True)
class AdminSweep:
    """A sweep of one transaction whose service gets the admins' Telegram ids."""

    name: str
    seconds: float
    service: Callable[[UnitOfWork, frozenset[int]], None]


@dataclass(frozen=True, slots=True)
class AsyncSweep:
    """A sweep too long for one transaction: it reads, computes outside the writer, and writes in steps."""

    name: str
    seconds: float
    work: Callable[[Database, Callable[[], Moment]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AdminAsyncSweep:
    """An AsyncSweep whose work gets the admins' Telegram ids."""

    name: str
    seconds: float
    work: Callable[[Database, Callable[[], Moment], frozenset[int]], Awaitable[None]]


AnySweep = Sweep | AdminSweep | AsyncSweep | AdminAsyncSweep

SWEEPS: tuple[AnySweep, ...] = (
    Sweep("push hours", 1, settings.update_due_push_windows),
    Sweep("push", 0.9, sweeps.push_tasks, steps=10),  # more than Telegram takes until the next one
    Sweep("asked later", 60, sweeps.unpark_asked_later),
    Sweep("retakes", 5, inputs.submit_unconfirmed_files),
    Sweep("expire", 1, sweeps.return_downtime),
    Sweep("release", 5, sweeps.release_due_pay, steps=20),
    Sweep("redos", 60, corrections.end_due_redos),
    Sweep("probation", 5, places.end_stranded),
    Sweep("returned tasks", 5, sweeps.return_leftovers),
    Sweep("progress", 3, sweeps.update_progress_messages),
    Sweep("progress counts", 3, progress.fold_counts),
    AsyncSweep("bulk updates", 1, bulk_updates.run_bulk_updates),
    Sweep("topups", 60, topups.measure_overdue_window),
    Sweep("pilots", 10, launches.report_finished_pilots),
    Sweep("requester digests", 60, progress.send_digests),
    Sweep("resting", 600, lifecycle.end_long_resting),
    Sweep("old drafts", 600, drafts.discard_oldest, steps=50),
    AsyncSweep("stale files", 600, reading.drop_stale_batches),
    AsyncSweep("refit", 5, refits.refit_due_projects),
    AdminAsyncSweep("evidence", 10, evidence.examine_projects),
    AdminSweep("appeals", 5, appeals.close_overdue_appeals),
    Sweep("questions", 5, questions.remind_and_pause),
    Sweep("faq", 5, questions.spread_faq_news),
    Sweep("ratings", 5, ratings.ask_due_workers),
    Sweep("gold challenges", 5, gold_challenges.overturn_overdue),
    AdminSweep("restrictions", 5, restrictions.end_due_restrictions),
    AdminSweep("restrictions to confirm", 600, restrictions.remind_admins),
    AdminSweep("complaints", 600, complaints.remind_of_complaints),
    AdminSweep("role requests", 600, role_requests.end_overdue_requests),
    AdminSweep("stops", 60, stops.grant_overdue_appeals),
    AsyncSweep("seal", 2, hash_chain.seal_ledger),
    Sweep("board", 20, board.run_board_sweep),
    Sweep("elections", 20, elections.close_due_election),
    AdminSweep("petitions", 600, board.close_due_petitions),
    Sweep("board digests", 60, board.send_digests),
    Sweep("forget", 5, personal_data_service.finish_erasures),
    AsyncSweep("scrub", 5, personal_data.scrub_log),
    Sweep("redraw", 5, personal_data_service.redraw_consensus, steps=500),
    Sweep("prune", 600, sweeps.delete_old_rows, steps=50),  # two million letters a day are Telegram's most
)


def hub_of(settings: Settings) -> str:
    """The hub's address; empty if nothing can be pushed, because its library is not installed."""
    return settings.hf_endpoint if find_spec("huggingface_hub") else ""


def publishing_sweeps(house: House) -> tuple[AsyncSweep, ...]:
    pushing = HubPushing(house.encryption, house.hub)
    return (AsyncSweep("pushes to the hub", 2, pushing.push_due),) if house.hub else ()


def extension_sweeps(house: House) -> tuple[AnySweep, ...]:
    """Return the sweeps of the extensions."""
    return tuple(sweep for part in load_parts("sweeps") for sweep in part.list_sweeps(house))


PHASE_STEP = (5**0.5 - 1) / 2  # of their intervals: the golden ratio keeps any number of them apart

log = logging.getLogger(__name__)


def phase_of(place: int) -> float:
    """The share of its interval by which the sweep at this place of the table begins earlier."""
    return place * PHASE_STEP % 1.0


class SweepRunner:
    """Runs each sweep in a task of its own, timed by the event loop's monotonic clock: setting the system's clock
    delays none of them. (APScheduler 3.11 times its jobs by the wall clock: after that was set back by an hour it ran
    none for an hour, and pay would wait as long.)

    Due dates are compared with `clock`, `admins` are Telegram ids. A sweep never overlaps itself, and missed runs
    are made up by one. Sweeps of one interval run at different moments, so that no answer waits for all."""

    def __init__(
        self, database: Database, sweeps: Iterable[AnySweep], clock: Clock, admins: frozenset[int] = frozenset()
    ) -> None:
        self.database, self.sweeps, self.clock, self.admins = database, tuple(sweeps), clock, admins
        self.failures: Counter[str] = Counter()

    async def run(self) -> None:
        """Run the sweeps until cancelled; a transaction that the writer has begun is ended by the writer."""
        async with asyncio.TaskGroup() as group:
            for place, sweep in enumerate(self.sweeps):
                group.create_task(self._repeat(sweep, phase_of(place)), name=f"sweep {sweep.name}")

    async def _repeat(self, sweep: AnySweep, earlier: float) -> None:
        elapsed = asyncio.get_running_loop().time
        due = elapsed() - sweep.seconds * earlier
        while True:
            due += sweep.seconds * max(1, ceil((elapsed() - due) / sweep.seconds))
            await asyncio.sleep(due - elapsed())
            await self.run_once(sweep)

    async def run_once(self, sweep: AnySweep) -> None:
        """Run a sweep once; log and count a failure. A lost lease ends it silently, since another process sweeps
        now."""
        try:
            if isinstance(sweep, AsyncSweep):
                await sweep.work(self.database, self.clock)
            elif isinstance(sweep, AdminAsyncSweep):
                await sweep.work(self.database, self.clock, self.admins)
            elif isinstance(sweep, AdminSweep):
                await self.database.transact(sweep.service, self.clock(), self.admins)
            else:
                await self._run_steps(sweep)
        except LeaseLost:  # another process sweeps now; the end of this term follows
            return
        except Unavailable as error:  # nothing was kept: it comes again
            self.failures[sweep.name] += 1
            log.warning("A sweep waits for the database", extra={"sweep": sweep.name, "reason": error_name(error)})
        except Exception as error:
            self.failures[sweep.name] += 1
            log.error("A sweep failed", extra={"sweep": sweep.name}, exc_info=error)

    async def _run_steps(self, sweep: Sweep) -> None:
        """Run a sweep's steps; other transactions that wait for the writer go before the next step."""
        has_more, steps_left = await self.database.look(sweep.service, self.clock()), sweep.steps - 1
        while has_more and steps_left:
            has_more, steps_left = await self.database.transact_last(sweep.service, self.clock()), steps_left - 1


CERTIFICATE_END = b"-----END CERTIFICATE-----"


def timestamp_sweeps(settings: Settings) -> tuple[AsyncSweep, ...]:
    """The sweep of the time-stamp service, if its address is set. Raise BadSetting if TIMESTAMP_CA cannot be read."""
    sweeps = []
    if settings.timestamp_url:
        sweeps.append(
            AsyncSweep(
                "timestamps", 60, Authority(settings.timestamp_url, _timestamp_roots(settings)).stamp_newest_head
            )
        )
    return tuple(sweeps)


def _timestamp_roots(settings: Settings) -> list[x509.Certificate]:
    """Return the root certificates of TIMESTAMP_CA, else the web's usual ones. Raise BadSetting if the file cannot
    be read."""
    try:
        if settings.timestamp_ca:
            return x509.load_pem_x509_certificates(Path(settings.timestamp_ca).read_bytes())
        return list(_web_roots())
    except (OSError, ValueError):
        raise BadSetting("TIMESTAMP_CA: expected a readable file with certificates (PEM)") from None


def _web_roots() -> Iterator[x509.Certificate]:
    """The web's root certificates, but a few old ones that the parser does not accept."""
    for block in Path(certifi.where()).read_bytes().split(CERTIFICATE_END)[:-1]:
        with warnings.catch_warnings(), suppress(ValueError):
            warnings.simplefilter("ignore")
            yield x509.load_pem_x509_certificate(block + CERTIFICATE_END)
