"""Files with personal data are private; a full disk leaves one line and no partial file."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import wall_clock
from domain.moments import Moment
from storage import backups
from storage.backups import back_up
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.drivers.migrate import migrate
from storage.drivers.sqlite import SQLite
from tests.invariants.flows import a_day

SMALL = 64 * 1024  # bytes a file may have on the disk that is full


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(file: Path) -> str:
    return oct(file.stat().st_mode & 0o777)


@pytest.mark.usefixtures("open_umask")
async def test_a_new_database_and_what_stands_beside_it_are_private(tmp_path: Path, now: Moment) -> None:
    place = tmp_path / "new.db"
    migrate(SQLite(str(place)))
    database = Database(f"sqlite:///{place}")
    await database.transact(lambda unit: unit.settings.store("motto", "mine"), now)
    assert [rights(Path(f"{place}{ending}")) for ending in ("", "-wal", "-shm")] == ["0o600"] * 3
    await database.close()


@pytest.mark.usefixtures("open_umask")
async def test_a_database_of_an_older_version_becomes_private(tmp_path: Path, now: Moment) -> None:
    place = tmp_path / "old.db"
    place.touch(mode=0o644)
    migrate(SQLite(str(place)))
    assert rights(place) == "0o600"


@pytest.mark.usefixtures("open_umask")
def test_a_backup_and_what_is_restored_of_it_are_private(tmp_path: Path, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    copy, place = tmp_path / "copy", tmp_path / "again.db"
    back_up(database_url, copy)
    backups.restore(f"sqlite:///{place}", copy, wall_clock())
    assert (rights(copy), rights(place)) == ("0o600", "0o600")


def test_a_full_disk_leaves_one_line_and_no_half_file(tmp_path: Path, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    folder = tmp_path / "full"
    folder.mkdir()
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "backup", str(folder / "copy")],
        env={**os.environ, "DATABASE_URL": database_url},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.splitlines()) == 1
    assert str(folder / "copy") in ended.stderr
    assert list(folder.iterdir()) == []


def test_a_backup_never_replaces_the_database_it_is_of(tmp_path: Path, sqlite_url: str):
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    before = file.stat().st_ino
    (tmp_path / "linked.db").symlink_to(file)
    for named in (file, tmp_path / "linked.db"):
        with pytest.raises(Unavailable, match="it is the database"):
            back_up(sqlite_url, named)
    assert file.stat().st_ino == before
