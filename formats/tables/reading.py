"""The door for files of tasks: bytes → tasks, or every problem of the file.

Rows are handed on as they are checked (`taken`), or the file is read again for each pass over `TaskFile.rows`:
a million rows never lie in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain, islice
from pathlib import PurePath
from typing import BinaryIO

import orjson

from domain.answers import default_kind, kind_of
from domain.projects.form_questions import questions_in
from domain.projects.tasks import kind_of_column
from formats import delimited
from formats.bank.mt940 import is_mt940
from formats.captions.conditions import (
    MAX_OPTIONS,
    MIN_OPTIONS,
    Options,
    find_option_flaws,
)
from formats.errors import (
    ErrorCollector,
    FileErrors,
    FormatProblem,
    RowError,
    row_problem,
    shortened,
    unreadable_file,
)
from formats.media.archive import Archive, Brought
from formats.spreadsheets import workbook
from formats.tables import columns as columns_format
from formats.tables.columns import (
    AI,
    AI_CONFIDENCE,
    ASKING,
    NO_WISH,
    RESERVED,
    TOLOKA,
    AiWish,
    Columns,
    columns,
)
from formats.tables.encoding import Source
from formats.tables.table import (
    MAX_ROWS,
    FileWarning,
    Row,
    Table,
    may_be_index,
)
from formats.tables.tasks import (
    Keys,
    RowReader,
    SpooledRow,
    StreamedRows,
    TaskRow,
    repeats,
)

NAMED_HEADERS, TASK, NUMBERS = "first_row_named", "first_row_task", "row_numbers_ignored"  # keys of warnings
FIRST_NUMBERS = ("0", "1")  # how an index begins: pandas', and R's
# What people call a column of tasks, in English and in French.
KNOWN = (
    "answer body caption claim comment content data description document email entry headline item link message name"
    " number original output paragraph passage phrase place post query reference response result review sentence"
    " summary sms string term tweet transcript translation url utterance value word words"
    " adresse article avis commentaire consigne contenu donnee données énoncé extrait lieu lien message mot mots nom"
    " numéro objet phrase phrases réponse requête résultat résumé texte textes titre traduction valeur"
)
_SINGULAR = frozenset(word.removesuffix("s") for word in (*KNOWN.split(), *ASKING, "text"))
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[\w-]+")
_NAME = re.compile(r"[^\W\d][\w-]*(?: [\w-]+){0,2}")  # as people write names of columns: a word or three
NAMES_OF_WORDS = {"text", "texte", "word", "words", "mot", "mots", "term", "terms", "name", "names", "nom", "noms"}
LOOKED_AT = 5  # rows below a word that may be one of them
SHOWN = 5  # cells that are named


def is_taken_for_header(table: Table, header: bool, template: str | None = None, ai: AiWish = NO_WISH) -> Table:
    """The table as it was asked for, with a warning where its first row may be what it was not taken for; without an
    index that has no name."""
    if not header:
        return as_task(table)
    table = _without_index(table)
    return replace(table, warnings=(*doubts(table, template, ai), *table.warnings))


def _without_index(table: Table) -> Table:
    """The numbers must follow each other in every row: of a part of a table they may mean something."""
    if not may_be_index(table) or not _follow(table):
        return table

    def rows() -> Iterator[Row | RowError]:
        return (row if isinstance(row, RowError) else (row[0], row[1][1:]) for row in table.rows())

    return replace(table, header=table.header[1:], rows=rows, warnings=(*table.warnings, FileWarning(NUMBERS)))


def _follow(table: Table) -> bool:
    """A bad row ends it: such a file is refused anyway."""
    expected: tuple[str, ...] = FIRST_NUMBERS
    for row in table.rows():
        cell = "" if isinstance(row, RowError) else row[1][0].strip()
        if cell not in expected:
            return False
        expected = (str(int(cell) + 1),)
    return True


def as_task(table: Table) -> Table:
    """The first row is a task as well; its columns get names of ours. Names that the format gives stay."""
    if table.named_apart:
        return table
    width = len(table.header)
    names = ("text",) if width == 1 else tuple(f"column_{at}" for at in range(1, width + 1))

    def rows() -> Iterator[Row | RowError]:
        return chain([(table.line, list(table.header))], table.rows())

    told = FileWarning(TASK, {"row": _told(table), "columns": names})
    return replace(table, header=names, rows=rows, warnings=(*table.warnings, told))


def doubts(table: Table, template: str | None, ai: AiWish = NO_WISH) -> tuple[FileWarning, ...]:
    """Whether the first row, taken as names, may be a task: one cell that names nothing known, or is a word above words
    of its kind; or several of which none does and some look like data. A template with such a name in braces says that
    it is one."""
    if table.named_apart or "{" in (template or ""):
        return ()
    if any(_is_known(name, ai) for name in table.header) and not _is_among_words(table):
        return ()
    if len(table.header) > 1 and all(_NAME.fullmatch(name.strip()) for name in table.header):
        return ()
    return (FileWarning(NAMED_HEADERS, {"row": _told(table)}),)


def _is_known(name: str, ai: AiWish) -> bool:
    folded = name.strip().casefold()
    if folded in RESERVED or folded in ai.folded or folded in TOLOKA or kind_of_column(folded):
        return True
    if folded.partition(":")[0].strip() in (AI, AI_CONFIDENCE, "gold", "golden", "input"):
        return True
    words = [word.removesuffix("s") in _SINGULAR for word in _WORD.findall(folded)]
    return any(words) and (all(words) or _PLAIN.fullmatch(folded) is not None)


def _is_among_words(table: Table) -> bool:
    """“message” above “lettre” and “colis” may be one of them, above sentences it is their name."""
    first = table.header[0].strip()
    word = first.casefold()
    if len(table.header) > 1 or word in NAMES_OF_WORDS or word.removesuffix("s") not in _SINGULAR - set(ASKING):
        return False
    below = [row[1][0].strip() for row in islice(table.rows(), LOOKED_AT) if not isinstance(row, RowError)]
    return bool(below) and all(_WORD.fullmatch(each) and _case(each) == _case(first) for each in below)


def _case(word: str) -> tuple[bool, bool]:
    return word[:1].isupper(), word[1:].isupper()


def _told(table: Table) -> tuple[str, ...]:
    return tuple(shortened(cell.strip()) for cell in table.header[:SHOWN])


FOREIGN = (
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
BINARY = ((b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet"))
# A page or a document that many a program names .xls.
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|table|head|meta)\b", re.IGNORECASE)
# Module and function: only the reader that a file needs is loaded, because each file is read in a new process.
READS: Mapping[str, tuple[str, str]] = {
    "xlsx": ("formats.xlsx", "read"),
    "xls": ("formats.spreadsheets.workbook", "read"),
    "ods": ("formats.spreadsheets.ods", "read"),
    "parquet": ("formats.parquet", "read"),
    "jsonl": ("formats.delimited", "read_jsonl"),
    "json": ("formats.delimited", "read_document"),
}
JSON = frozenset({"json", "jsonl"})
_ARRAY = re.compile(rb"\[\s*\{")
TABLES = ("xlsx", "xls", "ods", "parquet")
NAMED = {
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


def read_table(source: Source, filename: str) -> Table:
    """Raises FileErrors for a file that no reader knows."""
    head = source.head(1 << 16)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise unreadable_file(1, "", "", "file_not_empty")
    for magic, name in FOREIGN:
        if head.startswith(magic):
            raise unreadable_file(1, "", "", "file_kind", found=name)
    if is_mt940(head):
        raise unreadable_file(1, "", "", "file_kind", found="MT940")
    named = NAMED.get(PurePath(filename).suffix.lstrip(".").casefold(), "csv")
    found = _format(head, named)
    if found == "zip" and (found := workbook.format_of(source, filename)) not in READS:
        raise unreadable_file(1, "", "", "file_kind", found=found)
    return _warned(_read(source, found, named), named, found)


def _read(source: Source, found: str, named: str) -> Table:
    if found not in READS:
        return delimited.read_delimited(source, named)
    module, name = READS[found]
    read: Callable[[Source], Table] = getattr(import_module(module), name)
    return read(source)


def _format(head: bytes, named: str) -> str:
    for magic, name in BINARY:
        if head.startswith(magic):
            return name
    if MARKUP.match(head):
        raise unreadable_file(1, "", "", "file_kind", found="html/xml")
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    first = start.split(b"\n", 1)[0].strip()
    if _ARRAY.match(start):
        return "json"
    if _is_json(first) and (first[:1] == b"{" or named in JSON):
        return "json" if named == "json" and first[:1] == b"[" else "jsonl"
    if named in JSON and start[:1] in (b"{", b"["):
        return named
    return "csv" if named in (*JSON, *TABLES) else named


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _warned(read: Table, named: str, found: str) -> Table:
    if found == named or {found, named} <= JSON:
        return read
    warning = FileWarning("other_format", {"named": named, "found": found})
    return replace(read, warnings=(*read.warnings, warning))


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
    table = is_taken_for_header(read_table(source, filename), header, template, ai)
    layout = columns(table, ai, [each.name for each in questions_in(kind, options)])
    findings = ErrorCollector()
    options, assumed = columns_format.choose_options(table, layout, kind, options, template)
    message = columns_format.chosen(assumed, layout.names, table.line, findings)
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
    rows = TaskRows(table, RowReader(layout, message, choice, kind, ErrorCollector(), archive), count)
    unshown = [] if template and template.strip() else columns_format.unshown(message, layout.names)
    unshown += columns_format.unpictured(message, _first_content(table, layout), kind_of(kind).compared(choice.all))
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


def _check_named(table: Table, options: tuple[str, ...] | None, kind: str, findings: ErrorCollector) -> None:
    """What is compared is called somehow."""
    known = kind_of(kind)
    if options is None:
        return
    if known.lacks_names(options):
        findings.add(row_problem(table.line, "options", "", "options_or_columns"))
    elif known.is_graded and not known.compared(options):
        findings.add(row_problem(table.line, "options", shortened(", ".join(options)), "two_compared"))


def _check_given(
    table: Table, layout: Columns, options: tuple[str, ...] | None, kind: str, findings: ErrorCollector
) -> None:
    known = kind_of(kind)
    _check_named(table, options, kind, findings)
    if not known.has_options:
        return
    if options is not None:
        for value, expected, facts in find_option_flaws(options, known.fewest_options, known.most_options):
            findings.add(RowError(table.line, "options", shortened(value), expected, facts))
        for option in options:
            if known.forbidden and known.forbidden in option:
                findings.add(row_problem(table.line, "options", option, "option_without", example=known.forbidden))
    elif known.takes_labels:
        findings.add(row_problem(table.line, "options", "", "labels"))
    elif not known.options_in_gold:
        findings.add(row_problem(table.line, "options", "", "options_or_columns"))
    elif layout.gold is None:
        findings.add(row_problem(table.line, "options", "", "options_or_gold"))


def _check_found(line: int, options: tuple[str, ...], findings: ErrorCollector) -> None:
    shown = ", ".join(options)
    if len(options) > MAX_OPTIONS:
        findings.add(row_problem(line, "gold", shown, "options_at_most", limit=MAX_OPTIONS))
    elif findings.total:
        return  # answers may be missing only because their rows could not be read
    elif not options:
        findings.add(row_problem(line, "gold", "", "options_or_gold"))
    elif len(options) < MIN_OPTIONS:
        findings.add(row_problem(line, "gold", shown, "options_at_least", limit=MIN_OPTIONS))


def _check_ai(table: Table, reader: RowReader) -> None:
    """Models' answers, once all options are known."""
    for row in table.rows():
        if not isinstance(row, RowError):
            reader.check_ai(*row)


def _no_rows(table: Table) -> RowError:
    """Where there are other sheets, the rows are probably there."""
    others = next((each.facts["sheets"] for each in table.warnings if each.key == "sheets_ignored"), None)
    return (
        row_problem(table.line, "", "", "rows_first_sheet", sheets=others)
        if others
        else row_problem(table.line, "", "", "rows")
    )


def _check_rows(
    table: Table,
    reader: RowReader,
    findings: ErrorCollector,
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
            findings.add(row_problem(line, "", "", "rows_at_most", limit=MAX_ROWS))
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


def _check_keys(table: Table, keys: Keys, reader: RowReader, findings: ErrorCollector) -> None:
    repeated, at = keys.repeated(), reader.columns.id
    if repeated and at is not None:
        rows = (row for row in table.rows() if not isinstance(row, RowError))
        for repeat in repeats(((line, reader.key(cells)) for line, cells in rows), repeated, reader.columns.titles[at]):
            findings.add(repeat)
