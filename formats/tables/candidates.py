"""Options and template that a caption leaves out. Candidates to compare or rank: the columns shown, as A, B, … or by
name; of what is drawn on, its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from domain.answers import kind_of
from domain.handing_in import ShapesType, Surface
from domain.normalization import same
from domain.projects.form_questions import asked_in
from domain.projects.media import AUDIO, PHOTO, VOICE, kind_of_column
from formats.errors import RowError
from formats.tables.columns import Columns
from formats.tables.table import Table
from formats.tables.template import ASKED, TEXT, USUAL, placeholders, words_of

# What is asked, or what it is asked about.
ASKING = ASKED | {*USUAL, "context", "title", "source", "input"}
_LAST = re.compile(r"(?:^|[\W_])[a-z]$|[\W_]*\d+$")

PAIR = 2
TIE = "tie"  # gold that names neither
_MEDIA = {Surface.PICTURE: (PHOTO,), Surface.SOUND: (AUDIO, VOICE)}

Chosen = tuple[tuple[str, ...] | None, str | None]
"""Options and template; None where nothing can be assumed."""


def chosen(table: Table, layout: Columns, kind: str, options: tuple[str, ...] | None, template: str | None) -> Chosen:
    """Options and template of a project whose caption may leave them out."""
    options = options or kind_of(kind).usual_options or options
    drawn, said = kind_of(kind).answer_type(options or ()), template is not None and bool(template.strip())
    if isinstance(drawn, ShapesType) and not said:
        return options, _drawn_on(layout.names, drawn.on)
    known = kind_of(kind)
    options = known.arranged(options) if options else options
    if not (known.options_are_columns or known.compared(options or ()) or known.lacks_names(options)):
        return options, template
    if known.lacks_names(options):
        labels, found = _from_columns(table, layout, template, _many(kind, options))
        return known.named(options, labels) if labels else options, found
    if template is None or not template.strip():
        return options, _with_options(layout.names, known.compared(options or ()))
    return options, template


def _many(kind: str, options: tuple[str, ...] | None) -> int | None:
    """How many columns are compared; None where any number is."""
    graded = any(each.answered_by.is_graded for each in asked_in(kind, options))
    return PAIR if graded or kind_of(kind).is_graded else None


def _drawn_on(names: Sequence[str], on: Surface) -> str | None:
    """The column with the picture or the sound, and the text beside it; of passages the text alone."""
    text = [name for name in words_of(names) if on in _MEDIA or name.casefold() == TEXT][:1]
    media = [name for name in names if kind_of_column(name) in _MEDIA.get(on, ())][:1]
    shown = [*media, *text] if media or on not in _MEDIA else []
    return "\n".join(f"{{{name}}}" for name in shown) or None


def _with_options(names: Sequence[str], options: tuple[str, ...]) -> str | None:
    """Options that name columns show them; as many options as columns belong together in order."""
    by_name = {same(name): name for name in names}
    named = [by_name.get(same(option)) for option in options]
    if all(named):
        return _template(names, [name for name in named if name], options)
    shown = next((found for found in (list(names), _candidates(names)) if len(found) == len(options)), None)
    return _template(names, shown, options) if shown else None


def _from_columns(table: Table, layout: Columns, template: str | None, many: int | None) -> Chosen:
    """The columns that are compared, `many` of them (None: two or more), by their labels in the template, by their
    names or as A, B, …"""
    written = template is not None and bool(template.strip())
    by_name = {same(name): name for name in layout.names}
    shown = [by_name[same(name)] for name in placeholders(template or "") if same(name) in by_name]
    if not written:
        shown = _candidates(layout.names)
    elif many and len(shown) > many:
        shown = _candidates(shown)
    elif not many:
        shown = _apart_from_the_question(shown, _gold(table, layout))
    if not 2 <= len(shown) <= (many or len(ascii_uppercase)):
        return None, template
    names, letters, gold = tuple(shown), tuple(ascii_uppercase[: len(shown)]), _gold(table, layout)
    behind = {name: label for label, name in re.findall(r"(?m)^(.+?): \{([^{}]+)\}$", template or "")}
    said = tuple(behind[name] for name in shown if name in behind)
    known = (said, names) if len(set(said)) == len(names) else (names,)
    for labels in (*known, letters) if written else (letters, names):
        if gold <= set(map(same, labels)):
            return labels, template if written else _template(layout.names, shown, labels)
    return None, template


def _apart_from_the_question(shown: list[str], gold: set[str]) -> list[str]:
    """The columns of a written template that are ranked: those called by one letter, else those that ask nothing; all
    of them where that leaves fewer than two, or gold names another."""
    letters = [name for name in shown if len(name) == 1]
    apart = [name for name in shown if name.casefold() not in ASKING]
    for ranked in (letters, apart):
        if len(ranked) >= PAIR and not gold & {same(name) for name in shown if name not in ranked}:
            return ranked
    return shown


def _candidates(names: Sequence[str]) -> list[str]:
    """Columns that belong together by their names, as answer_a and answer_b; else those that ask nothing."""
    alike: dict[str, list[str]] = {}
    for name in names:
        if last := _LAST.search(name.casefold()):
            alike.setdefault(name.casefold()[: last.start()], []).append(name)
    together = max(alike.values(), key=len, default=[])
    apart = [name for name in names if name.casefold() not in ASKING]
    return next((found for found in (together, apart) if len(found) > 1), list(names))


def _template(names: Sequence[str], shown: Sequence[str], labels: Sequence[str]) -> str:
    """The row's other columns first, then each candidate behind its label."""
    others = [f"{{{name}}}" for name in names if name not in shown]
    return "\n\n".join([*others, *(f"{label}: {{{name}}}" for label, name in zip(labels, shown, strict=True))])


def _gold(table: Table, layout: Columns) -> set[str]:
    """Every candidate that a gold answer names."""
    at = layout.gold
    if at is None:
        return set()
    rows = (row[1] for row in table.rows() if not isinstance(row, RowError))
    words = (word for cells in rows for word in re.split(r"[|>=]", cells[at]))
    return {same(word) for word in words if word.strip()} - {same(TIE)}
