"""Screens and commands of card payments: invoices, refused checkouts, payments that fit none, money at the provider."""

from __future__ import annotations

from domain.money.amounts import CENT
from domain.money.card_payments import (
    CardInvoice,
    CardPaymentsListed,
    ListedCardPayment,
    ProviderMoneyMoved,
    StrayPaymentNoticed,
    StrayPaymentReturned,
    StrayPaymentShown,
)
from domain.people.accounts import ADMIN, REQUESTER
from domain.refusals import CheckoutRefused
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import (
    Button,
    InvoiceOrder,
    Screen,
    clipped,
    fit_rows,
    lines,
    operation_line,
    refuses,
    shows,
    team_line,
    to_plain_text,
)
from locales.translator import Html, Translator
from services.money import card_payments


class PayByCard(Payload, code="pbc"):
    """Button that asks for a card payment of `amount` millionths to the account of `team`, 0 for one's own."""

    amount: Number
    team: Number


class ShowCardPayments(Payload):
    pass


class ShowStrayPayment(Payload, code="sps"):
    stray: Number


class CreditStrayPayment(Payload, code="spc"):
    stray: Number


class ReturnStrayPayment(Payload, code="spr"):
    stray: Number


class RefundCardPayment(Payload):
    number: Number
    amount: str = ""


class RecordCardFee(Payload):
    amount: str = ""
    reason: Words = ""


class RecordCardPayout(Payload):
    amount: str = ""
    reason: Words = ""


TITLE_CHARS, DESCRIPTION_CHARS = 32, 255  # of an invoice
NAME_CHARS = 40


@shows(CardInvoice)
def invoice_screen(m: CardInvoice, t: Translator) -> Screen:
    amount = t.money(m.amount, m.currency)
    words = t("The provider takes your card; this bot never sees it. You read here when the money is there.")
    description = " · ".join(filter(None, (clipped(m.team, NAME_CHARS), to_plain_text(words))))
    return Screen(
        lines(t("💳 <b>Add {amount}</b>", amount=amount), team_line(m.team, t), words),
        invoice=InvoiceOrder(
            title=clipped(t.plain("Add {amount}", amount=amount), TITLE_CHARS),
            description=clipped(description, DESCRIPTION_CHARS),
            payload=str(m.number),
            currency=m.currency,
            label=t.plain("Funds"),
            total=m.amount // CENT,
        ),
    )


def pay_button(amount: int, currency: str, team: int, t: Translator) -> Button:
    text = t.plain("💳 {amount} by card", amount=t.money(amount, currency))
    return Button(text, PayByCard(amount=amount, team=team).pack())


@refuses(CheckoutRefused)
def checkout_refused(r: CheckoutRefused, t: Translator) -> Screen:
    return Screen(
        {
            "person": t("Somebody else was asked for this payment. /fund asks for one of yours."),
            "closed": t("This was paid already, or asked for more than a day ago. /fund asks again."),
            "amount": t("This is not the amount that was asked for. /fund asks again."),
        }[r.why]
    )


def _total_text(total: int, currency: str, t: Translator) -> str:
    return t.money(total * CENT, currency)


@shows(StrayPaymentNoticed)
def stray_notice(m: StrayPaymentNoticed, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "💳 <b>{amount}</b> came by card, and I had not asked for it.",
                amount=_total_text(m.total, m.currency, t),
            ),
            t("It is not lost: an admin looks at it. You read here what becomes of it."),
        )
    )


@shows(StrayPaymentReturned)
def stray_returned_notice(m: StrayPaymentReturned, t: Translator) -> Screen:
    amount = _total_text(m.total, m.currency, t)
    return Screen(t("↩️ <b>{amount}</b>, paid by card, goes back to your card.", amount=amount))


@shows(StrayPaymentShown)
def stray_screen(m: StrayPaymentShown, t: Translator) -> Screen:
    reasons = {
        "unknown": t("Nobody was asked for it."),
        "person": t("Somebody else was asked for it."),
        "amount": t("Another amount or currency was asked for."),
        "twice": t("It was asked for once, and paid before."),
        "unchecked": t("It was paid without my consent."),
        "gone": t("The account it was for has no owner any more."),
        "failed": t("It could not be booked because of an error."),
    }
    credit = Button(t.plain("✅ Add it to their funds"), CreditStrayPayment(stray=m.number).pack(), style="success")
    back = Button(t.plain("↩️ I sent it back"), ReturnStrayPayment(stray=m.number).pack())
    outcomes = {"credited": t("✅ Added to their funds."), "returned": t("↩️ Sent back to the card.")}
    return Screen(
        lines(
            t("💳 <b>A card payment that fits nothing</b>"),
            t("{amount} of {who}", amount=_total_text(m.total, m.currency, t), who=m.who),
            reasons[m.why],
            t("At the provider: <code>{charge}</code>", charge=m.provider_charge or m.charge),
            outcomes.get(m.state) or t("Send it back at the provider, or add it to their funds."),
        ),
        (*(((credit,),) if m.may_credit else ()), (back,)) if m.state == "waiting" else (),
    )


@shows(ProviderMoneyMoved)
def provider_money_receipt(m: ProviderMoneyMoved, t: Translator) -> Screen:
    facts = {"amount": t.money(m.amount, m.currency), "reason": m.reason}
    text = {
        card_payments.FEE: t("💳 The provider kept <b>{amount}</b> ({reason}): the platform bears it.", **facts),
        card_payments.FEE_BACK: t("💳 The provider gave back <b>{amount}</b> ({reason}).", **facts),
        card_payments.PAYOUT: t("💳 The provider paid <b>{amount}</b> to the bank ({reason}).", **facts),
        card_payments.PAYOUT_BACK: t("💳 The provider took <b>{amount}</b> back from the bank ({reason}).", **facts),
    }[m.kind]
    held = t("At the provider now: {held}", held=t.money(m.held, m.currency))
    return Screen(lines(text, held, operation_line(m.operation, t)))


@shows(CardPaymentsListed)
def card_payments_screen(m: CardPaymentsListed, t: Translator) -> Screen:
    strays = [
        (Button(t.plain("❗ Fits nothing: {number}", number=number), ShowStrayPayment(stray=number).pack()),)
        for number in m.waiting
    ]
    return Screen(
        lines(
            t("💳 <b>Card payments</b>"),
            None if m.is_open else t("PAYMENT_PROVIDER_TOKEN is not set: no cards are taken."),
            *(
                t(
                    "At the provider: <b>{held}</b>; kept by it: {fees}",
                    held=t.money(balance.held, balance.currency),
                    fees=t.money(balance.fees, balance.currency),
                )
                for balance in m.balances
            ),
            " " if m.payments else None,
            *fit_rows((_payment_line(payment, t) for payment in m.payments), t, len(m.payments)),
            " ",
            t("The provider’s report: send it here as a CSV file."),
            t("Sent back at the provider: <code>/cardrefund NUMBER [AMOUNT]</code>"),
            t("Kept by it: <code>/cardfee AMOUNT reason</code>"),
            t("Paid out to the bank: <code>/cardpayout AMOUNT reference</code>"),
        ),
        tuple(strays),
    )


def _payment_line(payment: ListedCardPayment, t: Translator) -> Html:
    amount, back = (t.money(sum_, payment.currency) for sum_ in (payment.amount, payment.refunded))
    line = t(
        "{number}: {amount} of {who} · <code>{charge}</code>",
        number=payment.number,
        amount=amount,
        who=clipped(payment.who, NAME_CHARS),
        charge=clipped(payment.provider_charge, NAME_CHARS),
    )
    sent_back = t("sent back: {amount}", amount=back)
    return Html(f"{line} · {sent_back}") if payment.refunded else line


ROUTES = (
    Route(PayByCard, REQUESTER, card_payments.ask_for_invoice),
    Route(
        ShowCardPayments,
        ADMIN,
        card_payments.list_payments,
        command="cards",
        means="card payments: what came, went back, was kept",
    ),
    Route(ShowStrayPayment, ADMIN, card_payments.show_stray),
    Route(CreditStrayPayment, ADMIN, card_payments.credit_stray),
    Route(ReturnStrayPayment, ADMIN, card_payments.return_stray),
    Route(
        RefundCardPayment,
        ADMIN,
        card_payments.refund_payment,
        command="cardrefund",
        usage="N [AMOUNT]",
        means="a card payment went back",
    ),
    Route(
        RecordCardFee,
        ADMIN,
        card_payments.record_fee,
        command="cardfee",
        usage="AMOUNT reason",
        means="the card provider kept a fee",
    ),
    Route(
        RecordCardPayout,
        ADMIN,
        card_payments.record_payout,
        command="cardpayout",
        usage="AMOUNT reference",
        means="the card provider paid the bank",
    ),
)
