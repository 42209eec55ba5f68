"""The door for files of tasks: bytes → tasks, or every problem of the file.

Rows are handed on as they are checked (`taken`), or the file is read again for each pass over `TaskFile.rows`:
a million rows never lie in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from domain.answers import default_kind, kind_of
from domain.projects.form_questions import asked_in
from formats.captions.options import AT_LEAST, AT_MOST, Options, flaws
from formats.errors import FileErrors, Findings, FormatProblem, RowError, problem, shortened
from formats.media.archive import Archive, Brought
from formats.tables import candidates, first_row, sniffing
from formats.tables import template as templates
from formats.tables.columns import NO_WISH, AiWish, Columns, columns
from formats.tables.ids import Keys, repeats
from formats.tables.source import Source
from formats.tables.streamed_rows import StreamedRows
from formats.tables.table import MAX_ROWS, FileWarning, Row, Table
from formats.tables.tasks import RowReader, SpooledRow, TaskRow

__all__ = [
    "FileErrors",
    "FileWarning",
    "FormatProblem",
    "RowError",
    "TaskFile",
    "TaskRow",
    "TaskRows",
    "read_tasks",
]

TOLD_EVERY = 1_000  # rows


class TaskRows(StreamedRows):
    """The tasks of a checked file, read again on each pass; an index reads up to it."""

    def __init__(self, table: Table, reader: RowReader, count: int) -> None:
        super().__init__(reader.columns.names, count)
        self._table, self._reader = table, reader

    def spooled(self) -> Iterator[SpooledRow]:
        return (self._reader.row(*row) for row in self._table.rows() if not isinstance(row, RowError))


@dataclass(frozen=True, slots=True)
class TaskFile:
    """`columns` are the content's, in the file's order; `sha256` is of the bytes as they came; `size` is what the rows
    take, in bytes of JSON, where they are written already; `models` are those with a column of answers,
    `media` what came in a ZIP and is named."""

    columns: tuple[str, ...]
    rows: StreamedRows
    options: tuple[str, ...]
    template: str
    sha256: str
    warnings: tuple[FileWarning, ...]
    size: int = 0
    models: tuple[str, ...] = ()
    media: tuple[Brought, ...] = ()


def read_tasks(
    data: bytes | BinaryIO,
    filename: str,
    options: tuple[str, ...] | None,
    kind: str | None = None,
    template: str | None = None,
    heard: Callable[[int], None] | None = None,
    leave_out: bool = False,
    ai: AiWish = NO_WISH,
    taken: Callable[[SpooledRow], None] | None = None,
    archive: Archive | None = None,
    header: bool = True,
) -> TaskFile:
    """Raises FileErrors. A binary file must be seekable and stay open while rows are read. `heard` is called now and
    then with the number of rows checked. `leave_out` passes over rows with an empty cell in a column that is shown.

    `taken` is given each row as it is checked, as long as none is bad; none where models' answers can be checked only
    once all gold is read. `archive` holds media that cells may name. Without a `header` the first row is a task.
    """
    source, kind = Source(data), kind or default_kind()
    table = first_row.taken(sniffing.table(source, filename), header, template, ai)
    layout = columns(table, ai, [each.name for each in asked_in(kind, options)])
    findings = Findings()
    options, assumed = candidates.chosen(table, layout, kind, options, template)
    message = templates.chosen(assumed, layout.names, table.line, findings)
    choice = Options(options)
    _check_given(table, layout, options, kind, findings)
    read_with = (layout, message, choice, kind, findings, archive)
    table, left_out = _without_empty(table, RowReader(*read_with)) if leave_out else (table, [])
    reader = RowReader(*read_with)
    taken = None if choice.open and layout.ai else taken
    count = _check_rows(table, reader, findings, heard, taken)
    if choice.open and layout.gold is not None and kind_of(kind).options_in_gold:
        _check_found(table.line, choice.all, findings)
    if choice.open and layout.ai and not findings.total:
        _check_ai(table, reader)
    findings.raise_if_any()
    choice.open = False
    rows = TaskRows(table, RowReader(layout, message, choice, kind, Findings(), archive), count)
    unshown = [] if template and template.strip() else templates.unshown(message, layout.names)
    unshown += templates.unpictured(message, _first_content(table, layout), kind_of(kind).compared(choice.all))
    warnings = (*table.warnings, *layout.warnings, *unshown, *left_out, *_beside(archive))
    models = tuple(dict.fromkeys(column.model for column in layout.ai))
    return TaskFile(layout.names, rows, choice.all, message, source.sha256(), warnings, models=models)


def _first_content(table: Table, layout: Columns) -> dict[str, str]:
    """Return the content of the first row that can be read, by column; nothing without one."""
    first = next((row for row in table.rows() if not isinstance(row, RowError)), None)
    return {name: first[1][at] for name, at in layout.content} if first else {}


def _beside(archive: Archive | None) -> tuple[FileWarning, ...]:
    """Media that came for nothing: their column has a name of its own, perhaps."""
    unnamed = archive.unnamed() if archive is not None else 0
    return (FileWarning("media_unnamed", {"count": unnamed}),) if unnamed else ()


def _without_empty(table: Table, reader: RowReader) -> tuple[Table, list[FileWarning]]:
    """The table without rows that lack what workers would see; a warning counts them."""
    left_out = sum(not isinstance(row, RowError) and reader.lacks(row[1]) for row in table.rows())

    def rows() -> Iterator[Row | RowError]:
        return (row for row in table.rows() if isinstance(row, RowError) or not reader.lacks(row[1]))

    return replace(table, rows=rows), [FileWarning("rows_left_out", {"count": left_out})] if left_out else []


def _check_named(table: Table, options: tuple[str, ...] | None, kind: str, findings: Findings) -> None:
    """What is compared is called somehow."""
    known = kind_of(kind)
    if options is None:
        return
    if known.lacks_names(options):
        findings.add(problem(table.line, "options", "", "options_or_columns"))
    elif known.is_graded and not known.compared(options):
        findings.add(problem(table.line, "options", shortened(", ".join(options)), "two_compared"))


def _check_given(table: Table, layout: Columns, options: tuple[str, ...] | None, kind: str, findings: Findings) -> None:
    known = kind_of(kind)
    _check_named(table, options, kind, findings)
    if not known.has_options:
        return
    if options is not None:
        for value, expected, facts in flaws(options, known.fewest_options, known.most_options):
            findings.add(RowError(table.line, "options", shortened(value), expected, facts))
        for option in options:
            if known.forbidden and known.forbidden in option:
                findings.add(problem(table.line, "options", option, "option_without", example=known.forbidden))
    elif known.takes_labels:
        findings.add(problem(table.line, "options", "", "labels"))
    elif not known.options_in_gold:
        findings.add(problem(table.line, "options", "", "options_or_columns"))
    elif layout.gold is None:
        findings.add(problem(table.line, "options", "", "options_or_gold"))


def _check_found(line: int, options: tuple[str, ...], findings: Findings) -> None:
    shown = ", ".join(options)
    if len(options) > AT_MOST:
        findings.add(problem(line, "gold", shown, "options_at_most", limit=AT_MOST))
    elif findings.total:
        return  # answers may be missing only because their rows could not be read
    elif not options:
        findings.add(problem(line, "gold", "", "options_or_gold"))
    elif len(options) < AT_LEAST:
        findings.add(problem(line, "gold", shown, "options_at_least", limit=AT_LEAST))


def _check_ai(table: Table, reader: RowReader) -> None:
    """Models' answers, once all options are known."""
    for row in table.rows():
        if not isinstance(row, RowError):
            reader.check_ai(*row)


def _no_rows(table: Table) -> RowError:
    """Where there are other sheets, the rows are probably there."""
    others = next((each.facts["sheets"] for each in table.warnings if each.key == "sheets_ignored"), None)
    return (
        problem(table.line, "", "", "rows_first_sheet", sheets=others)
        if others
        else problem(table.line, "", "", "rows")
    )


def _check_rows(
    table: Table,
    reader: RowReader,
    findings: Findings,
    heard: Callable[[int], None] | None,
    taken: Callable[[SpooledRow], None] | None,
) -> int:
    """How many rows there are, good or bad."""
    keys, count = Keys(), 0
    for row in table.rows():
        count += 1
        if heard and count % TOLD_EVERY == 0:
            heard(count)
        if count > MAX_ROWS:
            line = row.line if isinstance(row, RowError) else row[0]
            findings.add(problem(line, "", "", "rows_at_most", limit=MAX_ROWS))
            return count
        if isinstance(row, RowError):
            findings.add(row)
        else:
            reader.check(*row)
            keys.add(reader.key(row[1]))
            if taken is not None and not findings.total:
                taken(reader.row(*row))
    if not count:
        findings.add(_no_rows(table))
    _check_keys(table, keys, reader, findings)
    return count


def _check_keys(table: Table, keys: Keys, reader: RowReader, findings: Findings) -> None:
    repeated, at = keys.repeated(), reader.columns.id
    if repeated and at is not None:
        rows = (row for row in table.rows() if not isinstance(row, RowError))
        for repeat in repeats(((line, reader.key(cells)) for line, cells in rows), repeated, reader.columns.titles[at]):
            findings.add(repeat)
