"""Projects that may have a place to give out, in the order of their turn: read a few at a time, however many."""

from collections.abc import Callable

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.work.project_turns import ProjectTurn, Reached
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import each, of, words
from storage.drivers.rows import ABSENT, Held

# The languages that are asked for, each kind of wish once.
AUDIENCES = """
WITH RECURSIVE wish (languages) AS (
  SELECT min(languages) FROM project_turns
  UNION ALL
  SELECT (SELECT min(t.languages) FROM project_turns t WHERE t.languages > wish.languages) FROM wish
  WHERE wish.languages IS NOT NULL
) SELECT languages FROM wish WHERE languages IS NOT NULL"""
# 0: nothing is given out there; 1: not to this worker; 2: there are places this worker has not looked at.
_PLACES = """CASE WHEN p.state <> 'running' OR p.paused <> '' THEN 0
  WHEN p.requester <> :worker AND coalesce(e.declined, 0) = 0 AND e.barred IS NULL
    AND NOT EXISTS (SELECT 1 FROM worker_blocks b WHERE b.requester = p.requester AND b.worker = :worker) AND (
    EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0 AND o.shuffle_key > coalesce(e.cursor, 0))
    OR EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0 AND o.back > 0
      AND o.back > coalesce(e.back, 0))) THEN 2
  WHEN EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0) THEN 1 ELSE 0 END"""

_LAST_ANSWER = f"""(
    SELECT s.submitted_at FROM submissions s WHERE {of("s.project", "few.project")}
    ORDER BY s.project DESC, s.id DESC LIMIT 1)"""


def _turns(few: str) -> str:
    """Of a few rows of project_turns (project, answered_at): what is so now, for this worker."""
    return f"""
SELECT few.project, few.answered_at, {_PLACES}, coalesce(
    {_LAST_ANSWER}, p.launched_at),
  coalesce(e.worth, 1), CASE WHEN e.later > 0 OR e.watch > 1 THEN 1 ELSE 0 END
FROM ({few}) AS few JOIN projects p ON p.id = few.project
LEFT JOIN enrolments e ON e.project = few.project AND e.worker = :worker
ORDER BY few.answered_at, few.project"""


NEXT = _turns("""
  SELECT project, answered_at FROM project_turns
  WHERE languages = :languages AND (answered_at, project) > (:answered_at, :after)
  ORDER BY answered_at, project LIMIT :few""")
TELLING = _turns("""
  SELECT t.project, t.answered_at FROM enrolments m JOIN project_turns t ON t.project = m.project
  WHERE m.worker = :worker AND m.worth > 1""")
ADD = """
INSERT INTO project_turns (project, languages, answered_at)
SELECT id, languages, 0 FROM projects WHERE id = :project AND state = 'running' AND paused = ''
ON CONFLICT (project) DO NOTHING"""
CORRECT = "UPDATE project_turns SET answered_at = :answered_at WHERE project = :project"
DELETE = """
DELETE FROM project_turns WHERE project = :project AND NOT EXISTS (
  SELECT 1 FROM projects p JOIN openings o ON o.project = p.id AND o.gold = 0
  WHERE p.id = :project AND p.state = 'running' AND p.paused = '')"""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM project_turns LIMIT 50) AS few"

# Of those that come first by what is known of them, and ask for the same languages: one that waits for an answer.
WAITS = f"""
SELECT 1 FROM (
  SELECT t.project FROM projects p JOIN project_turns t ON t.languages = p.languages WHERE p.id = :project
  ORDER BY t.answered_at, t.project LIMIT :few) AS few
WHERE few.project <> :project
  AND coalesce({_LAST_ANSWER}, 0) < :before
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = few.project AND o.gold = 0) LIMIT 1"""


SOME = "SELECT project FROM project_turns LIMIT 2"
FEW = Held(("project_turns", "openings", "projects"))  # two of them at most; triggers add some
WISHES = Held(("project_turns", "openings", "projects"))  # the languages that are asked for

UNREAD = Reached(Moment(-1), ProjectId(0))


class ProjectTurns:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def audiences(self, suits: Callable[[tuple[str, ...]], bool]) -> list[str]:
        """The wishes of languages that suit a worker, as they are stored."""
        found = self._db.get(WISHES, None)
        if found is ABSENT:
            found = self._db.keep(WISHES, None, each(self._db.all(AUDIENCES)))
        return [wish for wish in found if suits(words(wish))]

    def telling(self, worker: PersonId) -> Foresight[list[ProjectTurn]]:
        """Where the worker's answers tell more than the average."""
        ((rows,),) = yield [(TELLING, [{"worker": worker}])]
        return self._turns(rows)

    def next(
        self, worker: PersonId, languages: str, reached: Reached, few: int
    ) -> Foresight[tuple[list[ProjectTurn], Reached | None]]:
        """Of the next few projects those with a place for this worker; and how far was read, None at the end."""
        about = {"worker": worker, "languages": languages, "few": few}
        ((rows,),) = yield [(NEXT, [{**about, "answered_at": reached.answered_at, "after": reached.project}])]
        last = Reached(Moment(rows[-1][1]), ProjectId(rows[-1][0])) if len(rows) == few else None
        return self._turns(rows), last

    def any_waits(self, before: Moment, project: ProjectId, few: int) -> bool:
        """Whether another project than this one has places, and had no answer since then."""
        return self._db.one(WAITS, before=before, project=project, few=few) is not None

    def is_alone(self, project: ProjectId) -> bool:
        """Whether there is no other."""
        found = self._db.get(FEW, None)
        if found is ABSENT:
            found = self._db.keep(FEW, None, frozenset(each(self._db.peek(SOME))))
        return bool(found <= {project})

    def count(self) -> int:
        """How many there are, up to 50."""
        return int(self._db.all(COUNT)[0][0])

    def add(self, project: ProjectId) -> None:
        """Gives out places again, or for the first time."""
        self._db.changed(ADD, project=project)

    def _turns(self, rows: list[Row]) -> list[ProjectTurn]:
        """What was found out of date is corrected."""
        for project, known, places, answered_at, *_ in rows:
            if not places:
                self._db.send(DELETE, project=project)
            elif known != answered_at:
                self._db.send(CORRECT, project=project, answered_at=answered_at)
        return [
            ProjectTurn(ProjectId(project), answered_at, worth, bool(later))
            for project, _, places, answered_at, worth, later in rows
            if places == 2
        ]
