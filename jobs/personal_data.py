"""`/mydata`: all that is kept about one person, as data (JSON) and as a page to read (HTML); made when it is sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

import orjson

from domain.moments import Moment
from domain.people.accounts import PersonId
from formats import personal_data
from formats.personal_data import PersonalPage
from jobs import exports
from jobs.figures import MadeFile, Maker, temporary_file
from locales import translator
from services.act import Encryption, Undecipherable
from storage.database import Database
from storage.drivers.connection import Row
from storage.people.personal_data import EVERYTHING_ABOUT, SEALED_SECTIONS
from storage.unit import UnitOfWork

TYPES_BY_FORM = {"json": "application/json", "html": "text/html"}


async def make_mydata_file(
    database: Database, facts: dict[str, Any], now: Moment, encryption: Encryption | None = None
) -> MadeFile:
    """Make the file of all data about a person, as JSON or HTML; `encryption` decrypts the tax form."""
    form, person = facts.get("form", "json"), PersonId(facts["person"])
    zone = await database.transact(lambda unit: unit.preferences.get_stored(person).zone, now)
    write = _iterate_html if form == "html" else _iterate_json
    with temporary_file(f".{form}") as path:
        with path.open("wb") as file:
            async for piece in write(PersonalDataSources(database, encryption or Encryption()), facts, now, zone):
                await asyncio.to_thread(file.write, piece)
        return await asyncio.to_thread(_zip_if_large, path, f"mydata.{form}", TYPES_BY_FORM[form])


MAKERS: Mapping[str, Maker] = {"mydata": make_mydata_file}


@dataclass(frozen=True, slots=True)
class PersonalDataSources:
    database: Database
    encryption: Encryption


async def _decrypt_tax_forms(rows: AsyncIterator[Row], encryption: Encryption) -> AsyncIterator[Row]:
    """Yield the rows with the last column, the answers of the tax form, decrypted; None if they cannot be."""
    async for row in rows:
        try:
            answers = orjson.loads(encryption.decrypt(row[-1])) if row[-1] else {}
        except Undecipherable:
            answers = {}
        yield (*row[:-1], orjson.dumps(answers).decode() if answers else None)


def _iterate_sections(
    sources: PersonalDataSources, facts: dict[str, Any]
) -> Iterator[tuple[str, tuple[str, ...], AsyncIterator[Row]]]:
    """Yield name, fields and rows of each section."""
    for name, statement in EVERYTHING_ABOUT.items():
        values = {key: facts[key] for key in ("person", "telegram_id") if f":{key}" in statement}
        rows = sources.database.rows(statement, **values)
        yield (
            name,
            personal_data.fields_of(statement),
            _decrypt_tax_forms(rows, sources.encryption) if name in SEALED_SECTIONS else rows,
        )


async def _iterate_json(
    sources: PersonalDataSources, facts: dict[str, Any], now: Moment, zone: tzinfo
) -> AsyncIterator[bytes]:
    """Yield the pieces of one JSON object: a list of records a section; moments by the person's own clock."""
    before = b"{"
    for name, fields, rows in _iterate_sections(sources, facts):
        records = [personal_data.to_record(fields, row, zone) async for row in rows]
        yield before + b'\n"' + name.encode() + b'": ' + orjson.dumps(records, option=orjson.OPT_INDENT_2)
        before = b","
    yield b"\n}\n"


async def _iterate_html(
    sources: PersonalDataSources, facts: dict[str, Any], now: Moment, zone: tzinfo
) -> AsyncIterator[bytes]:
    page = PersonalPage(translator(facts["language"]), zone, facts["words"])
    yield page.head(now).encode()
    for name, fields, rows in _iterate_sections(sources, facts):
        yield "".join(await page.section(name, fields, rows)).encode()
    yield page.foot().encode()


def _zip_if_large(path: Path, name: str, mime: str) -> MadeFile:
    """Return the file, zipped if it is too large for Telegram."""
    if path.stat().st_size <= exports.MAX_FILE_BYTES:
        return MadeFile(path, name, mime)
    return MadeFile(exports.zip_file(path, name), f"{name}.zip", "application/zip")


async def scrub_log(database: Database, clock: Callable[[], Moment]) -> None:
    """Overwrite erased data in the database's log if that was ordered; if the log is being read, it is tried again at
    the next turn."""

    def ordered(unit: UnitOfWork) -> bool:
        return unit.erasure.is_scrub_ordered()

    if await database.transact(ordered, clock()) and await asyncio.to_thread(database.dialect.scrub):
        await database.transact(lambda unit: unit.erasure.clear_scrub_order(), clock())
