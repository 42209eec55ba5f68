"""Reported projects rest until an admin has looked: it goes on, or ends with a reason (oversight/stops.py)."""

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.reports import (
    KINDS,
    PAUSE,
    PER_DAY,
    ProjectReported,
    Report,
    ReportDropped,
    ReportsDecided,
    ReportsToDecide,
    ReportWanted,
    ShownReport,
    TaskReported,
    may_report,
    stops,
)
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import beginning_of
from domain.refusals import NotFound, TooManyReports, UnknownChoice
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from services.act import Act, Reply
from services.fairness import cases
from services.fairness.questions import get_own_assignment
from services.people.accounts import pseudonym_for
from services.projects import lifecycle
from services.work import answer_messages, submit
from storage.unit import UnitOfWork

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
        involved = (project.requester, *(each.reporter for each in reports))
        for admin in cases.get_deciders(unit, admins, involved):
            cases.send_case(unit, admin, cases.reports_case_name(project.id), shown)
    return True


def show(act: Act, project: ProjectId) -> Reply:
    """`/admin` leads here: the reports once more, where they still wait."""
    known = _reported(act.unit, project)
    asked = _to_decide(act.unit, known, act.unit.reports.open_in(known.id))
    return cases.reply_with_case(cases.reports_case_name(known.id), asked)


def waiting_for(act: Act, limit: int) -> list[ProjectId]:
    """Projects about whose reports this admin may decide."""
    return [project for project in act.unit.reports.waiting(limit) if _may_decide(act, project)]


def _may_decide(act: Act, project: ProjectId) -> bool:
    unit = act.unit
    reporters = (each.reporter for each in unit.reports.open_in(project))
    involved = (unit.projects.get(project).requester, *reporters)
    return act.person.id in cases.get_deciders(unit, act.house.admins, involved)


def _to_decide(unit: UnitOfWork, project: Project, reports: list[Report]) -> ReportsToDecide:
    who = unit.people.get(project.requester).label
    shown = tuple(_shown(unit, project, each) for each in reports[:SHOWN])
    return ReportsToDecide(project.id, project.title, who, project.instructions, shown)


def _shown(unit: UnitOfWork, project: Project, report: Report) -> ShownReport:
    about = beginning_of(project, unit.tasks.get(report.task))
    if report.reporter is None:
        return ShownReport("", report.kind, about, 0)
    name = pseudonym_for(unit, project.requester, report.reporter)
    return ShownReport(name, report.kind, about, unit.reports.dismissed(report.reporter))


def resume(act: Act, project: ProjectId) -> ReportsDecided | None:
    """Nothing is wrong: its tasks are offered again. A second press changes nothing."""
    unit, known = act.unit, _reported(act.unit, project)
    alone = cases.require_decider(act, known.requester, *(each.reporter for each in unit.reports.open_in(known.id)))
    tell_reporters(unit, known, ReportsDecided(known.title, ended=False))
    if not unit.reports.end(known.id, False, act.person.id):
        return None
    unit.projects.resume(known.id, PAUSE)
    closed = CaseClosed(known.title, CaseEnd.GOES_ON, act.person.label)
    cases.close_case(unit, act.house.admins, cases.reports_case_name(known.id), closed)
    unit.audit.note(act.person.id, "resumed", f"project:{known.id}", why=PAUSE, alone=alone)
    if known.state is ProjectState.RUNNING:
        lifecycle.wake_workers(unit, known.id)
    return _decided(act, known, ReportsDecided(known.title, ended=False))


def _decided(act: Act, project: Project, decided: ReportsDecided) -> ReportsDecided:
    if project.requester != act.person.id:
        act.unit.outbox.tell(project.requester, decided)
    return decided


def tell_reporters(unit: UnitOfWork, project: Project, decided: ReportsDecided) -> None:
    for report in unit.reports.open_in(project.id):
        if report.reporter is not None:
            unit.outbox.tell(report.reporter, decided)


def _reported(unit: UnitOfWork, number: ProjectId) -> Project:
    known = unit.projects.find(number)
    if known is None or PAUSE not in known.paused or not unit.reports.open_in(known.id):
        raise NotFound(what="report", name=str(number))
    return known


ASKED = "report:"  # begins the name of the message that asks, before the assignment's number


def ask(act: Act, assignment: AssignmentId) -> Reply:
    """The button of a task: what is wrong? Asked in one message, however often it is pressed."""
    unit, about = act.unit, get_own_assignment(act.unit, act.person, assignment)
    project = unit.projects.get(about.project)
    wanted = ReportWanted(about.id, project.title, beginning_of(project, unit.tasks.get(about.task)))
    return Reply(wanted, live=f"{ASKED}{about.id}")


def report(act: Act, assignment: AssignmentId, kind: int) -> None:
    """Noted once a worker and project. Who had the task in hand loses nothing, and gets another one."""
    unit, worker, about = act.unit, act.person, get_own_assignment(act.unit, act.person, assignment)
    if kind >= len(KINDS):
        raise UnknownChoice()
    if not may_report(unit.reports.made_lately(worker.id)):
        raise TooManyReports(most=PER_DAY)
    unit.reports.add(about.project, about.task, worker.id, KINDS[kind])
    project = unit.projects.get(about.project)
    paused = pause_if_reported(unit, project, act.house.admins)
    unit.live_messages.forget(worker.id, f"{ASKED}{about.id}")
    unit.outbox.tell(worker.id, TaskReported(project.title, KINDS[kind], paused), edits=act.message)
    if about.state is AssignmentState.ACTIVE:
        unit.people.acted(worker.id)
        _give_back(unit, worker, about)


def _give_back(unit: UnitOfWork, worker: Person, about: Assignment) -> None:
    """The next task comes below: the reported one's message loses its buttons."""
    message, project = unit.outbox.message_of(about.id), unit.projects.get(about.project)
    submit.pass_on(unit, worker, about, None)
    answer_messages.say_given_back(unit, worker, project, unit.tasks.get(about.task), message, reported=True)


def drop(act: Act) -> Reply:
    """Nothing is reported."""
    asked = act.unit.live_messages.name_of(act.person.id, act.message or 0, ASKED)
    if asked is not None:
        act.unit.live_messages.forget(act.person.id, asked)
    return Reply(ReportDropped(), edits=act.message)
