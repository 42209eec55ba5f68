"""Quality figures of a project's results, as papers report them: agreement, results against gold (cross-validated), and
the effect of gold. Computed on request only: many answers need a refit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from domain.answers import Learns, kind_of
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.quality import live
from domain.quality.aggregation import Agreement
from domain.quality.agreement import ClassReport, Reliability, measure_reliability, report_classes
from domain.quality.crowd import AnswerColumns, Gold, WorkerAnswer
from domain.quality.learners import AnswerSpec, LearnedModels, consensus_by_task, get_learner, split_by_question

MAX_COMPARED_TASKS = 2_000  # tasks whose result without gold is drawn
FOLDS = 5  # of the gold: each is judged by a refit that knows the others


@dataclass(frozen=True, slots=True)
class GoldEffect:
    """Effect of gold on `tasks` ordinary tasks: `changed` have another result than without any gold. Mean confidence
    `before` (without gold) and `after`, None where the kind claims none."""

    tasks: int
    changed: int
    before: float | None
    after: float | None


CONFIDENCE_STEPS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.99)  # bounds of a histogram's bars, below the first and above the last


@dataclass(frozen=True, slots=True)
class CalibrationStep:
    """Results on gold, drawn without their own gold, that claim a confidence from `low` to below `high`: their number,
    how many of them are right, and the mean of what they claim."""

    low: float
    high: float
    results: int
    right: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a project with so many `answers`. Of `checked` answered gold tasks, `right` have the right result when
    their own gold is unknown; `classes`: the same by option, `calibration`: by confidence. `questions`: agreement on
    each question of a form, by its name."""

    answers: int
    reliability: Reliability | None
    checked: int
    right: int
    classes: tuple[ClassReport, ...]
    gold: GoldEffect | None
    questions: Mapping[str, Reliability] = field(default_factory=dict)
    calibration: tuple[CalibrationStep, ...] = ()


def learn_with_figures(
    spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold, measures: bool
) -> tuple[LearnedModels, Figures | None]:
    """Return what a refit learns, in the form that is stored, and its figures (None unless `measures`)."""
    learned = get_learner(spec.kind).learn(spec, answers, gold)
    measured = measure_figures(spec, answers, gold, learned) if measures else None
    return replace(learned, without_gold=None), measured


def measure_figures(spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold, learned: LearnedModels) -> Figures:
    """Return the figures of a project's answers after the refit that learned `learned`."""
    kind, agreements = kind_of(spec.kind), cross_validated_consensus(spec, answers, gold, learned)
    checked = {task: agreement.answer for task, agreement in agreements.items() if agreement.answer is not None}
    right = sum(kind.is_right(answer, gold[task]) for task, answer in checked.items())
    classes = tuple(report_classes(spec.kind, spec.options, checked, gold))
    effect = _measure_gold_effect(spec, answers, gold, learned) if checked else None
    parts = split_by_question(spec, answers, {}) if kind.learns is Learns.QUESTIONS else []
    measured = (
        (question.name, measure_reliability(question.kind, question.options, own)) for question, own, _ in parts
    )
    questions = {name: agreement for name, agreement in measured if agreement is not None}
    alike = measure_reliability(spec.kind, spec.options, answers)
    return Figures(
        answers=len(answers),
        reliability=alike,
        checked=len(checked),
        right=right,
        classes=classes,
        gold=effect,
        questions=questions,
        calibration=_calibrate(spec.kind, agreements, gold),
    )


def count_right_on_gold(spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold) -> tuple[int, int]:
    """Return how many results of gold tasks there are, each drawn without its own gold, and how many are right."""
    learned = get_learner(spec.kind).learn(spec, answers, gold)
    results = cross_validated_consensus(spec, answers, gold, learned)
    kind = kind_of(spec.kind)
    return len(results), sum(kind.is_right(result.answer or "", gold[task]) for task, result in results.items())


def _calibrate(kind: str, agreements: Mapping[int, Agreement], gold: Gold) -> tuple[CalibrationStep, ...]:
    """Return the steps of confidence in which results on gold lie."""
    claims = [
        (agreement.confidence, kind_of(kind).is_right(agreement.answer, gold[task]))
        for task, agreement in agreements.items()
        if agreement.confidence is not None
    ]
    steps = []
    for low, high in pairwise((0.0, *CONFIDENCE_STEPS, 1.0)):
        inside = [claim for claim in claims if low <= claim[0] and (claim[0] < high or high == 1.0)]
        if inside:
            right, mean = sum(is_right for _, is_right in inside), sum(claim for claim, _ in inside) / len(inside)
            steps.append(CalibrationStep(low, high, len(inside), right, mean))
    return tuple(steps)


def cross_validated_consensus(
    spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold, learned: LearnedModels
) -> dict[int, Agreement]:
    """Return {task: consensus} of the answered gold tasks, each without its own gold: FOLDS-fold cross-validation
    (Stone 1974), or the refit without any gold where there is one. Gold of a task would leak through the skills of the
    workers who answered it. Tasks without a consensus are left out."""
    answered = sorted(gold.keys() & AnswerColumns.from_answers(answers).task)
    if learned.without_gold:
        results = consensus_of_tasks(spec, answers, learned.without_gold, answered)
    else:
        results = {}
        for fold_tasks in (answered[fold::FOLDS] for fold in range(min(FOLDS, len(answered)))):
            fold_models = get_learner(spec.kind).learn(
                spec, answers, {task: gold[task] for task in gold.keys() - fold_tasks}
            )
            results |= consensus_of_tasks(
                spec, answers, fold_models, [task for task in fold_tasks if _has_heard_answers(fold_models, task)]
            )
    return {task: agreement for task, agreement in results.items() if agreement.answer is not None}


def _measure_gold_effect(
    spec: AnswerSpec, answers: Sequence[WorkerAnswer], gold: Gold, learned: LearnedModels
) -> GoldEffect | None:
    """Return the effect of gold on at most MAX_COMPARED_TASKS ordinary tasks, None if no task can be compared."""
    without_gold = learned.without_gold or get_learner(spec.kind).learn(spec, answers, {})
    ordinary = [task for task in learned.tasks if task not in gold]
    comparable = [
        task for task in ordinary if _has_heard_answers(learned, task) and _has_heard_answers(without_gold, task)
    ]
    if not comparable:
        return None
    sample = comparable[:: len(comparable) // MAX_COMPARED_TASKS + 1]
    before, after = (consensus_of_tasks(spec, answers, models, sample) for models in (without_gold, learned))
    changed = sum(before[task].answer != after[task].answer for task in sample)
    return GoldEffect(len(sample), changed, _mean_confidence(before), _mean_confidence(after))


def _has_heard_answers(learned: LearnedModels, task: int) -> bool:
    """Return whether a worker whose answers count answered the task."""
    state = learned.tasks[task]
    return state is None or state.answers > 0


def consensus_of_tasks(
    spec: AnswerSpec, answers: Sequence[WorkerAnswer], learned: LearnedModels, tasks: Sequence[int]
) -> dict[int, Agreement]:
    """Return {task: consensus} of these tasks with the models of a refit."""
    states = {task: state for task in tasks if (state := learned.tasks[task]) is not None}
    if states:
        results = {
            task: live.consensus(state, learned.project, spec.closing_confidence is not None)
            for task, state in states.items()
        }
        return {task: Agreement(spec.options[result.choice], result.confidence) for task, result in results.items()}
    return consensus_by_task(get_learner(spec.kind), spec, answers, learned, set(tasks))


def _mean_confidence(results: Mapping[int, Agreement]) -> float | None:
    """Return the mean of the confidences, None if no result has one."""
    confidences = [agreement.confidence for agreement in results.values() if agreement.confidence is not None]
    return sum(confidences) / len(confidences) if confidences else None


@dataclass(frozen=True, slots=True)
class MeasuredAgreement:
    """`same`: share of pairs of answers to one task that are the same. `alpha` (Krippendorff) with its 95 % interval
    `low`…`high`: None where all answers are the same. `kappa` (Fleiss): None there, and where answers are no classes.
    `tasks`: number of tasks with several answers."""

    same: float
    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    tasks: int


@dataclass(frozen=True, slots=True)
class JudgedOption:
    """Results on gold: `given` tasks have the result `option`, `right` of them rightly (95 % interval of the share:
    `low`…`high`); most of the wrong ones, `mistaken`, should have had the result `instead`."""

    option: str
    given: int
    right: int
    low: float
    high: float
    instead: str
    mistaken: int


@dataclass(frozen=True, slots=True)
class GoldBought:
    """Effect of gold on `tasks` ordinary tasks: `changed` have another result than without any gold. Mean confidence
    `before` and `after`, None where the kind claims none."""

    tasks: int
    changed: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ProjectFigures(Message):
    """Message to a requester, by the last refit of `answers`. `right` of `checked` results of gold tasks, drawn
    without their own gold, are right (a share between `low` and `high`, 19 times in 20). `tools`: answers whose
    workers say that they used one. `questions`: of a form, each question's text and how far people agree on it."""

    number: ProjectId
    title: str
    answers: int
    agreement: MeasuredAgreement | None
    checked: int
    right: int
    low: float
    high: float
    options: tuple[JudgedOption, ...]
    bought: GoldBought | None
    tools: int = 0
    questions: tuple[tuple[str, MeasuredAgreement], ...] = ()


@dataclass(frozen=True, slots=True)
class ModelDoubt:
    """Reason not to rely on a model: `doubt` is a value of `Doubt`; `about` is an option or a task's name; `expected`
    and `observed` are shares."""

    doubt: str
    about: str
    expected: float
    observed: float


@dataclass(frozen=True, slots=True)
class JudgedModel:
    """A model (its `name` is empty for the column `ai`), as gold tasks (`gold` of them) and people judge it.

    Its accuracy lies between `low` and `high`, 19 times in 20. `repeated`: so many workers give its answers, errors
    included. Of a form it is judged at one `question`.
    """

    name: str
    accuracy: float
    low: float
    high: float
    gold: int
    doubts: tuple[ModelDoubt, ...]
    repeated: int
    question: str = ""


@dataclass(frozen=True, slots=True)
class GoldWouldHelp(Message):
    """Message to a requester, once: people and models differ on so many tasks (`contested`); check questions would
    say who is right."""

    number: ProjectId
    title: str
    contested: int
    proposed: int


@dataclass(frozen=True, slots=True)
class ModelsOnGold:
    """Effect of models on accuracy: of `checked` results of gold tasks `right` are right with the models' answers, and
    `right_alone` of `checked_alone` with the same people's answers alone."""

    checked: int
    right: int
    checked_alone: int
    right_alone: int


@dataclass(frozen=True, slots=True)
class ModelsReport(Message):
    """Message to a requester: how good the models are and what they saved. Of `closed` tasks with a model's answer,
    `once` were asked once and `never` not at all; `saved` is what people alone would have cost beyond that. `gold`
    check questions were made (counted up to twenty), so many more (`proposed`) would help. `on_gold`: what the models
    did to accuracy, None where it is not measured."""

    number: ProjectId
    title: str
    currency: str
    models: tuple[JudgedModel, ...]
    closed: int
    once: int
    never: int
    saved: Millionths
    gold: int
    proposed: int
    on_gold: ModelsOnGold | None = None


@dataclass(frozen=True, slots=True)
class SkillFigures:
    """Figures of a worker in a project that has ended: earlier, each answer that changes them would tell what it was.

    `gold_right` of `gold_seen` check questions were answered right; `agreeing` of `compared` answers are their task's
    consensus; `interval` is where the share of right answers lies, 19 times in 20.
    """

    gold_seen: int
    gold_right: int
    compared: int
    agreeing: int
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ProjectSkill:
    """A worker's skill in one project.

    `review` where the requester accepts each answer; `missed` check questions were explained at once; `figures` is None
    until the project has ended; `watch` and `later` as in `Finding`; `silent` says “can't tell” where others can;
    `has_gold` where the project has check questions; `until` while restricted. Pay is at once after `proof` check
    questions with `needed` right ones.
    """

    number: ProjectId
    title: str
    review: bool
    answered: int
    qualified: bool
    watch: int
    later: bool
    silent: bool
    proof: int
    needed: int
    until: Moment | None
    has_gold: bool = False
    missed: int = 0
    figures: SkillFigures | None = None


@dataclass(frozen=True, slots=True)
class SkillReport(Message):
    """Message to a worker: the parts of their skill, by project."""

    projects: tuple[ProjectSkill, ...]


@dataclass(frozen=True, slots=True)
class ProjectQuality(Message):
    """Message to a requester: agreement and gold as parts of a whole, and how many tasks have a confidence in each
    band."""

    number: ProjectId
    title: str
    compared: int
    agreeing: int
    gold_seen: int
    gold_right: int
    confidences: tuple[int, ...]
