"""Evidence of fraud, computed from stored answers outside the answer's transaction; its first effect is closer
attention only."""

from array import array
from collections.abc import Callable
from functools import partial

from domain.conduct.evidence import watch_level
from domain.conduct.examination import SILENT_ANSWER, EvidenceByPerson, gather_evidence
from domain.moments import Moment
from domain.projects.projects import Project, ProjectId
from domain.quality.crowd import AnswerColumns
from jobs.computing import computed, give_back
from jobs.refits import each_due
from services.quality import gold_challenges, restrictions
from storage.database import Database
from storage.drivers.records import unpack_tuple
from storage.projects.tasks import ai_from
from storage.quality.evidence import ANSWERS, SAID
from storage.quality.models import AI, GOLD
from storage.unit import UnitOfWork
from storage.work.submissions import SELECT_TOOL_USERS as TOOLS

LEAST, EACH = 60, 40  # answers before the first examination, new ones before the next
A_PART = 8  # … and at least that part of all: a large project is not looked at all the time
TOGETHER = 25  # workers whose rows are written in one transaction


async def examine_projects(
    database: Database, clock: Callable[[], Moment], admins: frozenset[int] = frozenset()
) -> None:
    """Examines each running project that has enough new answers, or whose gold was taken back; and each that ended,
    once more, with its last answers."""
    await each_due(database, clock, "evidence", _missing, lambda project: examine(database, project, clock, admins))


async def examine(
    database: Database, project: Project, clock: Callable[[], Moment], admins: frozenset[int] = frozenset()
) -> None:
    """Looks at every worker of a project anew; `admins` are Telegram ids."""
    await give_back(await _examine(database, project, clock, admins))


async def _examine(database: Database, project: Project, clock: Callable[[], Moment], admins: frozenset[int]) -> int:
    """How many answers there were."""
    last = await database.transact(partial(_begin, project_id=project.id), clock())
    answers, milliseconds, said = AnswerColumns(), array("q"), AnswerColumns()
    async for some in database.chunks(ANSWERS, project=project.id):
        for _, task, worker, answer, took in some:
            answers.add(task, worker, answer)
            milliseconds.append(took)
    async for some in database.chunks(SAID, project=project.id):
        for task, worker, silent in some:
            said.add(task, worker, SILENT_ANSWER if silent else "")
    gold = {row[0]: unpack_tuple(row[1]) async for some in database.chunks(GOLD, project=project.id) for row in some}
    ai = {row[0]: ai_from(row[1]) async for row in database.rows(AI, project=project.id)} if project.models else {}
    told = {(task, worker) async for task, worker in database.rows(TOOLS, project=project.id)}
    found = await computed(len(said), gather_evidence, project, answers, milliseconds, gold, said, ai, told)
    workers = sorted(found)
    for at in range(0, len(workers), TOGETHER):
        part = {worker: found[worker] for worker in workers[at : at + TOGETHER]}
        await database.transact_last(partial(_act, project_id=project.id, found=part, admins=admins), clock())
    await database.transact(partial(_end, project_id=project.id, last=last), clock())
    return len(answers)


def _begin(unit: UnitOfWork, project_id: ProjectId) -> int:
    """The number of the last submission."""
    unit.evidence.begin(project_id)
    return unit.submissions.last_of(project_id)


def _act(unit: UnitOfWork, project_id: ProjectId, found: EvidenceByPerson, admins: frozenset[int]) -> None:
    project, gone = unit.projects.get(project_id), set(unit.evidence.withdrawn(project_id))
    for worker in sorted(found.keys() - gone):
        evidence = found[worker]
        unit.evidence.keep(project_id, worker, evidence)
        unit.evidence.watch(worker, project_id, watch_level(evidence))
        restrictions.apply_evidence(unit, project, worker, evidence, admins)


def _end(unit: UnitOfWork, project_id: ProjectId, last: int) -> None:
    unit.evidence.mark_examined(project_id, last)
    unit.soft_measures.note(project_id)
    gold_challenges.challenge_doubted_gold(unit, project_id)


def _missing(unit: UnitOfWork, project: Project) -> int | None:
    """Answers until the next examination."""
    fresh, last = unit.evidence.new_answers(project.id)
    if project.ended_at is not None:
        return 0 if fresh else None
    wanted = max(EACH, unit.models.count_answers(project.id)[0] // A_PART) if last else LEAST
    return max(0, wanted - fresh)
