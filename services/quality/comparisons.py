"""Items that are compared several times in a project: their strengths join the answers to a comparison."""

import re

from domain.answers import kind_of
from domain.projects.projects import Project
from storage.database import Database
from storage.drivers.records import unpack
from storage.quality.evidence import CONTENT


async def things_of(database: Database, project: Project) -> dict[int, tuple[str, ...]]:
    """What stands behind each option in every answered task of a project whose options are columns, so that each row
    compares its own things; nothing where the things of this kind do not meet again."""
    columns = columns_of(project) if kind_of(project.kind).meets_again else None
    if columns is None:
        return {}
    content = {row[0]: unpack(row[1]) async for row in database.rows(CONTENT, project=project.id)}
    return {task: tuple(cells.get(name, "") for name in columns) for task, cells in content.items()}


def columns_of(project: Project) -> tuple[str, ...] | None:
    """The column that each option stands for, by its name or by its label in the template; None where one has none."""
    labels = dict(re.findall(r"^(.+?): \{([^{}]+)\}$", project.template, re.MULTILINE))
    names = {name.casefold(): name for name in project.columns}
    found = [names.get(option.casefold()) or labels.get(option) for option in project.options]
    return tuple(name for name in found if name) if all(found) else None
