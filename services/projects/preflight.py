"""The pre-flight card: tasks, cost and pay of a launch, before it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil
from statistics import fmean
from typing import Any

from domain.answers import Learns, kind_of
from domain.messages import Message
from domain.money import amounts
from domain.money.amounts import Millionths
from domain.money.ledger import requester_account
from domain.money.pricing import Quote, Terms, make_quote
from domain.money.topups import measure_pace
from domain.people.accounts import Person
from domain.projects.drafts import FirstRow
from domain.projects.form_questions import parts_of, questions_in
from domain.projects.preflight import (
    AccuracyEvidence,
    AccuracyOutlook,
    AiOutlook,
    CheckedModel,
    FileNote,
    Foreseen,
    ForeseenWay,
    Preflight,
    TaskPreviewed,
    expected_answers,
    foresee_accuracy,
    foresee_beside_model,
    foresee_until_sure,
)
from domain.projects.progress import base_of, forecast_finish
from domain.projects.projects import ENDED, Pilot, Project, ProjectId, ProjectState
from domain.projects.tasks import Task, TaskContent, content_of, split_candidates
from domain.quality import crowd, gold
from domain.quality.crowd import ENOUGH_GOLD, PERSON_ACCURACY, PRIOR_ANSWERS
from domain.quality.machine import USUAL_MODEL_ACCURACY, MachineAnswer, new_models
from domain.refusals import BadInput, UnknownChoice
from formats.tables.reading import FIRST_ROW_TASK, NAMED_HEADERS
from formats.tables.table import FileWarning
from services.act import Act, Reply
from services.money import topups
from services.projects import edits, projects
from services.projects.audience import readable_conditions
from services.projects.projects import check_draft, mine
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork

SAVINGS_SAMPLED, CHECKED = (
    200,
    1_000,
)  # tasks that tell how many have a model's answer; gold rows that tell how good it is
UNKNOWN = (0.7, 0.9)  # accuracy of a model that no gold row has checked
CENT = 10_000  # millionths
WORTH_IT = 50  # tasks from which check questions are proposed
Rows = Sequence[tuple[tuple[str, ...], tuple[MachineAnswer, ...]]]
OPEN_CLASSES = 5  # answers that can be mistaken for each other, where there are no options


def forecast_savings(unit: UnitOfWork, project: Project, tasks: int) -> AiOutlook | None:
    """Return what models' answers are likely to save of a launch of so many ordinary tasks; None without models'
    answers."""
    if not project.models:
        return None
    rows = unit.gold_tasks.answered_by_models(project.id, CHECKED)
    questions = [question.name for question in questions_in(project.kind, project.options)]
    if questions:  # what a whole form saves is not known from single answers
        return AiOutlook(_models_by_question(project, questions, rows), Millionths(0), Millionths(0), decides=False)
    models = tuple(check_model(project, name, rows) for name in project.models)
    intervals = [model.interval for model in models if model.seen]
    low, high = max(intervals) if intervals else UNKNOWN
    share = fmean([bool(task.ai) for task in unit.tasks.sample(project.id, SAVINGS_SAMPLED)] or [False])
    full_cost = project.cost_each * tasks * share
    saved = [_rounded(full_cost * spared_answers(project, accuracy)) for accuracy in (low, high)]
    return AiOutlook(models, saved[0], saved[1], project.ai_decides)


def _rounded(amount: float) -> Millionths:
    """Return an estimated amount, rounded to the cent; small ones to a tenth of a cent."""
    return Millionths(round(round(amount, -4 if amount >= 10 * CENT else -3)))


def _models_by_question(project: Project, questions: Sequence[str], rows: Rows) -> tuple[CheckedModel, ...]:
    """Return each model's record at each question; a single line for a model that gold has judged at none."""
    by_model = [[check_model(project, name, rows, question) for question in questions] for name in project.models]
    return tuple(model for of_one in by_model for model in [e for e in of_one if e.seen] or of_one[:1])


def check_model(project: Project, name: str, rows: Rows, question: str = "") -> CheckedModel:
    """Return how often a model is right on gold rows; of a form, at one question."""
    right = [
        part.kind.is_right(machine_answer.answer, accepted)
        for gold, ai in rows
        for part in parts_of(project.kind, project.options, ai)
        if part.question == question and (accepted := part.find_accepted(gold))
        for machine_answer in part.model_answers
        if machine_answer.model == name
    ]
    judged = len(right)
    accuracy = (sum(right) + USUAL_MODEL_ACCURACY * PRIOR_ANSWERS) / (judged + PRIOR_ANSWERS)
    model = replace(new_models((name,), len(project.options))[0], accuracy=accuracy, judged=float(judged))
    return CheckedModel(name, sum(right), judged, model.interval, question)


def spared_answers(project: Project, accuracy: float) -> float:
    """People's answers that a task needs less beside a model of this accuracy."""
    if project.confidence is None:
        return 0.0
    most, classes = project.largest(project.overlap), len(project.options) or OPEN_CLASSES
    accuracy = max(accuracy, 1 / classes)
    return max(0.0, answers_without_models(project) - expected_answers(project.confidence, most, classes, accuracy))


def answers_without_models(project: Project, person: float | None = None) -> float:
    """Answers that a task takes without models, of people who are right so often (as is usual, where not known); its
    overlap where the requester named no confidence."""
    most = project.largest(project.overlap)
    classes = OPEN_CLASSES if kind_of(project.kind).asks_questions else len(project.options) or OPEN_CLASSES
    if project.confidence is None or project.usual_confidence:
        return float(project.overlap)
    return expected_answers(
        project.confidence, most, classes, None, min(crowd.MAX_ACCURACY, max(person or PERSON_ACCURACY, 1 / classes))
    )


def count_proposed_gold(unit: UnitOfWork, project: Project, tasks: int) -> int:
    """Return how many check questions would make the results more certain; 0 if there are enough, or too few tasks."""
    if tasks < WORTH_IT or not kind_of(project.kind).has_gold:
        return 0
    return max(0, gold.TARGET_GOLD - unit.gold_tasks.count(project.id, gold.TARGET_GOLD))


OVERLAPS, CONFIDENCES = (2, 3, 5), (0.9, 0.95)
MOST, LARGEST = 5, 15  # answers at most of a way with a confidence; beyond it nothing is foretold
WAYS = (*((overlap, None) for overlap in OVERLAPS), *((MOST, confidence) for confidence in CONFIDENCES))
MOST_TASKS = 5_000  # that one press asks another way
SAMPLED_TASKS = 2_000  # answers to check questions that are looked at, the latest


def forecast_accuracy(unit: UnitOfWork, project: Project, price: Quote) -> AccuracyOutlook | None:
    """Return how right the results will be, by the way to ask; None if answers are no classes or nothing would be
    launched. Beside models only the project's own way is forecast, and none before check questions show how good a
    model is."""
    if not _is_foretold(project) or not price.tasks:
        return None
    evidence = unit.pilots.answers.get_latest(project.id, SAMPLED_TASKS, LARGEST)
    own = (project.largest(project.overlap), project.confidence)
    if project.models:
        forecast = _foreseen(unit, project, evidence, own[0])
        beside = (_to_way(project, price, forecast, *own, True),) if forecast else ()
        return AccuracyOutlook(beside, len(evidence.gold), models=True)
    ways: list[tuple[int, float | None]] = list(WAYS)
    if own not in ways and own[0] <= LARGEST:
        ways.append(own)
    ways_shown = tuple(_way(project, price, evidence, *way, own == way) for way in sorted(ways, key=_order))
    may_choose = project.state is ProjectState.DRAFT and price.tasks <= MOST_TASKS
    return AccuracyOutlook(ways_shown, len(evidence.gold), WAYS if may_choose else ())


def accuracy_so_far(unit: UnitOfWork, project: Project) -> tuple[float, float, float] | None:
    """Return the share of a launched project's results that will be right and its range, by the check questions
    answered so far; None before the first such answer."""
    evidence = (
        unit.pilots.answers.get_latest(project.id, SAMPLED_TASKS, LARGEST)
        if _is_foretold(project)
        else AccuracyEvidence()
    )
    forecast = _foreseen(unit, project, evidence, project.largest(project.overlap)) if evidence.gold else None
    return (forecast.accuracy, forecast.low, forecast.high) if forecast else None


def accuracy_with(unit: UnitOfWork, project: Project, overlap: int) -> float | None:
    """Return the share of results that will be right with so many answers a task; None if it cannot be forecast."""
    if not _is_foretold(project):
        return None
    forecast = _foreseen(unit, project, unit.pilots.answers.get_latest(project.id, SAMPLED_TASKS, LARGEST), overlap)
    return forecast.accuracy if forecast else None


def _is_foretold(project: Project) -> bool:
    return kind_of(project.kind).learns is Learns.CLASSES and len(project.options) >= 2


def _foreseen(unit: UnitOfWork, project: Project, evidence: AccuracyEvidence, most: int) -> Foreseen | None:
    """Return the forecast for so many answers a task, or that many at most, which is as good; None if it cannot be
    forecast."""
    classes = len(project.options)
    if most > LARGEST:
        return None
    if not project.models:
        return foresee_accuracy(classes, evidence, most)
    best = _best_model(unit, project)
    return foresee_beside_model(classes, evidence, most, best.right, best.seen) if best else None


def _best_model(unit: UnitOfWork, project: Project) -> CheckedModel | None:
    """Return the best of the models that enough check questions have judged; None without one."""
    rows = unit.gold_tasks.answered_by_models(project.id, CHECKED)
    models = (check_model(project, name, rows) for name in project.models)
    return max(
        (model for model in models if model.seen >= ENOUGH_GOLD),
        key=lambda model: model.interval[0],
        default=None,
    )


def _order(way: tuple[int, float | None]) -> tuple[float, int]:
    return way[1] or 0.0, way[0]


def _way(
    project: Project, price: Quote, evidence: AccuracyEvidence, overlap: int, confidence: float | None, own: bool
) -> ForeseenWay:
    classes = len(project.options)
    if confidence is None:
        forecast = foresee_accuracy(classes, evidence, overlap)
    else:
        forecast = foresee_until_sure(classes, evidence, confidence, overlap)
    return _to_way(project, price, forecast, overlap, confidence, own=own)


def _to_way(
    project: Project, price: Quote, forecast: Foreseen, overlap: int, confidence: float | None, own: bool
) -> ForeseenWay:
    cost = _cost(project, price, forecast, overlap if confidence is None else project.overlap)
    return ForeseenWay(
        overlap,
        confidence,
        forecast.accuracy,
        forecast.low,
        forecast.high,
        answers=forecast.answers,
        cost=cost,
        own=own,
    )


def _cost(project: Project, price: Quote, forecast: Foreseen, gold: int) -> Millionths:
    """Return the cost of asking so; every check question is asked as often as the overlap says."""
    return Millionths(ceil(price.tasks * forecast.answers + price.gold * gold) * project.cost_each)


PILOT = 10  # tasks that are tried first
SAMPLED = 200  # tasks whose length gives the expected time
ASKED = ("accept", "minutes", "purpose", "content", "checks")


def preview_project(act: Act, number: ProjectId) -> tuple[Message, ...]:
    """The pre-flight card; before it the pictures and examples that workers see before their first task."""
    project = projects.mine(act.unit, act.person, number)
    beside = edits.introduction(project, 0) if project.pictures or project.examples else ()
    return *beside, *card_messages(card_of(act, number))


def fold_card(act: Act, number: ProjectId, whole: bool) -> Reply:
    """The card with all details, or as short as it comes, in the same message."""
    return Reply(replace(card_of(act, number), whole=whole), edits=act.message)


def card_of(act: Act, number: ProjectId) -> Preflight:
    project = projects.mine(act.unit, act.person, number)
    return with_card_amount(act, preflight_of(act.unit, act.person, project, act.house.terms))


def with_card_amount(act: Act, card: Preflight) -> Preflight:
    """Return the card with what can be paid by card of the money that is missing."""
    return replace(card, by_card=act.house.card_amount(card.price.total - card.available, card.currency))


def card_messages(card: Preflight) -> tuple[Message, ...]:
    """Return the card, preceded by the task as workers see it if the task has pictures, for which a card has no
    room."""
    if card.sample is None or not (card.sample.picture or card.sample.media or _has_pictures(card, card.sample)):
        return (card,)
    return TaskPreviewed(card.title, card.instructions, card.kind, card.options, card.sample), card


def _has_pictures(card: Preflight, sample: TaskContent) -> bool:
    return bool(split_candidates(sample.text, kind_of(card.kind).get_compared_labels(card.options))[1])


def preflight_of(
    unit: UnitOfWork,
    requester: Person,
    project: Project,
    terms: Terms,
    warnings: Iterable[FileWarning] = (),
    again: bool = False,
) -> Preflight:
    sample, price = sample_of(unit, project.id), price_of(unit, project, terms)
    return Preflight(
        number=project.id,
        instructions=project.instructions,
        kind=project.kind,
        options=project.options,
        state=project.state.value,
        currency=project.currency,
        pay=project.pay,
        overlap=project.overlap,
        max_overlap=project.max_overlap,
        confidence=project.confidence,
        **{name: getattr(project, name) for name in ("title", *ASKED)},
        price=price,
        available=unit.ledger.balance(requester_account(requester), project.currency),
        workers=unit.people.count_idle(),
        sample=content_of(project, sample) if sample else None,
        **_file_notes(unit, project, warnings),
        again=again,
        ai=forecast_savings(unit, project, price.tasks),
        outlook=forecast_accuracy(unit, project, price),
        **_pilot_facts(unit, project, price),
        team=requester.team_name,
        team_number=requester.team_number,
    )


def sample_of(unit: UnitOfWork, project: ProjectId) -> Task | None:
    """Return the first ordinary task that waits for a launch, else the project's first; None without any."""
    waiting = unit.tasks.sample(project, 1, unit.batches.waiting(project).first)
    return next(iter(waiting or unit.tasks.sample(project, 1)), None)


def _file_notes(unit: UnitOfWork, project: Project, warnings: Iterable[FileWarning]) -> dict[str, Any]:
    """Return the notes on how the file was read and, of a draft whose file may lack a row of names, its first row."""
    row_facts = unit.batches.first_row(project.id) if project.state is ProjectState.DRAFT else None
    first_row = FirstRow(tuple(row_facts["row"]), row_facts["is_task"]) if row_facts else None
    notes = tuple(
        _to_note(warning)
        for warning in warnings
        if first_row is None or warning.key not in (NAMED_HEADERS, FIRST_ROW_TASK)
    )
    return {"warnings": notes, "first_row": first_row}


def _pilot_facts(unit: UnitOfWork, project: Project, price: Quote) -> dict[str, Any]:
    return {
        "stated": project.seconds is not None,
        "pilot": pilot_of(unit, project),
        "measured": measured_seconds(unit, project) is not None,
        "may_pilot": PILOT if project.state is ProjectState.DRAFT and price.tasks > PILOT else 0,
        "gold_proposed": count_proposed_gold(unit, project, price.tasks),
        "left": _time_left(unit, project, price),
        "who": readable_conditions(unit, project),
    }


def _time_left(unit: UnitOfWork, project: Project, price: Quote) -> tuple[int, int] | None:
    """Return the soonest and latest milliseconds to the end, by how people have worked here; None if it cannot be said,
    as for a project that is open to some workers only."""
    if project.who or price.untold:
        return None
    work = round(price.submissions * price.seconds * 1000)
    finish = forecast_finish(work, unit.submissions.worked(), unit.project_turns.count(), unit.now)
    return (finish.soonest, finish.latest) if finish else None


def pilot_of(unit: UnitOfWork, project: Project) -> Pilot | None:
    """Return what a project's pilot brought; `like_result` is None if its answers cannot be compared. None without a
    pilot."""
    pilot = unit.pilots.find_outcome(project.id)
    is_compared = kind_of(project.kind).learns is Learns.CLASSES
    return pilot if pilot is None or is_compared else replace(pilot, like_result=None)


def measured_seconds(unit: UnitOfWork, project: Project, base: float = 0.0) -> float | None:
    """Return the seconds that an answer took in the pilot, by two workers or more, but at least `base` as these may be
    the requester's own people; None if not measured."""
    if unit.pilots.find_outcome(project.id) is None:
        return None
    pace = measure_pace(unit.topups.latest_times(project.id, SAMPLED), 0, round(base * 1000))
    return pace.milliseconds / 1000 if pace and pace.workers > 1 else None


def price_of(unit: UnitOfWork, project: Project, terms: Terms, upto: int = EVERY) -> Quote:
    """Return the price of all that waits for a launch, up to a position. Raise BadInput if it is more than any amount
    may be."""
    waiting = unit.batches.waiting(project.id, upto)
    resumable = unit.bulk_updates.count_resumable(project.id) if project.state in ENDED else (0, 0, 0)
    counts = (resumable[0] + waiting.tasks, resumable[1] + waiting.gold, resumable[2] + waiting.submissions)
    price = price_of_answers(unit, project, terms, *counts)
    if price.total > amounts.MAX_AMOUNT:
        raise BadInput(what="cost", value=str(price.submissions), expected=[])
    return price


def price_of_answers(unit: UnitOfWork, project: Project, terms: Terms, tasks: int, gold: int, answers: int) -> Quote:
    """Return the price of so many answers at the measured or else the expected time. The reserve covers the pace of the
    last window, and what is owed."""
    base, untold = base_of(project, unit.tasks.sample(project.id, SAMPLED))
    seconds, tried = topups.get_expected_seconds(unit, project, base), measured_seconds(unit, project, base)
    if tried is not None:
        seconds, untold = tried, ""
    price = make_quote(
        tasks,
        gold,
        submissions=answers,
        pay=project.pay,
        fee=project.fee,
        seconds=seconds,
        floor=terms.floor,
        base=base,
        untold=untold,
    )
    missing_reserve = max(0, topups.missing_for_topups(unit, project, price))
    owed = topups.sum_arrears(unit, project.requester, project)
    return replace(price, reserve=Millionths(price.reserve + missing_reserve), owed=owed)


def _to_note(warning: FileWarning) -> FileNote:
    facts = {name: ", ".join(fact) if isinstance(fact, tuple) else str(fact) for name, fact in warning.facts.items()}
    return FileNote(warning.key, tuple(facts.items()))


def choose_way(act: Act, number: ProjectId, overlap: int, thousandths: int) -> Reply:
    """Set the draft's overlap and confidence to one of the offered ways and show its whole card. Rows with an overlap
    of their own keep it. Raise UnknownChoice for another way or too many tasks, WrongState if it is no draft."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    confidence = thousandths / 1000 if thousandths else None
    check_draft(project)
    if (overlap, confidence) not in WAYS or card_of(act, number).price.tasks > MOST_TASKS:
        raise UnknownChoice()
    first_overlap = overlap if confidence is None else min(project.overlap, overlap)
    revised = replace(project, overlap=first_overlap, max_overlap=overlap, confidence=confidence)
    unit.projects.revise(project.id, revised)
    unit.batches.more.revise(project.id, project.overlap, first_overlap, revised.largest(0))
    return Reply(replace(card_of(act, number), whole=True), edits=act.message)
