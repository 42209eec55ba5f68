"""Live consensus: each answer updates its task at once. jobs/refits.py relearns the workers."""

from functools import cache, lru_cache

from domain import draws
from domain.answers import kind_of
from domain.messages import record
from domain.people.accounts import PersonId
from domain.projects.form_questions import Part, parts_of
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId
from domain.quality import live, refit
from domain.quality.aggregation import NO_CONSENSUS, Agreement
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import (
    MachineModel,
    equivalent_confidence,
    may_models_decide,
    min_people,
)
from domain.quality.trust import worker_by_gold
from domain.work.dispatch import UNPARKED_WORKERS
from domain.work.positions import find_label_columns
from services.projects.lifecycle import end_if_done
from storage.database import Database
from storage.drivers.records import unpack
from storage.quality.models import CONTENT
from storage.secrets import CONTROL
from storage.unit import UnitOfWork


async def things_of(database: Database, project: Project) -> dict[int, tuple[str, ...]]:
    """What stands behind each option in every answered task of a project whose options are columns, so that each row
    compares its own things; nothing where the things of this kind do not meet again."""
    columns = _compared(project)
    if columns is None:
        return {}
    return {row[0]: _behind(columns, row[1]) async for row in database.rows(CONTENT, project=project.id)}


def things_now(unit: UnitOfWork, project: Project) -> dict[int, tuple[str, ...]]:
    """The same of a project that is small."""
    columns = _compared(project)
    if columns is None:
        return {}
    return {row[0]: _behind(columns, row[1]) for row in unit.connection.all(CONTENT, project=project.id)}


def _compared(project: Project) -> tuple[str, ...] | None:
    return find_label_columns(project) if kind_of(project.kind).meets_again else None


def _behind(columns: tuple[str, ...], content: str) -> tuple[str, ...]:
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


def draw(unit: UnitOfWork, project: Project, task: Task, worker: PersonId, answer: str | None) -> ConsensusUpdate:
    """The consensus of a locked task after one more answer; “can't tell” adds nothing to it."""
    if not kind_of(project.kind).keeps_scores:
        return _agreed(unit, project, task)
    shared, model = models_of(unit, project, worker)
    state = _state(project, task, shared)
    if answer is not None:
        state = live.add_answer(state, model, project.options.index(answer))
    elif task.scores is None:
        return _unsaid(project, task, shared)
    return drawn(unit, project, task, state, shared)


def redraw(unit: UnitOfWork, project: Project, task: Task) -> ConsensusUpdate:
    """The consensus of a locked task from all its answers: its gold was taken back."""
    if not kind_of(project.kind).keeps_scores:
        return _agreed(unit, project, task)
    shared, newcomer = models_of(unit, project, NOBODY)
    said, state = unit.models.later(task.id, 0), live.start_task(shared, project.options, task.ai)
    for worker, answer in said:
        known = unit.models.for_answer(project.id, worker)
        state = live.add_answer(state, known[1] if known else newcomer, project.options.index(answer))
    return drawn(unit, project, task, state, shared) if said else _unsaid(project, task, shared)


def _agreed(unit: UnitOfWork, project: Project, task: Task) -> ConsensusUpdate:
    """For kinds without classes; the scores are a kind's extra figures, such as a number's interval."""
    shared, _ = models_of(unit, project, NOBODY)
    found = _of_all(unit, project, task, shared)
    if found.answer is None and kind_of(project.kind).is_aggregated:
        return _unsaid(project, task, shared)
    done = _is_done(unit, project, task, found.confidence, shared)
    return ConsensusUpdate(found.answer, found.confidence, found.scores, done)


def _of_all(unit: UnitOfWork, project: Project, task: Task, shared: ProjectModel) -> Agreement:
    """From all answers to a locked task, weighed by the last refit (before the first one, by their workers' gold), and
    models' answers beside them."""
    own = [(model or worker_by_gold(right, seen), answer) for answer, right, seen, model in unit.models.votes(task.id)]
    asked = AnswerSpec(project.kind, project.options, wanted=project.confidence)
    return get_learner(project.kind).find_consensus(asked, shared, own, task.ai) if own else NO_CONSENSUS


def drawn(unit: UnitOfWork, project: Project, task: Task, state: TaskState, shared: ProjectModel) -> ConsensusUpdate:
    """Reads the state of a task that somebody answered: answer, confidence, and whether it has been asked enough. Where
    nobody is heard, that is what models and the shares say."""
    found = live.consensus(state, shared, project.confidence is not None)
    done = _is_done(unit, project, task, found.confidence, shared)
    return ConsensusUpdate(project.options[found.choice], found.confidence, state.scores, done, state.answers)


def _unsaid(project: Project, task: Task, shared: ProjectModel) -> ConsensusUpdate:
    """A task of which nobody has said anything."""
    return ConsensusUpdate(None, None, None, _is_enough(project, task, 0.0, shared))


def begun(project: Project, task: Task, shared: ProjectModel) -> ConsensusUpdate:
    """What models alone say of a task that nobody has answered."""
    if not kind_of(project.kind).keeps_scores:
        asked = AnswerSpec(project.kind, project.options, wanted=project.confidence)
        alone = get_learner(project.kind).find_consensus(asked, shared, (), task.ai)
        return ConsensusUpdate(alone.answer, alone.confidence, alone.scores, True)
    state = live.start_task(shared, project.options, task.ai)
    found = live.consensus(state, shared, project.confidence is not None)
    return ConsensusUpdate(project.options[found.choice], found.confidence, state.scores, True)


def wanted(project: Project, learnt: ProjectModel) -> float | None:
    """The confidence that closes a task: the project's. Beside models, where its form names none, that of as many
    people as its overlap, of the usual accuracy or of this crowd's, whichever is more: workers who are told apart make
    more of a weak crowd than its majority does. Models that are worth nothing save nothing: then its overlap closes it.
    """
    if project.confidence is None or not (project.models and project.usual_confidence):
        return project.confidence
    if not any(model.weight for model in learnt.machines):
        return None
    if not learnt.answers:
        return project.confidence
    return max(project.confidence, equivalent_confidence(project.overlap, learnt.newcomer.skill.accuracy))


def _is_enough(project: Project, task: Task, confidence: float | None, learnt: ProjectModel) -> bool:
    """With a wanted confidence a task closes when its consensus is that sure, else (None: it claims none) after its
    overlap."""
    least = wanted(project, learnt)
    if least is None or confidence is None:
        return task.received >= task.overlap
    return confidence >= least or task.received >= max(project.max_overlap, task.overlap)


def _is_done(unit: UnitOfWork, project: Project, task: Task, confidence: float | None, learnt: ProjectModel) -> bool:
    """Beside models' answers one person at least who is heard has said something, two where an unchecked model
    differs."""
    if not _is_enough(project, task, confidence, learnt):
        return False
    if not task.ai or project.confidence is None or task.received >= project.largest(task.overlap):
        return True
    if task.received >= LEAST_PEOPLE:
        return True
    said = unit.models.later(task.id, 0)
    given = [answer for worker, answer in said if models_of(unit, project, worker)[1].is_heard]
    parts = parts_of(project.kind, project.options, task.ai, given)
    return given != [] and task.received >= max(_least(learnt.machines, part) for part in parts)


def _least(machines: tuple[MachineModel, ...], of: Part) -> int:
    alike = [each.answer for each in of.said if any(of.kind.agree(answer, each.answer) for answer in of.people_answers)]
    own = [model for model in machines if model.question == of.question]
    return min_people(own, of.said, [*of.people_answers, *alike])


def settle(unit: UnitOfWork, project: Project, task: Task, found: ConsensusUpdate) -> None:
    """Stores the consensus; closes the task, opens it again, or asks for one answer more. A task that all could not
    tell closes like any other: the money of a further answer was never held."""
    state = task.state
    if found.done and state == "open":
        state = "closed"
    elif not found.done and state == "closed" and unit.projects.get(project.id).state is ProjectState.RUNNING:
        state = "open"  # the last task before it may have ended the project
    unit.tasks.conclude(task.id, found.answer, found.confidence, state, found.scores, found.scored)
    if state == "closed":
        unit.openings.close(task.id)
        if task.state == "open":
            end_if_done(unit, project)
    elif state == "open" and not found.done:
        _ask_on(unit, project, task)


def _ask_on(unit: UnitOfWork, project: Project, task: Task) -> None:
    """Still unsure although every place is taken: one more, up to the largest overlap; all of its overlap where the
    task had closed before, but one at a time beside models' answers. The launch held the money of every place up to
    the largest overlap."""
    if project.confidence is None:  # every place there is was opened at the launch
        return
    if unit.openings.has(task.id):
        return
    largest, taken = max(project.max_overlap, task.overlap), task.received + unit.assignments.live_on(task.id)
    if taken >= largest:
        return
    free = 1 if task.ai else max(1, task.overlap - taken)
    unit.openings.give_back(project.id, False, task.id, free)
    unit.people.unpark_for(project.id, task.id, UNPARKED_WORKERS)


def models_of(unit: UnitOfWork, project: Project, worker: PersonId) -> tuple[ProjectModel, WorkerModel]:
    """The project's model and the worker's; before the first refit those of a project that begins."""
    known = unit.models.for_answer(project.id, worker)
    if known is not None:
        return known
    shared = _unlearnt(project.kind, len(project.options), project.models)
    return shared, shared.newcomer


@lru_cache(maxsize=256)
def _unlearnt(kind: str, options: int, models: tuple[str, ...]) -> ProjectModel:
    return get_learner(kind).initial_model(options, models)


def _state(project: Project, task: Task, shared: ProjectModel) -> TaskState:
    return live.start_task(shared, project.options, task.ai, task.scores, task.scored)


@cache
def opened(classes: int) -> tuple[ProjectModel, WorkerModel]:
    """The model before the first refit, in which all workers are newcomers."""
    shared = refit.opening_model(classes)
    return shared, shared.newcomer


ASKED_ANYWAY = 0.1  # of the tasks that models could decide, by lot


def verdict(project: Project, task: Task, shared: ProjectModel, secret: bytes) -> ConsensusUpdate | None:
    """What models decide of a task that nobody has answered; None where people are asked, as they are of every form."""
    least = wanted(project, shared)
    if least is None or kind_of(project.kind).asks_questions or is_control(secret, project.id, task.id):
        return None
    found = begun(project, task, shared)
    sure = found.answer is not None and found.confidence is not None
    if not sure or not may_models_decide(shared.machines, task.ai, found.confidence or 0.0, least):
        return None
    return found


def is_control(secret: bytes, project: int, task: int) -> bool:
    """Whether people are asked although the models could decide: the tenth that keeps watching them."""
    return draws.drawn(secret, "control", project, task) < ASKED_ANYWAY


def changes(task: Task, found: ConsensusUpdate | None) -> bool:
    """Whether a task has to be closed, or opened again."""
    return (task.state == "open") == (found is not None)


def weigh(unit: UnitOfWork, project: Project, shared: ProjectModel, tasks: list[TaskId]) -> None:
    """Closes these tasks, or opens them again, where nobody has answered them or has them in hand."""
    project, secret = unit.projects.get(project.id), unit.secrets.get(CONTROL)
    if project.state is not ProjectState.RUNNING:
        return
    for number in tasks:
        task = unit.tasks.lock(number)
        found = verdict(project, task, shared, secret)
        untouched = task.gold is None and task.received == 0 and task.state in ("open", "closed")
        if task.state == "closed" and unit.model_reviews.holds(project.id, task.id):
            continue  # its program has been answered
        if untouched and changes(task, found) and not unit.assignments.live_on(task.id):
            _close(unit, task, found) if found else _open(unit, project, task)
    end_if_done(unit, project)


def _close(unit: UnitOfWork, task: Task, found: ConsensusUpdate) -> None:
    unit.tasks.conclude(task.id, found.answer, found.confidence, "closed", found.scores)
    unit.openings.close(task.id)


def _open(unit: UnitOfWork, project: Project, task: Task) -> None:
    unit.tasks.conclude(task.id, None, None, "open", None)
    unit.openings.give_back(project.id, False, task.id)
    unit.people.unpark_for(project.id, task.id, UNPARKED_WORKERS)
