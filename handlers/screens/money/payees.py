"""A worker's bank account: the two questions, and the account understood."""

from domain.money.messages.payouts import AccountNoted, EmailAsked, HolderAsked, HolderUnfit, IbanAsked, IbanUnfit
from handlers.payloads.money import PayByWise
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


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
