"""`/statement`'s files: a document for readers who know nothing of the bot, and a table; made when they are sent."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from domain.moments import HOUR, MINUTE, Moment, get_period_bounds, is_year
from domain.money.amounts import as_decimal
from domain.money.ledger import SealedHead
from domain.people.accounts import Person, PersonId
from domain.people.settings import get_zone
from formats.delimited import write_delimited
from formats.writing import WRITERS
from jobs.figures import MadeFile, Maker, save_file
from locales import translator
from locales.translator import Translator
from reports.statement import Document, Section, shorten, statement_pdf
from services.money.statements import (
    FORMATS,
    GROSS_LINES,
    LINE_COLUMNS,
    LINE_NAMES_BY_KIND,
    LINE_ORDER,
    Rows,
    StatementAccount,
    cost_rows,
    read_statement,
)
from storage.database import Database
from storage.money.statements import StatementLine, WorkedProject
from storage.unit import UnitOfWork

PLATFORM = "Pouce"
CSV_TYPE = "text/csv"
Words = dict[str, str]


def make_document(
    worker: Person, accounts: Sequence[StatementAccount], head: SealedHead, facts: dict[str, Any], now: Moment
) -> Document:
    """Return the statement of a worker; `facts` are what the statement's message ordered, `words` in them those of its
    reader."""
    words, t = facts["words"], translator(facts["language"])
    number = f"{facts['month']}-{worker.telegram_id}"
    seal = words["seal"].format(position=t.number(head.position), hash=head.hash)
    sections = [section for account in accounts for section in _sections(account, facts["month"], words, t)]
    return Document(
        platform=PLATFORM,
        title=words["title"],
        period=_format_period(facts, words, t, now),
        facts=tuple(_list_particulars(worker, facts, words, t, now, number=number)),
        sections=sections,
        notes_title=words["about"],
        notes=[*words["notes"].split("\n"), seal],
        page=words["page"],
        footer=f"{PLATFORM} · {words['title']} · {number}",
    )


def format_operations(line: StatementLine) -> str:
    return f"#{line.first}" if line.first == line.last else f"#{line.first}…{line.last}"


def _format_period(facts: dict[str, Any], words: Words, t: Translator, now: Moment) -> str:
    zone = get_zone(facts.get("zone", "UTC"))
    since, until = get_period_bounds(facts["month"], zone)
    period_name = facts["month"] if is_year(facts["month"]) else t.month(since, zone)
    return words["period"].format(month=period_name, first=t.day(since, zone), last=t.day(min(until - 1, now), zone))


def _list_particulars(
    worker: Person, facts: dict[str, Any], words: Words, t: Translator, now: Moment, number: str
) -> list[tuple[str, str]]:
    values = {
        "issuer": facts.get("issuer", ""),
        "name": worker.name or f"{worker.telegram_id}",
        "bank": facts["bank"],
        "account": f"Telegram {worker.telegram_id}",
        "number": number,
        "made": t.day(now, get_zone(facts.get("zone", "UTC"))),
        "zone": t.city(facts.get("zone", "UTC")),
    }
    return [(words[what], value) for what, value in values.items() if value and what in words]


def _sections(account: StatementAccount, period: str, words: Words, t: Translator) -> list[Section]:
    """Return the section of the money, then that of the time it took."""
    money = Section(
        title=words["in_currency"].format(currency=account.currency),
        summary=_summary_lines(account, words, t),
        headings=words["headings"].split("|"),
        rows=[_line(line, account.currency, words, t) for line in _list_lines(account, period)],
        nothing=words["nothing"],
    )
    return [money, _time_section(account, words, t)] if account.worked and "time" in words else [money]


def _summary_lines(account: StatementAccount, words: Words, t: Translator) -> list[tuple[str, str, bool]]:
    """Return the balance before, each kind of movement, and the balance after; then what is pending or on its way to
    the bank."""

    def line(what: str, amount: int, is_balance: bool = False) -> tuple[str, str, bool]:
        return words.get(what, words["paid"]), t.money(amount, account.currency), is_balance

    sums, after = account.sum_by_line_name(), account.after
    parts = [(sort, line(sort, sums[sort])) for sort in LINE_ORDER if sums[sort] or sort in ("answers", "paid")]
    still = [(what, amount) for what, amount in (("pending", after.pending), ("payout", after.payout)) if amount]
    return [
        line("opening", account.before.total, True),
        *(part for sort, part in parts if sort in GROSS_LINES),
        line("gross", sum(sums[sort] for sort in GROSS_LINES), True),
        *(part for sort, part in parts if sort not in GROSS_LINES),
        line("closing", after.total, True),
        *(line(what, amount) for what, amount in still if what in words),
    ]


def _list_lines(account: StatementAccount, period: str) -> list[StatementLine]:
    """Return the lines of a month; those of a year are added up by month and kind, except payouts: its days are in the
    months' statements and in the table."""
    if not is_year(period):
        return list(account.lines)
    totals_by_key: dict[tuple[str, str, str | None], StatementLine] = {}
    for line in account.lines:
        payout = line.title if line.project is None else None
        key = (line.day[:7], LINE_NAMES_BY_KIND.get(line.kind, "other"), payout)
        total = totals_by_key.get(key)
        count, amount = (total.count, total.amount) if total else (0, 0)
        first_operation, last_operation = (
            (total.first if total else line.first),
            max(line.last, total.last if total else 0),
        )
        sums = (line.count + count, line.amount + amount, first_operation, last_operation)
        totals_by_key[key] = StatementLine(key[0], line.kind, None, payout, *sums)
    return list(totals_by_key.values())


def _line(line: StatementLine, currency: str, words: Words, t: Translator) -> tuple[str, ...]:
    when = _get_noon(line.day)
    day = t.month(when) if len(line.day) == len("2026-11") else t.day(when)
    return day, _describe(line, words), t.number(line.count), t.money(line.amount, currency), format_operations(line)


def _get_noon(day: str) -> int:
    """Return noon of that day, or of a month's first, in UTC."""
    first_day = date.fromisoformat(f"{day}-01"[:10])
    return int((first_day - date(1970, 1, 1)).total_seconds() * 1000) + 12 * HOUR


def _describe(line: StatementLine, words: Words) -> str:
    sort = get_line_word(line.kind, words)
    if not line.title:
        return sort
    return words["line"].format(what=sort, title=shorten(line.title))


def get_line_word(kind: str, words: Words) -> str:
    """Return the word for a kind of movement. An order of the version before lacks some words."""
    sort = LINE_NAMES_BY_KIND.get(kind, "other")
    return words.get(sort, words["paid" if sort == "returned" else "other"])


def _time_section(account: StatementAccount, words: Words, t: Translator) -> Section:
    answers, spent = (
        sum(getattr(worked_project, what) for worked_project in account.worked) for what in ("answers", "milliseconds")
    )
    return Section(
        title=words["time"],
        summary=[(words["answers"], t.number(answers), False), (words["hours"], _format_hours(spent), True)],
        headings=words["time_headings"].split("|"),
        rows=[_project_row(project, account.currency, t) for project in account.worked],
        nothing=words["nothing"],
    )


def _project_row(project: WorkedProject, currency: str, t: Translator) -> tuple[str, ...]:
    """Return the row of a project: pay an hour is without top-ups, in whole cents."""
    cents = round(project.pay * HOUR / project.milliseconds / 10_000) if project.milliseconds else 0
    title = shorten(project.title)
    hourly = t.money(cents * 10_000, currency) if cents else "–"
    return f"{project.project}", title, t.number(project.answers), _format_hours(project.milliseconds), hourly


def _format_hours(milliseconds: int) -> str:
    minutes = round(milliseconds / MINUTE)
    return f"{minutes // 60}:{minutes % 60:02}"


COLUMNS = ("day", "what", "project", "title", "movements", "amount", "currency", "operations")


async def make_statement(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the statement as PDF or table; `facts` hold the words in the reader's language."""

    def ask(unit: UnitOfWork) -> tuple[Person, list[StatementAccount], SealedHead, str]:
        worker = unit.people.get(PersonId(facts["person"]))
        payee = unit.payees.find_current(worker.id)
        bank = f"{payee.holder}, {payee.masked}" if payee else ""
        zone = get_zone(facts.get("zone", "UTC"))
        return (
            worker,
            read_statement(unit, worker, facts["month"], facts["currency"], zone),
            unit.hash_chain.head(),
            bank,
        )

    worker, accounts, head, bank = await database.transact(ask, now)
    content = await asyncio.to_thread(_write_statement, worker, accounts, head, facts={**facts, "bank": bank}, now=now)
    return save_file(content, f"pouce-{facts['month']}.{facts['form']}", FORMATS[facts["form"]])


async def make_invoice_lines(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the table of one requester's invoice lines of one month."""
    year, month = int(facts["year"]), int(facts["month"])
    person, zone = PersonId(facts["person"]), get_zone(facts.get("zone", "UTC"))
    rows = await database.aside(lambda unit: cost_rows(unit, year, month, unit.people.get(person), zone), now)
    return save_file(to_csv_bytes(LINE_COLUMNS, rows), f"costs-{year}-{month:02}.csv", CSV_TYPE)


def to_csv_bytes(columns: Sequence[str], rows: Rows) -> bytes:
    """Return the table as CSV that is safe to open in a spreadsheet."""
    buffer = BytesIO()
    WRITERS["csv"].write(buffer, columns, rows)
    return buffer.getvalue()


MAKERS: Mapping[str, Maker] = {"statement": make_statement, "invoice_lines": make_invoice_lines}


def _write_statement(
    worker: Person, accounts: Sequence[StatementAccount], head: SealedHead, facts: dict[str, Any], now: Moment
) -> bytes:
    if facts["form"] == "pdf":
        return statement_pdf(make_document(worker, accounts, head, facts, now))
    table = BytesIO()
    write_delimited(table, COLUMNS, [row for account in accounts for row in _table_rows(account, facts["words"])])
    return table.getvalue()


def _table_rows(account: StatementAccount, words: dict[str, str]) -> list[list[Any]]:
    """Return the lines for a spreadsheet, between the two balances; amounts are exact."""

    def edge(what: str, amount: int) -> list[Any]:
        return ["", words[what], "", "", 0, as_decimal(amount), account.currency, ""]

    rows = [
        [
            line.day,
            get_line_word(line.kind, words),
            line.project or "",
            line.title or "",
            line.count,
            as_decimal(line.amount),
            account.currency,
            format_operations(line),
        ]
        for line in account.lines
    ]
    return [edge("opening", account.before.total), *rows, edge("closing", account.after.total)]
