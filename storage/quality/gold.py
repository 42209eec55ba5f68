"""Gold made in chat: the task to ask a requester about, unanimous answers, and changes of a task to gold."""

from collections import defaultdict

from domain.draws import SHUFFLE_MASK
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import Task, TaskId
from domain.quality.gold import MIN_AGREEING_ANSWERS, MIN_CONSENSUS_CONFIDENCE, is_unanimous
from domain.quality.machine import MachineAnswer
from domain.work.assignments import SubmissionId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, pack, single_value, unpack_tuple
from storage.projects.batches import Batches
from storage.projects.lifecycle import ChangedProjects
from storage.projects.tasks import ai_from, task_from
from storage.work.consents import TAKEN_BACK

LOOKED_AT = 50  # sure tasks at once
# The next ordinary tasks that can be given out, from a place in their shuffled order on, or that wait for their launch,
# from a position on.
NEXT_OPEN = f"""
SELECT {columns(Task, "t.")} FROM openings o JOIN tasks t ON t.id = o.task
WHERE o.project = :project AND o.gold = 0 AND o.shuffle_key >= :start ORDER BY o.shuffle_key LIMIT :few"""
NEXT_DRAFT = f"""
SELECT {columns(Task, "t.")} FROM tasks t WHERE t.project = :project AND t.gold IS NULL AND t.state = 'draft'
  AND t.position >= :position AND t.position <= :last
  AND (SELECT b.arriving FROM batches b WHERE b.id = t.batch) = 0 ORDER BY t.position LIMIT :few"""
# Sure ones that the requester has not declined, and their answers: databases differ in what they call the same letter.
_SURE = f"""
FROM tasks t WHERE t.project = :project AND t.gold IS NULL AND t.state = 'closed' AND t.consensus IS NOT NULL
  AND t.received >= {MIN_AGREEING_ANSWERS} AND t.confidence >= {MIN_CONSENSUS_CONFIDENCE} AND t.position > :after
  AND NOT EXISTS (SELECT 1 FROM gold_refusals r WHERE r.task = t.id)
  AND NOT EXISTS (SELECT 1 FROM gold_challenges x WHERE x.task = t.id)
ORDER BY t.position LIMIT :limit"""
SUGGESTED = f"SELECT {columns(Task, 't.')} {_SURE}"
SUGGESTED_BY = f"""
SELECT s.task, s.answer FROM (SELECT t.id {_SURE}) AS few JOIN submissions s ON s.task = few.id
WHERE s.answer IS NOT NULL AND NOT {TAKEN_BACK}"""
REFUSE = """
INSERT INTO gold_refusals (task, refused_at) VALUES (:task, :now) ON CONFLICT (task) DO NOTHING"""
# Before the launch nothing else changes: a gold task is asked for as often as its overlap says.
MAKE_DRAFT = "UPDATE tasks SET gold = :gold WHERE id = :task AND gold IS NULL AND state = 'draft'"
# Afterwards it keeps every place that was funded.
MAKE = """
UPDATE tasks SET gold = :gold, asked = overlap, overlap = :largest, scores = NULL, scored = 0,
  state = CASE WHEN :running = 0 THEN state WHEN received < :largest THEN 'open' ELSE 'closed' END
WHERE id = :task AND gold IS NULL AND state IN ('open', 'closed')"""
SET_ASIDE = "UPDATE tasks SET gold = NULL, state = 'stopped' WHERE id = :task AND gold IS NOT NULL"
BACK = "UPDATE tasks SET gold = :gold, state = :state WHERE id = :task AND gold IS NULL"
ORDINARY = """
UPDATE tasks SET overlap = coalesce(asked, overlap), asked = NULL, state = :state WHERE id = :task"""
ASKED = "SELECT asked FROM tasks WHERE id = :task"
EXPLAIN = "UPDATE tasks SET reason = :reason WHERE id = :task AND gold IS NOT NULL"
# All of them are judged, as pay may hang on it; of those that were not taken back it is told what they say.
ANSWERS = "SELECT id, worker, answer FROM submissions WHERE task = :task AND state <> 'rejected' ORDER BY id"
HEARD = f"""
SELECT s.worker, s.answer FROM submissions s
WHERE s.task = :task AND s.state <> 'rejected' AND NOT {TAKEN_BACK} ORDER BY s.id"""
JUDGE = "UPDATE submissions SET gold = :right WHERE id = :submission"
# What a worker's gold says is counted from the answers themselves.
RECOUNT = """
UPDATE enrolments SET
  gold_seen = (SELECT count(*) FROM submissions s WHERE s.worker = enrolments.worker
    AND s.project = enrolments.project AND s.gold IS NOT NULL),
  gold_right = (SELECT count(*) FROM submissions s WHERE s.worker = enrolments.worker
    AND s.project = enrolments.project AND s.gold = 1)
WHERE worker = :worker AND project = :project"""

COUNT = "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE project = :project AND gold IS NOT NULL LIMIT :limit) AS few"
ANSWERED_BY_MODELS = """
SELECT gold, ai FROM tasks WHERE project = :project AND gold IS NOT NULL AND ai IS NOT NULL LIMIT :limit"""
# The next refit learns what gold says now, however few answers are new.
CHANGED = "UPDATE project_models SET answers = 0, last_submission = 0 WHERE project = :project"

EXAMINE = "UPDATE examinations SET last_submission = 0 WHERE project = :project"


class GoldTasks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def next_unknown(self, project: ProjectId, share: float, few: int) -> list[Task]:
        """Return the next few tasks without a known answer, once this share (0…1) of them was passed over."""
        rows = self._db.all(NEXT_OPEN, project=project, start=int(share * SHUFFLE_MASK), few=few)
        if not rows:
            waiting = Batches(self._db, self._now).waiting(project)
            start = waiting.first + int(share * (waiting.last + 1 - waiting.first))
            rows = self._db.all(NEXT_DRAFT, project=project, position=start, last=waiting.last, few=few)
        return list(map(task_from, rows))

    def count(self, project: ProjectId, limit: int) -> int:
        """Return the number of gold tasks, at most `limit`."""
        return int(single_value(self._db.one(COUNT, project=project, limit=limit)))

    def answered_by_models(
        self, project: ProjectId, limit: int
    ) -> list[tuple[tuple[str, ...], tuple[MachineAnswer, ...]]]:
        """(gold, models' answers) of gold tasks that have both."""
        rows = self._db.all(ANSWERED_BY_MODELS, project=project, limit=limit)
        return [(unpack_tuple(gold), ai_from(ai)) for gold, ai in rows]

    def suggested(self, project: ProjectId, after: int, limit: int) -> list[Task]:
        """Return tasks behind a position with nearly unanimous answers, in the order of the file."""
        suggestions: list[Task] = []
        while len(suggestions) < limit:
            page = {"project": project, "after": after, "limit": LOOKED_AT}
            tasks, answers = list(map(task_from, self._db.all(SUGGESTED, **page))), defaultdict[int, list[str]](list)
            for task, answer in self._db.all(SUGGESTED_BY, **page) if tasks else ():
                answers[task].append(answer)
            suggestions += [
                candidate
                for candidate in tasks
                if is_unanimous(candidate.consensus or "", answers[candidate.id], candidate.received)
            ]
            if len(tasks) < LOOKED_AT:
                break
            after = tasks[-1].position
        return suggestions[:limit]

    def refuse(self, task: TaskId) -> None:
        self._db.changed(REFUSE, task=task, now=self._now)

    def make(self, task: TaskId, gold: tuple[str, ...], largest: int, running: bool) -> bool:
        """False when the task is gold already, or is nothing that can become it."""
        if self._db.changed(MAKE_DRAFT, task=task, gold=pack(gold)):
            return True
        return self._db.changed(MAKE, task=task, gold=pack(gold), largest=largest, running=int(running)) == 1

    def explain(self, task: TaskId, reason: str) -> bool:
        return self._db.changed(EXPLAIN, task=task, reason=reason) == 1

    def set_aside(self, task: TaskId) -> bool:
        """Suspends the gold: the task is not offered for now."""
        return self._db.changed(SET_ASIDE, task=task) == 1

    def put_back(self, task: TaskId, gold: tuple[str, ...], state: str) -> bool:
        return self._db.changed(BACK, task=task, gold=pack(gold), state=state) == 1

    def make_ordinary(self, task: TaskId, state: str) -> None:
        self._db.changed(ORDINARY, task=task, state=state)

    def was_ordinary(self, task: TaskId) -> bool:
        """Return whether the task was launched, and funded, without gold."""
        return single_value(self._db.one(ASKED, task=task)) is not None

    def answers(self, task: TaskId) -> list[tuple[SubmissionId, PersonId, str | None]]:
        return [(SubmissionId(row[0]), PersonId(row[1]), row[2]) for row in self._db.all(ANSWERS, task=task)]

    def list_kept_answers(self, task: TaskId) -> list[tuple[PersonId, str | None]]:
        """Return (worker, answer) of the task's answers, without those that workers took back."""
        return [(PersonId(row[0]), row[1]) for row in self._db.all(HEARD, task=task)]

    def judge(self, submission: SubmissionId, right: bool | None) -> None:
        """Store whether the submission is right; None if its task has no gold (any more)."""
        self._db.changed(JUDGE, submission=submission, right=None if right is None else int(right))

    def recount(self, worker: PersonId, project: ProjectId) -> None:
        self._db.changed(RECOUNT, worker=worker, project=project)

    def changed(self, project: ProjectId) -> None:
        """Marks the project's gold as changed since its last refit."""
        self._db.changed(CHANGED, project=project)
        self._db.changed(EXAMINE, project=project)
        ChangedProjects(self._db).add(project)
