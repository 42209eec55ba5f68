"""Humans confirm restrictions or lift them: the queue of admins, the reason they give, and the reminders."""

from typing import Any

from domain.conduct.restrictions import (
    LONGEST_GROUND,
    SHORTEST_GROUND,
    Restriction,
    RestrictionId,
    ground_of,
    reminder_after,
)
from domain.fairness.messages.cases import CaseEnd
from domain.people.people import Person, PersonId
from domain.quality.messages.restrictions import (
    GroundWanted,
    NothingToConfirm,
    RestrictionConfirmed,
    RestrictionDecided,
    RestrictionLifted,
    RestrictionsWait,
    RestrictionToConfirm,
)
from domain.refusals import BadInput, NotFound, OwnMatter
from services.act import Act, Reply
from services.fairness.oversight import cases, impartial
from services.quality.restrictions import close, deciders, described, involved, over, title_of
from storage.unit import UnitOfWork

JOURNEY = "confirm"
COUNTED = 100
AT_ONCE = 25


def show_next(act: Act) -> Reply | NothingToConfirm:
    """The most urgent one that waits for a human; never the admin's own matter."""
    unit, waiting = act.unit, waiting_for(act.unit, act.person.id, act.house.admins)
    if not waiting:
        return NothingToConfirm()
    known = waiting[0]
    shown = RestrictionToConfirm(
        who=unit.people.get(known.worker).label,
        of=described(unit, known),
        evidence=known.evidence,
        until=known.decide_by,
        left=len(waiting),
        appealed=known.appeal == "open",
    )
    return cases.shown(cases.restriction(known.id), shown)


def decide(act: Act, restriction: RestrictionId, lift: bool) -> RestrictionDecided | GroundWanted:
    """An admin lifts it with one press; to confirm it needs a reason. A second press shows the state."""
    unit, admin, known = act.unit, act.person, _known(act.unit, act.person, restriction)
    if not lift and known.waits:
        impartial.check(act, *involved(unit, known))
        unit.drafts.keep(admin.id, JOURNEY, {"restriction": known.id}, unit.now)
        worker = unit.people.get(known.worker)
        return GroundWanted(known.id, worker.label, title_of(unit, known.project), worker.telegram_id is None)
    if lift and unit.restrictions.lift(known, admin.id):
        over(unit, known, RestrictionLifted)
        unit.audit.note(admin.id, "lift", f"restriction:{known.id}")
        close(unit, known, act.house.admins, admin.label)
    return _decided(act, known)


def typed(act: Act, draft: dict[str, Any], text: str) -> RestrictionDecided:
    """The reason came: the worker reads it."""
    unit, admin = act.unit, act.person
    known, ground = _known(unit, admin, RestrictionId(draft["restriction"])), ground_of(text)
    if ground is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST_GROUND), str(LONGEST_GROUND)])
    alone = impartial.check(act, *involved(unit, known)) if known.waits else False
    unit.drafts.drop(admin.id)
    if unit.restrictions.confirm(known.id, admin.id, ground):
        open_ = known.id if known.may_be_appealed(unit.now) else 0
        told = RestrictionConfirmed(title_of(unit, known.project), known.ends_at, ground, open_)
        unit.outbox.tell(known.worker, told)
        unit.audit.note(admin.id, "confirm", f"restriction:{known.id}", reason=ground, alone=alone)
        close(unit, known, act.house.admins, admin.label, CaseEnd.STAYS)
    return _decided(act, known)


def remind(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Tells admins of new restrictions, and of those that lapse within a day: one letter each."""
    due = unit.restrictions.to_remind(AT_ONCE)
    if not due:
        return
    again = all(reminder_after(unit.now, each.confirm_by) is None for each in due)
    for known in due:
        unit.restrictions.remind(known.id, reminder_after(unit.now, known.confirm_by))
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        waiting = waiting_for(unit, admin, admins)
        if waiting:
            unit.outbox.tell(admin, RestrictionsWait(len(waiting), waiting[0].decide_by, again))


def waiting_for(unit: UnitOfWork, admin: PersonId, admins: frozenset[int], limit: int = COUNTED) -> list[Restriction]:
    """What this admin may decide: what they are involved in waits for another one, where there is one."""
    return [each for each in unit.restrictions.waiting(admin, limit) if admin in deciders(unit, each, admins)]


def _decided(act: Act, known: Restriction) -> RestrictionDecided:
    now = act.unit.restrictions.find(known.id) or known
    left = len(waiting_for(act.unit, act.person.id, act.house.admins))
    return RestrictionDecided(described(act.unit, now), left)


def _known(unit: UnitOfWork, admin: Person, number: RestrictionId) -> Restriction:
    """Nobody decides about themselves."""
    known = unit.restrictions.find(number)
    if known is None:
        raise NotFound(what="restriction", name=str(number))
    if known.worker == admin.id:
        raise OwnMatter()
    return known
