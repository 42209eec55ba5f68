"""A program asks what a model's answer is worth: answered at once where the model may decide, else by people."""

import json
from collections.abc import Mapping
from typing import Any

from domain.answers import kind_of
from domain.fairness.stops import NO_LAUNCH
from domain.money.amounts import Millionths
from domain.money.pricing import Quote, make_quote
from domain.projects.progress import base_of
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import (
    Review,
    Task,
    TaskId,
    review_of,
)
from domain.refusals import (
    BadInput,
    FileRefused,
    KeyReused,
    NotFound,
    TakesNoReviews,
    WrongState,
)
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


def ask(
    act: Act,
    project: int,
    input: Mapping[str, Any],
    prediction: str,
    confidence: float | None,
    model: str,
    id: str | None,
    threshold: float,
) -> Review:
    """Once for its id. A model less sure than the `threshold` is not left to decide. Raises what stands against it."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, project).id)
    found = mine(unit, act.person, project)
    row = _read(found, input, prediction, confidence, model, id)
    known = _known(unit, found, row)
    if known is not None:
        return review_of(known)
    _check(unit, found)
    key, content, ai = row[1], row[2], row[6]
    made = unit.model_reviews.add(unit.model_reviews.batch(found.id, act.person.id), found, key, content, ai or "")
    task = unit.tasks.get(made)
    if not _decided(unit, found, task, confidence, threshold):
        _asked(act, found, task)
    return review_of(unit.tasks.get(task.id))


def read(act: Act, number: int) -> Review:
    task = act.unit.tasks.find(TaskId(number))
    theirs = task is not None and act.unit.projects.get(task.project).requester == act.person.id
    if task is None or not theirs or not act.unit.model_reviews.holds(task.project, task.id):
        raise NotFound(what="review", name=str(number))
    return review_of(task)


def _read(
    project: Project, content: Mapping[str, Any], prediction: str, confidence: float | None, model: str, id: str | None
) -> PackedRow:
    """Checked as a row of a file is."""
    if model not in project.models:
        raise TakesNoReviews(number=project.id, why="models")
    if content.keys() != set(project.columns):
        raise BadInput(what="columns", value=", ".join(content), expected=list(project.columns))
    of = f":{model}" if model else ""
    row = {**content, f"ai{of}": prediction, f"ai_confidence{of}": confidence, **({"id": id} if id else {})}
    try:
        file = read_tasks(json.dumps(row).encode(), "review.jsonl", project.options, project.kind, project.template)
        return next(iter(file.rows.packed()))
    except FileErrors as problem:
        raise FileRefused(name="input", errors=[_told(each) for each in problem.errors], total=problem.total) from None


def _told(error: RowError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    return {"line": 1, "column": error.column, "value": error.value, "expected": error.expected, "facts": facts}


def _known(unit: UnitOfWork, project: Project, row: PackedRow) -> Task | None:
    """That of this id. Raises KeyReused where it was something else."""
    same = unit.model_reviews.same(project.id, row[1]) if row[1] else None
    if same is None:
        return None
    number, content, ai = same
    if (content, ai) != (row[2], row[6]) or not unit.model_reviews.holds(project.id, number):
        raise KeyReused(name=row[1] or "")
    return unit.tasks.get(number)


def _check(unit: UnitOfWork, project: Project) -> None:
    """A project that was launched, and in which nothing comes before them."""
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


def _decided(unit: UnitOfWork, project: Project, task: Task, confidence: float | None, threshold: float) -> bool:
    """By the model alone, where the requester allows it, the model is as sure as the program asks, and gold has shown
    it safe."""
    if not project.ai_decides or (confidence or 0.0) < threshold:
        return False
    shared, _ = consensus.models_of(unit, project, NOBODY)
    found = consensus.verdict(project, task, shared, unit.secrets.get(CONTROL))
    if found is None:
        return False
    unit.tasks.conclude(task.id, found.answer, found.confidence, "closed", found.scores)
    if project.state is ProjectState.RUNNING:
        end_if_done(unit, project)
    return True


def _asked(act: Act, project: Project, task: Task) -> None:
    """People: its money is held, its first place is offered."""
    unit = act.unit
    price = _price(act, project)
    launches.require_price(project, price)
    if project.state is ProjectState.COMPLETE:
        project = _awake(act, project, price)
    held = Millionths(price.reward + price.fee)
    needed = held + max(0, topups.get_reserve_shortfall(unit, project, price.seconds, price.submissions))
    unit.spending.stated.add(project.id, needed)
    transfers.hold_budget(unit, act.person, project, held, f"review:{task.id}")
    topups.raise_reserve(unit, act.person, project, price.seconds)
    unit.openings.give_back(project.id, False, task.id)
    lifecycle.wake_workers(unit, project.id)


def _price(act: Act, project: Project) -> Quote:
    """Of all the answers that it can be asked for."""
    base, untold = base_of(project, act.unit.tasks.sample(project.id, SAMPLED))
    most, seconds = project.largest(project.overlap), topups.get_expected_seconds(act.unit, project, base)
    return make_quote(1, 0, most, project.pay, project.fee, seconds, act.house.terms.floor, base, untold)


def _awake(act: Act, project: Project, price: Quote) -> Project:
    """All before it was decided: it goes on."""
    unit = act.unit
    topups.pay_arrears(unit, act.person, project.currency)
    resume(unit, project)
    if price.floor:
        unit.topups.store_promise(project.id, price.floor, round(price.seconds * 1000), round(price.base * 1000))
    return unit.projects.get(project.id)
