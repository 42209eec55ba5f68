"""The goals among the figures of one size on one database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.databases import NAMES
from benchmarks.tables import Goal

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")

Figures = dict[str, str]  # as they stand in the table


@dataclass(frozen=True, slots=True)
class Wanted:
    """`figure` begins a line of the table, and `place` is that of the number in its cell."""

    name: str
    figure: str
    place: int
    limits: dict[str, float]  # by database
    unit: str = ""
    most: bool = True


def _both(limit: float) -> dict[str, float]:
    return dict.fromkeys(NAMES, limit)


WANTED = (
    Wanted("next task chosen", "next task chosen, µs", 0, {"sqlite": 15.0, "postgresql": 60.0}, " µs"),
    Wanted("import against bare executemany, by time", "… of bare executemany", 0, _both(0.5), " ×", most=False),
    Wanted("import against bare executemany, by CPU", "… of bare executemany", 1, _both(0.5), " ×", most=False),
    Wanted(
        "an answer beside an import, p99", "an answer beside an import", 1, {"sqlite": 20.0, "postgresql": 40.0}, " ms"
    ),
    Wanted(
        "CSV with three answers a task against csv.writer, by time",
        "… of a cursor and csv.writer, by time · by our CPU ",
        0,
        _both(0.75),
        " ×",
        most=False,
    ),
    Wanted("first row of it after", "… first row in the file after, s", 0, _both(2.0), " s"),
    Wanted(
        "sweeps beside many open projects, of a core", "… all other sweeps while nothing happens", 0, _both(2.0), " %"
    ),
)


def goals(database: str, tasks: int, figures: Figures) -> Iterator[Goal]:
    """Of what was measured; the figures' lines are found by how they begin, the first that does."""
    for wanted in WANTED:
        cell = next((told for name, told in figures.items() if name.startswith(wanted.figure)), "")
        numbers = NUMBER.findall(cell)
        if len(numbers) > wanted.place:
            found = float(numbers[wanted.place].replace(",", ""))
            name = f"{NAMES[database]}, {tasks:,} tasks: {wanted.name}"
            yield Goal(name, wanted.limits[database], found, wanted.unit, wanted.most)
