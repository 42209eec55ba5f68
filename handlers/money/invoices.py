"""Invoices for fees, and every word that stands in one: the file is made later, in the reader's language."""

from __future__ import annotations

from html import escape

from domain.money.invoices import (
    BuyerAsked,
    BuyerNoted,
    BuyerWanted,
    InvoiceReady,
    InvoicesShown,
    InvoiceView,
    VatNumberUnknown,
)
from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    Button,
    FileOrder,
    Screen,
    clipped,
    lines,
    shows,
)
from locales.translator import Html, Translator
from services.money import invoices


class ShowInvoices(Payload, code="inv"):
    pass


class GetInvoice(Payload, code="ivf"):
    invoice: Number


class AskForBuyer(Payload, code="ivb"):
    """Asks whom invoices shall name."""


EXAMPLE = Html("<code>Atelier Martin SARL\n12 rue des Lilas\n75011 Paris\nFrance\nFR40303265045</code>")
NAMED, NUMBER = 100, 40  # characters of a line, and of a number


def invoices_button(t: Translator) -> Button:
    return Button(t.plain("🧾 Invoices for fees"), ShowInvoices().pack())


def _details(t: Translator, given: bool) -> Button:
    return Button(t.plain("✏️ Whom to bill") if given else t.plain("✏️ Say whom to bill"), AskForBuyer().pack())


@shows(BuyerWanted)
def wanted(_: BuyerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Invoices for our fees</b>"),
            t("From now on you get one for each month. For that we need a name and an address."),
        ),
        ((_details(t, False),),),
    )


@shows(BuyerAsked)
def asked(m: BuyerAsked, t: Translator) -> Screen:
    flaw = {
        "lines": t("❌ Four or five lines, please: name, street, town, country, number."),
        "long": t("❌ A line is too long: 100 characters at most."),
        "letters": t("❌ I cannot print these letters. Please write it in Latin letters."),
        "words": t("❌ Name, street and town cannot be empty."),
        "country": t("❌ I do not know this country. Write its name or its two letters."),
        "postcode": t("❌ The third line begins with the postcode: five digits, of this country or territory."),
        "vat": t("❌ This is no VAT number of that country. Without one, leave the last line out."),
        "number": t("❌ This is no SIREN, SIRET or VAT number. Without one, leave the last line out."),
    }
    return Screen(
        lines(
            flaw.get(m.flaw) or t("🧾 <b>Whom shall invoices name?</b>"),
            *((t("Now:"), _block(m.known)) if m.known else ()),
            t("Send one message with a line each: name, street, postcode and town, country."),
            t("A company adds a fifth line: its VAT number, or in France its SIREN."),
            EXAMPLE,
            t("/cancel leaves everything as it is."),
        )
    )


@shows(BuyerNoted)
def noted(m: BuyerNoted, t: Translator) -> Screen:
    text = t("✅ Noted. The next invoice names:")
    return Screen(lines(text, _block(m.lines)), ((invoices_button(t),),))


def _block(told: tuple[str, ...]) -> Html:
    return Html("\n".join(f"<i>{escape(clipped(line, NAMED), quote=False)}</i>" for line in told))


@shows(VatNumberUnknown)
def unknown_number(m: VatNumberUnknown, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 The EU’s register of VAT numbers does not know <code>{vat}</code>.", vat=clipped(m.vat, NUMBER)),
            t("Until it does, your invoices bear French VAT. Is the number right?"),
        ),
        ((_details(t, True),),),
    )


@shows(InvoicesShown)
def shown(m: InvoicesShown, t: Translator) -> Screen:
    files = [(Button(f"📄 {each.name}", GetInvoice(invoice=each.invoice).pack()),) for each in m.invoices]
    return Screen(
        lines(
            t("🧾 <b>Invoices for our fees</b>"),
            *(
                (t("They name:"), _block(m.buyer))
                if m.buyer
                else (t("None can be written before you say whom to bill."),)
            ),
            " ",
            *(line(each, t) for each in m.invoices),
            None if m.invoices else t("There is none yet. Each comes here when its month is over."),
        ),
        (*files, (_details(t, bool(m.buyer)),)),
    )


def line(of: InvoiceView, t: Translator) -> Html:
    facts = {"number": of.name, "day": t.date(of.issued_at), "amount": t.money(of.gross, of.currency)}
    if not of.corrects:
        return Html(f"{escape(clipped(of.name, NUMBER))} · {facts['day']} · <b>{facts['amount']}</b>")
    return t("{number} · {day} · credit note for {corrects} · <b>−{amount}</b>", corrects=of.corrects, **facts)


@shows(InvoiceReady)
def ready(m: InvoiceReady, t: Translator) -> Screen:
    of = m.invoice
    facts = {"number": of.name, "amount": t.money(of.gross, of.currency)}
    text = (
        t("🧾 <b>Credit note {number}</b> for invoice {corrects}: {amount}", corrects=of.corrects, **facts)
        if of.corrects
        else t("🧾 <b>Invoice {number}</b>: {amount}, already paid", **facts)
    )
    order = {"invoice": of.invoice, "zone": m.zone, "language": t.language, "words": words(t)}
    return Screen(text, ((invoices_button(t),),), file=FileOrder("invoice", order))


def words(t: Translator) -> dict[str, str]:
    """What an office reads. French law is cited in French: the mentions are prescribed."""
    return {
        "invoice": t.plain("Invoice {number}", number="{number}"),
        "credit": t.plain("Credit note {number}", number="{number}"),
        "period": t.plain("Fees from {first} to {last}", first="{first}", last="{last}"),
        "until": t.plain("Fees until {last}", last="{last}"),
        "number": t.plain("Invoice number"),
        "corrects": t.plain("Corrects invoice"),
        "issued": t.plain("Issued on"),
        "seller": t.plain("Issued by"),
        "company": t.plain("Company"),
        "capital": t.plain("{form} with a share capital of {capital}", form="{form}", capital="{capital}"),
        "seller_number": t.plain("Their register number"),
        "seller_vat": t.plain("Their VAT number"),
        "buyer": t.plain("Billed to"),
        "buyer_number": t.plain("Register number of the client"),
        "buyer_vat": t.plain("VAT number of the client"),
        "vies": t.plain("Confirmed by VIES on"),
        "amounts": t.plain("Amounts in {currency}", currency="{currency}"),
        "net": t.plain("Total before VAT"),
        "vat": t.plain("VAT {rate}%", rate="{rate}"),
        "total": t.plain("Total"),
        "headings": t.plain("Project|For what|Answers|Each, before VAT|Before VAT"),
        "notes_title": t.plain("About this document"),
        "standard": t.plain("French VAT is included in the fees."),
        "overseas": "TVA de Guadeloupe, Martinique et La Réunion, art. 296 du CGI.",
        "untaxed": "TVA non applicable en Guyane et à Mayotte, art. 294-1 du CGI.",
        "franchise": "TVA non applicable, art. 293 B du CGI.",
        "reverse": "Autoliquidation : art. 283-2 du CGI ; art. 44 et 196 de la directive 2006/112/CE (reverse charge).",
        "outside": "TVA non applicable, art. 259-1 du CGI (service rendered outside the EU).",
        "outside_private": "TVA non applicable, art. 259 B du CGI (service rendered to a person outside the EU).",
        "paid": t.plain(
            "Paid: each fee was taken from the balance you had paid in, when its answer was accepted. Nothing is left to pay."
        ),
        "returned": t.plain("These fees were given back to the balance with answers that were rejected for good."),
        "fees": t.plain(
            "Fees of the platform alone. What workers earned is theirs, and stands in the statement of costs."
        ),
        "late": "Pénalités de retard : trois fois le taux de l’intérêt légal ; indemnité forfaitaire pour frais de recouvrement : 40 € (art. L441-10 et D441-5 du Code de commerce).",
        "early": "Pas d’escompte pour paiement anticipé.",
        "rounding": t.plain(
            "Fees are taken to the millionth, {exact} in all, VAT included; an invoice is in whole cents: {whole}. VAT is computed of that, and the total before VAT is what remains, so that it may differ from the lines by a fraction of a cent.",
            exact="{exact}",
            whole="{whole}",
        ),
        "page": t.plain("Page {page} of {pages}", page="{page}", pages="{pages}"),
    }


ROUTES = (
    Route(ShowInvoices, REQUESTER, invoices.show, stays=True, right=Right.LOOK),
    Route(GetInvoice, REQUESTER, invoices.send, stays=True, right=Right.LOOK),
    Route(AskForBuyer, REQUESTER, invoices.ask, stays=True, right=Right.OWN),
)
