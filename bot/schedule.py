"""The table of sweeps: every periodic sweep with its interval and service. Due dates are in rows; a sweep finishes
what is due."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.moments import Moment
from jobs import bulk_updates, evidence, refits, scrubbing
from jobs.money import sealing
from jobs.uploads import staging
from services.fairness import appeals, board_sweeps, elections
from services.fairness.oversight import complaint_answers, stop_appeals
from services.fairness.questions import deadlines, faq
from services.fairness.ratings import asking
from services.money import topups
from services.mturk import hits
from services.people import erasure, push_schedule
from services.projects import old_drafts, progress, resting
from services.projects.authoring import digests, pilots
from services.quality import gold_challenges, restriction_review, restrictions
from services.work import downtime, qualification, sweeps
from services.work.cards import retakes
from services.work.redos import ending
from storage.database import Database
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sweep:
    """One transaction; of several `steps`, one after the other while the service says that there may be more, so that
    answers pass in between."""

    name: str
    seconds: float
    service: Callable[[UnitOfWork], bool | None]
    steps: int = 1


@dataclass(frozen=True, slots=True)
class AdminSweep:
    """One that tells admins: it gets their Telegram ids."""

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
    """The same; it gets the admins' Telegram ids."""

    name: str
    seconds: float
    work: Callable[[Database, Callable[[], Moment], frozenset[int]], Awaitable[None]]


AnySweep = Sweep | AdminSweep | AsyncSweep | AdminAsyncSweep

SWEEPS: tuple[AnySweep, ...] = (
    Sweep("push hours", 1, push_schedule.turn_due),
    Sweep("push", 0.9, sweeps.push, steps=10),  # more than Telegram takes until the next one
    Sweep("asked later", 60, sweeps.ask_later),
    Sweep("retakes", 5, retakes.count_waiting),
    Sweep("expire", 1, downtime.expire),
    Sweep("HITs", 1, hits.expire_due),
    Sweep("release", 5, sweeps.release_due, steps=20),
    Sweep("redos", 60, ending.lapse),
    Sweep("probation", 5, qualification.end_stranded),
    Sweep("returned tasks", 5, sweeps.return_leftovers),
    Sweep("progress", 3, sweeps.tell_progress),
    Sweep("progress counts", 3, progress.fold),
    AsyncSweep("bulk updates", 1, bulk_updates.carry_on),
    Sweep("topups", 60, topups.measure_waiting),
    Sweep("pilots", 10, pilots.tell_done),
    Sweep("requester digests", 60, digests.send),
    Sweep("resting", 600, resting.end_long),
    Sweep("old drafts", 600, old_drafts.let_go, steps=50),
    AsyncSweep("stale files", 600, staging.drop_stale),
    AsyncSweep("refit", 5, refits.refit_due_projects),
    AdminAsyncSweep("evidence", 10, evidence.examine_projects),
    AdminSweep("appeals", 5, appeals.end_due),
    Sweep("questions", 5, deadlines.remind_and_pause),
    Sweep("faq", 5, faq.spread),
    Sweep("ratings", 5, asking.ask_due),
    Sweep("gold challenges", 5, gold_challenges.end_due),
    AdminSweep("restrictions", 5, restrictions.end_due),
    AdminSweep("restrictions to confirm", 600, restriction_review.remind),
    AdminSweep("complaints", 600, complaint_answers.remind),
    AdminSweep("stops", 60, stop_appeals.end_due),
    AsyncSweep("seal", 2, sealing.seal),
    Sweep("board", 20, board_sweeps.seal),
    Sweep("elections", 20, elections.end_due),
    AdminSweep("petitions", 600, board_sweeps.end_petitions),
    Sweep("board digests", 60, board_sweeps.send_digests),
    Sweep("forget", 5, erasure.finish),
    AsyncSweep("scrub", 5, scrubbing.scrub),
    Sweep("redraw", 5, erasure.redraw, steps=500),
    Sweep("prune", 600, sweeps.prune, steps=50),  # two million letters a day are Telegram's most
)
