"""Restrictions: no offers in one project until a date, on strong evidence, with a notice, an appeal and an end; each
lapses unless a human confirms it (restriction_review.py)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from domain.answers import kind_of
from domain.conduct.evidence import (
    CLOSELY_WATCHED_NATS,
    Evidence,
    find_restricting_evidence,
    still_supports_restriction,
)
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.moments import DECISION_TIME, later
from domain.people.accounts import Person, PersonId
from domain.projects.projects import Project, ProjectId
from domain.quality.gold_challenges import NotedBefore
from domain.quality.restrictions import (
    LONGEST_GROUND,
    SHORTEST_GROUND,
    Finding,
    GroundWanted,
    JudgedBy,
    KnownRestriction,
    Mate,
    NothingToConfirm,
    PersonAudit,
    Restricted,
    Restriction,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionDecided,
    RestrictionId,
    RestrictionLapsed,
    RestrictionLifted,
    RestrictionOver,
    RestrictionsWait,
    RestrictionToConfirm,
    RestrictionToDecide,
    Suspect,
    Suspects,
    confirm_by,
    next_reminder,
    parse_ground,
    restriction_duration,
)
from domain.refusals import BadInput, NotFound, OwnMatter
from services.act import Act, Reply
from services.fairness import cases
from services.people import settings
from services.people.accounts import get_person
from storage.unit import UnitOfWork

AT_ONCE = 25
SHOWN, PAIRS, LISTED = 8, 5, 20
SHARED = ("ring", "informed")  # suspicions of groups, whose members are shown with them
COMPARED = 3000  # answers of others beside one's own


def weigh(
    unit: UnitOfWork,
    project: Project,
    worker: PersonId,
    found: Sequence[Evidence],
    admins: frozenset[int] = frozenset(),
) -> None:
    """Restricts on strong evidence; lets go of a restriction its evidence does not support any more. Where a human,
    or silence, took one back the machine does not impose another."""
    standing = unit.restrictions.standing(worker, project.id)
    cause = find_restricting_evidence(found)
    if standing is not None:
        if not still_supports_restriction(found) and unit.restrictions.lift(standing, None):
            over(unit, standing, RestrictionLifted)
            close(unit, standing, admins, end=CaseEnd.FADED)
    elif cause is not None and project.ended_at is None and not unit.restrictions.was_taken_back(worker, project.id):
        _restrict(unit, project, worker, cause, found)


def appeal(act: Act, restriction: RestrictionId) -> RestrictionAppealed | NotedBefore:
    """Goes to the admins with a deadline, unless there is nothing (more) to appeal."""
    unit, worker = act.unit, act.person
    known = unit.restrictions.find(restriction)
    if known is None or known.worker != worker.id:
        raise NotFound(what="restriction", name=str(restriction))
    until = later(unit.now, DECISION_TIME)
    if known.decided_by is None:
        until = min(until, known.confirm_by)
    if not unit.restrictions.appeal(known.id, until):
        return NotedBefore()
    of = described(unit, unit.restrictions.find(known.id) or known)
    asked = RestrictionToDecide(worker.label, of, known.evidence, until)
    for admin in deciders(unit, known, act.house.admins):
        unit.outbox.tell(
            admin, asked, key=f"appeal:{known.id}:{admin}", live=f"{cases.restriction_case_name(known.id)}asked"
        )
    return RestrictionAppealed(of.title, until)


def involved(unit: UnitOfWork, known: Restriction) -> tuple[PersonId | None, ...]:
    """Whose own matter it is: the worker's, the project's requester's, and that of the admin who confirmed it."""
    return known.worker, unit.projects.get(known.project).requester, known.decided_by


def deciders(unit: UnitOfWork, known: Restriction, admins: frozenset[int]) -> list[PersonId]:
    """The admins who may confirm it: never the worker, who is involved only where there is no other."""
    found = cases.get_deciders(unit, admins, involved(unit, known))
    return [admin for admin in found if admin != known.worker]


def end_due(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """Silence of humans grants appeals and lets what nobody confirmed lapse; the others end at their date."""
    for known in unit.restrictions.unconfirmed(AT_ONCE):
        if unit.restrictions.lift(known, None, lapsed=True):
            over(unit, known, RestrictionLapsed)
            unit.audit.note(None, "lapsed", f"restriction:{known.id}")
            close(unit, known, admins)
    for known in unit.restrictions.appeals_due(AT_ONCE):
        if unit.restrictions.lift(known, None):
            over(unit, known, RestrictionLifted)
            close(unit, known, admins)
    for known in unit.restrictions.ending(AT_ONCE):
        if unit.restrictions.end(known):
            over(unit, known, RestrictionOver)
            if known.decided_by is None:  # else the messages say who decided, and what
                close(unit, known, admins)


def close(
    unit: UnitOfWork, known: Restriction, admins: frozenset[int], by: str = "", end: CaseEnd = CaseEnd.LIFTED
) -> None:
    """Takes the buttons off every admin's messages about it. `by`: who decided; empty: nobody in time."""
    closed = CaseClosed(title_of(unit, known.project), end, by, unit.people.get(known.worker).label)
    cases.close_case(unit, admins, cases.restriction_case_name(known.id), closed)


def audit(act: Act, who: str) -> PersonAudit | Suspects:
    """`/audit PERSON`: the evidence with its parts, the soft measures, and every restriction."""
    unit = act.unit
    if not who:
        return _suspects(unit)
    person = get_person(unit, who)
    unit.audit.note(act.person.id, "audit", f"person:{person.id}")
    stop = unit.stops.find_suspension(person.id)
    return PersonAudit(
        person.label,
        unit.submissions.count_of(person.id),
        tuple(_made_of(unit, project, found) for project, found in unit.evidence.against(person.id, SHOWN)),
        tuple(_mate(unit, *each) for each in unit.evidence.mates(person.id, SHOWN)),
        tuple(described(unit, each) for each in unit.restrictions.of(person.id, SHOWN)),
        person.id,
        stop.id if stop else 0,
        stop.reason if stop else "",
        person.telegram_id in act.house.admins,
        tuple(
            JudgedBy(unit.people.get(other).label, *counts)
            for other, counts in unit.juries.get_judging_counts(person.id, SHOWN)
        ),
    )


def _suspects(unit: UnitOfWork) -> Suspects:
    """`/audit`: people with evidence of a hundred to one and more."""
    rows = unit.evidence.suspected(CLOSELY_WATCHED_NATS, LISTED)
    return Suspects(tuple(Suspect(unit.people.get(each[0]).label, each[3], each[1], each[2]) for each in rows))


def _made_of(unit: UnitOfWork, project_id: ProjectId, found: Evidence) -> Finding:
    project = unit.projects.get(project_id)
    worker = PersonId(found.worker)
    watch, last = unit.evidence.softly(worker, project_id)
    pairs = _pairs(unit, project, worker) if found.suspicion in SHARED else ()
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
    until = later(unit.now, restriction_duration(unit.restrictions.earlier(worker, project.id)))
    notice = f"restricted:{worker}:{project.id}:{unit.now}"
    by = confirm_by(unit.now)
    made = unit.restrictions.restrict(worker, project.id, cause, found, until, notice, by)
    if made is not None:
        in_hand = unit.assignments.active_for(worker)
        has_task = in_hand is not None and in_hand.project == project.id
        unit.outbox.tell(worker, Restricted(made, project.title, until, cause, by, has_task), key=notice)
        unit.audit.note(None, "restrict", f"restriction:{made}", project=project.id, **asdict(cause))


Over = type[RestrictionLapsed | RestrictionLifted | RestrictionOver]


def over(unit: UnitOfWork, known: Restriction, message: Over) -> None:
    """The worker is told, and asked again."""
    unit.outbox.tell(known.worker, message(title_of(unit, known.project)))
    settings.wait(unit, known.worker)


def title_of(unit: UnitOfWork, project: ProjectId) -> str:
    return unit.projects.get(project).title


def described(unit: UnitOfWork, known: Restriction) -> KnownRestriction:
    return KnownRestriction(
        restriction=known.id,
        title=title_of(unit, known.project),
        state=known.state,
        appeal=known.appeal,
        imposed_at=known.imposed_at,
        ends_at=known.ends_at,
        decided=known.decided_by is not None,
        waits=known.waits,
    )


JOURNEY = "confirm"
COUNTED = 100


def show_next(act: Act) -> Reply | NothingToConfirm:
    """The most urgent one that waits for a human; never the admin's own matter."""
    unit, waiting = act.unit, waiting_for(act.unit, act.person.id, act.house.admins)
    if not waiting:
        return NothingToConfirm()
    known = waiting[0]
    shown = RestrictionToConfirm(
        who=unit.people.get(known.worker).label,
        of=described(unit, known),
        evidence=known.evidence,
        until=known.decide_by,
        left=len(waiting),
        appealed=known.appeal == "open",
    )
    return cases.reply_with_case(cases.restriction_case_name(known.id), shown)


def decide(act: Act, restriction: RestrictionId, lift: bool) -> RestrictionDecided | GroundWanted:
    """An admin lifts it with one press; to confirm it needs a reason. A second press shows the state."""
    unit, admin, known = act.unit, act.person, _known(act.unit, act.person, restriction)
    if not lift and known.waits:
        cases.require_decider(act, *involved(unit, known))
        unit.drafts.keep(admin.id, JOURNEY, {"restriction": known.id}, unit.now)
        worker = unit.people.get(known.worker)
        return GroundWanted(known.id, worker.label, title_of(unit, known.project), worker.telegram_id is None)
    if lift and unit.restrictions.lift(known, admin.id):
        over(unit, known, RestrictionLifted)
        unit.audit.note(admin.id, "lift", f"restriction:{known.id}")
        close(unit, known, act.house.admins, admin.label)
    return _decided(act, known)


def typed(act: Act, draft: dict[str, Any], text: str) -> RestrictionDecided:
    """The reason came: the worker reads it."""
    unit, admin = act.unit, act.person
    known, ground = _known(unit, admin, RestrictionId(draft["restriction"])), parse_ground(text)
    if ground is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST_GROUND), str(LONGEST_GROUND)])
    alone = cases.require_decider(act, *involved(unit, known)) if known.waits else False
    unit.drafts.drop(admin.id)
    if unit.restrictions.confirm(known.id, admin.id, ground):
        open_ = known.id if known.may_be_appealed(unit.now) else 0
        told = RestrictionConfirmed(title_of(unit, known.project), known.ends_at, ground, open_)
        unit.outbox.tell(known.worker, told)
        unit.audit.note(admin.id, "confirm", f"restriction:{known.id}", reason=ground, alone=alone)
        close(unit, known, act.house.admins, admin.label, CaseEnd.STAYS)
    return _decided(act, known)


def remind(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Tells admins of new restrictions, and of those that lapse within a day: one letter each."""
    due = unit.restrictions.to_remind(AT_ONCE)
    if not due:
        return
    again = all(next_reminder(unit.now, each.confirm_by) is None for each in due)
    for known in due:
        unit.restrictions.remind(known.id, next_reminder(unit.now, known.confirm_by))
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        waiting = waiting_for(unit, admin, admins)
        if waiting:
            unit.outbox.tell(admin, RestrictionsWait(len(waiting), waiting[0].decide_by, again))


def waiting_for(unit: UnitOfWork, admin: PersonId, admins: frozenset[int], limit: int = COUNTED) -> list[Restriction]:
    """What this admin may decide: what they are involved in waits for another one, where there is one."""
    return [each for each in unit.restrictions.waiting(admin, limit) if admin in deciders(unit, each, admins)]


def _decided(act: Act, known: Restriction) -> RestrictionDecided:
    now = act.unit.restrictions.find(known.id) or known
    left = len(waiting_for(act.unit, act.person.id, act.house.admins))
    return RestrictionDecided(described(act.unit, now), left)


def _known(unit: UnitOfWork, admin: Person, number: RestrictionId) -> Restriction:
    """Nobody decides about themselves."""
    known = unit.restrictions.find(number)
    if known is None:
        raise NotFound(what="restriction", name=str(number))
    if known.worker == admin.id:
        raise OwnMatter()
    return known
