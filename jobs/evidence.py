"""Evidence of fraud, computed from stored answers outside the answer's transaction; its first effect is closer
attention only."""

from array import array
from collections.abc import Callable, Sequence
from functools import partial

from domain.conduct.evidence import watch_level
from domain.conduct.examination import SILENT_ANSWER, EvidenceByPerson, gather_evidence
from domain.moments import Moment
from domain.projects.projects import Project, ProjectId
from domain.quality.crowd import AnswerColumns
from jobs.computing import compute, return_freed_memory
from jobs.refits import run_for_due_projects
from services.quality import gold_challenges, restrictions
from storage.database import Database
from storage.drivers.records import unpack_tuple
from storage.projects.tasks import ai_from
from storage.quality.evidence import ANSWERS, SAID
from storage.quality.models import AI, GOLD
from storage.unit import UnitOfWork
from storage.work.submissions import SELECT_TOOL_USERS as TOOLS

MIN_ANSWERS, MIN_NEW_ANSWERS = 60, 40  # answers before the first examination, new ones before the next
MIN_NEW_FRACTION = 8  # … and at least that part of all: a large project is not looked at all the time
WORKERS_AT_ONCE = 25  # workers whose rows are written in one transaction


async def examine_projects(
    database: Database, clock: Callable[[], Moment], admins: frozenset[int] = frozenset()
) -> None:
    """Examines each running project that has enough new answers, or whose gold was taken back; and each that ended,
    once more, with its last answers."""
    await run_for_due_projects(
        database, clock, "evidence", _count_missing_answers, lambda project: examine(database, project, clock, admins)
    )


async def examine(
    database: Database, project: Project, clock: Callable[[], Moment], admins: frozenset[int] = frozenset()
) -> None:
    """Compute the evidence about every worker of a project anew, store it and act on it; `admins` are Telegram ids that
    are told."""
    await return_freed_memory(await _examine_answers(database, project, clock, admins))


async def _examine_answers(
    database: Database, project: Project, clock: Callable[[], Moment], admins: frozenset[int]
) -> int:
    """Examine a project's answers; return how many there were."""
    last = await database.transact(partial(_begin, project_id=project.id), clock())
    answers, milliseconds, statements = AnswerColumns(), array("q"), AnswerColumns()
    async for rows in database.chunks(ANSWERS, project=project.id):
        for _, task, worker, answer, took in rows:
            answers.add(task, worker, answer)
            milliseconds.append(took)
    async for rows in database.chunks(SAID, project=project.id):
        for task, worker, silent in rows:
            statements.add(task, worker, SILENT_ANSWER if silent else "")
    evidence = await _compute_evidence(database, project, answers, milliseconds, statements)
    workers = sorted(evidence)
    for start in range(0, len(workers), WORKERS_AT_ONCE):
        part = {worker: evidence[worker] for worker in workers[start : start + WORKERS_AT_ONCE]}
        await database.transact_last(
            partial(_store_evidence, project_id=project.id, evidence_by_worker=part, admins=admins), clock()
        )
    await database.transact(partial(_end, project_id=project.id, last=last), clock())
    return len(answers)


async def _compute_evidence(
    database: Database,
    project: Project,
    answers: AnswerColumns,
    milliseconds: Sequence[int],
    statements: AnswerColumns,
) -> EvidenceByPerson:
    """Return the evidence by worker, from these answers and what the project's gold, models and tools say of them."""
    gold = {row[0]: unpack_tuple(row[1]) async for rows in database.chunks(GOLD, project=project.id) for row in rows}
    ai = {row[0]: ai_from(row[1]) async for row in database.rows(AI, project=project.id)} if project.models else {}
    tool_users = {(task, worker) async for task, worker in database.rows(TOOLS, project=project.id)}
    return await compute(
        len(statements),
        gather_evidence,
        project,
        answers,
        milliseconds,
        gold=gold,
        all_answers=statements,
        ai=ai,
        tools=tool_users,
    )


def _begin(unit: UnitOfWork, project_id: ProjectId) -> int:
    """Mark the examination as begun, and return the number of the last submission."""
    unit.evidence.begin(project_id)
    return unit.submissions.last_of(project_id)


def _store_evidence(
    unit: UnitOfWork, project_id: ProjectId, evidence_by_worker: EvidenceByPerson, admins: frozenset[int]
) -> None:
    """Store the evidence of some workers, set how closely they are watched, and restrict those with strong evidence.
    Workers who withdrew their answers are left out."""
    project, withdrawn = unit.projects.get(project_id), set(unit.evidence.withdrawn(project_id))
    for worker in sorted(evidence_by_worker.keys() - withdrawn):
        evidence = evidence_by_worker[worker]
        unit.evidence.keep(project_id, worker, evidence)
        unit.evidence.watch(worker, project_id, watch_level(evidence))
        restrictions.apply_evidence(unit, project, worker, evidence, admins)


def _end(unit: UnitOfWork, project_id: ProjectId, last: int) -> None:
    unit.evidence.mark_examined(project_id, last)
    unit.soft_measures.note(project_id)
    gold_challenges.challenge_doubted_gold(unit, project_id)


def _count_missing_answers(unit: UnitOfWork, project: Project) -> int | None:
    """Return how many answers are missing until the next examination; None if an ended project has no new ones."""
    fresh, last = unit.evidence.new_answers(project.id)
    if project.ended_at is not None:
        return 0 if fresh else None
    needed = max(MIN_NEW_ANSWERS, unit.models.count_answers(project.id)[0] // MIN_NEW_FRACTION) if last else MIN_ANSWERS
    return max(0, needed - fresh)
