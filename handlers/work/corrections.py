"""Corrections of an answer, redos that a requester asks for, and questions about a photo or voice message."""

from __future__ import annotations

from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS
from domain.people.accounts import REQUESTER, WORKER
from domain.refusals import CannotRedo
from domain.work.assignments import AssignmentId
from domain.work.corrections import RedoDeclined, RedoDone, RedoOffered, RedoPaid, RedoReturned, RedoSent, RedoWanted
from domain.work.file_checks import FileFlaw, RetakeAsked, RetakeKept
from domain.work.messages import AnswerStands, Changed, LastAnswer, Reopened, ToolNoted
from handlers import quotations
from handlers.fairness import review
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    CAPTION,
    Button,
    Keyboard,
    Screen,
    Toast,
    clipped,
    lines,
    operation_line,
    refuses,
    requester_name,
    shows,
    toasts,
)
from handlers.work import answer_messages, tasks
from locales.translator import Html, Translator
from services.work import corrections


class AskRedo(Payload, code="re"):
    """A requester asks for a redo of this answer; the reason is typed next."""

    submission: Number


class BeginRedo(Payload, code="rb"):
    submission: Number


class DeclineRedo(Payload, code="rn"):
    submission: Number


class UsedTool(Payload, code="ut"):
    assignment: Number


class ChangeAnswer(Payload, code="cg"):
    """`message` shows the answer, 0 where that is not known."""

    assignment: Number
    message: Number


class CorrectAnswer(Payload, code="am"):
    assignment: Number
    option: Number


class CorrectCantTell(Payload, code="ac"):
    assignment: Number


class CorrectChoose(Payload, code="ao"):
    """One of several presses that make up the new answer."""

    assignment: Number
    option: Number


class CorrectUndo(Payload, code="au"):
    assignment: Number


class CorrectDone(Payload, code="ad"):
    assignment: Number


class KeepAnswer(Payload, code="ak"):
    assignment: Number


def last_answer_buttons(last: LastAnswer | None, t: Translator) -> tuple[Button, ...]:
    """Return the buttons about the last answer: change it, and for a typed one, say that a tool made it. None if there
    is no answer that can be changed."""
    if last is None or last.change is None:
        return ()
    change_button = Button(t.plain("↩️ Change my last"), ChangeAnswer.wire(last.change, last.message))
    if not last.typed:
        return (change_button,)
    return change_button, Button(t.plain("🤖 I used a tool"), UsedTool.wire(last.change))


def last_answer_keyboard(last: LastAnswer | None, t: Translator) -> Keyboard:
    """Return the buttons about the last answer in rows of their own, below a message that is no task."""
    return tuple((button,) for button in last_answer_buttons(last, t))


def correction_row(unsure_label: str, assignment: AssignmentId, t: Translator) -> tuple[Button, ...]:
    """Return the last row under an answer that is being changed; there are no other actions, because it was paid."""
    unsure = Button(unsure_label, CorrectCantTell.wire(assignment))
    return unsure, Button(t.plain("✖️ Keep my answer"), KeepAnswer.wire(assignment))


@shows(AnswerStands)
def show_answer_stands(stands: AnswerStands, t: Translator) -> Screen:
    """Show to the worker, in the message of an answered task, the answer in one line, the explanation of a miss unless
    a message below gives it, and a recap."""
    miss = None if stands.below else stands.miss
    explanation = (
        answer_messages.explain_miss(miss, t, CAPTION - 2 * answer_messages.MAX_ANSWER_CHARS) if miss else None
    )
    return Screen(
        lines(
            answer_messages.format_answer_line(stands, t), explanation, answer_messages.format_recap(stands.recap, t)
        ),
        answer_messages.contest_keyboard(miss, t),
    )


@toasts(Reopened)
def toast_reopened(result: Reopened, t: Translator) -> Toast:
    return Toast(t.plain("⬇️ Answer again, in the message below.") if result.below else "")


@toasts(ToolNoted)
def toast_tool_noted(result: ToolNoted, t: Translator) -> Toast:
    return Toast(t.plain("Thank you for saying so. Your pay stays the same."))


@toasts(Changed)
def toast_changed(result: Changed, t: Translator) -> Toast:
    if result.missed:
        return Toast(t.plain("✗ Missed: look there. Same pay."))
    if result.changed:
        return Toast(t.plain("Changed. Same pay."))
    return Toast(t.plain("Your answer stays as it was."))


MAX_TITLE_CHARS = 60


@shows(RedoWanted)
def show_redo_wanted(m: RedoWanted, t: Translator) -> Screen:
    money = {"pay": t.money(m.pay, m.currency), "available": t.money(m.available, m.currency)}
    return Screen(
        lines(
            t("🔁 <b>Ask {worker} for this answer once more?</b>", worker=m.worker),
            t(
                "Write what should be different, in {least} to {most} characters.",
                least=MIN_REASON_CHARS,
                most=MAX_REASON_CHARS,
            ),
            t("This answer is then paid. A second one costs {pay} more; you have {available} free.", **money),
        ),
        ((Button(t.plain("↩️ Back"), review.BackToReview(submission=m.submission).pack()),),),
    )


@shows(RedoSent)
def show_redo_sent(m: RedoSent, t: Translator) -> Screen:
    fields = {"worker": m.worker, "pay": t.money(m.pay, m.currency), "until": t.time(m.until)}
    return Screen(t("🔁 {worker} is asked. {pay} is held until {until}; what is not earned comes back.", **fields))


@shows(RedoOffered)
def show_redo_offered(m: RedoOffered, t: Translator) -> Screen:
    pay = t.money(m.pay, m.about.currency)
    number = m.about.submission
    return quotations.show_answer_for_decision(
        m.about,
        t,
        lines(
            t("🔁 <b>Would you do this once more, for {pay}?</b>", pay=pay),
            t(
                "{requester} writes: “{words}”",
                requester=requester_name(m.requester, t),
                words=clipped(m.words, MAX_REASON_CHARS),
            ),
        ),
        lines(
            t("What you did is paid and stays yours, whatever you choose."),
            t("You can do it until {until}.", until=t.time(m.until)),
        ),
        (
            (Button(t.plain("🔁 Do it once more"), BeginRedo(submission=number).pack(), style="success"),),
            (Button(t.plain("No, thanks"), DeclineRedo(submission=number).pack()),),
        ),
    )


@shows(RedoDeclined)
def show_redo_declined(m: RedoDeclined, t: Translator) -> Screen:
    title = clipped(m.title, MAX_TITLE_CHARS)
    return Screen(t("Fine. Your answer in <b>{title}</b> stays, and stays paid.", title=title))


@shows(RedoPaid)
def show_redo_paid(m: RedoPaid, t: Translator) -> Screen:
    fields = {"title": clipped(m.title, MAX_TITLE_CHARS), "pay": t.money(m.pay, m.currency)}
    return Screen(
        lines(
            t("🔁 Thank you: {pay} more for your second answer in <b>{title}</b>. It is yours at once.", **fields),
            operation_line(m.operation, t),
        )
    )


@shows(RedoDone)
def show_redo_done(m: RedoDone, t: Translator) -> Screen:
    head = t("🔁 <b>{worker} did it once more</b> in project {number}.", worker=m.worker, number=m.number)
    return quotations.show_answer_for_decision(m.about, t, head, t("This answer counts now."))


@shows(RedoReturned)
def show_redo_returned(m: RedoReturned, t: Translator) -> Screen:
    fields = {"worker": m.worker, "title": clipped(m.title, MAX_TITLE_CHARS), "pay": t.money(m.pay, m.currency)}
    return Screen(
        t("🔁 {worker} did not do it once more in time, in <b>{title}</b>. {pay} came back to you.", **fields)
        if m.late
        else t("🔁 {worker} would rather not do it once more, in <b>{title}</b>. {pay} came back to you.", **fields)
    )


@refuses(CannotRedo)
def show_cannot_redo(r: CannotRedo, t: Translator) -> Screen:
    return Screen(
        {
            "gold": t("A check question is not asked once more: its answer was explained."),
            "before": t("This answer was asked for once more before. Once is all there is."),
            "gone": t("This worker can't be asked any more."),
        }[r.why]
    )


@shows(RetakeAsked)
def show_retake_asked(m: RetakeAsked, t: Translator) -> Screen:
    if m.heard:
        keep_label = t.plain("👍 Take this one")
        request = t(
            "Would you record it once more? Your answer counts once you send another, or press “{keep}”.",
            keep=keep_label,
        )
    else:
        keep_label = t.plain("👍 Take this photo")
        request = t(
            "Would you take another one? Your answer counts once you send another, or press “{keep}”.", keep=keep_label
        )
    flaw_lines = [_describe_flaw(FileFlaw(flaw), t) for flaw in m.flaws]
    return Screen(lines(*flaw_lines, request), ((Button(keep_label, tasks.KeepFile.wire(m.assignment)),),))


@shows(RetakeKept)
def show_retake_kept(m: RetakeKept, t: Translator) -> Screen:
    return Screen(t("✓ Your voice message counts as it is.") if m.heard else t("✓ Your photo counts as it is."))


def _describe_flaw(flaw: FileFlaw, t: Translator) -> Html:
    return {
        FileFlaw.BLANK: t("📷 There is nothing to see in this photo."),
        FileFlaw.DARK: t("📷 This photo is very dark."),
        FileFlaw.BLURRED: t("📷 This photo looks blurred."),
        FileFlaw.SCREENSHOT: t("📷 This looks like a screenshot."),
        FileFlaw.SENT_BEFORE: t("📷 This photo looks like one that was sent for another task."),
        FileFlaw.SHORT: t("🎤 This message is very short."),
        FileFlaw.QUIET: t("🎤 Hardly anything can be heard in this message."),
    }[flaw]


ROUTES = (
    Route(AskRedo, REQUESTER, corrections.ask_redo_reason),
    Route(BeginRedo, WORKER, corrections.begin_redo),
    Route(DeclineRedo, WORKER, corrections.decline_redo),
    Route(UsedTool, WORKER, corrections.note_tool_use),
    Route(ChangeAnswer, WORKER, corrections.reopen_answer),
    Route(CorrectAnswer, WORKER, corrections.press_option),
    Route(CorrectCantTell, WORKER, corrections.cant_tell),
    Route(CorrectChoose, WORKER, corrections.choose_option),
    Route(CorrectUndo, WORKER, corrections.undo_press),
    Route(CorrectDone, WORKER, corrections.finish),
    Route(KeepAnswer, WORKER, corrections.keep_old_answer),
)
