"""The honest card: what somebody should know of a project before the first answer."""

from domain.work.messages import HonestCard, TaskShown
from handlers.screens.layout.fitting import visible
from handlers.screens.layout.task_text import FEW
from handlers.screens.screen import lines
from locales import Html, Translator


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
