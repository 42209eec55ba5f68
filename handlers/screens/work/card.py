"""The honest card: the facts of a project before a worker's first answer. Two lines, the rest folded."""

from html import escape

from domain.work.honest_card import HonestCard, TrackRecord
from domain.work.messages import TaskShown
from domain.work.offers import COUNTED
from handlers.screens.answers import screen_of
from handlers.screens.fairness import ratings
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import lines
from handlers.screens.work.content import kinds
from locales import Html, Translator

NAMED = 24  # characters of the requester's name in the short lines


def card(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """Pay, time and who asks in two lines; below them, folded, what is agreed to, and the rest."""
    short = lines(in_short(shown, about, t), who_asks(about, t))
    return lines(short, Html(f"<blockquote expandable>{_rest(shown, about, t)}</blockquote>"))


def in_short(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """“🆕 €0.05 · 8 seconds · €22.50/h · pending”; without pay an hour before it is measured."""
    pending = about.accept == "review" or about.gold
    measured = about.measured and about.hourly is not None
    hour = t("{hour}/h", hour=t.money(about.hourly or 0, shown.currency)) if measured else ""
    parts = (
        Html(f"🆕 <b>{t.money(shown.pay, shown.currency)}</b>"),
        Html(t.duration(about.milliseconds)),
        hour,
        t("pending") if pending else t("paid at once"),
    )
    return Html(" · ".join(filter(None, parts)))


def who_asks(about: HonestCard, t: Translator) -> Html:
    """“👤 Anna · 12 left · ⭐ 3.9 (24)”."""
    asks = Html(escape(t.isolated(clipped(about.requester, NAMED)), quote=False))
    rating = ratings.in_short(about.rating, t) if about.rating else ""
    parts = (asks or t("requester unknown"), tasks_left(about.left, t), rating)
    return Html("👤 " + " · ".join(filter(None, parts)))


def tasks_left(left: int, t: Translator) -> Html:
    """“12 left”; counting ends somewhere. Beside a task, what is left after it."""
    if not left:
        return t("the last one")
    if left >= COUNTED:
        return t("more than {count} left", count=t.number(COUNTED - 1))
    return t.n("{count} left", "{count} left", left)


def _rest(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """What counts most first: three lines are read without unfolding it."""
    return lines(
        consent(t),
        t("🎯 Your answers are for: {purpose}", purpose=about.purpose)
        if about.purpose
        else t("🎯 The requester has not said what the answers are for."),
        *whereto(about, t),
        t(
            "💶 {pay} for every answer, “can't tell” too. The money is already set aside.",
            pay=t.money(shown.pay, shown.currency),
        ),
        pay_an_hour(about, shown.currency, t),
        when_paid(about, t),
        track_record(about.record, t),
        ratings.figures(about.rating, t) if about.rating else None,
        ratings.reply(about.rating, t),
        screen_of(shown.kind).request(shown.options, t),
        t(
            "⌛ You have {time} for each task. Later is paid too, while the task still needs an answer.",
            time=t.n("{count} minute", "{count} minutes", shown.minutes),
        ),
        t("⚠️ The tasks show: {kinds}.", kinds=kinds(about.content, t)) if about.content else None,
        Html(f"🗣 /board_{shown.project} · ❓ /faq_{shown.project}"),
    )


def whereto(about: HonestCard, t: Translator) -> tuple[Html | None, ...]:
    """What leaves, and to whom."""
    name = about.requester or t.plain("the requester")
    goes = (
        t(
            "📤 What you send goes to {name} as it is, under a made-up name. Leave out what tells who you are.",
            name=name,
        )
        if about.own
        else t("📤 Your answer goes to {name}, under a made-up name.", name=name)
    )
    return goes, t("🤖 A program has answered these tasks too. Yours is compared with it.") if about.models else None


def track_record(record: TrackRecord | None, t: Translator) -> Html:
    """Rejections and time to pay of the requester's latest answers."""
    if record is None:
        return t("📊 New here: too few answers were decided to say how many are rejected and how soon they are paid.")
    figures = {"count": t.number(record.decided), "share": t.percent(record.rejected / record.decided)}
    if record.rejected == record.decided:
        return t("📊 Of the last {count} answers, {share} were rejected.", **figures)
    if not record.paid_within:
        return t(
            "📊 Of the last {count} answers, {share} were rejected. Half of the others were paid at once.", **figures
        )
    return t(
        "📊 Of the last {count} answers, {share} were rejected. Half of the others were paid within {time}.",
        time=t.duration(record.paid_within),
        **figures,
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
    return t(
        "By answering, you agree that the requester may use your answers, without your name. You can take that back: /leave. /privacy"
    )


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
