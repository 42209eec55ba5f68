"""What is left in projects for a worker: tasks to be given out, and those they skipped."""

from domain.moments import DAY, Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.work.dispatch import COMPARED
from domain.work.submissions import SKIPS_A_DAY
from storage.drivers.connection import Connection, Foresight, read
from storage.drivers.records import first

# A running project of which this worker skipped as many tasks today as can be skipped in a day.
SKIPPED_OUT = f"""
SELECT p.title FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.skipped_on = :today AND e.skipped >= {SKIPS_A_DAY} AND e.declined = 0
  AND p.state = 'running' ORDER BY e.project LIMIT 1"""


def _places(gold: int, cursor: str, back: str) -> str:
    """Openings behind where this worker looked: the first ahead, a few of which they may have had, and the first that
    came back since."""
    looked = "coalesce((SELECT e.{} FROM enrolments e WHERE e.worker = :worker AND e.project = :project), 0)"
    return f"""
  SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = {gold}
    AND shuffle_key > {looked.format(cursor)} ORDER BY shuffle_key LIMIT :most + {COMPARED}) AS ahead
  UNION SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = {gold}
    AND back > 0 AND back > {looked.format(back)} ORDER BY back LIMIT :most + {COMPARED}) AS returned"""


def _count_places(places: str) -> str:
    """Count each once; none this worker had, or somebody paid to the same bank account."""
    return f"""
SELECT count(*) FROM ({places}) AS few
WHERE NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = few.task AND a.worker = :worker)
AND NOT EXISTS (SELECT 1 FROM payee_mates m JOIN assignments b ON b.worker = m.mate
  WHERE m.person = :worker AND b.task = few.task)"""


_ORDINARY, _GOLD = _places(0, "cursor", "back"), _places(1, "gold_cursor", "gold_back")
# Gold comes among ordinary tasks only. But a number of ordinary tasks alone would show workers which of their tasks did
# not lower it.
HAS_PLACE = _count_places(_ORDINARY)
PLACES_LEFT = _count_places(f"{_ORDINARY} UNION {_GOLD}")
# A task that was skipped comes back under a new number: those that came back last are looked at.
SKIPPED_BY = """
SELECT count(*) FROM (
  SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = 0 AND back > 0
    ORDER BY back DESC LIMIT :most) AS ordinary
  UNION SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = 1 AND back > 0
    ORDER BY back DESC LIMIT :most) AS gold) AS few
JOIN assignments a ON a.task = few.task AND a.worker = :worker AND a.state = 'skipped'
WHERE few.task NOT IN (SELECT task FROM reports WHERE reporter = :worker)"""


class PlacesLeft:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find_skipped_out(self, worker: PersonId, now: Moment) -> str | None:
        """Return the title of a project that offers this worker nothing more today, as they skipped so many tasks."""
        row = self._db.one(SKIPPED_OUT, worker=worker, today=now // DAY)
        return row[0] if row else None

    def has_place(self, worker: PersonId, project: ProjectId) -> bool:
        """Return whether an ordinary task is there for this worker."""
        return bool(first(self._db.one(HAS_PLACE, worker=worker, project=project, most=1)))

    def count(self, worker: PersonId, project: ProjectId, most: int) -> int:
        """Return how many tasks there are for this worker, gold included; counting ends at `most`."""
        return int(read(self._db, self.look(worker, project, most))[0])

    def look(self, worker: PersonId, project: ProjectId, most: int) -> Foresight[int]:
        """The same, beside other readings."""
        ((rows,),) = yield [(PLACES_LEFT, [{"worker": worker, "project": project, "most": most}])]
        return min(most, int(first(rows[0])))

    def count_skipped(self, worker: PersonId, project: ProjectId, most: int) -> int:
        """Of the tasks that came back last: how many are there to be given out that this worker skipped. Reporting
        one gives it back as skipping does: those are not counted."""
        return int(first(self._db.one(SKIPPED_BY, worker=worker, project=project, most=most)))
