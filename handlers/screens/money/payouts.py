"""Payouts as a worker reads them."""

from decimal import Decimal

from domain.money.messages.payouts import (
    PayoutCard,
    PayoutFailed,
    PayoutPaid,
    PayoutRequested,
    PayoutSent,
    PayoutUnknown,
    PayoutUnread,
    PayoutView,
    WithholdingChanged,
)
from handlers.payloads.money import ChangePayee, PayOut
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.layout.operation_number import numbered
from handlers.screens.money.contributions import siret_button
from handlers.screens.money.tax_forms import open_button
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

NAMED = 200  # characters of a typed text


@shows(PayoutUnread)
def payout_unread(_: PayoutUnread, t: Translator) -> Screen:
    return Screen(t("Like this: <code>/payout</code>, <code>/payout 12.50</code> or <code>/payout all</code>"))


@shows(PayoutCard)
def payout_card(m: PayoutCard, t: Translator) -> Screen:
    waits = m.tax_form == "waits"
    send = _send(m, t) if m.gross and not waits else ()
    change = Button(t.plain("✏️ Another bank account"), ChangePayee().pack())
    return Screen(
        lines(
            t("🏦 <b>Money to your bank</b>"),
            t("Available: <b>{amount}</b>", amount=t.money(m.available, m.currency)),
            kept(m, t) if m.gross else t("There is not a whole cent to send yet. /work brings some."),
            t("To: {account}, {holder}", account=m.account, holder=m.holder),
            coming(m, t),
            t("🌍 Through Wise, which keeps a fee of each payment: larger sums lose less.") if m.wise else None,
            t("🧾 The tax form is missing: payouts wait for it.") if waits else None,
            *([" ", t("<b>Your payouts</b>")] if m.on_the_way else []),
            *fitted((line(payout, t) for payout in m.on_the_way), t, len(m.on_the_way)),
            " " if send else None,
            t("No minimum: any amount from one cent. Or say how much: <code>/payout 12.50</code>") if send else None,
        ),
        (*send, *_papers(m, t), (change,)),
    )


def _send(m: PayoutCard, t: Translator) -> Keyboard:
    press = PayOut(turn=m.turn, amount=m.gross, currency=m.currency).pack()
    return ((Button(t.plain("💶 Send me {amount}", amount=t.money(m.net, m.currency)), press, style="success"),),)


def _papers(m: PayoutCard, t: Translator) -> Keyboard:
    form = ((open_button(t, m.tax_form == "given"),),) if m.tax_form else ()
    return (*form, *(((siret_button(t, m.siret == "given"),),) if m.siret else ()))


def kept(of: PayoutCard | PayoutView, t: Translator) -> Html | None:
    """The withheld sum, if any."""
    if not of.withheld:
        return None
    return t(
        "Of {gross}, {withheld} is kept for social contributions; {net} reaches you.",
        gross=t.money(of.gross, of.currency),
        withheld=t.money(of.withheld, of.currency),
        net=t.money(of.net, of.currency),
    )


def coming(m: PayoutCard, t: Translator) -> Html | None:
    if not m.coming or m.usable_at is None:
        return None
    return t("From {when} on: {account}", when=t.time(m.usable_at), account=m.coming)


def line(payout: PayoutView, t: Translator) -> Html:
    """One payout and where it is now."""
    return Html(f"#{payout.number} · <b>{amount_of(payout, t)}</b> · {where(payout, t)}")


def where(payout: PayoutView, t: Translator) -> Html:
    """Where a payout is, in words."""
    asked = t.date(payout.requested_at)
    decided = t.date(payout.decided_at) if payout.decided_at else ""
    return {
        "requested": t("asked for on {day}, goes to the bank next", day=asked),
        "sent": t("with the bank, asked for on {day}", day=asked),
        "paid": t("paid on {day}", day=decided),
        "failed": t("came back on {day}", day=decided),
        "unknown": t("the bank is looking for it, asked for on {day}", day=asked),
    }[payout.state]


def amount_of(payout: PayoutView, t: Translator) -> str:
    return t.money(payout.net, payout.currency)


@shows(PayoutRequested)
def payout_requested(m: PayoutRequested, t: Translator) -> Screen:
    of = m.payout
    return Screen(
        lines(
            t("✅ <b>{amount}</b> is on its way to {account}.", amount=amount_of(of, t), account=of.account),
            kept(of, t),
            t("It goes to Wise with the next file. Wise then writes you an e-mail. I tell you each step.")
            if of.wise
            else t(
                "It goes to the bank with the next file; banks then take one or two working days. I tell you each step."
            ),
            t("Still available: {left}", left=t.money(m.left, of.currency)),
            numbered(of.number, t),
        )
    )


@shows(PayoutSent)
def payout_sent(m: PayoutSent, t: Translator) -> Screen:
    facts = {"amount": amount_of(m.payout, t), "account": m.payout.account}
    if m.payout.wise:
        text = t(
            "🌍 Your <b>{amount}</b> is with Wise now. Look for its e-mail at {account} and tell Wise your account within 7 days.",
            **facts,
        )
    else:
        text = t(
            "🏦 Your <b>{amount}</b> for {account} is at the bank now. It usually takes one or two working days.",
            **facts,
        )
    return Screen(lines(text, numbered(m.payout.number, t)))


@shows(PayoutPaid)
def payout_paid(m: PayoutPaid, t: Translator) -> Screen:
    facts = {"amount": amount_of(m.payout, t), "account": m.payout.account}
    text = (
        t("💶 Wise has paid out your <b>{amount}</b>, less its fee.", **facts)
        if m.payout.wise
        else t("💶 The bank has paid <b>{amount}</b> to {account}.", **facts)
    )
    return Screen(lines(text, numbered(m.operation, t)))


@shows(PayoutFailed)
def payout_failed(m: PayoutFailed, t: Translator) -> Screen:
    of = m.payout
    return Screen(
        lines(
            t(
                "↩️ <b>{amount}</b> to {account} did not arrive: {reason}.",
                amount=amount_of(of, t),
                account=of.account,
                reason=reason(of.reason, t),
            ),
            t(
                "{back} is available again, nothing is lost. /payout sends it anew, or to another account.",
                back=t.money(of.gross, of.currency),
            ),
            numbered(m.operation, t),
        )
    )


@shows(PayoutUnknown)
def payout_unknown(m: PayoutUnknown, t: Translator) -> Screen:
    text = t(
        "🔎 The bank cannot say yet whether <b>{amount}</b> reached {account}. We are asking it. The money stays set aside for you meanwhile.",
        amount=amount_of(m.payout, t),
        account=m.payout.account,
    )
    return Screen(lines(text, numbered(m.payout.number, t)))


def reason(code: str, t: Translator) -> str:
    """The reason of a failed payout: a usual one, or an admin's words."""
    return {
        "closed": t.plain("the account is closed"),
        "number": t.plain("no bank knows this account number"),
        "blocked": t.plain("the account is blocked"),
        "name": t.plain("the name and the IBAN do not belong together"),
        "refused": t.plain("the bank refused it"),
        "wise": t.plain("Wise sent it back: no account was given in time, or the bank there refused"),
        "other": t.plain("the bank gave no reason"),
    }.get(code, clipped(code, NAMED))


@shows(WithholdingChanged)
def withholding_changed(m: WithholdingChanged, t: Translator) -> Screen:
    percent = t.number(Decimal(m.rate) / 100)
    if not m.rate:
        return Screen(t("🧾 Nothing is kept from your payouts any more: {reason}", reason=m.reason))
    return Screen(
        lines(
            t("🧾 From now on, {percent}% of each payout is kept for social contributions.", percent=percent),
            t("Why: {reason}", reason=clipped(m.reason, NAMED)),
            t("/payout shows the exact amounts before you ask for one. What you asked for already stays as it was."),
        )
    )
