"""Reader of files of tasks: bytes become tasks, or every problem of the file.

Rows are handed on as they are checked (`on_row`), or the file is read again for each pass over `TaskFile.rows`:
a million rows never lie in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from itertools import chain, islice
from pathlib import PurePath
from typing import BinaryIO

import orjson

from domain.answers import AnswerKind, default_kind, kind_of
from domain.projects.form_questions import questions_in
from domain.projects.tasks import kind_of_column
from formats import delimited
from formats.bank.mt940 import is_mt940
from formats.captions.conditions import MAX_OPTIONS, MIN_OPTIONS, Options, find_option_flaws
from formats.errors import ErrorCollector, FileErrors, FormatProblem, RowError, row_problem, shortened, unreadable_file
from formats.media.archive import ArchiveMedium, MediaArchive
from formats.spreadsheets import workbook
from formats.tables import columns as columns_format
from formats.tables.columns import (
    AI,
    AI_CONFIDENCE,
    CONTEXT_NAMES,
    NO_WISH,
    RESERVED_NAMES,
    TOLOKA_ROLES,
    AiWish,
    Columns,
    read_columns,
)
from formats.tables.encoding import Source
from formats.tables.table import MAX_ROWS, FileTable, FileWarning, Row, may_be_index
from formats.tables.tasks import IdFingerprints, RowReader, SpooledRow, StreamedRows, TaskRow, iter_repeats

NAMED_HEADERS, FIRST_ROW_TASK, ROW_NUMBERS = (
    "first_row_named",
    "first_row_task",
    "row_numbers_ignored",
)  # keys of warnings
FIRST_NUMBERS = ("0", "1")  # how an index begins: pandas', and R's
# What people call a column of tasks, in English and in French.
KNOWN_COLUMN_WORDS = (
    "answer body caption claim comment content data description document email entry headline item link message name"
    " number original output paragraph passage phrase place post query reference response result review sentence"
    " summary sms string term tweet transcript translation url utterance value word words"
    " adresse article avis commentaire consigne contenu donnee données énoncé extrait lieu lien message mot mots nom"
    " numéro objet phrase phrases réponse requête résultat résumé texte textes titre traduction valeur"
)
_SINGULAR = frozenset(word.removesuffix("s") for word in (*KNOWN_COLUMN_WORDS.split(), *CONTEXT_NAMES, "text"))
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[\w-]+")
_NAME = re.compile(r"[^\W\d][\w-]*(?: [\w-]+){0,2}")  # as people write names of columns: a word or three
NAMES_OF_WORDS = {"text", "texte", "word", "words", "mot", "mots", "term", "terms", "name", "names", "nom", "noms"}
SAMPLE_ROWS = 5  # rows below a word that may be one of them
MAX_SHOWN_CELLS = 5  # cells that are named


def apply_header(table: FileTable, header: bool, template: str | None = None, ai: AiWish = NO_WISH) -> FileTable:
    """Return the table with its first row as header or as a task, as `header` says, and with a warning if it may be
    the other one; an index column without a name is dropped."""
    if not header:
        return header_as_task(table)
    table = _drop_index(table)
    return replace(table, warnings=(*warn_of_header(table, template, ai), *table.warnings))


def _drop_index(table: FileTable) -> FileTable:
    """Return the table without a first column that numbers its rows. The numbers must follow each other in every
    row: in a part of a table they may mean something."""
    if not may_be_index(table) or not _has_consecutive_numbers(table):
        return table

    def rows() -> Iterator[Row | RowError]:
        return (row if isinstance(row, RowError) else (row[0], row[1][1:]) for row in table.rows())

    return replace(table, header=table.header[1:], rows=rows, warnings=(*table.warnings, FileWarning(ROW_NUMBERS)))


def _has_consecutive_numbers(table: FileTable) -> bool:
    """Return whether the first cells number the rows from 0 or 1; False for a bad row, since such a file is refused
    anyway."""
    expected: tuple[str, ...] = FIRST_NUMBERS
    for row in table.rows():
        cell = "" if isinstance(row, RowError) else row[1][0].strip()
        if cell not in expected:
            return False
        expected = (str(int(cell) + 1),)
    return True


def header_as_task(table: FileTable) -> FileTable:
    """Return the table with its first row as a task and with column names of ours; unchanged if the format names
    the columns."""
    if table.named_apart:
        return table
    width = len(table.header)
    names = ("text",) if width == 1 else tuple(f"column_{number}" for number in range(1, width + 1))

    def rows() -> Iterator[Row | RowError]:
        return chain([(table.line, list(table.header))], table.rows())

    warning = FileWarning(FIRST_ROW_TASK, {"row": _shown_header(table), "columns": names})
    return replace(table, header=names, rows=rows, warnings=(*table.warnings, warning))


def warn_of_header(table: FileTable, template: str | None, ai: AiWish = NO_WISH) -> tuple[FileWarning, ...]:
    """Return a warning if the first row, taken as names, may be a task: one cell that names nothing known, or is a
    word above words of its kind; or several cells of which none is known and some look like data. A template with a
    name in braces shows that the row is a header."""
    if table.named_apart or "{" in (template or ""):
        return ()
    if any(_is_known(name, ai) for name in table.header) and not _may_be_word(table):
        return ()
    if len(table.header) > 1 and all(_NAME.fullmatch(name.strip()) for name in table.header):
        return ()
    return (FileWarning(NAMED_HEADERS, {"row": _shown_header(table)}),)


def _is_known(name: str, ai: AiWish) -> bool:
    folded = name.strip().casefold()
    if folded in RESERVED_NAMES or folded in ai.folded or folded in TOLOKA_ROLES or kind_of_column(folded):
        return True
    if folded.partition(":")[0].strip() in (AI, AI_CONFIDENCE, "gold", "golden", "input"):
        return True
    words = [word.removesuffix("s") in _SINGULAR for word in _WORD.findall(folded)]
    return any(words) and (all(words) or _PLAIN.fullmatch(folded) is not None)


def _may_be_word(table: FileTable) -> bool:
    """Return whether the only header may be a row itself: “message” above “lettre” and “colis” may be one of them,
    above sentences it is their name."""
    header_cell = table.header[0].strip()
    word = header_cell.casefold()
    if len(table.header) > 1 or word in NAMES_OF_WORDS or word.removesuffix("s") not in _SINGULAR - set(CONTEXT_NAMES):
        return False
    cells = [row[1][0].strip() for row in islice(table.rows(), SAMPLE_ROWS) if not isinstance(row, RowError)]
    return bool(cells) and all(
        _WORD.fullmatch(cell) and _letter_case(cell) == _letter_case(header_cell) for cell in cells
    )


def _letter_case(word: str) -> tuple[bool, bool]:
    return word[:1].isupper(), word[1:].isupper()


def _shown_header(table: FileTable) -> tuple[str, ...]:
    return tuple(shortened(cell.strip()) for cell in table.header[:MAX_SHOWN_CELLS])


UNREADABLE_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"SQLite format 3", "sqlite"),
    (b"OggS", "ogg"),
    (b"{\\rtf", "rtf"),
    (b"RIFF", "riff"),
)
BINARY_MAGIC = ((b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet"))
# A page or a document that many a program names .xls.
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|table|head|meta)\b", re.IGNORECASE)
# Module and function: only the reader that a file needs is loaded, because each file is read in a new process.
READERS_BY_FORMAT: Mapping[str, tuple[str, str]] = {
    "xlsx": ("formats.xlsx", "read_table"),
    "xls": ("formats.spreadsheets.workbook", "read_table"),
    "ods": ("formats.spreadsheets.ods", "read_table"),
    "parquet": ("formats.parquet", "read_table"),
    "jsonl": ("formats.delimited", "read_jsonl"),
    "json": ("formats.delimited", "read_document"),
}
JSON_FORMATS = frozenset({"json", "jsonl"})
_ARRAY = re.compile(rb"\[\s*\{")
BINARY_TABLES = ("xlsx", "xls", "ods", "parquet")
FORMATS_BY_SUFFIX = {
    "csv": "csv",
    "txt": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "xlsx": "xlsx",
    "xls": "xls",
    "ods": "ods",
    "parquet": "parquet",
}


def read_table(source: Source, filename: str) -> FileTable:
    """Return the table of a file in any format. Raise FileErrors for a file that no reader knows."""
    head = source.head(1 << 16)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise unreadable_file(1, "", "", "file_not_empty")
    for magic, name in UNREADABLE_MAGIC:
        if head.startswith(magic):
            raise unreadable_file(1, "", "", "file_kind", found=name)
    if is_mt940(head):
        raise unreadable_file(1, "", "", "file_kind", found="MT940")
    named_format = FORMATS_BY_SUFFIX.get(PurePath(filename).suffix.lstrip(".").casefold(), "csv")
    file_format = _detect_format(head, named_format)
    if file_format == "zip" and (file_format := workbook.detect_format(source, filename)) not in READERS_BY_FORMAT:
        raise unreadable_file(1, "", "", "file_kind", found=file_format)
    return _with_format_warning(_read_as(source, file_format, named_format), named_format, file_format)


def _read_as(source: Source, file_format: str, named_format: str) -> FileTable:
    if file_format not in READERS_BY_FORMAT:
        return delimited.read_delimited(source, named_format)
    module, name = READERS_BY_FORMAT[file_format]
    reader: Callable[[Source], FileTable] = getattr(import_module(module), name)
    return reader(source)


def _detect_format(head: bytes, named_format: str) -> str:
    """Return the format by the file's beginning, then by its name. Raise FileErrors for HTML and XML."""
    for magic, name in BINARY_MAGIC:
        if head.startswith(magic):
            return name
    if MARKUP.match(head):
        raise unreadable_file(1, "", "", "file_kind", found="html/xml")
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    first_line = start.split(b"\n", 1)[0].strip()
    if _ARRAY.match(start):
        return "json"
    if _is_json(first_line) and (first_line[:1] == b"{" or named_format in JSON_FORMATS):
        return "json" if named_format == "json" and first_line[:1] == b"[" else "jsonl"
    if named_format in JSON_FORMATS and start[:1] in (b"{", b"["):
        return named_format
    return "csv" if named_format in (*JSON_FORMATS, *BINARY_TABLES) else named_format


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _with_format_warning(table: FileTable, named_format: str, file_format: str) -> FileTable:
    """Return the table, with a warning if its name says another format than its content."""
    if file_format == named_format or {file_format, named_format} <= JSON_FORMATS:
        return table
    warning = FileWarning("other_format", {"named": named_format, "found": file_format})
    return replace(table, warnings=(*table.warnings, warning))


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

ROWS_PER_REPORT = 1_000  # rows


class TaskRows(StreamedRows):
    """The tasks of a checked file, read again on each pass; an index reads all rows before it."""

    def __init__(self, table: FileTable, reader: RowReader, count: int) -> None:
        super().__init__(reader.columns.names, count)
        self._table, self._reader = table, reader

    def spooled(self) -> Iterator[SpooledRow]:
        return (self._reader.row(*row) for row in self._table.rows() if not isinstance(row, RowError))


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A checked file. `columns` are the content's, in the file's order; `sha256` is of the bytes as they came;
    `size` is the size of the rows in bytes of JSON, if they are written already; `models` are those with a column
    of answers, `media` what came in a ZIP and is named."""

    columns: tuple[str, ...]
    rows: StreamedRows
    options: tuple[str, ...]
    template: str
    sha256: str
    warnings: tuple[FileWarning, ...]
    size: int = 0
    models: tuple[str, ...] = ()
    media: tuple[ArchiveMedium, ...] = ()


def read_tasks(
    data: bytes | BinaryIO,
    filename: str,
    options: tuple[str, ...] | None,
    kind: str | None = None,
    template: str | None = None,
    on_progress: Callable[[int], None] | None = None,
    leave_out: bool = False,
    ai: AiWish = NO_WISH,
    on_row: Callable[[SpooledRow], None] | None = None,
    archive: MediaArchive | None = None,
    header: bool = True,
) -> TaskFile:
    """Read and check a file of tasks. A binary file must be seekable and stay open while rows are read.
    `on_progress` is called now and then with the number of rows checked. `leave_out` passes over rows with an empty
    cell in a column that is shown. Raise FileErrors with all problems.

    `on_row` gets each row as it is checked, as long as no row is bad; it gets no row if models' answers can be
    checked only once all gold is read. `archive` holds media that cells may name. Without a `header` the first row
    is a task."""
    source, kind = Source(data), kind or default_kind()
    table = apply_header(read_table(source, filename), header, template, ai)
    layout = read_columns(table, ai, [question.name for question in questions_in(kind, options)])
    findings = ErrorCollector()
    options, chosen_template = columns_format.choose_options(table, layout, kind, options, template)
    message = columns_format.choose_template(chosen_template, layout.names, table.line, findings)
    choice = Options(options)
    _check_options(table, layout, options, kind, findings)
    make_reader = partial(RowReader, layout, message, choice, kind, archive=archive)
    reader = make_reader(findings=findings)
    table, left_out_warnings = _drop_empty_rows(table, reader) if leave_out else (table, [])
    on_row = None if choice.open and layout.ai else on_row
    count = _check_rows(table, reader, findings, on_progress, on_row)
    if choice.open and layout.gold is not None and kind_of(kind).options_in_gold:
        _check_gold_options(table.line, choice.all, findings)
    if choice.open and layout.ai and not findings.total:
        _check_ai(table, reader)
    findings.raise_if_any()
    choice.open = False
    rows = TaskRows(table, make_reader(findings=ErrorCollector()), count)
    compared = kind_of(kind).get_compared_labels(choice.all)
    warnings = (*table.warnings, *layout.warnings, *_warn_of_template(table, layout, template, message, compared))
    warnings = (*warnings, *left_out_warnings, *_warn_of_unnamed_media(archive))
    models = tuple(dict.fromkeys(column.model for column in layout.ai))
    return TaskFile(layout.names, rows, choice.all, message, source.sha256(), warnings=warnings, models=models)


def _warn_of_template(
    table: FileTable, layout: Columns, template: str | None, message: str, compared: Sequence[str]
) -> list[FileWarning]:
    """Return warnings about columns that a usual template does not show, and about pictures that it shows as links."""
    warnings = [] if template and template.strip() else columns_format.warn_of_unshown(message, layout.names)
    return warnings + columns_format.warn_of_bare_pictures(message, _first_content(table, layout), compared)


def _first_content(table: FileTable, layout: Columns) -> dict[str, str]:
    """Return the content of the first row that can be read, by column; {} if there is none."""
    first_row = next((row for row in table.rows() if not isinstance(row, RowError)), None)
    return {name: first_row[1][position] for name, position in layout.content} if first_row else {}


def _warn_of_unnamed_media(archive: MediaArchive | None) -> tuple[FileWarning, ...]:
    """Return a warning if no cell names any of the archive's media: their column probably has a name of its own."""
    unnamed = archive.unnamed() if archive is not None else 0
    return (FileWarning("media_unnamed", {"count": unnamed}),) if unnamed else ()


def _drop_empty_rows(table: FileTable, reader: RowReader) -> tuple[FileTable, list[FileWarning]]:
    """Return the table without rows that lack a cell which workers would see, and a warning that counts them."""
    empty_count = sum(not isinstance(row, RowError) and reader.lacks(row[1]) for row in table.rows())

    def rows() -> Iterator[Row | RowError]:
        return (row for row in table.rows() if isinstance(row, RowError) or not reader.lacks(row[1]))

    return replace(table, rows=rows), [FileWarning("rows_left_out", {"count": empty_count})] if empty_count else []


def _check_compared(table: FileTable, options: tuple[str, ...] | None, kind: str, findings: ErrorCollector) -> None:
    """Add an error if the compared things have no names, or not two."""
    answer_kind = kind_of(kind)
    if options is None:
        return
    if answer_kind.needs_names(options):
        findings.add(_no_candidates(table.line, answer_kind))
    elif answer_kind.is_graded and not answer_kind.get_compared_labels(options):
        findings.add(row_problem(table.line, "options", shortened(", ".join(options)), "two_compared"))


def _no_candidates(line: int, answer_kind: AnswerKind) -> RowError:
    """Return the error of a file that neither names what is compared nor has columns for it."""
    return row_problem(line, "options", "", "two_candidates" if answer_kind.is_graded else "options_or_columns")


def _check_options(
    table: FileTable, layout: Columns, options: tuple[str, ...] | None, kind: str, findings: ErrorCollector
) -> None:
    """Add errors for options that the caption gives or should give."""
    answer_kind = kind_of(kind)
    _check_compared(table, options, kind, findings)
    if not answer_kind.has_options:
        return
    if options is not None:
        for value, expected, facts in find_option_flaws(options, answer_kind.fewest_options, answer_kind.most_options):
            findings.add(RowError(table.line, "options", shortened(value), expected, facts))
        for option in options:
            if answer_kind.forbidden and answer_kind.forbidden in option:
                findings.add(
                    row_problem(table.line, "options", option, "option_without", example=answer_kind.forbidden)
                )
    elif answer_kind.takes_labels:
        findings.add(row_problem(table.line, "options", "", "labels"))
    elif not answer_kind.options_in_gold:
        findings.add(_no_candidates(table.line, answer_kind))
    elif layout.gold is None:
        findings.add(row_problem(table.line, "options", "", "options_or_gold"))


def _check_gold_options(line: int, options: tuple[str, ...], findings: ErrorCollector) -> None:
    """Add errors for the options that gold answers brought up: too many, too few or none."""
    joined_options = ", ".join(options)
    if len(options) > MAX_OPTIONS:
        findings.add(row_problem(line, "gold", joined_options, "options_at_most", limit=MAX_OPTIONS))
    elif findings.total:
        return  # answers may be missing only because their rows could not be read
    elif not options:
        findings.add(row_problem(line, "gold", "", "options_or_gold"))
    elif len(options) < MIN_OPTIONS:
        findings.add(row_problem(line, "gold", joined_options, "options_at_least", limit=MIN_OPTIONS))


def _check_ai(table: FileTable, reader: RowReader) -> None:
    """Check models' answers, once all options are known."""
    for row in table.rows():
        if not isinstance(row, RowError):
            reader.check_ai(*row)


def _no_rows_problem(table: FileTable) -> RowError:
    """Return the problem of a table without rows; if there are other sheets, the rows are probably there."""
    other_sheets = next(
        (warning.facts["sheets"] for warning in table.warnings if warning.key == "sheets_ignored"), None
    )
    return (
        row_problem(table.line, "", "", "rows_first_sheet", sheets=other_sheets)
        if other_sheets
        else row_problem(table.line, "", "", "rows")
    )


def _check_rows(
    table: FileTable,
    reader: RowReader,
    findings: ErrorCollector,
    on_progress: Callable[[int], None] | None,
    on_row: Callable[[SpooledRow], None] | None,
) -> int:
    """Check every row and return the number of rows, good or bad; more than MAX_ROWS are an error."""
    keys, count = IdFingerprints(), 0
    for row in table.rows():
        count += 1
        if on_progress and count % ROWS_PER_REPORT == 0:
            on_progress(count)
        if count > MAX_ROWS:
            line = row.line if isinstance(row, RowError) else row[0]
            findings.add(row_problem(line, "", "", "rows_at_most", limit=MAX_ROWS))
            return count
        if isinstance(row, RowError):
            findings.add(row)
        else:
            reader.check(*row)
            keys.add(reader.key(row[1]))
            if on_row is not None and not findings.total:
                on_row(reader.row(*row))
    if not count:
        findings.add(_no_rows_problem(table))
    _check_keys(table, keys, reader, findings)
    return count


def _check_keys(table: FileTable, keys: IdFingerprints, reader: RowReader, findings: ErrorCollector) -> None:
    """Add an error for each id that was used before."""
    repeated_prints, position = keys.repeated(), reader.columns.id
    if repeated_prints and position is not None:
        rows = (row for row in table.rows() if not isinstance(row, RowError))
        for repeat in iter_repeats(
            ((line, reader.key(cells)) for line, cells in rows), repeated_prints, reader.columns.titles[position]
        ):
            findings.add(repeat)
