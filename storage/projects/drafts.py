"""Rows of a project's tasks copied into a new draft."""

from typing import NamedTuple

from domain.projects.projects import Project, ProjectId
from storage.drivers.connection import Connection

NONE, GOLD, ALL = "none", "gold", "all"
_ONLY = {GOLD: "AND t.gold IS NOT NULL", ALL: ""}
_COPIED = "position, key, content, gold, reason, overlap, ai"

ROWS = """
SELECT coalesce(sum(ordinary), 0), coalesce(sum(gold), 0) FROM batches WHERE project = :project AND arriving = 0"""


def _counted(what: str) -> str:
    return f"""
SELECT count(*) FILTER (WHERE gold IS NULL), count(*) FILTER (WHERE gold IS NOT NULL),
  coalesce(sum(CASE WHEN gold IS NULL AND overlap < :most THEN :most ELSE overlap END), 0),
  coalesce(sum(length(content)), 0)
FROM (SELECT t.gold, t.overlap, t.content FROM tasks t JOIN batches b ON b.id = t.batch
  WHERE t.project = :source AND b.arriving = 0 {_ONLY[what]}) AS few"""


def _copy(what: str) -> str:
    return f"""
INSERT INTO tasks (project, batch, {_COPIED}, state)
SELECT :project, :batch, row_number() OVER (ORDER BY few.position), few.key, few.content, few.gold, few.reason,
  few.overlap, few.ai, 'draft'
FROM (SELECT t.position, t.key, t.content, t.gold, t.reason, t.overlap, t.ai
  FROM tasks t JOIN batches b ON b.id = t.batch
  WHERE t.project = :source AND b.arriving = 0 {_ONLY[what]}) AS few"""


COUNT_GOLD, COUNT_ALL = _counted(GOLD), _counted(ALL)
COPY_GOLD, COPY_ALL = _copy(GOLD), _copy(ALL)


class DraftRowCounts(NamedTuple):
    """`tasks` and `gold` apart; `asked` is the largest number of answers, `bytes` about their size."""

    tasks: int
    gold: int
    asked: int = 0
    bytes: int = 0

    @property
    def rows(self) -> int:
        return self.tasks + self.gold

    def count_for(self, what: str) -> int:
        return {NONE: 0, GOLD: self.gold}.get(what, self.rows)


class Clones:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def rows(self, project: ProjectId) -> DraftRowCounts:
        """Return the number of rows of complete files, and of gold among them."""
        return DraftRowCounts(*map(int, self._db.all(ROWS, project=project)[0]))

    def counted(self, source: Project, what: str) -> DraftRowCounts:
        if what == NONE:
            return DraftRowCounts(0, 0)
        count = COUNT_GOLD if what == GOLD else COUNT_ALL
        return DraftRowCounts(*map(int, self._db.all(count, source=source.id, most=source.largest(0))[0]))

    def copy(self, source: ProjectId, project: ProjectId, batch: int, what: str) -> None:
        if what != NONE:
            self._db.changed(COPY_GOLD if what == GOLD else COPY_ALL, source=source, project=project, batch=batch)
