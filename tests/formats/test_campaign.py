"""Malformed files of every kind are refused, each with a place and what was expected, and none is a bug of ours."""

import io

from formats.errors import EXPECTED, FileErrors
from formats.tables.child import InputFiles
from formats.tables.reading import read_tasks
from tests.formats.campaign import large, small

MOST = 50


def is_refused_clearly(name: str, data: bytes) -> bool:
    try:
        table, called, archive = InputFiles(io.BytesIO(data), None, io.BytesIO()).opened(name)
        read_tasks(table, called, ("yes", "no"), template=None, archive=archive)
    except FileErrors as refused:
        named = all(error.line >= 1 and error.expected in EXPECTED for error in refused.errors)
        return named and 1 <= len(refused.errors) <= MOST and bool(str(refused))
    return False


def test_every_malformed_file_is_refused_clearly() -> None:
    cases = list(small())
    assert len(cases) + len(list(large())) >= 300
    taken = [what for what, name, make in cases if not is_refused_clearly(name, make())]
    assert taken == []
