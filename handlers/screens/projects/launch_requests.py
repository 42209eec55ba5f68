"""A program asks its owner for a launch."""

from domain.projects.launch_requests import LaunchDeclined, LaunchRequestOver, LaunchWanted
from handlers.payloads.projects import DecideLaunch, Preview
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Translator


@shows(LaunchWanted)
def wanted(m: LaunchWanted, t: Translator) -> Screen:
    price = t.money(m.price, m.currency)
    launch = Button(t.plain("🚀 Launch for {price}", price=price), DecideLaunch(number=m.number, yes=True).pack())
    no = Button(t.plain("✖️ No"), DecideLaunch(number=m.number, yes=False).pack())
    look = Button(t.plain("👀 Look first"), Preview(number=m.project).pack())
    holds = t("{tasks}: {price} at most.", tasks=t.n("{count} task", "{count} tasks", m.tasks), price=price)
    rests = t("It rests, as its tasks take longer than expected. With {price} more it goes on.", price=price)
    return Screen(
        lines(
            t("🤖 <b>Your program asks you to launch {number} · {title}</b>", number=m.project, title=m.title),
            holds if m.tasks else rests,
            t("Its key …{hint} may not spend that: you decide.", hint=m.hint),
            t("The button works until {until}.", until=t.time(m.until)),
        ),
        ((launch,), (no, look)),
    )


@shows(LaunchDeclined)
def declined(m: LaunchDeclined, t: Translator) -> Screen:
    return Screen(t("✖️ {number} · {title} is not launched. Your program can read it.", number=m.project, title=m.title))


@shows(LaunchRequestOver)
def over(m: LaunchRequestOver, t: Translator) -> Screen:
    why = {
        "decided": t("You have decided about this launch already."),
        "expired": t("The time for this button is over."),
        "replaced": t("Your program has asked anew: see the newer message."),
        "key": t("You ended the key of the program that asked."),
        "price": t("The launch costs more by now."),
    }[m.why]
    return Screen(lines(why, t("/preview {number} shows the project as it is.", number=m.project)))
