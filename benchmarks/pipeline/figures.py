"""Rounds → one table of medians beside the goals."""

from dataclasses import dataclass, field

from benchmarks.pipeline.contenders import (
    AS_IT_COMES,
    LABEL_STUDIO,
    LIBRARY,
    PLAIN,
    SAME,
    STACK,
    pipeline_on,
    session_on,
    storage_on,
)
from benchmarks.pipeline.ground import LARGE, MIDDLE, SMALL
from benchmarks.pipeline.rounds import Measured
from benchmarks.tables import Goal, goals_table

HEAD = (
    "| what | tasks | people | answers/s | µs of CPU an answer | of the server | p50 ms | p95 ms | p99 ms | |",
    "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |",
)
CALLS = 2.05  # a missed check question takes three: it stays, explained, and the next task comes below


@dataclass
class Figures:
    """`kept` by (what, size, people), each of several rounds."""

    kept: dict[tuple[str, str, int], list[Measured]] = field(default_factory=dict)

    def keep(self, measured: Measured) -> None:
        if measured.times:
            self.kept.setdefault((measured.what, measured.size, measured.people), []).append(measured)
        print(row(measured) if measured.times else f"{measured.what}: nothing in {measured.seconds:.0f} s", flush=True)

    def table(self) -> str:
        by_people = sorted(self.kept, key=lambda key: key[2])
        return "\n".join([*HEAD, *(row(self._median(key)) for key in by_people)])

    def _median(self, key: tuple[str, str, int]) -> Measured:
        """The round whose rate is the median."""
        rounds = sorted(self.kept[key], key=lambda measured: measured.rate)
        return rounds[(len(rounds) - 1) // 2]

    def find(self, what: str, people: int, size: str = "") -> Measured | None:
        for key in self.kept:
            if key[0] == what and key[2] == people and (not size or key[1] == size):
                return self._median(key)
        return None

    def goals(self) -> str:
        most = max(people for _, _, people in self.kept)
        return goals_table([*self._storage(), *self._pipeline(most), *self._sizes(most)])

    def _storage(self) -> list[Goal]:
        ours, found = self._middle(storage_on("sqlite"), 64), []
        for name, wanted in ((SAME, 2.3), (PLAIN, 1.0)):
            if ours and (other := self.find(name, 64)):
                found.append(Goal(f"storage, SQLite, 64 people, against {name}", wanted, ours.rate / other.rate))
        if ours:
            found.append(Goal("answers a commit, 64 people", 48, 1 / ours.commits if ours.commits else 0.0, unit=""))
        return found

    def _pipeline(self, people: int) -> list[Goal]:
        ours = self._middle(pipeline_on("sqlite"), people)
        if ours is None:
            return []
        studio = [rate.rate for number in (1, 8, 16) if (rate := self.find(LABEL_STUDIO, number))]
        found = [
            Goal(f"pipeline, SQLite, CPU an answer against {name}", wanted, ours.cost / other.cost, most=True)
            for name, wanted in ((LIBRARY, 1.25), (AS_IT_COMES, 1.0))
            if (other := self.find(name, people))
        ]
        found += self._session(people)
        if stack := self.find(STACK, people):
            found.append(Goal(f"pipeline, SQLite, against {STACK}", 16.0, ours.rate / stack.rate))
        if studio:
            found.append(Goal("pipeline, SQLite, against Label Studio's best", 100.0, ours.rate / max(studio)))
        slow = ours.percentile(0.99) / ours.percentile(0.5)
        return [*found, Goal(f"p99 against p50, SQLite, {people} people", 2.5, slow, most=True)]

    def _session(self, people: int) -> list[Goal]:
        ours, other = self._middle(session_on("sqlite"), people), self.find(LIBRARY, people)
        if ours is None or other is None:
            return []
        name = "pipeline, SQLite, session mode"
        return [
            Goal(f"{name}, CPU an answer against {LIBRARY}", 1.25, ours.cost / other.cost, most=True),
            Goal(f"{name}, calls an answer", CALLS, ours.calls, unit="", most=True),
        ]

    def _sizes(self, people: int) -> list[Goal]:
        found = []
        for what, wanted in (
            (storage_on("sqlite"), 0.5),
            (storage_on("postgresql"), 0.5),
            (pipeline_on("sqlite"), 0.85),
            (pipeline_on("postgresql"), 0.85),
        ):
            large, small = (self.find(what, people, f"{size.tasks:,}") for size in (LARGE, SMALL))
            if large and small:
                found.append(Goal(f"{what}: 1,000,000 tasks against 1,000", wanted, large.rate / small.rate))
        return found

    def _middle(self, what: str, people: int) -> Measured | None:
        return self.find(what, people, f"{MIDDLE.tasks:,}")


def row(measured: Measured) -> str:
    percentiles = " | ".join(f"{measured.percentile(share):.1f}" for share in (0.5, 0.95, 0.99))
    server = f"{1e6 * measured.server / len(measured.times):,.0f}" if measured.server else ""
    figures = f"{measured.rate:,.0f} | {measured.cost:,.0f} | {server} | {percentiles}"
    return f"| {measured.what} | {measured.size} | {measured.people} | {figures} | {measured.note} |"
