"""The most that a project may take of its requester's money, as the requester was told."""

from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.launches import PATIENCE, LaunchRequest
from domain.projects.projects import Pilot, ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value
from storage.invariants import Invariant
from storage.projects.batches import pilot_mark
from storage.quality.models import AnswersSeen
from storage.work.consents import TAKEN_BACK, taken_back

ADD_STATED_COST = """
INSERT INTO stated_costs (project, amount) VALUES (:project, :amount)
ON CONFLICT (project) DO UPDATE SET amount = stated_costs.amount + excluded.amount"""
OF = "SELECT amount FROM stated_costs WHERE project = :project"


class StatedCosts:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project: ProjectId, amount: int) -> None:
        """Record that the requester was told of so much more, and agreed, before it is held."""
        if amount > 0:
            self._db.changed(ADD_STATED_COST, project=project, amount=amount)

    def total(self, project: ProjectId) -> Millionths:
        """Return the sum of all amounts that were stated."""
        return Millionths(int(single_value(self._db.one(OF, project=project), 0)))


_ROW = columns(LaunchRequest)
ADD_LAUNCH_REQUEST = """
INSERT INTO launch_requests (person, api_key, project, price, asked_at, until)
VALUES (:person, :key, :project, :price, :now, :until) RETURNING id"""
FIND = f"SELECT {_ROW} FROM launch_requests WHERE id = :number AND person = :person"
OWNER = "SELECT person FROM launch_requests WHERE id = :number"
WAITING = f"SELECT {_ROW} FROM launch_requests WHERE project = :project AND state = 'waiting'"
SINCE = "SELECT count(*) FROM launch_requests WHERE person = :person AND asked_at > :after"
DECIDE = "UPDATE launch_requests SET state = :state, decided_at = :now WHERE id = :number AND state = 'waiting'"


class LaunchRequests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, person: PersonId, key: int, project: ProjectId, price: Millionths) -> int:
        until = later(self._now, PATIENCE)
        values = {"person": person, "key": key, "project": project, "price": price}
        return int(single_value(self._db.all(ADD_LAUNCH_REQUEST, **values, now=self._now, until=until)[0]))

    def find(self, person: PersonId, number: int) -> LaunchRequest | None:
        row = self._db.one(FIND, person=person, number=number)
        return _request(row) if row else None

    def owner(self, number: int) -> PersonId | None:
        person = single_value(self._db.one(OWNER, number=number))
        return None if person is None else PersonId(person)

    def waiting(self, project: ProjectId) -> LaunchRequest | None:
        """The one that is not decided; its time may be over."""
        row = self._db.one(WAITING, project=project)
        return _request(row) if row else None

    def of_a_day(self, person: PersonId) -> int:
        return int(single_value(self._db.one(SINCE, person=person, after=later(self._now, -DAY))))

    def decide(self, number: int, state: str) -> bool:
        """False where it was decided before."""
        return bool(self._db.changed(DECIDE, number=number, state=state, now=self._now))


def _request(row: Row) -> LaunchRequest:
    return LaunchRequest(*row)


# The position of the last of a batch's first ordinary tasks.
LAST = """
SELECT position FROM tasks WHERE project = :project AND batch = :batch AND gold IS NULL
ORDER BY position LIMIT 1 OFFSET :others"""
FIRST_BATCH = """
SELECT id, ordinary FROM batches WHERE project = :project AND arriving = 0 AND launched = 0 ORDER BY start LIMIT 1"""
APART = """
INSERT INTO batches (project, requester, fingerprint, file_name, tasks, staged, start, ordinary, gold, asked,
  imported_at)
SELECT b.project, b.requester, :fingerprint, b.file_name, count(*), count(*), b.start,
  count(*) FILTER (WHERE few.gold IS NULL), count(*) FILTER (WHERE few.gold IS NOT NULL),
  sum(CASE WHEN few.gold IS NULL AND few.overlap < :most THEN :most ELSE few.overlap END), b.imported_at
FROM (SELECT gold, overlap FROM tasks WHERE project = :project AND position <= :last AND batch = :batch) AS few
CROSS JOIN batches b WHERE b.id = :batch
GROUP BY b.id, b.project, b.requester, b.file_name, b.start, b.imported_at
RETURNING id, tasks, ordinary, gold, asked"""
MOVE = "UPDATE tasks SET batch = :apart WHERE project = :project AND position <= :last AND batch = :batch"
REST = """
UPDATE batches SET start = :last + 1, tasks = tasks - :tasks, staged = staged - :tasks, ordinary = ordinary - :ordinary,
  gold = gold - :gold, asked = asked - :asked WHERE id = :batch"""
APART_ALREADY = """
SELECT max(t.position) FROM batches b JOIN tasks t ON t.batch = b.id AND t.project = b.project
WHERE b.project = :project AND b.fingerprint = :mark"""
BEGIN = """
INSERT INTO pilots (project, last, begun_at) VALUES (:project, :last, :now) ON CONFLICT (project) DO NOTHING"""
LAST_OF_PILOT = "SELECT last FROM pilots WHERE project = :project"
FORGET_PILOT = "DELETE FROM pilots WHERE project = :project"
# All its tasks have their answers, or the project has ended; one that waits for a first look has not begun.
DUE = """
SELECT f.project FROM pilots f JOIN projects p ON p.id = f.project
WHERE f.told_at IS NULL AND p.state <> 'draft' AND (p.state <> 'running' OR NOT EXISTS (
  SELECT 1 FROM tasks t WHERE t.project = f.project AND t.position <= f.last AND t.gold IS NULL
  AND t.state IN ('draft', 'open'))) ORDER BY f.project LIMIT :limit"""
TOLD = "UPDATE pilots SET told_at = :now WHERE project = :project AND told_at IS NULL"
# Answers agree with others: who answers a task alone agrees with nobody.
OTHERS = f"""EXISTS (
    SELECT 1 FROM submissions o
    WHERE o.task = s.task AND o.id <> s.id AND o.answer IS NOT NULL AND o.state <> 'rejected' AND NOT {taken_back("o")}
  )"""
FOUND = f"""
SELECT count(*), count(DISTINCT s.worker),
  count(*) FILTER (WHERE s.answer = coalesce(t.consensus, t.live) AND {OTHERS}),
  count(*) FILTER (WHERE s.answer IS NOT NULL AND {OTHERS})
FROM pilots f JOIN tasks t ON t.project = f.project AND t.position <= f.last AND t.gold IS NULL
JOIN submissions s ON s.task = t.id WHERE f.project = :project AND s.state <> 'rejected' AND NOT {TAKEN_BACK}"""


class Pilots:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.answers = AnswersSeen(connection)

    def split(self, project: ProjectId, tasks: int, most: int) -> int | None:
        """Move the first ordinary tasks, with the gold among them, into a batch of their own, unless that was done
        before; a task gets at most `most` answers. Return the position of the last of them, or None if no tasks would
        remain."""
        mark = pilot_mark(project)
        last_apart = single_value(self._db.one(APART_ALREADY, project=project, mark=mark))
        if last_apart is not None:
            return int(last_apart)
        row = self._db.one(FIRST_BATCH, project=project)
        if row is None or row[1] <= tasks:
            return None
        batch_columns = {"project": project, "batch": row[0]}
        last = int(single_value(self._db.one(LAST, **batch_columns, others=tasks - 1)))
        apart, rows, ordinary, gold, max_answers = self._db.all(
            APART, **batch_columns, last=last, most=most, fingerprint=mark
        )[0]
        self._db.changed(MOVE, **batch_columns, last=last, apart=apart)
        self._db.changed(REST, batch=row[0], last=last, tasks=rows, ordinary=ordinary, gold=gold, asked=max_answers)
        return last

    def begin(self, project: ProjectId, last: int) -> None:
        """Note that the project begins with a pilot up to this position: at once, or after its first look."""
        self._db.changed(BEGIN, project=project, last=last, now=self._now)

    def find_last(self, project: ProjectId) -> int | None:
        """Return the position of the pilot's last task, None for a project that begins with no pilot."""
        last = single_value(self._db.one(LAST_OF_PILOT, project=project))
        return None if last is None else int(last)

    def forget(self, project: ProjectId) -> None:
        """Note that the project begins as a whole."""
        self._db.changed(FORGET_PILOT, project=project)

    def due(self, limit: int) -> list[ProjectId]:
        return [ProjectId(row[0]) for row in self._db.all(DUE, limit=limit)]

    def mark_told(self, project: ProjectId) -> bool:
        """Mark the pilot's outcome as sent. Return False if it was sent before."""
        return self._db.changed(TOLD, project=project, now=self._now) == 1

    def find_outcome(self, project: ProjectId) -> Pilot | None:
        """Return what the pilot found, or None if there was none or it has no answers yet."""
        answers, workers, agreeing, opinions = map(int, self._db.all(FOUND, project=project)[0])
        return Pilot(answers, workers, agreeing / opinions if opinions else None) if answers else None


# Rule 18: a project takes no more of its requester's money than was stated before. What answers, fees, top-ups
# and judges cost comes out of what was held, and no account goes below zero (rule 3): what is spent never exceeds
# what was stated.
PROJECTS_COST_AS_STATED = Invariant(
    18,
    "no project takes more than its requester was told",
    """
SELECT 'project ' || h.project AS subject, 'took ' || h.amount || ' of its requester''s money, stated were '
  || coalesce(s.amount, 0) AS detail
FROM (
  SELECT t.project, sum(t.amount) AS amount FROM transfers t JOIN accounts d ON d.id = t.debit
  WHERE t.project IS NOT NULL AND t.kind IN ('launch', 'reserve', 'extra', 'stake') AND d.name LIKE 'requester:%'
  GROUP BY t.project
) AS h LEFT JOIN stated_costs s ON s.project = h.project WHERE h.amount > coalesce(s.amount, 0)""",
)
