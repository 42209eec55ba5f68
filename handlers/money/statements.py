"""Screens and commands of a statement of a month or a year, with all words of its file, which is made later in the
reader's language; and of a month's costs."""

from __future__ import annotations

from domain.moments import is_year
from domain.money.statements import InvoiceLinesReady, StatementReady
from domain.people.accounts import REQUESTER, WORKER
from domain.people.teams import Right
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, FileOrder, Screen, lines, shows
from locales.translator import Html, Translator
from services.money import statements


class GetStatement(Payload, code="st"):
    """`/statement`: `month` empty is the current one; `form` is pdf or csv."""

    month: str = ""
    form: str = ""


class GetLines(Payload, code="pol"):
    year: Number
    month: Number


@shows(StatementReady)
def statement_screen(m: StatementReady, t: Translator) -> Screen:
    facts = {"person": m.person, "month": m.month, "form": m.form, "currency": m.currency, "zone": m.zone}
    order = FileOrder("statement", {**facts, "issuer": m.issuer, "language": t.language, "words": file_words(t)})
    headline = t("🧾 <b>Your statement</b>: {month}", month=m.month if is_year(m.month) else t.month(m.begins))
    so_far = t("It is not over: this is how things stand now.") if m.unfinished else None
    return Screen(lines(headline, line_count(m, t), so_far), (format_buttons(m, t),), file=order)


def line_count(m: StatementReady, t: Translator) -> Html:
    if not m.lines:
        return t("Nothing moved in this time.")
    return t.n("{count} line. Every #number can be asked about with /why.", "{count} lines. Every #number can be asked about with /why.", m.lines)  # fmt: skip


def format_buttons(m: StatementReady, t: Translator) -> tuple[Button, ...]:
    """Buttons for the other format, the month or year before, and, from a month, its year."""
    other_form = "csv" if m.form == "pdf" else "pdf"
    form_name = t.plain("📊 As a table (CSV)") if other_form == "csv" else t.plain("📄 As a PDF")
    earlier_name = t.plain("◀️ Year before") if is_year(m.month) else t.plain("◀️ Month before")
    year_button = Button(
        t.plain("📅 All of {year}", year=m.month[:4]), GetStatement(month=m.month[:4], form="pdf").pack()
    )
    return (
        Button(form_name, GetStatement(month=m.month, form=other_form).pack()),
        Button(earlier_name, GetStatement(month=m.before, form="pdf").pack()),
        *(() if is_year(m.month) else (year_button,)),
    )


def file_words(t: Translator) -> dict[str, str]:
    """Return the words of the file, for readers at a bank or a social office who do not know the bot. Names in braces
    are filled in later."""
    return {
        "title": t.plain("Statement of earnings"),
        "issuer": t.plain("Issued by"),
        "zone": t.plain("Days by the clock of"),
        "period": t.plain("{month} ({first} to {last})", month="{month}", first="{first}", last="{last}"),
        "name": t.plain("Name, as given to us"),
        "bank": t.plain("Bank account of"),
        "account": t.plain("Account"),
        "number": t.plain("Document number"),
        "made": t.plain("Drawn up on"),
        "about": t.plain("What this document is"),
        "notes": explanatory_notes(t),
        "seal": t.plain(
            "Seal of the ledger: {hash} after {position} operations. Each entry is chained to the one before it, so that none can be changed later without being noticed.",
            hash="{hash}",
            position="{position}",
        ),
        "page": t.plain("Page {page} of {pages}", page="{page}", pages="{pages}"),
        "in_currency": t.plain("Amounts in {currency}", currency="{currency}"),
        "headings": t.plain("Day|For what|Count|Amount|Operations"),
        "line": t.plain("{what}: {title}", what="{what}", title="{title}"),
        "nothing": t.plain("Nothing moved in this period."),
        "time": t.plain("Time worked"),
        "hours": t.plain("Hours and minutes"),
        "time_headings": t.plain("Number|Project|Answers|Time|Pay an hour"),
        **sum_names(t),
    }


def sum_names(t: Translator) -> dict[str, str]:
    return {
        "opening": t.plain("Balance before"),
        "closing": t.plain("Balance after"),
        "pending": t.plain("of it still being checked"),
        "payout": t.plain("of it asked for, on its way to the bank"),
        "answers": t.plain("Answers"),
        "topups": t.plain("Raised to the minimum wage per hour"),
        "bonuses": t.plain("Bonuses"),
        "tests": t.plain("Tests taken"),
        "judging": t.plain("Judging appeals"),
        "rejected": t.plain("Answers rejected"),
        "appealed": t.plain("Appeals won"),
        "other": t.plain("Corrections"),
        "withheld": t.plain("Withheld for social contributions"),
        "waived": t.plain("Given up, back to who paid it"),
        "paid": t.plain("Paid to the bank account"),
        "returned": t.plain("Sent back by the bank"),
        "gross": t.plain("Earned in this period, before contributions"),
    }


def explanatory_notes(t: Translator) -> str:
    return "\n".join(
        (
            t.plain(
                "Pouce is a service through which people are paid for small tasks done on their phone. This document lists what one person earned there in the period above, project by project and day by day, and what was paid out to them."
            ),
            t.plain(
                "The balance after is the balance before, plus what was earned, less what was withheld and paid out. It belongs to the person and may include pay that is still being checked, or that is on its way to their bank."
            ),
            t.plain(
                "Amounts are exact: tasks may pay fractions of a cent. Time is working time without pauses: from a task’s arrival to its answer, of a task that came unasked from the first sign of work on it, or as estimated. Rejected answers are not counted. The person works on their own account; declaring this income is up to them, unless contributions are shown as withheld."
            ),
        )
    )


@shows(InvoiceLinesReady)
def costs_statement(m: InvoiceLinesReady, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Statement of costs, {month}</b>", month=f"{m.year}-{m.month:02}"),
            t("By project: answers, rewards, fees, top-ups, bonuses, and what came back to you."),
            t("Days by the clock of {place}.", place=t.city(m.zone)),
            t("It is no invoice: it has no number, no parties and no VAT."),
        ),
        file=FileOrder("invoice_lines", {"person": m.person, "year": m.year, "month": m.month, "zone": m.zone}),
    )


ROUTES = (
    Route(GetLines, REQUESTER, statements.order_lines, stays=True, right=Right.LOOK),
    Route(
        GetStatement,
        WORKER,
        statements.order_statement,
        command="statement",
        usage="[YYYY-MM]",
        means="a month or a year as a document for your bank or an office",
        stays=True,
    ),
)
