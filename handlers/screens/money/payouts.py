"""Payouts as a worker reads them."""

from decimal import Decimal

from domain.money.messages.payouts import (
    AccountKept,
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
from handlers.screens.money.channels import NAMED, reason, where
from handlers.screens.money.contributions import siret_button, siret_first
from handlers.screens.money.tax_forms import open_button
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator


@shows(PayoutUnread)
def payout_unread(_: PayoutUnread, t: Translator) -> Screen:
    return Screen(t("Like this: <code>/payout</code>, <code>/payout 12.50</code> or <code>/payout all</code>"))


@shows(AccountKept)
def account_kept(_: AccountKept, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔒 That is a bank account number. Nobody got it, and it is deleted here."),
            t("You can still write what you meant to. Your account for payouts: /payout"),
        )
    )


@shows(PayoutCard)
def payout_card(m: PayoutCard, t: Translator) -> Screen:
    waits = m.tax_form == "waits"
    enough = m.asked or (m.gross > 0 and m.net >= m.least)
    send = _send(m, t) if enough and not waits and not m.asked else ()
    other = t.plain("✏️ Another address or account") if m.wise else t.plain("✏️ Another bank account")
    change = Button(other, ChangePayee().pack())
    return Screen(
        lines(
            t("🌍 <b>Money through Wise</b>") if m.wise else t("🏦 <b>Money to your bank</b>"),
            t("Available: <b>{amount}</b>", amount=t.money(m.available, m.currency)),
            t("🔁 What reaches you has changed since you were shown it. Nothing was sent yet.") if m.changed else None,
            None if m.asked else kept(m, t),
            None if enough else _too_little(m, t),
            t("To: {account}, {holder}", account=m.account, holder=m.holder),
            coming(m, t),
            t("🌍 Through Wise, which keeps a fee of each payment: larger sums lose less.") if m.wise else None,
            t("🧾 The tax form is missing: payouts wait for it.") if waits else None,
            *([" ", t("<b>Your payouts</b>")] if m.on_the_way else []),
            *fitted((line(payout, t) for payout in m.on_the_way), t, len(m.on_the_way)),
            " " if send else None,
            _how_much(m, t) if send else None,
            t("✅ You have asked. For more: /payout") if m.asked else None,
        ),
        (*send, *_papers(m, t), (change,)),
    )


def _too_little(m: PayoutCard, t: Translator) -> Html:
    if m.least:
        return t("Through Wise we send {least} or more. /work brings some.", least=t.money(m.least, m.currency))
    return t("There is not a whole cent to send yet. /work brings some.")


def _how_much(m: PayoutCard, t: Translator) -> Html:
    if m.least:
        least = t.money(m.least, m.currency)
        return t("At least {least}. Or say how much: <code>/payout 12.50</code>", least=least)
    return t("No minimum: any amount from one cent. Or say how much: <code>/payout 12.50</code>")


def _send(m: PayoutCard, t: Translator) -> Keyboard:
    press = PayOut(turn=m.turn, amount=m.gross, currency=m.currency, net=m.net).pack()
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
    return Screen(lines(text, _at_the_bank(m.payout, t), numbered(m.payout.number, t)))


def _at_the_bank(of: PayoutView, t: Translator) -> Html | None:
    """What the payee's own bank statement calls it; None where Wise pays, which has names of its own."""
    return None if of.wise else t("On your bank statement it is called PAYOUT-{number}.", number=of.payout)


@shows(PayoutPaid)
def payout_paid(m: PayoutPaid, t: Translator) -> Screen:
    facts = {"amount": amount_of(m.payout, t), "account": m.payout.account}
    text = (
        t("💶 Wise has paid out your <b>{amount}</b>, less its fee.", **facts)
        if m.payout.wise
        else t("💶 The bank has paid <b>{amount}</b> to {account}.", **facts)
    )
    back = t(
        "We had told you that it did not arrive. {back}, which had come back, is no longer available.",
        back=t.money(m.payout.gross, m.payout.currency),
    )
    back_taken = back if m.after_all else None
    return Screen(lines(text, back_taken, _at_the_bank(m.payout, t), numbered(m.operation, t)))


@shows(PayoutFailed)
def payout_failed(m: PayoutFailed, t: Translator) -> Screen:
    of = m.payout
    if of.called_off:
        return _called_off(m, t)
    return Screen(
        lines(
            t(
                "↩️ <b>{amount}</b> to {account} did not arrive: {reason}.",
                amount=amount_of(of, t),
                account=of.account,
                reason=reason(of.reason, of.wise, t),
            ),
            t(
                "{back} is available again, nothing is lost. /payout sends it anew, or to another account.",
                back=t.money(of.gross, of.currency),
            ),
            numbered(m.operation, t),
        )
    )


def _called_off(m: PayoutFailed, t: Translator) -> Screen:
    of = m.payout
    facts = {"amount": amount_of(of, t), "account": of.account, "reason": reason(of.reason, of.wise, t)}
    return Screen(
        lines(
            t("✋ <b>{amount}</b> to {account} was called off, and was not sent: {reason}.", **facts),
            t("{back} is available again, nothing is lost.", back=t.money(of.gross, of.currency)),
            numbered(m.operation, t),
        )
    )


@shows(PayoutUnknown)
def payout_unknown(m: PayoutUnknown, t: Translator) -> Screen:
    facts = {"amount": amount_of(m.payout, t), "account": m.payout.account}
    text = (
        t(
            "🔎 Wise cannot say yet whether <b>{amount}</b> reached you. We are asking it. The money stays set aside for you meanwhile.",
            **facts,
        )
        if m.payout.wise
        else t(
            "🔎 The bank cannot say yet whether <b>{amount}</b> reached {account}. We are asking it. The money stays set aside for you meanwhile.",
            **facts,
        )
    )
    return Screen(lines(text, numbered(m.payout.number, t)))


@shows(WithholdingChanged)
def withholding_changed(m: WithholdingChanged, t: Translator) -> Screen:
    percent = t.number(Decimal(m.rate) / 100)
    if not m.rate:
        said = t("🧾 Nothing is kept from your payouts any more: {reason}", reason=m.reason)
        return Screen(lines(said, siret_first(m.first, t)))
    return Screen(
        lines(
            t("🧾 From now on, {percent}% of each payout is kept for social contributions.", percent=percent),
            siret_first(m.first, t),
            t("Why: {reason}", reason=clipped(m.reason, NAMED)),
            t("/payout shows the exact amounts before you ask for one. What you asked for already stays as it was."),
        )
    )
