"""Refits: relearning the workers of a project from all its answers and gold, off the answer path. A refit reads on a
reading connection, computes in a process apart, and writes a few tasks a transaction; answers that arrived meanwhile
are added to its result. It starts cold, so a restart, or another order of the answers, changes nothing. The kind of
answer decides how it learns (domain/quality/learners)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from functools import partial
from weakref import WeakKeyDictionary

from domain.answers import kind_of
from domain.moments import HOUR, MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.quality import live
from domain.quality.crowd import AnswerColumns
from domain.quality.figures import Figures, learn_with_figures
from domain.quality.learners import AnswerSpec, LearnedModels
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from jobs.computing import compute, return_freed_memory
from services.quality import consensus, figures, gold_challenges
from services.quality import gold as gold_service
from services.work import task_selection
from storage.cluster.leases import LeaseLost
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.drivers.records import unpack_tuple
from storage.projects.tasks import UNASKED, ai_from, task_from
from storage.quality.models import AI, ANSWERS, GOLD, Fitted
from storage.secrets import CONTROL
from storage.unit import UnitOfWork

PROJECTS_PER_TRANSACTION = 8  # projects looked at in one transaction
RESTING = -1  # it has enough new answers, and is looked at again a little later

MAX_RETRY_MS = HOUR  # between two tries of a project whose work fails

Missing = Callable[[UnitOfWork, Project], int | None]
Failed = dict[tuple[str, ProjectId], tuple[int, Moment]]  # how often, and until when it rests

log = logging.getLogger(__name__)
_failed: WeakKeyDictionary[Database, Failed] = WeakKeyDictionary()


async def run_for_due_projects(
    database: Database,
    clock: Callable[[], Moment],
    work: str,
    missing: Missing,
    do: Callable[[Project], Awaitable[None]],
) -> None:
    """Call `do` for each project that is due. A project whose work fails rests for a while, and the others go on."""
    failed = _failed.setdefault(database, {})
    async for project in iterate_due_projects(database, clock, work, missing):
        times, until = failed.get((work, project.id), (0, Moment(0)))
        if clock() < until <= later(clock(), MAX_RETRY_MS):  # unless the clock was set back
            continue
        try:
            await do(project)
            failed.pop((work, project.id), None)
        except (Unavailable, LeaseLost):
            raise
        except Exception as error:
            log.error("The work on a project failed", extra={"work": work, "project": project.id}, exc_info=error)
            failed[work, project.id] = times + 1, later(clock(), min(MAX_RETRY_MS, MINUTE * 2 ** min(times, 6)))


async def iterate_due_projects(
    database: Database, clock: Callable[[], Moment], work: str, missing: Missing
) -> AsyncIterator[Project]:
    """Yield the projects that are due. `missing` gives the number of answers that a project's work still waits for: 0
    if it is due, RESTING if it is looked at later, None if it is never due."""
    numbers = await database.transact(lambda unit: unit.changed_projects.due(work), clock())
    for start in range(0, len(numbers), PROJECTS_PER_TRANSACTION):
        select = partial(
            _select_due, work=work, numbers=numbers[start : start + PROJECTS_PER_TRANSACTION], missing=missing
        )
        for project in await database.transact_last(select, clock()):
            yield project


def _select_due(unit: UnitOfWork, work: str, numbers: list[ProjectId], missing: Missing) -> list[Project]:
    """Return the due projects among these; note for the others when to look again. A paused project is looked at when
    it goes on."""
    due_projects = []
    unit.foresee(unit.projects.foresee(numbers))
    for project in map(unit.projects.get, numbers):
        if project.paused and project.ended_at is None:
            continue
        answers = missing(unit, project)
        if answers is None:
            unit.changed_projects.mark_done(work, project.id)
        elif answers == RESTING:
            continue
        elif answers:
            unit.changed_projects.wait(work, project.id, answers)
        else:
            due_projects.append(project)
    return due_projects


ROWS_PER_TRANSACTION = 20  # tasks, or workers, written in one transaction: answers go in between
UNFINISHED = Fitted(0, 0)
# Milliseconds from one refit to the next for each answer it saw. A refit costs some 15 µs an answer, so it takes half a
# hundredth of a core at most; below some 30 answers a second in one project the growth of a tenth comes later anyway.
REST_MS_PER_ANSWER = 3


async def refit_due_projects(database: Database, clock: Callable[[], Moment]) -> None:
    """Refits each running project that has enough new answers."""
    await run_for_due_projects(
        database, clock, "refit", _count_missing_answers, lambda project: refit(database, project, clock)
    )


async def refresh(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Refit a project that has any answer its last refit did not see; called before results are delivered."""
    fitted, last_submission = await database.transact(
        lambda unit: (unit.models.fitted(project.id), unit.submissions.last_of(project.id)), clock()
    )
    if kind_of(project.kind).is_aggregated and last_submission > fitted.last_submission:
        await refit(database, project, clock)


async def refit(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Relearns a project from all its answers and gold."""
    await return_freed_memory(await _relearn(database, project, clock))


async def _relearn(database: Database, project: Project, clock: Callable[[], Moment]) -> int:
    """Relearn a project; return how many answers there were."""
    began = clock()
    before = await database.transact(partial(_begin, project=project), began)
    answers, last = await _read_answers(database, project, before)
    gold = {row[0]: unpack_tuple(row[1]) async for rows in database.chunks(GOLD, project=project.id) for row in rows}
    if not answers and not (project.models and gold):
        await database.transact(lambda unit: unit.models.nothing_said(project.id, last), began)
        return 0
    things = await consensus.read_compared_values(database, project)
    ai = {row[0]: ai_from(row[1]) async for row in database.rows(AI, project=project.id)} if project.models else {}
    spec = AnswerSpec(project.kind, project.options, things, ai, project.confidence)
    measures = await database.transact(lambda unit: figures.has_stored_figures(unit, project), began)
    learned, measured = await compute(len(answers), learn_with_figures, spec, answers, gold=gold, measures=measures)
    fitted = Fitted(max(1, len(answers)), last, began)
    await _store_models(database, project, learned, fitted, gold=gold.keys(), clock=clock)
    await database.transact(
        partial(_finish_refit, project=project, learned=learned, fitted=fitted, measured=measured), clock()
    )
    if ai and project.ended_at is None:
        differing = await asyncio.to_thread(gold_service.count_contested, project, ai, answers)
        await database.transact(partial(gold_service.propose_gold, project_id=project.id, tasks=differing), clock())
    if project.ai_decides and project.ended_at is None:
        await _let_models_decide(database, project, learned.project, clock)
    return len(answers)


async def _store_models(
    database: Database,
    project: Project,
    learned: LearnedModels,
    fitted: Fitted,
    gold: Collection[int],
    clock: Callable[[], Moment],
) -> None:
    """Writes workers, tasks and the project's model, some rows a transaction."""
    models = [(PersonId(worker), learned.workers[worker]) for worker in sorted(learned.workers)]
    for start in range(0, len(models), ROWS_PER_TRANSACTION):
        some = models[start : start + ROWS_PER_TRANSACTION]
        await database.transact_last(
            partial(_store_workers, project=project.id, model=learned.project, some=some), clock()
        )
    tasks = sorted(task for task in learned.tasks if task not in gold)
    for start in range(0, len(tasks), ROWS_PER_TRANSACTION):
        chunk = [(TaskId(task), learned.tasks[task]) for task in tasks[start : start + ROWS_PER_TRANSACTION]]
        await database.transact_last(
            partial(_store_tasks, project=project, learned=learned, fitted=fitted, chunk=chunk), clock()
        )


def _begin(unit: UnitOfWork, project: Project) -> int:
    """Mark the refit as begun, and return the number of the last submission, even one without an answer."""
    unit.models.begin(project.id, consensus.get_models(unit, project, consensus.NOBODY)[0])
    return unit.submissions.last_of(project.id)


async def _read_answers(database: Database, project: Project, before: int) -> tuple[AnswerColumns, int]:
    """Return the answers, and the number of the last submission that the refit covers, at least `before`."""
    answers, last = AnswerColumns(), 0
    async for rows in database.chunks(ANSWERS, project=project.id):
        for last, task, worker, answer in rows:  # noqa: B007 (the last one's number is wanted)
            answers.add(task, worker, answer)
    return answers, max(last, before)


async def _let_models_decide(
    database: Database, project: Project, model: ProjectModel, clock: Callable[[], Moment]
) -> None:
    """Close the unanswered tasks that models may decide now, and reopen those that they no longer may."""
    secret = await database.transact(lambda unit: unit.secrets.get(CONTROL), clock())
    unasked = [task_from(row) async for row in database.rows(UNASKED, project=project.id)]
    changed_tasks = await asyncio.to_thread(
        lambda: [
            task.id
            for task in unasked
            if consensus.needs_state_change(task, consensus.find_models_verdict(project, task, model, secret))
        ]
    )
    for start in range(0, len(changed_tasks), ROWS_PER_TRANSACTION):
        some = changed_tasks[start : start + ROWS_PER_TRANSACTION]
        await database.transact_last(
            partial(consensus.apply_models_verdicts, project=project, shared=model, tasks=some), clock()
        )


def _store_workers(
    unit: UnitOfWork, project: ProjectId, model: ProjectModel, some: list[tuple[PersonId, WorkerModel]]
) -> None:
    """Store some workers' models and whether they get more tasks. The refit is done when all is written: a killed refit
    is repeated."""
    unit.models.keep_part(project, model, some)
    task_selection.store_standings(unit, project, model, some)


def _store_tasks(
    unit: UnitOfWork,
    project: Project,
    learned: LearnedModels,
    fitted: Fitted,
    chunk: list[tuple[TaskId, TaskState | None]],
) -> None:
    """Store some tasks as the refit sees them, plus the answers that came meanwhile; tasks whose answers were changed
    meanwhile are computed from all their answers."""
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
            unit, project, task, consensus.to_consensus_update(unit, project, task, state, learned.project)
        )


def _finish_refit(
    unit: UnitOfWork, project: Project, learned: LearnedModels, fitted: Fitted, measured: Figures | None
) -> None:
    """Store the project's model and figures as the last step; changes meanwhile are learnt by the next refit. Newly
    proven workers may cause gold challenges here, except for kinds that keep scores, where the examination does that.
    """
    stored_fit = fitted if unit.models.is_under_way(project.id) else UNFINISHED
    unit.models.keep(project.id, learned.project, stored_fit, ())
    unit.models.keep_figures(project.id, measured)
    unit.models.forget_taken_back(project.id)
    unit.soft_measures.note(project.id)
    if not kind_of(project.kind).keeps_scores and unit.projects.get(project.id).state is ProjectState.RUNNING:
        gold_challenges.challenge_doubted_gold(unit, project.id)


def _count_missing_answers(unit: UnitOfWork, project: Project) -> int | None:
    """Return how many answers are missing until the next refit; RESTING right after one; None if the project is not
    running. Models that answered are learnt as soon as gold can judge them, or gold changed."""
    if project.state is not ProjectState.RUNNING or not kind_of(project.kind).is_aggregated:
        return None
    answers, workers = unit.models.count_answers(project.id)
    tasks, fitted = unit.tasks.last_position(project.id), unit.models.fitted(project.id)
    missing = max(0, live.next_refit_at(fitted.answers, tasks, workers) - answers)
    if project.models and not fitted.answers and unit.tasks.checks_models(project.id):
        missing = 0
    rested = later(fitted.at, REST_MS_PER_ANSWER * (fitted.answers or answers))  # 0: gold, or an answer, changed since
    return RESTING if not missing and unit.now < rested else missing
