"""One row of a file → one task, or what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formats import template as templates
from formats.columns import Columns
from formats.errors import Findings, problem
from formats.options import KINDS_WITH_OPTIONS, LONGEST, Options

MESSAGE_LIMIT = 3500
CELL_LIMIT = 10_000
REASON_LIMIT = 1000
GOLD_LIMIT = 1000
KEY_LIMIT = 100
OVERLAP_LIMIT = 1000
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """`line` is where the row begins in the file; `key` is its `id`; `gold` holds every accepted answer."""

    line: int
    key: str | None
    content: dict[str, str]
    gold: tuple[str, ...]
    reason: str | None
    overlap: int | None


class RowReader:
    """Reads rows of one file; what is wrong with them goes to `findings`."""

    def __init__(self, columns: Columns, template: str, options: Options, kind: str, findings: Findings) -> None:
        self._columns = columns
        self._options = options
        self._kind = kind
        self._findings = findings
        shown = templates.placeholders(template)
        self._shown = [(name, at) for name, at in columns.content if name in shown]
        self._template = template
        self._fixed = len(template)

    def task(self, line: int, cells: list[str]) -> TaskRow:
        """The row's task; meaningless when the row added to the findings."""
        self._check_text(line, cells)
        row = TaskRow(
            line,
            self._short(line, self._columns.id, cells, KEY_LIMIT),
            {name: cells[at] for name, at in self._columns.content},
            self._gold(line, cells),
            self._short(line, self._columns.reason, cells, REASON_LIMIT),
            self._overlap(line, cells),
        )
        self._check_content(row, cells)
        return row

    def key(self, cells: list[str]) -> str | None:
        at = self._columns.id
        return cells[at].strip() or None if at is not None else None

    def _check_text(self, line: int, cells: list[str]) -> None:
        if "\0" in "".join(cells):
            for name, at in self._named():
                if "\0" in cells[at]:
                    self._findings.add(problem(line, name, cells[at].replace("\0", "␀"), "no_nul"))

    def _named(self) -> list[tuple[str, int]]:
        columns = self._columns
        reserved = [("gold", columns.gold), ("reason", columns.reason), ("overlap", columns.overlap)]
        return [*columns.content, *((n, at) for n, at in [*reserved, ("id", columns.id)] if at is not None)]

    def _check_content(self, row: TaskRow, cells: list[str]) -> None:
        size = self._fixed
        for name, at in self._shown:
            size += len(cells[at])
            if not cells[at].strip():
                self._findings.add(problem(row.line, name, "", "not_empty"))
        if size > MESSAGE_LIMIT // 2:
            self._check_length(row)
        for name, value in row.content.items():
            if len(value) > CELL_LIMIT:
                self._too_long(row.line, name, value, CELL_LIMIT, len(value))

    def _check_length(self, row: TaskRow) -> None:
        size = templates.length(templates.render(self._template, row.content))
        if size > MESSAGE_LIMIT and self._shown:
            longest = max((name for name, _ in self._shown), key=lambda name: len(row.content[name]))
            self._too_long(row.line, longest, row.content[longest], MESSAGE_LIMIT, size)

    def _too_long(self, line: int, column: str, value: str, limit: int, found: int) -> None:
        self._findings.add(problem(line, column, value, "length", limit=limit, found=found))

    def _short(self, line: int, at: int | None, cells: list[str], limit: int) -> str | None:
        value = cells[at].strip() if at is not None else ""
        if len(value) > limit:
            self._too_long(line, "id" if at == self._columns.id else "reason", value, limit, len(value))
        return value or None

    def _overlap(self, line: int, cells: list[str]) -> int | None:
        at = self._columns.overlap
        value = cells[at].strip() if at is not None else ""
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= OVERLAP_LIMIT:
            return int(value)
        self._findings.add(problem(line, "overlap", value, "integer", minimum=1, maximum=OVERLAP_LIMIT))
        return None

    def _gold(self, line: int, cells: list[str]) -> tuple[str, ...]:
        at = self._columns.gold
        written = cells[at] if at is not None else ""
        answers = [answer.strip() for answer in written.split("|") if answer.strip()]
        if not answers:
            return ()
        return tuple(dict.fromkeys(self._answer(line, answer) for answer in answers))

    def _answer(self, line: int, answer: str) -> str:
        if self._kind in KINDS_WITH_OPTIONS:
            return self._option(line, answer)
        if self._kind in ("number", "rating") and not _NUMBER.fullmatch(answer):
            self._findings.add(problem(line, "gold", answer, "number"))
        if len(answer) > GOLD_LIMIT:
            self._too_long(line, "gold", answer, GOLD_LIMIT, len(answer))
        return answer

    def _option(self, line: int, answer: str) -> str:
        if len(answer) > LONGEST:
            self._findings.add(problem(line, "gold", answer, "option_length", limit=LONGEST, found=len(answer)))
        option = self._options.find(answer)
        if option is None and not self._options.open:
            self._findings.add(problem(line, "gold", answer, "one_of", options=self._options.all))
        return option or answer
