"""An admin lets a requester's first project start, or refuses it with a reason. Either is about what the admin saw."""

from typing import Any

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.first_look import (
    FirstLook,
    LookApproved,
    LookDecided,
    LookReasonWanted,
    LookRefused,
    LookState,
)
from domain.fairness.review import LONGEST, SHORTEST, reason_of
from domain.messages import Message
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import (
    BadInput,
    CapReached,
    DearerByNow,
    KeyLimit,
    NotFound,
    NotInTeam,
    Refusal,
)
from services.act import Act, Reply
from services.fairness import cases, first_look
from services.people import team_spending
from services.projects import launches
from services.projects.preflight import price_of
from services.projects.progress import live_name, progress_of
from storage.unit import UnitOfWork

JOURNEY = "first look"


def show(act: Act, project: ProjectId) -> tuple[Message | Reply, ...]:
    """`/admin` leads here: the whole project, as it is now."""
    known, look = _waiting(act, project)
    return _card(act, known, _current(act, known, look))


def approve(act: Act, project: ProjectId, version: int) -> Reply | tuple[Message | Reply, ...]:
    """It starts at once, as its requester asked; a project that has changed since is shown again instead."""
    unit = act.unit
    if (decided := _decided(act, project)) is not None:
        return decided
    known, look = _waiting(act, project)
    now = _current(act, known, look)
    if now.version != version:
        return _card(act, known, now)
    alone = cases.check(act, known.requester, look.ended_by)
    unit.first_looks.end(known.id, LookState.APPROVED, act.person.id)
    _close(act, known, CaseEnd.STARTED, act)
    started = _start(act, unit.people.get(known.requester), known, now)
    unit.audit.note(act.person.id, "approved", f"project:{known.id}", version=version, started=started, alone=alone)
    return Reply(LookDecided(known.id, known.title, True, started), edits=act.message)


def ask_reason(act: Act, project: ProjectId, version: int) -> LookReasonWanted | Reply | tuple[Message | Reply, ...]:
    """The next words are why it must not start."""
    if (decided := _decided(act, project)) is not None:
        return decided
    known, look = _waiting(act, project)
    now = _current(act, known, look)
    if now.version != version:
        return _card(act, known, now)
    cases.check(act, known.requester, look.ended_by)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": known.id, "version": version}, act.unit.now)
    return LookReasonWanted(known.id, known.title)


def typed(act: Act, draft: dict[str, Any], text: str) -> LookDecided | tuple[Message | Reply, ...]:
    """It stays a draft. Its requester may change it and ask again: another admin looks then, where there is one."""
    unit, reason = act.unit, reason_of(text)
    known, look = _waiting(act, ProjectId(draft["project"]))
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    unit.drafts.drop(act.person.id)
    if _current(act, known, look).version != draft["version"]:
        return show(act, known.id)
    alone = cases.check(act, known.requester, look.ended_by)
    unit.first_looks.end(known.id, LookState.REFUSED, act.person.id, reason)
    unit.audit.note(act.person.id, "refused", f"project:{known.id}", reason=reason, alone=alone)
    _close(act, known, CaseEnd.REFUSED)
    another = cases.deciders(unit, act.house.admins, (act.person.id,)) != [act.person.id]
    unit.outbox.tell(known.requester, LookRefused(known.id, known.title, reason, another))
    return LookDecided(known.id, known.title, False, reason=reason)


def _close(act: Act, project: Project, end: CaseEnd, pressed: Act | None = None) -> None:
    closed = CaseClosed(project.title, end, act.person.label)
    cases.close(act.unit, act.house.admins, cases.look(project.id), closed, pressed)


def _decided(act: Act, number: ProjectId) -> Reply | None:
    """An outdated press: what was decided, and by whom."""
    act.require("admin")
    known, look = act.unit.projects.find(number), act.unit.first_looks.find(number)
    if known is None or look is None or look.state is LookState.WAITING or look.ended_by is None:
        return None
    end = CaseEnd.STARTED if look.state is LookState.APPROVED else CaseEnd.REFUSED
    return cases.closed_already(act, CaseClosed(known.title, end, act.unit.people.get(look.ended_by).label))


def _waiting(act: Act, number: ProjectId) -> tuple[Project, FirstLook]:
    """A draft that waits; NotFound where somebody decided, or it is gone."""
    act.require("admin")
    known, look = act.unit.projects.find(number), act.unit.first_looks.find(number)
    if known is None or known.state is not ProjectState.DRAFT or look is None or look.state is not LookState.WAITING:
        raise NotFound(what="look", name=str(number))
    return known, look


def _current(act: Act, project: Project, look: FirstLook) -> FirstLook:
    """The look at the project as it is now; one that has changed gets a new version."""
    seen = first_look.fingerprint(act.unit, project)
    if seen == look.seen:
        return look
    act.unit.first_looks.ask(project.id, seen)
    return act.unit.first_looks.find(project.id) or look


def _card(act: Act, project: Project, look: FirstLook) -> tuple[Message | Reply, ...]:
    *before, decide = first_look.card(act.unit, project, look, price_of(act.unit, project, act.house.terms))
    return *before, cases.shown(cases.look(project.id), decide, f"{look.version}:shown")


def _start(act: Act, requester: Person, project: Project, look: FirstLook) -> bool:
    """Whether it runs; its requester is told, and what stands against it where something does by now."""
    unit = act.unit
    unit.projects.lock(project.id)
    payer = None
    try:
        payer = team_spending.payer(unit, project) if requester.is_team else None
        found = launches.require_ready(act, requester, project)
        if payer is not None:
            team_spending.check(unit, requester.id, payer, found.held, project.currency)
        _count(unit, project, look, found.held)
    except Refusal as refusal:
        first_look.let_go(unit, project, look)
        unit.outbox.tell(requester.id, LookApproved(project.id, project.title, started=False))
        if not isinstance(refusal, NotInTeam):  # who asked is gone: whoever may spend has the button
            unit.outbox.tell(payer if payer and isinstance(refusal, CapReached) else requester.id, refusal)
        return False
    unit.outbox.tell(requester.id, LookApproved(project.id, project.title, started=True))
    before = team_spending.state_of(unit, requester.id)
    unit.outbox.tell(requester.id, launches.start(unit, requester, project, found))
    if payer is not None:
        team_spending.charge(unit, requester.id, payer, before)
    unit.live_messages.forget(requester.id, live_name(project.id))
    unit.outbox.tell(requester.id, progress_of(unit, project.id), live=live_name(project.id))
    return True


def _count(unit: UnitOfWork, project: Project, look: FirstLook, held: int) -> None:
    """Whether who asked agreed to what it costs by now: a person to no more than it cost then, a program to what its
    key may spend. Raises DearerByNow and KeyLimit: the launch is left to the project's owner."""
    if look.price is None:
        return
    if look.api_key is None:
        if held > look.price:
            raise DearerByNow(needed=held, asked=look.price, currency=project.currency)
    elif not unit.api_keys.spend(project.requester, look.api_key, held - look.price):
        key = next((each for each in unit.api_keys.of(project.requester) if each.number == look.api_key), None)
        left = (key.budget or 0) - key.spent + look.price if key else 0
        raise KeyLimit(hint=key.hint if key else "", needed=held, left=left, currency=project.currency)
