"""THE OTHER TABLE: every periodic sweep → its service. Due dates live in rows; a sweep finishes what is due."""

from collections.abc import Callable
from dataclasses import dataclass

from services import upkeep
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sweep:
    name: str
    seconds: float
    service: Callable[[UnitOfWork], None]


SWEEPS = (
    Sweep("push", 0.9, upkeep.push),
    Sweep("expire", 1, upkeep.expire),
    Sweep("release", 5, upkeep.release_due),
    Sweep("leftovers", 5, upkeep.return_leftovers),
    Sweep("progress", 3, upkeep.tell_progress),
    Sweep("prune", 600, upkeep.prune),
)
