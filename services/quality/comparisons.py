"""Things that meet again in other comparisons of a project: what those say of them joins what its answers say."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from domain.projects.projects import Project
from domain.quality.comparisons import told_by_others
from domain.quality.live import Refit
from storage.database import Database
from storage.drivers.records import unpack
from storage.quality.evidence import CONTENT


async def with_strengths(database: Database, project: Project, tasks: list[int], found: Refit) -> Refit:
    """The refit of a project whose options are columns, so that each row compares its own things."""
    columns = columns_of(project)
    if columns is None:
        return found
    content = {row[0]: unpack(row[1]) async for row in database.rows(CONTENT, project=project.id)}
    return await asyncio.to_thread(weighed, found, tasks, columns, content)


def columns_of(project: Project) -> tuple[str, ...] | None:
    """The column that each option stands for, by its name or by its label in the template; None where one has none."""
    labels = dict(re.findall(r"^(.+?): \{([^{}]+)\}$", project.template, re.MULTILINE))
    names = {name.casefold(): name for name in project.columns}
    found = [names.get(option.casefold()) or labels.get(option) for option in project.options]
    return tuple(name for name in found if name) if all(found) else None


def weighed(
    found: Refit, tasks: list[int], columns: tuple[str, ...], content: Mapping[int, Mapping[str, str]]
) -> Refit:
    """Every answered task's scores, moved by the strengths its things show elsewhere."""
    places = [at for at, task in enumerate(tasks) if found.tasks[at].answers and task in content]
    things = [[content[tasks[at]].get(name, "") for name in columns] for at in places]
    number: dict[str, int] = {}
    sides = np.array([[number.setdefault(thing, len(number)) for thing in row] for row in things], dtype=np.int64)
    scores = np.array([found.tasks[at].scores for at in places], dtype=np.float64)
    if not places:
        return found
    moved = scores + told_by_others(scores - np.array(found.project.fresh.scores), sides, len(number))
    states = list(found.tasks)
    for at, row in zip(places, moved.tolist(), strict=True):
        states[at] = replace(states[at], scores=tuple(row))
    return replace(found, tasks=tuple(states))
