"""Reports of projects by workers: a reported project rests until an admin lets it go on or ends it with a reason
(services/fairness/stops.py)."""

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.reports import (
    KINDS,
    MAX_REPORTS_PER_DAY,
    PAUSE,
    ProjectReported,
    Report,
    ReportDropped,
    ReportsDecided,
    ReportsToDecide,
    ReportWanted,
    ShownReport,
    TaskReported,
    may_report,
    must_stop_project,
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

MAX_SHOWN_REPORTS = 10  # reports on an admin's card


def pause_if_reported(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> bool:
    """Pause the project if its reports suffice, and tell its requester and the admins. Return whether it rests for
    reports now."""
    reports = unit.reports.list_open(project.id)
    if not must_stop_project([report.kind for report in reports]):
        return PAUSE in project.paused
    if unit.projects.pause(project.id, PAUSE):
        unit.audit.note(None, "pause", f"project:{project.id}", reports=len(reports))
        kinds = tuple(dict.fromkeys(report.kind for report in reports))
        unit.outbox.tell(project.requester, ProjectReported(project.id, project.title, kinds))
        reports_case = _to_reports_case(unit, project, reports)
        involved = (project.requester, *(report.reporter for report in reports))
        for admin in cases.get_deciders(unit, admins, involved):
            cases.send_case(unit, admin, cases.reports_case_name(project.id), reports_case)
    return True


def show_reports(act: Act, project: ProjectId) -> Reply:
    """Return the reports of a resting project for an admin who opens them from /admin. Raise NotFound if none wait."""
    reported_project = _get_reported_project(act.unit, project)
    reports_case = _to_reports_case(act.unit, reported_project, act.unit.reports.list_open(reported_project.id))
    return cases.reply_with_case(cases.reports_case_name(reported_project.id), reports_case)


def _to_reports_case(unit: UnitOfWork, project: Project, reports: list[Report]) -> ReportsToDecide:
    who = unit.people.get(project.requester).label
    shown_reports = tuple(_to_shown_report(unit, project, report) for report in reports[:MAX_SHOWN_REPORTS])
    return ReportsToDecide(project.id, project.title, who, project.instructions, shown_reports)


def _to_shown_report(unit: UnitOfWork, project: Project, report: Report) -> ShownReport:
    task_beginning = beginning_of(project, unit.tasks.get(report.task))
    if report.reporter is None:
        return ShownReport("", report.kind, task_beginning, 0)
    reporter_name = pseudonym_for(unit, project.requester, report.reporter)
    return ShownReport(reporter_name, report.kind, task_beginning, unit.reports.count_dismissed(report.reporter))


def resume_project(act: Act, project: ProjectId) -> ReportsDecided | None:
    """Dismiss the reports: the project's tasks are offered again, reporters and requester are told. Return None if it
    was decided before. Raise NotFound if no report waits, OwnMatter if another admin must decide."""
    unit, reported_project = act.unit, _get_reported_project(act.unit, project)
    alone = cases.require_decider(
        act, reported_project.requester, *(report.reporter for report in unit.reports.list_open(reported_project.id))
    )
    tell_reporters(unit, reported_project, ReportsDecided(reported_project.title, ended=False))
    if not unit.reports.close_all(reported_project.id, False, act.person.id):
        return None
    unit.projects.resume(reported_project.id, PAUSE)
    outcome = CaseClosed(reported_project.title, CaseEnd.GOES_ON, act.person.label)
    cases.close_case(unit, act.house.admins, cases.reports_case_name(reported_project.id), outcome)
    unit.audit.note(act.person.id, "resumed", f"project:{reported_project.id}", why=PAUSE, alone=alone)
    if reported_project.state is ProjectState.RUNNING:
        lifecycle.wake_workers(unit, reported_project.id)
    return _tell_requester(act, reported_project, ReportsDecided(reported_project.title, ended=False))


def _tell_requester(act: Act, project: Project, decided: ReportsDecided) -> ReportsDecided:
    if project.requester != act.person.id:
        act.unit.outbox.tell(project.requester, decided)
    return decided


def tell_reporters(unit: UnitOfWork, project: Project, decided: ReportsDecided) -> None:
    for report in unit.reports.list_open(project.id):
        if report.reporter is not None:
            unit.outbox.tell(report.reporter, decided)


def _get_reported_project(unit: UnitOfWork, number: ProjectId) -> Project:
    reported_project = unit.projects.find(number)
    if (
        reported_project is None
        or PAUSE not in reported_project.paused
        or not unit.reports.list_open(reported_project.id)
    ):
        raise NotFound(what="report", name=str(number))
    return reported_project


MESSAGE_PREFIX = "report:"  # begins the name of the message that asks, before the assignment's number


def ask_for_report(act: Act, assignment: AssignmentId) -> Reply:
    """Ask what is wrong with a task, in one message however often the button is pressed."""
    unit, assignment_reported = act.unit, get_own_assignment(act.unit, act.person, assignment)
    project = unit.projects.get(assignment_reported.project)
    message = ReportWanted(
        assignment_reported.id, project.title, beginning_of(project, unit.tasks.get(assignment_reported.task))
    )
    return Reply(message, live=f"{MESSAGE_PREFIX}{assignment_reported.id}")


def report_task(act: Act, assignment: AssignmentId, kind: int) -> None:
    """Store a report, once per worker and project, and pause the project if its reports suffice. A worker who has the
    task in hand loses nothing and gets another one. Raise UnknownChoice for an unknown kind, TooManyReports at the
    daily limit."""
    unit, worker, assignment_reported = act.unit, act.person, get_own_assignment(act.unit, act.person, assignment)
    if kind >= len(KINDS):
        raise UnknownChoice()
    if not may_report(unit.reports.count_recent(worker.id)):
        raise TooManyReports(most=MAX_REPORTS_PER_DAY)
    unit.reports.add(assignment_reported.project, assignment_reported.task, worker.id, KINDS[kind])
    project = unit.projects.get(assignment_reported.project)
    paused = pause_if_reported(unit, project, act.house.admins)
    unit.live_messages.forget(worker.id, f"{MESSAGE_PREFIX}{assignment_reported.id}")
    unit.outbox.tell(worker.id, TaskReported(project.title, KINDS[kind], paused), edits=act.message)
    if assignment_reported.state is AssignmentState.ACTIVE:
        unit.people.clear_unanswered(worker.id)
        _give_task_back(unit, worker, assignment_reported)


def _give_task_back(unit: UnitOfWork, worker: Person, assignment: Assignment) -> None:
    """Return the reported task for other workers and send the next one; the reported task's message
    loses its buttons."""
    message, project = unit.outbox.find_message(assignment.id), unit.projects.get(assignment.project)
    submit.skip_and_continue(unit, worker, assignment, None)
    answer_messages.say_given_back(unit, worker, project, unit.tasks.get(assignment.task), message, reported=True)


def drop_report(act: Act) -> Reply:
    """Drop the question what is wrong; nothing is reported."""
    message_name = act.unit.live_messages.find_name(act.person.id, act.message or 0, MESSAGE_PREFIX)
    if message_name is not None:
        act.unit.live_messages.forget(act.person.id, message_name)
    return Reply(ReportDropped(), edits=act.message)
