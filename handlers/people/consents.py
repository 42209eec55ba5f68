"""Consents: what projects may use, taking it back, and what had left before."""

from __future__ import annotations

from domain.people.accounts import EVERYBODY, WORKER
from domain.people.personal_data import (
    AnswersTakenBack,
    ConsentEnded,
    ConsentList,
    Delivery,
    Farewell,
    ForgetQuestion,
    NothingErased,
    NotYetErased,
    OpenMatter,
    PayWaived,
    WaiverQuestion,
    WithdrawQuestion,
)
from handlers.money import payouts
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    clipped,
    day,
    held_money,
    lines,
    numbered,
    shows,
)
from locales.translator import Html, Translator
from services.people import personal_data


class Withdraw(Payload, code="fw"):
    project: Number
    sure: bool


class Forget(Payload, code="fg"):
    """0 asks once more, 1 is the word, anything else is a no."""

    sure: Number


class WaivePay(Payload, code="wv"):
    """Of somebody who leaves: 0 asks, 1 gives up all of `amount`, anything else is a no."""

    sure: Number
    amount: Number
    currency: str


class AskToForget(Payload):
    pass


class AskToWithdraw(Payload, code="uw"):
    project: Number


class ListConsents(Payload, code="uc"):
    """A page behind the consent to project `before`, which was given at `since`; the newest where both are 0."""

    since: Number = 0
    before: Number = 0


TITLE = 28  # characters of a project's title on a button


@shows(ConsentList)
def consents(m: ConsentList, t: Translator) -> Screen:
    if not m.consents:
        return Screen(t("No project uses answers of yours."))
    told = [
        t("• <b>{title}</b> · {day}", title=each.title, day=t.date(each.since))
        if not each.version
        else t(
            "• <b>{title}</b> · {day} · terms of {version}",
            title=each.title,
            day=t.date(each.since),
            version=day(each.version, t),
        )
        for each in m.consents
    ]
    buttons = tuple(
        (Button(f"📤 {clipped(each.title, TITLE)}", AskToWithdraw.wire(each.project)),) for each in m.consents
    )
    return Screen(
        lines(
            t("<b>These projects may use your answers.</b> You agreed with your first answer there."),
            *told,
            " ",
            t("Press one to take your answers back. You keep the pay."),
        ),
        (*buttons, *_older(m, t)),
    )


def _older(m: ConsentList, t: Translator) -> Keyboard:
    if not m.more:
        return ()
    last = m.consents[-1]
    return ((Button(t.plain("▶️ Older ones"), ListConsents.wire(last.since, last.project)),),)


@shows(WithdrawQuestion)
def ask_one(m: WithdrawQuestion, t: Translator) -> Screen:
    yes, no = (Withdraw(project=m.number, sure=sure).pack() for sure in (True, False))
    return Screen(
        lines(
            t("↩️ Take your answers to <b>{title}</b> back?", title=m.title),
            t.n(
                "{count} answer leaves the requester's files; you get no more tasks of it. What you earned stays yours.",
                "{count} answers leave the requester's files; you get no more tasks of it. What you earned stays yours.",
                m.answers,
            ),
        ),
        ((Button(t.plain("Yes, take them back"), yes, style="danger"),), (Button(t.plain("No, keep everything"), no),)),
    )


@shows(ConsentEnded)
def withdrawn(m: ConsentEnded, t: Translator) -> Screen:
    return Screen(
        lines(
            t("↩️ Your consent to <b>{title}</b> has ended.", title=m.title),
            t.n(
                "{count} answer left the requester's files. What you earned stays yours.",
                "{count} answers left the requester's files. What you earned stays yours.",
                m.answers,
            ),
            t("The results are computed again without that."),
            " ",
            *_before(m, t),
        )
    )


def _before(m: ConsentEnded, t: Translator) -> list[Html]:
    if not m.delivered:
        return [t("Nothing had been taken out of it before.")]
    return [
        t("The requester had taken these before; we can't call them back, and have asked them to delete your answers:"),
        *_named(m.delivered, m.all_delivered, t),
    ]


@shows(AnswersTakenBack)
def taken_back(m: AnswersTakenBack, t: Translator) -> Screen:
    return Screen(
        lines(
            t.n(
                "↩️ <b>{title}</b>: worker {worker} has taken {count} answer back.",
                "↩️ <b>{title}</b>: worker {worker} has taken {count} answers back.",
                m.answers,
                title=m.title,
                worker=m.worker,
            ),
            t("No later file has any of that, and the results are computed again. What was paid stays paid."),
            t("Please delete this worker's rows from what you took before:") if m.delivered else None,
            *_named(m.delivered, m.all_delivered, t),
        )
    )


def _named(delivered: tuple[Delivery, ...], count: int, t: Translator) -> list[Html]:
    """One line a file, the newest first."""
    named = [
        t("• {what} ({format}), {when}", what=_what(each, t), format=each.format, when=t.time(each.at))
        for each in delivered
    ]
    more = count - len(delivered)
    return [*named, t.n("• and {count} more", "• and {count} more", more)] if more > 0 else named


def _what(each: Delivery, t: Translator) -> Html:
    words = {
        "results": lambda: t("results"),
        "submissions": lambda: t("submissions"),
        "files": lambda: t("photos or voice messages"),
        "chat": lambda: t("shown in the chat"),
    }
    return words[each.what]() if each.what in words else Html(each.what)


@shows(ForgetQuestion)
def ask(m: ForgetQuestion, t: Translator) -> Screen:
    if m.open:
        return Screen(
            lines(
                t("🗑 <b>Before you are forgotten</b>"),
                t("Something is still open between us. We don't want you to lose it:"),
                *[_matter(each, t) for each in m.open],
                " ",
                t("Come back with /forget when it is settled."),
                _only_one(m, t),
            ),
            tuple(row for each in m.open for row in _ways(each, t)),
        )
    return _sure(t) if m.sure else _explained(m, t)


def _explained(m: ForgetQuestion, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🗑 <b>Forget me</b>"),
            t(
                "<b>Erased:</b> your Telegram id, names, bank account, messages, and what you wrote, said, photographed or sent as a place. No requester's file holds your answers any more."
            ),
            t(
                "<b>Kept, without your name:</b> the movements of money, because a book must add up; which options were pressed; results that were drawn already."
            ),
            t(
                "It can't be undone. If you come back, you begin anew; only the tasks you had are not given to you again, and a restriction goes on. How we know: /privacy"
            ),
            t(
                "If a payout that has reached you is sent back after that, we can't find you: it goes back to the requesters who paid it."
            )
            if m.worker
            else None,
            " ",
            _only_one(m, t),
        ),
        ((Button(t.plain("🗑 Forget me"), Forget(sure=0).pack(), style="danger"),),),
    )


def _only_one(m: ForgetQuestion, t: Translator) -> Html | None:
    """The hint that answers can be withdrawn from one project alone."""
    if not m.worker:
        return None
    return t(
        "Only one project? /forget NUMBER takes your answers out of its files; you keep the pay. The numbers: /why_skill"
    )


def _sure(t: Translator) -> Screen:
    return Screen(
        t("Are you sure? Nothing of it can be brought back."),
        (
            (Button(t.plain("Yes, erase it all"), Forget(sure=1).pack(), style="danger"),),
            (Button(t.plain("No, keep everything"), Forget(sure=2).pack()),),
        ),
    )


def _ways(each: OpenMatter, t: Translator) -> list[tuple[Button]]:
    """Buttons that settle a matter: to send the rest of it, and to give it up."""
    found = [(_send(each, t),)] if each.turn else []
    if each.what in ("available", "rest"):
        text = t.plain("🕊 Give up {amount} …", amount=t.money(each.amount, each.currency))
        found.append((Button(text, WaivePay(sure=0, amount=each.amount, currency=each.currency).pack()),))
    return found


@shows(WaiverQuestion)
def waiver(m: WaiverQuestion, t: Translator) -> Screen:
    amount, back = t.money(m.amount, m.currency), t.money(m.amount - m.kept, m.currency)
    return Screen(
        lines(
            t("🕊 <b>Give up {amount}?</b>", amount=amount),
            t("{back} goes back to the requesters who paid it, the latest pay first.", back=back)
            if m.amount > m.kept
            else None,
            t(
                "{kept} came from requesters who have left: it goes to the fees of whoever runs this bot.",
                kept=t.money(m.kept, m.currency),
            )
            if m.kept
            else None,
            t("It can't be brought back. If you would rather have it: /forget shows how."),
        ),
        (
            (Button(t.plain("Yes, give up {amount}", amount=amount), _word(m, 1), style="danger"),),
            (Button(t.plain("No, keep everything"), _word(m, 2)),),
        ),
    )


def _word(m: WaiverQuestion, sure: int) -> str:
    return WaivePay(sure=sure, amount=m.amount, currency=m.currency).pack()


@shows(PayWaived)
def waived(m: PayWaived, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🕊 You gave up {amount}.", amount=t.money(m.amount, m.currency)),
            numbered(m.operation, t),
        )
    )


def _send(each: OpenMatter, t: Translator) -> Button:
    text = t.plain("💶 Send me the {amount}", amount=t.money(each.amount, each.currency))
    return Button(text, payouts.PayRest(turn=each.turn, currency=each.currency).pack(), style="success")


def _matter(each: OpenMatter, t: Translator) -> Html:
    """One open matter, and how to settle it."""
    amount = t.money(each.amount, each.currency) if each.currency else ""
    return {
        "pending": lambda: t(
            "• {amount} is pending: at the latest 72 hours after each answer it is yours.", amount=amount
        ),
        "available": lambda: t(
            "• {amount} is yours: /payout brings it to you. If it can't, or you do not want it, you may give it up.",
            amount=amount,
        ),
        "rest": lambda: t(
            "• {amount} is yours. It is little for Wise, but you leave: the button sends it.", amount=amount
        ),
        "on_the_way": lambda: t(
            "• {amount} is on its way to you. Once it was sent, that takes one or two working days as a rule, and 7 days at most where you have to confirm it. You are told each step.",
            amount=amount,
        ),
        "tests": lambda: t("• {amount} is set aside for your tests: delete them, and it comes back.", amount=amount),
        "funds": lambda: t(
            "• {amount} of your funds is not used: ask whoever runs this bot to send it back.", amount=amount
        ),
        "owed": lambda: t(
            "• {amount} is still owed to workers: in your ended projects tasks took longer than expected. Pay it in with /fund, then press “Pay” under each of them: /projects",
            amount=amount,
        ),
        "held": lambda: Html(f"• {held_money(each.amount, each.currency, each.count, each.until, t)}"),
        "disputed": lambda: t.n(
            "• {count} of your answers was rejected and is not decided.",
            "• {count} of your answers were rejected and are not decided.",
            each.count,
        ),
        "running": lambda: t.n(
            "• {count} of your projects is running: /projects",
            "• {count} of your projects are running: /projects",
            each.count,
        ),
        "teams": lambda: t.n(
            "• you own {count} team: hand it over or close it in /team",
            "• you own {count} teams: hand them over or close them in /team",
            each.count,
        ),
    }[each.what]()


@shows(NothingErased)
def kept(m: NothingErased, t: Translator) -> Screen:
    return Screen(t("👍 Nothing was erased: all is as it was."))


@shows(Farewell)
def farewell(m: Farewell, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👋 <b>Goodbye, and thank you.</b>"),
            t(
                "In a moment everything about you is erased here. This chat itself is in your Telegram: delete it there."
            ),
        )
    )


@shows(NotYetErased)
def not_yet(m: NotYetErased, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✋ <b>Nothing was erased: something came in after the goodbye.</b>"),
            t(
                "The rest of your goodbye stands: tasks come only when you ask for them (/work), and teams you left stay left."
            ),
        )
    )


ROUTES = (
    Route(AskToForget, EVERYBODY, personal_data.ask, command="forget", means="erase what is kept about you"),
    Route(
        AskToWithdraw,
        EVERYBODY,
        personal_data.ask_withdraw,
        command="forget",
        usage="N",
        means="take your answers back from one project",
    ),
    Route(Forget, EVERYBODY, personal_data.answer),
    Route(WaivePay, WORKER, personal_data.waive, stays=True),
    Route(Withdraw, EVERYBODY, personal_data.withdraw),
    Route(ListConsents, EVERYBODY, personal_data.listed),
)
