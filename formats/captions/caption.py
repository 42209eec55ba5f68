"""Parser of `/newproject` captions: lines of `key: value` become a ProjectForm, or FormErrors with every problem."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, cast

from domain.answers import default_kind, find_measured_kind, kind_of, list_kinds, list_offered_kinds
from domain.handing_in import Wants
from domain.money.amounts import UNIT, AmountFlaw, read_amount
from domain.money.pricing import MAX_PAY
from domain.normalization import fold_case_and_accents
from domain.projects import form_questions
from domain.projects.form_questions import LONGEST_TEXT, FormQuestion, pack_questions
from domain.projects.projects import (
    CONTENT,
    LONGEST_ANSWER,
    LONGEST_ITEM,
    LONGEST_WHY,
    MOST_EXAMPLES,
    MOST_PICTURES,
    NONE,
    WorkedExample,
    impossible_examples,
)
from domain.projects.tasks import is_file_id
from domain.work.file_checks import ALL_OFF, FLAWS_BY_NAME, LEFT_OUT_PREFIX, LIMIT_BOUNDS
from formats.captions import questions
from formats.captions.conditions import FlawedValue, find_option_flaws, read_who, split_options
from formats.errors import FormatProblem, FormError, FormErrors, shortened
from formats.tables.table import FileWarning
from formats.values import is_address
from locales.languages import caption_words, time_units, words_for

EXAMPLE_LIMITS = {"item": LONGEST_ITEM, "answer": LONGEST_ANSWER, "why": LONGEST_WHY}
MAX_ADDRESS_CHARS = 1_000


def read_pictures(raw: str) -> tuple[str, ...]:
    """Return the pictures, without repetitions: https addresses, or ids of files that were sent to the bot.
    Raise FlawedValue if a word is neither, or if there are too many."""
    pictures = tuple(dict.fromkeys(raw.split()))
    for picture in pictures:
        if not is_picture(picture):
            raise FlawedValue((picture, "picture_beside", {}))
    if len(pictures) > MOST_PICTURES:
        raise FlawedValue((str(len(pictures)), "pictures_at_most", {"limit": MOST_PICTURES}))
    return pictures


def is_picture(word: str) -> bool:
    """Return whether the word is a file id or an https address of at most MAX_ADDRESS_CHARS."""
    return is_file_id(word) or (len(word) <= MAX_ADDRESS_CHARS and is_address(word) and word.startswith("https:"))


def read_examples(raw: str) -> list[WorkedExample]:
    """Return the worked examples: a line each, `item | right answer | why`; a single example may have a line for each
    part. Raise FlawedValue if a part is missing or too long, or if there are too many examples."""
    lines = tuple(filter(None, map(str.strip, raw.splitlines())))
    rows = [line.split("|") for line in lines] if "|" in raw else [list(lines)]
    if len(rows) > MOST_EXAMPLES:
        raise FlawedValue((str(len(rows)), "examples_at_most", {"limit": MOST_EXAMPLES}))
    return [_to_example([part.strip() for part in row]) for row in rows]


def _to_example(parts: list[str]) -> WorkedExample:
    if not 2 <= len(parts) <= 3 or not all(parts[:2]) or "\0" in "".join(parts):
        raise FlawedValue((" | ".join(parts).replace("\0", "␀"), "example", {}))
    for (name, limit), part in zip(EXAMPLE_LIMITS.items(), parts, strict=False):
        if len(part) > limit and not (name == "item" and is_picture(part)):
            raise FlawedValue((part, "example_length", {"limit": limit, "found": len(part)}))
    item, answer, why = (*parts, "")[:3]
    return WorkedExample("", answer, why, item) if is_picture(item) else WorkedExample(item, answer, why)


ALL_CHECKS = "all"


def read_checks(raw: str, values: Mapping[str, str], plain: Callable[[str], str]) -> tuple[str, ...]:
    """Return the checks of files as they are stored: `off`, or exceptions (`no blurred`) and limits (`short=3`), read
    from any language. Return () if all usual checks are wanted. `values` maps the words of other languages to ours.
    Raise FlawedValue for unknown words and for `off` or `all` beside others."""
    check_words = [
        re.sub(r"[\s_-]+(?![0-9])", " ", plain(word)).strip() for word in re.split(r"[,;|]", raw) if word.strip()
    ]
    checks = tuple(dict.fromkeys(_normalize_check(word, values) for word in check_words))
    if not checks or "" in checks or (len(checks) > 1 and {ALL_OFF, ALL_CHECKS} & set(checks)):
        raise _checks_flaw(raw)
    return () if checks == (ALL_CHECKS,) else checks


def _normalize_check(word: str, values: Mapping[str, str]) -> str:
    """Return one check in the form in which it is stored; return "" if the word is no check or its limit is out of
    bounds."""
    whole = values.get(word, word)
    if whole in (ALL_OFF, ALL_CHECKS):
        return whole
    name, sign, limit = (part.strip() for part in whole.partition("="))
    if sign:
        name = values.get(name, name)
        return f"{name}={limit.replace(',', '.')}" if _is_limit_in_bounds(name, limit) else ""
    negation, _, rest = name.partition(" ")
    rest = values.get(rest, rest)
    return (
        f"{LEFT_OUT_PREFIX}{rest}" if values.get(negation, negation) in ("no", "none") and rest in FLAWS_BY_NAME else ""
    )


def _is_limit_in_bounds(name: str, limit: str) -> bool:
    """Return whether `limit` is a number that the check `name` accepts."""
    low, high = LIMIT_BOUNDS.get(FLAWS_BY_NAME[name], (1.0, 0.0)) if name in FLAWS_BY_NAME else (1.0, 0.0)
    match = re.fullmatch(r"-?[0-9]{1,5}(?:[.,][0-9]{1,3})?", limit)
    return match is not None and low <= float(limit.replace(",", ".")) <= high


def _checks_flaw(raw: str) -> FlawedValue:
    bounds = ((name, *LIMIT_BOUNDS[flaw]) for name, flaw in FLAWS_BY_NAME.items() if flaw in LIMIT_BOUNDS)
    limits = ", ".join(f"{name}={low:g}…{high:g}" for name, low, high in bounds)
    return FlawedValue((raw.strip(), "checks", {"options": tuple(FLAWS_BY_NAME), "example": limits}))


COMPARISON_KEYS = ("compare", "criteria", "reason")
TIES, MARGINS, FIXED = WISHES = ("ties", "margins", "fixed order")
MAX_CRITERIA = 10
VALUES = caption_words("values")
PLAIN_KIND = next(name for name in list_kinds() if kind_of(name).meets_again)
GRADED_KIND = next(name for name in list_kinds() if kind_of(name).is_graded)
TEXT_KIND = next(name for name in list_kinds() if kind_of(name).wants is Wants.TEXT and not find_measured_kind(name))
SIGNS_BY_WISH = {TIES: ("=",), MARGINS: (">>", "<<")}
BETTER_SIGNS = (">", "<")

Values = dict[str, Any]


def read_comparison_wishes(raw: str) -> tuple[str, ...]:
    """Return the wishes of a comparison (ties, margins, fixed order) in our own words. Raise FlawedValue for any other
    word or none."""
    wish_words = [
        re.sub(r"[\s_-]+", " ", fold_case_and_accents(word)) for word in re.split(r"[,;|]", raw) if word.strip()
    ]
    wishes = tuple(dict.fromkeys(VALUES.get(word, word) for word in wish_words))
    if not wishes or not set(wishes) <= set(WISHES):
        raise FlawedValue((raw.strip(), "compare_words", {"options": WISHES}))
    return wishes


def read_criteria(raw: str) -> tuple[str, ...]:
    """Return the questions of a comparison, separated by `|`, or else by commas.
    Raise FlawedValue if there are none or too many, or if one is too long or makes the same column name as another."""
    criteria = tuple(criterion.strip() for criterion in raw.split("|" if "|" in raw else ",") if criterion.strip())
    column_names = {
        _column_name(criterion) for criterion in criteria if len(criterion) <= LONGEST_TEXT and "\0" not in criterion
    } - {""}
    if not 1 <= len(criteria) <= MAX_CRITERIA or len(column_names) < len(criteria):
        raise FlawedValue((raw.strip(), "criteria", {"limit": MAX_CRITERIA, "found": LONGEST_TEXT}))
    return criteria


def read_reason(raw: str) -> tuple[str, ...]:
    """Return the question that asks for a reason; a second element, `optional`, follows if `| optional` stood behind
    it. Raise FlawedValue."""
    text, _, suffix = (part.strip() for part in raw.partition("|"))
    optional = bool(suffix) and fold_case_and_accents(suffix) in words_for("optional")
    if not text or len(text) > LONGEST_TEXT or "\0" in text or (suffix and not optional):
        raise FlawedValue((raw.strip(), "reason_text", {"limit": LONGEST_TEXT}))
    return (text, suffix) if optional else (text,)


def find_comparison_errors(values: Mapping[str, Any]) -> Iterator[FormError]:
    """Yield an error if keys of a comparison stand beside a form's questions or a kind that compares nothing."""
    comparison_keys = [key for key in COMPARISON_KEYS if key in values]
    is_form, kind = "question" in values or "form" in values, values.get("kind", PLAIN_KIND)
    only_order = comparison_keys == ["compare"] and values["compare"] == (FIXED,) and kind_of(kind).options_are_columns
    if comparison_keys and (is_form or (kind not in (PLAIN_KIND, GRADED_KIND) and not only_order)):
        first_value = shortened(", ".join(map(str, values[comparison_keys[0]])))
        yield FormError(comparison_keys[0], first_value, "compare_alone", {"example": PLAIN_KIND})


def apply_comparison(values: Values, form: str) -> Values:
    """Return `values` with the keys of a comparison replaced by kind, options and `shuffled`; several criteria, or a
    reason, make the project a `form` of several questions. Return `values` unchanged if nothing is compared. Takes the
    keys out of `values`."""
    comparison = {key: values.pop(key) for key in COMPARISON_KEYS if key in values}
    if not comparison:
        return values
    wishes = comparison.get("compare", ())
    if values.get("kind", PLAIN_KIND) not in (PLAIN_KIND, GRADED_KIND):
        return values | {"shuffled": FIXED not in wishes}
    graded = {TIES, MARGINS} & set(wishes) or values.get("kind") == GRADED_KIND
    kind, options = GRADED_KIND if graded else PLAIN_KIND, values.get("options")
    options = _graded_options(wishes, options) if graded else options
    values |= {"kind": kind, "options": options, "shuffled": FIXED not in wishes}
    if "criteria" in comparison or "reason" in comparison:
        texts = comparison.get("criteria", (values["title"],))
        names = [_column_name(criterion) for criterion in texts] if "criteria" in comparison else ["better"]
        questions = [
            FormQuestion(name, kind, text, tuple(options or ())) for name, text in zip(names, texts, strict=True)
        ]
        values |= {
            "kind": form,
            "options": pack_questions([*questions, *_reason_questions(comparison.get("reason", ()), names)]),
        }
    return values


def _graded_options(wishes: tuple[str, ...], compared: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the grades of a comparison, with the two compared names put in if there are exactly two; signs alone if
    the file names them."""
    grades = kind_of(GRADED_KIND).arrange_options(
        (*BETTER_SIGNS, *(sign for wish in (wishes or SIGNS_BY_WISH) for sign in SIGNS_BY_WISH.get(wish, ())))
    )
    return (
        kind_of(GRADED_KIND).name_options(grades, compared) if compared and len(compared) == 2 else (compared or grades)
    )


def _reason_questions(reason: tuple[str, ...], names: list[str]) -> Iterator[FormQuestion]:
    """Yield the text question that asks for a reason, or nothing if `reason` is empty; its column name differs from all
    `names`."""
    if reason:
        name = next(candidate for candidate in ("reason", "why", "because") if candidate not in names)
        yield FormQuestion(name, TEXT_KIND, reason[0], required=len(reason) == 1)


def _column_name(text: str) -> str:
    """Return a question's name in columns: small letters, digits and underscores."""
    return re.sub(r"\W+", "_", text.casefold()).strip("_")[: form_questions.LONGEST_NAME]


Parsed = str | int | float | tuple[str, ...] | list[WorkedExample] | None

ACCEPTS = ("auto", "review")
MAY_DECIDE = "may decide"
YES, NO = "yes", ("no", "off", "none")  # as the words of other languages are read

MAX_CHARS = {"title": 200, "instructions": 3000, "template": 1000, "purpose": 500}
MAX_INSTRUCTION_LINES = 50  # of instructions: numbered, and with the longest title, they fit into one message
PAY_LIMIT = MAX_PAY // UNIT
INTEGER_BOUNDS = {"overlap": (1, 1000), "max_overlap": (1, 1000), "minutes": (1, 10_080)}
CONFIDENCE_BOUNDS = ("0.5", "0.999")
_SHARE = re.compile(r"([0-9]{0,3}(?:\.[0-9]{1,20})?)(?<=[0-9])\s*(%?)")
_DURATION = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*([^\W\d_]*)\.?")
SECONDS_BY_UNIT = time_units()
MAX_COLUMN_NAME_CHARS = 64  # characters of a column's name
MAX_DURATION_SECONDS = 24 * 3600  # seconds one answer may take
_NUMBERING = re.compile(r"\s*(?:\d{1,2}\s?[.)]|[-–•*])\s+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_ALL_WORDS = words_for("all") | {"", "*"}
_EVERYBODY_WORDS = _ALL_WORDS | words_for("everybody")


def parse_value(key: str, raw: str, currency: str | None = None) -> Parsed:
    """Return the parsed value of a caption's key; `raw` keeps its line breaks. Raise FlawedValue if it cannot be used.
    `currency` is the one that an amount must be in."""
    if key == "pay":
        return read_positive_amount(raw, currency)
    return PARSERS[key](raw)


def without_accents(word: str) -> str:
    """Return the word in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _text_parser(key: str) -> Callable[[str], str]:
    """Return a parser of texts: stripped, not empty, at most MAX_CHARS[key] characters and without NUL characters."""

    def parse(raw: str) -> str:
        value = raw.strip()
        if not value:
            raise FlawedValue(("", "required", {}))
        if "\0" in value:
            raise FlawedValue((value.replace("\0", "␀"), "no_nul", {}))
        if len(value) > MAX_CHARS[key]:
            raise FlawedValue((value, "length", {"limit": MAX_CHARS[key], "found": len(value)}))
        return value

    return parse


def _optional_parser(parse: Callable[[str], str], empty: str | None) -> Callable[[str], str | None]:
    return lambda raw: parse(raw) if raw.strip() else empty


def _read_instructions(raw: str) -> tuple[str, ...]:
    """Return the instructions, one element for each line. Numbers or bullets are removed if every line has one: lines
    get our own numbers."""
    lines = tuple(filter(None, map(str.strip, _text_parser("instructions")(raw).splitlines())))
    if len(lines) > MAX_INSTRUCTION_LINES:
        raise FlawedValue((str(len(lines)), "lines_at_most", {"limit": MAX_INSTRUCTION_LINES}))
    if len(lines) > 1 and all(map(_NUMBERING.match, lines)):
        return tuple(_NUMBERING.sub("", line, count=1) for line in lines)
    return lines


def _word_parser(words: tuple[str, ...]) -> Callable[[str], str]:
    """Return a parser of one of `words`, in any language. It raises FlawedValue for any other word."""

    def parse(raw: str) -> str:
        word = without_accents(raw)
        word = re.sub(r"[\s-]+", "_", VALUES.get(word, word))
        if word not in words:
            raise FlawedValue((raw.strip(), "one_of", {"options": words}))
        return word

    return parse


def _read_options(raw: str) -> tuple[str, ...] | None:
    """Return the options, or None if the value is empty. Raise FlawedValue with every flaw of them."""
    if not raw.strip():
        return None
    options = split_options(raw)
    if option_flaws := tuple(find_option_flaws(options, fewest=1)):  # the kind may want more: `caption`
        raise FlawedValue(*option_flaws)
    return options


def read_positive_amount(raw: str, currency: str | None) -> int:
    """Return the amount in millionths. Raise FlawedValue if it is no amount of `currency`, zero, or above the highest
    pay."""
    try:
        amount = read_amount(raw, currency)
    except AmountFlaw as flaw:
        facts = {"limit": PAY_LIMIT} if flaw.why == "amount_at_most" else flaw.facts
        raise FlawedValue((raw.strip(), flaw.why, facts)) from None
    if amount > MAX_PAY:
        raise FlawedValue((raw.strip(), "amount_at_most", {"limit": PAY_LIMIT}))
    if not amount:
        raise FlawedValue((raw.strip(), "amount_positive", {}))
    return amount


def _integer_parser(minimum: int, maximum: int, unit: str = "") -> Callable[[str], int]:
    """Return a parser of integers between `minimum` and `maximum`; `unit` is a pattern of the words that may follow the
    number."""

    def parse(raw: str) -> int:
        value = re.sub(rf"\s*(?:{unit})\.?$", "", raw.strip(), flags=re.IGNORECASE) if unit else raw.strip()
        if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
            raise FlawedValue((raw.strip(), "integer", {"minimum": minimum, "maximum": maximum}))
        return int(value)

    return parse


def _duration_parser(unit: int) -> Callable[[str], int]:
    """Return a parser of times: whole seconds, rounded up. A number without a unit counts `unit` seconds each."""

    def parse(raw: str) -> int:
        match = _DURATION.fullmatch(without_accents(raw))
        unit_seconds = (SECONDS_BY_UNIT.get(match[2], 0) if match[2] else unit) if match else 0
        seconds = math.ceil(Decimal(match[1].replace(",", ".")) * unit_seconds) if match else 0
        if not 1 <= seconds <= MAX_DURATION_SECONDS:
            raise FlawedValue((raw.strip(), "duration", {"minimum": 1, "maximum": MAX_DURATION_SECONDS}))
        return seconds

    return parse


def _read_confidence(raw: str) -> float | None:
    """Return the confidence as a share between 0.5 and 0.999 (a percentage is converted), or None if the value is empty
    or `no`: then the overlap alone closes tasks. Raise FlawedValue otherwise."""
    value = raw.strip()
    if not value or VALUES.get(without_accents(value), without_accents(value)) in NO:
        return None
    match = _SHARE.fullmatch(value.replace(",", "."))
    share = Decimal(match[1]) / (100 if match[2] else 1) if match else Decimal(0)
    minimum, maximum = CONFIDENCE_BOUNDS
    if not Decimal(minimum) <= share <= Decimal(maximum):
        raise FlawedValue((value, "decimal", {"minimum": minimum, "maximum": maximum}))
    return float(share)


def _read_languages(raw: str) -> tuple[str, ...]:
    """Return language codes in small letters; () stands for all languages. Raise FlawedValue for what is no code."""
    if raw.strip().casefold() in _ALL_WORDS:
        return ()
    codes = tuple(code for code in re.split(r"[\s,;|]+", raw.strip().casefold().replace("_", "-")) if code)
    if not codes or not all(map(_LANGUAGE.fullmatch, codes)):
        raise FlawedValue((raw.strip(), "language_codes", {}))
    return tuple(dict.fromkeys(codes))


def _read_ai_columns(raw: str) -> tuple[str, ...]:
    """Return the names of columns with models' answers; `may decide`, in any language, becomes MAY_DECIDE."""
    column_names = [name.strip() for name in re.split(r"[,;|]", raw) if name.strip()]
    folded_names = [re.sub(r"[\s_-]+", " ", without_accents(name)) for name in column_names]
    if not column_names or any(len(name) > MAX_COLUMN_NAME_CHARS for name in column_names):
        raise FlawedValue((raw.strip(), "ai_columns", {}))
    columns = (
        MAY_DECIDE if VALUES.get(word, word) == MAY_DECIDE else name
        for word, name in zip(folded_names, column_names, strict=True)
    )
    return tuple(dict.fromkeys(columns))


def _read_content(raw: str) -> tuple[str, ...]:
    """Return the kinds of content that workers are warned of, in any language; () if the value is empty or NONE."""
    content_words = [re.sub(r"[\s_-]+", " ", without_accents(name)) for name in re.split(r"[,;|]", raw) if name.strip()]
    content_kinds = tuple(dict.fromkeys(VALUES.get(name, name).replace(" ", "_") for name in content_words))
    if content_kinds in ((), (NONE,)):
        return ()
    if not set(content_kinds) <= set(CONTENT):
        raise FlawedValue((raw.strip(), "one_of", {"options": (*CONTENT, NONE)}))
    return content_kinds


def _read_address(raw: str) -> str:
    """Return the address of a file. Raise FlawedValue if it is none."""
    if not is_address(raw.strip()):
        raise FlawedValue((raw.strip(), "address", {}))
    return raw.strip()


def _read_who(raw: str) -> tuple[str, ...]:
    """Return the conditions that workers must meet; () if everybody is asked. Raise FlawedValue with every wrong
    condition."""
    if without_accents(raw) in _EVERYBODY_WORDS:
        return ()
    conditions, condition_flaws = read_who(raw, VALUES, without_accents)
    if condition_flaws:
        raise FlawedValue(*condition_flaws)
    return conditions


def _read_header(raw: str) -> bool:
    """Return whether the first row of the file names its columns. Raise FlawedValue for anything but yes or no."""
    word = VALUES.get(without_accents(raw), without_accents(raw))
    if word not in (YES, *NO):
        raise FlawedValue((raw.strip(), "header", {}))
    return word == YES


def _read_checks(raw: str) -> tuple[str, ...]:
    return read_checks(raw, VALUES, without_accents)


PARSERS: Mapping[str, Callable[[str], Parsed]] = {
    # It stands within lines of ours.
    "title": lambda raw: _text_parser("title")(" ".join(filter(None, map(str.strip, raw.splitlines())))),
    "instructions": _read_instructions,
    "kind": _word_parser(list_offered_kinds()),
    "options": _read_options,
    "question": questions.read_lines,
    "form": questions.read_json,
    "compare": read_comparison_wishes,
    "criteria": read_criteria,
    "reason": read_reason,
    "pay": lambda raw: read_positive_amount(raw, None),
    "overlap": _integer_parser(*INTEGER_BOUNDS["overlap"]),
    "max_overlap": _integer_parser(*INTEGER_BOUNDS["max_overlap"]),
    "confidence": _read_confidence,
    "accept": _word_parser(ACCEPTS),
    "template": _optional_parser(_text_parser("template"), None),
    "languages": _read_languages,
    "minutes": _integer_parser(*INTEGER_BOUNDS["minutes"], "min|minutes?"),
    "seconds": _duration_parser(1),
    "minutes_per_task": _duration_parser(60),
    "purpose": _optional_parser(_text_parser("purpose"), ""),
    "content": _read_content,
    "ai": _read_ai_columns,
    "file": _read_address,
    "header": _read_header,
    "who": _read_who,
    "media": _read_address,
    "checks": _read_checks,
    "picture": read_pictures,
    "example": read_examples,
}


__all__ = ["FormError", "FormErrors", "FormatProblem", "ProjectForm", "find_unmet_wishes", "read_caption", "read_value"]

ALIASES = caption_words("keys")
MULTILINE_KEYS = frozenset({"instructions", "template", "purpose", "form"})
QUESTION_KEYS = ("question", "form")
MATERIAL_KEYS = ("picture", "example")  # of the form: pictures, examples
REPEATABLE_KEYS = ("question", "picture", "example")  # a line each; their numbers, `question 1`, are left out
FORM_KIND = next(kind for kind in list_kinds() if kind_of(kind).asks_questions)
FILE_KINDS = ", ".join(kind for kind in list_kinds() if kind_of(kind).are_files)
REQUIRED_KEYS = ("title", "instructions", "pay")
_COMMAND = re.compile(r"\s*/newproject(?:@\w+)?(?=\s|$)[^\S\n]*", re.IGNORECASE)
_KEY = re.compile(r"\s*([^\W\d_][\w -]{0,30}?)\s*[:\uff1a]\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ProjectForm:
    """A project's settings as its requester wrote them. `pay` is in millionths of the currency unit; `languages` empty
    means all; `seconds` is the stated time of one answer, if it cannot be estimated; `ai` names columns with a model's
    answers, `ai_decides`: the models may decide alone where gold has shown it safe; `content` is what workers are
    warned of; `file` is the address of the tasks' file, if it does not come with the caption, `media` the address of a
    ZIP with their files; `adds`: tasks are added to an existing project. `who` are conditions that workers must meet;
    `shuffled`: compared things stand in another order for each worker. `checks` are the checks of uploaded files.
    `pictures` and `examples` stand beside the instructions. Without a `header` the file's first row is a task."""

    title: str
    instructions: tuple[str, ...]
    pay: int
    kind: str = default_kind()
    options: tuple[str, ...] | None = None
    overlap: int = 3
    max_overlap: int = 3
    confidence: float | None = None
    accept: str = "auto"
    template: str | None = None
    languages: tuple[str, ...] = ()
    minutes: int = 10
    purpose: str = ""
    content: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    seconds: int | None = None
    ai: tuple[str, ...] = ()
    ai_decides: bool = False
    file: str | None = None
    media: str | None = None
    adds: bool = False
    header: bool = True
    shuffled: bool = True
    checks: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()


def read_caption(text: str, currency: str | None = None) -> ProjectForm:
    """Return the form that a caption describes. Raise FormErrors with all problems; an amount with another currency's
    sign is a problem."""
    command = _COMMAND.match(text)
    if not command:
        raise FormErrors((FormError("", shortened(text.partition("\n")[0]), "command"),))
    errors: list[FormError] = []
    return _read_form(_split_into_keys(text[command.end() :].splitlines(), errors), errors, currency)


def read_keys(values: Mapping[str, str], currency: str | None = None) -> ProjectForm:
    """Return the form from keys that a program sent, each with its value as a caption has it. Raise FormErrors with all
    problems."""
    errors = [_unknown_key_error("", key, value) for key, value in values.items() if key and key not in PARSERS]
    return _read_form({key: value for key, value in values.items() if key in PARSERS}, errors, currency)


def _read_form(raw_values: Mapping[str, str], errors: list[FormError], currency: str | None) -> ProjectForm:
    """Return the form of these raw values. Raise FormErrors with `errors` and all further problems: of values, missing
    and contradicting keys."""
    values: dict[str, Parsed] = {}
    for key, raw in raw_values.items():
        try:
            values[key] = parse_value(key, raw, currency)
        except FlawedValue as flaw:
            errors.extend(_form_errors(key, flaw))
    errors.extend(FormError(key, "", "required") for key in REQUIRED_KEYS if key not in raw_values)
    errors.extend(_find_contradictions(values))
    if errors:
        raise FormErrors(tuple(errors))
    return _to_project_form(values)


def find_unmet_wishes(form: ProjectForm) -> tuple[FileWarning, ...]:
    """Return warnings about wishes of the form that cannot be met: a confidence or growing overlap without effect,
    models that may not decide."""
    warnings = (FileWarning("may_decide_form", {}),) if form.ai_decides and kind_of(form.kind).asks_questions else ()
    if form.confidence is None and form.max_overlap > form.overlap:
        return (*warnings, FileWarning("max_overlap_alone", {"overlap": form.overlap}))
    if form.confidence is None or kind_of(form.kind).claims_confidence:
        return warnings
    return (*warnings, FileWarning("no_confidence", {"kind": form.kind, "overlap": form.overlap}))


def read_value(key: str, raw: str, currency: str | None = None, kind: str = default_kind()) -> Parsed:
    """Return the parsed value of one key, as the wizard asks for it; `kind` is the answers' kind, which decides how
    many options are needed. Raise FormErrors."""
    try:
        value = parse_value(key, raw, currency)
    except FlawedValue as flaw:
        raise FormErrors(tuple(_form_errors(key, flaw))) from None
    if key == "options" and (option_errors := tuple(_find_too_few_options(value, kind))):
        raise FormErrors(option_errors)
    return value


def _form_errors(key: str, flaw: FlawedValue) -> Iterator[FormError]:
    for value, expected, facts in flaw.flaws:
        yield FormError(key, shortened(value), expected, facts)


def _split_into_keys(lines: list[str], errors: list[FormError]) -> dict[str, str]:
    """Return each known key's raw value; values of MULTILINE_KEYS go on over the following lines. Append an error to
    `errors` for each line that belongs to no key and each key that stands twice."""
    raw_values: dict[str, str] = {}
    current = ""
    lines = list(filter(str.strip, lines))
    known_keys = {_split_line(line)[0] for line in lines}
    for line in lines:
        key, value = _split_line(line)
        if key in PARSERS:
            if key in raw_values and key in REPEATABLE_KEYS:
                raw_values[key] += "\n" + value
            elif key in raw_values:
                errors.append(FormError(key, shortened(value), "key_once"))
            raw_values.setdefault(key, value)
            current = key
        elif current in MULTILINE_KEYS and not _is_mistyped_key(key, known_keys):
            raw_values[current] += "\n" + line
        else:
            errors.append(_unknown_key_error(line, key, value))
    return raw_values


def _split_line(line: str) -> tuple[str, str]:
    """Return a line's key in our own spelling, empty if it has none, and its value."""
    match = _KEY.fullmatch(line)
    if not match:
        return "", line.strip()
    folded = re.sub(r"[\s-]+", "_", without_accents(match[1]))
    bare = re.sub(r"_?\d+$", "", folded)
    folded = bare if ALIASES.get(bare, bare) in REPEATABLE_KEYS else folded
    return ALIASES.get(folded, folded), match[2].strip()


def _is_mistyped_key(key: str, known_keys: set[str]) -> bool:
    """Return whether a line among the instructions was probably meant as a key that the caption has nowhere else."""
    similar_keys = [name for name in PARSERS if sorted(name) == sorted(key)]
    similar_keys = similar_keys or (get_close_matches(key, PARSERS, 1, 0.75) if key else [])
    return bool(similar_keys) and similar_keys[0] not in known_keys


def _unknown_key_error(line: str, key: str, value: str) -> FormError:
    """Return the error of a line without a key, or of a key that is not known, with the most similar one as a
    suggestion."""
    if not key:
        return FormError("", shortened(line.strip()), "key_value")
    similar_keys = get_close_matches(key, [*PARSERS, *ALIASES], 1, 0.0)
    suggestion = ALIASES.get(similar_keys[0], similar_keys[0]) if similar_keys else "title"
    return FormError(key, shortened(value), "known_key", {"suggestion": suggestion, "keys": tuple(PARSERS)})


def _find_contradictions(values: dict[str, Parsed]) -> Iterator[FormError]:
    """Yield an error for each pair of values that contradict each other."""
    overlap, max_overlap = values.get("overlap", 3), values.get("max_overlap")
    if isinstance(overlap, int) and isinstance(max_overlap, int) and max_overlap < overlap:
        yield FormError("max_overlap", str(max_overlap), "at_least_overlap", {"minimum": overlap})
    yield from _find_too_few_options(values.get("options"), str(values.get("kind", default_kind())))
    yield from _find_question_errors(values)
    yield from find_comparison_errors(values)
    yield from _find_example_errors(values)
    if values.get("checks") and not kind_of(str(values.get("kind", default_kind()))).are_files:
        yield FormError("checks", ", ".join(values["checks"]), "checks_alone", {"example": FILE_KINDS})  # type: ignore[arg-type]


def _find_too_few_options(options: Parsed, kind: str) -> Iterator[FormError]:
    """Yield an error if there are fewer options than the kind needs: drawing needs one label, a choice two."""
    if isinstance(options, tuple) and len(options) < (fewest := kind_of(kind).fewest_options):
        yield FormError("options", shortened(", ".join(options)), "options_at_least", {"limit": fewest})


def _find_question_errors(values: dict[str, Parsed]) -> Iterator[FormError]:
    """Yield an error if a form has no questions, if questions come in two ways, or if a kind or options stand beside
    them."""
    question_keys = [key for key in QUESTION_KEYS if key in values]
    if not question_keys and values.get("kind") == FORM_KIND:
        yield FormError("kind", FORM_KIND, "form_questions")
    if len(question_keys) > 1:
        yield FormError(QUESTION_KEYS[1], QUESTION_KEYS[0], "questions_one_way")
    for key in ("kind", "options") if question_keys else ():
        if values.get(key) not in (None, FORM_KIND):
            yield FormError(key, shortened(_joined(values[key])), "form_alone", {"example": key})


def _find_example_errors(values: dict[str, Parsed]) -> Iterator[FormError]:
    """Yield an error for each example whose answer is none of the options; none if a file names the options later."""
    examples, options = values.get("example"), values.get("options")
    if isinstance(examples, list) and isinstance(options, tuple):
        for answer in impossible_examples(examples, str(values.get("kind", default_kind())), options):
            yield FormError("example", shortened(answer), "one_of", {"options": options})


def _joined(value: Parsed) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _to_project_form(values: dict[str, Parsed]) -> ProjectForm:
    """Return the form of parsed values, with defaults and derived fields filled in."""
    values.setdefault("max_overlap", values.get("overlap", 3))
    ai_names = values.pop("ai", None) or ()
    if isinstance(ai_names, tuple):
        values["ai"] = tuple(name for name in ai_names if name != MAY_DECIDE)
        values["ai_decides"] = MAY_DECIDE in ai_names
    for key in QUESTION_KEYS:
        if key in values:
            values |= {"kind": FORM_KIND, "options": values.pop(key)}
    values = apply_comparison(values, FORM_KIND)
    for key in MATERIAL_KEYS:
        if key in values:
            values[f"{key}s"] = tuple(cast("list[str]", values.pop(key)))
    seconds_per_task = values.pop("minutes_per_task", None)
    values.setdefault("seconds", seconds_per_task)
    return ProjectForm(**values)  # type: ignore[arg-type]  # each parser gives its field's type
