"""Money that leaves: what a worker is told of their payouts, what an admin does with bank files."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from domain.payouts import REASONS
from handlers import payout_buttons as buttons
from handlers.screens.fitting import clipped, fitted
from handlers.screens.screen import Button, Facts, FileOrder, Screen, lines, screen
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
    press = buttons.PayOut(turn=facts["turn"], amount=gross, currency=currency).pack()
    send = Button(t.plain("💶 Send me {amount}", amount=t.money(facts["net"], currency)), press, style="success")
    change = Button(t.plain("✏️ Another bank account"), buttons.ChangePayee().pack())
    return Screen(
        lines(
            t("🏦 <b>Money to your bank</b>"),
            t("Available: <b>{amount}</b>", amount=t.money(facts["available"], currency)),
            kept(facts, t) if gross else t("There is not a whole cent to send yet. /work brings some."),
            t("To: {account}, {holder}", account=facts["account"], holder=facts["holder"]),
            coming(facts, t),
            *([" ", t("<b>Your payouts</b>")] if facts["on_the_way"] else []),
            *fitted([line(payout, t) for payout in facts["on_the_way"]], t),
            " ",
            t("No minimum: any amount from one cent. Or say how much: <code>/payout 12.50</code>"),
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
            operation(facts["number"], facts["requested_at"], t),
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
            operation(facts["number"], facts["requested_at"], t),
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
            operation(facts["operation"], facts["decided_at"], t),
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
            operation(facts["operation"], facts["decided_at"], t),
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
            operation(facts["number"], facts["requested_at"], t),
        )
    )


def operation(number: int | None, at: int, t: Translator) -> Html | None:
    return t("Operation #{number}, {day}", number=number, day=t.moment(at)) if number else None


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


@screen("payouts.rate_set")
def rate_set(facts: Facts, t: Translator) -> Screen:
    percent = t.number(Decimal(facts["rate"]) / 100)
    return Screen(t("🧾 {percent}% of {who}'s next payouts is withheld.", percent=percent, who=facts["who"]))


@screen("payouts.handed_on")
def handed_on(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("amount", "left")}
    return Screen(
        t(
            "🧾 <b>{amount}</b> handed on ({reference}). {left} is still withheld. Operation #{number}",
            reference=facts["reference"],
            number=facts["number"],
            **money,
        )
    )


@screen("payouts.overview")
def overview(facts: Facts, t: Translator) -> Screen:
    currency = facts["currency"]
    make = Button(
        t.plain("🏦 Make the bank file"),
        buttons.MakeBankFile(after=facts["after"], currency=currency).pack(),
        style="success",
    )
    files = [
        (Button(t.plain("📄 File {number}", number=b["file"]), buttons.ShowBankFile(file=b["file"], after=0).pack()),)
        for b in facts["files"]
    ]
    more = facts["waiting"] - len(facts["listed"])
    return Screen(
        lines(
            t("🏦 <b>Payouts</b>"),
            t(
                "Waiting for a bank file: {payouts}, {total}",
                payouts=t.n("{count} payout", "{count} payouts", facts["waiting"]),
                total=t.money(facts["total"], currency),
            ),
            *(awaited(payout, t) for payout in facts["listed"]),
            t("… and {more} more", more=more) if more > 0 else None,
            t("Withheld, to be handed on: {withheld}", withheld=t.money(facts["withheld"], currency)),
            *([" ", t("<b>With the bank</b>")] if facts["files"] else []),
            *(open_file(b, t) for b in facts["files"]),
        ),
        (*([(make,)] if facts["waiting"] else []), *files, tuple(yearly(facts["year"], t))),
    )


def awaited(payout: dict[str, Any], t: Translator) -> Html:
    amount, who = amount_of(payout, t), clipped(payout["who"], 40)
    return t(
        "  {number}: {amount} for {who}, {day}",
        number=payout["payout"],
        amount=amount,
        who=who,
        day=t.day(payout["requested_at"]),
    )


def yearly(year: int, t: Translator) -> Iterator[Button]:
    for each in (year - 1, year):
        text = t.plain("🧾 DAC7 {year}", year=each)
        yield Button(text, buttons.GetSellers(year=each).pack())


@screen("payouts.dac7")
def dac7(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>DAC7 figures of {year}</b>", year=str(facts["year"])),
            t("By worker and quarter: what they earned, our fees, what was kept, how many answers."),
            t("⚠️ It names people and their bank accounts. Keep it as you would keep a payroll."),
        ),
        file=FileOrder("dac7", {"year": facts["year"]}),
    )


@screen("payouts.lines")
def invoice_lines(facts: Facts, t: Translator) -> Screen:
    month = f"{facts['year']}-{facts['month']:02}"
    order = {name: facts[name] for name in ("person", "year", "month")}
    return Screen(
        lines(
            t("🧾 <b>Invoice lines of {month}</b>", month=month),
            t("By project: answers, rewards, fees, top-ups, bonuses, and what came back to you."),
        ),
        file=FileOrder("invoice_lines", order),
    )


def months(found: list[list[int]], t: Translator) -> tuple[Button, ...]:
    """Under /funds: the lines of this month and of the one before."""
    return tuple(
        Button(
            t.plain("🧾 Invoice {month}", month=f"{year}-{month:02}"), buttons.GetLines(year=year, month=month).pack()
        )
        for year, month in found
    )


def open_file(file: dict[str, Any], t: Translator) -> Html:
    return t(
        "📄 File {number} of {day}: {payouts}, {net}; open: {open}",
        number=file["file"],
        day=t.day(file["made_at"]),
        payouts=t.n("{count} payout", "{count} payouts", file["payouts"]),
        net=t.money(file["net"], file["currency"]),
        open=t.number(file["undecided"]),
    )


@screen("payouts.file")
def file(facts: Facts, t: Translator) -> Screen:
    number = facts["file"]
    return Screen(
        lines(
            t("🏦 <b>Bank file {number}</b>", number=number),
            counted(facts, t),
            t("Upload it at your bank once. Sent again, this is the same file; your bank knows it by its number."),
            t("When the bank has paid, press here or see /payouts."),
        ),
        (
            (Button(t.plain("✅ The bank has paid them"), buttons.BankPaid(file=number).pack(), style="success"),),
            (Button(t.plain("🔎 One by one"), buttons.ShowBankFile(file=number, after=0).pack()),),
        ),
        file=FileOrder("bank_file", {"file": number}),
    )


def counted(facts: Facts, t: Translator) -> Html:
    payouts = t.n("{count} payout", "{count} payouts", facts["payouts"])
    return t("Together: {payouts}, {net}", payouts=payouts, net=t.money(facts["net"], facts["currency"]))


@screen("payouts.bank_file")
def bank_file(facts: Facts, t: Translator) -> Screen:
    number = facts["file"]
    rows = [(Button(one_line(p, t), buttons.ShowPayout(payout=p["payout"]).pack()),) for p in facts["listed"]]
    more = facts["left"] - len(facts["listed"])
    if more > 0:
        following = buttons.ShowBankFile(file=number, after=facts["listed"][-1]["payout"]).pack()
        rows.append((Button(t.plain("➡️ {more} more", more=more), following),))
    all_paid = Button(t.plain("✅ The bank has paid them"), buttons.BankPaid(file=number).pack(), style="success")
    again = Button(t.plain("📄 The file again"), buttons.GetBankFile(file=number).pack())
    return Screen(
        lines(
            t("🏦 <b>Bank file {number}</b> of {day}", number=number, day=t.moment(facts["made_at"])),
            counted(facts, t),
            *(t("{state}: {count}", state=state(name, t), count=count) for name, count in facts["counts"].items()),
            t("Which of them did the bank not pay? Press it.") if facts["listed"] else None,
        ),
        (*([(all_paid,)] if facts["counts"].get("sent") else []), *rows, (again,)),
    )


def one_line(payout: dict[str, Any], t: Translator) -> str:
    return clipped(f"{payout['payout']} · {t.money(payout['net'], payout['currency'])} · {payout['who']}", 30)


def state(name: str, t: Translator) -> str:
    return {
        "requested": t.plain("waiting"),
        "sent": t.plain("with the bank"),
        "paid": t.plain("paid"),
        "failed": t.plain("failed"),
        "unknown": t.plain("outcome unknown"),
    }[name]


@screen("payouts.one")
def one(facts: Facts, t: Translator) -> Screen:
    number, now = facts["payout"], facts["state"]
    wanted = [("paid", t.plain("✅ Paid")), ("failed", t.plain("❌ Failed")), ("unknown", t.plain("🔎 Unknown"))]
    possible = {"sent": ("paid", "failed", "unknown"), "unknown": ("paid", "failed"), "paid": ("failed",)}.get(now, ())
    row = [
        Button(text, buttons.DecidePayout(payout=number, state=name, reason="").pack())
        for name, text in wanted
        if name in possible
    ]
    back = buttons.ShowBankFile(file=facts["file"], after=0).pack() if facts["file"] else None
    return Screen(
        lines(
            t("🏦 <b>Payout {number}</b> · {state}", number=number, state=state(now, t)),
            t(
                "{amount} for {who}, to {account}",
                amount=amount_of(facts, t),
                who=facts["who"],
                account=facts["account"],
            ),
            t("Why: {reason}", reason=reason(facts["reason"], t)) if facts["reason"] else None,
            t("In bank file {number}", number=facts["file"]) if facts["file"] else None,
            operation(facts["number"], facts["requested_at"], t),
        ),
        tuple(part for part in (tuple(row), (Button(t.plain("📄 Its bank file"), back),) if back else ()) if part),
    )


@screen("payouts.ask_why")
def ask_why(facts: Facts, t: Translator) -> Screen:
    number = facts["payout"]
    short = {
        "closed": t.plain("Account closed"),
        "name": t.plain("Name and IBAN differ"),
        "refused": t.plain("Refused by the bank"),
        "other": t.plain("No reason given"),
    }
    return Screen(
        lines(
            t("Why did payout {number} fail? {who} will be told.", number=number, who=facts["who"]),
            t("In your own words: <code>/payouts {number} failed why</code>", number=number),
        ),
        tuple(
            (Button(short[code], buttons.DecidePayout(payout=number, state="failed", reason=code).pack()),)
            for code in REASONS
        ),
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


@screen("refusals.PayerMissing")
def payer_missing(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "A bank file says whose account pays. Please set {missing} where the bot runs, and start it again. Nothing was changed.",
            missing=", ".join(facts["missing"]),
        )
    )


@screen("refusals.PayoutDecided")
def payout_decided(facts: Facts, t: Translator) -> Screen:
    if facts["state"] == "handed on":
        return Screen(
            t("What was withheld from payout {number} is with the authority already.", number=facts["number"])
        )
    return Screen(
        t(
            "Payout {number} is “{state}”: that cannot be changed so. Nothing was moved.",
            number=facts["number"],
            state=state(facts["state"], t),
        )
    )
