"""Appeals against stops: another admin than the one who decided answers, where there is one. Silence grants them."""

from dataclasses import replace
from typing import Any

from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.fairness.messages.stops import AppealWordsWanted, RulingWanted, StopAppealed, StopRuled, StopToRule
from domain.fairness.review import LONGEST, SHORTEST, reason_of
from domain.fairness.stops import ENDED_BY_ADMIN, RULING_TIME, SUSPENDED, Stop, StopId, StopState, words_of
from domain.moments import later
from domain.people.people import PersonId
from domain.projects.projects import ProjectState
from domain.quality.messages.contests import NotedBefore
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.fairness.oversight import cases, impartial
from services.people import menus, push_schedule
from services.projects import bulk_updates
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
    deciders = impartial.deciders(unit, act.house.admins, _involved(known))
    for admin in deciders:
        asked = card(unit, unit.stops.find(known.id) or known, admin)
        cases.show(unit, admin, cases.appeal(known.id), asked)
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
        alone=reader in _involved(stop),
    )


def show(act: Act, stop: StopId) -> Reply:
    """`/admin` leads here."""
    return cases.shown(cases.appeal(stop), card(act.unit, _appealed(act, stop), act.person.id))


def lift(act: Act, stop: StopId) -> Reply:
    """It ends, appealed or not. What is good for whom it concerns needs no other admin, but nobody lifts their own."""
    unit, known = act.unit, act.unit.stops.find(stop)
    if known is None:
        raise NotFound(what="stop", name="")
    if known.state is StopState.LIFTED:
        return cases.closed_already(act, closed(unit, known))
    alone = impartial.check(act, known.person)
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
        return cases.closed_already(act, closed(act.unit, decided))
    known = _appealed(act, stop)
    impartial.check(act, *_involved(known))
    act.unit.drafts.keep(act.person.id, RULING, {"stop": known.id}, act.unit.now)
    return RulingWanted(title_of(act.unit, known), act.unit.people.get(known.person).label)


def uphold(act: Act, draft: dict[str, Any], text: str) -> StopRuled | CaseClosed:
    """The appeal is answered, with a reason; the reason comes too late where another admin was faster."""
    unit, decided, ruling = act.unit, act.unit.stops.find(StopId(draft["stop"])), reason_of(text)
    if decided is not None and decided.state in (StopState.LIFTED, StopState.UPHELD):
        unit.drafts.drop(act.person.id)
        return closed(unit, decided)
    known = _appealed(act, StopId(draft["stop"]))
    alone = impartial.check(act, *_involved(known))
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
    for case in (cases.appeal, *([cases.stop] if now.state is StopState.LIFTED else [])):
        cases.close(unit, admins, case(stop.id), closed(unit, now), act)


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
    if unit.live_messages.is_kept(stop.person, cases.notice(stop.id)):  # its button goes
        unit.outbox.tell(stop.person, told, live=cases.notice(stop.id), lane=Lane.TIDY, klass="nudge")
    return told


def _as_told(unit: UnitOfWork, stop: Stop) -> StopRuled:
    """What whoever it concerned was told when it was lifted."""
    return StopRuled(stop.project or 0, title_of(unit, stop), True, "", "admin" if stop.ruled_by else "silence")


def _reinstate(unit: UnitOfWork, person: PersonId) -> None:
    unit.stops.suspend(person, False)
    for project in unit.stops.resting(person):
        if unit.projects.resume(project, SUSPENDED) and unit.projects.get(project).state is ProjectState.RUNNING:
            bulk_updates.wake_workers(unit, project)
    push_schedule.wait(unit, person)


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


def _involved(stop: Stop) -> tuple[PersonId, PersonId]:
    """Whom it concerns, and who decided."""
    return stop.person, stop.made_by


def _subject(stop: Stop) -> str:
    return f"person:{stop.person}" if stop.project is None else f"project:{stop.project}"
