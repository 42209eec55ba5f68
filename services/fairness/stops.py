"""An admin ends a project or suspends a person: with a reason, a notice that can be appealed, and a line in the audit
log. What was answered is paid, and a suspended person's money stays theirs."""

from dataclasses import replace
from typing import Any

from domain.fairness import reports as reported
from domain.fairness import review
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.reports import EndReasonWanted, ProjectEndedByAdmin, ReportsDecided
from domain.fairness.review import (
    LONGEST,
    SHORTEST,
    PauseDecided,
    reason_of,
)
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
    words_of,
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
from services.projects.lifecycle import end
from services.work import answer_messages, places
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

APPEAL, RULING = "stop appeal", "stop ruling"  # journeys
AT_ONCE = 25


def ask(act: Act, stop: StopId) -> AppealWordsWanted | NotedBefore | Reply:
    """The next words are the appeal. A press that comes too late is told how it ended."""
    known = _mine(act, stop)
    if known.state is StopState.LIFTED:
        return Reply(_as_told(act.unit, known), edits=act.message)
    if not known.may_be_appealed:
        return NotedBefore()
    act.unit.drafts.keep(act.person.id, APPEAL, {"stop": known.id}, act.unit.now)
    return AppealWordsWanted(title_of(act.unit, known), known.reason)


def typed(act: Act, draft: dict[str, Any], text: str) -> StopAppealed | StopRuled | NotedBefore | None:
    """The appeal goes to the other admins; to the same one where there is no other, and both know it."""
    unit, known, words = act.unit, _mine(act, StopId(draft["stop"])), words_of(text)
    if not words:
        return None
    unit.drafts.drop(act.person.id)
    if known.state is StopState.LIFTED:
        return _as_told(unit, known)
    due = later(unit.now, RULING_TIME)
    if not unit.stops.appeal(known.id, words, due):
        return NotedBefore()
    deciders = cases.get_deciders(unit, act.house.admins, _involved_in_appeal(known))
    for admin in deciders:
        asked = card(unit, unit.stops.find(known.id) or known, admin)
        cases.send_case(unit, admin, cases.stop_appeal_case_name(known.id), asked)
    return StopAppealed(title_of(unit, known), due, known.made_by not in deciders)


def card(unit: UnitOfWork, stop: Stop, reader: PersonId) -> StopToRule:
    return StopToRule(
        stop=stop.id,
        title=title_of(unit, stop),
        project=stop.project,
        who=unit.people.get(stop.person).label,
        reason=stop.reason,
        made_by=unit.people.get(stop.made_by).label,
        words=stop.words,
        due=stop.due_at or unit.now,
        alone=reader in _involved_in_appeal(stop),
    )


def show(act: Act, stop: StopId) -> Reply:
    """`/admin` leads here."""
    return cases.reply_with_case(cases.stop_appeal_case_name(stop), card(act.unit, _appealed(act, stop), act.person.id))


def lift(act: Act, stop: StopId) -> Reply:
    """It ends, appealed or not. What is good for whom it concerns needs no other admin, but nobody lifts their own."""
    unit, known = act.unit, act.unit.stops.find(stop)
    if known is None:
        raise NotFound(what="stop", name="")
    if known.state is StopState.LIFTED:
        return cases.reply_with_outcome(act, closed(unit, known))
    alone = cases.require_decider(act, known.person)
    unit.stops.rule(known.id, StopState.LIFTED, act.person.id)
    unit.audit.note(act.person.id, "lifted", _subject(known), stop=known.id, alone=alone)
    _close(unit, act.house.admins, known, act)
    told = replace(_lifted(unit, known, "admin"), who=unit.people.get(known.person).label)
    menus.show(act, known.person)
    return Reply(told, edits=act.message)


def ask_ruling(act: Act, stop: StopId) -> RulingWanted | Reply:
    """It stays: the next words are why."""
    decided = act.unit.stops.find(stop)
    if decided is not None and decided.state in (StopState.LIFTED, StopState.UPHELD):
        return cases.reply_with_outcome(act, closed(act.unit, decided))
    known = _appealed(act, stop)
    cases.require_decider(act, *_involved_in_appeal(known))
    act.unit.drafts.keep(act.person.id, RULING, {"stop": known.id}, act.unit.now)
    return RulingWanted(title_of(act.unit, known), act.unit.people.get(known.person).label)


def uphold(act: Act, draft: dict[str, Any], text: str) -> StopRuled | CaseClosed:
    """The appeal is answered, with a reason; the reason comes too late where another admin was faster."""
    unit, decided, ruling = act.unit, act.unit.stops.find(StopId(draft["stop"])), reason_of(text)
    if decided is not None and decided.state in (StopState.LIFTED, StopState.UPHELD):
        unit.drafts.drop(act.person.id)
        return closed(unit, decided)
    known = _appealed(act, StopId(draft["stop"]))
    alone = cases.require_decider(act, *_involved_in_appeal(known))
    if ruling is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    unit.drafts.drop(act.person.id)
    unit.stops.rule(known.id, StopState.UPHELD, act.person.id, ruling)
    unit.audit.note(act.person.id, "upheld", _subject(known), stop=known.id, reason=ruling, alone=alone)
    _close(unit, act.house.admins, known)
    told = StopRuled(known.project or 0, title_of(unit, known), False, ruling, "alone" if alone else "admin")
    unit.outbox.tell(known.person, told)
    return replace(told, who=unit.people.get(known.person).label)


def end_due(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Appeals that nobody answered in time are granted."""
    for known in unit.stops.due(AT_ONCE):
        if unit.stops.rule(known.id, StopState.LIFTED, None):
            unit.audit.note(None, "lifted", _subject(known), stop=known.id)
            _close(unit, admins, known)
            _lifted(unit, known, "silence")


def closed(unit: UnitOfWork, stop: Stop) -> CaseClosed:
    """What stands where admins could decide about it."""
    what = title_of(unit, stop) or unit.people.get(stop.person).label
    end = CaseEnd.LIFTED if stop.state is StopState.LIFTED else CaseEnd.STAYS
    return CaseClosed(what, end, unit.people.get(stop.ruled_by).label if stop.ruled_by else "")


def _close(unit: UnitOfWork, admins: frozenset[int], stop: Stop, act: Act | None = None) -> None:
    """A stop that stays can still be lifted by whoever made it: that button stays, too."""
    now = unit.stops.find(stop.id) or stop
    for case in (cases.stop_appeal_case_name, *([cases.stop_case_name] if now.state is StopState.LIFTED else [])):
        cases.close_case(unit, admins, case(stop.id), closed(unit, now), act)


def title_of(unit: UnitOfWork, stop: Stop) -> str:
    """Empty for a person's."""
    return "" if stop.project is None else unit.projects.get(stop.project).title


def _lifted(unit: UnitOfWork, stop: Stop, by: str) -> StopRuled:
    """A project may be launched again by its requester; a person's projects go on."""
    if stop.project is not None:
        for reason in (ENDED_BY_ADMIN, "reports"):
            unit.projects.resume(stop.project, reason)
    else:
        _reinstate(unit, stop.person)
    told = StopRuled(stop.project or 0, title_of(unit, stop), True, "", by)
    unit.outbox.tell(stop.person, told)
    if unit.live_messages.is_kept(stop.person, cases.stop_notice_name(stop.id)):  # its button goes
        unit.outbox.tell(stop.person, told, live=cases.stop_notice_name(stop.id), lane=Lane.TIDY, klass="nudge")
    return told


def _as_told(unit: UnitOfWork, stop: Stop) -> StopRuled:
    """What whoever it concerned was told when it was lifted."""
    return StopRuled(stop.project or 0, title_of(unit, stop), True, "", "admin" if stop.ruled_by else "silence")


def _reinstate(unit: UnitOfWork, person: PersonId) -> None:
    unit.stops.suspend(person, False)
    for project in unit.stops.resting(person):
        if unit.projects.resume(project, SUSPENDED) and unit.projects.get(project).state is ProjectState.RUNNING:
            lifecycle.wake_workers(unit, project)
    settings.wait(unit, person)


def _mine(act: Act, number: StopId) -> Stop:
    known = act.unit.stops.find(number)
    if known is None or act.person.id not in (known.person, act.unit.teams.owner(known.person)):
        raise NotFound(what="stop", name="")
    return known


def _appealed(act: Act, number: StopId) -> Stop:
    act.require("admin")
    known = act.unit.stops.find(number)
    if known is None or known.state is not StopState.APPEALED:
        raise NotFound(what="stop", name="")
    return known


def _involved_in_appeal(stop: Stop) -> tuple[PersonId, PersonId]:
    """Whom it concerns, and who decided."""
    return stop.person, stop.made_by


def _subject(stop: Stop) -> str:
    return f"person:{stop.person}" if stop.project is None else f"project:{stop.project}"


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
    alone = cases.require_decider(act, *_involved(unit, known))
    decided = ReportsDecided(known.title, ended=True, reason=reason)
    tell_reporters(unit, known, decided)
    unit.reports.end(known.id, True, act.person.id)
    if unit.reviews.end_pause(known.id, "stopped", act.person.id):
        unit.projects.resume(known.id, review.PAUSE)
    unit.projects.pause(known.id, ENDED_BY_ADMIN)
    returned = end(unit, unit.people.get(known.requester), known, ProjectState.STOPPED) or 0
    unit.audit.note(act.person.id, "ended", f"project:{known.id}", why=known.paused, reason=reason, alone=alone)
    closed = CaseClosed(known.title, CaseEnd.ENDED, act.person.label)
    for case in (cases.reports_case_name, cases.pause_case_name):
        cases.close_case(unit, act.house.admins, case(known.id), closed)
    stop = unit.stops.add(known.id, known.requester, reason, act.person.id)
    number, back = (stop.id if stop else 0), Millionths(returned)
    told = ProjectEndedByAdmin(known.id, known.title, reason, back, known.currency, number)
    unit.outbox.tell(known.requester, told, live=cases.stop_notice_name(number) if number else None)
    return decided


def decide_pause(act: Act, project: ProjectId, resume: bool) -> PauseDecided | EndReasonWanted | None:
    """Of a project that rests for its rejections."""
    return review_service.resume_project(act, project) if resume else ask_end(act, project)


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
    return cases.reply_with_case(
        cases.stop_case_name(stop.id), SuspensionMade(stop.id, known.label, reason, projects), "made"
    )


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
    unit.outbox.tell(person.id, told, live=cases.stop_notice_name(stop.id))
    return len(projects)


def _take_task(unit: UnitOfWork, worker: Person) -> None:
    """What is in hand, a task or a case to judge, goes to somebody else."""
    juries.release_judge(unit, worker.id)
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
    cases.require_decider(act, *_involved(act.unit, known))
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


SAMPLES = 3


def project(act: Act, number: ProjectId) -> Reply | ProjectForAdmin:
    """One's own with its progress; an admin sees every other one, too, and can end it."""
    known = _of_another(act, number)
    return progress.progress(act, number) if known is None else _card(act.unit, known)


def ask_to_stop(act: Act, number: ProjectId) -> ConfirmStop | ConfirmDelete | EndReasonWanted:
    """One's own is confirmed; an admin gives a reason for another's."""
    return lifecycle.ask_to_stop(act, number) if _of_another(act, number) is None else ask_end(act, number)


def _of_another(act: Act, number: ProjectId) -> Project | None:
    if "admin" not in act.roles or projects.owned(act.unit, act.person, number) is not None:
        return None
    return act.unit.projects.find(number)


def _card(unit: UnitOfWork, known: Project) -> ProjectForAdmin:
    counted = unit.progress_counts.progress(known.id)
    return ProjectForAdmin(
        project=known.id,
        title=known.title,
        who=unit.people.get(known.requester).label,
        person=known.requester,
        state=known.state.value,
        rests=known.paused,
        instructions=known.instructions,
        samples=tuple(content_of(known, task).text[:300] for task in unit.tasks.sample(known.id, SAMPLES)),
        tasks=counted.tasks,
        closed=counted.closed,
        submissions=counted.submissions,
        workers=counted.workers,
        pay=known.pay,
        held=counted.held,
        currency=known.currency,
        ends=known.state is ProjectState.RUNNING,
    )
