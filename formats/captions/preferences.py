"""`compare`, `criteria` and `reason` of a caption: which of two is better, by how much, in what, and why.

`compare: ties, margins, fixed order`: neither may be better; one may be slightly or much better; everybody sees them
in the file's order. Each line of `criteria` is a question of its own, and `reason` one in words: they make a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.answers import Wants, kind_of, kinds, measure_of
from domain.normalization import folded
from domain.projects.form_questions import LONGEST_NAME, LONGEST_TEXT, FormQuestion, packed
from formats.captions.flawed import Flawed
from formats.errors import FormError, shortened
from locales.languages import caption_words, words

KEYS = ("compare", "criteria", "reason")
TIES, MARGINS, FIXED = WISHES = ("ties", "margins", "fixed order")
MOST_CRITERIA = 10
VALUES = caption_words("values")
PLAIN = next(name for name in kinds() if kind_of(name).meets_again)
GRADED = next(name for name in kinds() if kind_of(name).is_graded)
WORDS = next(name for name in kinds() if kind_of(name).wants is Wants.TEXT and not measure_of(name))
SIGNS = {TIES: ("=",), MARGINS: (">>", "<<")}
BETTER = (">", "<")

Values = dict[str, Any]


def read_wishes(raw: str) -> tuple[str, ...]:
    """Raises Flawed."""
    named = [re.sub(r"[\s_-]+", " ", folded(each)) for each in re.split(r"[,;|]", raw) if each.strip()]
    found = tuple(dict.fromkeys(VALUES.get(each, each) for each in named))
    if not found or not set(found) <= set(WISHES):
        raise Flawed((raw.strip(), "compare_words", {"options": WISHES}))
    return found


def read_criteria(raw: str) -> tuple[str, ...]:
    """Questions, separated by `|`, or else by commas. Raises Flawed."""
    found = tuple(each.strip() for each in raw.split("|" if "|" in raw else ",") if each.strip())
    names = {_name(each) for each in found if len(each) <= LONGEST_TEXT and "\0" not in each} - {""}
    if not 1 <= len(found) <= MOST_CRITERIA or len(names) < len(found):
        raise Flawed((raw.strip(), "criteria", {"limit": MOST_CRITERIA, "found": LONGEST_TEXT}))
    return found


def read_reason(raw: str) -> tuple[str, ...]:
    """The question, and behind `|` whether it is optional. Raises Flawed."""
    text, _, more = (part.strip() for part in raw.partition("|"))
    optional = bool(more) and folded(more) in words("optional")
    if not text or len(text) > LONGEST_TEXT or "\0" in text or (more and not optional):
        raise Flawed((raw.strip(), "reason_text", {"limit": LONGEST_TEXT}))
    return (text, more) if optional else (text,)


def disagreements(values: Mapping[str, Any]) -> Iterator[FormError]:
    """These keys belong to a project that compares."""
    asked = [key for key in KEYS if key in values]
    alone, kind = "question" in values or "form" in values, values.get("kind", PLAIN)
    only_order = asked == ["compare"] and values["compare"] == (FIXED,) and kind_of(kind).options_are_columns
    if asked and (alone or (kind not in (PLAIN, GRADED) and not only_order)):
        said = shortened(", ".join(map(str, values[asked[0]])))
        yield FormError(asked[0], said, "compare_alone", {"example": PLAIN})


def arranged(values: Values, form: str) -> Values:
    """The kind, its options, and whether they are shuffled; a `form` of several questions where several are asked."""
    asked = {key: values.pop(key) for key in KEYS if key in values}
    if not asked:
        return values
    wishes = asked.get("compare", ())
    if values.get("kind", PLAIN) not in (PLAIN, GRADED):
        return values | {"shuffled": FIXED not in wishes}
    graded = {TIES, MARGINS} & set(wishes) or values.get("kind") == GRADED
    kind, options = GRADED if graded else PLAIN, values.get("options")
    options = _options(wishes, options) if graded else options
    values |= {"kind": kind, "options": options, "shuffled": FIXED not in wishes}
    if "criteria" in asked or "reason" in asked:
        texts = asked.get("criteria", (values["title"],))
        names = [_name(each) for each in texts] if "criteria" in asked else ["better"]
        questions = [
            FormQuestion(name, kind, text, tuple(options or ())) for name, text in zip(names, texts, strict=True)
        ]
        values |= {"kind": form, "options": packed([*questions, *_why(asked.get("reason", ()), names)])}
    return values


def _options(wishes: tuple[str, ...], named: tuple[str, ...] | None) -> tuple[str, ...]:
    """The grades, of the two that are named; signs alone where the file says what is compared."""
    whole = kind_of(GRADED).arranged((*BETTER, *(sign for wish in (wishes or SIGNS) for sign in SIGNS.get(wish, ()))))
    return kind_of(GRADED).named(whole, named) if named and len(named) == 2 else (named or whole)


def _why(reason: tuple[str, ...], names: list[str]) -> Iterator[FormQuestion]:
    if reason:
        name = next(each for each in ("reason", "why", "because") if each not in names)
        yield FormQuestion(name, WORDS, reason[0], required=len(reason) == 1)


def _name(text: str) -> str:
    """A question's name in columns."""
    return re.sub(r"\W+", "_", text.casefold()).strip("_")[:LONGEST_NAME]
