"""What a worker adds to their appeal, for its judges: asked for with one press, shown, and sent with another.

Nothing typed in passing becomes anybody's last words.
"""

from typing import Any

from domain.fairness.appeals import LONGEST, Appeal, AppealId, AppealState
from domain.people.people import Person
from domain.refusals import NotFound
from services.fairness import jury_duty, rulings
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "appeal"


def ask(unit: UnitOfWork, worker: Person, number: int) -> None:
    """The next message is taken for these words, and shown before it is sent."""
    known = _mine(unit, worker, number)
    if not _is_open(known):
        unit.outbox.say(worker.id, "appeals.explained", told=False, words="")
        return
    unit.drafts.keep(worker.id, JOURNEY, {"appeal": known.id}, unit.now)
    unit.outbox.say(worker.id, "appeals.words")


def typed(unit: UnitOfWork, worker: Person, draft: dict[str, Any], text: str) -> None:
    """Nobody reads it yet."""
    words = " ".join(text.split())[:LONGEST]
    if words:
        unit.drafts.keep(worker.id, JOURNEY, {"appeal": draft["appeal"], "words": words}, unit.now)
        unit.outbox.say(worker.id, "appeals.confirm", appeal=draft["appeal"], words=words)


def send(unit: UnitOfWork, worker: Person, number: int, admins: frozenset[int]) -> None:
    """What was shown, once; judges who have it in hand are shown it again with these words."""
    known, words = _mine(unit, worker, number), _drafted(unit, worker, number)
    told = words is not None and words != "" and unit.appeals.say(known.id, words)
    unit.outbox.say(worker.id, "appeals.explained", told=told, words=words or "")
    if words:
        unit.drafts.drop(worker.id)
    if told:
        _show_again(unit, known, admins)


def _show_again(unit: UnitOfWork, known: Appeal, admins: frozenset[int]) -> None:
    for judge in unit.appeals.judging(known.id):
        in_hand = unit.appeals.in_hand(judge)
        if in_hand is not None:
            jury_duty.show(unit, in_hand, Lane.PUSH)
    rejection = unit.reviews.rejection(known.submission)
    if not known.funded and rejection is not None:
        submission = unit.submissions.get(known.submission)
        about = (unit.projects.get(submission.project), submission, rejection)
        rulings.ask(unit, unit.appeals.lock(known.id), *about, admins)


def leave(unit: UnitOfWork, worker: Person, number: int) -> None:
    """The judges read nothing of it."""
    _mine(unit, worker, number)
    if _drafted(unit, worker, number) is not None:
        unit.drafts.drop(worker.id)
    unit.outbox.say(worker.id, "appeals.unsaid")


def _mine(unit: UnitOfWork, worker: Person, number: int) -> Appeal:
    known = unit.appeals.find(AppealId(number))
    if known is None or unit.submissions.get(known.submission).worker != worker.id:
        raise NotFound(what="rejection", name=str(number))
    return known


def _is_open(known: Appeal) -> bool:
    return known.state is AppealState.OPEN and known.words is None


def _drafted(unit: UnitOfWork, worker: Person, number: int) -> str | None:
    """What they wrote for this appeal and have not sent; None where they are not writing for it."""
    draft = unit.drafts.of(worker.id)
    if draft is None or draft[0] != JOURNEY or draft[1].get("appeal") != number:
        return None
    return str(draft[1].get("words", ""))
