"""A task, and what became of it."""

from html import escape
from typing import Any

from handlers.payloads.work import AcceptAgain, AskForWork, CantTell, Decline, Skip
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.layout.option_rows import SHORT
from handlers.screens.layout.task_buttons import TaskButtons, answering, changing
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from handlers.screens.work.corrections import after, amending, contest, instead
from locales import Html, Translator

FEW = 20  # characters under which a sentence is not worth beginning
SHOWN, WORDS = 5, 100  # right answers named after a miss, and characters of each
BESIDE = 500  # characters that a caption keeps for what stands around the task's text


@screen("work.task")
def task(facts: Facts, t: Translator) -> Screen:
    """The task is always whole; what stands around it is shortened until everything fits into one message."""
    head = t("<b>{title}</b> · {pay}", title=facts["title"], pay=t.money(facts["pay"], facts["currency"]))
    body = Html(f"\n{quoted(facts['text'])}\n") if facts["text"] else Html("")
    picture = facts["picture"]
    if picture and visible(head) + visible(body) > CAPTION - BESIDE:
        head, picture = lines(head, link(picture, t)), None
    asked = screen_of(kind_of(facts)).ask(_buttons(facts), t) or Html("")
    limit = CAPTION if picture else MESSAGE
    room = limit - visible(head) - visible(body) - visible(asked) - 5
    below = fitting_card(facts, t, room) if facts["card"] else Html("")
    room -= visible(below)
    above = amending(facts, t) or missed_gold(facts.get("feedback"), t, room) or Html("")
    rules = instructions(facts["instructions"], room - visible(above), t, expanded=bool(facts["card"]))
    return Screen(lines(above, head, body, asked, rules, below), keyboard(facts, t), photo=picture)


def link(address: str, t: Translator) -> Html:
    """A picture whose caption would be too long for Telegram."""
    return t('🖼 <a href="{address}">The picture</a>', address=Html(escape(address)))


def quoted(text: str) -> Html:
    """The row itself, set apart from what we say about it."""
    return Translator.__call__(_PLAIN, "<blockquote>{text}</blockquote>", text=text)


_PLAIN = Translator("en")


def keyboard(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """The options first, each with its own words; what else can be done comes after them."""
    number = facts["number"]
    rows = screen_of(kind_of(facts)).rows(_buttons(facts), t)
    if facts.get("amending"):
        return (*rows, *instead(facts, t))
    unsure = Button(t.plain("🤷 Can't tell"), CantTell(assignment=number).pack())
    pass_on = Button(t.plain("⏭ Skip"), Skip(assignment=number).pack())
    rows += [(unsure, pass_on)] if len(unsure.text) <= SHORT else [(unsure,), (pass_on,)]
    if facts["card"]:
        rows.append((Button(t.plain("🚫 Not this project"), Decline(project=facts["project"]).pack()),))
    return (*rows, *after(facts, t))


def _buttons(facts: Facts) -> TaskButtons:
    which = changing if facts.get("amending") else answering
    return which(facts["number"], facts["options"], facts.get("draft", ()))


def kind_of(facts: Facts) -> str:
    """Letters written before there were several kinds name none."""
    return str(facts.get("kind", "choice"))


def instructions(listed: list[str], room: int, t: Translator, expanded: bool) -> Html:
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


def fitting_card(facts: Facts, t: Translator, room: int) -> Html:
    """The whole card, or beside a very long task what matters most of it."""
    whole = card(facts, t)
    return whole if visible(whole) <= room - FEW else lines(pay_an_hour(facts, t), consent(t))


def card(facts: Facts, t: Translator) -> Html:
    """The honest card of a project, before the first answer."""
    about = facts["card"]
    return lines(
        t("🆕 <b>A new project. Good to know before you answer:</b>"),
        t(
            "💶 {pay} for every answer, “can't tell” too. The money is already set aside.",
            pay=t.money(facts["pay"], facts["currency"]),
        ),
        pay_an_hour(facts, t),
        when_paid(about, t),
        t(
            "⌛ You have {time} for each task. Later is paid too, while the task still needs an answer.",
            time=t.n("{count} minute", "{count} minutes", facts["minutes"]),
        ),
        t("🎯 Your answers are for: {purpose}", purpose=about["purpose"])
        if about["purpose"]
        else t("🎯 The requester has not said what the answers are for."),
        consent(t),
    )


def pay_an_hour(facts: Facts, t: Translator) -> Html:
    """No figure by the hour before enough answers were measured; what is promised is the least of it."""
    about = facts["card"]
    seconds = t.duration(about["milliseconds"])
    if about["measured"]:
        hour = t.money(about["hourly"], facts["currency"])
        return t("⏱ {seconds} a task (measured): about {hour} an hour", seconds=seconds, hour=hour)
    said = (
        t("⏱ About {seconds} a task, the requester says; not measured yet.", seconds=seconds)
        if about.get("stated")
        else t("⏱ About {seconds} a task, we think; not measured yet.", seconds=seconds)
    )
    least = t("Less than {floor} an hour is topped up.", floor=t.money(about["floor"], facts["currency"]))
    return Html(f"{said} {least}") if about.get("floor") else said


def consent(t: Translator) -> Html:
    return t("By answering, you agree that the requester may use your answers, without your name. /privacy")


def when_paid(about: dict[str, Any], t: Translator) -> Html:
    if about["accept"] == "review":
        return t(
            "✅ Your pay is pending at first. The requester has {hours} hours to decide; if nothing is said, you are paid.",
            hours=about["hours"],
        )
    if about["gold"]:
        return t(
            "✅ Your pay is pending at first. Answer a few known questions right and all of it is yours at once; "
            "otherwise it is yours after {hours} hours.",
            hours=about["hours"],
        )
    return t("✅ Your pay is yours at once.")


def _received(feedback: Facts, t: Translator) -> Html | None:
    """What was sent instead of pressed has arrived, and what it brought."""
    if "received" not in feedback:
        return None
    pay = t.money(feedback["received"], feedback["currency"])
    return t("✅ Received. {pay} pending", pay=pay) if feedback["held"] else t("✅ Received. + {pay}", pay=pay)


def missed_gold(feedback: dict[str, Any] | None, t: Translator, room: int = MESSAGE) -> Html | None:
    """What a known question teaches; it was paid all the same."""
    if not feedback or "gold" not in feedback:
        return _received(feedback or {}, t)
    most, length = (SHOWN, WORDS) if room > CAPTION else (1, FEW)
    about = screen_of(kind_of(feedback))
    right = clipped(about.right([clipped(answer, length) for answer in feedback["gold"]], most, t), most * length)
    said = clipped(about.said(feedback["answer"], t), length) if feedback["answer"] else ""
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
    reason = clipped(feedback["reason"], left) if feedback["reason"] and left > FEW else None
    return lines(first, t("Why: {reason}", reason=reason) if reason else None, " ")


@screen("work.missed")
def missed(facts: Facts, t: Translator) -> Screen:
    return Screen(missed_gold(facts["feedback"], t) or Html(""), contest(facts, t))


@screen("work.hint")
def hint(facts: Facts, t: Translator) -> Screen:
    """Something was sent that does not answer the task in hand."""
    asked = {
        "press": t("That task is answered with the buttons under it. /work shows it again."),
        "presses": t("That task is answered with the buttons under it, then “Done”. /work shows it again."),
        "text": t("That task is answered in words: write to me. /work shows it again."),
        "photo": t("That task is answered with a photo: send me one. /work shows it again."),
        "voice": t("That task is answered with a voice message: send me one. /work shows it again."),
        "location": t("That task is answered with a place: press 📎, then Location. /work shows it again."),
    }
    return Screen(lines(t("🤔 I can't take this as an answer to the task you have."), asked[facts["wants"]]))


@screen("work.skipped")
def skipped(facts: Facts, t: Translator) -> Screen:
    return Screen(t("<b>{title}</b>\n⏭ skipped", title=facts["title"]))


@screen("work.nothing")
def nothing(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            missed_gold(facts.get("feedback"), t),
            t("✨ <b>No task for you right now.</b>"),
            _asked_later(facts.get("later"), t),
            when_next(facts, t),
            t("/balance shows what you have earned, /settings says when we may write to you."),
        ),
        after(facts, t),
    )


def when_next(facts: Facts, t: Translator) -> Html:
    """When the next one may come unasked."""
    until = facts.get("quiet_until")
    if until is None:
        return t("We write to you as soon as there is one.")
    return t("We write to you from {when} on, or press /work before.", when=t.soon(until, facts["at"], facts["zone"]))


def _asked_later(title: str | None, t: Translator) -> Html | None:
    """Where others are asked first, why, and the way back."""
    if title is None:
        return None
    return t(
        "<b>{title}</b>: for now others are asked first, because many of your answers there differ from what was found "
        "right. You still get a task there now and then: careful answers bring you back. /why skill shows more.",
        title=title,
    )


@screen("work.declined")
def declined(facts: Facts, t: Translator) -> Screen:
    back = Button(t.plain("↩️ Undo"), AcceptAgain(project=facts["project"]).pack())
    return Screen(t("<b>{title}</b>: you get no more tasks from this project.", title=facts["title"]), ((back,),))


@screen("work.paused")
def paused(facts: Facts, t: Translator) -> Screen:
    go = Button(t.plain("▶️ Go on"), AskForWork().pack(), style="success")
    return Screen(
        lines(missed_gold(facts.get("feedback"), t), t("⏸ <b>Paused.</b> We send you nothing until you press /work.")),
        ((go,), *after(facts, t)),
    )


@screen("work.qualified")
def qualified(facts: Facts, t: Translator) -> Screen:
    amount = t.money(facts["amount"], facts["currency"])
    return Screen(
        lines(
            t("🎉 <b>You have qualified: {title}</b>", title=facts["title"]),
            t("{amount} that was pending is yours now. From now on, each answer is paid at once.", amount=amount),
        )
    )
