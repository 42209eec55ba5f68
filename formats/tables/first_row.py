"""The first row of a table: the names of its columns, or a task of a file without such a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from domain.projects.media import kind_of_column
from formats.errors import RowError, shortened
from formats.tables.candidates import ASKING
from formats.tables.columns import AI, AI_CONFIDENCE, NO_WISH, RESERVED, TOLOKA, AiWish
from formats.tables.table import FileWarning, Row, Table, may_be_index

NAMED, TASK, NUMBERS = "first_row_named", "first_row_task", "row_numbers_ignored"  # keys of warnings
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


def taken(table: Table, header: bool, template: str | None = None, ai: AiWish = NO_WISH) -> Table:
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
    return (FileWarning(NAMED, {"row": _told(table)}),)


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
