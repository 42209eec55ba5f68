"""Money that leaves: what a worker is told of their payouts."""

from decimal import Decimal
from typing import Any

from handlers.payloads.money import ChangePayee, PayOut
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.layout.operation_number import numbered
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

NAMED = 200  # characters of what somebody typed


@screen("payouts.ask_holder")
def ask_holder(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🏦 <b>Where shall your money go?</b>"),
            t("You are paid to {account} now.", account=facts["account"]) if facts["account"] else None,
            " ",
            t("First: whose account is it? Write the name as the bank has it, for example <i>Awa Diallo</i>."),
            t("/cancel leaves everything as it is."),
        )
    )


@screen("payouts.ask_iban")
def ask_iban(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("Name: <b>{holder}</b>", holder=facts["holder"]),
            t("Now the IBAN, for example <code>FR76 3000 6000 0112 3456 7890 189</code>."),
            t("It is used to pay you, and for nothing else. I take your message out of this chat once I have read it."),
        )
    )


@screen("payouts.bad_holder")
def bad_holder(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "First the name of whoever the account belongs to: 2 to {longest} characters. I ask for the IBAN next.",
            longest=facts["longest"],
        )
    )


@screen("payouts.bad_iban")
def bad_iban(facts: Facts, t: Translator) -> Screen:
    country = facts["country"]
    problem = {
        "characters": t("an IBAN begins with two letters and two digits, then has letters and digits only."),
        "country": t("no country has IBANs that begin with {country}.", country=country),
        "sepa": t("I cannot pay to banks in {country} yet: only inside the SEPA area.", country=country),
        "length": t(
            "{country} IBANs have {wanted} characters, this one has {found}.",
            country=country,
            wanted=facts["wanted"],
            found=facts["found"],
        ),
        "checksum": t("its check digits do not fit: some character is wrong, or two are swapped."),
        "bank": t("the part that names the bank or the account cannot be right."),
    }[facts["what"]]
    return Screen(
        lines(
            t("❌ This is not a valid IBAN: {problem}", problem=problem),
            t("Please send it again, or /cancel."),
        )
    )


@screen("payouts.noted")
def noted(facts: Facts, t: Translator) -> Screen:
    account = t("✅ Noted: <b>{account}</b>, {holder}", account=facts["account"], holder=facts["holder"])
    if facts["usable_at"] is None:
        return Screen(account)
    return Screen(
        lines(
            account,
            t(
                "For your safety, it is used from {when} (UTC) on. Until then, and for what you have asked for already, your money goes to {before}.",
                when=t.moment(facts["usable_at"]),
                before=facts["before"],
            ),
            t("⚠️ If it was not you who changed this, send /payout, put your own account back, and tell us."),
        )
    )


@screen("payouts.card")
def card(facts: Facts, t: Translator) -> Screen:
    currency, gross = facts["currency"], facts["gross"]
    press = PayOut(turn=facts["turn"], amount=gross, currency=currency).pack()
    send = Button(t.plain("💶 Send me {amount}", amount=t.money(facts["net"], currency)), press, style="success")
    change = Button(t.plain("✏️ Another bank account"), ChangePayee().pack())
    return Screen(
        lines(
            t("🏦 <b>Money to your bank</b>"),
            t("Available: <b>{amount}</b>", amount=t.money(facts["available"], currency)),
            kept(facts, t) if gross else t("There is not a whole cent to send yet. /work brings some."),
            t("To: {account}, {holder}", account=facts["account"], holder=facts["holder"]),
            coming(facts, t),
            *([" ", t("<b>Your payouts</b>")] if facts["on_the_way"] else []),
            *fitted([line(payout, t) for payout in facts["on_the_way"]], t),
            " " if gross else None,
            t("No minimum: any amount from one cent. Or say how much: <code>/payout 12.50</code>") if gross else None,
        ),
        ((send,), (change,)) if gross else ((change,),),
    )


def kept(facts: Facts, t: Translator) -> Html | None:
    """What is withheld, where something is."""
    if not facts["withheld"]:
        return None
    money = {name: t.money(facts[name], facts["currency"]) for name in ("gross", "net", "withheld")}
    return t("Of {gross}, {withheld} is kept for social contributions; {net} reaches you.", **money)


def coming(facts: Facts, t: Translator) -> Html | None:
    if not facts["coming"]:
        return None
    when = t.moment(facts["usable_at"])
    return t("From {when} (UTC) on: {account}", when=when, account=facts["coming"])


def line(payout: dict[str, Any], t: Translator) -> Html:
    """One payout and where it is now."""
    amount = t.money(payout["net"], payout["currency"])
    return Html(f"#{payout['number']} · <b>{amount}</b> · {where(payout, t)}")


def where(payout: Facts, t: Translator) -> Html:
    """Where a payout is, in words."""
    asked = t.day(payout["requested_at"])
    decided = t.day(payout["decided_at"]) if payout["decided_at"] else ""
    return {
        "requested": t("asked for on {day}, goes to the bank next", day=asked),
        "sent": t("with the bank, asked for on {day}", day=asked),
        "paid": t("paid on {day}", day=decided),
        "failed": t("came back on {day}", day=decided),
        "unknown": t("the bank is looking for it, asked for on {day}", day=asked),
    }[payout["state"]]


def amount_of(facts: Facts, t: Translator) -> str:
    return t.money(facts["net"], facts["currency"])


@screen("payouts.requested")
def requested(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✅ <b>{amount}</b> is on its way to {account}.", amount=amount_of(facts, t), account=facts["account"]),
            kept(facts, t),
            t("It goes to the bank with the next file; banks then take one or two working days. I tell you each step."),
            t("Still available: {left}", left=t.money(facts["left"], facts["currency"])),
            numbered(facts["number"], t),
        )
    )


@screen("payouts.sent")
def sent(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🏦 Your <b>{amount}</b> for {account} is at the bank now. It usually takes one or two working days.",
                amount=amount_of(facts, t),
                account=facts["account"],
            ),
            numbered(facts["number"], t),
        )
    )


@screen("payouts.paid")
def paid(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "💶 The bank has paid <b>{amount}</b> to {account}.",
                amount=amount_of(facts, t),
                account=facts["account"],
            ),
            numbered(facts["operation"], t),
        )
    )


@screen("payouts.failed")
def failed(facts: Facts, t: Translator) -> Screen:
    back = t.money(facts["gross"], facts["currency"])
    return Screen(
        lines(
            t(
                "↩️ <b>{amount}</b> to {account} did not arrive: {reason}.",
                amount=amount_of(facts, t),
                account=facts["account"],
                reason=reason(facts["reason"], t),
            ),
            t("{back} is available again, nothing is lost. /payout sends it anew, or to another account.", back=back),
            numbered(facts["operation"], t),
        )
    )


@screen("payouts.unknown")
def unknown(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🔎 The bank cannot say yet whether <b>{amount}</b> reached {account}. We are asking it. The money stays set aside for you meanwhile.",
                amount=amount_of(facts, t),
                account=facts["account"],
            ),
            numbered(facts["number"], t),
        )
    )


def reason(code: str, t: Translator) -> str:
    """Why the bank sent it back: one of the usual reasons, or what an admin wrote."""
    return {
        "closed": t.plain("the account is closed"),
        "name": t.plain("the name and the IBAN do not belong together"),
        "refused": t.plain("the bank refused it"),
        "other": t.plain("the bank gave no reason"),
    }.get(code, clipped(code, NAMED))


@screen("payouts.rate")
def rate(facts: Facts, t: Translator) -> Screen:
    percent = t.number(Decimal(facts["rate"]) / 100)
    if not facts["rate"]:
        return Screen(t("🧾 Nothing is kept from your payouts any more: {reason}", reason=facts["reason"]))
    return Screen(
        lines(
            t("🧾 From now on, {percent}% of each payout is kept for social contributions.", percent=percent),
            t("Why: {reason}", reason=clipped(facts["reason"], NAMED)),
            t("/payout shows the exact amounts before you ask for one. What you asked for already stays as it was."),
        )
    )


@screen("refusals.NothingToPay")
def nothing_to_pay(facts: Facts, t: Translator) -> Screen:
    there = t.money(facts["available"], facts["currency"])
    return Screen(t("There is not a whole cent to send yet: {available} is available. /balance", available=there))


@screen("refusals.MoreThanThere")
def more_than_there(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("asked", "available")}
    return Screen(t("{asked} is more than the {available} there is. Nothing was moved.", **money))


@screen("refusals.AlreadyAsked")
def already_asked(facts: Facts, t: Translator) -> Screen:
    return Screen(t("You have asked for this already. /payout shows where it is."))
