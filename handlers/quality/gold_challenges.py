"""Challenged check questions: the requester's decision, and the notices to workers."""

from __future__ import annotations

from collections.abc import Iterator

from domain.answers import default_kind
from domain.moments import Moment
from domain.people.accounts import EVERYBODY, REQUESTER, WORKER
from domain.people.teams import Right
from domain.quality.gold import GoldDecided, GoldDoubted, GoldReviewed
from domain.quality.gold_challenges import Contestable, ContestNoted, MissedGold, OpenStop, RejectedAnswer
from handlers import answers, quotations
from handlers.fairness import appeals, complaints, stops
from handlers.payload import Number, Payload
from handlers.quality import restrictions
from handlers.routing import Route
from handlers.screen import Button, Screen, Toast, clipped, lines, shows, toasts
from locales.translator import Html, Translator
from services.quality import gold_challenges


class Contest(Payload, code="ct"):
    submission: Number


class JudgeGold(Payload, code="gj"):
    challenge: Number
    keep: bool


class ListContestable(Payload):
    pass


class ContestOlder(Payload, code="cy"):
    """Check questions and rejections that can be contested, without so many that were shown."""

    shown: Number


NAMED, SHORT = 100, 18  # characters of a name, and on a button


Row = tuple[Html, Button]  # a decision that can be contested, and the button that contests it


@shows(Contestable)
def show_contestable(m: Contestable, t: Translator) -> Screen:
    """Show a worker the decisions that they can contest, each with its button."""
    rows = [*_miss_rows(m, t), *_rejection_rows(m, t), *_restriction_rows(m, t), *_stop_rows(m, t)]
    head = t("⚖️ <b>What you can contest</b>") if rows else t("✨ There is nothing you could contest now.")
    waiting = t.n(
        "{count} objection is waiting for its requester.",
        "{count} objections are waiting for their requesters.",
        m.waiting,
    )
    keys = [button for _, button in rows]
    if m.more:
        keys.append(Button(t.plain("More ▶️"), ContestOlder.wire(m.shown)))
    if m.worker:
        keys.append(Button(t.plain("✍️ Something else: complain"), complaints.Complain().pack()))
    return Screen(
        lines(
            head,
            *(row for row, _ in rows),
            t.n("… and {count} more", "… and {count} more", m.more) if m.more else None,
            waiting if m.waiting else None,
            _deadlines_line(m.judged, t) if m.judged else None,
        ),
        tuple((button,) for button in keys),
    )


def _miss_rows(m: Contestable, t: Translator) -> Iterator[Row]:
    for number, miss in enumerate(m.misses, 1):
        label = t.plain("⚖️ {number}: I was right", number=number)
        yield _miss_line(number, miss, t), Button(label, Contest(submission=miss.submission).pack())


def _rejection_rows(m: Contestable, t: Translator) -> Iterator[Row]:
    for number, rejection in enumerate(m.rejections, 1):
        label = t.plain("⚖️ Appeal {number}", number=number) if len(m.rejections) > 1 else t.plain("⚖️ Appeal")
        press = appeals.AppealRejection(submission=rejection.submission)
        yield _rejection_line(rejection, t), Button(label, press.pack())


def _restriction_rows(m: Contestable, t: Translator) -> Iterator[Row]:
    for restriction in m.restrictions:
        title, until = clipped(restriction.title, NAMED), t.time(restriction.until)
        press = restrictions.AppealRestriction(restriction=restriction.restriction)
        line = t("⏸ “{title}”: restricted until {until}", title=title, until=until)
        yield line, Button(t.plain("⚖️ I object"), press.pack())


def _stop_rows(m: Contestable, t: Translator) -> Iterator[Row]:
    for stop in m.stops:
        label = t.plain("⚖️ Appeal: {what}", what=stops.stopped_name(stop.title, t, SHORT))
        yield _stop_line(stop, t), Button(label, stops.AppealStop.wire(stop.stop))


def _deadlines_line(due: tuple[Moment, ...], t: Translator) -> Html:
    return t.n(
        "⚖️ {count} appeal of yours is being judged: you hear by {until}.",
        "⚖️ {count} appeals of yours are being judged: you hear by {until}.",
        len(due),
        until=t.time(due[-1]),
    )


def _stop_line(stop: OpenStop, t: Translator) -> Html:
    reason = clipped(stop.reason, 200)
    if stop.title:
        return t("⏹ “{title}”: an admin ended it. Reason: “{reason}”.", title=clipped(stop.title, NAMED), reason=reason)
    return t("⛔ Your account is suspended. Reason: “{reason}”.", reason=reason)


def _rejection_line(rejection: RejectedAnswer, t: Translator) -> Html:
    return t(
        "❌ {text}\nRejected ({amount}), line {line}. Reason: “{reason}”. Appeal by {until}.",
        text=clipped(rejection.text, 200),
        amount=t.money(rejection.amount, rejection.currency),
        line=rejection.line,
        reason=clipped(rejection.reason, 200),
        until=t.time(rejection.until),
    )


def _miss_line(index: int, miss: MissedGold, t: Translator) -> Html:
    answer_screen = answers.screen_of(miss.kind or default_kind())
    own_answer = clipped(answer_screen.describe(miss.answer, t), NAMED) if miss.answer else t.plain("can't tell")
    gold = clipped(answer_screen.right(list(miss.gold), 3, t), 3 * NAMED)
    text = clipped(miss.text, 200)
    return t(
        "{number}. {text}\nYou: {said} · check question: {gold}", number=index, text=text, said=own_answer, gold=gold
    )


NAMED_CHALLENGES, TASK = 100, 600  # characters of a name, and of a task that is shown again


@toasts(ContestNoted)
def noted(_: ContestNoted, t: Translator) -> Toast:
    text = t.plain("⚖️ Noted. The requester must look at it within 72 hours; if they do not, you win.")
    return Toast(text, alert=True)


@shows(GoldDoubted)
def ask_about_doubted_gold(m: GoldDoubted, t: Translator) -> Screen:
    task, album = quotations.quote_task(m.content, m.kind, m.options, TASK)
    keep, drop = (JudgeGold(challenge=m.challenge, keep=keep).pack() for keep in (True, False))
    return Screen(
        lines(
            _doubt_line(m, t),
            t("{number}: {title}", number=m.number, title=clipped(m.title, NAMED_CHALLENGES)),
            task,
            t(
                "Your answer: <b>{gold}</b>. {agreeing} of {answers} said so.",
                gold=_gold_answers(m.gold, t),
                agreeing=t.number(m.agreeing),
                answers=t.number(m.answers),
            ),
            t("Please decide by {until}. If you say nothing, the workers win.", until=t.time(m.until)),
        ),
        (
            (Button(t.plain("✅ It is right, keep it"), keep),),
            (Button(t.plain("↩️ It is wrong, drop it"), drop, style="danger"),),
        ),
        album=album,
    )


def _doubt_line(m: GoldDoubted, t: Translator) -> Html:
    if m.aside:
        return t(
            "⚖️ <b>Several workers, or very good ones, say the answer to this check question is wrong.</b> Until you "
            "decide, it checks nobody."
        )
    if not m.contested:
        return t("⚖️ <b>Most who answered this check question say something else.</b> Nothing has changed so far.")
    return t("⚖️ <b>Somebody says the answer to this check question is wrong.</b> Nothing has changed so far.")


@shows(GoldDecided)
def show_decision(m: GoldDecided, t: Translator) -> Screen:
    gold = _gold_answers(m.gold, t)
    task, album = quotations.quote_task(m.content, m.kind, m.options, TASK)
    text = (
        t("⚖️ Kept: <b>{gold}</b> goes on checking the work.", gold=gold)
        if m.kept
        else t(
            "⚖️ Dropped: <b>{gold}</b> counts for nobody. What it had caused is put right; the workers were told.",
            gold=gold,
        )
    )
    return Screen(lines(text, task), album=album)


@shows(GoldReviewed)
def show_review_outcome(m: GoldReviewed, t: Translator) -> Screen:
    names = {"title": clipped(m.title, NAMED_CHALLENGES), "gold": _gold_answers(m.gold, t)}
    task, album = quotations.quote_task(m.content, m.kind, m.options, TASK)
    if m.kept:
        head = t("⚖️ <b>{title}</b>: the requester looked again at the check question, and keeps {gold}.", **names)
        return Screen(lines(head, task), album=album)
    head = t("⚖️ <b>{title}</b>: this is no check question any more. Your answer no longer counts as a miss.", **names)
    return Screen(lines(head, task, t("See /balance and /why.")), album=album)


def _gold_answers(gold: tuple[str, ...], t: Translator) -> str:
    return t.one_of([clipped(answer, NAMED_CHALLENGES) for answer in gold[:5]])


ROUTES = (
    Route(ContestOlder, EVERYBODY, gold_challenges.list_more_contestable),
    Route(
        ListContestable,
        EVERYBODY,
        gold_challenges.list_contestable,
        command="appeal",
        means="contest a rejection, a check question or a restriction",
        listed=WORKER,
    ),
    Route(Contest, WORKER, gold_challenges.contest_gold, stays=True),
    Route(JudgeGold, REQUESTER, gold_challenges.decide_challenge, right=Right.LOOK),
)
