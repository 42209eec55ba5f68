"""THE OTHER TABLE: every periodic sweep → its service. Due dates live in rows; a sweep finishes what is due."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.moments import Moment
from services import (
    appeals,
    arriving,
    downtime,
    evidence,
    forgetting,
    probation,
    progress,
    refitting,
    restrictions,
    rhythm,
    sealing,
    strides,
    trial,
    upkeep,
)
from storage.database import Database
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sweep:
    name: str
    seconds: float
    service: Callable[[UnitOfWork], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What takes too long for one transaction: it reads, computes aside, and writes a little at a time."""

    name: str
    seconds: float
    work: Callable[[Database, Callable[[], Moment]], Awaitable[None]]


SWEEPS: tuple[Sweep | Job, ...] = (
    Sweep("hours", 1, rhythm.turn_due),
    Sweep("push", 0.9, upkeep.push),
    Sweep("later", 60, upkeep.ask_later),
    Sweep("expire", 1, downtime.expire),
    Sweep("release", 5, upkeep.release_due),
    Sweep("probation", 5, probation.end_stranded),
    Sweep("leftovers", 5, upkeep.return_leftovers),
    Sweep("progress", 3, upkeep.tell_progress),
    Sweep("tally", 3, progress.fold),
    Job("strides", 1, strides.carry_on),
    Job("stale files", 600, arriving.drop_stale),
    Job("refit", 5, refitting.refit_due_projects),
    Job("evidence", 10, evidence.examine_projects),
    Sweep("appeals", 5, appeals.end_due),
    Sweep("trials", 5, trial.end_due),
    Sweep("restrictions", 5, restrictions.end_due),
    Sweep("seal", 2, sealing.seal),
    Sweep("forget", 5, forgetting.finish),
    Sweep("redraw", 5, forgetting.redraw),
    Sweep("prune", 600, upkeep.prune),
)
