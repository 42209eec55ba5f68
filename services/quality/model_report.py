"""The report on a project's models: how good they are, and what they saved."""

from domain.money.amounts import Millionths
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import TaskId
from domain.quality.gold_candidates import ASKED
from domain.quality.machine import Doubt, MachineModel, Warned
from domain.quality.messages.models import JudgedModel, ModelDoubt, ModelsReport
from services.projects import ai_outlook
from services.quality import consensus
from services.quality.consensus import NOBODY
from storage.unit import UnitOfWork


def report(unit: UnitOfWork, project: Project) -> ModelsReport | None:
    """None where no model has answered. A long reading."""
    if not project.models:
        return None
    shared, _ = consensus.models_of(unit, project, NOBODY)
    closed, asked, once, never = unit.skills.beside_models(project.id)
    person = shared.newcomer.skill.accuracy if shared.answers else None
    spared = max(0.0, closed * ai_outlook.alone(project, person) - asked)
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
        gold=unit.gold_tasks.count(project.id, ASKED),
        proposed=ai_outlook.proposed(unit, project, unit.tasks.last_position(project.id)) if running else 0,
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


def _doubt(unit: UnitOfWork, warned: Warned) -> ModelDoubt:
    about = warned.about
    if warned.doubt is Doubt.DRIFT and about.isdecimal():  # a task is known by the name in its file
        task = unit.tasks.find(TaskId(int(about)))
        about = task.key if task else about
    return ModelDoubt(warned.doubt.value, about, warned.expected, warned.observed)
