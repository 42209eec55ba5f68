"""A command whose reader has gone ends quietly, as other tools do; one whose output has no room says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


@pytest.mark.parametrize("typed", [["oversight"], ["verify"], ["record-key"], ["--help"]])
def test_a_command_whose_reader_has_gone_ends_quietly(typed: list[str], tmp_path: Path, sqlite_url: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    told = {**os.environ, "PYTHONUNBUFFERED": "", "DATABASE_URL": sqlite_url, "PYTHONPATH": str(ROOT)}
    pouce = [sys.executable, "-m", "bot", *typed]
    ended = subprocess.run(pouce, stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path, env=told)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
@pytest.mark.parametrize("typed", [["oversight"], ["verify", "--json"], ["record-key"], ["migrate"], ["--help"]])
def test_a_command_whose_output_has_no_room_ends_in_one_line(typed: list[str], tmp_path: Path, sqlite_url: str) -> None:
    told = {**os.environ, "PYTHONUNBUFFERED": "", "DATABASE_URL": sqlite_url, "PYTHONPATH": str(ROOT)}
    with open("/dev/full", "wb") as full:
        pouce = [sys.executable, "-m", "bot", *typed]
        ended = subprocess.run(pouce, stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, env=told)
    assert (ended.returncode, ended.stderr.count(b"\n")) == (1, 1)
    assert ended.stderr.endswith(b": No space left on device\n")
