"""Readers of the values of a `/newproject` caption, one a key."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.answers import offered
from domain.money.amounts import UNIT, AmountFlaw, read_amount
from domain.money.pricing import LARGEST_PAY
from domain.projects.authoring.worked_examples import WorkedExample
from domain.projects.content import CONTENT, NONE
from formats.addresses import is_address
from formats.captions import file_checks, preferences, questions
from formats.captions.examples import read_examples, read_pictures
from formats.captions.flawed import Flawed
from formats.captions.options import flaws, separated
from formats.captions.who import read_who
from locales.languages import caption_words, time_units, words

Parsed = str | int | float | tuple[str, ...] | list[WorkedExample] | None

ACCEPTS = ("auto", "review")
MAY_DECIDE = "may decide"
YES, NO = "yes", ("no", "off", "none")  # as the words of other languages are read
VALUES = caption_words("values")
LIMITS = {"title": 200, "instructions": 3000, "template": 1000, "purpose": 500}
MOST_LINES = 50  # of instructions: numbered, and with the longest title, they fit into one message
PAY_LIMIT = LARGEST_PAY // UNIT
_SHARE = re.compile(r"([0-9]{0,3}(?:\.[0-9]{1,9})?)(?<=[0-9])\s*(%?)")
_DURATION = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*([^\W\d_]*)\.?")
UNITS = time_units()
LONGEST_NAME = 64  # characters of a column's name
LONGEST = 24 * 3600  # seconds one answer may take
_NUMBERING = re.compile(r"\s*(?:\d{1,2}\s?[.)]|[-–•*])\s+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_ALL = words("all") | {"", "*"}
_EVERYBODY = _ALL | words("everybody")


def read(key: str, raw: str, currency: str | None = None) -> Parsed:
    """Raises Flawed; `raw` is the value, with its line breaks."""
    if key == "pay":
        return positive_amount(raw, currency)
    return PARSERS[key](raw)


def plain(word: str) -> str:
    """Lower case without accents."""
    apart = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _text(key: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        value = raw.strip()
        if not value:
            raise Flawed(("", "required", {}))
        if "\0" in value:
            raise Flawed((value.replace("\0", "␀"), "no_nul", {}))
        if len(value) > LIMITS[key]:
            raise Flawed((value, "length", {"limit": LIMITS[key], "found": len(value)}))
        return value

    return parse


def _optional(parse: Callable[[str], str], empty: str | None) -> Callable[[str], str | None]:
    return lambda raw: parse(raw) if raw.strip() else empty


def _instructions(raw: str) -> tuple[str, ...]:
    """A line each; numbers or bullets that every line has are left out: lines get our own numbers."""
    lines = tuple(filter(None, map(str.strip, _text("instructions")(raw).splitlines())))
    if len(lines) > MOST_LINES:
        raise Flawed((str(len(lines)), "lines_at_most", {"limit": MOST_LINES}))
    if len(lines) > 1 and all(map(_NUMBERING.match, lines)):
        return tuple(_NUMBERING.sub("", line, count=1) for line in lines)
    return lines


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        word = plain(raw)
        word = re.sub(r"[\s-]+", "_", VALUES.get(word, word))
        if word not in words:
            raise Flawed((raw.strip(), "one_of", {"options": words}))
        return word

    return parse


def _options(raw: str) -> tuple[str, ...] | None:
    if not raw.strip():
        return None
    options = separated(raw)
    if found := tuple(flaws(options, fewest=1)):  # the kind may want more: `caption`
        raise Flawed(*found)
    return options


def positive_amount(raw: str, currency: str | None) -> int:
    """An amount → millionths."""
    try:
        amount = read_amount(raw, currency)
    except AmountFlaw as flaw:
        facts = {"limit": PAY_LIMIT} if flaw.why == "amount_at_most" else flaw.facts
        raise Flawed((raw.strip(), flaw.why, facts)) from None
    if amount > LARGEST_PAY:
        raise Flawed((raw.strip(), "amount_at_most", {"limit": PAY_LIMIT}))
    if not amount:
        raise Flawed((raw.strip(), "amount_positive", {}))
    return amount


def _integer(minimum: int, maximum: int, unit: str = "") -> Callable[[str], int]:
    """`unit` is a pattern of the words that may follow it."""

    def parse(raw: str) -> int:
        value = re.sub(rf"\s*(?:{unit})\.?$", "", raw.strip(), flags=re.IGNORECASE) if unit else raw.strip()
        if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
            raise Flawed((raw.strip(), "integer", {"minimum": minimum, "maximum": maximum}))
        return int(value)

    return parse


def _duration(unit: int) -> Callable[[str], int]:
    """A time → whole seconds, rounded up; a number without a unit is in this one (seconds)."""

    def parse(raw: str) -> int:
        match = _DURATION.fullmatch(plain(raw))
        spoken = (UNITS.get(match[2], 0) if match[2] else unit) if match else 0
        seconds = math.ceil(Decimal(match[1].replace(",", ".")) * spoken) if match else 0
        if not 1 <= seconds <= LONGEST:
            raise Flawed((raw.strip(), "duration", {"minimum": 1, "maximum": LONGEST}))
        return seconds

    return parse


def _confidence(raw: str) -> float | None:
    """A share, or a percentage; without one the overlap alone counts."""
    value = raw.strip()
    if not value or VALUES.get(plain(value), plain(value)) in NO:
        return None
    match = _SHARE.fullmatch(value.replace(",", "."))
    share = Decimal(match[1]) / (100 if match[2] else 1) if match else Decimal(0)
    if not Decimal("0.5") <= share <= Decimal("0.999"):
        raise Flawed((value, "decimal", {"minimum": "0.5", "maximum": "0.999"}))
    return float(share)


def _languages(raw: str) -> tuple[str, ...]:
    if raw.strip().casefold() in _ALL:
        return ()
    codes = tuple(code for code in re.split(r"[\s,;|]+", raw.strip().casefold().replace("_", "-")) if code)
    if not codes or not all(map(_LANGUAGE.fullmatch, codes)):
        raise Flawed((raw.strip(), "language_codes", {}))
    return tuple(dict.fromkeys(codes))


def _ai(raw: str) -> tuple[str, ...]:
    """Names of columns; and MAY_DECIDE, in any language."""
    named = [name.strip() for name in re.split(r"[,;|]", raw) if name.strip()]
    folded = [re.sub(r"[\s_-]+", " ", plain(name)) for name in named]
    if not named or any(len(name) > LONGEST_NAME for name in named):
        raise Flawed((raw.strip(), "ai_columns", {}))
    told = (
        MAY_DECIDE if VALUES.get(word, word) == MAY_DECIDE else name for word, name in zip(folded, named, strict=True)
    )
    return tuple(dict.fromkeys(told))


def _content(raw: str) -> tuple[str, ...]:
    """Kinds of content, in any language; NONE is none."""
    named = [re.sub(r"[\s_-]+", " ", plain(name)) for name in re.split(r"[,;|]", raw) if name.strip()]
    kinds_named = tuple(dict.fromkeys(VALUES.get(name, name).replace(" ", "_") for name in named))
    if kinds_named in ((), (NONE,)):
        return ()
    if not set(kinds_named) <= set(CONTENT):
        raise Flawed((raw.strip(), "one_of", {"options": (*CONTENT, NONE)}))
    return kinds_named


def _address(raw: str) -> str:
    if not is_address(raw.strip()):
        raise Flawed((raw.strip(), "address", {}))
    return raw.strip()


def _who(raw: str) -> tuple[str, ...]:
    if plain(raw) in _EVERYBODY:
        return ()
    found, wrong = read_who(raw, VALUES, plain)
    if wrong:
        raise Flawed(*wrong)
    return found


def _header(raw: str) -> bool:
    """Whether the first row of the file names its columns."""
    word = VALUES.get(plain(raw), plain(raw))
    if word not in (YES, *NO):
        raise Flawed((raw.strip(), "header", {}))
    return word == YES


def _checks(raw: str) -> tuple[str, ...]:
    return file_checks.read_checks(raw, VALUES, plain)


PARSERS: Mapping[str, Callable[[str], Parsed]] = {
    # It stands within lines of ours.
    "title": lambda raw: _text("title")(" ".join(filter(None, map(str.strip, raw.splitlines())))),
    "instructions": _instructions,
    "kind": _one_of(offered()),
    "options": _options,
    "question": questions.read_lines,
    "form": questions.read_json,
    "compare": preferences.read_wishes,
    "criteria": preferences.read_criteria,
    "reason": preferences.read_reason,
    "pay": lambda raw: positive_amount(raw, None),
    "overlap": _integer(1, 1000),
    "max_overlap": _integer(1, 1000),
    "confidence": _confidence,
    "accept": _one_of(ACCEPTS),
    "template": _optional(_text("template"), None),
    "languages": _languages,
    "minutes": _integer(1, 10080, "min|minutes?"),
    "seconds": _duration(1),
    "minutes_per_task": _duration(60),
    "purpose": _optional(_text("purpose"), ""),
    "content": _content,
    "ai": _ai,
    "file": _address,
    "header": _header,
    "who": _who,
    "media": _address,
    "checks": _checks,
    "picture": read_pictures,
    "example": read_examples,
}
