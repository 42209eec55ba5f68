"""The parts of a worker's skill in each project, and the agreement of a project's answers."""

from itertools import pairwise

from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import each, of
from storage.work.consents import TAKEN_BACK

OF_WORKER = """
SELECT p.title, p.kind, p.state, e.answered, e.gold_seen, e.gold_right, e.qualified, e.watch, e.restricted_until,
  e.project, e.later, p.accept
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.answered > 0 ORDER BY e.project DESC LIMIT :limit"""
# Answers to tasks that others answered too, and those that say what the task came to.
AGREEING = """
SELECT count(*), count(*) FILTER (WHERE s.answer = t.consensus) FROM submissions s JOIN tasks t ON t.id = s.task
WHERE s.worker = :worker AND s.project = :project AND t.gold IS NULL AND t.received > 1 AND s.answer IS NOT NULL
  AND t.consensus IS NOT NULL AND s.state <> 'rejected'"""
AGREEMENT = f"""
SELECT count(*), count(*) FILTER (WHERE s.answer = t.consensus) FROM submissions s JOIN tasks t ON t.id = s.task
WHERE s.project = :project AND t.gold IS NULL AND t.received > 1 AND s.answer IS NOT NULL
  AND t.consensus IS NOT NULL AND s.state <> 'rejected' AND NOT {TAKEN_BACK}"""
# The same pairs one by one, newest first, where agreeing is more than being the same words.
PAIRS = f"""
SELECT s.answer, t.consensus FROM submissions s JOIN tasks t ON t.id = s.task
WHERE s.project = :project AND (s.worker = :worker OR :worker = 0) AND t.gold IS NULL AND t.received > 1
  AND s.answer IS NOT NULL AND t.consensus IS NOT NULL AND s.state <> 'rejected'
  AND (:worker <> 0 OR NOT {TAKEN_BACK}) ORDER BY s.id DESC LIMIT :limit"""
# Check questions among a worker's newest answers in a project.
GOLD_OF_NEWEST = f"""
SELECT s.gold FROM submissions s WHERE {of("s.worker", ":worker")} AND s.project = :project
ORDER BY s.worker DESC, s.id DESC LIMIT :answers"""
STEPS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
BOUNDS = (0.0, *STEPS, 2.0)
HISTOGRAM = "SELECT " + ", ".join(
    f"count(*) FILTER (WHERE confidence >= {low} AND confidence < {high})" for low, high in pairwise(BOUNDS)
)
CONFIDENCES = f"{HISTOGRAM} FROM tasks WHERE project = :project AND gold IS NULL AND consensus IS NOT NULL"

# Closed tasks with a model's answer: how many, people's answers to them, those asked once, and not at all.
BESIDE_MODELS = """
SELECT count(*), coalesce(sum(received), 0), count(*) FILTER (WHERE received = 1), count(*) FILTER (WHERE received = 0)
FROM tasks WHERE project = :project AND ai IS NOT NULL AND gold IS NULL AND state = 'closed'"""


class Skills:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_worker(self, worker: PersonId, limit: int) -> list[Row]:
        """title, kind, state, answered, gold seen, right, qualified, watch, restricted until, project, later, accept"""
        return list(self._db.all(OF_WORKER, worker=worker, limit=limit))

    def gold_of_newest(self, worker: PersonId, project: ProjectId, answers: int) -> tuple[int, int]:
        """(check questions, those answered right) among the worker's newest so many `answers` in the project."""
        judged = each(self._db.all(GOLD_OF_NEWEST, worker=worker, project=project, answers=answers))
        return sum(right is not None for right in judged), sum(right == 1 for right in judged)

    def agreeing(self, worker: PersonId, project: ProjectId) -> tuple[int, int]:
        """(answers that can be compared, those that agree with the consensus)."""
        row = self._db.all(AGREEING, worker=worker, project=project)[0]
        return int(row[0]), int(row[1])

    def agreement(self, project: ProjectId) -> tuple[int, int]:
        row = self._db.all(AGREEMENT, project=project)[0]
        return int(row[0]), int(row[1])

    def pairs(self, project: ProjectId, worker: PersonId | None, limit: int) -> list[tuple[str, str]]:
        """(answer, consensus) of one worker, or of all."""
        return [(row[0], row[1]) for row in self._db.all(PAIRS, project=project, worker=worker or 0, limit=limit)]

    def beside_models(self, project: ProjectId) -> tuple[int, int, int, int]:
        """(closed tasks with a model's answer, people's answers to them, those asked once, those asked of nobody)."""
        closed, answers, once, never = map(int, self._db.all(BESIDE_MODELS, project=project)[0])
        return closed, answers, once, never

    def confidences(self, project: ProjectId) -> list[int]:
        """How many tasks have a confidence below each of STEPS, then above the last."""
        return [int(count) for count in self._db.all(CONFIDENCES, project=project)[0]]
