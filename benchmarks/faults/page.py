"""The tables of a campaign."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from benchmarks.databases import NAMES
from benchmarks.faults.scenario import BOTH, Scenario
from benchmarks.tables import Goal, goals_table
from faults.checks import Found


@dataclass(frozen=True, slots=True)
class Line:
    """What one scenario came to on one database."""

    database: str
    scenario: Scenario
    kills: int = 0
    seconds: float = 0.0
    confirmed: int = 0
    told: int = 0
    stored: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    untrue: tuple[str, ...] = ()
    day: date = field(default_factory=lambda: datetime.now(UTC).date())

    def plus(self, kills: int, seconds: float, found: Found) -> "Line":
        return replace(
            self,
            kills=self.kills + kills,
            seconds=self.seconds + seconds,
            confirmed=self.confirmed + found.confirmed,
            told=self.told + found.told,
            stored=self.stored + found.stored,
            moved=self.moved + found.moved,
            untrue=(*self.untrue, *found.untrue),
        )

    @property
    def is_well(self) -> bool:
        """The product keeps its promises; a control is seen through."""
        control = self.scenario.control
        return not self.untrue if control is None else control.is_seen_in(self.untrue)

    @property
    def verdict(self) -> str:
        if self.scenario.control is None:
            return "kept" if self.is_well else f"BROKEN: {_short(self.untrue[0])}"
        if not self.is_well:
            return "NOT SEEN"
        complaint = self.scenario.control.complaint
        if complaint is None:
            return "green: the key alone is enough"
        return f"red: {_short(next(line for line in self.untrue if complaint in line))}"


def _short(text: str) -> str:
    return text.partition("\n")[0][:110].replace("|", "/")


def table(lines: Iterable[Line]) -> str:
    """Each scenario with the line that must hold; then each control with the complaint."""
    kept = [line for line in lines if line.scenario.control is None]
    taken = [line for line in lines if line.scenario.control]
    databases = [database for database in BOTH if any(line.database == database for line in lines)]
    parts = [_rows(["what happens", "the line that must hold"], databases, kept)] if kept else []
    return "\n\n".join((*parts, *([_rows(["what is taken away"], databases, taken)] if taken else ())))


def _rows(heads: list[str], databases: list[str], lines: list[Line]) -> str:
    found = {(line.scenario.name, line.database): line for line in lines}
    rows = [f"| {' | '.join((*heads, *databases))} |", f"|{' --- |' * (len(heads) + len(databases))}"]
    for scenario in {line.scenario.name: line.scenario for line in lines}.values():
        told = (scenario.name, scenario.line) if len(heads) > 1 else (scenario.name,)
        cells = (_cell(found.get((scenario.name, database))) for database in databases)
        rows.append(f"| {' | '.join((*told, *cells))} |")
    return "\n".join(rows)


def _cell(line: Line | None) -> str:
    if line is None:
        return "–"
    if line.scenario.control:
        return line.verdict
    kills = f", {line.kills} kills" if line.kills else ""
    return f"{line.verdict}: {line.told:,} of {line.stored:,} received{kills}, {line.seconds:.0f} s"


def moved(lines: list[Line]) -> str:
    """How often each kind of transfer was made, by database."""
    sums = {line.database: Counter[str]() for line in lines}
    for line in lines:
        if line.scenario.control is None:
            sums[line.database] += line.moved
    kinds = sorted({kind for counts in sums.values() for kind in counts})
    head = f"| database | {' | '.join(kinds)} |\n| --- |{' --: |' * len(kinds)}"
    rows = (f"| {name} | {' | '.join(f'{counts[kind]:,}' for kind in kinds)} |" for name, counts in sums.items())
    return "\n".join([head, *rows])


def page(lines: list[Line]) -> str:
    """How long it took, the two tables, and the transfers that were made."""
    took = {name: sum(line.seconds for line in lines if line.database == name) / 60 for name in BOTH}
    minutes = " and ".join(f"{count:.0f} minutes on {name}" for name, count in took.items() if count)
    parts = (f"{minutes}.", table(lines), "Transfers in the scenarios without controls:", moved(lines))
    return "\n\n".join((*parts, goals_table(_goals(lines))))


def _goals(lines: list[Line]) -> Iterator[Goal]:
    for database in BOTH:
        ours = [line for line in lines if line.database == database]
        broken = [line for line in ours if not line.is_well]
        if ours:
            name = f"faults on {NAMES[database]}: promises broken, or controls not seen through, of {len(ours)}"
            yield Goal(name, 0, len(broken), "", most=True)
