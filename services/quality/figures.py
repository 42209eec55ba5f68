"""The figures of a project for its requester: measured at once where it has few answers, otherwise those that its last
refit stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.answers import kind_of
from domain.conduct import evidence
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.people.accounts import Person, PersonId
from domain.projects.form_questions import questions_in
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.quality.agreement import MISSED_OPTION, ClassReport, Reliability
from domain.quality.crowd import AnswerColumns, Gold, wilson_interval
from domain.quality.figures import (
    CONFIDENCE_STEPS,
    CalibrationStep,
    Figures,
    GoldBought,
    JudgedModel,
    JudgedOption,
    MeasuredAgreement,
    ModelDoubt,
    ModelsOnGold,
    ModelsReport,
    ProjectFigures,
    ProjectQuality,
    ProjectSkill,
    SkillFigures,
    SkillReport,
    count_right_on_gold,
    measure_figures,
)
from domain.quality.gold import TARGET_GOLD
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.machine import Doubt, MachineModel, ModelWarning
from domain.work.assignments import proof_after
from domain.work.dispatch import CLOSE_WATCH_LEVEL
from services.act import Act
from services.people import accounts
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
STORED_ABOVE_ANSWERS = 5_000
MAX_MEASURED_ANSWERS = 2 * STORED_ABOVE_ANSWERS  # there may be by the next refit, where the last one saw few


def find_project_figures(unit: UnitOfWork, project: Project) -> ProjectFigures | None:
    """Return the figures as a message, or None if nothing can be measured. May read for seconds: run it beside the
    transaction."""
    return to_message_if_measured(unit, project, find_figures(unit, project))


def to_message_if_measured(unit: UnitOfWork, project: Project, figures: Figures | None) -> ProjectFigures | None:
    """Return the figures as a message, or None if nothing is measured."""
    if figures is None or not (figures.reliability or figures.checked or figures.questions):
        return None
    return replace(to_message(project, figures), tools=unit.tool_uses.count(project.id))


def find_figures(unit: UnitOfWork, project: Project) -> Figures | None:
    """Return the project's figures, or None if it has no answers, has too many to be measured before their first refit,
    or is of a kind whose answers have no consensus. May read for seconds."""
    if not kind_of(project.kind).is_aggregated:
        return None
    stored = unit.models.figures(project.id) if has_stored_figures(unit, project) else None
    return (
        _measure_now(unit, project)
        if stored is None and unit.models.count_answers(project.id)[0] <= MAX_MEASURED_ANSWERS
        else stored
    )


def has_stored_figures(unit: UnitOfWork, project: Project) -> bool:
    """Return whether the project has so many answers that a refit stores their figures."""
    return unit.models.count_answers(project.id)[0] > STORED_ABOVE_ANSWERS


def _measure_now(unit: UnitOfWork, project: Project) -> Figures | None:
    read = _read_answers(unit, project)
    if read is None:
        return None
    spec, answers, gold = read
    return measure_figures(spec, answers, gold, get_learner(project.kind).learn(spec, answers, gold))


def _read_answers(unit: UnitOfWork, project: Project) -> tuple[AnswerSpec, AnswerColumns, Gold] | None:
    """Return what is learnt from: the kind with the models' answers, people's answers and gold; None without
    answers."""
    answers = AnswerColumns()
    for _, task, worker, answer in unit.connection.all(ANSWERS, project=project.id):
        answers.add(task, worker, answer)
    if not answers:
        return None
    gold = {row[0]: unpack_tuple(row[1]) for row in unit.connection.all(GOLD, project=project.id)}
    ai = {row[0]: ai_from(row[1]) for row in unit.connection.all(AI, project=project.id)} if project.models else {}
    compared_values = consensus.get_compared_values(unit, project)
    return AnswerSpec(project.kind, project.options, compared_values, ai, project.confidence), answers, gold


def to_message(project: Project, figures: Figures) -> ProjectFigures:
    gold, texts = (
        figures.gold,
        {question.name: question.text for question in questions_in(project.kind, project.options)},
    )
    low, high = wilson_interval(figures.right, figures.checked)
    return ProjectFigures(
        number=project.id,
        title=project.title,
        answers=figures.answers,
        agreement=_to_measured_agreement(figures.reliability) if figures.reliability else None,
        checked=figures.checked,
        right=figures.right,
        low=low,
        high=high,
        options=tuple(_to_judged_option(question, figures.classes) for question in figures.classes if question.given),
        bought=GoldBought(gold.tasks, gold.changed, gold.before, gold.after) if gold else None,
        questions=tuple(
            (texts.get(name, name), _to_measured_agreement(question)) for name, question in figures.questions.items()
        ),
    )


def _to_measured_agreement(reliability: Reliability) -> MeasuredAgreement:
    return MeasuredAgreement(
        same=reliability.percent,
        alpha=reliability.alpha,
        low=reliability.low,
        high=reliability.high,
        kappa=reliability.kappa,
        tasks=reliability.tasks,
    )


def _to_judged_option(class_report: ClassReport, class_reports: Sequence[ClassReport]) -> JudgedOption:
    wrong = {
        other_report.option: other_report.confusion.get(class_report.option, 0)
        for other_report in class_reports
        if other_report.option != class_report.option
    }
    instead = max(wrong, key=lambda option: (wrong[option], option), default=MISSED_OPTION)
    times = wrong.get(instead, 0)
    return JudgedOption(
        option=class_report.option,
        given=class_report.given,
        right=class_report.right,
        low=class_report.low,
        high=class_report.high,
        instead=instead if times else MISSED_OPTION,
        mistaken=times,
    )


def find_models_report(unit: UnitOfWork, project: Project, figures: Figures | None = None) -> ModelsReport | None:
    """Return what the project's models were worth, or None if it has none; by its figures also what they did to
    accuracy. May read for seconds."""
    if not project.models:
        return None
    shared, _ = consensus.get_models(unit, project, NOBODY)
    closed, asked_people, answered_once, never_asked = unit.skills.beside_models(project.id)
    person = shared.newcomer.skill.accuracy if shared.answers else None
    spared = max(0.0, closed * preflight.answers_without_models(project, person) - asked_people)
    running = project.state in (ProjectState.RUNNING, ProjectState.DRAFT)
    return ModelsReport(
        number=project.id,
        title=project.title,
        currency=project.currency,
        models=tuple(_to_judged_model(unit, model) for model in shared.machines),
        closed=closed,
        once=answered_once,
        never=never_asked,
        saved=Millionths(int(spared * project.cost_each)),
        gold=unit.gold_tasks.count(project.id, TARGET_GOLD),
        proposed=preflight.count_proposed_gold(unit, project, unit.tasks.last_position(project.id)) if running else 0,
        on_gold=_measure_models_on_gold(unit, project, figures) if figures else None,
    )


def _measure_models_on_gold(unit: UnitOfWork, project: Project, figures: Figures) -> ModelsOnGold | None:
    """Return how right results on gold are with the models and by people alone; None without gold, or with so many
    answers that they are learnt at refits alone."""
    read = None if not figures.checked or has_stored_figures(unit, project) else _read_answers(unit, project)
    if read is None:
        return None
    spec, answers, gold = read
    checked_alone, right_alone = count_right_on_gold(replace(spec, machines={}), answers, gold)
    return ModelsOnGold(figures.checked, figures.right, checked_alone, right_alone)


def _to_judged_model(unit: UnitOfWork, model: MachineModel) -> JudgedModel:
    low, high = model.interval
    doubts = [_to_model_doubt(unit, warning) for warning in model.warnings if warning.doubt is not Doubt.COPIED]
    return JudgedModel(
        name=model.name,
        accuracy=model.accuracy,
        low=low,
        high=high,
        gold=model.gold,
        doubts=tuple(doubts),
        repeated=sum(warning.doubt is Doubt.COPIED for warning in model.warnings),
        question=model.question,
    )


def _to_model_doubt(unit: UnitOfWork, warned: ModelWarning) -> ModelDoubt:
    subject = warned.about
    if warned.doubt is Doubt.DRIFT and subject.isdecimal():  # a task is known by the name in its file
        task = unit.tasks.find(TaskId(int(subject)))
        subject = task.key if task else subject
    return ModelDoubt(warned.doubt.value, subject, warned.expected, warned.observed)


SHOWN_PROJECTS, SHOWN_WORKERS = 6, 200
COMPARED_PAIRS = 2_000  # of the newest answers, where answers agree that are not the same words


def show_skill(act: Act) -> SkillReport:
    """Return, for `/why skill`, what each project found of the worker's answers, and the next changes."""
    rows = act.unit.skills.of_worker(act.person.id, SHOWN_PROJECTS)
    return SkillReport(tuple(_to_project_skill(act.unit, act.person, row) for row in rows))


def read_quality(act: Act, project: ProjectId) -> tuple[Message, ...]:
    """Return agreement, gold accuracy and confidence of a project's results, its figures, and what models were worth.
    May read for seconds. Raises NotFound if the project is not the requester's."""
    unit, own_project = act.unit, projects.mine(act.unit, act.person, project)
    figures = find_figures(unit, own_project)
    reports = (to_message_if_measured(unit, own_project, figures), find_models_report(unit, own_project, figures))
    return (_read_project_quality(unit, own_project), *(message for message in reports if message is not None))


def _read_project_quality(unit: UnitOfWork, project: Project) -> ProjectQuality:
    counted = unit.progress_counts.progress(project.id)
    compared, agreeing = _skill_agreement(unit, project.kind, project.id, None)
    return ProjectQuality(
        number=project.id,
        title=project.title,
        compared=compared,
        agreeing=agreeing,
        gold_seen=counted.gold_seen,
        gold_right=counted.gold_right,
        confidences=tuple(unit.skills.confidences(project.id)),
    )


@dataclass(frozen=True, slots=True)
class WorkerFigures:
    """A worker of a project, under their pseudonym: answers, check questions seen, and those answered rightly."""

    worker: str
    answers: int
    gold_seen: int
    gold_right: int


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The messages of `/quality`, what lies behind them, and the workers with most answers. `classes` are by option,
    each with the results that tasks of this gold got. `steps` bound the counts of `quality.confidences`."""

    quality: ProjectQuality
    figures: ProjectFigures | None
    classes: tuple[ClassReport, ...]
    models: ModelsReport | None
    workers: tuple[WorkerFigures, ...]
    calibration: tuple[CalibrationStep, ...]
    steps: tuple[float, ...] = CONFIDENCE_STEPS


def read_quality_page(act: Act, number: ProjectId) -> QualityPage:
    """Return the figures of `/quality` with the confusion behind them. May read for seconds. Raise NotFound if the
    project is not the requester's."""
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    figures = find_figures(unit, project)
    workers = unit.skills.list_workers(project.id, SHOWN_WORKERS)
    return QualityPage(
        quality=_read_project_quality(unit, project),
        figures=to_message_if_measured(unit, project, figures),
        classes=figures.classes if figures else (),
        calibration=figures.calibration if figures else (),
        models=find_models_report(unit, project, figures),
        workers=tuple(
            WorkerFigures(accounts.pseudonym_for(unit, project.requester, worker), *counts)
            for worker, *counts in workers
        ),
    )


def show_quality(act: Act, project: ProjectId, reading: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the messages that `read_quality` read beside the transaction."""
    return reading


def _skill_agreement(unit: UnitOfWork, kind: str, project: ProjectId, worker: PersonId | None) -> tuple[int, int]:
    """Return (answers that can be compared with their task's consensus, those that agree with it)."""
    answer_kind = kind_of(kind)
    if not answer_kind.agrees_nearly:
        return unit.skills.agreement(project) if worker is None else unit.skills.agreeing(worker, project)
    pairs = unit.skills.pairs(project, worker, COMPARED_PAIRS)
    return len(pairs), sum(
        answer_kind.is_right(answer, answer_kind.list_accepted(consensus)) for answer, consensus in pairs
    )


def _to_project_skill(unit: UnitOfWork, worker: Person, row: Sequence[Any]) -> ProjectSkill:
    title, kind, state, answered, gold_seen, right, qualified, watch, until, number, later, accept = row
    project = ProjectId(number)
    proof, needed = proof_after(right=0, seen=gold_seen - right)  # a right answer moves neither
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
        missed=gold_seen - right,
        figures=_skill_figures(unit, worker, project, kind, (gold_seen, right)) if state in ENDED else None,
    )


def _skill_figures(
    unit: UnitOfWork, worker: Person, project: ProjectId, kind: str, gold: tuple[int, int]
) -> SkillFigures:
    """Return what was found of the worker in an ended project; `gold`: check questions seen, and right."""
    model = unit.models.for_answer(project, worker.id)
    worker_skill = model[1].skill if model and model[1].answers else None
    gold_seen, gold_right = gold
    compared, agreeing = _skill_agreement(unit, kind, project, worker.id)
    return SkillFigures(
        gold_seen=gold_seen,
        gold_right=gold_right,
        compared=compared,
        agreeing=agreeing,
        interval=worker_skill.interval if worker_skill else None,
    )
