"""`/statement`'s files: a document for readers who know nothing of the bot, and a table; made when they are sent."""

import asyncio
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from domain.moments import Moment
from domain.money.amounts import as_decimal
from domain.money.ledger import Head
from domain.people.people import Person, PersonId
from domain.people.time_zones import rules_of
from formats.delimited import write
from jobs.made_files import MadeFile, Maker, made_of
from jobs.money.statement_document import document, operations, sort_of
from reports.statement import statement_pdf
from services.money.statements import FORMATS, Account, read
from storage.database import Database
from storage.unit import UnitOfWork

COLUMNS = ("day", "what", "project", "title", "movements", "amount", "currency", "operations")


async def made(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """`facts` hold the words in the reader's language."""

    def ask(unit: UnitOfWork) -> tuple[Person, list[Account], Head, str]:
        worker = unit.people.get(PersonId(facts["person"]))
        payee = unit.payees.current(worker.id)
        bank = f"{payee.holder}, {payee.masked}" if payee else ""
        zone = rules_of(facts.get("zone", "UTC"))
        return worker, read(unit, worker, facts["month"], facts["currency"], zone), unit.hash_chain.head(), bank

    worker, accounts, head, bank = await database.transact(ask, now)
    written = await asyncio.to_thread(_written, worker, accounts, head, {**facts, "bank": bank}, now)
    return made_of(written, f"pouce-{facts['month']}.{facts['form']}", FORMATS[facts["form"]])


MAKERS: Mapping[str, Maker] = {"statement": made}


def _written(worker: Person, accounts: Sequence[Account], head: Head, facts: dict[str, Any], now: Moment) -> bytes:
    if facts["form"] == "pdf":
        return statement_pdf(document(worker, accounts, head, facts, now))
    table = BytesIO()
    write(table, COLUMNS, [row for account in accounts for row in _rows(account, facts["words"])])
    return table.getvalue()


def _rows(account: Account, words: dict[str, str]) -> list[list[Any]]:
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
