"""Restrictions: no offers in one project until a date, on strong evidence, with a notice, an appeal and an end."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from domain.moments import later
from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectId
from domain.quality.fraud.suspicion_by_agreement import COPIED, are_alike
from domain.quality.restrictions import (
    APPEAL_TIME,
    CLOSELY,
    Evidence,
    Restriction,
    RestrictionId,
    calls_for_restriction,
    days_of,
    duration,
    still_supports,
)
from domain.refusals import NotFound
from services.people import push_schedule
from services.people.roles import find
from storage.unit import UnitOfWork

AT_ONCE = 25
SHOWN, PAIRS, LISTED = 8, 5, 20
COMPARED = 3000  # answers of others beside one's own


def weigh(unit: UnitOfWork, project: Project, worker: PersonId, found: Sequence[Evidence]) -> None:
    """Restricts on strong evidence; lets go of a restriction its evidence does not support any more. Where a human,
    or silence, took one back the machine does not impose another."""
    standing = unit.evidence.standing(worker, project.id)
    cause = calls_for_restriction(found)
    if standing is not None:
        if not still_supports(found) and unit.evidence.lift(standing, None):
            _over(unit, standing, "fairness.restriction_lifted")
    elif cause is not None and project.ended_at is None and not unit.evidence.was_taken_back(worker, project.id):
        _restrict(unit, project, worker, cause, found)


def appeal(unit: UnitOfWork, worker: Person, restriction_id: RestrictionId, admins: frozenset[int]) -> bool:
    """Goes to the admins with a deadline. False where there is nothing (more) to appeal."""
    known = unit.evidence.restriction(restriction_id)
    if known is None or known.worker != worker.id:
        raise NotFound(what="restriction", name=str(restriction_id))
    if not unit.evidence.appeal(known.id, later(unit.now, APPEAL_TIME)):
        return False
    facts: dict[str, Any] = {**_described(unit, known), "who": worker.label, "until": unit.now + APPEAL_TIME}
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.say(admin, "restrictions.appeal", key=f"appeal:{known.id}:{admin}", **facts)
    unit.outbox.say(worker.id, "fairness.appealed", title=facts["title"], until=facts["until"])
    return True


def decide(unit: UnitOfWork, admin: Person, restriction_id: RestrictionId, lift: bool) -> None:
    """An admin's word, appealed or not; a second press shows what stands."""
    known = unit.evidence.restriction(restriction_id)
    if known is None:
        raise NotFound(what="restriction", name=str(restriction_id))
    if lift and unit.evidence.lift(known, admin.id):
        _over(unit, known, "fairness.restriction_lifted")
        unit.audit.note(admin.id, "lift", f"restriction:{known.id}")
    elif not lift and unit.evidence.confirm(known.id, admin.id):
        facts: dict[str, Any] = {"title": unit.projects.get(known.project).title, "until": known.ends_at}
        unit.outbox.say(known.worker, "fairness.restriction_confirmed", **facts)
        unit.audit.note(admin.id, "confirm", f"restriction:{known.id}")
    now = unit.evidence.restriction(restriction_id) or known
    unit.outbox.say(admin.id, "restrictions.decided", **_described(unit, now))


def end_due(unit: UnitOfWork) -> None:
    """An appeal nobody answered is granted; a restriction whose day has come is over."""
    for known in unit.evidence.appeals_due(AT_ONCE):
        if unit.evidence.lift(known, None):
            _over(unit, known, "fairness.restriction_lifted")
    for known in unit.evidence.ending(AT_ONCE):
        if unit.evidence.end(known):
            _over(unit, known, "fairness.restriction_over")


def audit(unit: UnitOfWork, admin: Person, who: str) -> None:
    """`/audit PERSON`: what the evidence is made of, what it leads to softly, and every restriction."""
    if not who:
        _suspected(unit, admin)
        return
    person = find(unit, who)
    against = [_made_of(unit, project, found) for project, found in unit.evidence.against(person.id, SHOWN)]
    mates = [_mate(unit, *each) for each in unit.evidence.mates(person.id, SHOWN)]
    known = [_described(unit, each) for each in unit.evidence.restrictions_of(person.id, SHOWN)]
    unit.audit.note(admin.id, "audit", f"person:{person.id}")
    facts: dict[str, Any] = {"evidence": against, "mates": mates, "restrictions": known}
    answers = unit.submissions.count_of(person.id)
    unit.outbox.say(admin.id, "restrictions.audit", who=person.label, answers=answers, **facts)


def _suspected(unit: UnitOfWork, admin: Person) -> None:
    """`/audit`: whom it is worth looking at, a hundred to one and more."""
    rows = [
        {"who": unit.people.get(worker).label, "suspicion": suspicion, "nats": nats, "title": title}
        for worker, suspicion, nats, title in unit.evidence.suspected(CLOSELY, LISTED)
    ]
    unit.outbox.say(admin.id, "restrictions.suspected", rows=rows)


def _made_of(unit: UnitOfWork, project_id: ProjectId, found: Evidence) -> dict[str, Any]:
    project = unit.projects.get(project_id)
    watch, later = unit.evidence.softly(found.worker, project_id)
    pairs = _pairs(unit, project, found.worker) if found.suspicion == "ring" else []
    return {**asdict(found), "title": project.title, "watch": watch, "later": later, "pairs": pairs}


def _pairs(unit: UnitOfWork, project: Project, worker: PersonId) -> list[dict[str, Any]]:
    """With whom the answers are the same: others in a ring, or whose texts or files were copied."""
    same: dict[PersonId, list[bool]] = {}
    suspected = set()
    for other, mine, theirs, doubted in unit.evidence.beside(worker, project.id, COMPARED):
        same.setdefault(other, []).append(are_alike(project.kind, mine, theirs))
        if doubted or project.kind in COPIED:
            suspected.add(other)
    told = [(sum(each), len(each), other) for other, each in same.items() if other in suspected]
    shown = sorted((each for each in told if 2 * each[0] > each[1]), reverse=True)[:PAIRS]
    return [_mate(unit, other, shared, agreed) for agreed, shared, other in shown]


def _mate(unit: UnitOfWork, other: PersonId, shared: int, same: int) -> dict[str, Any]:
    return {"who": unit.people.get(other).label, "shared": shared, "same": same}


def _restrict(unit: UnitOfWork, project: Project, worker: PersonId, cause: Evidence, found: Sequence[Evidence]) -> None:
    earlier = unit.evidence.earlier(worker, project.id)
    until = later(unit.now, duration(earlier))
    notice = f"restricted:{worker}:{project.id}:{unit.now}"
    made = unit.evidence.restrict(worker, project.id, cause, found, until, notice)
    if made is None:
        return
    facts: dict[str, Any] = {**asdict(cause), "restriction": made, "days": days_of(earlier)}
    unit.outbox.say(worker, "fairness.restricted", key=notice, title=project.title, until=until, **facts)
    unit.audit.note(None, "restrict", f"restriction:{made}", project=project.id, **asdict(cause))


def _over(unit: UnitOfWork, known: Restriction, screen: str) -> None:
    unit.outbox.say(known.worker, screen, title=unit.projects.get(known.project).title)
    push_schedule.wait(unit, known.worker)


def _described(unit: UnitOfWork, known: Restriction) -> dict[str, Any]:
    return {
        "restriction": known.id,
        "project": known.project,
        "title": unit.projects.get(known.project).title,
        "reason": known.reason,
        "evidence": [asdict(each) for each in known.evidence],
        "state": known.state,
        "appeal": known.appeal,
        "imposed_at": known.imposed_at,
        "ends_at": known.ends_at,
        "decided": known.decided_by is not None,
    }
