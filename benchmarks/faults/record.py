"""Results of a campaign, kept in a file: it may be run in parts, and a part again."""

import json
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

from benchmarks.faults.page import Line
from benchmarks.faults.table import SCENARIOS, TAKEN_AWAY


def recorded(path: Path) -> list[Line]:
    """In the table's order; what the table no longer has is left out."""
    if not path.exists():
        return []
    rows = {(row["name"], row["database"]): row for row in map(json.loads, path.read_text().splitlines())}
    scenarios = {scenario.name: scenario for scenario in (*SCENARIOS, *TAKEN_AWAY)}
    found = []
    for name, scenario in scenarios.items():
        for database in scenario.databases:
            if row := rows.get((name, database)):
                values = {key: value for key, value in row.items() if key != "name"}
                values |= {"moved": Counter(row["moved"]), "day": date.fromisoformat(row["day"])}
                found.append(Line(**{**values, "scenario": scenario, "untrue": tuple(row["untrue"])}))
    return found


def record(path: Path, line: Line) -> None:
    """The last of a name and database counts."""
    row = {each.name: getattr(line, each.name) for each in fields(line) if each.name != "scenario"}
    row |= {"name": line.scenario.name, "day": line.day.isoformat()}
    with path.open("a") as kept:
        kept.write(json.dumps(row) + "\n")
