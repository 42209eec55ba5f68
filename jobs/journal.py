"""The whole ledger as an hledger journal."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from domain.moments import Moment, as_datetime
from formats.bank import hledger
from jobs.made_files import MadeFile, Maker, making
from storage.database import Database
from storage.unit import UnitOfWork


async def journal(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """The whole ledger for hledger, read in one snapshot."""
    with making(".journal") as path:
        await database.aside(lambda unit: _write(unit, path), now)
    return MadeFile(path, f"pouce-{as_datetime(now):%Y-%m-%d}.journal", "text/plain")


def _write(unit: UnitOfWork, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(pieces(unit))


def pieces(unit: UnitOfWork) -> Iterator[str]:
    return hledger.journal(unit.ledger.accounts(), unit.ledger.movements(), unit.ledger.last(), unit.now)


MAKERS: Mapping[str, Maker] = {"journal": journal}
