"""The figures of a project for its requester: of now where it has few answers, else those that its last refit kept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.answers import kind_of
from domain.conduct import evidence
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.people.accounts import Person, PersonId
from domain.projects.form_questions import questions_in
from domain.projects.projects import (
    ENDED,
    Project,
    ProjectId,
    ProjectState,
)
from domain.projects.tasks import TaskId
from domain.quality.agreement import MISSED_OPTION, ClassReport, Reliability
from domain.quality.crowd import AnswerColumns, wilson_interval
from domain.quality.figures import (
    Figures,
    GoldBought,
    JudgedModel,
    JudgedOption,
    MeasuredAgreement,
    ModelDoubt,
    ModelsReport,
    ProjectFigures,
    ProjectQuality,
    ProjectSkill,
    SkillFigures,
    SkillReport,
    measure_figures,
)
from domain.quality.gold import TARGET_GOLD
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.machine import Doubt, MachineModel, ModelWarning
from domain.work.assignments import proof_after
from domain.work.dispatch import CLOSE_WATCH_LEVEL
from services.act import Act
from services.projects import preflight, projects
from services.quality import consensus
from services.quality.consensus import NOBODY
from storage.drivers.records import unpack_tuple
from storage.projects.tasks import ai_from
from storage.quality.models import AI, ANSWERS, GOLD
from storage.unit import UnitOfWork

# Answers that are learnt while somebody waits, with the refits that judge results on gold: some seconds at most for
# numbers and texts, a quarter of one for choices. A refit of more keeps the figures: it is a quarter of a minute after
# the one before at least.
FEW = 5_000
UNKEPT = 2 * FEW  # there may be by the next refit, where the last one saw few


def show_figures(unit: UnitOfWork, project: Project) -> ProjectFigures | None:
    """None where nothing can be measured. A long reading."""
    found = measured(unit, project)
    if found is None or not (found.reliability or found.checked or found.questions):
        return None
    return replace(message_of(project, found), tools=unit.tool_uses.count(project.id))


def measured(unit: UnitOfWork, project: Project) -> Figures | None:
    """None where there are no answers. Answers to kinds without a consensus say nothing together. A long reading."""
    if not kind_of(project.kind).is_aggregated:
        return None
    kept = unit.models.figures(project.id) if are_kept(unit, project) else None
    return _fresh(unit, project) if kept is None and unit.models.given(project.id)[0] <= UNKEPT else kept


def are_kept(unit: UnitOfWork, project: Project) -> bool:
    """Whether a refit keeps them: there are many answers."""
    return unit.models.given(project.id)[0] > FEW


def _fresh(unit: UnitOfWork, project: Project) -> Figures | None:
    answers = AnswerColumns()
    for _, task, worker, answer in unit.connection.all(ANSWERS, project=project.id):
        answers.add(task, worker, answer)
    if not answers:
        return None
    gold = {row[0]: unpack_tuple(row[1]) for row in unit.connection.all(GOLD, project=project.id)}
    ai = {row[0]: ai_from(row[1]) for row in unit.connection.all(AI, project=project.id)} if project.models else {}
    things = consensus.things_now(unit, project)
    asked = AnswerSpec(project.kind, project.options, things, ai, project.confidence)
    return measure_figures(asked, answers, gold, get_learner(project.kind).learn(asked, answers, gold))


def message_of(project: Project, found: Figures) -> ProjectFigures:
    gold, texts = found.gold, {each.name: each.text for each in questions_in(project.kind, project.options)}
    return ProjectFigures(
        project.id,
        project.title,
        found.answers,
        _agreement(found.reliability) if found.reliability else None,
        found.checked,
        found.right,
        *wilson_interval(found.right, found.checked),
        tuple(_option(each, found.classes) for each in found.classes if each.given),
        GoldBought(gold.tasks, gold.changed, gold.before, gold.after) if gold else None,
        questions=tuple((texts.get(name, name), _agreement(each)) for name, each in found.questions.items()),
    )


def _agreement(of: Reliability) -> MeasuredAgreement:
    return MeasuredAgreement(of.percent, of.alpha, of.low, of.high, of.kappa, of.tasks)


def _option(of: ClassReport, everything: Sequence[ClassReport]) -> JudgedOption:
    wrong = {other.option: other.confusion.get(of.option, 0) for other in everything if other.option != of.option}
    instead = max(wrong, key=lambda option: (wrong[option], option), default=MISSED_OPTION)
    times = wrong.get(instead, 0)
    return JudgedOption(of.option, of.given, of.right, of.low, of.high, instead if times else MISSED_OPTION, times)


def report(unit: UnitOfWork, project: Project) -> ModelsReport | None:
    """None where no model has answered. A long reading."""
    if not project.models:
        return None
    shared, _ = consensus.models_of(unit, project, NOBODY)
    closed, asked, once, never = unit.skills.beside_models(project.id)
    person = shared.newcomer.skill.accuracy if shared.answers else None
    spared = max(0.0, closed * preflight.answers_without_models(project, person) - asked)
    running = project.state in (ProjectState.RUNNING, ProjectState.DRAFT)
    return ModelsReport(
        number=project.id,
        title=project.title,
        currency=project.currency,
        models=tuple(_judged(unit, model) for model in shared.machines),
        closed=closed,
        once=once,
        never=never,
        saved=Millionths(int(spared * project.cost_each)),
        gold=unit.gold_tasks.count(project.id, TARGET_GOLD),
        proposed=preflight.count_proposed_gold(unit, project, unit.tasks.last_position(project.id)) if running else 0,
    )


def _judged(unit: UnitOfWork, model: MachineModel) -> JudgedModel:
    low, high = model.interval
    doubts = [_doubt(unit, each) for each in model.warnings if each.doubt is not Doubt.COPIED]
    return JudgedModel(
        name=model.name,
        accuracy=model.accuracy,
        low=low,
        high=high,
        gold=model.gold,
        doubts=tuple(doubts),
        repeated=sum(each.doubt is Doubt.COPIED for each in model.warnings),
        question=model.question,
    )


def _doubt(unit: UnitOfWork, warned: ModelWarning) -> ModelDoubt:
    about = warned.about
    if warned.doubt is Doubt.DRIFT and about.isdecimal():  # a task is known by the name in its file
        task = unit.tasks.find(TaskId(int(about)))
        about = task.key if task else about
    return ModelDoubt(warned.doubt.value, about, warned.expected, warned.observed)


PROJECTS = 6
PAIRS = 2_000  # of the newest answers, where answers agree that are not the same words


def skill(act: Act) -> SkillReport:
    """`/why skill`: what each project found of the worker's answers, and the next changes."""
    rows = act.unit.skills.of_worker(act.person.id, PROJECTS)
    return SkillReport(tuple(_skill(act.unit, act.person, row) for row in rows))


def picture(act: Act, project: ProjectId) -> tuple[Message, ...]:
    """Agreement, gold accuracy and confidence of a project's results, its figures, and what models were worth. A long
    reading."""
    unit, mine = act.unit, projects.mine(act.unit, act.person, project)
    counted = unit.progress_counts.progress(mine.id)
    compared, agreeing = _skill_agreement(unit, mine.kind, mine.id, None)
    shown = ProjectQuality(
        mine.id,
        mine.title,
        compared,
        agreeing,
        counted.gold_seen,
        counted.gold_right,
        tuple(unit.skills.confidences(mine.id)),
    )
    more = (show_figures(unit, mine), report(unit, mine))
    return (shown, *(each for each in more if each is not None))


def show_picture(act: Act, project: ProjectId, found: tuple[Message, ...]) -> tuple[Message, ...]:
    """Shows the figures read beside the transaction."""
    return found


def _skill_agreement(unit: UnitOfWork, kind: str, project: ProjectId, worker: PersonId | None) -> tuple[int, int]:
    """(answers that can be compared with their task's consensus, those that agree with it)."""
    known = kind_of(kind)
    if not known.agrees_nearly:
        return unit.skills.agreement(project) if worker is None else unit.skills.agreeing(worker, project)
    pairs = unit.skills.pairs(project, worker, PAIRS)
    return len(pairs), sum(known.is_right(answer, known.accepted(consensus)) for answer, consensus in pairs)


def _skill(unit: UnitOfWork, worker: Person, row: Sequence[Any]) -> ProjectSkill:
    title, kind, state, answered, seen, right, qualified, watch, until, number, later, accept = row
    project = ProjectId(number)
    proof, needed = proof_after(right=0, seen=seen - right)  # a right answer moves neither
    return ProjectSkill(
        number=project,
        title=title,
        review=accept == "review",
        answered=answered,
        qualified=bool(qualified),
        watch=watch,
        later=bool(later) or watch >= CLOSE_WATCH_LEVEL,
        silent=unit.evidence.is_silent(worker.id, project, evidence.CLOSELY_WATCHED_NATS),
        proof=proof,
        needed=needed,
        until=until if until and until > unit.now else None,
        has_gold=unit.gold_tasks.count(project, 1) > 0,
        missed=seen - right,
        figures=_figures(unit, worker, project, kind, (seen, right)) if state in ENDED else None,
    )


def _figures(unit: UnitOfWork, worker: Person, project: ProjectId, kind: str, gold: tuple[int, int]) -> SkillFigures:
    """Return what was found of the worker in an ended project; `gold`: check questions seen, and right."""
    model = unit.models.for_answer(project, worker.id)
    known = model[1].skill if model and model[1].answers else None
    compared = _skill_agreement(unit, kind, project, worker.id)
    return SkillFigures(*gold, *compared, known.interval if known else None)
