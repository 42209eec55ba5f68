"""What can be done about an answer that was given: it is changed, or, where it was explained, defended."""

from collections.abc import Mapping
from typing import Any

from handlers.payloads.quality import Contest
from handlers.payloads.work import AmendCantTell, ChangeAnswer, KeepAnswer
from handlers.screens.answers import screen_of
from handlers.screens.screen import Button, Facts, Screen, screen
from locales import Html, Translator

Rows = tuple[tuple[Button, ...], ...]


def change(about: Mapping[str, Any] | None, t: Translator) -> Rows:
    """Under what follows an answer. It stands there whatever the answer was, but for one that was explained."""
    number = (about or {}).get("change")
    if number is None:
        return ()
    payload = ChangeAnswer(assignment=number, message=(about or {}).get("message", 0))
    return ((Button(t.plain("↩️ Change my last answer"), payload.pack()),),)


def after(facts: Facts, t: Translator) -> Rows:
    """What can be done about the last answer: changed, or, where it was explained, defended."""
    return (*change(facts.get("feedback"), t), *contest(facts, t))


def contest(facts: Facts, t: Translator) -> Rows:
    """Under an explanation: the known answer itself may be wrong."""
    number = (facts.get("feedback") or {}).get("submission")
    if number is None:
        return ()
    return ((Button(t.plain("⚖️ No, I was right"), Contest(submission=number).pack()),),)


def amending(facts: Facts, t: Translator) -> Html | None:
    """Above a task whose answer is being changed."""
    return t("↩️ <b>Change your answer</b> · your pay stays the same") if facts.get("amending") else None


def instead(facts: Facts, t: Translator) -> Rows:
    """What else can be done with it; it was paid, so there is nothing to skip."""
    unsure = Button(t.plain("🤷 Can't tell"), AmendCantTell(assignment=facts["number"]).pack())
    return ((unsure,), (Button(t.plain("✖️ Keep my answer"), KeepAnswer(assignment=facts["number"]).pack()),))


@screen("work.answered")
def answered(facts: Facts, t: Translator) -> Screen:
    """What stands; for a minute it can be changed."""
    said = screen_of(facts.get("kind", "choice")).said(facts["answer"], t) if facts["answer"] else t.plain("can't tell")
    pay = t.money(facts["pay"], facts["currency"])
    if facts.get("changed"):
        return Screen(t("<b>{title}</b>\n✓ changed: {said} · {pay}", title=facts["title"], said=said, pay=pay))
    text = t("<b>{title}</b>\n✓ {said} · {pay}", title=facts["title"], said=said, pay=pay)
    return Screen(text, change(facts, t))
