"""Screens and routes of consents and erasure."""

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
from handlers.screen import Button, Keyboard, Screen, clipped, day, held_money_line, lines, operation_line, shows
from locales.translator import Html, Translator
from services.people import personal_data


class Withdraw(Payload, code="fw"):
    project: Number
    sure: bool


class Forget(Payload, code="fg"):
    """Answer to the confirmation of an erasure: 0 asks once more, 1 erases, anything else cancels."""

    sure: Number


class WaivePay(Payload, code="wv"):
    """Answer of a leaving worker: 0 asks, 1 gives up all of `amount`, anything else cancels."""

    sure: Number
    amount: Number
    currency: str


class AskToForget(Payload):
    pass


class AskToWithdraw(Payload, code="uw"):
    project: Number


class ListConsents(Payload, code="uc"):
    """Button for a page of consents after that to project `before`, given at `since`; the newest if both are 0."""

    since: Number = 0
    before: Number = 0


TITLE_CHARS = 28  # characters of a project's title on a button


@shows(ConsentList)
def consents_screen(m: ConsentList, t: Translator) -> Screen:
    if not m.consents:
        return Screen(t("No project uses answers of yours."))
    consent_lines = [
        t("• <b>{title}</b> · {day}", title=consent.title, day=t.date(consent.since))
        if not consent.version
        else t(
            "• <b>{title}</b> · {day} · terms of {version}",
            title=consent.title,
            day=t.date(consent.since),
            version=day(consent.version, t),
        )
        for consent in m.consents
    ]
    buttons = tuple(
        (Button(f"📤 {clipped(consent.title, TITLE_CHARS)}", AskToWithdraw.wire(consent.project)),)
        for consent in m.consents
    )
    return Screen(
        lines(
            t("<b>These projects may use your answers.</b> You agreed with your first answer there."),
            *consent_lines,
            " ",
            t("Press one to take your answers back. You keep the pay."),
        ),
        (*buttons, *_older_button(m, t)),
    )


def _older_button(m: ConsentList, t: Translator) -> Keyboard:
    if not m.more:
        return ()
    last = m.consents[-1]
    return ((Button(t.plain("▶️ Older ones"), ListConsents.wire(last.since, last.project)),),)


@shows(WithdrawQuestion)
def withdraw_question_screen(m: WithdrawQuestion, t: Translator) -> Screen:
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
def withdrawn_screen(m: ConsentEnded, t: Translator) -> Screen:
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
            *_delivered_lines(m, t),
        )
    )


def _delivered_lines(m: ConsentEnded, t: Translator) -> list[Html]:
    if not m.delivered:
        return [t("Nothing had been taken out of it before.")]
    return [
        t("The requester had taken these before; we can't call them back, and have asked them to delete your answers:"),
        *_delivery_lines(m.delivered, m.all_delivered, t),
    ]


@shows(AnswersTakenBack)
def taken_back_screen(m: AnswersTakenBack, t: Translator) -> Screen:
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
            *_delivery_lines(m.delivered, m.all_delivered, t),
        )
    )


def _delivery_lines(delivered: tuple[Delivery, ...], count: int, t: Translator) -> list[Html]:
    """Lines of deliveries, one a file, newest first, and the number of those left out."""
    delivery_lines = [
        t(
            "• {what} ({format}), {when}",
            what=_delivery_words(delivery, t),
            format=delivery.format,
            when=t.time(delivery.at),
        )
        for delivery in delivered
    ]
    left_out = count - len(delivered)
    return (
        [*delivery_lines, t.n("• and {count} more", "• and {count} more", left_out)] if left_out > 0 else delivery_lines
    )


def _delivery_words(delivery: Delivery, t: Translator) -> Html:
    words = {
        "results": lambda: t("results"),
        "submissions": lambda: t("submissions"),
        "files": lambda: t("photos or voice messages"),
        "chat": lambda: t("shown in the chat"),
    }
    return words[delivery.what]() if delivery.what in words else Html(delivery.what)


@shows(ForgetQuestion)
def forget_question_screen(m: ForgetQuestion, t: Translator) -> Screen:
    if m.open:
        return Screen(
            lines(
                t("🗑 <b>Before you are forgotten</b>"),
                t("Something is still open between us. We don't want you to lose it:"),
                *[_matter_line(matter, t) for matter in m.open],
                " ",
                t("Come back with /forget when it is settled."),
                _one_project_hint(m, t),
            ),
            tuple(row for matter in m.open for row in _settling_buttons(matter, t)),
        )
    return _second_question_screen(t) if m.sure else _first_question_screen(m, t)


def _first_question_screen(m: ForgetQuestion, t: Translator) -> Screen:
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
            _one_project_hint(m, t),
        ),
        ((Button(t.plain("🗑 Forget me"), Forget(sure=0).pack(), style="danger"),),),
    )


def _one_project_hint(m: ForgetQuestion, t: Translator) -> Html | None:
    """Hint for workers that answers can be withdrawn from one project alone; None for others."""
    if not m.worker:
        return None
    return t(
        "Only one project? /forget NUMBER takes your answers out of its files; you keep the pay. The numbers: /why_skill"
    )


def _second_question_screen(t: Translator) -> Screen:
    return Screen(
        t("Are you sure? Nothing of it can be brought back."),
        (
            (Button(t.plain("Yes, erase it all"), Forget(sure=1).pack(), style="danger"),),
            (Button(t.plain("No, keep everything"), Forget(sure=2).pack()),),
        ),
    )


def _settling_buttons(matter: OpenMatter, t: Translator) -> list[tuple[Button]]:
    """Buttons that settle a matter: send a small rest, give it up."""
    rows = [(_small_payout_button(matter, t),)] if matter.turn else []
    if matter.what in ("available", "rest"):
        text = t.plain("🕊 Give up {amount} …", amount=t.money(matter.amount, matter.currency))
        rows.append((Button(text, WaivePay(sure=0, amount=matter.amount, currency=matter.currency).pack()),))
    return rows


@shows(WaiverQuestion)
def waiver_screen(m: WaiverQuestion, t: Translator) -> Screen:
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
            (Button(t.plain("Yes, give up {amount}", amount=amount), _waiver_answer(m, 1), style="danger"),),
            (Button(t.plain("No, keep everything"), _waiver_answer(m, 2)),),
        ),
    )


def _waiver_answer(m: WaiverQuestion, sure: int) -> str:
    return WaivePay(sure=sure, amount=m.amount, currency=m.currency).pack()


@shows(PayWaived)
def waived_screen(m: PayWaived, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🕊 You gave up {amount}.", amount=t.money(m.amount, m.currency)),
            operation_line(m.operation, t),
        )
    )


def _small_payout_button(matter: OpenMatter, t: Translator) -> Button:
    text = t.plain("💶 Send me the {amount}", amount=t.money(matter.amount, matter.currency))
    return Button(text, payouts.PayRest(turn=matter.turn, currency=matter.currency).pack(), style="success")


def _matter_line(matter: OpenMatter, t: Translator) -> Html:
    """Line that states one open matter, and how to settle it."""
    amount = t.money(matter.amount, matter.currency) if matter.currency else ""
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
        "held": lambda: Html(f"• {held_money_line(matter.amount, matter.currency, matter.count, matter.until, t)}"),
        "disputed": lambda: t.n(
            "• {count} of your answers was rejected and is not decided.",
            "• {count} of your answers were rejected and are not decided.",
            matter.count,
        ),
        "running": lambda: t.n(
            "• {count} of your projects is running: /projects",
            "• {count} of your projects are running: /projects",
            matter.count,
        ),
        "teams": lambda: t.n(
            "• you own {count} team: hand it over or close it in /team",
            "• you own {count} teams: hand them over or close them in /team",
            matter.count,
        ),
    }[matter.what]()


@shows(NothingErased)
def nothing_erased_screen(m: NothingErased, t: Translator) -> Screen:
    return Screen(t("👍 Nothing was erased: all is as it was."))


@shows(Farewell)
def farewell_screen(m: Farewell, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👋 <b>Goodbye, and thank you.</b>"),
            t(
                "In a moment everything about you is erased here. This chat itself is in your Telegram: delete it there."
            ),
        )
    )


@shows(NotYetErased)
def not_yet_erased_screen(m: NotYetErased, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✋ <b>Nothing was erased: something came in after the goodbye.</b>"),
            t(
                "The rest of your goodbye stands: tasks come only when you ask for them (/work), and teams you left stay left."
            ),
        )
    )


ROUTES = (
    Route(AskToForget, EVERYBODY, personal_data.ask_to_forget, command="forget", means="erase what is kept about you"),
    Route(
        AskToWithdraw,
        EVERYBODY,
        personal_data.ask_withdraw,
        command="forget",
        usage="N",
        means="take your answers back from one project",
    ),
    Route(Forget, EVERYBODY, personal_data.answer_forget_question),
    Route(WaivePay, WORKER, personal_data.waive_pay, stays=True),
    Route(Withdraw, EVERYBODY, personal_data.withdraw_consent),
    Route(ListConsents, EVERYBODY, personal_data.list_consents),
)
