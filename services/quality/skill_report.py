"""The parts of a worker's skill, and the quality of a project, for the people concerned."""

from collections.abc import Sequence
from typing import Any

from domain.answers import kind_of
from domain.conduct import evidence
from domain.messages import Message
from domain.people.people import Person, PersonId
from domain.projects.projects import ProjectId
from domain.quality.messages.skill import ProjectQuality, ProjectSkill, SkillReport
from domain.work.dispatch import CLOSELY
from domain.work.qualification import proof_after
from services.act import Act
from services.projects import ownership
from services.quality import figures, model_report
from services.work import task_selection
from storage.unit import UnitOfWork

PROJECTS = 6
PAIRS = 2_000  # of the newest answers, where answers agree that are not the same words


def skill(act: Act) -> SkillReport:
    """`/why skill`: each project's gold, agreement and interval, and the next changes."""
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
    title, kind, _, answered, seen, right, qualified, watch, until, number, later, accept = row
    project = ProjectId(number)
    compared, agreeing = _agreement(unit, kind, project, worker.id)
    model = unit.models.for_answer(project, worker.id)
    known = model[1].skill if model and model[1].answers else None
    proof, needed = proof_after(right, seen)
    return ProjectSkill(
        number=project,
        title=title,
        review=accept == "review",
        answered=answered,
        gold_seen=seen,
        gold_right=right,
        compared=compared,
        agreeing=agreeing,
        interval=known.interval if known else None,
        qualified=bool(qualified),
        watch=watch,
        later=bool(later) or watch >= CLOSELY,
        silent=unit.evidence.is_silent(worker.id, project, evidence.CLOSELY),
        gold_comes=_gold_comes(unit, worker, project),
        proof=proof,
        needed=needed,
        until=until if until and until > unit.now else None,
    )


def _gold_comes(unit: UnitOfWork, worker: Person, project: ProjectId) -> bool:
    """Whether a check question can still come: it can end probation, and what looked unusual."""
    enrolment = unit.enrolments.find(worker.id, project)
    return enrolment is not None and task_selection.can_meet_gold(unit, enrolment, unit.projects.get(project))
