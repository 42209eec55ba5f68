"""Stops by admins: ending a project or suspending a person, with a reason, a notice that can be appealed, and a line in
the audit log. Answers are paid, and a suspended person's money stays theirs."""

from dataclasses import replace
from typing import Any

from domain.fairness import reports as reported
from domain.fairness import review
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.reports import EndReasonWanted, ProjectEndedByAdmin, ReportsDecided
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, PauseDecided, parse_reason
from domain.fairness.stops import (
    ENDED_BY_ADMIN,
    RULING_TIME,
    SUSPENDED,
    AppealWordsWanted,
    PersonSuspended,
    ProjectForAdmin,
    RulingWanted,
    Stop,
    StopAppealed,
    StopId,
    StopRuled,
    StopState,
    StopToRule,
    SuspendReasonWanted,
    SuspensionMade,
    clean_appeal,
)
from domain.moments import later
from domain.money.amounts import Millionths
from domain.people.accounts import Person, PersonId
from domain.projects.lifecycle import ConfirmDelete, ConfirmStop
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import content_of
from domain.quality.gold_challenges import NotedBefore
from domain.refusals import BadInput, IsAdmin, NotFound
from services.act import Act, Reply
from services.fairness import cases, juries
from services.fairness import review as review_service
from services.fairness.reports import tell_reporters
from services.people import menus, settings
from services.projects import lifecycle, progress, projects
from services.work import answer_messages, places
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

APPEAL_JOURNEY, RULING_JOURNEY = "stop appeal", "stop ruling"  # journeys
MAX_APPEALS_PER_SWEEP = 25


def ask_for_appeal(act: Act, stop: StopId) -> AppealWordsWanted | NotedBefore | Reply:
    """Take the person's next message as the appeal against a stop. Return the outcome if the stop was lifted,
    NotedBefore if it can't be appealed (any more). Raise NotFound if the stop does not concern this person."""
    own_stop = _get_own_stop(act, stop)
    if own_stop.state is StopState.LIFTED:
        return Reply(_to_past_notice(act.unit, own_stop), edits=act.message)
    if not own_stop.may_be_appealed:
        return NotedBefore()
    act.unit.drafts.keep(act.person.id, APPEAL_JOURNEY, {"stop": own_stop.id}, act.unit.now)
    return AppealWordsWanted(get_project_title(act.unit, own_stop), own_stop.reason)


def appeal_stop(act: Act, draft: dict[str, Any], text: str) -> StopAppealed | StopRuled | NotedBefore | None:
    """Send the typed appeal to the other admins, or to the one who decided if there is no other. Return None if it is
    empty, the outcome if the stop was lifted meanwhile, NotedBefore if it was appealed before."""
    unit, own_stop, words = act.unit, _get_own_stop(act, StopId(draft["stop"])), clean_appeal(text)
    if not words:
        return None
    unit.drafts.drop(act.person.id)
    if own_stop.state is StopState.LIFTED:
        return _to_past_notice(unit, own_stop)
    due = later(unit.now, RULING_TIME)
    if not unit.stops.store_appeal(own_stop.id, words, due):
        return NotedBefore()
    deciding_admins = cases.get_deciders(unit, act.house.admins, _involved_in_appeal(own_stop))
    for admin in deciding_admins:
        appeal_card = to_appeal_card(unit, unit.stops.find(own_stop.id) or own_stop, admin)
        cases.send_case(unit, admin, cases.stop_appeal_case_name(own_stop.id), appeal_card)
    return StopAppealed(get_project_title(unit, own_stop), due, own_stop.made_by not in deciding_admins)


def to_appeal_card(unit: UnitOfWork, stop: Stop, reader: PersonId) -> StopToRule:
    return StopToRule(
        stop=stop.id,
        title=get_project_title(unit, stop),
        project=stop.project,
        who=unit.people.get(stop.person).label,
        reason=stop.reason,
        made_by=unit.people.get(stop.made_by).label,
        words=stop.words,
        due=stop.due_at or unit.now,
        alone=reader in _involved_in_appeal(stop),
    )


def show_appeal(act: Act, stop: StopId) -> Reply:
    """Return the appealed stop for an admin who opens it from /admin. Raise NotFound if it does not
    wait for a ruling."""
    return cases.reply_with_case(
        cases.stop_appeal_case_name(stop), to_appeal_card(act.unit, _get_appealed_stop(act, stop), act.person.id)
    )


def lift_stop(act: Act, stop: StopId) -> Reply:
    """Lift a stop, appealed or not, and tell the person. One admin suffices, but not the person concerned: that raises
    OwnMatter. Return the outcome if it was lifted before. Raise NotFound without such a stop."""
    unit, lifted_stop = act.unit, act.unit.stops.find(stop)
    if lifted_stop is None:
        raise NotFound(what="stop", name="")
    if lifted_stop.state is StopState.LIFTED:
        return cases.reply_with_outcome(act, describe_outcome(unit, lifted_stop))
    alone = cases.require_decider(act, lifted_stop.person)
    unit.stops.decide(lifted_stop.id, StopState.LIFTED, act.person.id)
    unit.audit.note(act.person.id, "lifted", _audit_subject(lifted_stop), stop=lifted_stop.id, alone=alone)
    _close_cases(unit, act.house.admins, lifted_stop, act)
    notice = replace(_undo_stop(unit, lifted_stop, "admin"), who=unit.people.get(lifted_stop.person).label)
    menus.send_menu(act, lifted_stop.person)
    return Reply(notice, edits=act.message)


def ask_for_ruling(act: Act, stop: StopId) -> RulingWanted | Reply:
    """Take the admin's next message as the reason to uphold a stop. Return the outcome if it is decided.
    Raise NotFound if it is not appealed, OwnMatter if another admin must decide."""
    earlier_stop = act.unit.stops.find(stop)
    if earlier_stop is not None and earlier_stop.state in (StopState.LIFTED, StopState.UPHELD):
        return cases.reply_with_outcome(act, describe_outcome(act.unit, earlier_stop))
    appealed_stop = _get_appealed_stop(act, stop)
    cases.require_decider(act, *_involved_in_appeal(appealed_stop))
    act.unit.drafts.keep(act.person.id, RULING_JOURNEY, {"stop": appealed_stop.id}, act.unit.now)
    return RulingWanted(get_project_title(act.unit, appealed_stop), act.unit.people.get(appealed_stop.person).label)


def uphold_stop(act: Act, draft: dict[str, Any], text: str) -> StopRuled | CaseClosed:
    """Uphold an appealed stop with the typed reason, and tell the person. Return the outcome if another admin was
    faster. Raise BadInput if the reason is too short or too long, NotFound if it is not appealed, OwnMatter if another
    admin must decide."""
    unit, earlier_stop, ruling = act.unit, act.unit.stops.find(StopId(draft["stop"])), parse_reason(text)
    if earlier_stop is not None and earlier_stop.state in (StopState.LIFTED, StopState.UPHELD):
        unit.drafts.drop(act.person.id)
        return describe_outcome(unit, earlier_stop)
    appealed_stop = _get_appealed_stop(act, StopId(draft["stop"]))
    alone = cases.require_decider(act, *_involved_in_appeal(appealed_stop))
    if ruling is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    unit.drafts.drop(act.person.id)
    unit.stops.decide(appealed_stop.id, StopState.UPHELD, act.person.id, ruling)
    unit.audit.note(
        act.person.id, "upheld", _audit_subject(appealed_stop), stop=appealed_stop.id, reason=ruling, alone=alone
    )
    _close_cases(unit, act.house.admins, appealed_stop)
    notice = StopRuled(
        appealed_stop.project or 0, get_project_title(unit, appealed_stop), False, ruling, "alone" if alone else "admin"
    )
    unit.outbox.tell(appealed_stop.person, notice)
    return replace(notice, who=unit.people.get(appealed_stop.person).label)


def grant_overdue_appeals(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Grant appeals that no admin answered in time: the stops are lifted."""
    for due_stop in unit.stops.overdue_appeals(MAX_APPEALS_PER_SWEEP):
        if unit.stops.decide(due_stop.id, StopState.LIFTED, None):
            unit.audit.note(None, "lifted", _audit_subject(due_stop), stop=due_stop.id)
            _close_cases(unit, admins, due_stop)
            _undo_stop(unit, due_stop, "silence")


def describe_outcome(unit: UnitOfWork, stop: Stop) -> CaseClosed:
    """Return the outcome of a stop's appeal as admins read it."""
    what = get_project_title(unit, stop) or unit.people.get(stop.person).label
    end = CaseEnd.LIFTED if stop.state is StopState.LIFTED else CaseEnd.STAYS
    return CaseClosed(what, end, unit.people.get(stop.ruled_by).label if stop.ruled_by else "")


def _close_cases(unit: UnitOfWork, admins: frozenset[int], stop: Stop, act: Act | None = None) -> None:
    """Close the admins' messages about a stop's appeal. The button that lifts a stop stays while the stop does."""
    current_stop = unit.stops.find(stop.id) or stop
    for case_name in (
        cases.stop_appeal_case_name,
        *([cases.stop_case_name] if current_stop.state is StopState.LIFTED else []),
    ):
        cases.close_case(unit, admins, case_name(stop.id), describe_outcome(unit, current_stop), act)


def get_project_title(unit: UnitOfWork, stop: Stop) -> str:
    """Return the title of the stopped project; "" for a person's suspension."""
    return "" if stop.project is None else unit.projects.get(stop.project).title


def _undo_stop(unit: UnitOfWork, stop: Stop, by: str) -> StopRuled:
    """Undo a lifted stop and tell the person: a project may be launched again, a person's projects go on."""
    if stop.project is not None:
        for reason in (ENDED_BY_ADMIN, "reports"):
            unit.projects.resume(stop.project, reason)
    else:
        _end_suspension(unit, stop.person)
    notice = StopRuled(stop.project or 0, get_project_title(unit, stop), True, "", by)
    unit.outbox.tell(stop.person, notice)
    if unit.live_messages.is_kept(stop.person, cases.stop_notice_name(stop.id)):  # its button goes
        unit.outbox.tell(stop.person, notice, live=cases.stop_notice_name(stop.id), lane=Lane.TIDY, klass="nudge")
    return notice


def _to_past_notice(unit: UnitOfWork, stop: Stop) -> StopRuled:
    """Return the notice that the person was sent when the stop was lifted."""
    return StopRuled(
        stop.project or 0, get_project_title(unit, stop), True, "", "admin" if stop.ruled_by else "silence"
    )


def _end_suspension(unit: UnitOfWork, person: PersonId) -> None:
    """End a suspension: resume the person's projects, wake their workers, and let the person get tasks again."""
    unit.stops.set_suspended(person, False)
    for project in unit.stops.suspended_projects(person):
        if unit.projects.resume(project, SUSPENDED) and unit.projects.get(project).state is ProjectState.RUNNING:
            lifecycle.wake_workers(unit, project)
    settings.update_push_window(unit, person)


def _get_own_stop(act: Act, number: StopId) -> Stop:
    """Return a stop that concerns this person or a team of theirs. Raise NotFound otherwise."""
    own_stop = act.unit.stops.find(number)
    if own_stop is None or act.person.id not in (own_stop.person, act.unit.teams.find_owner(own_stop.person)):
        raise NotFound(what="stop", name="")
    return own_stop


def _get_appealed_stop(act: Act, number: StopId) -> Stop:
    """Return a stop whose appeal waits for a ruling. Raise NotFound otherwise."""
    act.require("admin")
    appealed_stop = act.unit.stops.find(number)
    if appealed_stop is None or appealed_stop.state is not StopState.APPEALED:
        raise NotFound(what="stop", name="")
    return appealed_stop


def _involved_in_appeal(stop: Stop) -> tuple[PersonId, PersonId]:
    """Return the person whom a stop concerns and the admin who decided it."""
    return stop.person, stop.made_by


def _audit_subject(stop: Stop) -> str:
    return f"person:{stop.person}" if stop.project is None else f"project:{stop.project}"


END_JOURNEY, SUSPEND_JOURNEY = "end", "suspend"  # journeys


def ask_end_reason(act: Act, project: ProjectId) -> EndReasonWanted:
    """Take the admin's next message as the reason to end a project. Raise NotFound if it can't be ended, OwnMatter if
    another admin must decide."""
    endable_project = _get_endable_project(act, project)
    act.unit.drafts.keep(act.person.id, END_JOURNEY, {"project": endable_project.id}, act.unit.now)
    return EndReasonWanted(endable_project.id, endable_project.title)


def end_project(act: Act, draft: dict[str, Any], text: str) -> ReportsDecided:
    """End a project for the typed reason: answers are paid, nothing can be rejected, and it can't be launched again
    unless the stop is lifted. Requester and reporters are told. Raise BadInput if the reason is too short or too long,
    and as `ask_end_reason`."""
    unit, endable_project = act.unit, _get_endable_project(act, ProjectId(draft["project"]))
    reason = _take_reason(act, text)
    alone = cases.require_decider(act, *_get_involved(unit, endable_project))
    decision = ReportsDecided(endable_project.title, ended=True, reason=reason)
    tell_reporters(unit, endable_project, decision)
    unit.reports.close_all(endable_project.id, True, act.person.id)
    if unit.reviews.end_pause(endable_project.id, "stopped", act.person.id):
        unit.projects.resume(endable_project.id, review.PAUSE)
    unit.projects.pause(endable_project.id, ENDED_BY_ADMIN)
    requester = unit.people.get(endable_project.requester)
    returned = lifecycle.end_project(unit, requester, endable_project, ProjectState.STOPPED) or 0
    unit.audit.note(
        act.person.id, "ended", f"project:{endable_project.id}", why=endable_project.paused, reason=reason, alone=alone
    )
    outcome = CaseClosed(endable_project.title, CaseEnd.ENDED, act.person.label)
    for case_name in (cases.reports_case_name, cases.pause_case_name):
        cases.close_case(unit, act.house.admins, case_name(endable_project.id), outcome)
    stop = unit.stops.add(endable_project.id, endable_project.requester, reason, act.person.id)
    _tell_project_ended(unit, endable_project, stop, reason, Millionths(returned))
    return decision


def _tell_project_ended(
    unit: UnitOfWork, project: Project, stop: Stop | None, reason: str, returned: Millionths
) -> None:
    """Tell the requester that an admin ended the project; the notice can be appealed if there is a `stop`."""
    notice = ProjectEndedByAdmin(
        project=project.id,
        title=project.title,
        reason=reason,
        returned=returned,
        currency=project.currency,
        stop=stop.id if stop else 0,
    )
    unit.outbox.tell(project.requester, notice, live=cases.stop_notice_name(stop.id) if stop else None)


def decide_pause(act: Act, project: ProjectId, resume: bool) -> PauseDecided | EndReasonWanted | None:
    """Resume a project paused for its rejections, or ask for the reason to end it."""
    return review_service.resume_project(act, project) if resume else ask_end_reason(act, project)


def ask_suspension_reason(act: Act, person: PersonId) -> SuspendReasonWanted:
    """Take the admin's next message as the reason to suspend a person. Raise NotFound if the person can't be suspended,
    IsAdmin for an admin."""
    suspendable_person = _get_suspendable_person(act, person)
    act.unit.drafts.keep(act.person.id, SUSPEND_JOURNEY, {"person": suspendable_person.id}, act.unit.now)
    return SuspendReasonWanted(suspendable_person.label)


def suspend_person(act: Act, draft: dict[str, Any], text: str) -> Reply:
    """Suspend a person for the typed reason: no tasks and no projects until it is lifted; running projects rest, and
    their workers are paid. Raise BadInput if the reason is too short or too long."""
    unit, suspended_person = act.unit, _get_suspendable_person(act, PersonId(draft["person"]))
    reason = _take_reason(act, text)
    stop = unit.stops.add(None, suspended_person.id, reason, act.person.id)
    if stop is None:
        raise NotFound(what="stop", name="")
    resting_projects = enforce_suspension(unit, suspended_person, stop)
    menus.send_menu(act, suspended_person.id)
    unit.audit.note(act.person.id, "suspended", f"person:{suspended_person.id}", reason=reason)
    return cases.reply_with_case(
        cases.stop_case_name(stop.id), SuspensionMade(stop.id, suspended_person.label, reason, resting_projects), "made"
    )


def enforce_suspension(unit: UnitOfWork, person: Person, stop: Stop) -> int:
    """Put a suspension into force and tell the person: drafts are dropped, work in hand is released, running projects
    rest. Return the number of these projects."""
    unit.stops.set_suspended(person.id, True)
    unit.drafts.drop(person.id)
    _release_work(unit, person)
    projects = unit.stops.running_projects(person.id)
    for project in projects:
        unit.projects.pause(project, SUSPENDED)
    roles = {"worker": person.is_worker, "asks": person.requester}
    notice = PersonSuspended(stop.id, stop.reason, stop.may_be_appealed, projects=len(projects), **roles)
    unit.outbox.tell(person.id, notice, live=cases.stop_notice_name(stop.id))
    return len(projects)


def _release_work(unit: UnitOfWork, worker: Person) -> None:
    """Release what the worker has in hand, a task or a case to judge, for other workers."""
    juries.release_judge(unit, worker.id)
    assignment = unit.assignments.active_for(worker.id)
    if assignment is not None:
        places.return_assignment(unit, assignment)
        answer_messages.tell_gone(unit, assignment)


def _get_endable_project(act: Act, number: ProjectId) -> Project:
    """Return a project that an admin may end: it runs, or was reported and ended by its requester since.
    Raise NotFound otherwise, OwnMatter if another admin must decide."""
    act.require("admin")
    endable_project = act.unit.projects.find(number)
    was_reported = (
        endable_project is not None
        and reported.PAUSE in endable_project.paused
        and act.unit.reports.list_open(endable_project.id)
    )
    if endable_project is None or not (endable_project.state is ProjectState.RUNNING or was_reported):
        raise NotFound(what="to end", name=str(number))
    cases.require_decider(act, *_get_involved(act.unit, endable_project))
    return endable_project


def _get_involved(unit: UnitOfWork, project: Project) -> tuple[PersonId | None, ...]:
    return project.requester, *(report.reporter for report in unit.reports.list_open(project.id))


def _get_suspendable_person(act: Act, number: PersonId) -> Person:
    """Return a person who can be suspended. Raise NotFound if suspended, erased or unknown, IsAdmin for an admin."""
    act.require("admin")
    suspendable_person = act.unit.people.find(number)
    if suspendable_person is None or suspendable_person.suspended or suspendable_person.telegram_id is None:
        raise NotFound(what="stop", name="")
    if suspendable_person.telegram_id in act.house.admins:
        raise IsAdmin()
    return suspendable_person


def _take_reason(act: Act, text: str) -> str:
    """Return the typed reason and drop its draft. Raise BadInput if the reason is too short or too long."""
    reason = parse_reason(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    act.unit.drafts.drop(act.person.id)
    return reason


MAX_SAMPLE_TASKS = 3


def show_project(act: Act, number: ProjectId) -> Reply | ProjectForAdmin:
    """Return one's own project with its progress, or another's project as an admin sees it."""
    others_project = _find_others_project(act, number)
    return (
        progress.show_progress_anew(act, number) if others_project is None else _to_admin_card(act.unit, others_project)
    )


def ask_to_stop(act: Act, number: ProjectId) -> ConfirmStop | ConfirmDelete | EndReasonWanted:
    """Ask for confirmation before stopping one's own project, or for an admin's reason to end another's."""
    return (
        lifecycle.ask_to_stop(act, number) if _find_others_project(act, number) is None else ask_end_reason(act, number)
    )


def _find_others_project(act: Act, number: ProjectId) -> Project | None:
    """Return another person's project for an admin; None for one's own project or if the person is no admin."""
    if "admin" not in act.roles or projects.owned(act.unit, act.person, number) is not None:
        return None
    return act.unit.projects.find(number)


def _to_admin_card(unit: UnitOfWork, shown_project: Project) -> ProjectForAdmin:
    counts = unit.progress_counts.progress(shown_project.id)
    return ProjectForAdmin(
        project=shown_project.id,
        title=shown_project.title,
        who=unit.people.get(shown_project.requester).label,
        person=shown_project.requester,
        state=shown_project.state.value,
        rests=shown_project.paused,
        instructions=shown_project.instructions,
        samples=tuple(
            content_of(shown_project, task).text[:300] for task in unit.tasks.sample(shown_project.id, MAX_SAMPLE_TASKS)
        ),
        tasks=counts.tasks,
        closed=counts.closed,
        submissions=counts.submissions,
        workers=counts.workers,
        pay=shown_project.pay,
        held=counts.held,
        currency=shown_project.currency,
        ends=shown_project.state is ProjectState.RUNNING,
    )
