"""`/mydata`: all that is kept about one person, as data (JSON) and as a page to read (HTML); made when it is sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import orjson

from domain.moments import Moment
from domain.people.people import PersonId
from formats import personal_data
from formats.personal_page import PersonalPage
from jobs import file_parts
from jobs.made_files import MadeFile, Maker, place
from locales import translator
from storage.database import Database
from storage.drivers.connection import Row
from storage.people.personal_data import EVERYTHING_ABOUT

FORMS = {"json": "application/json", "html": "text/html"}


async def mydata(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    form, person = facts.get("form", "json"), PersonId(facts["person"])
    zone = await database.transact(lambda unit: unit.preferences.known(person).zone, now)
    path, write = place(f".{form}"), _page if form == "html" else _data
    with path.open("wb") as file:
        async for piece in write(database, facts, now, zone):
            await asyncio.to_thread(file.write, piece)
    return await asyncio.to_thread(_fitting, path, f"mydata.{form}", FORMS[form])


MAKERS: Mapping[str, Maker] = {"mydata": mydata}


def _sections(database: Database, facts: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], AsyncIterator[Row]]]:
    """Name, fields and rows of each."""
    for name, statement in EVERYTHING_ABOUT.items():
        wanted = {key: facts[key] for key in ("person", "telegram_id") if f":{key}" in statement}
        yield name, personal_data.fields_of(statement), database.rows(statement, **wanted)


async def _data(database: Database, facts: dict[str, Any], now: Moment, zone: tzinfo) -> AsyncIterator[bytes]:
    """One object: a list of records a section; moments by the person's own clock."""
    before = b"{"
    for name, fields, rows in _sections(database, facts):
        found = [personal_data.record(fields, row, zone) async for row in rows]
        yield before + b'\n"' + name.encode() + b'": ' + orjson.dumps(found, option=orjson.OPT_INDENT_2)
        before = b","
    yield b"\n}\n"


async def _page(database: Database, facts: dict[str, Any], now: Moment, zone: tzinfo) -> AsyncIterator[bytes]:
    page = PersonalPage(translator(facts["language"]), zone, facts["words"])
    yield page.head(now).encode()
    for name, fields, rows in _sections(database, facts):
        yield "".join(await page.section(name, fields, rows)).encode()
    yield page.foot().encode()


def _fitting(path: Path, name: str, mime: str) -> MadeFile:
    """Zipped where Telegram would not take it."""
    if path.stat().st_size <= file_parts.LARGEST:
        return MadeFile(path, name, mime)
    return MadeFile(file_parts.packed(path, name), f"{name}.zip", "application/zip")
