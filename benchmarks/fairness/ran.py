"""How large a town is, and what is left of one that ran."""

from dataclasses import dataclass, field

from benchmarks.fairness.asked import Truth
from benchmarks.fairness.requesters import Requester
from benchmarks.fairness.town import Town
from benchmarks.fairness.workers import Worker
from domain.moments import Moment
from domain.people.accounts import PersonId


@dataclass(frozen=True, slots=True)
class Size:
    """`every`: days between two projects of a requester, each with about so many `tasks`."""

    days: int = 30
    workers: int = 200
    every: float = 14
    tasks: int = 25
    seed: int = 1
    sweeps: int = 20  # minutes between two of the same at least


@dataclass(slots=True, repr=False, eq=False)
class Ran:
    """What the promises are read from: the database at `url`, and what only the simulation knows."""

    url: str
    town: Town
    truth: Truth
    size: Size
    workers: dict[PersonId, Worker] = field(default_factory=dict)
    requesters: dict[PersonId, Requester] = field(default_factory=dict)
    exported: dict[int, str] = field(default_factory=dict)  # the file of all submissions, by project
    seconds: float = 0.0

    @property
    def end(self) -> Moment:
        return self.town.now
