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
        repeats = max([1, *map(shown.count, shown)])
        room = (MESSAGE_LIMIT // 2 - len(template)) // repeats
        self._short = min(room, REASON_LIMIT)  # characters: a row of so few is too long nowhere

    def task(self, line: int, cells: list[str]) -> TaskRow:
        """The task of a row that was checked."""
        columns = self._columns
        return TaskRow(
            line,
            self.key(cells),
            {name: cells[at] for name, at in columns.content},
            self._gold(line, cells) if columns.gold is not None and cells[columns.gold] else (),
            (cells[columns.reason].strip() or None) if columns.reason is not None else None,
            int(cells[columns.overlap]) if columns.overlap is not None and cells[columns.overlap].strip() else None,
        )

    def check(self, line: int, cells: list[str]) -> None:
        """Adds everything that is wrong with a row to the findings."""
        whole = "".join(cells)
        if "\0" in whole:
            self._check_nul(line, cells)
        if len(whole) > self._short or (self._columns.id is not None and len(cells[self._columns.id]) > KEY_LIMIT):
            self._check_lengths(line, cells)
        for name, at in self._shown:
            if not cells[at] or cells[at].isspace():
                self._findings.add(problem(line, name, "", "not_empty"))
        if self._columns.gold is not None and cells[self._columns.gold]:
            self._gold(line, cells)
        if self._columns.overlap is not None:
            self._check_overlap(line, cells[self._columns.overlap].strip())

    def key(self, cells: list[str]) -> str | None:
        at = self._columns.id
        return cells[at].strip() or None if at is not None else None

    def _check_nul(self, line: int, cells: list[str]) -> None:
        for name, at in self._named():
            if "\0" in cells[at]:
                self._findings.add(problem(line, name, cells[at].replace("\0", "␀"), "no_nul"))

    def _named(self) -> list[tuple[str, int]]:
        columns = self._columns
        reserved = [("gold", columns.gold), ("reason", columns.reason), ("overlap", columns.overlap)]
        return [*columns.content, *((n, at) for n, at in [*reserved, ("id", columns.id)] if at is not None)]

    def _check_lengths(self, line: int, cells: list[str]) -> None:
        limits = {"id": KEY_LIMIT, "reason": REASON_LIMIT, "gold": CELL_LIMIT, "overlap": CELL_LIMIT}
        for name, at in self._named():
            limit = limits.get(name, CELL_LIMIT) if (name, at) not in self._columns.content else CELL_LIMIT
            if len(cells[at]) > limit:
                self._too_long(line, name, cells[at], limit, len(cells[at]))
        content = {name: cells[at] for name, at in self._columns.content}
        size = templates.length(templates.render(self._template, content))
        if size > MESSAGE_LIMIT and self._shown:
            longest = max((name for name, _ in self._shown), key=lambda name: len(content[name]))
            self._too_long(line, longest, content[longest], MESSAGE_LIMIT, size)

    def _too_long(self, line: int, column: str, value: str, limit: int, found: int) -> None:
        self._findings.add(problem(line, column, value, "length", limit=limit, found=found))

    def _check_overlap(self, line: int, value: str) -> None:
        fits = value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= OVERLAP_LIMIT
        if value and not fits:
            self._findings.add(problem(line, "overlap", value, "integer", minimum=1, maximum=OVERLAP_LIMIT))

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
