"""Letters arrive when they are due, by the relay's own rules and marks; there is no Telegram behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.delivery.attempts import FailureServices, Outcome, OutcomeKind, record_outcomes
from domain.moments import Moment
from domain.people.accounts import PersonId
from handlers.screen import render
from services.work import sweeps
from storage.boxes.outbox import Lane, Letter
from storage.unit import UnitOfWork

MOST = 400  # letters of a lane in one transaction
# What is judged by its words: an adverse decision must name its reason and offer a way to object.
ADVERSE = ("AnswerRejected", "Restricted", "ProjectEndedByAdmin", "ProjectRests", "ProjectReported", "PersonSuspended")
WRITTEN = "SELECT id, written_at FROM outbox WHERE state = 'waiting' AND due_at <= :now"
AFTER = FailureServices(sweeps.mark_unreachable, lambda unit, letter, reason: None)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter as its reader has it: `name` without wing and version; `sound`: a new message that rings or buzzes;
    `buttons` and `text` of adverse ones."""

    id: int
    written: Moment
    at: Moment
    person: PersonId
    name: str
    facts: dict[str, Any]
    lane: Lane
    message: int
    sound: bool = True
    text: str = ""
    buttons: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        return self.name in ADVERSE


def deliver(unit: UnitOfWork, numbers: Iterator[int]) -> list[Delivered]:
    """All that is due."""
    written: dict[int, Moment] = dict(unit.connection.all(WRITTEN, now=unit.now))  # type: ignore[arg-type]  # pairs
    letters = [each for lane in Lane for each in unit.outbox_queue.list_due(lane, 0, MOST).records]
    if not letters:
        return []
    outcomes = [_outcome(unit, letter, numbers) for letter in letters]
    record_outcomes(unit, outcomes, AFTER)
    return [
        _delivered(unit.now, written[each.letter.id], each) for each in outcomes if each.verdict is OutcomeKind.SENT
    ]


def _outcome(unit: UnitOfWork, letter: Letter, numbers: Iterator[int]) -> Outcome:
    if letter.chat is None:
        return Outcome(letter, OutcomeKind.DROPPED, reason="nobody to send it to")
    if letter.klass == "push" and letter.assignment_state != "active":
        return Outcome(letter, OutcomeKind.DROPPED, reason=f"assignment {letter.assignment_state}")
    if letter.expires_at is not None and letter.expires_at <= unit.now:
        return Outcome(letter, OutcomeKind.DROPPED, reason="expired")
    return Outcome(letter, OutcomeKind.SENT, letter.edits or letter.live_message or next(numbers))


def _delivered(now: Moment, written: Moment, outcome: Outcome) -> Delivered:
    letter, message = outcome.letter, outcome.message_id or 0
    name = letter.screen.partition(".")[2].partition("@")[0]
    new = letter.edits is None and letter.live_message is None and not letter.quiet
    if name not in ADVERSE and not (new and letter.klass == "nudge"):
        return Delivered(letter.id, written, now, letter.person, name, letter.facts, letter.lane, message, new)
    shown = render(letter.screen, letter.facts, letter.language)
    buttons = tuple(button.data or "" for row in shown.keyboard for button in row)
    sound = new and not shown.silent and shown.menu is None
    told = (letter.facts, letter.lane, message, sound, shown.text, buttons)
    return Delivered(letter.id, written, now, letter.person, name, *told)
