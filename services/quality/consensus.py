"""Live consensus: each answer updates its task at once. jobs/refits.py relearns the workers."""

from functools import cache, lru_cache

from domain import draws
from domain.answers import kind_of
from domain.messages import record
from domain.people.accounts import PersonId
from domain.projects.form_questions import FormPart, parts_of
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId
from domain.quality import live, refit
from domain.quality.aggregation import NO_CONSENSUS, Agreement
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import MachineModel, equivalent_confidence, may_models_decide, min_people
from domain.quality.trust import worker_by_gold
from domain.work.dispatch import UNPARKED_WORKERS
from domain.work.positions import find_label_columns
from services.projects.lifecycle import end_if_done
from storage.database import Database
from storage.drivers.records import unpack
from storage.quality.models import CONTENT
from storage.secrets import CONTROL
from storage.unit import UnitOfWork


async def read_compared_values(database: Database, project: Project) -> dict[int, tuple[str, ...]]:
    """Return the values of the option columns by task id, for every answered task of a project whose options are
    columns and whose kind compares the same things again; an empty dict for other projects."""
    columns = _find_compared_columns(project)
    if columns is None:
        return {}
    return {row[0]: _values_of_columns(columns, row[1]) async for row in database.rows(CONTENT, project=project.id)}


def get_compared_values(unit: UnitOfWork, project: Project) -> dict[int, tuple[str, ...]]:
    """Return what `read_compared_values` returns, read at once within a transaction; for small projects."""
    columns = _find_compared_columns(project)
    if columns is None:
        return {}
    return {row[0]: _values_of_columns(columns, row[1]) for row in unit.connection.all(CONTENT, project=project.id)}


def _find_compared_columns(project: Project) -> tuple[str, ...] | None:
    """Return the columns that the options name, or None if the kind does not compare the same things again."""
    return find_label_columns(project) if kind_of(project.kind).meets_again else None


def _values_of_columns(columns: tuple[str, ...], content: str) -> tuple[str, ...]:
    cells = unpack(content)
    return tuple(cells.get(name, "") for name in columns)


NOBODY = PersonId(0)  # the prior of a newcomer
LEAST_PEOPLE = 2  # from so many answers on nobody asks how many there must be at least


@record
class ConsensusUpdate:
    """The consensus of a task; `done` when no further answer is wanted. So many answers are `scored` in its scores."""

    answer: str | None
    confidence: float | None
    scores: tuple[float, ...] | None
    done: bool
    scored: int = 0


def update_with_answer(
    unit: UnitOfWork, project: Project, task: Task, worker: PersonId, answer: str | None
) -> ConsensusUpdate:
    """Return the consensus of a locked task after one more answer; an `answer` of None ("can't tell") adds nothing to
    it. Nothing is stored."""
    if not kind_of(project.kind).keeps_scores:
        return _merge_answers(unit, project, task)
    shared, model = get_models(unit, project, worker)
    state = _task_state(project, task, shared)
    if answer is not None:
        state = live.add_answer(state, model, project.options.index(answer))
    elif task.scores is None:
        return _without_answers(project, task, shared)
    return to_consensus_update(unit, project, task, state, shared)


def recompute_consensus(unit: UnitOfWork, project: Project, task: Task) -> ConsensusUpdate:
    """Return the consensus of a locked task, computed from all its answers, after its gold answer was removed. Nothing
    is stored."""
    if not kind_of(project.kind).keeps_scores:
        return _merge_answers(unit, project, task)
    shared, newcomer = get_models(unit, project, NOBODY)
    answers, state = unit.models.later(task.id, 0), live.start_task(shared, project.options, task.ai)
    for worker, answer in answers:
        known_models = unit.models.for_answer(project.id, worker)
        state = live.add_answer(state, known_models[1] if known_models else newcomer, project.options.index(answer))
    return (
        to_consensus_update(unit, project, task, state, shared) if answers else _without_answers(project, task, shared)
    )


def _merge_answers(unit: UnitOfWork, project: Project, task: Task) -> ConsensusUpdate:
    """Return the consensus of kinds without classes; its scores are the kind's extra figures, such as a number's
    interval."""
    shared, _ = get_models(unit, project, NOBODY)
    agreement = _combine_answers(unit, project, task, shared)
    if agreement.answer is None and kind_of(project.kind).is_aggregated:
        return _without_answers(project, task, shared)
    is_done = _is_done(unit, project, task, agreement.confidence, shared)
    return ConsensusUpdate(agreement.answer, agreement.confidence, agreement.scores, is_done)


def _combine_answers(unit: UnitOfWork, project: Project, task: Task, shared: ProjectModel) -> Agreement:
    """Return the agreement of all answers to a locked task, weighed by the last refit (before the first refit, by their
    workers' gold) and combined with models' answers; NO_CONSENSUS if there are no answers."""
    weighed_answers = [
        (model or worker_by_gold(right, checked), answer)
        for answer, right, checked, model in unit.models.votes(task.id)
    ]
    spec = AnswerSpec(project.kind, project.options, closing_confidence=project.confidence)
    return (
        get_learner(project.kind).find_consensus(spec, shared, weighed_answers, task.ai)
        if weighed_answers
        else NO_CONSENSUS
    )


def to_consensus_update(
    unit: UnitOfWork, project: Project, task: Task, state: TaskState, shared: ProjectModel
) -> ConsensusUpdate:
    """Return answer, confidence and whether the task needs no further answer, from the state of a task that was
    answered. If no answer counts, the result rests on the models' answers and the shares of the classes."""
    estimate = live.consensus(state, shared, project.confidence is not None)
    is_done = _is_done(unit, project, task, estimate.confidence, shared)
    return ConsensusUpdate(project.options[estimate.choice], estimate.confidence, state.scores, is_done, state.answers)


def _without_answers(project: Project, task: Task, shared: ProjectModel) -> ConsensusUpdate:
    """Return the empty consensus of a task without answers."""
    return ConsensusUpdate(None, None, None, _is_enough(project, task, 0.0, shared))


def get_models_consensus(project: Project, task: Task, shared: ProjectModel) -> ConsensusUpdate:
    """Return the consensus of the models' answers alone to a task that no person answered."""
    if not kind_of(project.kind).keeps_scores:
        spec = AnswerSpec(project.kind, project.options, closing_confidence=project.confidence)
        agreement = get_learner(project.kind).find_consensus(spec, shared, (), task.ai)
        return ConsensusUpdate(agreement.answer, agreement.confidence, agreement.scores, True)
    state = live.start_task(shared, project.options, task.ai)
    estimate = live.consensus(state, shared, project.confidence is not None)
    return ConsensusUpdate(project.options[estimate.choice], estimate.confidence, state.scores, True)


def get_closing_confidence(project: Project, learnt: ProjectModel) -> float | None:
    """Return the confidence that closes a task: the project's, or None if the overlap closes it.

    Where a project has models and its form names no confidence, return the confidence that as many people as its
    overlap reach, of the usual accuracy or of this crowd's, whichever is larger: a consensus that weighs workers gets
    more out of a weak crowd than a majority does. Return None if none of its models has any weight, since they save no
    answers."""
    if project.confidence is None or not (project.models and project.usual_confidence):
        return project.confidence
    if not any(model.weight for model in learnt.machines):
        return None
    if not learnt.answers:
        return project.confidence
    return max(project.confidence, equivalent_confidence(project.overlap, learnt.newcomer.skill.accuracy))


def _is_enough(project: Project, task: Task, confidence: float | None, learnt: ProjectModel) -> bool:
    """Return whether the task has enough answers: its consensus reached the confidence that closes it, or it has its
    largest overlap; without such a confidence (or if the kind claims none), whether it has its overlap."""
    closing_confidence = get_closing_confidence(project, learnt)
    if closing_confidence is None or confidence is None:
        return task.received >= task.overlap
    return confidence >= closing_confidence or task.received >= max(project.max_overlap, task.overlap)


def _is_done(unit: UnitOfWork, project: Project, task: Task, confidence: float | None, learnt: ProjectModel) -> bool:
    """Return whether the task needs no further answer. Beside models' answers at least one person whose answers count
    must have answered, two where an unchecked model differs."""
    if not _is_enough(project, task, confidence, learnt):
        return False
    if not task.ai or project.confidence is None or task.received >= project.largest(task.overlap):
        return True
    if task.received >= LEAST_PEOPLE:
        return True
    answers = unit.models.later(task.id, 0)
    counted_answers = [answer for worker, answer in answers if get_models(unit, project, worker)[1].is_heard]
    parts = parts_of(project.kind, project.options, task.ai, counted_answers)
    return counted_answers != [] and task.received >= max(_min_people(learnt.machines, part) for part in parts)


def _min_people(machines: tuple[MachineModel, ...], part: FormPart) -> int:
    model_answers = [
        model_answer.answer
        for model_answer in part.model_answers
        if any(part.kind.agree(answer, model_answer.answer) for answer in part.people_answers)
    ]
    models = [model for model in machines if model.question == part.question]
    return min_people(models, part.model_answers, [*part.people_answers, *model_answers])


def store_consensus(unit: UnitOfWork, project: Project, task: Task, update: ConsensusUpdate) -> None:
    """Store the consensus; close the task, open it again, or open one more place. A task whose last place was answered
    "can't tell" closes like any other, since the money of a further answer was never held. May end the project."""
    state = task.state
    if update.done and state == "open":
        state = "closed"
    elif not update.done and state == "closed" and unit.projects.get(project.id).state is ProjectState.RUNNING:
        state = "open"  # the last task before it may have ended the project
    unit.tasks.conclude(task.id, update.answer, update.confidence, state, scores=update.scores, scored=update.scored)
    if state == "closed":
        unit.openings.close(task.id)
        if task.state == "open":
            end_if_done(unit, project)
    elif state == "open" and not update.done:
        _open_more_places(unit, project, task)


def _open_more_places(unit: UnitOfWork, project: Project, task: Task) -> None:
    """Open one more place for a task that is still unsure although all its places are taken, up to the largest overlap;
    all places of its overlap where the task had closed before, but only one beside models' answers. The launch held the
    money of every place up to the largest overlap."""
    if project.confidence is None:  # every place there is was opened at the launch
        return
    if unit.openings.has(task.id):
        return
    largest, places_taken = max(project.max_overlap, task.overlap), task.received + unit.assignments.live_on(task.id)
    if places_taken >= largest:
        return
    free = 1 if task.ai else max(1, task.overlap - places_taken)
    unit.openings.give_back(project.id, False, task.id, free)
    unit.people.unpark_for(project.id, task.id, UNPARKED_WORKERS)


def get_models(unit: UnitOfWork, project: Project, worker: PersonId) -> tuple[ProjectModel, WorkerModel]:
    """Return the project's model and the worker's; before the first refit, the initial ones."""
    known_models = unit.models.for_answer(project.id, worker)
    if known_models is not None:
        return known_models
    shared = _initial_model(project.kind, len(project.options), project.models)
    return shared, shared.newcomer


@lru_cache(maxsize=256)
def _initial_model(kind: str, options: int, models: tuple[str, ...]) -> ProjectModel:
    return get_learner(kind).initial_model(options, models)


def _task_state(project: Project, task: Task, shared: ProjectModel) -> TaskState:
    return live.start_task(shared, project.options, task.ai, task.scores, task.scored)


@cache
def get_opening_models(classes: int) -> tuple[ProjectModel, WorkerModel]:
    """Return the models before the first refit, in which all workers are newcomers."""
    shared = refit.opening_model(classes)
    return shared, shared.newcomer


CONTROL_SHARE = 0.1  # of the tasks that models could decide, by lot


def find_models_verdict(project: Project, task: Task, shared: ProjectModel, secret: bytes) -> ConsensusUpdate | None:
    """Return what the models decide of a task that no person answered, or None if people must be asked, as they always
    are for forms and for the tasks drawn as controls."""
    closing_confidence = get_closing_confidence(project, shared)
    if closing_confidence is None or kind_of(project.kind).asks_questions or is_control(secret, project.id, task.id):
        return None
    update = get_models_consensus(project, task, shared)
    is_complete = update.answer is not None and update.confidence is not None
    if not is_complete or not may_models_decide(shared.machines, task.ai, update.confidence or 0.0, closing_confidence):
        return None
    return update


def is_control(secret: bytes, project: int, task: int) -> bool:
    """Return whether people are asked although the models could decide: a random tenth, which keeps checking the
    models."""
    return draws.draw_fraction(secret, "control", project, task) < CONTROL_SHARE


def needs_state_change(task: Task, update: ConsensusUpdate | None) -> bool:
    """Return whether the models' verdict (None: people are asked) closes an open task or opens a closed one."""
    return (task.state == "open") == (update is not None)


def apply_models_verdicts(unit: UnitOfWork, project: Project, shared: ProjectModel, tasks: list[TaskId]) -> None:
    """Close these tasks by the models' verdicts, or open them again, except for those that people answered or hold.
    Does nothing in a project that is not running; may end the project."""
    project, secret = unit.projects.get(project.id), unit.secrets.get(CONTROL)
    if project.state is not ProjectState.RUNNING:
        return
    for task_id in tasks:
        task = unit.tasks.lock(task_id)
        update = find_models_verdict(project, task, shared, secret)
        untouched = task.gold is None and task.received == 0 and task.state in ("open", "closed")
        if task.state == "closed" and unit.model_reviews.holds(project.id, task.id):
            continue  # its program has been answered
        if untouched and needs_state_change(task, update) and not unit.assignments.live_on(task.id):
            _close_task(unit, task, update) if update else _reopen_task(unit, project, task)
    end_if_done(unit, project)


def _close_task(unit: UnitOfWork, task: Task, update: ConsensusUpdate) -> None:
    unit.tasks.conclude(task.id, update.answer, update.confidence, "closed", update.scores)
    unit.openings.close(task.id)


def _reopen_task(unit: UnitOfWork, project: Project, task: Task) -> None:
    unit.tasks.conclude(task.id, None, None, "open", None)
    unit.openings.give_back(project.id, False, task.id)
    unit.people.unpark_for(project.id, task.id, UNPARKED_WORKERS)
