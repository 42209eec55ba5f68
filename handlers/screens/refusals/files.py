"""Problems of a file or a form: place, value, expected value."""

from typing import Any

from domain.refusals import FileRefused, FormRefused
from formats.english import EXPECTED
from handlers.screens.layout.fitting import MESSAGE, clipped, filled, fitted, told, visible
from handlers.screens.screen import Screen, lines, refuses
from locales import Html, Translator

NAMED = 300  # characters of a typed text, or of a list of accepted values
WIDTHS = (NAMED, 60, 25, 12, 6)  # the same, where a file has many problems
SHORTEST = 20  # characters a problem takes at least
MARGIN = 60  # characters for the blank line and “… and 9 more”


@refuses(FileRefused)
def file_refused(r: FileRefused, t: Translator) -> Screen:
    head = t.n(
        "❌ <b>{name}</b>: {count} problem. Nothing was imported.",
        "❌ <b>{name}</b>: {count} problems. Nothing was imported.",
        r.total,
        name=clipped(r.name, WIDTHS[1]),
    )
    return Screen(lines(head, " ", *all_problems(r, t, MESSAGE - visible(head) - MARGIN)))


def all_problems(r: FileRefused, t: Translator, room: int) -> list[Html]:
    """Every problem that is listed: values and choices are cut shorter where that brings them all into one message."""
    listed = r.errors[: room // SHORTEST]
    for width in WIDTHS:
        problems, all_fit = filled((row_problem(error, t, width) for error in listed), room)
        if all_fit:
            break
    return told(problems, t, r.total)


@refuses(FormRefused)
def form_refused(r: FormRefused, t: Translator) -> Screen:
    head = t("❌ <b>This form can't be read yet.</b> Nothing was kept.")
    problems = fitted((form_problem(error, t) for error in r.errors), t, len(r.errors))
    return Screen(lines(head, " ", *problems))


def row_problem(error: dict[str, Any], t: Translator, width: int) -> Html:
    """Line, column, value, expected value."""
    value, expected = clipped(error["value"], width), wording(error, t, width)
    named = error["column"] or ""  # a column without a usable name is known by its place
    column = t.plain("column {number}", number=named) if named.isdecimal() else named
    if not column and not value:
        return t("<b>line {line}</b>: expected {expected}", line=error["line"], expected=expected)
    if not column:
        return t(
            "<b>line {line}</b>: {value} – expected {expected}", line=error["line"], value=value, expected=expected
        )
    if not value:
        return t(
            "<b>line {line}, {column}</b> is empty – expected {expected}",
            line=error["line"],
            column=column,
            expected=expected,
        )
    return t(
        "<b>line {line}, {column}</b>: “{value}” – expected {expected}",
        line=error["line"],
        column=column,
        value=value,
        expected=expected,
    )


def form_problem(error: dict[str, Any], t: Translator) -> Html:
    if error["key"] and not error["value"]:
        return t("<b>{key}</b> is missing – expected {expected}", key=error["key"], expected=wording(error, t))
    if not error["key"] and not error["value"]:
        return t("expected {expected}", expected=wording(error, t))
    if not error["key"]:
        return t("“{value}” – expected {expected}", value=error["value"], expected=wording(error, t))
    return t(
        "<b>{key}</b>: “{value}” – expected {expected}",
        key=error["key"],
        value=error["value"],
        expected=wording(error, t),
    )


def wording(error: dict[str, Any], t: Translator, width: int = NAMED) -> str:
    facts = {k: clipped(", ".join(v), width) if isinstance(v, list) else v for k, v in error["facts"].items()}
    text = EXPECTED[error["expected"]]
    return t.plain(text, **facts)
