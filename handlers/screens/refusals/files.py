"""Problems of a file or a form: place, value, expected value."""

from collections.abc import Mapping
from typing import Any

from domain.refusals import FileRefused, FormRefused
from formats.captions.conditions import EXAMPLE as CONDITION
from formats.captions.fields import PARSERS
from formats.captions.questions import EXAMPLE
from handlers.screens.layout.fitting import MESSAGE, clipped, filled, fitted, told, visible
from handlers.screens.refusals.grouped_problems import grouped
from handlers.screens.refusals.row_words import NAMED, column_of, wording
from handlers.screens.screen import Screen, lines, refuses
from locales import Html, Translator
from locales.languages import caption_word

PLAIN = (NAMED, 60)  # characters of values and choices, where a file has many problems
WIDTHS = (*PLAIN, 25, 12, 6)  # the same, in groups
SHORTEST = 20  # characters a problem takes at least
# Facts of a form's problems that are keys or values of a caption.
WORDS: Mapping[tuple[str, str], str] = {
    ("known_key", "suggestion"): "keys",
    ("form_alone", "example"): "keys",
    ("one_of", "options"): "values",
    ("question_kind", "options"): "values",
    ("question_no_options", "kind"): "values",
    ("checks", "options"): "values",
    ("checks", "example"): "values",
    ("checks_alone", "example"): "values",
    ("compare_alone", "example"): "values",
    ("compare_words", "options"): "values",
}
CANONICAL = ("form_questions", "form_alone", "checks_alone")  # problems of a value as it was understood
NAMES = ("column_name", "column_name_once", "column_name_plain")  # problems of the first row
MARGIN = 60  # characters for the blank line and “… and 9 more”


@refuses(FileRefused)
def file_refused(r: FileRefused, t: Translator) -> Screen:
    head = t.n(
        "❌ <b>{name}</b>: {count} problem. Nothing was imported.",
        "❌ <b>{name}</b>: {count} problems. Nothing was imported.",
        r.total,
        name=clipped(r.name, WIDTHS[1]),
    )
    quotes = _quotes(r, t)
    room = MESSAGE - visible(head) - (visible(quotes) if quotes else 0) - MARGIN
    return Screen(lines(head, quotes, " ", *all_problems(r, t, room)))


def _quotes(r: FileRefused, t: Translator) -> Html | None:
    """What most often parts a row elsewhere than its header; and that there may be no header."""
    if any(each["expected"] in NAMES for each in r.errors):
        return t(
            "💡 The first row names the columns. If it is a task, add this line to the caption: <code>header: no</code>"
        )
    if not any(each["expected"] == "cells" for each in r.errors):
        return None
    return t(
        "💡 A text that holds the sign between the columns, such as a comma, stands in quotation marks: <code>{text}</code>",
        text='"…, …"',
    )


def all_problems(r: FileRefused, t: Translator, room: int) -> list[Html]:
    """Every problem that is listed; where only that brings them all into one message, values and choices are cut
    shorter, and what was expected is told once for all rows it was expected of."""
    listed = r.errors[: room // SHORTEST]
    for width in PLAIN:
        problems, all_fit = filled((row_problem(error, t, width) for error in listed), room)
        if all_fit:
            return told(problems, t, r.total)
    for width in WIDTHS:
        problems, all_fit = filled(grouped(listed, t, width), room)
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
    column = column_of(error, t)
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
    """Where (a line's key as the reader writes it, or a question's number), what, and what was expected."""
    error = {**error, "facts": _spoken(error, t)}
    number, expected = error["facts"].get("question"), wording(error, t)
    value = _words(error["value"], "values", t) if error["expected"] in CANONICAL else error["value"]
    key = caption_word(t.language, "keys", error["key"]) if error["key"] else ""
    key = t.plain("Question {number}", number=number) if number else key
    if key and not value:
        return t("<b>{key}</b> is missing – expected {expected}", key=key, expected=expected)
    if not key and not value:
        return t("expected {expected}", expected=expected)
    if not key:
        return t("“{value}” – expected {expected}", value=value, expected=expected)
    return t("<b>{key}</b>: “{value}” – expected {expected}", key=key, value=value, expected=expected)


def _spoken(error: dict[str, Any], t: Translator) -> dict[str, Any]:
    """Facts that are words of a caption, in the reader's language."""
    facts: dict[str, Any] = error["facts"]
    if error["key"] not in PARSERS and error["expected"] != "known_key":
        return facts
    facts = {name: _example(fact, t) for name, fact in facts.items()}
    return {
        name: _words(fact, what, t) if (what := WORDS.get((error["expected"], name))) else fact
        for name, fact in facts.items()
    }


def _example(fact: Any, t: Translator) -> Any:
    known = {EXAMPLE: t.plain("choice | Is there a car? | yes, no"), CONDITION: t.plain("if q1 = yes")}
    return known.get(fact, fact) if isinstance(fact, str) else fact


def _words(fact: Any, what: str, t: Translator) -> Any:
    if isinstance(fact, list | tuple):
        return [caption_word(t.language, what, str(each)) for each in fact]
    said = (each.partition("=") for each in str(fact).split(", "))
    return ", ".join(f"{caption_word(t.language, what, name)}{sign}{limit}" for name, sign, limit in said)
