"""Refused movements of money: payouts, decisions about them, reused keys."""

from domain.moments import Moment
from domain.refusals import (
    AlreadyAsked,
    AttemptPayMissing,
    BelowLeast,
    BonusesGone,
    ContributionsOff,
    FundingClosed,
    KeyReused,
    MoreThanThere,
    NothingToPay,
    NotWholeCents,
    PayerMissing,
    PayoutDecided,
    PayoutWaits,
    RatesUnread,
    StatementRefused,
    TaxFormClosed,
)
from handlers.screens.layout.fitting import fitted
from handlers.screens.money.channels import state
from handlers.screens.money.funding import money_missing, sums
from handlers.screens.money.tax_forms import open_button
from handlers.screens.screen import Screen, lines, refuses
from locales import Html, Translator


@refuses(KeyReused)
def key_reused(r: KeyReused, t: Translator) -> Screen:
    return Screen(t("This was recorded before with different content ({name}). Nothing was changed.", name=r.name))


@refuses(NothingToPay)
def nothing_to_pay(r: NothingToPay, t: Translator) -> Screen:
    there = t.money(r.available, r.currency)
    if r.named:
        return Screen(t("Name one cent or more: {available} is available. Nothing was moved.", available=there))
    return Screen(t("There is not a whole cent to send yet: {available} is available. /balance", available=there))


@refuses(BelowLeast)
def below_least(r: BelowLeast, t: Translator) -> Screen:
    money = {"least": t.money(r.least, r.currency), "available": t.money(r.available, r.currency)}
    return Screen(t("🌍 Through Wise we send {least} or more: {available} is available. Nothing was moved.", **money))


@refuses(NotWholeCents)
def not_whole_cents(r: NotWholeCents, t: Translator) -> Screen:
    return Screen(
        t(
            "A bank can't have moved “{value}”: it knows nothing smaller than {least}. Nothing was recorded.",
            value=r.value,
            least=t.money(r.least, r.currency),
        )
    )


@refuses(MoreThanThere)
def more_than_there(r: MoreThanThere, t: Translator) -> Screen:
    money = {"asked": t.money(r.asked, r.currency), "available": t.money(r.available, r.currency)}
    return Screen(t("{asked} is too much: there is {available}. Nothing was moved.", **money))


@refuses(AttemptPayMissing)
def attempt_pay_missing(r: AttemptPayMissing, t: Translator) -> Screen:
    return money_missing(
        r,
        t,
        t("To pay the test takes {needed}; you have {available} free. Nothing was made or set aside.", **sums(r, t)),
        then=t(
            "Once the money has arrived, press ➕ again and write the same lines. Or ask fewer people, or pay less."
        ),
    )


@refuses(BonusesGone)
def bonuses_gone(_: BonusesGone, t: Translator) -> Screen:
    return Screen(
        t("This list is closed: this press paid nothing. Send the file again; what was paid before is not paid twice.")
    )


@refuses(AlreadyAsked)
def already_asked(_: AlreadyAsked, t: Translator) -> Screen:
    return Screen(t("You have asked for this already. /payout shows where it is."))


@refuses(PayerMissing)
def payer_missing(r: PayerMissing, t: Translator) -> Screen:
    return Screen(
        t(
            "A bank file says whose account pays. Please set {missing} where the bot runs, and start it again. Nothing was changed.",
            missing=", ".join(r.missing),
        )
    )


@refuses(FundingClosed)
def funding_closed(r: FundingClosed, t: Translator) -> Screen:
    if r.why == "currency":
        text = t("Only euros can be sent this way; here money is in {currency}.", currency=r.currency)
    else:
        text = t("Whoever runs this bot has not said yet which account takes your money.")
    return Screen(lines(text, t("Please ask them how to send it. Nothing was changed.")))


@refuses(PayoutWaits)
def payout_waits(r: PayoutWaits, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>First the tax form, please.</b>"),
            t(
                "I asked for it on {day}, and twice since. The law says payouts wait until it is there.",
                day=t.date(Moment(r.asked_at)),
            ),
            t("Your money stays yours and available. As soon as the form is saved, /payout works again."),
        ),
        ((open_button(t),),),
    )


@refuses(RatesUnread)
def rates_unread(r: RatesUnread, t: Translator) -> Screen:
    wanted = {
        "file": t("a table (CSV, UTF-8) with the columns <code>siret</code>, <code>month</code>, <code>rate</code>"),
        "siret": t("a SIRET of 14 digits"),
        "month": t("a month such as {example}", example="2027-01"),
        "rate": t("a percentage from 0 to 50, one for each SIRET and month"),
    }
    found = [
        t("Line {line}: expected {what}", line=line, what=wanted[column])
        for line, column in zip(r.lines, r.columns, strict=True)
    ]
    return Screen(lines(t("❌ Nothing was read in."), *fitted(found, t)))


@refuses(ContributionsOff)
def contributions_off(_: ContributionsOff, t: Translator) -> Screen:
    return Screen(t("Social contributions are not withheld here: CONTRIBUTIONS is not set. Nothing was changed."))


@refuses(TaxFormClosed)
def tax_form_closed(_: TaxFormClosed, t: Translator) -> Screen:
    return Screen(t("The tax form cannot be filled in here at the moment. Nothing is missing for your payouts."))


TABLE = Html("<code>/deposit\namount: Amount\ndetails: Description\nreference: Reference</code>")


@refuses(StatementRefused)
def statement_refused(r: StatementRefused, t: Translator) -> Screen:
    why = {
        "size": t("This file is too large: 5 MB at most."),
        "xml": t("This file cannot be read. It is damaged, or not what a bank writes."),
        "csv": t("This table cannot be read. Line: {line}", line=r.what or "1"),
        "mapping": t(
            "The caption’s line “{word}” is missing, or is none that I know. It reads for example:\n{example}",
            word=r.what,
            example=TABLE,
        ),
        "column": t("The table has no column “{column}”, or has it twice.", column=r.what),
        "wise": t(
            "This is not Wise’s list of transfers in English: it has no column “{column}”. Set Wise to English and download the list again.",
            column=r.what,
        ),
        "mt940": t("This statement cannot be read at “{what}”.", what=r.what),
        "kind": t("This is no bank statement I know. I read camt.053, camt.054, pain.002 and MT940."),
        "many": t("This file has more than 500 entries. Ask the bank for fewer days at once."),
        "account": t("This file is of another account than PAYER_IBAN."),
        "debtor": t(
            "This report is of another account’s file: payment {where} is from {account}, not from PAYER_IBAN.",
            where=r.where,
            account=r.what,
        ),
        "old": t("This list was booked, or another file came after it. Send the file again to see what is left."),
    }
    return Screen(lines(why[r.why], t("Nothing was booked.")))


@refuses(PayoutDecided)
def payout_decided(r: PayoutDecided, t: Translator) -> Screen:
    if r.state == "handed on":
        return Screen(
            lines(
                t("What was withheld from payout {number} is with the authority already.", number=r.number),
                t(
                    "Once it is back, record that with /withheld, a minus before the amount; then record the payout again."
                ),
            )
        )
    if r.state == "declared":
        return Screen(
            lines(
                t(
                    "What was withheld from payout {number} is declared and with the authority already.",
                    number=r.number,
                ),
                t(
                    "The next declaration brings it back; until then the fees advance it, and they hold too little. Pay in what is missing and record it with /draw, a minus before the amount; then record the payout again."
                ),
            )
        )
    if r.state == "called off":
        return Screen(t("Payout {number} was called off before it was sent: that stays so.", number=r.number))
    if r.state == "spent":
        return Screen(
            lines(
                t("What came back of payout {number} is not available any more. Nothing was moved.", number=r.number),
                t("Where the bank paid it after all, settle it with its worker; record it once the money is there."),
            )
        )
    return Screen(
        t(
            "Payout {number} is “{state}”: that cannot be changed so. Nothing was moved.",
            number=r.number,
            state=state(r.state, False, t),
        )
    )
