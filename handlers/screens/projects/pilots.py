"""A few tasks are tried first: what they brought."""

from domain.projects.draft_messages import PilotDone
from domain.projects.messages import Preflight
from domain.projects.projects import Pilot
from handlers.payloads.authoring import LaunchShown
from handlers.payloads.projects import BeginPilot, Preview
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

TITLE = 200


@shows(PilotDone)
def done(m: PilotDone, t: Translator) -> Screen:
    rest = t.n("🚀 Launch the {count} other task", "🚀 Launch the {count} other tasks", m.rest)
    return Screen(
        lines(
            t("🧪 <b>{number}: {title}</b>: the first tasks are done.", number=m.number, title=clipped(m.title, TITLE)),
            brought(m.pilot, t),
            took(m.seconds, t),
            t("/preview {number} says what the others cost. /results {number} has these.", number=m.number),
        ),
        (
            *(((Button(str(rest), LaunchShown(number=m.number).pack(), style="success"),),) if m.rest else ()),
            (Button(t.plain("📋 What the others cost"), Preview(number=m.number).pack()),),
        ),
    )


def brought(of: Pilot, t: Translator) -> Html:
    answers = t.n("{count} answer", "{count} answers", of.answers)
    workers = t.n("{count} worker", "{count} workers", of.workers)
    if of.agreement is None:
        return t("🧪 Pilot: {answers} of {workers}.", answers=answers, workers=workers)
    share = t.percent(of.agreement)
    return t("🧪 Pilot: {answers} of {workers}; {share} of them agree.", answers=answers, workers=workers, share=share)


def took(seconds: float | None, t: Translator) -> Html:
    if seconds is None:
        return t("⏱ Too few people answered to measure the time: the estimate stays.")
    return t("⏱ One answer took {seconds} s: that is reckoned with from now on.", seconds=t.number(round(seconds, 1)))


def piloted(card: Preflight, t: Translator) -> Html | None:
    """A line of the pre-flight card of the others."""
    if card.pilot is None:
        return None
    told = t("The time is measured, no estimate.") if card.measured else None
    return lines(brought(card.pilot, t), told)


def try_first(card: Preflight, t: Translator) -> Keyboard:
    if not card.may_pilot or not card.price.passes_floor:
        return ()
    label = t.n("🧪 Try {count} task first", "🧪 Try {count} tasks first", card.may_pilot)
    return ((Button(str(label), BeginPilot(number=card.number).pack()),),)
