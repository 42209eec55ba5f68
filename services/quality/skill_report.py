"""The parts of a worker's skill, and the quality of a project, for the people concerned."""

from collections.abc import Sequence
from typing import Any

from domain.answers import kind_of
from domain.conduct import evidence
from domain.messages import Message
from domain.people.people import Person, PersonId
from domain.projects.projects import ENDED, ProjectId
from domain.quality.messages.skill import ProjectQuality, ProjectSkill, SkillFigures, SkillReport
from domain.work.dispatch import CLOSELY
from domain.work.qualification import proof_after
from services.act import Act
from services.projects import ownership
from services.quality import figures, model_report
from storage.unit import UnitOfWork

PROJECTS = 6
PAIRS = 2_000  # of the newest answers, where answers agree that are not the same words


def skill(act: Act) -> SkillReport:
    """`/why skill`: what each project found of the worker's answers, and the next changes."""
    rows = act.unit.skills.of_worker(act.person.id, PROJECTS)
    return SkillReport(tuple(_skill(act.unit, act.person, row) for row in rows))


def picture(act: Act, project: ProjectId) -> tuple[Message, ...]:
    """Agreement, gold accuracy and confidence of a project's results, its figures, and what models were worth. A long
    reading."""
    unit, mine = act.unit, ownership.mine(act.unit, act.person, project)
    counted = unit.progress_counts.progress(mine.id)
    compared, agreeing = _agreement(unit, mine.kind, mine.id, None)
    shown = ProjectQuality(
        mine.id,
        mine.title,
        compared,
        agreeing,
        counted.gold_seen,
        counted.gold_right,
        tuple(unit.skills.confidences(mine.id)),
    )
    more = (figures.shown(unit, mine), model_report.report(unit, mine))
    return (shown, *(each for each in more if each is not None))


def show_picture(act: Act, project: ProjectId, found: tuple[Message, ...]) -> tuple[Message, ...]:
    """Shows the figures read beside the transaction."""
    return found


def _agreement(unit: UnitOfWork, kind: str, project: ProjectId, worker: PersonId | None) -> tuple[int, int]:
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
        later=bool(later) or watch >= CLOSELY,
        silent=unit.evidence.is_silent(worker.id, project, evidence.CLOSELY),
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
    compared = _agreement(unit, kind, project, worker.id)
    return SkillFigures(*gold, *compared, known.interval if known else None)
