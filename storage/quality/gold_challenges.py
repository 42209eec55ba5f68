"""Gold challenges: contests, whether the gold is suspended, decisions."""

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.quality.gold_challenges import Challenge, ChallengeId, ChallengeState
from domain.work.assignments import SubmissionId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, pack, single_value, single_values, unpack_tuple
from storage.work.consents import TAKEN_BACK

_CHALLENGE = columns(Challenge)

BY_ID = f"SELECT {_CHALLENGE} FROM gold_challenges WHERE id = :id"
OPEN_OF = f"SELECT {_CHALLENGE} FROM gold_challenges WHERE task = :task AND state = 'open'"
OPEN_BEHIND = f"""
SELECT {_CHALLENGE} FROM gold_challenges WHERE project = :project AND state = 'open' AND id > :after
ORDER BY id LIMIT :limit"""
OPEN = f"""
INSERT INTO gold_challenges (project, task, gold, state, opened_at, due_at)
VALUES (:project, :task, :gold, 'open', :now, :due) RETURNING {_CHALLENGE}"""
CONTEST = """
INSERT INTO contests (submission, challenge, made_at) VALUES (:submission, :challenge, :now)
ON CONFLICT (submission) DO NOTHING"""
CONTESTED = "SELECT 1 FROM contests WHERE submission = :submission"
CONTESTS = "SELECT count(*) FROM contests WHERE challenge = :challenge"
CONTESTERS = """
SELECT s.worker FROM contests c JOIN submissions s ON s.id = c.submission
WHERE c.challenge = :challenge ORDER BY s.worker"""
QUARANTINE = "UPDATE gold_challenges SET quarantined = 1 WHERE id = :id AND state = 'open' AND quarantined = 0"
DECIDE = """
UPDATE gold_challenges SET state = :state, decided_at = :now, decided_by = :by WHERE id = :id AND state = 'open'"""
DUE = f"SELECT {_CHALLENGE} FROM gold_challenges WHERE state = 'open' AND due_at <= :now ORDER BY due_at LIMIT :limit"
# Gold that two or more missed, without a challenge so far; what most missed first, so that the others hide nothing.
MISSED_OFTEN = f"""
SELECT f.task FROM (
  SELECT s.task, count(*) AS missed FROM submissions s WHERE s.project = :project AND s.gold = 0
    AND NOT EXISTS (SELECT 1 FROM gold_challenges x WHERE x.task = s.task) AND NOT {TAKEN_BACK}
  GROUP BY s.task HAVING count(*) >= 2) AS f
ORDER BY 2 * f.missed - (SELECT t.received FROM tasks t WHERE t.id = f.task) DESC, f.task LIMIT :limit"""
# Missed gold a worker may still contest, newest first.
CONTESTABLE = """
SELECT s.id FROM submissions s JOIN tasks t ON t.id = s.task
WHERE s.worker = :worker AND s.gold = 0 AND t.gold IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM contests c WHERE c.submission = s.id)
ORDER BY s.id DESC LIMIT :limit"""
WAITING_FOR = """
SELECT count(*) FROM contests c JOIN submissions s ON s.id = c.submission JOIN gold_challenges x ON x.id = c.challenge
WHERE s.worker = :worker AND x.state = 'open'"""


def challenge_from(row: Row) -> Challenge:
    values = list(row)
    values[3], values[4], values[5] = unpack_tuple(values[3]), ChallengeState(values[4]), bool(values[5])
    return Challenge(*values)


class GoldChallenges:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, challenge: ChallengeId) -> Challenge | None:
        row = self._db.one(BY_ID, id=challenge)
        return challenge_from(row) if row else None

    def page(self, project: ProjectId, after: int, limit: int) -> list[Challenge]:
        """Open ones of a project."""
        return [challenge_from(row) for row in self._db.all(OPEN_BEHIND, project=project, after=after, limit=limit)]

    def open_of(self, task: TaskId) -> Challenge | None:
        row = self._db.one(OPEN_OF, task=task)
        return challenge_from(row) if row else None

    def open(self, project: ProjectId, task: TaskId, gold: tuple[str, ...], due: Moment) -> Challenge:
        """The task is locked and has no open challenge."""
        return challenge_from(
            self._db.all(OPEN, project=project, task=task, gold=pack(gold), due=due, now=self._now)[0]
        )

    def contest(self, challenge: ChallengeId, submission: SubmissionId) -> bool:
        """False the second time."""
        return self._db.changed(CONTEST, challenge=challenge, submission=submission, now=self._now) == 1

    def is_contested(self, submission: SubmissionId) -> bool:
        return self._db.one(CONTESTED, submission=submission) is not None

    def contests(self, challenge: ChallengeId) -> int:
        return int(single_value(self._db.one(CONTESTS, challenge=challenge), 0))

    def contesters(self, challenge: ChallengeId) -> list[PersonId]:
        return single_values(self._db.all(CONTESTERS, challenge=challenge))

    def quarantine(self, challenge: ChallengeId) -> bool:
        return self._db.changed(QUARANTINE, id=challenge) == 1

    def decide(self, challenge: ChallengeId, state: ChallengeState, by: PersonId | None) -> bool:
        """False when it was decided before; `by` None is silence."""
        return self._db.changed(DECIDE, id=challenge, state=state.value, by=by, now=self._now) == 1

    def due(self, limit: int) -> list[Challenge]:
        return [challenge_from(row) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def missed_often(self, project: ProjectId, limit: int) -> list[TaskId]:
        return single_values(self._db.all(MISSED_OFTEN, project=project, limit=limit))

    def contestable(self, worker: PersonId, limit: int) -> list[SubmissionId]:
        return single_values(self._db.all(CONTESTABLE, worker=worker, limit=limit))

    def waiting_for(self, worker: PersonId) -> int:
        """Return the number of this worker's contests that are undecided."""
        return int(single_value(self._db.one(WAITING_FOR, worker=worker), 0))
