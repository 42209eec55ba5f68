"""Screens of invoices for fees, and all words of the file, which is made later in the reader's language."""

from __future__ import annotations

from html import escape

from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from extensions.eu_taxes.domain.invoices import (
    BuyerAsked,
    BuyerNoted,
    BuyerWanted,
    InvoiceReady,
    InvoicesOffered,
    InvoicesShown,
    InvoiceView,
    VatNumberUnknown,
)
from extensions.eu_taxes.services import invoices
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, FileOrder, Screen, clipped, lines, shows
from locales.translator import Html, Translator


class ShowInvoices(Payload, code="inv"):
    pass


class GetInvoice(Payload, code="ivf"):
    invoice: Number


class AskForBuyer(Payload, code="ivb"):
    """Asks whom invoices shall name."""


EXAMPLE_BUYER = Html("<code>Atelier Martin SARL\n12 rue des Lilas\n75011 Paris\nFrance\nFR40303265045</code>")
MAX_LINE_CHARS, MAX_NUMBER_CHARS = 100, 40  # characters of a line, and of a number


def invoices_button(t: Translator) -> Button:
    return Button(t.plain("🧾 Invoices for fees"), ShowInvoices().pack())


def _buyer_button(t: Translator, has_buyer: bool) -> Button:
    return Button(t.plain("✏️ Whom to bill") if has_buyer else t.plain("✏️ Say whom to bill"), AskForBuyer().pack())


@shows(BuyerWanted)
def buyer_request(_: BuyerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Invoices for our fees</b>"),
            t("From now on you get one for each month. For that we need a name and an address."),
        ),
        ((_buyer_button(t, False),),),
    )


@shows(BuyerAsked)
def buyer_prompt(m: BuyerAsked, t: Translator) -> Screen:
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
            *((t("Now:"), _italic_lines(m.known)) if m.known else ()),
            t("Send one message with a line each: name, street, postcode and town, country."),
            t("A company adds a fifth line: its VAT number, or in France its SIREN."),
            EXAMPLE_BUYER,
            t("/cancel leaves everything as it is."),
        )
    )


@shows(BuyerNoted)
def buyer_receipt(m: BuyerNoted, t: Translator) -> Screen:
    text = t("✅ Noted. The next invoice names:")
    return Screen(lines(text, _italic_lines(m.lines)), ((invoices_button(t),),))


def _italic_lines(buyer_lines: tuple[str, ...]) -> Html:
    return Html("\n".join(f"<i>{escape(clipped(line, MAX_LINE_CHARS), quote=False)}</i>" for line in buyer_lines))


@shows(VatNumberUnknown)
def vat_number_unknown(m: VatNumberUnknown, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🧾 The EU’s register of VAT numbers does not know <code>{vat}</code>.",
                vat=clipped(m.vat, MAX_NUMBER_CHARS),
            ),
            t("Until it does, your invoices bear French VAT. Is the number right?"),
        ),
        ((_buyer_button(t, True),),),
    )


@shows(InvoicesOffered)
def invoices_offer(_: InvoicesOffered, t: Translator) -> Screen:
    return Screen("", ((invoices_button(t),),), keyboard_only=True)


@shows(InvoicesShown)
def invoices_screen(m: InvoicesShown, t: Translator) -> Screen:
    file_buttons = [
        (Button(f"📄 {invoice.name}", GetInvoice(invoice=invoice.invoice).pack()),) for invoice in m.invoices
    ]
    return Screen(
        lines(
            t("🧾 <b>Invoices for our fees</b>"),
            *(
                (t("They name:"), _italic_lines(m.buyer))
                if m.buyer
                else (t("None can be written before you say whom to bill."),)
            ),
            " ",
            *(invoice_line(invoice, t) for invoice in m.invoices),
            None if m.invoices else t("There is none yet. Each comes here when its month is over."),
        ),
        (*file_buttons, (_buyer_button(t, bool(m.buyer)),)),
    )


def invoice_line(invoice: InvoiceView, t: Translator) -> Html:
    facts = {
        "number": invoice.name,
        "day": t.date(invoice.issued_at),
        "amount": t.money(invoice.gross, invoice.currency),
    }
    if not invoice.corrects:
        return Html(f"{escape(clipped(invoice.name, MAX_NUMBER_CHARS))} · {facts['day']} · <b>{facts['amount']}</b>")
    return t("{number} · {day} · credit note for {corrects} · <b>−{amount}</b>", corrects=invoice.corrects, **facts)


@shows(InvoiceReady)
def invoice_file(m: InvoiceReady, t: Translator) -> Screen:
    invoice = m.invoice
    facts = {"number": invoice.name, "amount": t.money(invoice.gross, invoice.currency)}
    text = (
        t("🧾 <b>Credit note {number}</b> for invoice {corrects}: {amount}", corrects=invoice.corrects, **facts)
        if invoice.corrects
        else t("🧾 <b>Invoice {number}</b>: {amount}, already paid", **facts)
    )
    return Screen(text, ((invoices_button(t),),), file=order_file(m, t))


def order_file(m: InvoiceReady, t: Translator) -> FileOrder:
    """Return the order of the invoice's file in the translator's language."""
    facts = {"invoice": m.invoice.invoice, "zone": m.zone, "language": t.language, "words": file_words(t)}
    return FileOrder("invoice", facts)


def file_words(t: Translator) -> dict[str, str]:
    """Return the words of the file, for an office. French law is cited in French, since these sentences
    are prescribed."""
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
    Route(ShowInvoices, REQUESTER, invoices.show_invoices, stays=True, right=Right.LOOK),
    Route(GetInvoice, REQUESTER, invoices.send_invoice, stays=True, right=Right.LOOK),
    Route(AskForBuyer, REQUESTER, invoices.ask_for_buyer, stays=True, right=Right.OWN),
)
