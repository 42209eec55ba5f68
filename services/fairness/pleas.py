"""A worker's words for the judges of their appeal: requested by one press, shown, sent by another.

Words typed for another purpose are therefore never sent to judges.
"""

from typing import Any

from domain.fairness.appeals import LONGEST, Appeal, AppealId, AppealState
from domain.fairness.messages.appeals import WordsDropped, WordsSent, WordsTooLate, WordsToSend, WordsWanted
from domain.people.people import Person
from domain.refusals import NotFound
from services.act import Act, Reply
from services.fairness import jury_duty, rulings
from services.people import next_words
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "appeal"


def listen(act: Act, appeal: AppealId) -> bool:
    """Take the next words for those who decide, unless they belong elsewhere, and return whether they are taken. They
    are shown before they are sent."""
    if not next_words.are_free(act, JOURNEY):
        return False
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": appeal}, act.unit.now)
    return True


def words(act: Act, appeal: AppealId, step: int) -> WordsWanted | WordsTooLate | Reply:
    """The buttons under an appeal and under its words: 0 asks for words, 1 sends them, another value discards them."""
    known = _mine(act.unit, act.person, appeal)
    if step == 0:
        return _ask(act, known)
    return Reply(_send(act, known) if step == 1 else _leave(act, known), edits=act.message)


def _ask(act: Act, known: Appeal) -> WordsWanted | WordsTooLate:
    """The next message is taken for these words, and shown before it is sent."""
    if not _is_open(known):
        return WordsTooLate()
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": known.id}, act.unit.now)
    return WordsWanted()


def typed(act: Act, draft: dict[str, Any], text: str) -> WordsToSend | None:
    """Keeps the words as a draft and shows them to their writer."""
    words, appeal = " ".join(text.split())[:LONGEST], AppealId(draft["appeal"])
    if not words:
        return None
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": appeal, "words": words}, act.unit.now)
    return WordsToSend(appeal, words)


def _send(act: Act, known: Appeal) -> WordsSent | WordsTooLate:
    """Sends the shown words, once; judges who have the case in hand see it again with them. A second press changes
    nothing."""
    if known.words is not None:
        return WordsSent(known.words)
    drafted = _drafted(act.unit, act.person, known.id)
    if not drafted:
        return WordsTooLate()
    act.unit.drafts.drop(act.person.id)
    if not act.unit.appeals.say(known.id, drafted):
        return WordsTooLate()
    _show_again(act.unit, known, act.house.admins)
    return WordsSent(drafted)


def _show_again(unit: UnitOfWork, known: Appeal, admins: frozenset[int]) -> None:
    for judge in unit.appeals.judging(known.id):
        in_hand = unit.appeals.in_hand(judge)
        if in_hand is not None:
            jury_duty.show(unit, in_hand, Lane.PUSH)
    if not known.funded:
        rejection, submission = unit.reviews.get(known.submission), unit.submissions.get(known.submission)
        about = (unit.projects.get(submission.project), submission, rejection)
        rulings.ask(unit, unit.appeals.lock(known.id), *about, admins)


def _leave(act: Act, known: Appeal) -> WordsDropped | WordsSent:
    """Drops the words; the judges do not see them, unless they have them already."""
    if known.words is not None:
        return WordsSent(known.words)
    if _drafted(act.unit, act.person, known.id) is not None:
        act.unit.drafts.drop(act.person.id)
    return WordsDropped()


def _mine(unit: UnitOfWork, worker: Person, appeal: AppealId) -> Appeal:
    known = unit.appeals.find(appeal)
    if known is None or unit.submissions.get(known.submission).worker != worker.id:
        raise NotFound(what="rejection", name=str(appeal))
    return known


def _is_open(known: Appeal) -> bool:
    return known.state is AppealState.OPEN and known.words is None


def _drafted(unit: UnitOfWork, worker: Person, appeal: AppealId) -> str | None:
    """The unsent words for this appeal; None where there is no such draft."""
    draft = unit.drafts.of(worker.id)
    if draft is None or draft[0] != JOURNEY or draft[1].get("appeal") != appeal:
        return None
    return str(draft[1].get("words", ""))
