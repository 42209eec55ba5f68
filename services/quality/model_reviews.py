"""Reviews that a program requests of a model's answer: answered at once where the model may decide, else by people."""

import json
from collections.abc import Mapping
from typing import Any

from domain.answers import kind_of
from domain.fairness.stops import NO_LAUNCH
from domain.money.amounts import Millionths
from domain.money.pricing import Quote, make_quote
from domain.projects.progress import base_of
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Review, Task, TaskId, review_of
from domain.refusals import BadInput, FileRefused, KeyReused, NotFound, TakesNoReviews, WrongState
from formats.errors import FileErrors, RowError
from formats.tables.reading import read_tasks
from formats.tables.tasks import PackedRow
from services.act import Act
from services.money import topups, transfers
from services.projects import launches, lifecycle
from services.projects.lifecycle import end_if_done, resume
from services.projects.preflight import SAMPLED
from services.projects.projects import check_by_hand, mine
from services.quality import consensus
from services.quality.consensus import NOBODY
from storage.secrets import CONTROL
from storage.unit import UnitOfWork


def request_review(
    act: Act,
    project: int,
    input: Mapping[str, Any],
    prediction: str,
    confidence: float | None,
    model: str,
    id: str | None,
    threshold: float,
) -> Review:
    """Return the review of a model's answer to one row; a repeated `id` returns the first review. A model less sure
    than the `threshold` does not decide. Raise KeyReused, TakesNoReviews, WrongState, BadInput or FileRefused if the
    row or the project does not permit it."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, project).id)
    own_project = mine(unit, act.person, project)
    row = _parse_row(
        project=own_project, content=input, prediction=prediction, confidence=confidence, model=model, id=id
    )
    earlier_task = _find_same_request(unit, own_project, row)
    if earlier_task is not None:
        return review_of(earlier_task)
    _require_reviewable(unit, own_project)
    key, content, ai = row[1], row[2], row[6]
    task_id = unit.model_reviews.add(
        unit.model_reviews.batch(own_project.id, act.person.id), own_project, key, content, ai or ""
    )
    task = unit.tasks.get(task_id)
    if not _decide_by_model(unit, own_project, task, confidence, threshold):
        _ask_people(act, own_project, task)
    return review_of(unit.tasks.get(task.id))


def get_review(act: Act, number: int) -> Review:
    """Return a review that the requester's program requested. Raise NotFound for others."""
    task = act.unit.tasks.find(TaskId(number))
    is_theirs = task is not None and act.unit.projects.get(task.project).requester == act.person.id
    if task is None or not is_theirs or not act.unit.model_reviews.holds(task.project, task.id):
        raise NotFound(what="review", name=str(number))
    return review_of(task)


def _parse_row(
    project: Project, content: Mapping[str, Any], prediction: str, confidence: float | None, model: str, id: str | None
) -> PackedRow:
    """Return the row, checked like a row of a file. Raise TakesNoReviews, BadInput or FileRefused."""
    if model not in project.models:
        raise TakesNoReviews(number=project.id, why="models")
    if content.keys() != set(project.columns):
        raise BadInput(what="columns", value=", ".join(content), expected=list(project.columns))
    suffix = f":{model}" if model else ""
    row = {**content, f"ai{suffix}": prediction, f"ai_confidence{suffix}": confidence, **({"id": id} if id else {})}
    try:
        file = read_tasks(json.dumps(row).encode(), "review.jsonl", project.options, project.kind, project.template)
        return next(iter(file.rows.packed()))
    except FileErrors as problem:
        raise FileRefused(
            name="input", errors=[_to_row_error(error) for error in problem.errors], total=problem.total
        ) from None


def _to_row_error(error: RowError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    return {"line": 1, "column": error.column, "value": error.value, "expected": error.expected, "facts": facts}


def _find_same_request(unit: UnitOfWork, project: Project, row: PackedRow) -> Task | None:
    """Return the task of this id, or None. Raise KeyReused if the id belongs to another row or to a task of a file."""
    same = unit.model_reviews.same(project.id, row[1]) if row[1] else None
    if same is None:
        return None
    number, content, ai = same
    if (content, ai) != (row[2], row[6]) or not unit.model_reviews.holds(project.id, number):
        raise KeyReused(name=row[1] or "")
    return unit.tasks.get(number)


def _require_reviewable(unit: UnitOfWork, project: Project) -> None:
    """Raise WrongState or TakesNoReviews unless the project was launched, its tasks can be decided by models and no
    other tasks wait in it."""
    check_by_hand(project)
    if project.state not in (ProjectState.RUNNING, ProjectState.COMPLETE):
        raise WrongState(number=project.id, state=project.state.value)
    if not NO_LAUNCH.isdisjoint(project.paused):
        raise WrongState(number=project.id, state="reported")
    kind = kind_of(project.kind)
    if project.confidence is None or not kind.is_aggregated or kind.asks_questions:
        raise TakesNoReviews(number=project.id, why="models")
    if unit.model_reviews.others_wait(project.id):
        raise TakesNoReviews(number=project.id, why="waiting")


def _decide_by_model(
    unit: UnitOfWork, project: Project, task: Task, confidence: float | None, threshold: float
) -> bool:
    """Close the task by the model's answer if the requester allows it, the model is as sure as the program asks, and
    gold has shown that the model is safe. Return whether it was closed."""
    if not project.ai_decides or (confidence or 0.0) < threshold:
        return False
    shared, _ = consensus.get_models(unit, project, NOBODY)
    verdict = consensus.find_models_verdict(project, task, shared, unit.secrets.get(CONTROL))
    if verdict is None:
        return False
    unit.tasks.conclude(task.id, verdict.answer, verdict.confidence, "closed", verdict.scores)
    if project.state is ProjectState.RUNNING:
        end_if_done(unit, project)
    return True


def _ask_people(act: Act, project: Project, task: Task) -> None:
    """Hold the money of the task's answers and offer its first place. Resumes a completed project."""
    unit = act.unit
    price = _get_price(act, project)
    launches.require_price(project, price)
    if project.state is ProjectState.COMPLETE:
        project = _resume_project(act, project, price)
    amount = Millionths(price.reward + price.fee)
    needed = amount + max(0, topups.get_reserve_shortfall(unit, project, price.seconds, price.submissions))
    unit.spending.stated.add(project.id, needed)
    transfers.hold_budget(unit, act.person, project, amount, f"review:{task.id}")
    topups.raise_reserve(unit, act.person, project, price.seconds)
    unit.openings.give_back(project.id, False, task.id)
    lifecycle.wake_workers(unit, project.id)


def _get_price(act: Act, project: Project) -> Quote:
    """Return the price of all answers that the task can need."""
    base, is_unknown = base_of(project, act.unit.tasks.sample(project.id, SAMPLED))
    most, seconds = project.largest(project.overlap), topups.get_expected_seconds(act.unit, project, base)
    return make_quote(
        tasks=1,
        gold=0,
        submissions=most,
        pay=project.pay,
        fee=project.fee,
        seconds=seconds,
        floor=act.house.terms.floor,
        base=base,
        untold=is_unknown,
    )


def _resume_project(act: Act, project: Project, price: Quote) -> Project:
    """Resume a project that was complete; return it."""
    unit = act.unit
    topups.pay_arrears(unit, act.person, project.currency)
    resume(unit, project)
    if price.floor:
        unit.topups.store_promise(project.id, price.floor, round(price.seconds * 1000), round(price.base * 1000))
    return unit.projects.get(project.id)
