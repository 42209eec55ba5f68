"""Cells that name media: addresses, Telegram's ids, and files of a ZIP beside the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from domain.projects.media import BROUGHT, MOST, is_file_id, is_strict, kind_of_column, parts_of
from formats.addresses import is_address
from formats.errors import Fact
from formats.media.archive import Archive, Unfit

SEPARATOR = "|"


class Add(Protocol):
    def __call__(self, line: int, at: int, value: str, expected: str, **facts: Fact) -> None: ...


class MediaCells:
    """Of the columns that a template shows, those whose names say that they hold media."""

    def __init__(self, shown: Iterable[tuple[str, int]], archive: Archive | None, add: Add) -> None:
        self._columns = [(name, at, kind) for name, at in shown if (kind := kind_of_column(name))]
        self._archive, self._add = archive, add

    @property
    def has_columns(self) -> bool:
        return bool(self._columns)

    def check(self, line: int, cells: list[str]) -> None:
        for name, at, kind in self._columns:
            parts = parts_of(cells[at])
            if is_strict(name) and len(parts) > MOST:
                self._add(line, at, str(len(parts)), "media_at_most", limit=MOST)
            for part in parts:
                self._check(line, at, part, kind, is_strict(name))

    def _check(self, line: int, at: int, part: str, kind: str, strict: bool) -> None:
        if is_address(part) or is_file_id(part):
            return
        if self._archive is not None and self._archive.has(part):
            try:
                self._archive.take(part, kind)
            except Unfit as why:
                self._add(line, at, part, why.expected, **why.facts)
        elif self._archive is not None and self._archive.is_ambiguous(part):
            self._add(line, at, part, "member_path")
        elif strict:
            self._add(line, at, part, "address" if self._archive is None else "member")

    def brought(self, cells: list[str]) -> dict[str, str]:
        """What the archive holds for each column, beside the row's content. The row was checked."""
        if self._archive is None:
            return {}
        found = ((name, self._references(cells[at], kind)) for name, at, kind in self._columns)
        return {BROUGHT + name: referred for name, referred in found if referred}

    def _references(self, cell: str, kind: str) -> str:
        """The cell with its members' references; empty where it names none."""
        archive, parts = self._archive, parts_of(cell)
        if archive is None or not any(map(archive.has, parts)):
            return ""
        return SEPARATOR.join(archive.take(part, kind) if archive.has(part) else part for part in parts)
