"""Stored quality models: of a project and of its workers, read together with one answer."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar, cast
from uuid import uuid4

from domain.moments import NEVER, Moment
from domain.people.accounts import PersonId
from domain.projects.preflight import AccuracyEvidence
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import REVIEWS, TaskId, batch_of
from domain.quality.aggregation import OptionEvidence, UsualSets
from domain.quality.agreement import ClassReport, Reliability
from domain.quality.crowd import Skill
from domain.quality.figures import CONFIDENCE_STEPS, CalibrationStep, Figures, GoldEffect
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import Doubt, MachineModel, ModelWarning
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import equals_by_range, pack, single_value, single_values, unpack
from storage.drivers.rows import ABSENT, Holding
from storage.projects.batches import Batches
from storage.work.consents import TAKEN_BACK

LAUNCHED = "UPDATE batches SET launched = 1 WHERE id = :batch"
ADD = """
INSERT INTO tasks (project, batch, position, key, content, overlap, ai, state)
SELECT CAST(:project AS BIGINT), CAST(:batch AS BIGINT), coalesce(max(position), 0) + 1,
  coalesce(CAST(:key AS TEXT), 'review ' || (coalesce(max(position), 0) + 1)), CAST(:content AS TEXT),
  CAST(:overlap AS BIGINT), CAST(:ai AS TEXT), 'open' FROM tasks WHERE project = :project
ON CONFLICT (project, key) DO NOTHING RETURNING id"""
GROWN = """
UPDATE batches SET tasks = tasks + 1, staged = staged + 1, ordinary = ordinary + 1, asked = asked + :most,
  bytes = bytes + :size, imported_at = :now WHERE id = :batch"""
SAME = "SELECT id, content, ai FROM tasks WHERE project = :project AND key = :key"
KEPT_IN = "SELECT 1 FROM tasks t JOIN batches b ON b.id = t.batch WHERE t.id = :task AND b.fingerprint = :named"
# Rows that come, or wait for a launch: theirs are the next positions.
ARRIVING = "SELECT 1 FROM batches WHERE project = :project AND launched = 0 AND tasks > 0 LIMIT 1"


class ModelReviews:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def batch(self, project: ProjectId, requester: PersonId) -> int:
        """Return the batch that holds the project's reviews; the first call creates it."""
        batches = Batches(self._db, self._now)
        earlier_batch = batches.of_file(requester, batch_of(project))
        if earlier_batch is not None:
            return earlier_batch.id
        new_batch = batches.begin(project, requester, batch_of(project), REVIEWS, 0)
        batches.show(new_batch)
        self._db.changed(LAUNCHED, batch=new_batch.id)
        return new_batch.id

    def are_taken(self, project: Project) -> bool:
        """Return whether a review was ever requested of the project."""
        return Batches(self._db, self._now).of_file(project.requester, batch_of(project.id)) is not None

    def others_wait(self, project: ProjectId) -> bool:
        return self._db.one(ARRIVING, project=project) is not None

    def add(self, batch: int, project: Project, key: str | None, content: str, ai: str) -> TaskId:
        """Add an open task that no worker is offered yet; return its id. A `key` must be free, as `same` reports under
        the project's lock; without a key the task is named by its position, or by chance if that name is taken."""
        columns = {"project": project.id, "batch": batch, "content": content, "overlap": project.overlap, "ai": ai}
        row = self._db.one(ADD, **columns, key=key)
        if row is None and key is None:
            row = self._db.one(ADD, **columns, key=f"review {uuid4().hex}")
        task = single_value(row)
        most, size = project.largest(project.overlap), len(content) + len(ai)
        self._db.changed(GROWN, batch=batch, most=most, size=size, now=self._now)
        return TaskId(task)

    def same(self, project: ProjectId, key: str) -> tuple[TaskId, str, str | None] | None:
        """The task of this key, its content and models' answers, as JSON."""
        row = self._db.one(SAME, project=project, key=key)
        return (TaskId(row[0]), row[1], row[2]) if row else None

    def holds(self, project: ProjectId, task: TaskId) -> bool:
        """Return whether this task is a review."""
        return self._db.one(KEPT_IN, task=task, named=batch_of(project)) is not None


LATEST = f"""
SELECT CAST(sum(few.gold) AS BIGINT), count(*) FROM (
  SELECT s.task, s.gold FROM submissions s
  WHERE {equals_by_range("s.project", ":project")} AND s.gold IS NOT NULL AND s.state <> 'rejected' AND NOT {TAKEN_BACK}
  ORDER BY s.project DESC, s.id DESC LIMIT :limit) AS few GROUP BY few.task ORDER BY few.task"""


class AnswersSeen:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get_latest(self, project: ProjectId, limit: int, most: int) -> AccuracyEvidence:
        """Return the latest tasks with (right answers, answers); a task with more than `most` answers counts like one
        with `most`."""
        rows = self._db.all(LATEST, project=project, limit=limit)
        return AccuracyEvidence(tuple(_scaled(int(right), int(answers), most) for right, answers in rows))


def _scaled(right: int, answers: int, most: int) -> tuple[int, int]:
    return (right, answers) if answers <= most else (round(right * most / answers), most)


T = TypeVar("T")

OF_PROJECT = "SELECT model FROM project_models WHERE project = :project"
OF_WORKER = "SELECT model FROM worker_models WHERE project = :project AND worker = :worker"
PROJECT_MODELS, WORKER_MODELS = Holding(("project_models",), lasts=True), Holding(("worker_models",), lasts=True)
FIGURES = "SELECT figures FROM project_models WHERE project = :project"
KEEP_FIGURES = "UPDATE project_models SET figures = :figures WHERE project = :project"
FITTED = "SELECT answers, last_submission, fitted_at FROM project_models WHERE project = :project"
KEEP_PROJECT = """
INSERT INTO project_models (project, model, answers, last_submission, fitted_at)
VALUES (:project, :model, :answers, :last_submission, :now)
ON CONFLICT (project) DO UPDATE SET model = excluded.model, answers = excluded.answers,
  last_submission = excluded.last_submission, fitted_at = excluded.fitted_at"""
# A refit is under way, and what it will not have seen is marked (`CHANGED` in storage/quality/gold).
UNDER_WAY = -1
BEGIN = f"""
INSERT INTO project_models (project, model, answers, last_submission, fitted_at)
VALUES (:project, :model, 0, {UNDER_WAY}, {NEVER})
ON CONFLICT (project) DO UPDATE SET last_submission = excluded.last_submission"""
NOTHING_SAID = f"""
UPDATE project_models SET last_submission = :last WHERE project = :project AND last_submission = {UNDER_WAY}"""
# Killed before it ends, a refit is made again.
KEEP_PART = "UPDATE project_models SET model = :model, answers = 0, fitted_at = :now WHERE project = :project"
KEEP_WORKER = """
INSERT INTO worker_models (project, worker, model) VALUES (:project, :worker, :model)
ON CONFLICT (project, worker) DO UPDATE SET model = excluded.model"""
FORGET = """
DELETE FROM worker_models
WHERE project = :project AND worker IN (SELECT worker FROM enrolments WHERE project = :project AND taken_back = 1)"""
GIVEN = "SELECT coalesce(sum(answered), 0), count(*) FROM enrolments WHERE project = :project AND answered > 0"
# Streamed by a refit: every answer that says something, and what is known.
ANSWERS = f"""
SELECT s.id, s.task, s.worker, s.answer FROM submissions s
WHERE s.project = :project AND s.answer IS NOT NULL AND s.state <> 'rejected' AND NOT {TAKEN_BACK} ORDER BY s.id"""
GOLD = "SELECT id, gold FROM tasks WHERE project = :project AND gold IS NOT NULL ORDER BY id"
AI = "SELECT id, ai FROM tasks WHERE project = :project AND ai IS NOT NULL ORDER BY id"
CONTENT = "SELECT id, content FROM tasks WHERE project = :project AND received > 0 ORDER BY id"
LATER = f"""
SELECT s.worker, s.answer FROM submissions s
WHERE s.task = :task AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected' AND NOT {TAKEN_BACK}
ORDER BY s.id"""
# Each answer that says something and was not taken back, what gold says of its worker, and what a refit learnt of them.
VOTES = """
SELECT s.answer, e.gold_right, e.gold_seen, w.model FROM submissions s
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
LEFT JOIN worker_models w ON w.worker = s.worker AND w.project = s.project
WHERE s.task = :task AND s.answer IS NOT NULL AND s.state <> 'rejected' AND e.taken_back = 0 ORDER BY s.worker"""


@dataclass(frozen=True, slots=True)
class Fitted:
    """State at the last refit: the answers that it saw, the last submission by then, and the moment."""

    answers: int
    last_submission: int
    at: Moment = NEVER


class Models:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def for_answer(self, project: ProjectId, worker: PersonId) -> tuple[ProjectModel, WorkerModel] | None:
        """Return the project's and the worker's model, or None before the first refit. A worker the refit did not know
        gets the newcomer's model."""
        shared = self._db.get(PROJECT_MODELS, project)
        if shared is ABSENT:
            shared = self._keep_shared(project, self._db.peek(OF_PROJECT, project=project))
        if shared is None:
            return None
        own = self._db.get(WORKER_MODELS, (project, worker))
        if own is ABSENT:
            own = self._keep((project, worker), self._db.peek(OF_WORKER, project=project, worker=worker))
        return shared, own or shared.newcomer

    def foresee(self, pairs: Sequence[tuple[PersonId, ProjectId]]) -> Foresight[None]:
        """Holds the models of these workers and their projects."""
        projects = [project for project in dict.fromkeys(project for _, project in pairs) if self._is_new(project)]
        workers, shared = yield [
            (OF_WORKER, [{"project": project, "worker": worker} for worker, project in pairs]),
            (OF_PROJECT, [{"project": project} for project in projects]),
        ]
        for (worker, project), row in zip(pairs, workers, strict=True):
            self._keep((project, worker), row)
        for project, row in zip(projects, shared, strict=True):
            self._keep_shared(project, row)

    def _is_new(self, project: ProjectId) -> bool:
        return self._db.get(PROJECT_MODELS, project) is ABSENT

    def _keep_shared(self, project: ProjectId, rows: list[Row]) -> ProjectModel | None:
        model = _project_model(unpack(rows[0][0])) if rows else None
        return cast(ProjectModel | None, self._db.keep(PROJECT_MODELS, project, model))

    def _keep(self, pair: tuple[ProjectId, PersonId], rows: list[Row]) -> WorkerModel | None:
        model = _worker_model(unpack(rows[0][0])) if rows else None
        return cast(WorkerModel | None, self._db.keep(WORKER_MODELS, pair, model))

    def fitted(self, project: ProjectId) -> Fitted:
        row = self._db.one(FITTED, project=project)
        return Fitted(*row) if row else Fitted(0, 0)

    def count_answers(self, project: ProjectId) -> tuple[int, int]:
        """Return (answers, workers) of a project at this moment."""
        row = self._db.all(GIVEN, project=project)[0]
        return int(row[0]), int(row[1])

    def keep(
        self,
        project: ProjectId,
        model: ProjectModel,
        fitted: Fitted,
        workers: Iterable[tuple[PersonId, WorkerModel]],
    ) -> None:
        self._db.send(
            KEEP_PROJECT,
            project=project,
            model=pack(model),
            answers=fitted.answers,
            last_submission=fitted.last_submission,
            now=self._now,
        )
        self._keep_workers(project, workers)

    def begin(self, project: ProjectId, unlearnt: ProjectModel) -> None:
        """A refit begins; before the first one all is `unlearnt`."""
        self._db.send(BEGIN, project=project, model=pack(unlearnt))

    def nothing_said(self, project: ProjectId, last: int) -> None:
        """A refit that began found no answer that says something, up to the `last` submission."""
        self._db.send(NOTHING_SAID, project=project, last=last)

    def is_under_way(self, project: ProjectId) -> bool:
        """Return whether a refit runs, and neither gold or an answer was changed nor another refit ended since it
        began."""
        return self.fitted(project).last_submission == UNDER_WAY

    def keep_part(
        self, project: ProjectId, model: ProjectModel, workers: Iterable[tuple[PersonId, WorkerModel]]
    ) -> None:
        """Some workers, while a refit is under way."""
        self._db.send(KEEP_PART, project=project, model=pack(model), now=self._now)
        self._keep_workers(project, workers)

    def _keep_workers(self, project: ProjectId, workers: Iterable[tuple[PersonId, WorkerModel]]) -> None:
        rows = ({"project": project, "worker": worker, "model": pack(worker_model)} for worker, worker_model in workers)
        self._db.many(KEEP_WORKER, rows)

    def forget_taken_back(self, project: ProjectId) -> None:
        """Delete the models of workers who took their answers back; a refit that had read those answers may have stored
        them again."""
        self._db.send(FORGET, project=project)

    def figures(self, project: ProjectId) -> Figures | None:
        """Return the figures that the last refit stored, or None if it stored none."""
        row = self._db.one(FIGURES, project=project)
        return _figures(unpack(row[0])) if row and row[0] else None

    def keep_figures(self, project: ProjectId, figures: Figures | None) -> None:
        """Store the refit's figures; None deletes them."""
        self._db.send(KEEP_FIGURES, project=project, figures=pack(figures) if figures else None)

    def votes(self, task: int) -> list[tuple[str, int, int, WorkerModel | None]]:
        """(answer, gold right, gold seen, model) of each worker who answered; None before the first refit."""
        rows = self._db.all(VOTES, task=task)
        return [(row[0], row[1], row[2], _worker_model(unpack(row[3])) if row[3] else None) for row in rows]

    def since(self, tasks: Sequence[TaskId], after: int) -> list[list[tuple[PersonId, str]]]:
        """Return for each task the (worker, answer) of answers after that submission."""
        self._db.flush()  # of those that share the commit, too
        (rows_by_task,) = self._db.foresee([(LATER, [{"task": task, "after": after} for task in tasks])])
        return [[(PersonId(row[0]), row[1]) for row in rows] for rows in rows_by_task]

    def later(self, task: int, after: int) -> list[tuple[PersonId, str]]:
        """(worker, answer) of a task's answers after that submission."""
        return [(PersonId(row[0]), row[1]) for row in self._db.all(LATER, task=task, after=after)]


def _project_model(packed: dict[str, Any]) -> ProjectModel:
    fresh = TaskState(tuple(packed["fresh"]["scores"]), packed["fresh"]["answers"])
    shift = packed["shift"] if "shift" in packed else packed["calibration"]["shift"]  # stored with its slope once
    usual = packed.get("usual") or {}
    questions = packed.get("questions") or usual.get("of")  # where they were stored once
    newcomer, machines = _worker_model(packed["newcomer"]), _machines(packed.get("machines", ()))
    return ProjectModel(
        fresh=fresh,
        newcomer=newcomer,
        information=packed["information"],
        shift=shift,
        answers=packed["answers"],
        machines=machines,
        people=packed["people"],
        classes=tuple(packed["classes"]),
        usual=_usual(usual),
        questions=_read_values(_project_model, questions) if questions else None,
    )


def _figures(packed: dict[str, Any]) -> Figures:
    reliability, gold = packed["reliability"], packed["gold"]
    return Figures(
        answers=packed["answers"],
        reliability=Reliability(**reliability) if reliability else None,
        checked=packed["checked"],
        right=packed["right"],
        classes=tuple(ClassReport(**fields) for fields in packed["classes"]),
        gold=GoldEffect(**gold) if gold else None,
        questions={name: Reliability(**fields) for name, fields in packed.get("questions", {}).items()},
        calibration=tuple(CalibrationStep(**fields) for fields in packed.get("calibration", ())),
    )


def _machines(packed: Sequence[dict[str, Any]]) -> tuple[MachineModel, ...]:
    """Return the stored models. Models of one `ring` once shared one voice and stored the weight of each."""
    rings = Counter((fields.get("question"), fields.get("ring")) for fields in packed)
    shares = [1 / rings[fields.get("question"), fields["ring"]] if "ring" in fields else 1.0 for fields in packed]
    return tuple(map(_machine, packed, shares))


def _machine(packed: dict[str, Any], share: float) -> MachineModel:
    warnings = tuple(ModelWarning(**{**fields, "doubt": Doubt(fields["doubt"])}) for fields in packed["warnings"])
    weight = packed.get("weight", (packed.get("weights") or [0.0])[0])  # stored by label once
    model_fields = {name: value for name, value in packed.items() if name not in ("weights", "ring")}
    return MachineModel(**{**model_fields, "weight": weight * share, "warnings": warnings})


def _worker_model(packed: dict[str, Any]) -> WorkerModel:
    evidence = tuple(tuple(row) for row in packed["evidence"])
    skill, option_evidence = Skill(packed["skill"]["accuracy"], packed["skill"]["answers"]), packed.get("told")
    parts = packed.get("parts")
    own = (
        packed.get("habit", 0.0),
        OptionEvidence(**option_evidence) if option_evidence else None,
        _read_values(_worker_model, parts) if parts else None,
    )
    return WorkerModel(evidence, packed["information"], packed["answers"], skill, *own)


def _read_values(read: Callable[[dict[str, Any]], T], packed: dict[str, Any]) -> dict[str, T]:
    """Return the dict with each value read by `read`."""
    return {name: read(value) for name, value in packed.items()}


def _usual(packed: dict[str, Any]) -> UsualSets | None:
    if "sets" not in packed:
        return None
    sets = tuple((tuple(names), share) for names, share in packed["sets"])
    return UsualSets(tuple(packed["shares"]), sets, packed["weight"])


SKILLS_OF_WORKER = """
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
SELECT s.gold FROM submissions s WHERE {equals_by_range("s.worker", ":worker")} AND s.project = :project
ORDER BY s.worker DESC, s.id DESC LIMIT :answers"""
BOUNDS = (0.0, *CONFIDENCE_STEPS, 2.0)
HISTOGRAM = "SELECT " + ", ".join(
    f"count(*) FILTER (WHERE confidence >= {low} AND confidence < {high})" for low, high in pairwise(BOUNDS)
)
CONFIDENCES = f"{HISTOGRAM} FROM tasks WHERE project = :project AND gold IS NULL AND consensus IS NOT NULL"

# Closed tasks with a model's answer: how many, people's answers to them, those asked once, and not at all.
BESIDE_MODELS = """
SELECT count(*), coalesce(sum(received), 0), count(*) FILTER (WHERE received = 1), count(*) FILTER (WHERE received = 0)
FROM tasks WHERE project = :project AND ai IS NOT NULL AND gold IS NULL AND state = 'closed'"""


SELECT_WORKERS = """
SELECT worker, answered, gold_seen, gold_right FROM enrolments
WHERE project = :project AND answered > 0 AND taken_back = 0 ORDER BY answered DESC, worker LIMIT :limit"""


class Skills:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_worker(self, worker: PersonId, limit: int) -> list[Row]:
        """title, kind, state, answered, gold seen, right, qualified, watch, restricted until, project, later, accept"""
        return list(self._db.all(SKILLS_OF_WORKER, worker=worker, limit=limit))

    def gold_of_newest(self, worker: PersonId, project: ProjectId, answers: int) -> tuple[int, int]:
        """(check questions, those answered right) among the worker's newest so many `answers` in the project."""
        judged = single_values(self._db.all(GOLD_OF_NEWEST, worker=worker, project=project, answers=answers))
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

    def list_workers(self, project: ProjectId, limit: int) -> list[Row]:
        """Return (worker, answers, gold seen, gold answered rightly) of those with most answers."""
        return self._db.all(SELECT_WORKERS, project=project, limit=limit)

    def confidences(self, project: ProjectId) -> list[int]:
        """Return how many tasks have a confidence below each of CONFIDENCE_STEPS, then above the last."""
        return [int(count) for count in self._db.all(CONFIDENCES, project=project)[0]]
