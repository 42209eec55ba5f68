"""A backup or a restore that is killed leaves a copy of everything; the next one deletes it. One under way is left."""

import asyncio
import signal
import sys
from pathlib import Path

from domain.moments import Moment
from storage import backups
from storage.backups import back_up, restore
from storage.database import one_transaction

HANGS = """
import sys, time
from pathlib import Path
from storage.backups import in_place
with in_place(Path(sys.argv[1])) as part:
    part.write_bytes(b"everything")
    Path(f"{part}-journal").write_bytes(b"everything")
    print(part.name, flush=True)
    time.sleep(60)
"""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_what_a_killed_backup_leaves_is_deleted_by_the_next_and_one_under_way_stays(
    sqlite_url: str, now: Moment, tmp_path: Path
) -> None:
    with one_transaction(sqlite_url, now):
        pass
    begun = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", HANGS, str(tmp_path / name), stdout=asyncio.subprocess.PIPE
        )
        for name in ("monday.db", "tuesday.db")
    ]
    parts = [(await backup.stdout.readline()).decode().strip() for backup in begun if backup.stdout]
    killed, alive = begun
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    (tmp_path / ".notes.part").write_text("somebody else's")
    try:
        back_up(sqlite_url, tmp_path / "wednesday.db")
        left = names(tmp_path)
    finally:
        alive.kill()
        await alive.wait()
    assert left == {"wednesday.db", ".notes.part", parts[1], f"{parts[1]}-journal"}


def test_what_a_killed_restore_leaves_is_deleted_by_the_next(sqlite_url: str, now: Moment, tmp_path: Path) -> None:
    with one_transaction(sqlite_url, now):
        pass
    back_up(sqlite_url, tmp_path / "copy.db")
    folder, target = tmp_path / "there", tmp_path / "there" / "pouce.db"
    left = folder / f"{backups.RESTORING}ab12cd34"
    left.mkdir(parents=True)
    (left / "copy.db").write_bytes(b"everything")
    restore(f"sqlite:///{target}", tmp_path / "copy.db", now)
    assert names(folder) <= {"pouce.db", "pouce.db-wal", "pouce.db-shm"}
