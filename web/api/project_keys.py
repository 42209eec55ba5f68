"""Types of a new project's keys in JSON. Their limits, words and kinds are those of the reader of captions, so that the
published schema allows what the reader takes.

Patterns are written for any engine: no look-around, and character classes written out. A blank is what Python strips,
and a line break what it splits at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import CoreSchema, core_schema

from domain.answers import default_kind, kind_of, list_offered_kinds
from domain.money.amounts import UNIT
from domain.money.pricing import MAX_PAY
from domain.projects.form_questions import LONGEST_NAME, LONGEST_TEXT, MOST_QUESTIONS
from domain.projects.projects import (
    CONTENT,
    LONGEST_ANSWER,
    LONGEST_ITEM,
    LONGEST_WHY,
    MOST_CONDITIONS,
    MOST_EXAMPLES,
    MOST_PICTURES,
    NONE,
)
from domain.projects.tasks import FILE_ID
from domain.work.file_checks import ALL_OFF, FLAWS_BY_NAME, LEFT_OUT_PREFIX, LIMIT_BOUNDS
from formats.captions import caption
from formats.captions.caption import (
    ALL_CHECKS,
    COMPARISON_KEYS,
    FIXED,
    FORM_KIND,
    GRADED_KIND,
    INTEGER_BOUNDS,
    MAX_CHARS,
    PLAIN_KIND,
)
from formats.captions.conditions import MAX_OPTION_CHARS, MAX_OPTIONS
from formats.captions.questions import QUESTION_KINDS
from formats.values import MAX_ADDRESS_CHARS

_BLANKS = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BREAKS = r"\n-\r\x1c-\x1e\x85\u2028\u2029"
_LETTERS = r"0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_VISIBLE = rf"[^\x00{_BLANKS}]"
_IN_LINE = rf"[^\x00{_BREAKS}]"


def _text_without(signs: str) -> str:
    """Return the pattern of a text with a visible character, without NUL and these signs of a character class."""
    return rf"^[^\x00{signs}]*[^\x00{signs}{_BLANKS}][^\x00{signs}]*$"


def _part(longest: int) -> str:
    """Return the pattern of one part of an example: a visible character, and no line break or bar."""
    return rf" *[^|\x00{_BLANKS}][^|\x00{_BREAKS}]{{0,{longest - 1}}}"


def _positive_decimal(decimals: int, most: int) -> str:
    """Return the pattern of decimals above zero, up to `most`, a power of ten."""
    whole_digits = len(str(most)) - 1
    fractions = "|".join(rf"0{{{zeros}}}[1-9][0-9]{{0,{decimals - zeros - 1}}}" for zeros in range(decimals))
    fraction = rf"(?:\.[0-9]{{1,{decimals}}})?"
    return rf"^(?:[1-9][0-9]{{0,{whole_digits - 1}}}{fraction}|0\.(?:{fractions})|{most}(?:\.0{{1,{decimals}}})?)$"


NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
WORDS = _text_without("")
LINE = _text_without(_BREAKS)
PARAGRAPHS = (
    rf"^[{_BLANKS}]*{_VISIBLE}{_IN_LINE}*"
    rf"(?:[{_BREAKS}][{_BLANKS}]*{_VISIBLE}{_IN_LINE}*){{0,{caption.MAX_INSTRUCTION_LINES - 1}}}"
    rf"(?:[{_BREAKS}][{_BLANKS}]*)?$"
)
OPTION = _text_without("|")
ONE_REASON = rf"^[^|\x00]*[^|\x00{_BLANKS}][^|\x00]*(?:\| ?optional)?$"
COLUMN = _text_without(",;|")
CONDITION = _text_without(f",;{_BREAKS}")
PAY = _positive_decimal(len(str(UNIT)) - 1, MAX_PAY // UNIT)
LANGUAGE = r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?$"
_PORT = r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
_BEHIND_SCHEME = rf"[A-Za-z0-9._-]+(?::(?:{_PORT}))?(?:[/?#][!-~]*)?"
ADDRESS = rf"^https?://{_BEHIND_SCHEME}$"
PICTURE = rf"^(?:https://{_BEHIND_SCHEME}|{FILE_ID})$"
EXAMPLE = (
    rf"^(?:{_part(LONGEST_ITEM)}| *(?:https://{_BEHIND_SCHEME.replace('!-~', '!-{}~')}|{FILE_ID}) *)"
    rf"\|{_part(LONGEST_ANSWER)}(?:\|[^|\x00{_BREAKS}]{{0,{LONGEST_WHY}}})?$"
)
_CHECKS = "|".join(map(re.escape, FLAWS_BY_NAME))
_LIMITS = "|".join(re.escape(name) for name, flaw in FLAWS_BY_NAME.items() if flaw in LIMIT_BOUNDS)
CHECK = rf"^(?:{LEFT_OUT_PREFIX}(?:{_CHECKS})|(?:{_LIMITS})=-?[0-9]{{1,5}}(?:\.[0-9]{{1,3}})?)$"
CHECKS_ALONE = rf"^(?:{ALL_OFF}|{ALL_CHECKS})$|{CHECK}"
QUESTION_NAME = rf"^[{_LETTERS}][{_LETTERS}_-]{{0,{LONGEST_NAME - 1}}}$"
MEANINGS = {
    NO_NUL: "a text without NUL",
    WORDS: "words, without NUL",
    LINE: "words on one line, without NUL",
    PARAGRAPHS: f"words, at most {caption.MAX_INSTRUCTION_LINES} lines, without NUL",
    OPTION: "words without “|” and NUL: each option is an element of the list",
    ONE_REASON: "a question, or a question and “| optional”",
    COLUMN: "the name of a column, without “,”, “;” and “|”",
    CONDITION: "one condition, without “,” and “;”: several are a list",
    PAY: f"an amount above 0 and up to {MAX_PAY // UNIT}, with a point and at most 6 decimals, such as 0.05",
    LANGUAGE: "the code of a language, such as fr: several are a list",
    ADDRESS: "an http or https address",
    PICTURE: "an https address, or the id of a photo that was sent to the bot",
    EXAMPLE: f"item | right answer | why, of {LONGEST_ITEM}, {LONGEST_ANSWER} and {LONGEST_WHY} characters at most",
    CHECK: "no NAME, or NAME=LIMIT",
    CHECKS_ALONE: f"{ALL_OFF}, {ALL_CHECKS}, no NAME, or NAME=LIMIT: several are a list",
    f"^$|{PICTURE}": "an https address, the id of a photo, or nothing",
    f"^$|{EXAMPLE}": "item | right answer | why, or nothing",
    QUESTION_NAME: f"a name of at most {LONGEST_NAME} letters and digits",
}  # what a problem says was expected


def _as_integer(value: object) -> object:
    """Return an integer for a whole number written with a point, such as 1.0, which JSON Schema calls one; any
    other value unchanged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a text that is one of these words, which are known when the program runs."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


INTEGRAL = BeforeValidator(_as_integer)
Alone = TypeVar("Alone")
Several = TypeVar("Several")
_BY_LIST = Discriminator(lambda value: "several" if isinstance(value, list) else "alone")
AloneOrSeveral = Annotated[Annotated[Alone, Tag("alone")] | Annotated[Several, Tag("several")], _BY_LIST]

Title = Annotated[str, Field(max_length=MAX_CHARS["title"], pattern=WORDS)]
Instruction = Annotated[str, Field(max_length=MAX_CHARS["instructions"], pattern=LINE)]
Instructions = AloneOrSeveral[
    Annotated[str, Field(max_length=MAX_CHARS["instructions"], pattern=PARAGRAPHS)],
    Annotated[list[Instruction], Field(min_length=1, max_length=caption.MAX_INSTRUCTION_LINES)],
]
Pay = Annotated[
    Annotated[str, Field(pattern=PAY, examples=["0.05"]), Tag("text")]
    | Annotated[float, Field(strict=True, ge=1 / UNIT, le=MAX_PAY // UNIT), Tag("number")],
    Discriminator(lambda value: "text" if isinstance(value, str) else "number"),
]
Kind = Annotated[str, OneOf(list_offered_kinds())]
Option = Annotated[str, Field(max_length=MAX_OPTION_CHARS, pattern=OPTION)]
Options = Annotated[list[Option], Field(max_length=MAX_OPTIONS, json_schema_extra={"uniqueItems": True})]
Overlap = Annotated[int, Field(strict=True, ge=INTEGER_BOUNDS["overlap"][0], le=INTEGER_BOUNDS["overlap"][1]), INTEGRAL]
Minutes = Annotated[int, Field(strict=True, ge=INTEGER_BOUNDS["minutes"][0], le=INTEGER_BOUNDS["minutes"][1]), INTEGRAL]
Seconds = Annotated[int, Field(strict=True, ge=1, le=caption.MAX_DURATION_SECONDS), INTEGRAL]
MinutesPerTask = Annotated[int, Field(strict=True, ge=1, le=caption.MAX_DURATION_SECONDS // 60), INTEGRAL]
Confidence = Annotated[
    float, Field(strict=True, ge=float(caption.CONFIDENCE_BOUNDS[0]), le=float(caption.CONFIDENCE_BOUNDS[1]))
]
Accept = Annotated[str, OneOf(caption.ACCEPTS)]
Template = Annotated[str, Field(max_length=MAX_CHARS["template"], pattern=NO_NUL)]
Purpose = Annotated[str, Field(max_length=MAX_CHARS["purpose"], pattern=NO_NUL)]
Language = Annotated[str, Field(pattern=LANGUAGE)]
Languages = AloneOrSeveral[Language, list[Language]]
Content = AloneOrSeveral[Annotated[str, OneOf((*CONTENT, NONE))], list[Annotated[str, OneOf(CONTENT)]]]
Column = Annotated[str, Field(max_length=caption.MAX_COLUMN_NAME_CHARS, pattern=COLUMN)]
Columns = AloneOrSeveral[Column, Annotated[list[Column], Field(min_length=1)]]
Condition = Annotated[str, Field(pattern=CONDITION)]
Conditions = AloneOrSeveral[Condition, Annotated[list[Condition], Field(max_length=MOST_CONDITIONS)]]
QuestionLine = Annotated[str, Field(pattern=LINE)]
QuestionLines = AloneOrSeveral[
    QuestionLine, Annotated[list[QuestionLine], Field(min_length=1, max_length=MOST_QUESTIONS)]
]
Address = Annotated[str, Field(max_length=MAX_ADDRESS_CHARS, pattern=ADDRESS)]
Picture = Annotated[str, Field(max_length=caption.MAX_ADDRESS_CHARS, pattern=PICTURE)]
Pictures = AloneOrSeveral[Picture, Annotated[list[Picture], Field(max_length=MOST_PICTURES)]]
PicturesOrNone = AloneOrSeveral[
    Annotated[str, Field(max_length=caption.MAX_ADDRESS_CHARS, pattern=f"^$|{PICTURE}")],
    Annotated[list[Picture], Field(max_length=MOST_PICTURES)],
]
Example = Annotated[str, Field(max_length=caption.MAX_ADDRESS_CHARS, pattern=EXAMPLE)]
Examples = AloneOrSeveral[Example, Annotated[list[Example], Field(min_length=1, max_length=MOST_EXAMPLES)]]
ExamplesOrNone = AloneOrSeveral[
    Annotated[str, Field(max_length=caption.MAX_ADDRESS_CHARS, pattern=f"^$|{EXAMPLE}")],
    Annotated[list[Example], Field(max_length=MOST_EXAMPLES)],
]
Wish = Annotated[str, OneOf(caption.WISHES)]
Wishes = AloneOrSeveral[Wish, Annotated[list[Wish], Field(min_length=1)]]
Criterion = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=OPTION)]
Criteria = Annotated[
    list[Criterion], Field(min_length=1, max_length=caption.MAX_CRITERIA, json_schema_extra={"uniqueItems": True})
]
Reason = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=ONE_REASON)]
Checks = AloneOrSeveral[
    Annotated[str, Field(pattern=CHECKS_ALONE)],
    Annotated[list[Annotated[str, Field(pattern=CHECK)]], Field(min_length=1)],
]


def _describe_options_by_kind(schema: dict[str, Any]) -> None:
    """Add to the schema of a question how many options each kind takes."""
    schema["allOf"] = [_options_rule(kind) for kind in QUESTION_KINDS]


def _options_rule(kind: str) -> dict[str, Any]:
    answer_kind = kind_of(kind)
    options: dict[str, Any] = {"maxItems": answer_kind.most_options if answer_kind.has_options else 0}
    may_be_left_out = not answer_kind.has_options or answer_kind.usual_options or answer_kind.options_are_columns
    if answer_kind.has_options:
        enough = {"minItems": answer_kind.fewest_options}
        options |= {"anyOf": [{"maxItems": 0}, enough]} if may_be_left_out else enough
    if answer_kind.forbidden:
        options["items"] = {"pattern": f"^[^{answer_kind.forbidden}]*$"}
    rule = {"properties": {"options": options}} | ({} if may_be_left_out else {"required": ["options"]})
    return {"if": _has("kind", [kind]), "then": rule}


class FormQuestion(BaseModel):
    """A question of a form. `if` is a condition, or several that must all hold, on questions before it."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_describe_options_by_kind)
    kind: Annotated[str, OneOf(QUESTION_KINDS)]
    text: Annotated[str, Field(max_length=LONGEST_TEXT, pattern=WORDS)]
    options: list[Annotated[str, Field(max_length=MAX_OPTION_CHARS, pattern=WORDS)]] = Field(default_factory=list)
    name: Annotated[str, Field(pattern=QUESTION_NAME)] | None = None
    required: Annotated[bool, Field(strict=True)] = True
    if_: Annotated[
        AloneOrSeveral[Annotated[str, Field(pattern=WORDS)], list[Annotated[str, Field(pattern=WORDS)]]] | None,
        Field(alias="if"),
    ] = None


FormQuestions = Annotated[list[FormQuestion], Field(min_length=1, max_length=MOST_QUESTIONS)]


def _has(key: str, values: Iterable[str]) -> dict[str, Any]:
    """Return the schema of objects whose `key` is one of the values."""
    return {"properties": {key: {"enum": list(values)}}, "required": [key]}


def _has_value(key: str) -> dict[str, Any]:
    """Return the schema of objects that have the key with another value than null."""
    return {"properties": {key: {"not": {"type": "null"}}}, "required": [key]}


def _leaves_out(*keys: str) -> dict[str, Any]:
    return {"not": {"anyOf": [_has_value(key) for key in keys]}}


def list_rules() -> list[dict[str, Any]]:
    """Return the rules between keys, as schemas that must all hold: one source of tasks, one of questions, and what
    each kind takes."""
    tasks = {"properties": {"tasks": {"minItems": 1}}, "required": ["tasks"]}
    question_sources = [_has_value("question"), _has_value("form")]
    no_other_kind = {"kind": {"enum": [FORM_KIND, None]}, "options": {"anyOf": [{"type": "null"}, {"maxItems": 0}]}}
    of_a_form = {"oneOf": question_sources, "properties": no_other_kind, **_leaves_out(*COMPARISON_KEYS)}
    file_kinds = [kind for kind in list_offered_kinds() if kind_of(kind).are_files]
    return [
        {"oneOf": [tasks, _has_value("file")]},
        {"if": {"anyOf": question_sources}, "then": of_a_form, "else": {"not": _has("kind", [FORM_KIND])}},
        *map(_fewest_options_rule, sorted({kind_of(kind).fewest_options for kind in list_offered_kinds()})),
        {"if": _leaves_out(*COMPARISON_KEYS), "else": {"anyOf": [_compares_things(), _keeps_order()]}},
        {"anyOf": [{"properties": {"checks": {"enum": [None, ALL_CHECKS]}}}, _has("kind", file_kinds)]},
    ]


def _fewest_options_rule(fewest: int) -> dict[str, Any]:
    """Return the schema by which kinds that need `fewest` options have none, which a file may bring, or as many."""
    kinds = [kind for kind in list_offered_kinds() if kind_of(kind).fewest_options == fewest]
    options = {"anyOf": [{"type": "null"}, {"maxItems": 0}, {"minItems": fewest}]}
    return {"if": _has_or_assumes(kinds, default_kind()), "then": {"properties": {"options": options}}}


def _compares_things() -> dict[str, Any]:
    return _has_or_assumes([PLAIN_KIND, GRADED_KIND], PLAIN_KIND)


def _keeps_order() -> dict[str, Any]:
    """Return the schema of a project that compares in a way of its own, and keeps the order of its columns."""
    kinds = [kind for kind in list_offered_kinds() if kind_of(kind).options_are_columns]
    others = COMPARISON_KEYS[1:]
    only_order = {"properties": {COMPARISON_KEYS[0]: {"enum": [FIXED, [FIXED]]}}, **_leaves_out(*others)}
    return {"allOf": [_has("kind", kinds), only_order]}


def _has_or_assumes(kinds: list[str], assumed: str) -> dict[str, Any]:
    """Return the schema of projects of one of these kinds; without a kind they are of the kind `assumed`."""
    if assumed not in kinds:
        return _has("kind", kinds)
    return {"properties": {"kind": {"enum": [*kinds, None]}}}
