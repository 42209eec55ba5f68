"""Bank files and what the bank says of them, as an admin sees them; figures for those outside."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from domain.money.payouts import REASONS
from handlers.payloads.money import (
    BankPaid,
    DecidePayout,
    GetBankFile,
    GetSellers,
    MakeBankFile,
    ShowBankFile,
    ShowPayout,
)
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.operation_number import numbered
from handlers.screens.money.payouts import amount_of, reason
from handlers.screens.screen import Button, Facts, FileOrder, Screen, lines, screen
from locales import Html, Translator


@screen("settling.rate_set")
def rate_set(facts: Facts, t: Translator) -> Screen:
    percent = t.number(Decimal(facts["rate"]) / 100)
    return Screen(t("🧾 {percent}% of {who}'s next payouts is withheld.", percent=percent, who=facts["who"]))


@screen("settling.handed_on")
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


@screen("settling.overview")
def overview(facts: Facts, t: Translator) -> Screen:
    currency = facts["currency"]
    make = Button(
        t.plain("🏦 Make the bank file"),
        MakeBankFile(after=facts["after"], currency=currency).pack(),
        style="success",
    )
    files = [
        (Button(t.plain("📄 File {number}", number=b["file"]), ShowBankFile(file=b["file"], after=0).pack()),)
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
        yield Button(text, GetSellers(year=each).pack())


@screen("settling.dac7")
def dac7(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>DAC7 figures of {year}</b>", year=str(facts["year"])),
            t("By worker and quarter: what they earned, our fees, what was kept, how many answers."),
            t("⚠️ It names people and their bank accounts. Keep it as you would keep a payroll."),
        ),
        file=FileOrder("dac7", {"year": facts["year"]}),
    )


@screen("settling.lines")
def invoice_lines(facts: Facts, t: Translator) -> Screen:
    month = f"{facts['year']}-{facts['month']:02}"
    order = {name: facts[name] for name in ("person", "year", "month")}
    return Screen(
        lines(
            t("🧾 <b>Statement of costs, {month}</b>", month=month),
            t("By project: answers, rewards, fees, top-ups, bonuses, and what came back to you."),
            t("It is no invoice: it has no number, no parties and no VAT."),
        ),
        file=FileOrder("invoice_lines", order),
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


@screen("settling.file")
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
            (Button(t.plain("✅ The bank has paid them"), BankPaid(file=number).pack(), style="success"),),
            (Button(t.plain("🔎 One by one"), ShowBankFile(file=number, after=0).pack()),),
        ),
        file=FileOrder("bank_file", {"file": number}),
    )


def counted(facts: Facts, t: Translator) -> Html:
    payouts = t.n("{count} payout", "{count} payouts", facts["payouts"])
    return t("Together: {payouts}, {net}", payouts=payouts, net=t.money(facts["net"], facts["currency"]))


@screen("settling.bank_file")
def bank_file(facts: Facts, t: Translator) -> Screen:
    number = facts["file"]
    rows = [(Button(one_line(p, t), ShowPayout(payout=p["payout"]).pack()),) for p in facts["listed"]]
    more = facts["left"] - len(facts["listed"])
    if more > 0:
        following = ShowBankFile(file=number, after=facts["listed"][-1]["payout"]).pack()
        rows.append((Button(t.plain("➡️ {more} more", more=more), following),))
    all_paid = Button(t.plain("✅ The bank has paid them"), BankPaid(file=number).pack(), style="success")
    again = Button(t.plain("📄 The file again"), GetBankFile(file=number).pack())
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


@screen("settling.one")
def one(facts: Facts, t: Translator) -> Screen:
    number, now = facts["payout"], facts["state"]
    wanted = [("paid", t.plain("✅ Paid")), ("failed", t.plain("❌ Failed")), ("unknown", t.plain("🔎 Unknown"))]
    possible = {"sent": ("paid", "failed", "unknown"), "unknown": ("paid", "failed"), "paid": ("failed",)}.get(now, ())
    row = [
        Button(text, DecidePayout(payout=number, state=name, reason="").pack())
        for name, text in wanted
        if name in possible
    ]
    back = ShowBankFile(file=facts["file"], after=0).pack() if facts["file"] else None
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
            t("Asked for on {day} (UTC)", day=t.moment(facts["requested_at"])),
            numbered(facts["number"], t),
        ),
        tuple(part for part in (tuple(row), (Button(t.plain("📄 Its bank file"), back),) if back else ()) if part),
    )


@screen("settling.ask_why")
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
            (Button(short[code], DecidePayout(payout=number, state="failed", reason=code).pack()),) for code in REASONS
        ),
    )


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
