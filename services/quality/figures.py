"""The figures of a project for its requester: of now where it has few answers, else those that its last refit kept."""

from collections.abc import Sequence
from dataclasses import replace

from domain.answers import kind_of
from domain.projects.form_questions import asked_in
from domain.projects.projects import Project
from domain.quality.agreement import MISSED, ClassReport, Reliability
from domain.quality.figures import Figures, figures
from domain.quality.given_answers import GivenAnswers
from domain.quality.intervals import wilson
from domain.quality.learners import Asked, learner_of
from domain.quality.messages.figures import GoldBought, JudgedOption, MeasuredAgreement, ProjectFigures
from services.quality import comparisons
from storage.drivers.records import words
from storage.projects.tasks import ai_from
from storage.quality.models import AI, ANSWERS, GOLD
from storage.unit import UnitOfWork

# Answers that are learnt while somebody waits, with the refits that judge results on gold: some seconds at most for
# numbers and texts, a quarter of one for choices. A refit of more keeps the figures: it is a quarter of a minute after
# the one before at least.
FEW = 5_000
UNKEPT = 2 * FEW  # there may be by the next refit, where the last one saw few


def shown(unit: UnitOfWork, project: Project) -> ProjectFigures | None:
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
    answers = GivenAnswers()
    for _, task, worker, answer in unit.connection.all(ANSWERS, project=project.id):
        answers.add(task, worker, answer)
    if not answers:
        return None
    gold = {row[0]: words(row[1]) for row in unit.connection.all(GOLD, project=project.id)}
    ai = {row[0]: ai_from(row[1]) for row in unit.connection.all(AI, project=project.id)} if project.models else {}
    things = comparisons.things_now(unit, project)
    asked = Asked(project.kind, project.options, things, ai, project.confidence)
    return figures(asked, answers, gold, learner_of(project.kind).learn(asked, answers, gold))


def message_of(project: Project, found: Figures) -> ProjectFigures:
    gold, texts = found.gold, {each.name: each.text for each in asked_in(project.kind, project.options)}
    return ProjectFigures(
        project.id,
        project.title,
        found.answers,
        _agreement(found.reliability) if found.reliability else None,
        found.checked,
        found.right,
        *wilson(found.right, found.checked),
        tuple(_option(each, found.classes) for each in found.classes if each.given),
        GoldBought(gold.tasks, gold.changed, gold.before, gold.after) if gold else None,
        questions=tuple((texts.get(name, name), _agreement(each)) for name, each in found.questions.items()),
    )


def _agreement(of: Reliability) -> MeasuredAgreement:
    return MeasuredAgreement(of.percent, of.alpha, of.low, of.high, of.kappa, of.tasks)


def _option(of: ClassReport, everything: Sequence[ClassReport]) -> JudgedOption:
    wrong = {other.option: other.confusion.get(of.option, 0) for other in everything if other.option != of.option}
    instead = max(wrong, key=lambda option: (wrong[option], option), default=MISSED)
    times = wrong.get(instead, 0)
    return JudgedOption(of.option, of.given, of.right, of.low, of.high, instead if times else MISSED, times)
