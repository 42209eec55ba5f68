"""`/statement`'s files: a document for readers who know nothing of the bot, and a table; made when they are sent."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from domain.moments import (
    HOUR,
    MINUTE,
    Moment,
    bounds,
    is_year,
)
from domain.money.amounts import as_decimal
from domain.money.ledger import SealedHead
from domain.people.accounts import Person, PersonId
from domain.people.settings import rules_of
from formats.delimited import write_delimited
from jobs.figures import MadeFile, Maker, save_file
from locales import translator
from locales.translator import Translator
from reports.statement import (
    Document,
    Section,
    shortened,
    statement_pdf,
)
from services.money.statements import (
    FORMATS,
    GROSS_LINES,
    LINE_NAMES_BY_KIND,
    LINE_ORDER,
    StatementAccount,
    read_statement,
)
from storage.database import Database
from storage.money.statements import StatementLine, WorkedProject
from storage.unit import UnitOfWork

PLATFORM = "Pouce"
Words = dict[str, str]


def document(
    worker: Person, accounts: Sequence[StatementAccount], head: SealedHead, facts: dict[str, Any], now: Moment
) -> Document:
    """`facts` are what the statement's message ordered; `words` those of its reader."""
    words, t = facts["words"], translator(facts["language"])
    number = f"{facts['month']}-{worker.telegram_id}"
    seal = words["seal"].format(position=t.number(head.position), hash=head.hash)
    sections = [section for account in accounts for section in _sections(account, facts["month"], words, t)]
    return Document(
        platform=PLATFORM,
        title=words["title"],
        period=_period(facts, words, t, now),
        about=tuple(_about(worker, facts, words, t, now, number)),
        sections=sections,
        notes_title=words["about"],
        notes=[*words["notes"].split("\n"), seal],
        page=words["page"],
        footer=f"{PLATFORM} · {words['title']} · {number}",
    )


def operations(line: StatementLine) -> str:
    return f"#{line.first}" if line.first == line.last else f"#{line.first}…{line.last}"


def _period(facts: dict[str, Any], words: Words, t: Translator, now: Moment) -> str:
    zone = rules_of(facts.get("zone", "UTC"))
    since, until = bounds(facts["month"], zone)
    named = facts["month"] if is_year(facts["month"]) else t.month(since, zone)
    return words["period"].format(month=named, first=t.day(since, zone), last=t.day(min(until - 1, now), zone))


def _about(
    worker: Person, facts: dict[str, Any], words: Words, t: Translator, now: Moment, number: str
) -> list[tuple[str, str]]:
    known = {
        "issuer": facts.get("issuer", ""),
        "name": worker.name or f"{worker.telegram_id}",
        "bank": facts["bank"],
        "account": f"Telegram {worker.telegram_id}",
        "number": number,
        "made": t.day(now, rules_of(facts.get("zone", "UTC"))),
        "zone": t.city(facts.get("zone", "UTC")),
    }
    return [(words[what], value) for what, value in known.items() if value and what in words]


def _sections(account: StatementAccount, period: str, words: Words, t: Translator) -> list[Section]:
    """The money, then the time it took."""
    money = Section(
        title=words["in_currency"].format(currency=account.currency),
        summary=_summary(account, words, t),
        headings=words["headings"].split("|"),
        rows=[_line(line, account.currency, words, t) for line in _lines(account, period)],
        nothing=words["nothing"],
    )
    return [money, _time(account, words, t)] if account.worked and "time" in words else [money]


def _summary(account: StatementAccount, words: Words, t: Translator) -> list[tuple[str, str, bool]]:
    """Before, each sort, after; what of it is still checked or on its way to the bank."""

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


def _lines(account: StatementAccount, period: str) -> list[StatementLine]:
    """A year is shown by month and sort, payouts one by one: its days are in the months' statements and the table."""
    if not is_year(period):
        return list(account.lines)
    found: dict[tuple[str, str, str | None], StatementLine] = {}
    for line in account.lines:
        payout = line.title if line.project is None else None
        about = (line.day[:7], LINE_NAMES_BY_KIND.get(line.kind, "other"), payout)
        known = found.get(about)
        count, amount = (known.count, known.amount) if known else (0, 0)
        first, last = (known.first if known else line.first), max(line.last, known.last if known else 0)
        totals = (line.count + count, line.amount + amount, first, last)
        found[about] = StatementLine(about[0], line.kind, None, payout, *totals)
    return list(found.values())


def _line(line: StatementLine, currency: str, words: Words, t: Translator) -> tuple[str, ...]:
    when = _moment(line.day)
    day = t.month(when) if len(line.day) == len("2026-11") else t.day(when)
    return day, _what(line, words), t.number(line.count), t.money(line.amount, currency), operations(line)


def _moment(day: str) -> int:
    """Noon of that day, or of a month's first, as UTC has it."""
    written = date.fromisoformat(f"{day}-01"[:10])
    return int((written - date(1970, 1, 1)).total_seconds() * 1000) + 12 * HOUR


def _what(line: StatementLine, words: Words) -> str:
    sort = sort_of(line.kind, words)
    if not line.title:
        return sort
    return words["line"].format(what=sort, title=shortened(line.title))


def sort_of(kind: str, words: Words) -> str:
    """An order of the version before lacks some words."""
    sort = LINE_NAMES_BY_KIND.get(kind, "other")
    return words.get(sort, words["paid" if sort == "returned" else "other"])


def _time(account: StatementAccount, words: Words, t: Translator) -> Section:
    answers, spent = (sum(getattr(each, what) for each in account.worked) for what in ("answers", "milliseconds"))
    return Section(
        title=words["time"],
        summary=[(words["answers"], t.number(answers), False), (words["hours"], _hours(spent), True)],
        headings=words["time_headings"].split("|"),
        rows=[_worked(project, account.currency, t) for project in account.worked],
        nothing=words["nothing"],
    )


def _worked(each: WorkedProject, currency: str, t: Translator) -> tuple[str, ...]:
    """Pay an hour without top-ups, in whole cents."""
    cents = round(each.pay * HOUR / each.milliseconds / 10_000) if each.milliseconds else 0
    title = shortened(each.title)
    hourly = t.money(cents * 10_000, currency) if cents else "–"
    return f"{each.project}", title, t.number(each.answers), _hours(each.milliseconds), hourly


def _hours(milliseconds: int) -> str:
    minutes = round(milliseconds / MINUTE)
    return f"{minutes // 60}:{minutes % 60:02}"


COLUMNS = ("day", "what", "project", "title", "movements", "amount", "currency", "operations")


async def made(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """`facts` hold the words in the reader's language."""

    def ask(unit: UnitOfWork) -> tuple[Person, list[StatementAccount], SealedHead, str]:
        worker = unit.people.get(PersonId(facts["person"]))
        payee = unit.payees.find_current(worker.id)
        bank = f"{payee.holder}, {payee.masked}" if payee else ""
        zone = rules_of(facts.get("zone", "UTC"))
        return (
            worker,
            read_statement(unit, worker, facts["month"], facts["currency"], zone),
            unit.hash_chain.head(),
            bank,
        )

    worker, accounts, head, bank = await database.transact(ask, now)
    written = await asyncio.to_thread(_written, worker, accounts, head, {**facts, "bank": bank}, now)
    return save_file(written, f"pouce-{facts['month']}.{facts['form']}", FORMATS[facts["form"]])


MAKERS: Mapping[str, Maker] = {"statement": made}


def _written(
    worker: Person, accounts: Sequence[StatementAccount], head: SealedHead, facts: dict[str, Any], now: Moment
) -> bytes:
    if facts["form"] == "pdf":
        return statement_pdf(document(worker, accounts, head, facts, now))
    table = BytesIO()
    write_delimited(table, COLUMNS, [row for account in accounts for row in _rows(account, facts["words"])])
    return table.getvalue()


def _rows(account: StatementAccount, words: dict[str, str]) -> list[list[Any]]:
    """The same lines for a spreadsheet, between the two balances; amounts are exact."""

    def edge(what: str, amount: int) -> list[Any]:
        return ["", words[what], "", "", 0, as_decimal(amount), account.currency, ""]

    rows = [
        [
            line.day,
            sort_of(line.kind, words),
            line.project or "",
            line.title or "",
            line.count,
            as_decimal(line.amount),
            account.currency,
            operations(line),
        ]
        for line in account.lines
    ]
    return [edge("opening", account.before.total), *rows, edge("closing", account.after.total)]
