"""Bank files and the bank's answers, as an admin sees them."""

from collections.abc import Iterator
from decimal import Decimal

from domain.money.messages.settlement import (
    AdminPayout,
    BankFileReady,
    BankFileShown,
    BankFileView,
    FailureAsked,
    OpenBankFile,
    PayoutShown,
    PayoutsOverview,
    WithheldCameBack,
    WithheldHandedOn,
    WithholdingSet,
)
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
from handlers.screens.money.channels import reason, short_reasons, state
from handlers.screens.money.contributions import siret_first
from handlers.screens.money.payouts import amount_of
from handlers.screens.screen import Button, FileOrder, Keyboard, Screen, lines, shows
from locales import Html, Translator


@shows(WithholdingSet)
def withholding_set(m: WithholdingSet, t: Translator) -> Screen:
    percent = t.number(Decimal(m.rate) / 100)
    said = t("🧾 {percent}% of {who}'s next payouts is withheld.", percent=percent, who=m.who)
    return Screen(lines(said, siret_first(m.first, t)))


@shows(WithheldHandedOn)
def withheld_handed_on(m: WithheldHandedOn, t: Translator) -> Screen:
    return Screen(
        t(
            "🧾 <b>{amount}</b> handed on ({reference}). {left} is still withheld. Operation #{number}",
            amount=t.money(m.amount, m.currency),
            reference=m.reference,
            left=t.money(m.left, m.currency),
            number=m.operation,
        )
    )


@shows(WithheldCameBack)
def withheld_came_back(m: WithheldCameBack, t: Translator) -> Screen:
    return Screen(
        t(
            "🧾 <b>{amount}</b> came back from the authority ({reference}). {there} is withheld now. Operation #{number}",
            amount=t.money(m.amount, m.currency),
            reference=m.reference,
            there=t.money(m.there, m.currency),
            number=m.operation,
        )
    )


@shows(PayoutsOverview)
def overview(m: PayoutsOverview, t: Translator) -> Screen:
    press = MakeBankFile(after=m.after, currency=m.currency, channel=m.channel).pack()
    wise = m.channel == "wise"
    make = Button(
        t.plain("🌍 Make the file for Wise") if wise else t.plain("🏦 Make the bank file"), press, style="success"
    )
    files = [
        (Button(t.plain("📄 File {number}", number=b.file), ShowBankFile(file=b.file, after=0).pack()),)
        for b in m.files
    ]
    more = m.waiting - len(m.listed)
    return Screen(
        lines(
            t("🌍 <b>Payouts through Wise</b>") if wise else t("🏦 <b>Payouts</b>"),
            _waiting(m, t),
            *(awaited(each, t) for each in m.listed),
            t("… and {more} more", more=more) if more > 0 else None,
            _call_off(m.listed[0], t) if m.listed else None,
            t("Withheld, to be handed on: {withheld}", withheld=t.money(m.withheld, m.currency)),
            *([" ", t("<b>Sent, without an answer yet</b>")] if m.files else []),
            *(open_file(b, t) for b in m.files),
        ),
        (*([(make,)] if m.waiting else []), *files, tuple(yearly(m.year, t))),
    )


def _call_off(each: AdminPayout, t: Translator) -> Html:
    return t("To call one off before it is sent: <code>/payouts {number}</code>", number=each.payout.payout)


def _waiting(m: PayoutsOverview, t: Translator) -> Html:
    facts = {"payouts": t.n("{count} payout", "{count} payouts", m.waiting), "total": t.money(m.total, m.currency)}
    if m.channel == "wise":
        return t("Waiting for a file for Wise: {payouts}, {total}", **facts)
    return t("Waiting for a bank file: {payouts}, {total}", **facts)


def awaited(each: AdminPayout, t: Translator) -> Html:
    return t(
        "  {number}: {amount} for {who}, {day}",
        number=each.payout.payout,
        amount=amount_of(each.payout, t),
        who=clipped(each.who, 40),
        day=t.date(each.payout.requested_at),
    )


def yearly(year: int, t: Translator) -> Iterator[Button]:
    for each in (year - 1, year):
        text = t.plain("🧾 DAC7 {year}", year=each)
        yield Button(text, GetSellers(year=each).pack())


def open_file(file: OpenBankFile, t: Translator) -> Html:
    facts = {
        "number": file.file,
        "day": t.date(file.made_at),
        "payouts": t.n("{count} payout", "{count} payouts", file.payouts),
        "net": t.money(file.net, file.currency),
        "open": t.number(file.undecided),
    }
    if file.channel == "wise":
        return t("🌍 File {number} of {day}, for Wise: {payouts}, {net}; open: {open}", **facts)
    return t("📄 File {number} of {day}: {payouts}, {net}; open: {open}", **facts)


@shows(BankFileReady)
def bank_file_ready(m: BankFileReady, t: Translator) -> Screen:
    number, wise = m.file.file, m.file.channel == "wise"
    return Screen(
        lines(
            _named(m.file, t),
            counted(m.file, t),
            t(
                "Upload it at Wise once, as a batch payment by e-mail. Then send Wise’s list of transfers (CSV) here with the caption <code>/payouts</code>."
            )
            if wise
            else t("Upload it at your bank once. Sent again, this is the same file; your bank knows it by its number."),
            t("⚠️ Wise does not know a file that it had before: upload it a second time, and it pays twice.")
            if wise
            else t("When the bank has paid, press here or see /payouts."),
        ),
        (
            (_all_paid(m.file, t),),
            (Button(t.plain("🔎 One by one"), ShowBankFile(file=number, after=0).pack()),),
        ),
        file=FileOrder("bank_file", {"file": number, "channel": m.file.channel, "zone": m.zone}),
    )


def _named(file: BankFileView, t: Translator) -> Html:
    if file.channel == "wise":
        return t("🌍 <b>File {number} for Wise</b>", number=file.file)
    return t("🏦 <b>Bank file {number}</b>", number=file.file)


def _all_paid(file: BankFileView, t: Translator) -> Button:
    text = t.plain("✅ Wise has paid them") if file.channel == "wise" else t.plain("✅ The bank has paid them")
    left = next((each.count for each in file.counts if each.state == "sent"), 0)
    return Button(text, BankPaid(file=file.file, left=left).pack(), style="success")


def _stale(t: Translator) -> Html:
    return t("🔁 That button was from before. Nothing was recorded; this is how it is now.")


def counted(file: BankFileView, t: Translator) -> Html:
    payouts = t.n("{count} payout", "{count} payouts", file.payouts)
    return t("Together: {payouts}, {net}", payouts=payouts, net=t.money(file.net, file.currency))


@shows(BankFileShown)
def bank_file(m: BankFileShown, t: Translator) -> Screen:
    file, wise = m.file, m.file.channel == "wise"
    rows = [(Button(one_line(each, t), ShowPayout(payout=each.payout.payout).pack()),) for each in m.listed]
    more = m.left - len(m.listed)
    if more > 0:
        following = ShowBankFile(file=file.file, after=m.listed[-1].payout.payout).pack()
        rows.append((Button(t.plain("➡️ {more} more", more=more), following),))
    again = Button(t.plain("📄 The file again"), GetBankFile(file=file.file).pack())
    return Screen(
        lines(
            _stale(t) if m.stale else None,
            t("{file} of {day}", file=_named(file, t), day=t.time(file.made_at)),
            counted(file, t),
            *(t("{state}: {count}", state=state(each.state, wise, t), count=each.count) for each in file.counts),
            _which(wise, t) if m.listed else None,
        ),
        (*([(_all_paid(file, t),)] if any(each.state == "sent" for each in file.counts) else []), *rows, (again,)),
    )


def _which(wise: bool, t: Translator) -> Html:
    if wise:
        return t("Which of them did Wise not pay? Press it.")
    return t("Which of them did the bank not pay? Press it.")


def one_line(each: AdminPayout, t: Translator) -> str:
    return clipped(f"{each.payout.payout} · {amount_of(each.payout, t)} · {t.person(each.who)}", 30)


@shows(PayoutShown)
def payout_shown(m: PayoutShown, t: Translator) -> Screen:
    of, file = m.about.payout, m.about.file
    return Screen(
        lines(
            _stale(t) if m.stale else None,
            t("🏦 <b>Payout {number}</b> · {state}", number=of.payout, state=state(of.state, of.wise, t)),
            *_whom(m, t),
            t("Why: {reason}", reason=reason(of.reason, of.wise, t)) if of.reason else None,
            _in_file(file, of.wise, t) if file else None,
            t("Asked for on {day}", day=t.time(of.requested_at)),
            numbered(of.number, t),
        ),
        _decisions(m.about, t),
    )


def _whom(m: PayoutShown, t: Translator) -> list[Html]:
    """Of who has left there is no account, and what came back went on."""
    of, amount = m.about.payout, amount_of(m.about.payout, t)
    if of.account:
        return [t("{amount} for {who}, to {account}", amount=amount, who=m.about.who, account=of.account)]
    gone = t("{amount} for somebody who has left", amount=amount)
    back = t("It went back to the requesters who had paid it; what came from those who are gone, to the fees.")
    return [gone, back] if of.state == "failed" else [gone]


def _in_file(number: int, wise: bool, t: Translator) -> Html:
    return t("In file {number} for Wise", number=number) if wise else t("In bank file {number}", number=number)


def _decisions(about: AdminPayout, t: Translator) -> Keyboard:
    """Buttons for the bank's possible answers, and for its file."""
    number, now = about.payout.payout, about.payout.state
    wanted = [("paid", t.plain("✅ Paid")), ("failed", t.plain("❌ Failed")), ("unknown", t.plain("🔎 Unknown"))]
    if now == "requested":
        wanted = [("failed", t.plain("✋ Call it off"))]
    possible = {
        "requested": ("failed",),
        "sent": ("paid", "failed", "unknown"),
        "unknown": ("paid", "failed"),
        "paid": ("failed",),
        "failed": () if about.payout.called_off else ("paid",),
    }[now]
    row = tuple(
        Button(text, DecidePayout(payout=number, state=name, reason="", seen=now).pack())
        for name, text in wanted
        if name in possible
    )
    back = ShowBankFile(file=about.file, after=0).pack() if about.file else None
    return tuple(part for part in (row, (Button(t.plain("📄 Its file"), back),) if back else ()) if part)


@shows(FailureAsked)
def failure_asked(m: FailureAsked, t: Translator) -> Screen:
    number, now = m.about.payout.payout, m.about.payout.state
    waits = now == "requested"
    short = {"asked": t.plain("Its worker asked for that")} if waits else short_reasons(m.about.payout.wise, t)
    return Screen(
        lines(
            t("Why is payout {number} called off? {who} will be told.", number=number, who=m.about.who)
            if waits
            else t("Why did payout {number} fail? {who} will be told.", number=number, who=m.about.who),
            t("In your own words: <code>/payouts {number} failed why</code>", number=number),
        ),
        tuple(
            (Button(text, DecidePayout(payout=number, state="failed", reason=code, seen=now).pack()),)
            for code, text in short.items()
        ),
    )
