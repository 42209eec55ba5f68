"""A task, and what became of it."""

from collections.abc import Sequence
from functools import lru_cache

from domain.answers import Wants
from domain.projects.projects import ProjectId
from domain.work.content_messages import AnswerRead, TextRead
from domain.work.messages import (
    MatterOver,
    Paused,
    ProjectAccepted,
    ProjectDeclined,
    Qualified,
    Submitted,
    TaskGone,
    TaskMoved,
    TaskShown,
    TaskSkipped,
    WrongKindSent,
)
from domain.work.offers import Skipped
from handlers.payloads.fairness import AskPay, AskQuestion, ReportTask, ShowFaq
from handlers.payloads.people import AskToWithdraw
from handlers.payloads.work import AcceptAgain, AskForWork, CantTell, Decline, ReadText, ShowInstructions, Skip
from handlers.screens.answers import screen_of
from handlers.screens.fairness.ratings import rate_button
from handlers.screens.layout.exhibit import displayed
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.layout.reading import to_read
from handlers.screens.layout.task_buttons import TaskButtons, answering, changing
from handlers.screens.layout.task_text import instructions, quoted
from handlers.screens.screen import Button, Keyboard, Screen, Toast, in_messages, lines, shows, toasts
from handlers.screens.work.card import card
from handlers.screens.work.corrections import after, instead
from handlers.screens.work.instructions import changed_rules
from handlers.screens.work.last_answer import ABOUT, said_of_last
from locales import Html, Translator

GLANCE = 180  # characters of instructions that are read beside the question of every task


@shows(TaskShown)
def task(shown: TaskShown, t: Translator) -> Screen:
    """The task is always whole and comes last, beside its buttons. What has no room in its message, or in its picture's
    caption, stands above it in messages of their own: the terms and the instructions of the first task, and a text that
    is too long. The instructions of later tasks are shortened, beside a picture left to 📋."""
    head = _head(shown.title, shown.pay, shown.currency, t)
    text, picture, album = displayed(shown.kind, shown.content, shown.options)
    body = Html(f"\n{quoted(text)}\n") if text.strip() else Html("")
    buttons = _buttons(shown)
    asked = screen_of(shown.kind).ask(buttons, t) or Html("")
    above = lines(_above(shown, t), changed_rules(shown.news, t, brief=picture is not None))
    taken = sum(map(visible, (head, body, asked, above))) + 5
    limit = CAPTION if picture else MESSAGE
    is_long = picture is not None and taken > limit
    is_whole = picture is not None or shown.card is not None
    about = card(shown, shown.card, t) if shown.card else Html("")
    room = MESSAGE if is_whole else limit - taken
    rules = instructions(shown.instructions, room, t, expanded=_are_short(shown.instructions))
    before: tuple[Html, ...] = ()
    if is_whole and (is_long or visible(about) + visible(rules) > limit - taken):
        before = in_messages(about, rules if shown.card else None, body if is_long else None)
        about, rules, body = Html(""), Html(""), Html("") if is_long else body
    whole = lines(above, about, head, rules, body, asked)
    anew = not (shown.late or shown.draft)
    return Screen(whole, keyboard(shown, buttons, t), photo=picture, album=album, anew=anew, before=before)


@lru_cache(256)
def _head(title: str, pay: int, currency: str, t: Translator) -> Html:
    """The same above every task of a project."""
    return t("<b>{title}</b> · {pay}", title=title, pay=t.money(pay, currency))


def _are_short(rules: Sequence[str]) -> bool:
    """Whether they can stand above every task and leave its question on a small screen."""
    return sum(map(len, rules)) <= GLANCE


def _buttons(shown: TaskShown) -> TaskButtons:
    return (changing if shown.changing else answering)(shown.assignment, shown.options, shown.draft)


def _above(shown: TaskShown, t: Translator) -> Html | None:
    """That an answer is being changed, that time is up, or what is said of the answer before."""
    if shown.paid_again:
        return t("🔁 <b>Your answer once more</b> · paid again")
    if shown.changing:
        return t("↩️ <b>Change your answer</b> · your pay stays the same")
    if shown.late:
        return t("⌛ <b>Time is up.</b> Others are asked now; while nobody has answered, your answer is still paid.")
    return said_of_last(shown.last, t)


def keyboard(shown: TaskShown, buttons: TaskButtons, t: Translator) -> Keyboard:
    """The options first, each with its own words; what else can be done comes after them."""
    rows = list(screen_of(shown.kind).rows(buttons, t))
    if shown.assignment:
        rows += to_read(shown.content, lambda column: ReadText(assignment=shown.assignment, column=column).pack(), t)
    if shown.changing:
        return (*rows, *instead(shown.assignment, t))
    unsure = Button(t.plain("🤷 Can't tell"), CantTell.wire(shown.assignment))
    pass_on = Button(t.plain("⏭ Skip"), Skip.wire(shown.assignment))
    rows += [(unsure, pass_on)]
    rows.append(_of_project(shown.project, t))
    asks = Button(t.plain("❓ Ask"), AskQuestion.wire(shown.assignment))
    wrong = Button(t.plain("🚩 Report"), ReportTask.wire(shown.assignment))
    rows += [(asks, wrong), *_known(shown, t)]
    if shown.card is not None:
        rows.append((Button(t.plain("💶 The pay is too low"), AskPay.wire(shown.project)),))
        rows += [(rate_button(shown.card.rate, t),)] if shown.card.rate else []
    return (*rows, *after(shown.last, t))


@lru_cache(256)
def _of_project(project: ProjectId, t: Translator) -> tuple[Button, ...]:
    """The same under every task of a project."""
    whole = Button(t.plain("📋 Instructions"), ShowInstructions.wire(project))
    return whole, Button(t.plain("🚫 Not this project"), Decline.wire(project))


@shows(TextRead)
def text_read(m: TextRead, t: Translator) -> Screen:
    head = (
        t("📖 <b>{label}</b>", label=m.label)
        if m.of == 1
        else t("📖 <b>{label}</b>, part {part} of {of}", label=m.label, part=m.part, of=m.of)
    )
    return Screen(lines(head, quoted(m.text)), silent=True)


@shows(AnswerRead)
def answer_read(m: AnswerRead, t: Translator) -> Screen:
    head = (
        t("📖 <b>The answer</b>")
        if m.of == 1
        else t("📖 <b>The answer</b>, part {part} of {of}", part=t.number(m.part), of=t.number(m.of))
    )
    whole = clipped(screen_of(m.kind).whole(m.answer, t).strip(), MESSAGE - visible(head) - 1)
    return Screen(lines(head, quoted(whole)), silent=True)


def _known(shown: TaskShown, t: Translator) -> Keyboard:
    """With the card: what was asked before."""
    if shown.card is None or not shown.card.faq:
        return ()
    words = t.plain("📖 Questions ({count})", count=t.number(shown.card.faq))
    return ((Button(words, ShowFaq.wire(shown.project, 0)),),)


@shows(WrongKindSent)
def hint(sent: WrongKindSent, t: Translator) -> Screen:
    """Something was sent that does not answer the task in hand."""
    asked = {
        Wants.PRESS: t("That task is answered with the buttons under it. /work shows it again."),
        Wants.PRESSES: t("That task is answered with the buttons under it, then “Done”. /work shows it again."),
        Wants.TEXT: t("That task is answered in words: write to me. /work shows it again."),
        Wants.PHOTO: t("That task is answered with a photo: send me one. /work shows it again."),
        Wants.VOICE: t("That task is answered with a voice message: send me one. /work shows it again."),
        Wants.LOCATION: t("That task is answered with a place: press 📎, then Location. /work shows it again."),
        Wants.PAGE: t("That task is answered on a page: press the button under it. /work shows it again."),
    }
    return Screen(lines(t("🤔 I can't take this as an answer to the task you have."), asked[sent.wants]))


@shows(TaskSkipped)
def skipped(task: TaskSkipped, t: Translator) -> Screen:
    about = clipped(task.about, ABOUT)
    if task.reported:
        return Screen(t("🚩 reported · <i>{about}</i>", about=about))
    return Screen(t("⏭ skipped · <i>{about}</i>", about=about))


@shows(TaskMoved)
def moved(task: TaskMoved, t: Translator) -> Screen:
    return Screen(t("⬇️ further down · <i>{about}</i>", about=clipped(task.about, ABOUT)))


@shows(TaskGone)
def gone(task: TaskGone, t: Translator) -> Screen:
    return Screen(t("⌛ too late, no answer is needed any more · <i>{about}</i>", about=clipped(task.about, ABOUT)))


@shows(ProjectDeclined)
def declined(told: ProjectDeclined, t: Translator) -> Screen:
    back = Button(t.plain("↩️ Undo"), AcceptAgain(project=told.project).pack())
    low = Button(t.plain("💶 The pay is too low"), AskPay.wire(told.project))
    took = (
        ((Button(t.plain("📤 Take my answers back too"), AskToWithdraw.wire(told.project)),),) if told.answers else ()
    )
    rate = ((rate_button(told.rate, t),),) if told.rate else ()
    said = t("<b>{title}</b>: you get no more tasks from this project.", title=told.title)
    return Screen(said, ((back,), (low,), *took, *rate))


@shows(ProjectAccepted)
def accepted(told: ProjectAccepted, t: Translator) -> Screen:
    return Screen(t("<b>{title}</b>: you get tasks from this project again.", title=told.title))


@shows(MatterOver)
def over(_: MatterOver, t: Translator) -> Screen:
    return Screen(t("⌛ This is over: there is nothing left to press here."))


@shows(Paused)
def paused(told: Paused, t: Translator) -> Screen:
    go = Button(t.plain("▶️ Go on"), AskForWork().pack(), style="success")
    return Screen(
        lines(said_of_last(told.last, t), t("⏸ <b>Paused.</b> We send you nothing until you press /work.")),
        ((go,), *after(told.last, t)),
        anew=True,
    )


@shows(Qualified)
def qualified(told: Qualified, t: Translator) -> Screen:
    amount = t.money(told.amount, told.currency)
    return Screen(
        lines(
            t("🎉 <b>You have qualified: {title}</b>", title=told.title),
            t("{amount} that was pending is yours now. From now on, each answer is paid at once.", amount=amount),
        )
    )


@toasts(Submitted)
def received(result: Submitted, t: Translator) -> Toast:
    """What was earned, at once; where a missed gold task is explained."""
    pay = t.money(result.pay, result.currency)
    if result.missed:
        return Toast(t.plain("✗ We knew this one: look above. {pay}", pay=pay))
    return Toast(t.plain("Received. {pay} pending", pay=pay) if result.held else t.plain("Received. + {pay}", pay=pay))


@toasts(Skipped)
def passed_on(result: Skipped, t: Translator) -> Toast:
    if result.left is None:
        return Toast(t.plain("Skipped. Skipping costs you nothing."))
    if result.left <= 0:
        return Toast(t.plain("Skipped, at no cost. More tasks of this project come tomorrow."))
    return Toast(
        t.n(
            "Skipped, at no cost. You can skip {count} more task here today.",
            "Skipped, at no cost. You can skip {count} more tasks here today.",
            result.left,
        )
    )
