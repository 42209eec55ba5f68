"""Items that are compared several times in a project: their strengths join the answers to a comparison."""

from domain.answers import kind_of
from domain.projects.projects import Project
from domain.work.positions import columns_of
from storage.database import Database
from storage.drivers.records import unpack
from storage.quality.models import CONTENT
from storage.unit import UnitOfWork


async def things_of(database: Database, project: Project) -> dict[int, tuple[str, ...]]:
    """What stands behind each option in every answered task of a project whose options are columns, so that each row
    compares its own things; nothing where the things of this kind do not meet again."""
    columns = _compared(project)
    if columns is None:
        return {}
    return {row[0]: _behind(columns, row[1]) async for row in database.rows(CONTENT, project=project.id)}


def things_now(unit: UnitOfWork, project: Project) -> dict[int, tuple[str, ...]]:
    """The same of a project that is small."""
    columns = _compared(project)
    if columns is None:
        return {}
    return {row[0]: _behind(columns, row[1]) for row in unit.connection.all(CONTENT, project=project.id)}


def _compared(project: Project) -> tuple[str, ...] | None:
    return columns_of(project) if kind_of(project.kind).meets_again else None


def _behind(columns: tuple[str, ...], content: str) -> tuple[str, ...]:
    cells = unpack(content)
    return tuple(cells.get(name, "") for name in columns)
