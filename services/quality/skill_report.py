"""What a worker's skill is made of, and how well a project goes: for those it is about."""

from collections.abc import Sequence
from typing import Any

from domain.answers import kind_of
from domain.fairness.review import Rejection
from domain.people.people import Person, PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import fill
from domain.quality import restrictions
from domain.work.dispatch import CLOSELY
from domain.work.qualification import BAR, PROOF, estimated_accuracy
from services.projects import ownership
from services.work import task_selection
from storage.drivers.records import unpack
from storage.unit import UnitOfWork

PROJECTS, MISSES = 6, 5
NEARLY = ("text", "number", "location")  # kinds in which answers agree that are not the same words
PAIRS = 2_000  # of the newest answers of those


def skill(unit: UnitOfWork, worker: Person) -> None:
    """`/why skill`: each project's gold, agreement and interval, and what would change it."""
    found = [_skill(unit, worker, row) for row in unit.skills.of_worker(worker.id, PROJECTS)]
    unit.outbox.say(worker.id, "record.skill", projects=found, proof=PROOF, bar=BAR)


def appeals(unit: UnitOfWork, worker: Person) -> None:
    """`/appeal`: what can be contested with one press."""
    misses = [
        {
            "submission": miss.submission,
            "title": miss.title,
            "text": fill(miss.template, unpack(miss.content)),
            "answer": miss.answer,
            "gold": list(miss.gold),
        }
        for miss in unit.gold_challenges.contestable(worker.id, MISSES)
    ]
    known = [
        {"restriction": each.id, "title": unit.projects.get(each.project).title, "until": each.ends_at}
        for each in unit.evidence.restrictions_of(worker.id, PROJECTS)
        if each.may_be_appealed(unit.now)
    ]
    rejected = [_rejected(unit, each) for each in unit.reviews.appealable(worker.id, MISSES)]
    facts: dict[str, Any] = {"misses": misses, "restrictions": known, "rejected": rejected}
    facts["judged"] = unit.appeals.waiting_of(worker.id)
    unit.outbox.say(worker.id, "fairness.appeals", waiting=unit.gold_challenges.waiting_for(worker.id), **facts)


def _rejected(unit: UnitOfWork, rejection: Rejection) -> dict[str, Any]:
    project, submission = unit.projects.get(rejection.project), unit.submissions.get(rejection.submission)
    text = fill(project.template, unit.tasks.get(submission.task).content)
    cited = {"line": rejection.line, "reason": rejection.reason, "until": rejection.appeal_until}
    return {"submission": submission.id, "text": text, "amount": submission.pay, "currency": project.currency, **cited}


def show_picture(unit: UnitOfWork, requester: Person, found: dict[str, Any]) -> None:
    unit.outbox.say(requester.id, "projects.quality", **found)


def picture(unit: UnitOfWork, requester: Person, number: int) -> dict[str, Any]:
    """How the answers of a project agree, what gold says of them, how sure the results are."""
    project = ownership.mine(unit, requester, number)
    counted = unit.progress_counts.progress(project.id)
    compared, agreeing = _agreement(unit, project.kind, project.id, None)
    return {
        "number": project.id,
        "title": project.title,
        "compared": compared,
        "agreeing": agreeing,
        "gold_seen": counted.gold_seen,
        "gold_right": counted.gold_right,
        "confidences": unit.skills.confidences(project.id),
    }


def _agreement(unit: UnitOfWork, kind: str, project: ProjectId, worker: PersonId | None) -> tuple[int, int]:
    """(answers that can be compared with their task's consensus, those that agree with it)."""
    if kind not in NEARLY:
        return unit.skills.agreement(project) if worker is None else unit.skills.agreeing(worker, project)
    known, pairs = kind_of(kind), unit.skills.pairs(project, worker, PAIRS)
    return len(pairs), sum(known.is_right(answer, known.accepted(consensus)) for answer, consensus in pairs)


def _skill(unit: UnitOfWork, worker: Person, row: Sequence[Any]) -> dict[str, Any]:
    title, kind, state, answered, seen, right, qualified, watch, until, project, later, accept = row
    compared, agreeing = _agreement(unit, kind, ProjectId(project), worker.id)
    model = unit.models.for_answer(ProjectId(project), worker.id)
    known = model[1].skill if model and model[1].answers else None
    return {
        "number": project,
        "title": title,
        "review": accept == "review",
        "kind": kind,
        "running": state == "running",
        "answered": answered,
        "gold_seen": seen,
        "gold_right": right,
        "estimate": estimated_accuracy(right, seen),
        "compared": compared,
        "agreeing": agreeing,
        "interval": list(known.interval) if known else None,
        "qualified": bool(qualified),
        "watch": watch,
        "later": bool(later) or watch >= CLOSELY,
        "silent": unit.evidence.is_silent(worker.id, ProjectId(project), restrictions.CLOSELY),
        "gold_comes": not qualified and _gold_comes(unit, worker, ProjectId(project)),
        "until": until if until and until > unit.now else None,
    }


def _gold_comes(unit: UnitOfWork, worker: Person, project: ProjectId) -> bool:
    """Whether a known question can still be what probation ends by."""
    enrolment = unit.enrolments.find(worker.id, project)
    return enrolment is not None and task_selection.can_meet_gold(unit, enrolment, unit.projects.get(project))
