"""A command whose reader has gone ends quietly, as other tools do."""

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
