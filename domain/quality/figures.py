"""Quality figures of a project's results, as papers report them: agreement, results against gold, and what gold
changed. Made when somebody asks, of many answers with a refit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.answers import Learns, kind_of
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.quality import live
from domain.quality.aggregation import Agreement
from domain.quality.agreement import (
    ClassReport,
    Reliability,
    classes_on_gold,
    reliability,
)
from domain.quality.crowd import GivenAnswers, Gold, Said
from domain.quality.learners import (
    Asked,
    Learnt,
    apart,
    drawn,
    learner_of,
)

LOOKED_AT = 2_000  # tasks whose result without gold is drawn
FOLDS = 5  # of the gold: each is judged by a refit that knows the others


@dataclass(frozen=True, slots=True)
class GoldEffect:
    """Of so many `tasks` without gold, `changed` have another result than without any gold; the mean confidence
    `before` and `after` (None where the kind claims none)."""

    tasks: int
    changed: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of so many `answers`. Of `checked` answered gold tasks the result would be right in `right` without its own gold;
    `classes`: the same of each option. `questions`: how far people agree on each question of a form, by its name."""

    answers: int
    reliability: Reliability | None
    checked: int
    right: int
    classes: tuple[ClassReport, ...]
    gold: GoldEffect | None
    questions: Mapping[str, Reliability] = field(default_factory=dict)


def relearnt(asked: Asked, said: Sequence[Said], gold: Gold, measures: bool) -> tuple[Learnt, Figures | None]:
    """What a refit learns, as far as it is stored, and, where it `measures`, the figures of it."""
    found = learner_of(asked.kind).learn(asked, said, gold)
    measured = figures(asked, said, gold, found) if measures else None
    return replace(found, without_gold=None), measured


def figures(asked: Asked, said: Sequence[Said], gold: Gold, learnt: Learnt) -> Figures:
    kind, checked = kind_of(asked.kind), on_gold(asked, said, gold, learnt)
    right = sum(kind.is_right(answer, gold[task]) for task, answer in checked.items())
    classes = tuple(classes_on_gold(asked.kind, asked.options, checked, gold))
    effect = _effect(asked, said, gold, learnt) if checked else None
    parts = apart(asked, said, {}) if kind.learns is Learns.QUESTIONS else []
    measured = ((each.name, reliability(each.kind, each.options, own)) for each, own, _ in parts)
    questions = {name: found for name, found in measured if found is not None}
    alike = reliability(asked.kind, asked.options, said)
    return Figures(len(said), alike, len(checked), right, classes, effect, questions)


def on_gold(asked: Asked, said: Sequence[Said], gold: Gold, learnt: Learnt) -> dict[int, str]:
    """The consensus that each answered gold task would have, were its own gold not known, or none of it: what gold
    tells of a task it tells of all who answered it, and so of whatever they say of it (cross-validation, Stone 1974).
    """
    answered = sorted(gold.keys() & GivenAnswers.of(said).task)
    if learnt.without_gold:
        found = results_of(asked, said, learnt.without_gold, answered)
    else:
        found = {}
        for own in (answered[fold::FOLDS] for fold in range(min(FOLDS, len(answered)))):
            others = learner_of(asked.kind).learn(asked, said, {task: gold[task] for task in gold.keys() - own})
            found |= results_of(asked, said, others, [task for task in own if _is_told(others, task)])
    return {task: each.answer for task, each in found.items() if each.answer is not None}


def _effect(asked: Asked, said: Sequence[Said], gold: Gold, learnt: Learnt) -> GoldEffect | None:
    bare = learnt.without_gold or learner_of(asked.kind).learn(asked, said, {})
    ordinary = [task for task in learnt.tasks if task not in gold]
    others = [task for task in ordinary if _is_told(learnt, task) and _is_told(bare, task)]
    if not others:
        return None
    some = others[:: len(others) // LOOKED_AT + 1]
    before, after = (results_of(asked, said, each, some) for each in (bare, learnt))
    changed = sum(before[task].answer != after[task].answer for task in some)
    return GoldEffect(len(some), changed, _mean(before), _mean(after))


def _is_told(learnt: Learnt, task: int) -> bool:
    """Whether somebody who is heard answered it."""
    state = learnt.tasks[task]
    return state is None or state.answers > 0


def results_of(asked: Asked, said: Sequence[Said], learnt: Learnt, tasks: Sequence[int]) -> dict[int, Agreement]:
    """The consensus of these tasks as a refit left it."""
    states = {task: state for task in tasks if (state := learnt.tasks[task]) is not None}
    if states:
        left = {task: live.consensus(state, learnt.project, asked.wanted is not None) for task, state in states.items()}
        return {task: Agreement(asked.options[each.choice], each.confidence) for task, each in left.items()}
    return drawn(learner_of(asked.kind), asked, said, learnt, set(tasks))


def _mean(results: Mapping[int, Agreement]) -> float | None:
    sure = [each.confidence for each in results.values() if each.confidence is not None]
    return sum(sure) / len(sure) if sure else None


@dataclass(frozen=True, slots=True)
class MeasuredAgreement:
    """`same`: share of pairs of answers to one task that say the same. Krippendorff's `alpha` lies between `low` and
    `high`, 19 times in 20; all are None where all answers are the same. `kappa` (Fleiss) is None there, too, and where
    answers are no classes. `tasks` have several answers."""

    same: float
    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    tasks: int


@dataclass(frozen=True, slots=True)
class JudgedOption:
    """On gold `given` results say `option`, `right` of them rightly (a share between `low` and `high`, 19 times in 20);
    most of the wrong ones, `mistaken`, should have said `instead`."""

    option: str
    given: int
    right: int
    low: float
    high: float
    instead: str
    mistaken: int


@dataclass(frozen=True, slots=True)
class GoldBought:
    """Of `tasks` without gold, `changed` have another result than they would have without any gold; the mean confidence
    `before` and `after`, None where the kind claims none."""

    tasks: int
    changed: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ProjectFigures(Message):
    """To a requester, by the last refit of `answers`. `right` of `checked` results of gold tasks, drawn without
    their own gold, are right (a share between `low` and `high`, 19 times in 20). `tools`: answers whose workers say
    that they used one. `questions`: of a form, each question's text and how far people agree on it."""

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
    """What speaks against relying on a model: `doubt` is a value of `Doubt`; `about` an option or a task's name;
    `expected` and `observed` are shares."""

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
    """To a requester, once: people and models differ on so many tasks (`contested`); check questions would say who is
    right."""

    number: ProjectId
    title: str
    contested: int
    proposed: int


@dataclass(frozen=True, slots=True)
class ModelsReport(Message):
    """To a requester: how good the models are and what they saved. Of `closed` tasks with a model's answer, `once` were
    asked once and `never` not at all; `saved` is what people alone would have cost beyond that. `gold` check questions
    were made (counted up to twenty), so many more (`proposed`) would help.
    """

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
    """To a worker: the parts of their skill, by project."""

    projects: tuple[ProjectSkill, ...]


@dataclass(frozen=True, slots=True)
class ProjectQuality(Message):
    """To a requester: agreement and gold as parts of a whole, and how many tasks have a confidence in each band."""

    number: ProjectId
    title: str
    compared: int
    agreeing: int
    gold_seen: int
    gold_right: int
    confidences: tuple[int, ...]
