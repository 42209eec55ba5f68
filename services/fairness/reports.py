"""Reported projects rest until an admin has looked: it goes on, or ends with a reason."""

from typing import Any

from domain.fairness.messages.reports import (
    EndReasonWanted,
    ProjectEndedByAdmin,
    ProjectReported,
    ReportsDecided,
    ReportsToDecide,
    ShownReport,
)
from domain.fairness.reports import PAUSE, Report, stops
from domain.fairness.review import LONGEST, SHORTEST, reason_of
from domain.money.amounts import Millionths
from domain.people.pseudonyms import pseudonym
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import beginning_of
from domain.refusals import BadInput, NotFound
from services.act import Act
from services.projects import bulk_updates
from services.projects.lifecycle import end
from storage.unit import UnitOfWork

JOURNEY = "end"
SHOWN = 10  # reports on an admin's card


def pause_if_reported(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> bool:
    """Whether it rests for reports now. Its requester and the admins are told when it begins to."""
    reports = unit.reports.open_in(project.id)
    if not stops([each.kind for each in reports]):
        return PAUSE in project.paused
    if unit.projects.pause(project.id, PAUSE):
        unit.audit.note(None, "pause", f"project:{project.id}", reports=len(reports))
        kinds = tuple(dict.fromkeys(each.kind for each in reports))
        unit.outbox.tell(project.requester, ProjectReported(project.id, project.title, kinds))
        shown = _to_decide(unit, project, reports)
        for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
            unit.outbox.tell(admin, shown)
    return True


def _to_decide(unit: UnitOfWork, project: Project, reports: list[Report]) -> ReportsToDecide:
    who = unit.people.get(project.requester).label
    shown = tuple(_shown(unit, project, each) for each in reports[:SHOWN])
    return ReportsToDecide(project.id, project.title, who, project.instructions, shown)


def _shown(unit: UnitOfWork, project: Project, report: Report) -> ShownReport:
    about = beginning_of(project, unit.tasks.get(report.task))
    if report.reporter is None:
        return ShownReport("", report.kind, about, 0)
    name = pseudonym(unit.settings.secret, project.requester, report.reporter)
    return ShownReport(name, report.kind, about, unit.reports.dismissed(report.reporter))


def resume(act: Act, project: ProjectId) -> ReportsDecided | None:
    """Nothing is wrong: its tasks are offered again. A second press changes nothing."""
    unit, known = act.unit, _reported(act.unit, project)
    _tell_reporters(unit, known, ReportsDecided(known.title, ended=False))
    if not unit.reports.end(known.id, False, act.person.id):
        return None
    unit.projects.resume(known.id, PAUSE)
    unit.audit.note(act.person.id, "resumed", f"project:{known.id}", why=PAUSE)
    if known.state is ProjectState.RUNNING:
        bulk_updates.wake_workers(unit, known.id)
    return _decided(act, known, ReportsDecided(known.title, ended=False))


def ask_reason(act: Act, project: ProjectId) -> EndReasonWanted:
    """The next words are why it ends."""
    known = _reported(act.unit, project)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": known.id}, act.unit.now)
    return EndReasonWanted(known.id, known.title)


def typed(act: Act, draft: dict[str, Any], text: str) -> ReportsDecided:
    """It ends. What was answered is paid: as long as the reports are its reason to rest, nothing can be rejected."""
    unit, known = act.unit, _reported(act.unit, ProjectId(draft["project"]))
    reason = reason_of(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    unit.drafts.drop(act.person.id)
    decided = ReportsDecided(known.title, ended=True, reason=reason)
    _tell_reporters(unit, known, decided)
    unit.reports.end(known.id, True, act.person.id)
    returned = end(unit, unit.people.get(known.requester), known, ProjectState.STOPPED) or 0
    unit.audit.note(act.person.id, "ended", f"project:{known.id}", why=PAUSE, reason=reason)
    ended = ProjectEndedByAdmin(known.id, known.title, reason, Millionths(returned), known.currency)
    unit.outbox.tell(known.requester, ended)
    return decided


def _decided(act: Act, project: Project, decided: ReportsDecided) -> ReportsDecided:
    if project.requester != act.person.id:
        act.unit.outbox.tell(project.requester, decided)
    return decided


def _tell_reporters(unit: UnitOfWork, project: Project, decided: ReportsDecided) -> None:
    for report in unit.reports.open_in(project.id):
        if report.reporter is not None:
            unit.outbox.tell(report.reporter, decided)


def _reported(unit: UnitOfWork, number: ProjectId) -> Project:
    known = unit.projects.find(number)
    if known is None or PAUSE not in known.paused or not unit.reports.open_in(known.id):
        raise NotFound(what="report", name=str(number))
    return known
