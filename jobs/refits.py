"""Relearning the workers of a project from all its answers and gold, off the answer path.

A refit reads on a reading connection, computes apart, and writes a few tasks a transaction; answers that arrived
meanwhile are added to its result. It starts cold, so a restart, or another order of the answers, changes
nothing. How it learns is the kind's own (domain/quality/learners).
"""

import asyncio
import logging
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
)
from functools import partial
from weakref import WeakKeyDictionary

from domain.answers import kind_of
from domain.moments import (
    HOUR,
    MINUTE,
    Moment,
    later,
)
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.quality import live
from domain.quality.crowd import AnswerColumns
from domain.quality.figures import Figures, learn_with_figures
from domain.quality.learners import AnswerSpec, LearnedModels
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from jobs.computing import compute, return_freed_memory
from services.quality import (
    consensus,
    figures,
    gold_challenges,
)
from services.quality import (
    gold as gold_service,
)
from services.work import task_selection
from storage.cluster.leases import LeaseLost
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.drivers.records import unpack_tuple
from storage.projects.tasks import UNASKED, ai_from, task_from
from storage.quality.models import (
    AI,
    ANSWERS,
    GOLD,
    Fitted,
)
from storage.secrets import CONTROL
from storage.unit import UnitOfWork

PROJECTS_TOGETHER = 8  # projects looked at in one transaction
RESTS = -1  # it has enough new answers, and is looked at again a little later

LONGEST = HOUR  # between two tries of a project whose work fails

Missing = Callable[[UnitOfWork, Project], int | None]
Failed = dict[tuple[str, ProjectId], tuple[int, Moment]]  # how often, and until when it rests

log = logging.getLogger(__name__)
_failed: WeakKeyDictionary[Database, Failed] = WeakKeyDictionary()


async def each_due(
    database: Database,
    clock: Callable[[], Moment],
    work: str,
    missing: Missing,
    do: Callable[[Project], Awaitable[None]],
) -> None:
    """`do` for each project that is due. One whose work fails rests for a while, and the others go on."""
    failed = _failed.setdefault(database, {})
    async for project in due(database, clock, work, missing):
        times, until = failed.get((work, project.id), (0, Moment(0)))
        if clock() < until <= later(clock(), LONGEST):  # unless the clock was set back
            continue
        try:
            await do(project)
            failed.pop((work, project.id), None)
        except (Unavailable, LeaseLost):
            raise
        except Exception as error:
            log.error("The work on a project failed", extra={"work": work, "project": project.id}, exc_info=error)
            failed[work, project.id] = times + 1, later(clock(), min(LONGEST, MINUTE * 2 ** min(times, 6)))


async def due(database: Database, clock: Callable[[], Moment], work: str, missing: Missing) -> AsyncIterator[Project]:
    """`missing`: how many more answers the job waits for, 0 where it is due, RESTS, None where it never is."""
    numbers = await database.transact(lambda unit: unit.changed_projects.due(work), clock())
    for at in range(0, len(numbers), PROJECTS_TOGETHER):
        some = partial(_due, work=work, numbers=numbers[at : at + PROJECTS_TOGETHER], missing=missing)
        for project in await database.transact_last(some, clock()):
            yield project


def _due(unit: UnitOfWork, work: str, numbers: list[ProjectId], missing: Missing) -> list[Project]:
    """Of the others it is noted when to look again; a paused project is looked at when it goes on."""
    found = []
    unit.foresee(unit.projects.foresee(numbers))
    for project in map(unit.projects.get, numbers):
        if project.paused and project.ended_at is None:
            continue
        answers = missing(unit, project)
        if answers is None:
            unit.changed_projects.mark_done(work, project.id)
        elif answers == RESTS:
            continue
        elif answers:
            unit.changed_projects.wait(work, project.id, answers)
        else:
            found.append(project)
    return found


REFITS_TOGETHER = 20  # tasks, or workers, written in one transaction: answers go in between
UNFINISHED = Fitted(0, 0)
# Milliseconds from one refit to the next for each answer it saw. A refit costs some 15 µs an answer, so it takes half a
# hundredth of a core at most; below some 30 answers a second in one project the growth of a tenth comes later anyway.
REST = 3


async def refit_due_projects(database: Database, clock: Callable[[], Moment]) -> None:
    """Refits each running project that has enough new answers."""
    await each_due(database, clock, "refit", _missing, lambda project: refit(database, project, clock))


async def refresh(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Refits a project that has any answer its last refit did not see: before results are given out."""
    fitted, given = await database.transact(
        lambda unit: (unit.models.fitted(project.id), unit.submissions.last_of(project.id)), clock()
    )
    if kind_of(project.kind).is_aggregated and given > fitted.last_submission:
        await refit(database, project, clock)


async def refit(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Relearns a project from all its answers and gold."""
    await return_freed_memory(await _refit(database, project, clock))


async def _refit(database: Database, project: Project, clock: Callable[[], Moment]) -> int:
    """How many answers there were."""
    began = clock()
    before = await database.transact(partial(_begin, project=project), began)
    answers, last = await _read(database, project, before)
    gold = {row[0]: unpack_tuple(row[1]) async for some in database.chunks(GOLD, project=project.id) for row in some}
    if not answers and not (project.models and gold):
        await database.transact(lambda unit: unit.models.nothing_said(project.id, last), began)
        return 0
    things = await consensus.read_compared_values(database, project)
    ai = {row[0]: ai_from(row[1]) async for row in database.rows(AI, project=project.id)} if project.models else {}
    asked = AnswerSpec(project.kind, project.options, things, ai, project.confidence)
    measures = await database.transact(lambda unit: figures.has_stored_figures(unit, project), began)
    found, measured = await compute(len(answers), learn_with_figures, asked, answers, gold, measures)
    fitted = Fitted(max(1, len(answers)), last, began)
    await _store(database, project, found, fitted, gold.keys(), clock)
    await database.transact(partial(_end, project=project, found=found, fitted=fitted, measured=measured), clock())
    if ai and project.ended_at is None:
        differing = await asyncio.to_thread(gold_service.count_contested, project, ai, answers)
        await database.transact(partial(gold_service.propose_gold, project_id=project.id, tasks=differing), clock())
    if project.ai_decides and project.ended_at is None:
        await _let_models_decide(database, project, found.project, clock)
    return len(answers)


async def _store(
    database: Database,
    project: Project,
    found: LearnedModels,
    fitted: Fitted,
    gold: Collection[int],
    clock: Callable[[], Moment],
) -> None:
    """Writes workers, tasks and the project's model, some rows a transaction."""
    models = [(PersonId(worker), found.workers[worker]) for worker in sorted(found.workers)]
    for at in range(0, len(models), REFITS_TOGETHER):
        some = models[at : at + REFITS_TOGETHER]
        await database.transact_last(partial(_learn, project=project.id, model=found.project, some=some), clock())
    tasks = sorted(task for task in found.tasks if task not in gold)
    for at in range(0, len(tasks), REFITS_TOGETHER):
        chunk = [(TaskId(task), found.tasks[task]) for task in tasks[at : at + REFITS_TOGETHER]]
        await database.transact_last(
            partial(_rewrite, project=project, found=found, fitted=fitted, chunk=chunk), clock()
        )


def _begin(unit: UnitOfWork, project: Project) -> int:
    """The number of the last submission, even one that says nothing."""
    unit.models.begin(project.id, consensus.get_models(unit, project, consensus.NOBODY)[0])
    return unit.submissions.last_of(project.id)


async def _read(database: Database, project: Project, before: int) -> tuple[AnswerColumns, int]:
    """The answers, and the number of the last submission that was seen: none up to `before` comes later."""
    answers, last = AnswerColumns(), 0
    async for some in database.chunks(ANSWERS, project=project.id):
        for last, task, worker, answer in some:  # noqa: B007 (the last one's number is wanted)
            answers.add(task, worker, answer)
    return answers, max(last, before)


async def _let_models_decide(
    database: Database, project: Project, model: ProjectModel, clock: Callable[[], Moment]
) -> None:
    """Tasks nobody has answered, that models may decide now, or may no longer."""
    secret = await database.transact(lambda unit: unit.secrets.get(CONTROL), clock())
    unasked = [task_from(row) async for row in database.rows(UNASKED, project=project.id)]
    found = await asyncio.to_thread(
        lambda: [
            task.id
            for task in unasked
            if consensus.needs_state_change(task, consensus.find_models_verdict(project, task, model, secret))
        ]
    )
    for at in range(0, len(found), REFITS_TOGETHER):
        some = found[at : at + REFITS_TOGETHER]
        await database.transact_last(
            partial(consensus.apply_models_verdicts, project=project, shared=model, tasks=some), clock()
        )


def _learn(unit: UnitOfWork, project: ProjectId, model: ProjectModel, some: list[tuple[PersonId, WorkerModel]]) -> None:
    """Writes a few workers, and whether they are asked later. The refit is done when all is written: a killed one is
    repeated."""
    unit.models.keep_part(project, model, some)
    task_selection.store_standings(unit, project, model, some)


def _rewrite(
    unit: UnitOfWork,
    project: Project,
    found: LearnedModels,
    fitted: Fitted,
    chunk: list[tuple[TaskId, TaskState | None]],
) -> None:
    """A few tasks as the refit sees them, plus the answers that came meanwhile, without those that were changed."""
    project, tasks = unit.projects.get(project.id), [task_id for task_id, _ in chunk]
    since = unit.models.since(tasks, fitted.last_submission)
    touched = set(unit.corrections.touched(project.id, fitted.at))
    unit.foresee(unit.tasks.foresee(tasks), unit.openings.foresee(tasks))
    for (task_id, state), answers in zip(chunk, since, strict=True):
        task = unit.tasks.get(task_id)
        if task.gold is not None:  # became gold meanwhile
            continue
        if state is None or task.id in touched:
            consensus.store_consensus(unit, project, task, consensus.recompute_consensus(unit, project, task))
            continue
        for worker, answer in answers:
            _, model = unit.models.for_answer(project.id, worker) or consensus.get_opening_models(len(project.options))
            state = live.add_answer(state, model, project.options.index(answer))
        consensus.store_consensus(
            unit, project, task, consensus.to_consensus_update(unit, project, task, state, found.project)
        )


def _end(unit: UnitOfWork, project: Project, found: LearnedModels, fitted: Fitted, measured: Figures | None) -> None:
    """All is written; what changed meanwhile is learnt next. Workers who are proven now may cause gold challenges; of
    classes whenever they are examined."""
    seen = fitted if unit.models.is_under_way(project.id) else UNFINISHED
    unit.models.keep(project.id, found.project, seen, ())
    unit.models.keep_figures(project.id, measured)
    unit.models.forget_taken_back(project.id)
    unit.soft_measures.note(project.id)
    if not kind_of(project.kind).keeps_scores and unit.projects.get(project.id).state is ProjectState.RUNNING:
        gold_challenges.challenge_doubted_gold(unit, project.id)


def _missing(unit: UnitOfWork, project: Project) -> int | None:
    """Answers until the next refit; RESTS where the last one was a moment ago. Models that answered are learnt as soon
    as gold can judge them, or says something else."""
    if project.state is not ProjectState.RUNNING or not kind_of(project.kind).is_aggregated:
        return None
    answers, workers = unit.models.count_answers(project.id)
    tasks, fitted = unit.tasks.last_position(project.id), unit.models.fitted(project.id)
    wanted = max(0, live.next_refit_at(fitted.answers, tasks, workers) - answers)
    if project.models and not fitted.answers and unit.tasks.checks_models(project.id):
        wanted = 0
    rested = later(fitted.at, REST * (fitted.answers or answers))  # 0: gold, or an answer, changed since
    return RESTS if not wanted and unit.now < rested else wanted
