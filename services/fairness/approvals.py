"""Admins' decisions on requesters' first projects: start one, or refuse it with a reason. A decision holds only for the
version that the admin saw."""

from typing import Any

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.first_look import FirstLook, LookApproved, LookDecided, LookReasonWanted, LookRefused, LookState
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, parse_reason
from domain.messages import Message
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import BadInput, CapReached, DearerByNow, KeyLimit, NotFound, NotInTeam, Refusal
from services.act import Act, Reply
from services.fairness import cases, first_look
from services.people import team_spending
from services.projects import launches
from services.projects.preflight import price_of
from services.projects.progress import live_name, progress_of
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork

JOURNEY = "first look"


def show_first_look(act: Act, project: ProjectId) -> tuple[Message | Reply, ...]:
    """Return the whole project as it is now, for the admin who opens its first look from /admin."""
    draft_project, look = _get_waiting_look(act, project)
    return _to_look_messages(act, draft_project, _refresh_look(act, draft_project, look))


def approve_project(act: Act, project: ProjectId, version: int) -> Reply | tuple[Message | Reply, ...]:
    """Approve a first project and start it at once. A project that changed since the admin saw it is shown again
    instead; one that was decided before returns that decision. Raise NotFound if it does not wait, OwnMatter if another
    admin must decide."""
    unit = act.unit
    if (earlier_decision := _find_earlier_decision(act, project)) is not None:
        return earlier_decision
    draft_project, look = _get_waiting_look(act, project)
    current_look = _refresh_look(act, draft_project, look)
    if current_look.version != version:
        return _to_look_messages(act, draft_project, current_look)
    alone = cases.require_decider(act, draft_project.requester, look.ended_by)
    unit.first_looks.end(draft_project.id, LookState.APPROVED, act.person.id)
    _close_look_cases(act, draft_project, CaseEnd.STARTED, act)
    started = _start_project(act, unit.people.get(draft_project.requester), draft_project, current_look)
    unit.audit.note(
        act.person.id, "approved", f"project:{draft_project.id}", version=version, started=started, alone=alone
    )
    return Reply(LookDecided(draft_project.id, draft_project.title, True, started), edits=act.message)


def ask_refusal_reason(
    act: Act, project: ProjectId, version: int
) -> LookReasonWanted | Reply | tuple[Message | Reply, ...]:
    """Take the admin's next message as the reason for refusing a first project. A project that changed since the admin
    saw it is shown again instead; one that was decided before returns that decision."""
    if (earlier_decision := _find_earlier_decision(act, project)) is not None:
        return earlier_decision
    draft_project, look = _get_waiting_look(act, project)
    current_look = _refresh_look(act, draft_project, look)
    if current_look.version != version:
        return _to_look_messages(act, draft_project, current_look)
    cases.require_decider(act, draft_project.requester, look.ended_by)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": draft_project.id, "version": version}, act.unit.now)
    return LookReasonWanted(draft_project.id, draft_project.title)


def refuse_project(act: Act, draft: dict[str, Any], text: str) -> LookDecided | tuple[Message | Reply, ...]:
    """Refuse a first project with the typed reason and tell its requester, who may change it and ask again. It stays a
    draft. A project that changed meanwhile is shown again instead. Raise BadInput if the reason is too short or too
    long."""
    unit, reason = act.unit, parse_reason(text)
    draft_project, look = _get_waiting_look(act, ProjectId(draft["project"]))
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    unit.drafts.drop(act.person.id)
    if _refresh_look(act, draft_project, look).version != draft["version"]:
        return show_first_look(act, draft_project.id)
    alone = cases.require_decider(act, draft_project.requester, look.ended_by)
    unit.first_looks.end(draft_project.id, LookState.REFUSED, act.person.id, reason)
    unit.audit.note(act.person.id, "refused", f"project:{draft_project.id}", reason=reason, alone=alone)
    _close_look_cases(act, draft_project, CaseEnd.REFUSED)
    another = cases.get_deciders(unit, act.house.admins, (act.person.id,)) != [act.person.id]
    unit.outbox.tell(draft_project.requester, LookRefused(draft_project.id, draft_project.title, reason, another))
    return LookDecided(draft_project.id, draft_project.title, False, reason=reason)


def _close_look_cases(act: Act, project: Project, end: CaseEnd, pressed: Act | None = None) -> None:
    outcome = CaseClosed(project.title, end, act.person.label)
    cases.close_case(act.unit, act.house.admins, cases.first_look_case_name(project.id), outcome, pressed)


def _find_earlier_decision(act: Act, number: ProjectId) -> Reply | None:
    """Return the earlier decision about a first project, in place of the pressed message; None if it still waits."""
    act.require("admin")
    project, look = act.unit.projects.find(number), act.unit.first_looks.find(number)
    if project is None or look is None or look.state is LookState.WAITING or look.ended_by is None:
        return None
    end = CaseEnd.STARTED if look.state is LookState.APPROVED else CaseEnd.REFUSED
    return cases.reply_with_outcome(act, CaseClosed(project.title, end, act.unit.people.get(look.ended_by).label))


def _get_waiting_look(act: Act, number: ProjectId) -> tuple[Project, FirstLook]:
    """Return a draft that waits for its first look, with the look. Raise NotFound if it is decided or gone."""
    act.require("admin")
    project, look = act.unit.projects.find(number), act.unit.first_looks.find(number)
    if (
        project is None
        or project.state is not ProjectState.DRAFT
        or look is None
        or look.state is not LookState.WAITING
    ):
        raise NotFound(what="look", name=str(number))
    return project, look


def _refresh_look(act: Act, project: Project, look: FirstLook) -> FirstLook:
    """Return the look at the project as it is now; a project that changed gets a new version and look."""
    fingerprint = first_look.fingerprint(act.unit, project)
    if fingerprint == look.seen:
        return look
    act.unit.first_looks.request_look(project.id, fingerprint)
    return act.unit.first_looks.find(project.id) or look


def _to_look_messages(act: Act, project: Project, look: FirstLook) -> tuple[Message | Reply, ...]:
    price, pilot = price_of(act.unit, project, act.house.terms), act.unit.pilots.find_last(project.id) is not None
    *details, decide = first_look.to_look_messages(act.unit, project, look, price, pilot)
    return *details, cases.reply_with_case(cases.first_look_case_name(project.id), decide, f"{look.version}:shown")


def _start_project(act: Act, requester: Person, project: Project, look: FirstLook) -> bool:
    """Start an approved project, or its pilot if that was asked for, and tell its requester. Return False if something
    prevents it by now; the requester, or the team member who pays, is told what."""
    unit = act.unit
    unit.projects.lock(project.id)
    payer = None
    try:
        payer = team_spending.get_payer(unit, project) if requester.is_team else None
        launch = launches.require_ready(act, requester, project, unit.pilots.find_last(project.id) or EVERY)
        if payer is not None:
            team_spending.require_within_cap(unit, requester.id, payer, launch.held_amount, project.currency)
        _require_agreed_price(unit, project, look, launch.held_amount)
    except Refusal as refusal:
        first_look.release_key_budget(unit, project, look)
        unit.outbox.tell(requester.id, LookApproved(project.id, project.title, started=False))
        if not isinstance(refusal, NotInTeam):  # who asked is gone: whoever may spend has the button
            unit.outbox.tell(payer if payer and isinstance(refusal, CapReached) else requester.id, refusal)
        return False
    unit.outbox.tell(requester.id, LookApproved(project.id, project.title, started=True))
    spending_before = team_spending.read_balances(unit, requester.id)
    unit.outbox.tell(requester.id, launches.start_project(unit, requester, project, launch))
    if payer is not None:
        team_spending.charge_member(unit, requester.id, payer, spending_before)
    unit.live_messages.forget(requester.id, live_name(project.id))
    unit.outbox.tell(requester.id, progress_of(unit, project.id), live=live_name(project.id))
    return True


def _require_agreed_price(unit: UnitOfWork, project: Project, look: FirstLook, held: int) -> None:
    """Require that the project costs no more than its requester agreed to, and charge the difference to an API key.
    Raise DearerByNow if a person agreed to less, KeyLimit if the key may not spend that much."""
    if look.price is None:
        return
    if look.api_key is None:
        if held > look.price:
            raise DearerByNow(needed=held, asked=look.price, currency=project.currency)
    elif not unit.api_keys.spend_budget(project.requester, look.api_key, held - look.price):
        key = next(
            (api_key for api_key in unit.api_keys.list_keys(project.requester) if api_key.number == look.api_key), None
        )
        left_budget = (key.budget or 0) - key.spent + look.price if key else 0
        raise KeyLimit(hint=key.hint if key else "", needed=held, left=left_budget, currency=project.currency)
