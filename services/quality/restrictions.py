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

ROWS_PER_SWEEP = 25
SHOWN_ROWS, SHOWN_PAIRS, MAX_SUSPECTS = 8, 5, 20
GROUP_SUSPICIONS = ("ring", "informed")  # suspicions of groups, whose members are shown with them
COMPARED_ANSWERS = 3000  # answers of others beside one's own


def apply_evidence(
    unit: UnitOfWork,
    project: Project,
    worker: PersonId,
    evidence: Sequence[Evidence],
    admins: frozenset[int] = frozenset(),
) -> None:
    """Restrict the worker on strong evidence; lift a restriction that its evidence does not support any more. Where an
    admin, or a missed deadline, took one back the machine does not impose another."""
    standing = unit.restrictions.standing(worker, project.id)
    cause = find_restricting_evidence(evidence)
    if standing is not None:
        if not still_supports_restriction(evidence) and unit.restrictions.lift(standing, None):
            notify_ended(unit, standing, RestrictionLifted)
            close_case(unit, standing, admins, end=CaseEnd.FADED)
    elif cause is not None and project.ended_at is None and not unit.restrictions.was_taken_back(worker, project.id):
        _impose_restriction(unit, project, worker, cause, evidence)


def appeal_restriction(act: Act, restriction: RestrictionId) -> RestrictionAppealed | NotedBefore:
    """Send the worker's appeal to the admins, with a deadline. Return NotedBefore if the restriction was appealed
    before or is over. Raise NotFound if it is not the worker's."""
    unit, worker = act.unit, act.person
    restriction_row = unit.restrictions.find(restriction)
    if restriction_row is None or restriction_row.worker != worker.id:
        raise NotFound(what="restriction", name=str(restriction))
    deadline = later(unit.now, DECISION_TIME)
    if restriction_row.decided_by is None:
        deadline = min(deadline, restriction_row.confirm_by)
    if not unit.restrictions.appeal(restriction_row.id, deadline):
        return NotedBefore()
    known_restriction = to_known_restriction(unit, unit.restrictions.find(restriction_row.id) or restriction_row)
    message = RestrictionToDecide(worker.label, known_restriction, restriction_row.evidence, deadline)
    for admin in list_deciders(unit, restriction_row, act.house.admins):
        unit.outbox.tell(
            admin,
            message,
            key=f"appeal:{restriction_row.id}:{admin}",
            live=f"{cases.restriction_case_name(restriction_row.id)}asked",
        )
    return RestrictionAppealed(known_restriction.title, deadline)


def get_involved(unit: UnitOfWork, restriction: Restriction) -> tuple[PersonId | None, ...]:
    """Return the people whose own matter it is: the worker, the project's requester, and the admin who confirmed it."""
    return restriction.worker, unit.projects.get(restriction.project).requester, restriction.decided_by


def list_deciders(unit: UnitOfWork, restriction: Restriction, admins: frozenset[int]) -> list[PersonId]:
    """Return the admins who may decide: never the worker; the requester or the admin who confirmed it only if there is
    no other."""
    admin_ids = cases.get_deciders(unit, admins, get_involved(unit, restriction))
    return [admin for admin in admin_ids if admin != restriction.worker]


def end_due_restrictions(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """Lift restrictions that no admin confirmed in time or whose appeal was not answered in time; end those whose date
    has come."""
    for restriction in unit.restrictions.unconfirmed(ROWS_PER_SWEEP):
        if unit.restrictions.lift(restriction, None, lapsed=True):
            notify_ended(unit, restriction, RestrictionLapsed)
            unit.audit.note(None, "lapsed", f"restriction:{restriction.id}")
            close_case(unit, restriction, admins)
    for restriction in unit.restrictions.appeals_due(ROWS_PER_SWEEP):
        if unit.restrictions.lift(restriction, None):
            notify_ended(unit, restriction, RestrictionLifted)
            close_case(unit, restriction, admins)
    for restriction in unit.restrictions.ending(ROWS_PER_SWEEP):
        if unit.restrictions.end(restriction):
            notify_ended(unit, restriction, RestrictionOver)
            if restriction.decided_by is None:  # else the messages say who decided, and what
                close_case(unit, restriction, admins)


def close_case(
    unit: UnitOfWork, restriction: Restriction, admins: frozenset[int], by: str = "", end: CaseEnd = CaseEnd.LIFTED
) -> None:
    """Remove the buttons from every admin's messages about the restriction. `by`: who decided; empty if no one did in
    time."""
    closed = CaseClosed(get_title(unit, restriction.project), end, by, unit.people.get(restriction.worker).label)
    cases.close_case(unit, admins, cases.restriction_case_name(restriction.id), closed)


def audit_person(act: Act, who: str) -> PersonAudit | Suspects:
    """Return, for `/audit PERSON`, the evidence with its parts, the soft measures, and every restriction; without a
    name, the suspects. Writes an audit entry."""
    unit = act.unit
    if not who:
        return _list_suspects(unit)
    person = get_person(unit, who)
    unit.audit.note(act.person.id, "audit", f"person:{person.id}")
    stop = unit.stops.find_suspension(person.id)
    return PersonAudit(
        who=person.label,
        answers=unit.submissions.count_of(person.id),
        findings=tuple(
            _to_finding(unit, project, evidence) for project, evidence in unit.evidence.against(person.id, SHOWN_ROWS)
        ),
        mates=tuple(_to_mate(unit, *row) for row in unit.evidence.mates(person.id, SHOWN_ROWS)),
        restrictions=tuple(
            to_known_restriction(unit, row) for row in unit.restrictions.list_of_worker(person.id, SHOWN_ROWS)
        ),
        person=person.id,
        stop=stop.id if stop else 0,
        suspended_for=stop.reason if stop else "",
        admin=person.telegram_id in act.house.admins,
        judged=tuple(
            JudgedBy(unit.people.get(judge).label, *counts)
            for judge, counts in unit.juries.get_judging_counts(person.id, SHOWN_ROWS)
        ),
    )


def _list_suspects(unit: UnitOfWork) -> Suspects:
    """Return, for `/audit`, people with evidence of a hundred to one and more."""
    rows = unit.evidence.suspected(CLOSELY_WATCHED_NATS, MAX_SUSPECTS)
    return Suspects(tuple(Suspect(unit.people.get(row[0]).label, row[3], row[1], row[2]) for row in rows))


def _to_finding(unit: UnitOfWork, project_id: ProjectId, evidence: Evidence) -> Finding:
    project = unit.projects.get(project_id)
    worker = PersonId(evidence.worker)
    watch, last_watch = unit.evidence.softly(worker, project_id)
    pairs = _list_mates(unit, project, worker) if evidence.suspicion in GROUP_SUSPICIONS else ()
    return Finding(project.title, evidence, watch, last_watch, pairs)


def _list_mates(unit: UnitOfWork, project: Project, worker: PersonId) -> tuple[Mate, ...]:
    """Return workers with the same answers: others of a group, or those whose texts or files were copied."""
    equal_by_worker: dict[PersonId, list[bool]] = {}
    suspected, kind = set(), kind_of(project.kind)
    for mate, mine, theirs, doubted in unit.evidence.beside(worker, project.id, COMPARED_ANSWERS):
        equal_by_worker.setdefault(mate, []).append(kind.are_alike(mine, theirs))
        if doubted or kind.shows_who_copied:
            suspected.add(mate)
    counts = [(sum(count), len(count), mate) for mate, count in equal_by_worker.items() if mate in suspected]
    mates = sorted((count for count in counts if 2 * count[0] > count[1]), reverse=True)[:SHOWN_PAIRS]
    return tuple(_to_mate(unit, mate, shared, agreed) for agreed, shared, mate in mates)


def _to_mate(unit: UnitOfWork, other: PersonId, shared: int, same: int) -> Mate:
    return Mate(unit.people.get(other).label, shared, same)


def _impose_restriction(
    unit: UnitOfWork, project: Project, worker: PersonId, cause: Evidence, evidence: Sequence[Evidence]
) -> None:
    until = later(unit.now, restriction_duration(unit.restrictions.earlier(worker, project.id)))
    notice = f"restricted:{worker}:{project.id}:{unit.now}"
    by = confirm_by(unit.now)
    restriction_id = unit.restrictions.restrict(
        worker, project.id, cause, evidence, until=until, notice=notice, confirm_by=by
    )
    if restriction_id is not None:
        in_hand = unit.assignments.active_for(worker)
        has_task = in_hand is not None and in_hand.project == project.id
        unit.outbox.tell(
            worker,
            Restricted(
                restriction=restriction_id,
                title=project.title,
                until=until,
                cause=cause,
                confirm_by=by,
                in_hand=has_task,
            ),
            key=notice,
        )
        unit.audit.note(None, "restrict", f"restriction:{restriction_id}", project=project.id, **asdict(cause))


EndedMessage = type[RestrictionLapsed | RestrictionLifted | RestrictionOver]


def notify_ended(unit: UnitOfWork, restriction: Restriction, message: EndedMessage) -> None:
    """Tell the worker that the restriction ended, and let tasks be sent to them again."""
    unit.outbox.tell(restriction.worker, message(get_title(unit, restriction.project)))
    settings.update_push_window(unit, restriction.worker)


def get_title(unit: UnitOfWork, project: ProjectId) -> str:
    return unit.projects.get(project).title


def to_known_restriction(unit: UnitOfWork, restriction: Restriction) -> KnownRestriction:
    return KnownRestriction(
        restriction=restriction.id,
        title=get_title(unit, restriction.project),
        state=restriction.state,
        appeal=restriction.appeal,
        imposed_at=restriction.imposed_at,
        ends_at=restriction.ends_at,
        decided=restriction.decided_by is not None,
        waits=restriction.waits,
    )


JOURNEY = "confirm"
MAX_WAITING = 100


def show_next(act: Act) -> Reply | NothingToConfirm:
    """Return the most urgent restriction that waits for this admin; NothingToConfirm if none does. Never the admin's
    own matter."""
    unit, waiting = act.unit, list_waiting(act.unit, act.person.id, act.house.admins)
    if not waiting:
        return NothingToConfirm()
    restriction = waiting[0]
    message = RestrictionToConfirm(
        who=unit.people.get(restriction.worker).label,
        of=to_known_restriction(unit, restriction),
        evidence=restriction.evidence,
        until=restriction.decide_by,
        left=len(waiting),
        appealed=restriction.appeal == "open",
    )
    return cases.reply_with_case(cases.restriction_case_name(restriction.id), message)


def decide_restriction(act: Act, restriction: RestrictionId, lift: bool) -> RestrictionDecided | GroundWanted:
    """Lift a restriction with one press, or ask the admin for the reason that confirming it needs. A second press
    returns the decision made. Raise OwnMatter if the admin is restricted by it."""
    unit, admin, known_restriction = act.unit, act.person, _get_decidable(act.unit, act.person, restriction)
    if not lift and known_restriction.waits:
        cases.require_decider(act, *get_involved(unit, known_restriction))
        unit.drafts.keep(admin.id, JOURNEY, {"restriction": known_restriction.id}, unit.now)
        worker = unit.people.get(known_restriction.worker)
        return GroundWanted(
            known_restriction.id, worker.label, get_title(unit, known_restriction.project), worker.telegram_id is None
        )
    if lift and unit.restrictions.lift(known_restriction, admin.id):
        notify_ended(unit, known_restriction, RestrictionLifted)
        unit.audit.note(admin.id, "lift", f"restriction:{known_restriction.id}")
        close_case(unit, known_restriction, act.house.admins, admin.label)
    return _to_decision(act, known_restriction)


def confirm_with_reason(act: Act, draft: dict[str, Any], text: str) -> RestrictionDecided:
    """Confirm the restriction with the typed reason, which the worker reads. Raise BadInput if the reason is too short
    or too long."""
    unit, admin = act.unit, act.person
    restriction, ground = _get_decidable(unit, admin, RestrictionId(draft["restriction"])), parse_ground(text)
    if ground is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST_GROUND), str(LONGEST_GROUND)])
    is_sole_admin = cases.require_decider(act, *get_involved(unit, restriction)) if restriction.waits else False
    unit.drafts.drop(admin.id)
    if unit.restrictions.confirm(restriction.id, admin.id, ground):
        appealable_id = restriction.id if restriction.may_be_appealed(unit.now) else 0
        message = RestrictionConfirmed(get_title(unit, restriction.project), restriction.ends_at, ground, appealable_id)
        unit.outbox.tell(restriction.worker, message)
        unit.audit.note(admin.id, "confirm", f"restriction:{restriction.id}", reason=ground, alone=is_sole_admin)
        close_case(unit, restriction, act.house.admins, admin.label, CaseEnd.STAYS)
    return _to_decision(act, restriction)


def remind_admins(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Send each admin one message about new restrictions and about those that lapse within a day."""
    due = unit.restrictions.to_remind(ROWS_PER_SWEEP)
    if not due:
        return
    is_last_reminder = all(next_reminder(unit.now, restriction.confirm_by) is None for restriction in due)
    for restriction in due:
        unit.restrictions.remind(restriction.id, next_reminder(unit.now, restriction.confirm_by))
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        waiting = list_waiting(unit, admin, admins)
        if waiting:
            unit.outbox.tell(admin, RestrictionsWait(len(waiting), waiting[0].decide_by, is_last_reminder))


def list_waiting(
    unit: UnitOfWork, admin: PersonId, admins: frozenset[int], limit: int = MAX_WAITING
) -> list[Restriction]:
    """Return the restrictions that this admin may decide; where another admin is there, not those that involve this
    one."""
    return [
        restriction
        for restriction in unit.restrictions.waiting(admin, limit)
        if admin in list_deciders(unit, restriction, admins)
    ]


def _to_decision(act: Act, restriction: Restriction) -> RestrictionDecided:
    current = act.unit.restrictions.find(restriction.id) or restriction
    waiting = len(list_waiting(act.unit, act.person.id, act.house.admins))
    return RestrictionDecided(to_known_restriction(act.unit, current), waiting)


def _get_decidable(unit: UnitOfWork, admin: Person, restriction_id: RestrictionId) -> Restriction:
    """Return the restriction. Raise NotFound if there is none, OwnMatter if it restricts the admin."""
    restriction = unit.restrictions.find(restriction_id)
    if restriction is None:
        raise NotFound(what="restriction", name=str(restriction_id))
    if restriction.worker == admin.id:
        raise OwnMatter()
    return restriction
