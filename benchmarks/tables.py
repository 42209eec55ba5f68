"""Measured tables in `benchmarks/results/`, each with its day, machine and command, and the goals in them.

The manual links to them."""

import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path("benchmarks/results")
WRITE = f"write the table into {RESULTS}/"
EARLIER = "## Earlier"  # the heading of notes and earlier figures
GOALS_HEAD = ("| goal | wanted | found | |", "| --- | --: | --: | --- |")


@dataclass(frozen=True, slots=True)
class Goal:
    """What was found beside what was wanted: at least that, or, with `most`, at most that."""

    name: str
    wanted: float
    found: float
    unit: str = " ×"
    most: bool = False

    def __str__(self) -> str:
        wanted = f"{'≤' if self.most else '≥'} {self.wanted:g}{self.unit}"
        verdict = "reached" if self.is_reached else "**missed**"
        found = f"{self.found:,}" if isinstance(self.found, int) and not self.unit else f"{self.found:,.2f}"
        return f"| {self.name} | {wanted} | {found}{self.unit} | {verdict} |"

    @property
    def is_reached(self) -> bool:
        return self.found <= self.wanted if self.most else self.found >= self.wanted


def goals_table(goals: Iterable[Goal]) -> str:
    """To stand in a page of results, where `goals_of` finds it."""
    return "\n".join([*GOALS_HEAD, *map(str, goals)])


def goals_of(name: str) -> Iterator[str]:
    """The rows of the goals that the page of this name tells; none where there is no such page."""
    page = RESULTS / f"{name}.md"
    _, _, after = page.read_text().partition("\n".join(GOALS_HEAD)) if page.exists() else ("", "", "")
    for line in after.lstrip("\n").splitlines():
        if not line.startswith("|"):
            return
        yield line


def day_of(name: str) -> str:
    """The day on which the page of this name was measured: its third line begins with it."""
    return (RESULTS / f"{name}.md").read_text().splitlines()[2].partition(",")[0]


def keep(name: str, title: str, command: str, text: str) -> None:
    """Replaces the table of this name, but for what was written by hand (from EARLIER on); `command` is the arguments
    that measure it again."""
    RESULTS.mkdir(exist_ok=True)
    page = RESULTS / f"{name}.md"
    _, found, by_hand = page.read_text().partition(EARLIER) if page.exists() else ("", "", "")
    head = f"# {title}\n\n{here()}. Again: `python -m benchmarks {command} --write`.\n\n"
    page.write_text(f"{head}{text}\n{found}{by_hand}")


def here() -> str:
    """The day, and the machine as far as it matters."""
    return f"{datetime.now(UTC).date().isoformat()}, Python {platform.python_version()}, {os.cpu_count()} cores"
