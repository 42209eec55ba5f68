"""`/statement`: a month of a worker's money, as a document and as a table; made when it is sent."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from textwrap import shorten
from typing import Any

from domain.moments import DAY, Moment, as_datetime
from domain.money.amounts import as_decimal
from domain.money.ledger import Head
from domain.money.messages.balances import StatementReady
from domain.months import bounds, month_before, month_of, parse_month
from domain.people.people import Person, PersonId
from domain.refusals import BadInput
from formats.delimited import write
from jobs.made_files import MadeFile, Maker, made_of
from locales import Translator, translator
from reports.statement import Document, Section, statement_pdf
from services.act import Act
from storage.database import Database
from storage.money.statements import StatementLine
from storage.unit import UnitOfWork

PLATFORM = "Pouce"
FORMATS = {"pdf": "application/pdf", "csv": "text/csv"}
# A transfer's kind in the words of a statement; other kinds are corrections.
SORTS = {
    "reward": "answers",
    "topup": "topups",
    "bonus": "bonuses",
    "judge": "judging",
    "reject": "rejected",
    "appeal": "appealed",
    "withhold": "withheld",
    "unwithhold": "withheld",
    "paid": "paid",
    "bounced": "paid",
}
ORDER = ("answers", "topups", "bonuses", "judging", "rejected", "appealed", "other", "withheld", "paid")
GROSS = ("answers", "topups", "bonuses", "judging", "rejected", "appealed", "other")
NAMED = 60  # characters of a title
COLUMNS = ("day", "what", "project", "title", "movements", "amount", "currency", "operations")


@dataclass(frozen=True, slots=True)
class Month:
    """One currency of one month: balance before, movements, balance after."""

    currency: str
    opening: int
    lines: Sequence[StatementLine]

    def sums(self) -> dict[str, int]:
        found = dict.fromkeys(ORDER, 0)
        for line in self.lines:
            found[SORTS.get(line.kind, "other")] += line.amount
        return found

    @property
    def closing(self) -> int:
        return self.opening + sum(line.amount for line in self.lines)


def order(act: Act, month: str, form: str) -> StatementReady:
    """`/statement [YYYY-MM] [csv]`: this month up to now, or another one; refused where it has not begun."""
    now, form = act.unit.now, form.lower() or "pdf"
    wanted = parse_month(month) if month else month_of(now)
    if wanted is None or wanted > month_of(now) or form not in FORMATS:
        raise BadInput(what="month", value=month, expected=["/statement 2026-10"])
    currency = act.house.terms.currency
    return StatementReady(
        person=act.person.id,
        month=wanted,
        begins=bounds(wanted)[0],
        before=month_before(wanted),
        unfinished=wanted == month_of(now),
        lines=sum(len(found.lines) for found in read(act.unit, act.person, wanted, currency)),
        form=form,
        currency=currency,
    )


def read(unit: UnitOfWork, worker: Person, month: str, currency: str) -> list[Month]:
    """Each currency apart; the platform's where there is none yet."""
    since, until = bounds(month)
    return [
        Month(
            found,
            unit.statements.before(worker, found, since),
            unit.statements.lines(worker, found, since, min(until, Moment(unit.now + 1))),
        )
        for found in unit.statements.currencies(worker) or [currency]
    ]


async def made(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """`facts` hold the words in the reader's language."""

    def ask(unit: UnitOfWork) -> tuple[Person, list[Month], Head, str]:
        worker = unit.people.get(PersonId(facts["person"]))
        payee = unit.payees.current(worker.id)
        bank = f"{payee.holder}, {payee.masked}" if payee else ""
        return worker, read(unit, worker, facts["month"], facts["currency"]), unit.hash_chain.head(), bank

    worker, months, head, bank = await database.transact(ask, now)
    written = await asyncio.to_thread(_written, worker, months, head, {**facts, "bank": bank}, now)
    return made_of(written, f"pouce-{facts['month']}.{facts['form']}", FORMATS[facts["form"]])


MAKERS: Mapping[str, Maker] = {"statement": made}


def _written(worker: Person, months: Sequence[Month], head: Head, facts: dict[str, Any], now: Moment) -> bytes:
    if facts["form"] == "pdf":
        return statement_pdf(_document(worker, months, head, facts, now))
    table = BytesIO()
    write(table, COLUMNS, [row for month in months for row in _rows(month, facts["words"])])
    return table.getvalue()


def _rows(month: Month, words: dict[str, str]) -> list[list[Any]]:
    """The same lines for a spreadsheet, between the two balances; amounts are exact."""
    edge: list[Any] = ["", words["opening"], "", "", 0, as_decimal(month.opening), month.currency, ""]
    rows = [
        [
            _day(line.day),
            words[SORTS.get(line.kind, "other")],
            line.project or "",
            line.title or "",
            line.count,
            as_decimal(line.amount),
            month.currency,
            _operations(line),
        ]
        for line in month.lines
    ]
    return [edge, *rows, ["", words["closing"], "", "", 0, as_decimal(month.closing), month.currency, ""]]


def _document(worker: Person, months: Sequence[Month], head: Head, facts: dict[str, Any], now: Moment) -> Document:
    words, t = facts["words"], translator(facts["language"])
    since, until = bounds(facts["month"])
    last = min(until - 1, now)
    number = f"{facts['month']}-{worker.telegram_id}"
    seal = words["seal"].format(position=t.number(head.position), hash=head.hash)
    return Document(
        platform=PLATFORM,
        title=words["title"],
        period=words["period"].format(month=t.month(since), first=t.day(since), last=t.day(last)),
        about=(
            (words["name"], worker.name or f"{worker.telegram_id}"),
            *([(words["bank"], facts["bank"])] if facts["bank"] else []),
            (words["account"], f"Telegram {worker.telegram_id}"),
            (words["number"], number),
            (words["made"], t.day(now)),
        ),
        sections=[_section(month, words, t) for month in months],
        notes_title=words["about"],
        notes=[*words["notes"].split("\n"), seal],
        page=words["page"],
        footer=f"{PLATFORM} · {words['title']} · {number}",
    )


def _section(month: Month, words: dict[str, str], t: Translator) -> Section:
    def money(amount: int) -> str:
        return t.money(amount, month.currency)

    sums = month.sums()
    parts = [(words[sort], money(sums[sort]), False) for sort in ORDER if sums[sort] or sort in ("answers", "paid")]
    gross = sum(sums[sort] for sort in GROSS)
    earned = sum(sort in GROSS and bool(sums[sort] or sort == "answers") for sort in ORDER)
    return Section(
        title=words["in_currency"].format(currency=month.currency),
        summary=[
            (words["opening"], money(month.opening), True),
            *parts[:earned],
            (words["gross"], money(gross), True),
            *parts[earned:],
            (words["closing"], money(month.closing), True),
        ],
        headings=words["headings"].split("|"),
        rows=[
            (t.day(line.day * DAY), _what(line, words), t.number(line.count), money(line.amount), _operations(line))
            for line in month.lines
        ],
        nothing=words["nothing"],
    )


def _what(line: StatementLine, words: dict[str, str]) -> str:
    sort = words[SORTS.get(line.kind, "other")]
    if not line.title:
        return sort
    return words["line"].format(what=sort, title=shorten(line.title, NAMED, placeholder="…"))


def _day(day: int) -> str:
    return as_datetime(Moment(day * DAY)).date().isoformat()


def _operations(line: StatementLine) -> str:
    return f"#{line.first}" if line.first == line.last else f"#{line.first}…{line.last}"
