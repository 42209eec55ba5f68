"""Restrictions: no offers in one project until a date, on strong evidence, with a notice, an appeal and an end."""

from collections.abc import Sequence
from dataclasses import asdict

from domain.answers import kind_of
from domain.moments import DECISION_TIME, later
from domain.people.people import PersonId
from domain.projects.projects import Project, ProjectId
from domain.quality.messages.contests import NotedBefore
from domain.quality.messages.restrictions import (
    Finding,
    KnownRestriction,
    Mate,
    PersonAudit,
    Restricted,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionDecided,
    RestrictionLifted,
    RestrictionOver,
    RestrictionToDecide,
    Suspect,
    Suspects,
)
from domain.quality.restrictions import (
    CLOSELY,
    Evidence,
    Restriction,
    RestrictionId,
    calls_for_restriction,
    duration,
    still_supports,
)
from domain.refusals import NotFound
from services.act import Act
from services.people import push_schedule
from services.people.lookup import find
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
            _over(unit, standing, RestrictionLifted)
    elif cause is not None and project.ended_at is None and not unit.evidence.was_taken_back(worker, project.id):
        _restrict(unit, project, worker, cause, found)


def appeal(act: Act, restriction: RestrictionId) -> RestrictionAppealed | NotedBefore:
    """Goes to the admins with a deadline, unless there is nothing (more) to appeal."""
    unit, worker = act.unit, act.person
    known = unit.evidence.restriction(restriction)
    if known is None or known.worker != worker.id:
        raise NotFound(what="restriction", name=str(restriction))
    until = later(unit.now, DECISION_TIME)
    if not unit.evidence.appeal(known.id, until):
        return NotedBefore()
    of = _described(unit, known)
    asked = RestrictionToDecide(worker.label, of, known.evidence, until)
    for admin in unit.people.with_telegram_ids(tuple(sorted(act.house.admins))):
        unit.outbox.tell(admin, asked, key=f"appeal:{known.id}:{admin}")
    return RestrictionAppealed(of.title, until)


def decide(act: Act, restriction: RestrictionId, lift: bool) -> RestrictionDecided:
    """An admin's decision, with or without an appeal; a second press shows the state."""
    unit, admin = act.unit, act.person
    known = unit.evidence.restriction(restriction)
    if known is None:
        raise NotFound(what="restriction", name=str(restriction))
    if lift and unit.evidence.lift(known, admin.id):
        _over(unit, known, RestrictionLifted)
        unit.audit.note(admin.id, "lift", f"restriction:{known.id}")
    elif not lift and unit.evidence.confirm(known.id, admin.id):
        unit.outbox.tell(known.worker, RestrictionConfirmed(_title(unit, known.project), known.ends_at))
        unit.audit.note(admin.id, "confirm", f"restriction:{known.id}")
    return RestrictionDecided(_described(unit, unit.evidence.restriction(restriction) or known))


def end_due(unit: UnitOfWork) -> None:
    """Grants appeals without a decision in time; ends restrictions at their date."""
    for known in unit.evidence.appeals_due(AT_ONCE):
        if unit.evidence.lift(known, None):
            _over(unit, known, RestrictionLifted)
    for known in unit.evidence.ending(AT_ONCE):
        if unit.evidence.end(known):
            _over(unit, known, RestrictionOver)


def audit(act: Act, who: str) -> PersonAudit | Suspects:
    """`/audit PERSON`: the evidence with its parts, the soft measures, and every restriction."""
    unit = act.unit
    if not who:
        return _suspects(unit)
    person = find(unit, who)
    unit.audit.note(act.person.id, "audit", f"person:{person.id}")
    return PersonAudit(
        person.label,
        unit.submissions.count_of(person.id),
        tuple(_made_of(unit, project, found) for project, found in unit.evidence.against(person.id, SHOWN)),
        tuple(_mate(unit, *each) for each in unit.evidence.mates(person.id, SHOWN)),
        tuple(_described(unit, each) for each in unit.evidence.restrictions_of(person.id, SHOWN)),
    )


def _suspects(unit: UnitOfWork) -> Suspects:
    """`/audit`: people with evidence of a hundred to one and more."""
    rows = unit.evidence.suspected(CLOSELY, LISTED)
    return Suspects(tuple(Suspect(unit.people.get(each[0]).label, each[3], each[1], each[2]) for each in rows))


def _made_of(unit: UnitOfWork, project_id: ProjectId, found: Evidence) -> Finding:
    project = unit.projects.get(project_id)
    watch, last = unit.evidence.softly(found.worker, project_id)
    pairs = _pairs(unit, project, found.worker) if found.suspicion == "ring" else ()
    return Finding(project.title, found, watch, last, pairs)


def _pairs(unit: UnitOfWork, project: Project, worker: PersonId) -> tuple[Mate, ...]:
    """Workers with the same answers: others of a group, or those whose texts or files were copied."""
    same: dict[PersonId, list[bool]] = {}
    suspected, kind = set(), kind_of(project.kind)
    for other, mine, theirs, doubted in unit.evidence.beside(worker, project.id, COMPARED):
        same.setdefault(other, []).append(kind.are_alike(mine, theirs))
        if doubted or kind.shows_who_copied:
            suspected.add(other)
    told = [(sum(each), len(each), other) for other, each in same.items() if other in suspected]
    shown = sorted((each for each in told if 2 * each[0] > each[1]), reverse=True)[:PAIRS]
    return tuple(_mate(unit, other, shared, agreed) for agreed, shared, other in shown)


def _mate(unit: UnitOfWork, other: PersonId, shared: int, same: int) -> Mate:
    return Mate(unit.people.get(other).label, shared, same)


def _restrict(unit: UnitOfWork, project: Project, worker: PersonId, cause: Evidence, found: Sequence[Evidence]) -> None:
    until = later(unit.now, duration(unit.evidence.earlier(worker, project.id)))
    notice = f"restricted:{worker}:{project.id}:{unit.now}"
    made = unit.evidence.restrict(worker, project.id, cause, found, until, notice)
    if made is not None:
        unit.outbox.tell(worker, Restricted(made, project.title, until, cause), key=notice)
        unit.audit.note(None, "restrict", f"restriction:{made}", project=project.id, **asdict(cause))


def _over(unit: UnitOfWork, known: Restriction, message: type[RestrictionLifted | RestrictionOver]) -> None:
    unit.outbox.tell(known.worker, message(_title(unit, known.project)))
    push_schedule.wait(unit, known.worker)


def _title(unit: UnitOfWork, project: ProjectId) -> str:
    return unit.projects.get(project).title


def _described(unit: UnitOfWork, known: Restriction) -> KnownRestriction:
    return KnownRestriction(
        restriction=known.id,
        title=_title(unit, known.project),
        state=known.state,
        appeal=known.appeal,
        imposed_at=known.imposed_at,
        ends_at=known.ends_at,
        decided=known.decided_by is not None,
    )
