"""A worker without work is offered the qualification that a running project asks for, once; a press asks for it."""

from domain.people.people import Person
from domain.people.qualification_messages import (
    QualificationAsked,
    QualificationDeclined,
    QualificationOffered,
    QualificationRefused,
)
from domain.people.qualifications import (
    DECLINED,
    OFFERED,
    OPEN,
    REJECTED,
    TESTING,
    WAITING,
    QualificationRequest,
    QualificationType,
    RequestId,
)
from domain.projects.audience import HOLDS, conditions
from domain.projects.projects import Project
from domain.projects.requirements import Requirement, requirement
from domain.refusals import NotFound
from services.act import Act, Reply
from services.people.qualifications import awaited, test_pay, testing
from services.people.qualifications.apart import are_apart
from services.people.qualifications.grants import grant, granted, requester_of
from services.people.qualifications.requests import mine
from services.work.cards.audience import RULES, suits
from storage.unit import UnitOfWork

LOOKED_AT = 50  # running projects that ask only some people


def offer(unit: UnitOfWork, worker: Person) -> None:
    """Where there is no work for them."""
    for project in unit.projects.for_some(LOOKED_AT):
        missing = _missing(unit, worker, project)
        if missing is None or not missing.can_be_asked_for:
            continue
        type_ = unit.qualifications.find(missing.type or 0)
        if type_ is None or not _may_ask(unit, type_, worker, missing):
            continue
        request = unit.qualifications.ask(type_.id, worker.id, OFFERED, type_.test)
        if request is not None:
            named = awaited.value_for(unit, type_.id, worker) is not None
            unit.outbox.tell(worker.id, _offered(unit, type_, worker, request, named))
            return


def accept(act: Act, request: RequestId) -> Reply:
    """Its test, or it is granted at once, or its requester decides."""
    unit = act.unit
    asked, type_ = mine(act, request, OPEN)
    if (value := awaited.value_for(unit, type_.id, act.person)) is not None:
        grant(unit, type_, act.person.id, value, tells=False)
        awaited.arrived(unit, type_.id, act.person)
        return Reply(granted(unit, type_, value))
    if asked.state == WAITING:
        raise NotFound(what="qualification", name="")
    if type_.test is not None:
        return testing.begin(act, request)
    if type_.granted_by_itself is not None:
        grant(unit, type_, act.person.id, type_.granted_by_itself, tells=False)
        return Reply(granted(unit, type_, type_.granted_by_itself))
    unit.qualifications.hand_in(request, "")
    return Reply(QualificationAsked(type_.name, requester_of(unit, type_)), edits=act.message)


def decline(act: Act, request: RequestId) -> Reply:
    """Not offered again; a test that was begun waits. A request that waited goes on waiting: its requester would see
    that it is gone, and know whom they had named."""
    asked, type_ = mine(act, request, OPEN)
    if asked.state == TESTING:
        return testing.stop(act, request, type_)
    if asked.state == OFFERED:
        act.unit.qualifications.decide(request, DECLINED)
    return Reply(QualificationDeclined(type_.name), edits=act.message)


def refuse(unit: UnitOfWork, type_: QualificationType, request: QualificationRequest, reason: str) -> bool:
    """The requester says no; False where it was decided."""
    if not unit.qualifications.decide(request.id, REJECTED, reason):
        return False
    unit.outbox.tell(request.worker, QualificationRefused(type_.name, requester_of(unit, type_), reason))
    return True


def _missing(unit: UnitOfWork, worker: Person, project: Project) -> Requirement | None:
    """What alone keeps them from this project."""
    if project.requester == worker.id or not suits(unit, worker, project):
        return None
    unmet = [each for each in conditions(project.who) if not RULES[each.name](unit, worker, project, each)]
    known = unit.enrolments.find(worker.id, project.id)
    kept_out = known is not None and (known.declined or known.blocked or known.barred is not None)
    if kept_out or len(unmet) != 1 or unmet[0].name != HOLDS or are_apart(unit, worker.id, project.requester):
        return None
    return requirement(unmet[0].value) if _has_room(unit, worker, project) else None


def _has_room(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    return unit.enrolments.left.has_place(worker.id, project.id)


def _may_ask(unit: UnitOfWork, type_: QualificationType, worker: Person, missing: Requirement) -> bool:
    has = unit.qualifications.has(type_.id, worker.id)
    if not type_.active or (has is not None and not has.granted):
        return False  # it was taken back
    if type_.granted_by_itself is not None and not missing.is_met(type_.granted_by_itself):
        return False
    if not test_pay.offered(unit, type_, worker.id)[0]:
        return False
    latest = unit.qualifications.latest(type_.id, worker.id)
    if latest is None:
        return has is None or type_.test is not None
    ended = latest.decided_at or latest.made_at
    return not latest.is_open and latest.state != DECLINED and type_.may_ask_again(ended, unit.now)


def _offered(
    unit: UnitOfWork, type_: QualificationType, worker: Person, request: RequestId, named: bool
) -> QualificationOffered:
    about = (request, type_.name, type_.description, requester_of(unit, type_))
    if named:  # no test stands before it
        return QualificationOffered(*about, named=True)
    terms, (_, pay) = unit.paid_tests.find(type_.id), test_pay.offered(unit, type_, worker.id)
    asked = testing.questions_in(type_), type_.test_seconds
    return QualificationOffered(*about, *asked, pay=pay, currency=terms.currency if terms else "")
