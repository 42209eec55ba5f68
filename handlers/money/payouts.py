"""Screens and commands of payouts, for the worker."""

from __future__ import annotations

from collections.abc import Sequence
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
    NothingToPayOut,
    PayoutCard,
    PayoutFailed,
    PayoutPaid,
    PayoutRequested,
    PayoutSent,
    PayoutUnknown,
    PayoutUnread,
    PayoutView,
)
from domain.people.accounts import WORKER
from handlers.payload import NUMBER, Number, Payload, Words
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    clipped,
    fit_rows,
    lines,
    operation_line,
    paint_notes,
    shows,
    visible_length,
)
from handlers.work import tasks
from locales.translator import Html, Translator
from services.money import payouts

ShortNumber = Annotated[int, Field(ge=0, lt=2**50), NUMBER]  # a billion in millionths: a button has 64 bytes


class ToBank(Payload, code="tb"):
    """`/payout` alone: shows what can be paid out, and payouts on their way."""


class AskForPayout(Payload):
    """`/payout AMOUNT`: an amount as it was typed, or `all`."""

    amount: Words


class PayOut(Payload, code="po"):
    """Button that asks for a payout. `turn` is its number among this worker's payouts, so that a second press does
    nothing. `net` is the sum on the button; buttons of older versions have 0, and show the card again."""

    turn: ShortNumber
    amount: ShortNumber
    currency: str
    net: ShortNumber = 0


class PayRest(Payload, code="por"):
    """Button of a worker who leaves: pays out all of a currency, even less than goes through Wise otherwise."""

    turn: Number
    currency: str


class ChangePayee(Payload, code="poc"):
    pass


class PayByWise(Payload, code="pow"):
    country: str


MAX_TEXT_CHARS = 200  # characters of a typed text


def progress_text(payout: PayoutView, t: Translator) -> Html:
    """Text for the worker about where a payout is."""
    requested_on = t.date(payout.requested_at)
    decided_on = t.date(payout.decided_at) if payout.decided_at else ""
    return {
        "requested": t("asked for on {day}, goes to Wise next", day=requested_on)
        if payout.wise
        else t("asked for on {day}, goes to the bank next", day=requested_on),
        "sent": t("with Wise, asked for on {day}", day=requested_on)
        if payout.wise
        else t("with the bank, asked for on {day}", day=requested_on),
        "paid": t("paid on {day}", day=decided_on),
        "failed": t("called off on {day}", day=decided_on)
        if payout.called_off
        else t("came back on {day}", day=decided_on),
        "unknown": t("Wise is looking for it, asked for on {day}", day=requested_on)
        if payout.wise
        else t("the bank is looking for it, asked for on {day}", day=requested_on),
    }[payout.state]


def state_for_admin(name: str, wise: bool, t: Translator) -> str:
    """Name of a state, for an admin."""
    return {
        "requested": t.plain("waiting"),
        "sent": t.plain("with Wise") if wise else t.plain("with the bank"),
        "paid": t.plain("paid"),
        "failed": t.plain("failed"),
        "unknown": t.plain("outcome unknown"),
    }[name]


def failure_reason(code: str, wise: bool, t: Translator) -> str:
    """Reason of a failed payout: the text of a usual code, or an admin's words."""
    return {
        "closed": t.plain("the account is closed"),
        "number": t.plain("no bank knows this account number"),
        "blocked": t.plain("the account is blocked"),
        "name": t.plain("the name and the IBAN do not belong together"),
        "refused": t.plain("Wise refused it") if wise else t.plain("the bank refused it"),
        "wise": t.plain("Wise sent it back: no account was given in time, or the bank there refused"),
        "asked": t.plain("at the worker’s own request"),
        "other": t.plain("Wise gave no reason") if wise else t.plain("the bank gave no reason"),
    }.get(code, clipped(code, MAX_TEXT_CHARS))


def failure_choices(wise: bool, t: Translator) -> dict[str, str]:
    """Reasons that an admin can press, by the codes of `failure_reason`."""
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
def holder_prompt(m: HolderAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🏦 <b>Where shall your money go?</b>"),
            t("💰 {amount} can be paid out.", amount=t.money(m.available, m.currency)) if m.available else None,
            t("You are paid to {account} now.", account=m.account) if m.account else None,
            " ",
            t("First: whose account is it? Write the name as the bank has it, for example <i>Awa Diallo</i>."),
            t("Banks compare it with the account: another name can stop the payment."),
            t("/cancel leaves everything as it is."),
        )
    )


@shows(NothingToPayOut)
def nothing_to_pay_out(m: NothingToPayOut, t: Translator) -> Screen:
    """Show a worker without an account that nothing can be paid out yet; an account can be given all the same."""
    pending = t.money(m.pending, m.currency)
    work_button = Button(t.plain("▶️ A task, please"), tasks.AskForWork().pack(), style="success")
    account_button = Button(t.plain("🏦 Give my account now"), ChangePayee().pack())
    return Screen(
        lines(
            t("🏦 <b>Nothing to pay out yet</b>"),
            t("Available: <b>{amount}</b>", amount=t.money(m.available, m.currency)),
            t("Pending: {amount}, yours from {day} on", amount=pending, day=t.date(m.until)) if m.until else None,
            t("From one cent on, /payout sends it to your bank."),
        ),
        ((work_button,), (account_button,)),
    )


@shows(IbanAsked)
def iban_prompt(m: IbanAsked, t: Translator) -> Screen:
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
def email_prompt(m: EmailAsked, t: Translator) -> Screen:
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
def holder_refused(m: HolderUnfit, t: Translator) -> Screen:
    return Screen(
        t(
            "First the name of whoever the account belongs to: 2 to {longest} characters. I ask for the IBAN next.",
            longest=m.longest,
        )
    )


@shows(IbanUnfit)
def iban_refused(m: IbanUnfit, t: Translator) -> Screen:
    try_again = t("Please send it again, or /cancel.")
    if _is_out_of_reach(m, t):
        return Screen(
            lines(_out_of_reach_line(m.country, t), t("Send an IBAN of another account of yours, or /cancel."))
        )
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
    return Screen(lines(t("❌ This is not a valid IBAN: {problem}", problem=problem), try_again))


def _is_out_of_reach(m: IbanUnfit, t: Translator) -> bool:
    """Return whether the IBAN's country exists but is not in SEPA: some of them have IBANs that no registry knows
    (Senegal's)."""
    return m.what == "sepa" or (m.what == "country" and t.country(m.country) != m.country)


def _out_of_reach_line(country: str, t: Translator) -> Html:
    return t(
        "❌ We cannot pay to banks in this country yet: {country}. Only inside the SEPA area.",
        country=t.country(country),
    )


@shows(AccountNoted)
def account_receipt(m: AccountNoted, t: Translator) -> Screen:
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
def amount_refused(_: PayoutUnread, t: Translator) -> Screen:
    return Screen(t("Like this: <code>/payout</code>, <code>/payout 12.50</code> or <code>/payout all</code>"))


@shows(AccountKept)
def account_kept_notice(_: AccountKept, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔒 That is a bank account number. Nobody got it, and it is deleted here."),
            t("You can still write what you meant to. Your account for payouts: /payout"),
        )
    )


MAX_CARD_CHARS = 300  # characters of the card of payouts, which names as many payouts as there is room for
MIN_PAYOUTS_CHARS, COUNT_LINE_CHARS = 100, 18  # of the payouts at least; of “… and 3 more” and line ends


@shows(PayoutCard)
def payout_card(m: PayoutCard, t: Translator) -> Screen:
    note_lines, note_buttons = paint_notes(m.notes, t)
    is_enough = m.asked or (m.gross > 0 and m.net >= m.least)
    send_button = _send_button(m, t) if is_enough and not m.waits and not m.asked else ()
    change_text = t.plain("✏️ Another address or account") if m.wise else t.plain("✏️ Another bank account")
    change_button = Button(change_text, ChangePayee().pack())
    head = lines(
        t("🏦 Available: <b>{amount}</b>", amount=t.money(m.available, m.currency)),
        t("🔁 The amount has changed. Nothing was sent yet.") if m.changed else None,
        None if m.asked else withheld_line(m, t),
        None if is_enough else _too_little_line(m, t),
        t("To: {account}, {holder}", account=m.account, holder=m.holder),
        coming_account_line(m, t),
        t("🌍 Wise keeps a fee of each payment: larger sums lose less.") if m.wise else None,
        *note_lines,
    )
    foot = lines(
        _amount_hint(m, t) if send_button else None,
        t("✅ You have asked. For more: /payout") if m.asked else None,
    )
    room = MAX_CARD_CHARS - visible_length(head) - visible_length(foot)
    payouts = _format_payouts(m.on_the_way, t, max(MIN_PAYOUTS_CHARS, room))
    return Screen(lines(head, payouts, foot or None), (*send_button, *note_buttons, (change_button,)))


def _format_payouts(payouts: Sequence[PayoutView], t: Translator, room: int) -> Html | None:
    """Return the heading and as many payouts as there is room for, the newest first; None without payouts."""
    if not payouts:
        return None
    heading = t("<b>Your payouts</b>")
    room_for_rows = room - visible_length(heading) - COUNT_LINE_CHARS
    return lines(
        " ", heading, *fit_rows((payout_line(payout, t) for payout in payouts), t, len(payouts), room_for_rows)
    )


def _too_little_line(m: PayoutCard, t: Translator) -> Html:
    if m.least:
        return t("Through Wise we send {least} or more. /work brings some.", least=t.money(m.least, m.currency))
    return t("There is not a whole cent to send yet. /work brings some.")


def _amount_hint(m: PayoutCard, t: Translator) -> Html:
    if m.least:
        least = t.money(m.least, m.currency)
        return t("At least {least}. Another amount: <code>/payout 12.50</code>", least=least)
    return t("No minimum. Another amount: <code>/payout 12.50</code>")


def _send_button(m: PayoutCard, t: Translator) -> Keyboard:
    press = PayOut(turn=m.turn, amount=m.gross, currency=m.currency, net=m.net).pack()
    return ((Button(t.plain("💶 Send me {amount}", amount=t.money(m.net, m.currency)), press, style="success"),),)


def withheld_line(payout: PayoutCard | PayoutView, t: Translator) -> Html | None:
    """Line with the withheld sum, or None if nothing is withheld."""
    if not payout.withheld:
        return None
    return t(
        "Of {gross}, {withheld} is kept for social contributions; {net} reaches you.",
        gross=t.money(payout.gross, payout.currency),
        withheld=t.money(payout.withheld, payout.currency),
        net=t.money(payout.net, payout.currency),
    )


def coming_account_line(m: PayoutCard, t: Translator) -> Html | None:
    if not m.coming or m.usable_at is None:
        return None
    return t("From {when} on: {account}", when=t.date(m.usable_at), account=m.coming)


def payout_line(payout: PayoutView, t: Translator) -> Html:
    """Line with one payout and where it is now."""
    return Html(f"#{payout.number} · <b>{net_text(payout, t)}</b> · {progress_text(payout, t)}")


def net_text(payout: PayoutView, t: Translator) -> str:
    return t.money(payout.net, payout.currency)


@shows(PayoutRequested)
def payout_receipt(m: PayoutRequested, t: Translator) -> Screen:
    payout = m.payout
    return Screen(
        lines(
            t("✅ <b>{amount}</b> is on its way to {account}.", amount=net_text(payout, t), account=payout.account),
            withheld_line(payout, t),
            t("It goes to Wise with the next file. Wise then writes you an e-mail. I tell you each step.")
            if payout.wise
            else t(
                "It goes to the bank with the next file; banks then take one or two working days. I tell you each step."
            ),
            t("Still available: {left}", left=t.money(m.left, payout.currency)),
            operation_line(payout.number, t),
        )
    )


@shows(PayoutSent)
def payout_sent_notice(m: PayoutSent, t: Translator) -> Screen:
    facts = {"amount": net_text(m.payout, t), "account": m.payout.account}
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
    return Screen(lines(text, _bank_statement_name(m.payout, t), operation_line(m.payout.number, t)))


def _bank_statement_name(payout: PayoutView, t: Translator) -> Html | None:
    """Line with the payout's name on the worker's bank statement; None through Wise, which has names of its own."""
    return None if payout.wise else t("On your bank statement it is called PAYOUT-{number}.", number=payout.payout)


@shows(PayoutPaid)
def payout_paid_notice(m: PayoutPaid, t: Translator) -> Screen:
    facts = {"amount": net_text(m.payout, t), "account": m.payout.account}
    text = (
        t("💶 Wise has paid out your <b>{amount}</b>, less its fee.", **facts)
        if m.payout.wise
        else t("💶 The bank has paid <b>{amount}</b> to {account}.", **facts)
    )
    taken_back_text = t(
        "We had told you that it did not arrive. {back}, which had come back, is no longer available.",
        back=t.money(m.payout.gross, m.payout.currency),
    )
    taken_back_line = taken_back_text if m.after_all else None
    return Screen(lines(text, taken_back_line, _bank_statement_name(m.payout, t), operation_line(m.operation, t)))


@shows(PayoutFailed)
def payout_failed_notice(m: PayoutFailed, t: Translator) -> Screen:
    payout = m.payout
    if payout.called_off:
        return _called_off_notice(m, t)
    return Screen(
        lines(
            t(
                "↩️ <b>{amount}</b> to {account} did not arrive: {reason}.",
                amount=net_text(payout, t),
                account=payout.account,
                reason=failure_reason(payout.reason, payout.wise, t),
            ),
            t(
                "{back} is available again, nothing is lost. /payout sends it anew, or to another account.",
                back=t.money(payout.gross, payout.currency),
            ),
            operation_line(m.operation, t),
        )
    )


def _called_off_notice(m: PayoutFailed, t: Translator) -> Screen:
    payout = m.payout
    facts = {
        "amount": net_text(payout, t),
        "account": payout.account,
        "reason": failure_reason(payout.reason, payout.wise, t),
    }
    return Screen(
        lines(
            t("✋ <b>{amount}</b> to {account} was called off, and was not sent: {reason}.", **facts),
            t("{back} is available again, nothing is lost.", back=t.money(payout.gross, payout.currency)),
            operation_line(m.operation, t),
        )
    )


@shows(PayoutUnknown)
def payout_unknown_notice(m: PayoutUnknown, t: Translator) -> Screen:
    facts = {"amount": net_text(m.payout, t), "account": m.payout.account}
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
    return Screen(lines(text, operation_line(m.payout.number, t)))


ROUTES = (
    Route(ToBank, WORKER, payouts.show_payouts, command="payout", stays=True),
    Route(
        AskForPayout,
        WORKER,
        payouts.request_typed,
        command="payout",
        usage="[AMOUNT]",
        means="send your money to your bank",
        stays=True,
    ),
    Route(PayOut, WORKER, payouts.request_by_button, stays=True),
    Route(PayRest, WORKER, payouts.request_rest, stays=True),
    Route(ChangePayee, WORKER, payouts.change_account, stays=True),
    Route(PayByWise, WORKER, payouts.choose_wise, stays=True),
)
