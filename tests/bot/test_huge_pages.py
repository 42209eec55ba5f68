"""Memory that stays is gathered into huge pages, and what was given back stays away."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, PAGESIZE, mmap
from pathlib import Path

import pytest

from bot import huge_pages

SINCE = (6, 1)  # Linux
PAGES = 4


def _can() -> bool:
    system = os.uname()
    release = tuple(map(int, re.findall(r"\d+", system.release)[:2]))
    return system.sysname == "Linux" and release >= SINCE and huge_pages.huge_page() > 0


needs_huge_pages = pytest.mark.skipif(not _can(), reason="this system gathers no memory")


@contextmanager
def memory(size: int) -> Iterator[mmap]:
    """Private memory that nobody has touched."""
    with mmap(-1, (PAGES + 1) * size, flags=MAP_PRIVATE | MAP_ANONYMOUS) as made:
        yield made


def of_this_process(what: str) -> int:
    """Bytes."""
    found = re.search(rf"^{what}:\s+(\d+) kB", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


@needs_huge_pages
def test_memory_that_is_there_is_gathered_and_says_the_same():
    size = huge_pages.huge_page()
    with memory(size) as full:
        full.write(bytes(range(256)) * (len(full) // 256))
        before = of_this_process("AnonHugePages")
        assert huge_pages.gather(size) >= PAGES
        assert of_this_process("AnonHugePages") >= before + PAGES * size
        full.seek(0)
        assert full.read() == bytes(range(256)) * (len(full) // 256)


@needs_huge_pages
def test_what_is_partly_there_stays_as_it_is():
    size = huge_pages.huge_page()
    huge_pages.gather(size)  # the rest of the process
    with memory(size) as sparse:
        for at in range(0, len(sparse), PAGESIZE):
            if at % size < size // 2:
                sparse[at] = 1
        before = of_this_process("Rss")
        huge_pages.gather(size)
        assert of_this_process("Rss") < before + size


def test_nothing_is_gathered_where_the_operator_wants_no_huge_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huge_pages, "SETTINGS", tmp_path)
    assert huge_pages.huge_page() == 0
    (tmp_path / "hpage_pmd_size").write_text("2097152\n")
    (tmp_path / "enabled").write_text("always [madvise] never\n")
    assert huge_pages.huge_page() == 2_097_152
    (tmp_path / "enabled").write_text("always madvise [never]\n")
    assert huge_pages.huge_page() == 0
