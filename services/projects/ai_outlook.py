"""The forecast of what models' answers save, and the check questions a launch proposes, before anybody was asked."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from domain.answers import kind_of
from domain.money.amounts import Millionths
from domain.projects.authoring.foresight import expected_answers
from domain.projects.form_answers import parts_of
from domain.projects.form_questions import asked_in
from domain.projects.outlooks import AiOutlook, CheckedModel
from domain.projects.projects import Project
from domain.quality.gold_candidates import ASKED
from domain.quality.intervals import BELIEVED, MOST, PERSON
from domain.quality.machine import USUAL, MachineAnswer, newcomers
from storage.unit import UnitOfWork

SAMPLED, CHECKED = 200, 1_000  # tasks that tell how many have a model's answer; gold rows that tell how good it is
UNKNOWN = (0.7, 0.9)  # accuracy of a model that no gold row has checked
CENT = 10_000  # millionths
WORTH_IT = 50  # tasks from which check questions are proposed
Rows = Sequence[tuple[tuple[str, ...], tuple[MachineAnswer, ...]]]
OPEN_CLASSES = 5  # answers that can be mistaken for each other, where there are no options


def of(unit: UnitOfWork, project: Project, tasks: int) -> AiOutlook | None:
    """Of a launch of so many ordinary tasks; None without models' answers."""
    if not project.models:
        return None
    rows = unit.gold_tasks.answered_by_models(project.id, CHECKED)
    questions = [each.name for each in asked_in(project.kind, project.options)]
    if questions:  # what a whole form saves is not known from single answers
        return AiOutlook(_at_questions(project, questions, rows), Millionths(0), Millionths(0), decides=False)
    models = tuple(checked(project, name, rows) for name in project.models)
    known = [model.interval for model in models if model.seen]
    low, high = max(known) if known else UNKNOWN
    share = fmean([bool(task.ai) for task in unit.tasks.sample(project.id, SAMPLED)] or [False])
    each = project.cost_each * tasks * share
    saved = [_about(each * spared(project, accuracy)) for accuracy in (low, high)]
    return AiOutlook(models, saved[0], saved[1], project.ai_decides)


def _about(amount: float) -> Millionths:
    """An estimate, to the cent; a few cents to a tenth of one."""
    return Millionths(round(round(amount, -4 if amount >= 10 * CENT else -3)))


def _at_questions(project: Project, questions: Sequence[str], rows: Rows) -> tuple[CheckedModel, ...]:
    """Each model at each question; of one that gold has judged at none, a single line."""
    found = [[checked(project, name, rows, question) for question in questions] for name in project.models]
    return tuple(each for of_one in found for each in [e for e in of_one if e.seen] or of_one[:1])


def checked(project: Project, name: str, rows: Rows, question: str = "") -> CheckedModel:
    """How often a model is right on gold rows: of a form, at one question."""
    right = [
        part.kind.is_right(each.answer, known)
        for gold, ai in rows
        for part in parts_of(project.kind, project.options, ai)
        if part.question == question and (known := part.known(gold))
        for each in part.said
        if each.model == name
    ]
    judged = len(right)
    accuracy = (sum(right) + USUAL * BELIEVED) / (judged + BELIEVED)
    model = replace(newcomers((name,), len(project.options))[0], accuracy=accuracy, judged=float(judged))
    return CheckedModel(name, sum(right), judged, model.interval, question)


def spared(project: Project, accuracy: float) -> float:
    """People's answers that a task needs less beside a model of this accuracy."""
    if project.confidence is None:
        return 0.0
    most, classes = project.largest(project.overlap), len(project.options) or OPEN_CLASSES
    accuracy = max(accuracy, 1 / classes)
    return max(0.0, alone(project) - expected_answers(project.confidence, most, classes, accuracy))


def alone(project: Project, person: float | None = None) -> float:
    """Answers that a task takes without models, of people who are right so often (as is usual, where not known); its
    overlap where the requester named no confidence."""
    most = project.largest(project.overlap)
    classes = OPEN_CLASSES if kind_of(project.kind).asks_questions else len(project.options) or OPEN_CLASSES
    if project.confidence is None or project.usual_confidence:
        return float(project.overlap)
    return expected_answers(project.confidence, most, classes, None, min(MOST, max(person or PERSON, 1 / classes)))


def proposed(unit: UnitOfWork, project: Project, tasks: int) -> int:
    """How many check questions would make the results more certain; 0 where there are enough, or too few tasks."""
    if tasks < WORTH_IT or not kind_of(project.kind).has_gold:
        return 0
    return max(0, ASKED - unit.gold_tasks.count(project.id, ASKED))
