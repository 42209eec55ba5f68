"""The honest card: a project's facts before a worker's first answer."""

from typing import Any

from domain.answers import kind_of
from domain.moments import DECISION_TIME, HOUR
from domain.money.amounts import Millionths
from domain.money.pricing import hourly
from domain.projects.expected_time import base_of
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.work.honest_card import HonestCard
from domain.work.offers import COUNTED
from domain.work.submissions import Enrolment
from services.fairness.ratings.eligible import offered
from services.work import task_selection
from storage.unit import UnitOfWork


def honest_card(unit: UnitOfWork, project: Project, task: Task, enrolment: Enrolment) -> HonestCard:
    """The facts before the first answer: pay an hour, measured where possible."""
    times, faq, left, record, rating, decided = _looked_up(unit, project, enrolment)
    measured, floor = _with_the_way(project, times), _floor(unit, project)
    milliseconds = measured or base_of(project, [task])[0] * 1000
    return HonestCard(
        hourly=_claim(project, floor, measured),
        floor=floor,
        milliseconds=int(milliseconds),
        measured=measured is not None,
        stated=project.seconds is not None,
        purpose=project.purpose,
        accept=project.accept,
        hours=DECISION_TIME // HOUR,
        gold=_must_prove(unit, project, task, enrolment),
        faq=faq,
        requester=unit.people.get(project.requester).name,
        left=left,
        record=record,
        rating=rating,
        rate=offered(unit, enrolment.worker, project, decided),
        own=kind_of(project.kind).is_own,
        models=bool(project.models),
        content=project.content,
    )


def _looked_up(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> list[Any]:
    worker, requester = enrolment.worker, project.requester
    return unit.read(
        unit.submissions.measure(project.id),
        unit.questions.count_entries(project.id),
        unit.enrolments.left.look(worker, project.id, COUNTED),
        unit.track_records.look(requester),
        unit.ratings.look(requester),
        unit.ratings.count_decided(worker, requester),
    )


def _must_prove(unit: UnitOfWork, project: Project, task: Task, enrolment: Enrolment) -> bool:
    """Whether the pay of the task in hand may have to wait for check questions; it may be the last of them itself."""
    return bool(task.gold) or task_selection.can_meet_gold(unit, enrolment, project)


def hourly_claim(unit: UnitOfWork, project: Project) -> Millionths | None:
    """The pay an hour that may be claimed: None before it is measured."""
    measured = _with_the_way(project, unit.submissions.median_milliseconds(project.id))
    return _claim(project, _floor(unit, project), measured)


def _claim(project: Project, floor: Millionths, measured: int | None) -> Millionths | None:
    return Millionths(max(hourly(project.pay, measured), floor)) if measured else None


def _with_the_way(project: Project, measured: int | None) -> int | None:
    """Milliseconds a task. Measuring leaves out the way to an errand, so that no figure claims less time than the
    requester states."""
    return max(measured, (project.seconds or 0) * 1000) if measured else None


def _floor(unit: UnitOfWork, project: Project) -> Millionths:
    """The promised pay an hour: what is below it is lifted to it."""
    promised = unit.topups.promised(project.id)
    return Millionths(promised.floor if promised else 0)
