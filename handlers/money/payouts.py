"""Payouts as a worker reads them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.money.payouts import (
    AccountKept,
    AccountNoted,
    EmailAsked,
    HolderAsked,
    HolderUnfit,
    IbanAsked,
    IbanUnfit,
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
from domain.people.accounts import WORKER
from handlers.money import contributions, tax_forms
from handlers.payload import (
    NUMBER,
    Number,
    Payload,
    Words,
)
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    clipped,
    fitted,
    lines,
    numbered,
    shows,
)
from locales.translator import Html, Translator
from services.money import payouts

Short = Annotated[int, Field(ge=0, lt=2**50), NUMBER]  # a billion in millionths: a button has 64 bytes


class ToBank(Payload, code="tb"):
    """Asks for the payouts that wait for a bank file."""


class AskForPayout(Payload):
    """An amount as it was typed, or `all`."""

    amount: Words


class PayOut(Payload, code="po"):
    """`turn` is which of this worker's payouts it would be: pressed twice it is one. `net` is what the button says; 0
    of buttons of before, which are shown again."""

    turn: Short
    amount: Short
    currency: str
    net: Short = 0


class PayRest(Payload, code="por"):
    """Of somebody who leaves: all of a currency, also less than goes through Wise otherwise."""

    turn: Number
    currency: str


class ChangePayee(Payload, code="poc"):
    pass


class PayByWise(Payload, code="pow"):
    country: str


NAMED = 200  # characters of a typed text


def where(payout: PayoutView, t: Translator) -> Html:
    """Where a payout is, to its worker."""
    asked = t.date(payout.requested_at)
    decided = t.date(payout.decided_at) if payout.decided_at else ""
    return {
        "requested": t("asked for on {day}, goes to Wise next", day=asked)
        if payout.wise
        else t("asked for on {day}, goes to the bank next", day=asked),
        "sent": t("with Wise, asked for on {day}", day=asked)
        if payout.wise
        else t("with the bank, asked for on {day}", day=asked),
        "paid": t("paid on {day}", day=decided),
        "failed": t("called off on {day}", day=decided) if payout.called_off else t("came back on {day}", day=decided),
        "unknown": t("Wise is looking for it, asked for on {day}", day=asked)
        if payout.wise
        else t("the bank is looking for it, asked for on {day}", day=asked),
    }[payout.state]


def state(name: str, wise: bool, t: Translator) -> str:
    """To an admin."""
    return {
        "requested": t.plain("waiting"),
        "sent": t.plain("with Wise") if wise else t.plain("with the bank"),
        "paid": t.plain("paid"),
        "failed": t.plain("failed"),
        "unknown": t.plain("outcome unknown"),
    }[name]


def reason(code: str, wise: bool, t: Translator) -> str:
    """The reason of a failed payout: a usual one, or an admin's words."""
    return {
        "closed": t.plain("the account is closed"),
        "number": t.plain("no bank knows this account number"),
        "blocked": t.plain("the account is blocked"),
        "name": t.plain("the name and the IBAN do not belong together"),
        "refused": t.plain("Wise refused it") if wise else t.plain("the bank refused it"),
        "wise": t.plain("Wise sent it back: no account was given in time, or the bank there refused"),
        "asked": t.plain("at the worker’s own request"),
        "other": t.plain("Wise gave no reason") if wise else t.plain("the bank gave no reason"),
    }.get(code, clipped(code, NAMED))


def short_reasons(wise: bool, t: Translator) -> dict[str, str]:
    """What an admin can press, by the codes of `reason`."""
    if wise:
        return {
            "wise": t.plain("No account given in time"),
            "refused": t.plain("Refused by Wise"),
            "other": t.plain("No reason given"),
        }
    return {
        "closed": t.plain("Account closed"),
        "number": t.plain("No such account"),
        "blocked": t.plain("Account blocked"),
        "name": t.plain("Name and IBAN differ"),
        "refused": t.plain("Refused by the bank"),
        "other": t.plain("No reason given"),
    }


@shows(HolderAsked)
def holder_asked(m: HolderAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🏦 <b>Where shall your money go?</b>"),
            t("You are paid to {account} now.", account=m.account) if m.account else None,
            " ",
            t("First: whose account is it? Write the name as the bank has it, for example <i>Awa Diallo</i>."),
            t("Banks compare it with the account: another name can stop the payment."),
            t("/cancel leaves everything as it is."),
        )
    )


@shows(IbanAsked)
def iban_asked(m: IbanAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("Name: <b>{holder}</b>", holder=m.holder),
            t("Now the IBAN, for example <code>FR76 3000 6000 0112 3456 7890 189</code>."),
            t("It is used to pay you, and for nothing else. I take your message out of this chat once I have read it."),
            t("No account in the SEPA area? Choose the country of yours:") if m.wise else None,
        ),
        tuple((Button(f"🌍 {t.country(code)}", PayByWise(country=code).pack()),) for code in m.wise),
    )


@shows(EmailAsked)
def email_asked(m: EmailAsked, t: Translator) -> Screen:
    facts = {"country": t.country(m.country), "currency": m.target}
    if m.repeat:
        return Screen(
            lines(
                t("❌ The two addresses differ.") if m.again else None,
                t("Now send the same address once more: Wise gives the money to whoever reads its e-mail."),
            )
        )
    return Screen(
        lines(
            t("❌ That is no e-mail address. Please send it again, or /cancel.") if m.again else None,
            t("🌍 <b>{country}</b>: the firm Wise sends your money there, in {currency}.", **facts),
            t(
                "Wise writes you an e-mail for each payment. You have 7 days to tell Wise your account; else the money comes back here."
            ),
            t("Wise keeps a fee of each payment. Send larger sums and less often: you lose less."),
            t("A payment is {least} or more.", least=t.money(m.least, m.currency)) if m.least else None,
            t("Which e-mail address shall Wise write to?"),
        )
    )


@shows(HolderUnfit)
def holder_unfit(m: HolderUnfit, t: Translator) -> Screen:
    return Screen(
        t(
            "First the name of whoever the account belongs to: 2 to {longest} characters. I ask for the IBAN next.",
            longest=m.longest,
        )
    )


@shows(IbanUnfit)
def iban_unfit(m: IbanUnfit, t: Translator) -> Screen:
    again = t("Please send it again, or /cancel.")
    if _is_out_of_reach(m, t):
        return Screen(lines(_out_of_reach(m.country, t), t("Send an IBAN of another account of yours, or /cancel.")))
    problem = {
        "characters": t("an IBAN begins with two letters and two digits, then has letters and digits only."),
        "country": t("no country has IBANs that begin with {country}.", country=m.country),
        "length": t(
            "{country} IBANs have {wanted} characters, this one has {found}.",
            country=m.country,
            wanted=m.wanted,
            found=m.found,
        ),
        "checksum": t("its check digits do not fit: some character is wrong, or two are swapped."),
        "bank": t("the part that names the bank or the account cannot be right."),
    }[m.what]
    return Screen(lines(t("❌ This is not a valid IBAN: {problem}", problem=problem), again))


def _is_out_of_reach(m: IbanUnfit, t: Translator) -> bool:
    """Its country is one, but not in SEPA: some of them have IBANs that no registry knows (Senegal's)."""
    return m.what == "sepa" or (m.what == "country" and t.country(m.country) != m.country)


def _out_of_reach(country: str, t: Translator) -> Html:
    return t(
        "❌ We cannot pay to banks in this country yet: {country}. Only inside the SEPA area.",
        country=t.country(country),
    )


@shows(AccountNoted)
def account_noted(m: AccountNoted, t: Translator) -> Screen:
    account = t("✅ Noted: <b>{account}</b>, {holder}", account=m.account, holder=m.holder)
    if m.usable_at is None:
        return Screen(account)
    return Screen(
        lines(
            account,
            t(
                "For your safety, it is used from {when} on. Until then, and for what you have asked for already, your money goes to {before}.",
                when=t.time(m.usable_at),
                before=m.before,
            ),
            t("⚠️ If it was not you who changed this, send /payout, put your own account back, and tell us."),
        )
    )


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
    form = ((tax_forms.open_button(t, m.tax_form == "given"),),) if m.tax_form else ()
    return (*form, *(((contributions.siret_button(t, m.siret == "given"),),) if m.siret else ()))


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
        return Screen(lines(said, contributions.siret_rate_note(m.first, t)))
    return Screen(
        lines(
            t("🧾 From now on, {percent}% of each payout is kept for social contributions.", percent=percent),
            contributions.siret_rate_note(m.first, t),
            t("Why: {reason}", reason=clipped(m.reason, NAMED)),
            t("/payout shows the exact amounts before you ask for one. What you asked for already stays as it was."),
        )
    )


ROUTES = (
    Route(ToBank, WORKER, payouts.show, command="payout", stays=True),
    Route(
        AskForPayout,
        WORKER,
        payouts.ask_for,
        command="payout",
        usage="[AMOUNT]",
        means="send your money to your bank",
        stays=True,
    ),
    Route(PayOut, WORKER, payouts.press, stays=True),
    Route(PayRest, WORKER, payouts.press_rest, stays=True),
    Route(ChangePayee, WORKER, payouts.change, stays=True),
    Route(PayByWise, WORKER, payouts.by_wise, stays=True),
)
