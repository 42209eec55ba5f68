"""An admin ends a project or suspends a person: with a reason, a notice that can be appealed, and a line in the audit
log. What was answered is paid, and a suspended person's money stays theirs."""

from typing import Any

from domain.fairness import reports as reported
from domain.fairness import review
from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.fairness.messages.reports import EndReasonWanted, ProjectEndedByAdmin, ReportsDecided
from domain.fairness.messages.review import PauseDecided
from domain.fairness.messages.stops import PersonSuspended, SuspendReasonWanted, SuspensionMade
from domain.fairness.review import LONGEST, SHORTEST, reason_of
from domain.fairness.stops import ENDED_BY_ADMIN, SUSPENDED, Stop
from domain.money.amounts import Millionths
from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import BadInput, IsAdmin, NotFound
from services.act import Act, Reply
from services.fairness import jury_duty
from services.fairness.oversight import cases, impartial
from services.fairness.reports import tell_reporters
from services.people import menus
from services.projects import rejection_pause
from services.projects.lifecycle import end
from services.work import answer_messages, places
from storage.unit import UnitOfWork

END, SUSPEND = "end", "suspend"  # journeys


def ask_end(act: Act, project: ProjectId) -> EndReasonWanted:
    """The next words are why it ends."""
    known = _to_end(act, project)
    act.unit.drafts.keep(act.person.id, END, {"project": known.id}, act.unit.now)
    return EndReasonWanted(known.id, known.title)


def end_for(act: Act, draft: dict[str, Any], text: str) -> ReportsDecided:
    """It ends for this reason: what was answered is paid, nothing can be rejected, and it is not launched again."""
    unit, known = act.unit, _to_end(act, ProjectId(draft["project"]))
    reason = _reason(act, text)
    alone = impartial.check(act, *_involved(unit, known))
    decided = ReportsDecided(known.title, ended=True, reason=reason)
    tell_reporters(unit, known, decided)
    unit.reports.end(known.id, True, act.person.id)
    if unit.reviews.end_pause(known.id, "stopped", act.person.id):
        unit.projects.resume(known.id, review.PAUSE)
    unit.projects.pause(known.id, ENDED_BY_ADMIN)
    returned = end(unit, unit.people.get(known.requester), known, ProjectState.STOPPED) or 0
    unit.audit.note(act.person.id, "ended", f"project:{known.id}", why=known.paused, reason=reason, alone=alone)
    closed = CaseClosed(known.title, CaseEnd.ENDED, act.person.label)
    for case in (cases.reports, cases.pause):
        cases.close(unit, act.house.admins, case(known.id), closed)
    stop = unit.stops.add(known.id, known.requester, reason, act.person.id)
    number, back = (stop.id if stop else 0), Millionths(returned)
    told = ProjectEndedByAdmin(known.id, known.title, reason, back, known.currency, number)
    unit.outbox.tell(known.requester, told, live=cases.notice(number) if number else None)
    return decided


def decide_pause(act: Act, project: ProjectId, resume: bool) -> PauseDecided | EndReasonWanted | None:
    """Of a project that rests for its rejections."""
    return rejection_pause.resume(act, project) if resume else ask_end(act, project)


def ask_suspend(act: Act, person: PersonId) -> SuspendReasonWanted:
    """The next words are why."""
    known = _to_suspend(act, person)
    act.unit.drafts.keep(act.person.id, SUSPEND, {"person": known.id}, act.unit.now)
    return SuspendReasonWanted(known.label)


def suspend_for(act: Act, draft: dict[str, Any], text: str) -> Reply:
    """No tasks and no projects until it is lifted; running projects rest, and their workers are paid."""
    unit, known = act.unit, _to_suspend(act, PersonId(draft["person"]))
    reason = _reason(act, text)
    stop = unit.stops.add(None, known.id, reason, act.person.id)
    if stop is None:
        raise NotFound(what="stop", name="")
    projects = enforce(unit, known, stop)
    menus.show(act, known.id)
    unit.audit.note(act.person.id, "suspended", f"person:{known.id}", reason=reason)
    return cases.shown(cases.stop(stop.id), SuspensionMade(stop.id, known.label, reason, projects), "made")


def enforce(unit: UnitOfWork, person: Person, stop: Stop) -> int:
    """Puts a suspension into force and tells the person; how many projects of theirs rest."""
    unit.stops.suspend(person.id, True)
    unit.drafts.drop(person.id)
    _take_task(unit, person)
    projects = unit.stops.running(person.id)
    for project in projects:
        unit.projects.pause(project, SUSPENDED)
    what = {"worker": person.is_worker, "asks": person.requester}
    told = PersonSuspended(stop.id, stop.reason, stop.may_be_appealed, projects=len(projects), **what)
    unit.outbox.tell(person.id, told, live=cases.notice(stop.id))
    return len(projects)


def _take_task(unit: UnitOfWork, worker: Person) -> None:
    """What is in hand, a task or a case to judge, goes to somebody else."""
    jury_duty.let_go(unit, worker.id)
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None:
        places.hand_back(unit, in_hand)
        answer_messages.gone(unit, in_hand)


def _to_end(act: Act, number: ProjectId) -> Project:
    """One that runs, or that was reported and ended by its requester since."""
    act.require("admin")
    known = act.unit.projects.find(number)
    waits = known is not None and reported.PAUSE in known.paused and act.unit.reports.open_in(known.id)
    if known is None or not (known.state is ProjectState.RUNNING or waits):
        raise NotFound(what="to end", name=str(number))
    impartial.check(act, *_involved(act.unit, known))
    return known


def _involved(unit: UnitOfWork, project: Project) -> tuple[PersonId | None, ...]:
    return project.requester, *(each.reporter for each in unit.reports.open_in(project.id))


def _to_suspend(act: Act, number: PersonId) -> Person:
    act.require("admin")
    known = act.unit.people.find(number)
    if known is None or known.suspended or known.telegram_id is None:
        raise NotFound(what="stop", name="")
    if known.telegram_id in act.house.admins:
        raise IsAdmin()
    return known


def _reason(act: Act, text: str) -> str:
    reason = reason_of(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    act.unit.drafts.drop(act.person.id)
    return reason
