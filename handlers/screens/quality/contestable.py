"""Decisions a worker can contest, each with its button."""

from domain.answers import default_kind
from domain.moments import Moment
from domain.quality.messages.contests import Contestable, MissedGold, OpenStop, RejectedAnswer
from handlers.payloads.automated import Complain
from handlers.payloads.fairness import AppealRejection
from handlers.payloads.oversight import AppealStop
from handlers.payloads.quality import AppealRestriction, Contest, ContestOlder
from handlers.screens.answers import screen_of
from handlers.screens.fairness.stops import called
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

NAMED, SHORT = 100, 18  # characters of a name, and on a button


@shows(Contestable)
def contestable(of: Contestable, t: Translator) -> Screen:
    """The list, each decision with its button."""
    rows, keys = [], []
    for at, miss in enumerate(of.misses, 1):
        rows.append(_miss(at, miss, t))
        text = t.plain("⚖️ {number}: I was right", number=at)
        keys.append((Button(text, Contest(submission=miss.submission).pack()),))
    for at, each in enumerate(of.rejections, 1):
        rows.append(_rejected(each, t))
        text = t.plain("⚖️ Appeal {number}", number=at) if len(of.rejections) > 1 else t.plain("⚖️ Appeal")
        keys.append((Button(text, AppealRejection(submission=each.submission).pack()),))
    for known in of.restrictions:
        title, until = clipped(known.title, NAMED), t.time(known.until)
        rows.append(t("⏸ “{title}”: restricted until {until}", title=title, until=until))
        keys.append((Button(t.plain("⚖️ I object"), AppealRestriction(restriction=known.restriction).pack()),))
    for stop in of.stops:
        rows.append(_stop(stop, t))
        keys.append(
            (Button(t.plain("⚖️ Appeal: {what}", what=called(stop.title, t, SHORT)), AppealStop.wire(stop.stop)),)
        )
    waiting = t.n(
        "{count} objection is waiting for its requester.",
        "{count} objections are waiting for their requesters.",
        of.waiting,
    )
    head = t("⚖️ <b>What you can contest</b>") if rows else t("✨ There is nothing you could contest now.")
    judged = _judged(of.judged, t) if of.judged else None
    if of.more:
        rows.append(t.n("… and {count} more", "… and {count} more", of.more))
        keys.append((Button(t.plain("More ▶️"), ContestOlder.wire(of.shown)),))
    if of.worker:
        keys.append((Button(t.plain("✍️ Something else: complain"), Complain().pack()),))
    return Screen(lines(head, *rows, waiting if of.waiting else None, judged), tuple(keys))


def _judged(due: tuple[Moment, ...], t: Translator) -> Html:
    return t.n(
        "⚖️ {count} appeal of yours is being judged: you hear by {until}.",
        "⚖️ {count} appeals of yours are being judged: you hear by {until}.",
        len(due),
        until=t.time(due[-1]),
    )


def _stop(stop: OpenStop, t: Translator) -> Html:
    reason = clipped(stop.reason, 200)
    if stop.title:
        return t("⏹ “{title}”: an admin ended it. Reason: “{reason}”.", title=clipped(stop.title, NAMED), reason=reason)
    return t("⛔ Your account is suspended. Reason: “{reason}”.", reason=reason)


def _rejected(of: RejectedAnswer, t: Translator) -> Html:
    return t(
        "❌ {text}\nRejected ({amount}), line {line}. Reason: “{reason}”. Appeal by {until}.",
        text=clipped(of.text, 200),
        amount=t.money(of.amount, of.currency),
        line=of.line,
        reason=clipped(of.reason, 200),
        until=t.time(of.until),
    )


def _miss(at: int, miss: MissedGold, t: Translator) -> Html:
    about = screen_of(miss.kind or default_kind())
    said = clipped(about.said(miss.answer, t), NAMED) if miss.answer else t.plain("can't tell")
    gold = clipped(about.right(list(miss.gold), 3, t), 3 * NAMED)
    text = clipped(miss.text, 200)
    return t("{number}. {text}\nYou: {said} · check question: {gold}", number=at, text=text, said=said, gold=gold)
