"""A task, and what became of it."""

from collections.abc import Sequence
from html import escape

from domain.answers import Wants
from domain.people.push_hours import QuietUntil
from domain.work.messages import (
    HonestCard,
    LastAnswer,
    Miss,
    MissExplained,
    NothingNow,
    Paused,
    ProjectDeclined,
    Qualified,
    Skipped,
    Submitted,
    TaskShown,
    TaskSkipped,
    WrongKindSent,
)
from handlers.payloads.work import AcceptAgain, AskForWork, CantTell, Decline, Skip
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.layout.task_buttons import TaskButtons, answering, changing
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from handlers.screens.work.corrections import after, contest, instead
from locales import Html, Translator

FEW = 20  # characters under which a sentence is not worth beginning
SHOWN, WORDS = 5, 100  # right answers named after a miss, and characters of each
BESIDE = 500  # characters that a caption keeps for what stands around the task's text


@shows(TaskShown)
def task(shown: TaskShown, t: Translator) -> Screen:
    """The task is always whole; what stands around it is shortened until everything fits into one message."""
    head = t("<b>{title}</b> · {pay}", title=shown.title, pay=t.money(shown.pay, shown.currency))
    text, picture = shown.content.text, shown.content.picture
    body = Html(f"\n{quoted(text)}\n") if text else Html("")
    if picture and visible(head) + visible(body) > CAPTION - BESIDE:
        head, picture = lines(head, link(picture, t)), None
    buttons = _buttons(shown)
    asked = screen_of(shown.kind).ask(buttons, t) or Html("")
    limit = CAPTION if picture else MESSAGE
    room = limit - visible(head) - visible(body) - visible(asked) - 5
    below = fitting_card(shown, shown.card, t, room) if shown.card else Html("")
    room -= visible(below)
    above = _above(shown, t, room) or Html("")
    rules = instructions(shown.instructions, room - visible(above), t, expanded=shown.card is not None)
    return Screen(lines(above, head, body, asked, rules, below), keyboard(shown, buttons, t), photo=picture)


def _buttons(shown: TaskShown) -> TaskButtons:
    return (changing if shown.changing else answering)(shown.assignment, shown.options, shown.draft)


def _above(shown: TaskShown, t: Translator, room: int) -> Html | None:
    """That an answer is being changed, or what is said of the one before."""
    if shown.changing:
        return t("↩️ <b>Change your answer</b> · your pay stays the same")
    return said_of_last(shown.last, t, room)


def link(address: str, t: Translator) -> Html:
    """A picture whose caption would be too long for Telegram."""
    return t('🖼 <a href="{address}">The picture</a>', address=Html(escape(address)))


def quoted(text: str) -> Html:
    """The row itself, set apart from what we say about it."""
    return Html(f"<blockquote>{escape(text, quote=False)}</blockquote>")


def keyboard(shown: TaskShown, buttons: TaskButtons, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """The options first, each with its own words; what else can be done comes after them."""
    rows = screen_of(shown.kind).rows(buttons, t)
    if shown.changing:
        return (*rows, *instead(shown.assignment, t))
    unsure = Button(t.plain("🤷 Can't tell"), CantTell(assignment=shown.assignment).pack())
    pass_on = Button(t.plain("⏭ Skip"), Skip(assignment=shown.assignment).pack())
    rows += [(unsure, pass_on)]
    if shown.card:
        rows.append((Button(t.plain("🚫 Not this project"), Decline(project=shown.project).pack()),))
    return (*rows, *after(shown.last, t))


def instructions(listed: Sequence[str], room: int, t: Translator, expanded: bool) -> Html:
    """Numbered, as a rejection would cite them; folded after the first task; cut where there is no room."""
    numbered: list[Html] = []
    for at, line in enumerate(listed, 1):
        free = room - visible("\n".join(numbered)) - len(f"\n{at}. ")
        if free < FEW:
            break
        numbered.append(t("{number}. {line}", number=at, line=clipped(line, free)))
    body = Html("\n".join(numbered))
    if not body:
        return body
    return Html(f"<blockquote>{body}</blockquote>" if expanded else f"<blockquote expandable>{body}</blockquote>")


def fitting_card(shown: TaskShown, about: HonestCard, t: Translator, room: int) -> Html:
    """The whole card, or beside a very long task what matters most of it."""
    whole = card(shown, about, t)
    return whole if visible(whole) <= room - FEW else lines(pay_an_hour(about, shown.currency, t), consent(t))


def card(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """The honest card of a project, before the first answer."""
    return lines(
        t("🆕 <b>A new project. Good to know before you answer:</b>"),
        t(
            "💶 {pay} for every answer, “can't tell” too. The money is already set aside.",
            pay=t.money(shown.pay, shown.currency),
        ),
        pay_an_hour(about, shown.currency, t),
        when_paid(about, t),
        t(
            "⌛ You have {time} for each task. Later is paid too, while the task still needs an answer.",
            time=t.n("{count} minute", "{count} minutes", shown.minutes),
        ),
        t("🎯 Your answers are for: {purpose}", purpose=about.purpose)
        if about.purpose
        else t("🎯 The requester has not said what the answers are for."),
        consent(t),
    )


def pay_an_hour(about: HonestCard, currency: str, t: Translator) -> Html:
    """No figure by the hour before enough answers were measured; what is promised is the least of it."""
    seconds = t.duration(about.milliseconds)
    if about.measured and about.hourly is not None:
        hour = t.money(about.hourly, currency)
        return t("⏱ {seconds} a task (measured): about {hour} an hour", seconds=seconds, hour=hour)
    said = (
        t("⏱ About {seconds} a task, the requester says; not measured yet.", seconds=seconds)
        if about.stated
        else t("⏱ About {seconds} a task, we think; not measured yet.", seconds=seconds)
    )
    least = t("Less than {floor} an hour is topped up.", floor=t.money(about.floor, currency))
    return Html(f"{said} {least}") if about.floor else said


def consent(t: Translator) -> Html:
    return t("By answering, you agree that the requester may use your answers, without your name. /privacy")


def when_paid(about: HonestCard, t: Translator) -> Html:
    if about.accept == "review":
        return t(
            "✅ Your pay is pending at first. The requester has {hours} hours to decide; if nothing is said, you are paid.",
            hours=about.hours,
        )
    if about.gold:
        return t(
            "✅ Your pay is pending at first. Answer a few check questions right and all of it is yours at once; "
            "otherwise it is yours after {hours} hours.",
            hours=about.hours,
        )
    return t("✅ Your pay is yours at once.")


def said_of_last(last: LastAnswer | None, t: Translator, room: int = MESSAGE) -> Html | None:
    """What a check question teaches, or that what was sent has arrived."""
    if last is None:
        return None
    return _received(last, t) if last.miss is None else explained(last.miss, t, room)


def _received(last: LastAnswer, t: Translator) -> Html | None:
    """What was sent instead of pressed has arrived, and what it brought."""
    if last.received is None:
        return None
    pay = t.money(last.received, last.currency)
    return t("✅ Received. {pay} pending", pay=pay) if last.held else t("✅ Received. + {pay}", pay=pay)


def explained(miss: Miss, t: Translator, room: int = MESSAGE) -> Html:
    """What a check question teaches; it was paid all the same."""
    most, length = (SHOWN, WORDS) if room > CAPTION else (1, FEW)
    about = screen_of(miss.kind)
    right = clipped(about.right([clipped(answer, length) for answer in miss.gold], most, t), most * length)
    said = clipped(about.said(miss.answer, t), length) if miss.answer else ""
    first = (
        t(
            "💡 <b>We knew the answer to the last one:</b> {right}, not {said}. You are paid all the same.",
            right=right,
            said=said,
        )
        if said
        else t("💡 <b>We knew the answer to the last one:</b> {right}. You are paid all the same.", right=right)
    )
    left = room - visible(first) - 2 * FEW
    reason = clipped(miss.reason, left) if miss.reason and left > FEW else None
    return lines(first, t("Why: {reason}", reason=reason) if reason else None, " ")


@shows(MissExplained)
def missed(message: MissExplained, t: Translator) -> Screen:
    return Screen(explained(message.miss, t), contest(message.miss, t))


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
    }
    return Screen(lines(t("🤔 I can't take this as an answer to the task you have."), asked[sent.wants]))


@shows(TaskSkipped)
def skipped(task: TaskSkipped, t: Translator) -> Screen:
    return Screen(t("<b>{title}</b>\n⏭ skipped", title=task.title))


@shows(NothingNow)
def nothing(told: NothingNow, t: Translator) -> Screen:
    return Screen(
        lines(
            said_of_last(told.last, t),
            t("✨ <b>No task for you right now.</b>"),
            _asked_later(told.asked_later, t),
            when_next(told.quiet, t),
            t("/balance shows what you have earned, /settings says when we may write to you."),
        ),
        after(told.last, t),
    )


def when_next(quiet: QuietUntil | None, t: Translator) -> Html:
    """When the next one may come unasked."""
    if quiet is None:
        return t("We write to you as soon as there is one.")
    when = t.soon(quiet.until, quiet.at, quiet.zone)
    return t("We write to you from {when} on, or press /work before.", when=when)


def _asked_later(title: str | None, t: Translator) -> Html | None:
    """Where others are asked first, why, and the way back."""
    if title is None:
        return None
    return t(
        "<b>{title}</b>: for now others are asked first, because many of your answers there differ from what was found "
        "right. You still get a task there now and then: careful answers bring you back. /why_skill shows more.",
        title=title,
    )


@shows(ProjectDeclined)
def declined(told: ProjectDeclined, t: Translator) -> Screen:
    back = Button(t.plain("↩️ Undo"), AcceptAgain(project=told.project).pack())
    return Screen(t("<b>{title}</b>: you get no more tasks from this project.", title=told.title), ((back,),))


@shows(Paused)
def paused(told: Paused, t: Translator) -> Screen:
    go = Button(t.plain("▶️ Go on"), AskForWork().pack(), style="success")
    return Screen(
        lines(said_of_last(told.last, t), t("⏸ <b>Paused.</b> We send you nothing until you press /work.")),
        ((go,), *after(told.last, t)),
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
    """What was earned, at once; a missed gold task is explained in the next message."""
    pay = t.money(result.pay, result.currency)
    return Toast(t.plain("Received. {pay} pending", pay=pay) if result.held else t.plain("Received. + {pay}", pay=pay))


@toasts(Skipped)
def passed_on(result: Skipped, t: Translator) -> Toast:
    return Toast(t.plain("Skipped. Skipping costs you nothing."))
