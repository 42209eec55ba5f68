"""Files that are made to hurt end in a refusal, in a process that has limits of memory and time and can be ended."""

import asyncio
import io
import os
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from tempfile import TemporaryFile
from time import sleep
from typing import BinaryIO

import pytest

from formats.errors import FileErrors, is_disk_full
from formats.tables import sandbox
from formats.tables.reading import TaskFile, read_tasks
from formats.tables.sandbox import ReadRequest, SandboxLimits
from tests.formats import hostile
from tests.formats.given import workbook
from tests.formats.processes import begun, children, environment, gone, is_stopped, is_there, servers
from tests.simulator.test_files import png

ROOM = 300 << 20  # bytes any file may take
PLAIN = ReadRequest("a.csv", ("yes", "no"), "choice", None)
MIXED = b'id,gold,reason,overlap,text,note\n1,yes|no,because,5,"a ""b""\nc",x\n2,,,,\xc3\xa9,y\n'


@pytest.fixture
def rows() -> Iterator[BinaryIO]:
    with TemporaryFile() as file:
        yield file  # type: ignore[misc]


@pytest.fixture
def nowhere() -> Iterator[BinaryIO]:
    """A disk that is full."""
    with open("/dev/full", "r+b") as file:
        yield file


async def asked(data: bytes, rows: BinaryIO, question: ReadRequest = PLAIN) -> TaskFile:
    with TemporaryFile() as place:
        place.write(data)
        place.flush()
        return await sandbox.read_in_sandbox(place, rows, question)  # type: ignore[arg-type]


async def refusal(data: bytes, rows: BinaryIO, question: ReadRequest = PLAIN) -> tuple[int, str, str]:
    with pytest.raises(FileErrors) as refused:
        await asked(data, rows, question)
    error = refused.value.errors[0]
    return error.line, error.column, error.expected


async def test_a_file_comes_out_as_if_it_were_read_here(rows: BinaryIO) -> None:
    here = read_tasks(MIXED, "a.csv", ("yes", "no"), template="{text}")
    there = await asked(MIXED, rows, replace(PLAIN, template="{text}"))
    assert list(there.rows) == list(here.rows)
    assert there.rows[1] == here.rows[1]
    assert replace(there, rows=(), size=0) == replace(here, rows=())
    assert there.size > 0


@pytest.mark.parametrize("full", ["rows", "media"])
async def test_a_full_disk_is_not_blamed_on_the_file(full: str, nowhere: BinaryIO, rows: BinaryIO) -> None:
    """The child writes rows and media; what it has no room for is read anew when there is some."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "image\ncat.png\n")
        archive.writestr("cat.png", png(64, 64) + bytes(64 << 10))
    with TemporaryFile() as place:
        place.write(packed.getvalue())
        place.flush()
        written, media = (nowhere, rows) if full == "rows" else (rows, nowhere)
        with pytest.raises(OSError, match="No space left") as raised:
            await sandbox.read_in_sandbox(
                place, written, replace(PLAIN, filename="a.zip"), media_files=sandbox.MediaFiles(media)
            )  # type: ignore[arg-type]
    assert is_disk_full(raised.value)


async def test_problems_come_out_as_if_they_were_found_here(rows: BinaryIO) -> None:
    data = b"text,gold\na,maybe\n,yes\n"
    with pytest.raises(FileErrors) as here:
        read_tasks(data, "a.csv", ("yes", "no"))
    with pytest.raises(FileErrors) as there:
        await asked(data, rows)
    assert there.value.errors == here.value.errors
    assert there.value.total == 2


# One of each way to hurt; `python -m benchmarks hostile_files` reads all of them.
HOSTILE: tuple[tuple[Callable[[], bytes], str | None], ...] = (
    (hostile.far_row, "row_number"),
    (hostile.many_styles, None),
    (hostile.many_cells, "file_limits"),
    (hostile.repeated_rows, "row_number"),
    (hostile.parquet_of_one_text, "file_limits"),
)


@pytest.mark.parametrize(("make", "expected"), HOSTILE, ids=[make.__name__ for make, _ in HOSTILE])
async def test_no_file_takes_more_than_its_room(make: Callable[[], bytes], expected: str | None) -> None:
    command = (sys.executable, "-m", "tests.formats.measured", make.__name__)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    ended, peak = said.decode().split()
    assert ended == (expected or "1")
    assert int(peak) < ROOM


async def test_a_file_has_a_limit_of_time(rows: BinaryIO) -> None:
    slow = replace(PLAIN, limits=SandboxLimits(seconds=0.05))
    assert await refusal(b"text\n" + b"word\n" * 900_000, rows, slow) == (1, "", "file_limits")
    assert children(os.getpid()) == set()


async def test_a_process_that_begins_after_the_limit_of_time_ends_before_the_refusal(rows: BinaryIO) -> None:
    """On a busy machine the server forks late; the process that nobody waited for outlived its limit."""
    await asked(MIXED, rows)
    [server] = servers(os.getpid())
    os.kill(server, signal.SIGSTOP)
    asyncio.get_running_loop().call_later(0.3, os.kill, server, signal.SIGCONT)
    slow = replace(PLAIN, limits=SandboxLimits(seconds=0.05))
    assert await refusal(MIXED, rows, slow) == (1, "", "file_limits")
    assert not is_stopped(server)  # it has forked and buried by now
    assert children(os.getpid()) == set()


async def test_a_file_has_a_limit_of_processor_time(rows: BinaryIO) -> None:
    """To read it all takes four times as long at least."""
    many = b"id,gold,reason,overlap,text\n" + b"".join(b"%d,yes|no,why,5,word\n" % row for row in range(500_000))
    assert await refusal(many, rows, replace(PLAIN, limits=SandboxLimits(cpu=1))) == (1, "", "file_limits")


async def test_names_of_columns_are_no_part_of_the_size_of_rows(rows: BinaryIO) -> None:
    """A million rows under long names would be more than a draft may hold."""
    brief = await asked(b"text\n" + b"word\n" * 50, rows)
    with TemporaryFile() as others:
        name = b"text that is " + b"very " * 9 + b"long"
        long = await asked(name + b"\n" + b"word\n" * 50, others)  # type: ignore[arg-type]
        assert long.size == brief.size
        assert [*long.rows[49].content.values()] == ["word"]


async def test_rows_have_a_limit_of_size(rows: BinaryIO) -> None:
    many = b"text\n" + b"word\n" * 100_000
    assert (await refusal(many, rows, replace(PLAIN, limits=SandboxLimits(size=1 << 20))))[2] == "text_size"


@pytest.mark.parametrize("ends", ["killed", "cancelled"])
async def test_a_reading_that_ends_early_leaves_nothing_behind(rows: BinaryIO, ends: str) -> None:
    reading = asyncio.create_task(asked(b"text\n" + b"word\n" * 900_000, rows))
    child = await begun(os.getpid())
    if ends == "cancelled":
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    else:
        os.kill(child, signal.SIGKILL)
        with pytest.raises(FileErrors):
            await reading
    assert children(os.getpid()) == set()


async def test_a_process_that_ends_before_it_is_asked_is_a_refusal(
    rows: BinaryIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill_first(question: ReadRequest) -> bytes:
        [child] = children(os.getpid())
        os.kill(child, signal.SIGKILL)
        while is_there(child):  # the event loop learns nothing meanwhile
            sleep(0.005)
        return written(question)

    written = sandbox._to_message
    monkeypatch.setattr(sandbox, "_to_message", kill_first)
    assert (await refusal(MIXED, rows))[2] == "file_limits"


async def test_a_server_that_has_ended_is_started_again(rows: BinaryIO) -> None:
    await asked(MIXED, rows)
    [first] = servers(os.getpid())
    with TemporaryFile() as others:
        await asked(MIXED, others)  # type: ignore[arg-type]
        assert servers(os.getpid()) == {first}
    os.kill(first, signal.SIGKILL)
    with TemporaryFile() as others:
        assert (await asked(MIXED, others)).rows[1].content == {"text": "é", "note": "y"}  # type: ignore[arg-type]
    assert servers(os.getpid()) not in ({first}, set())


async def test_a_server_that_dies_takes_its_processes_with_it(rows: BinaryIO) -> None:
    reading = asyncio.create_task(asked(b"text\n" + b"word\n" * 900_000, rows))
    child = await begun(os.getpid())
    [server] = servers(os.getpid())
    os.kill(server, signal.SIGKILL)
    with pytest.raises(FileErrors):
        await reading
    await gone(child)


async def test_one_that_is_given_up_does_not_end_another(rows: BinaryIO) -> None:
    with TemporaryFile() as others:
        unwanted = asyncio.create_task(asked(b"text\n" + b"word\n" * 900_000, rows))
        await begun(os.getpid())
        reading = asyncio.create_task(asked(b"text\n" + b"word\n" * 100_000, others))  # type: ignore[arg-type]
        while len(children(os.getpid())) < 2:  # noqa: ASYNC110 - the system tells nobody
            await asyncio.sleep(0.005)
        unwanted.cancel()
        await asyncio.wait([unwanted])
        assert len((await reading).rows) == 100_000


async def test_the_child_knows_nothing_of_ours(rows: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1:secret")
    reading = asyncio.create_task(asked(b"text\n" + b"word\n" * 300_000, rows))
    child = await begun(os.getpid())
    assert b"secret" not in environment(child)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


def test_a_formula_without_a_saved_value_is_named() -> None:
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    for row in (("text", "note"), ("a", "x"), ("=A2", "y"), (None, "=B2")):
        book.active.append(row)
    book.save(file)
    with pytest.raises(FileErrors) as refused:
        read_tasks(file.getvalue(), "a.xlsx", None, "text", "{text}")
    found = [(error.line, error.column, error.expected) for error in refused.value.errors]
    assert found == [(3, "text", "saved_value"), (4, "note", "saved_value")]


def test_a_workbooks_dates_and_numbers_read_as_people_write_them() -> None:
    values = (3.0, 2.5, True, date(2026, 2, 28), datetime(2026, 2, 28, 13, 5), time(8, 30), "_x0041_ \N{SNOWMAN}")
    data = workbook([f"c{at}" for at in range(len(values))], values)
    [row] = read_tasks(data, "a.xlsx", None, "text", "{c0}").rows
    said = list(row.content.values())
    assert said == ["3", "2.5", "true", "2026-02-28", "2026-02-28T13:05:00", "08:30:00", "A ☃"]
