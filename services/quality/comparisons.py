"""Items that are compared several times in a project: their strengths join the answers to a comparison."""

from domain.answers import kind_of
from domain.projects.projects import Project
from domain.work.positions import columns_of
from storage.database import Database
from storage.drivers.records import unpack
from storage.quality.models import CONTENT


async def things_of(database: Database, project: Project) -> dict[int, tuple[str, ...]]:
    """What stands behind each option in every answered task of a project whose options are columns, so that each row
    compares its own things; nothing where the things of this kind do not meet again."""
    columns = columns_of(project) if kind_of(project.kind).meets_again else None
    if columns is None:
        return {}
    content = {row[0]: unpack(row[1]) async for row in database.rows(CONTENT, project=project.id)}
    return {task: tuple(cells.get(name, "") for name in columns) for task, cells in content.items()}
