"""Corrections of an answer that was given: it is changed, or, where it was explained, defended."""

from domain.work.assignments import AssignmentId
from domain.work.messages import AnswerStands, Changed, LastAnswer, Reopened, ToolNoted
from handlers.payloads.work import ChangeAnswer, CorrectCantTell, KeepAnswer, UsedTool
from handlers.screens.layout.fitting import CAPTION
from handlers.screens.screen import Button, Keyboard, Screen, Toast, lines, shows, toasts
from handlers.screens.work.last_answer import SAID, contest, explained, in_a_line, recap
from locales import Translator


def change(assignment: AssignmentId | None, message: int, t: Translator) -> Keyboard:
    """The button below the message after an answer; an answer that was explained has none."""
    if assignment is None:
        return ()
    return ((Button(t.plain("↩️ Change my last answer"), ChangeAnswer.wire(assignment, message)),),)


def after(last: LastAnswer | None, t: Translator) -> Keyboard:
    """What can be done about the last answer."""
    if last is None or last.change is None:
        return ()
    changed = change(last.change, last.message, t)
    if not last.typed:
        return changed
    return (*changed, (Button(t.plain("🤖 I used a tool"), UsedTool.wire(last.change)),))


def instead(assignment: AssignmentId, t: Translator) -> Keyboard:
    """The other buttons of a correction; there is no skip, because the answer was paid."""
    unsure = Button(t.plain("🤷 Can't tell"), CorrectCantTell(assignment=assignment).pack())
    return ((unsure,), (Button(t.plain("✖️ Keep my answer"), KeepAnswer(assignment=assignment).pack()),))


@shows(AnswerStands)
def answer_stands(stands: AnswerStands, t: Translator) -> Screen:
    """One line, and what a miss teaches below it, unless a message below explains it."""
    miss = None if stands.below else stands.miss
    taught = explained(miss, t, CAPTION - 2 * SAID) if miss else None
    return Screen(lines(in_a_line(stands, t), taught, recap(stands.recap, t)), contest(miss, t))


@toasts(Reopened)
def reopened(result: Reopened, t: Translator) -> Toast:
    return Toast(t.plain("⬇️ Answer again, in the message below.") if result.below else "")


@toasts(ToolNoted)
def tool_noted(result: ToolNoted, t: Translator) -> Toast:
    return Toast(t.plain("Thank you for saying so. Your pay stays the same."))


@toasts(Changed)
def changed(result: Changed, t: Translator) -> Toast:
    if result.missed:
        return Toast(t.plain("Changed. We knew this one: look at what is written there. Your pay stays the same."))
    if result.changed:
        return Toast(t.plain("Changed. Your pay stays the same."))
    return Toast(t.plain("Your answer stays as it was."))
