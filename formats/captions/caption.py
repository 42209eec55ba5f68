"""The door for `/newproject` captions: lines of `key: value` → a project's form, or every problem."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, cast

from domain.answers import (
    default_kind,
    kind_of,
    kinds,
    measure_of,
    offered,
)
from domain.handing_in import Wants
from domain.money.amounts import UNIT, AmountFlaw, read_amount
from domain.money.pricing import MAX_PAY
from domain.normalization import folded
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
from domain.work.file_checks import (
    BOUNDS,
    NAMES,
    OFF,
    WITHOUT,
)
from formats.captions import questions
from formats.captions.conditions import (
    Flawed,
    flaws,
    read_who,
    separated,
)
from formats.errors import (
    FormatProblem,
    FormError,
    FormErrors,
    shortened,
)
from formats.tables.table import FileWarning
from formats.values import is_address
from locales.languages import caption_words, time_units, words

EXAMPLE_LIMITS = {"item": LONGEST_ITEM, "answer": LONGEST_ANSWER, "why": LONGEST_WHY}
LONGEST_ADDRESS = 1_000


def read_pictures(raw: str) -> tuple[str, ...]:
    """Addresses, or ids of files that were sent to the bot."""
    found = tuple(dict.fromkeys(raw.split()))
    for each in found:
        if not is_picture(each):
            raise Flawed((each, "picture_beside", {}))
    if len(found) > MOST_PICTURES:
        raise Flawed((str(len(found)), "pictures_at_most", {"limit": MOST_PICTURES}))
    return found


def is_picture(word: str) -> bool:
    return is_file_id(word) or (len(word) <= LONGEST_ADDRESS and is_address(word) and word.startswith("https:"))


def read_examples(raw: str) -> list[WorkedExample]:
    """A line each, `item | right answer | why`; one alone may have a line for each part."""
    lines = tuple(filter(None, map(str.strip, raw.splitlines())))
    rows = [line.split("|") for line in lines] if "|" in raw else [list(lines)]
    if len(rows) > MOST_EXAMPLES:
        raise Flawed((str(len(rows)), "examples_at_most", {"limit": MOST_EXAMPLES}))
    return [_example([part.strip() for part in row]) for row in rows]


def _example(parts: list[str]) -> WorkedExample:
    if not 2 <= len(parts) <= 3 or not all(parts[:2]) or "\0" in "".join(parts):
        raise Flawed((" | ".join(parts).replace("\0", "␀"), "example", {}))
    for (name, limit), part in zip(EXAMPLE_LIMITS.items(), parts, strict=False):
        if len(part) > limit and not (name == "item" and is_picture(part)):
            raise Flawed((part, "example_length", {"limit": limit, "found": len(part)}))
    item, answer, why = (*parts, "")[:3]
    return WorkedExample("", answer, why, item) if is_picture(item) else WorkedExample(item, answer, why)


EVERYTHING = "all"


def read_checks(raw: str, values: Mapping[str, str], plain: Callable[[str], str]) -> tuple[str, ...]:
    """`off`, or what is left out (`no blurred`) and limits (`short=3`), in any language. Raises Flawed."""
    named = [re.sub(r"[\s_-]+(?![0-9])", " ", plain(each)).strip() for each in re.split(r"[,;|]", raw) if each.strip()]
    found = tuple(dict.fromkeys(_read(each, values) for each in named))
    if not found or "" in found or (len(found) > 1 and {OFF, EVERYTHING} & set(found)):
        raise _wrong(raw)
    return () if found == (EVERYTHING,) else found


def _read(word: str, values: Mapping[str, str]) -> str:
    """As it is kept; empty for what is none."""
    whole = values.get(word, word)
    if whole in (OFF, EVERYTHING):
        return whole
    name, sign, limit = (part.strip() for part in whole.partition("="))
    if sign:
        name = values.get(name, name)
        return f"{name}={limit.replace(',', '.')}" if _fits(name, limit) else ""
    negation, _, rest = name.partition(" ")
    rest = values.get(rest, rest)
    return f"{WITHOUT}{rest}" if values.get(negation, negation) in ("no", "none") and rest in NAMES else ""


def _fits(name: str, limit: str) -> bool:
    low, high = BOUNDS.get(NAMES[name], (1.0, 0.0)) if name in NAMES else (1.0, 0.0)
    number = re.fullmatch(r"-?[0-9]{1,5}(?:[.,][0-9]{1,3})?", limit)
    return number is not None and low <= float(limit.replace(",", ".")) <= high


def _wrong(raw: str) -> Flawed:
    bounds = ((name, *BOUNDS[flaw]) for name, flaw in NAMES.items() if flaw in BOUNDS)
    limits = ", ".join(f"{name}={low:g}…{high:g}" for name, low, high in bounds)
    return Flawed((raw.strip(), "checks", {"options": tuple(NAMES), "example": limits}))


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
        values |= {"kind": form, "options": pack_questions([*questions, *_why(asked.get("reason", ()), names)])}
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
    return re.sub(r"\W+", "_", text.casefold()).strip("_")[: form_questions.LONGEST_NAME]


Parsed = str | int | float | tuple[str, ...] | list[WorkedExample] | None

ACCEPTS = ("auto", "review")
MAY_DECIDE = "may decide"
YES, NO = "yes", ("no", "off", "none")  # as the words of other languages are read

LIMITS = {"title": 200, "instructions": 3000, "template": 1000, "purpose": 500}
MOST_LINES = 50  # of instructions: numbered, and with the longest title, they fit into one message
PAY_LIMIT = MAX_PAY // UNIT
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


def _read_options(raw: str) -> tuple[str, ...] | None:
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
    if amount > MAX_PAY:
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
    return read_checks(raw, VALUES, plain)


PARSERS: Mapping[str, Callable[[str], Parsed]] = {
    # It stands within lines of ours.
    "title": lambda raw: _text("title")(" ".join(filter(None, map(str.strip, raw.splitlines())))),
    "instructions": _instructions,
    "kind": _one_of(offered()),
    "options": _read_options,
    "question": questions.read_lines,
    "form": questions.read_json,
    "compare": read_wishes,
    "criteria": read_criteria,
    "reason": read_reason,
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


__all__ = ["FormError", "FormErrors", "FormatProblem", "ProjectForm", "read_caption", "read_value", "unclaimed"]

ALIASES = caption_words("keys")
SEVERAL_LINES = frozenset({"instructions", "template", "purpose", "form"})
ASKING = ("question", "form")
BESIDE = ("picture", "example")  # of the form: pictures, examples
REPEATED = ("question", "picture", "example")  # a line each; their numbers, `question 1`, are left out
FORM = next(kind for kind in kinds() if kind_of(kind).asks_questions)
FILES = ", ".join(each for each in kinds() if kind_of(each).are_files)
REQUIRED = ("title", "instructions", "pay")
_COMMAND = re.compile(r"\s*/newproject(?:@\w+)?(?=\s|$)[^\S\n]*", re.IGNORECASE)
_KEY = re.compile(r"\s*([^\W\d_][\w -]{0,30}?)\s*[:\uff1a]\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ProjectForm:
    """A project's form; `pay` in millionths of the currency unit; `languages` empty means all;
    `seconds` is the stated time of one answer, where it cannot be estimated; `ai` names columns with a model's answers,
    `ai_decides`: the models may decide alone where gold has shown it safe; `content` is what workers are warned of;
    `file` is the tasks' address, where they do not come with the caption, `media` that of a ZIP beside them;
    `adds`: tasks are added to a project. `who` are conditions of who is asked; `shuffled`: what is compared stands in
    another order for each worker. `checks` are what files are looked at for. `pictures` and `examples` stand beside the
    instructions. Without a `header` the file's first row is a task."""

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
    """Raises FormErrors with all problems; an amount with the sign of another currency is one."""
    command = _COMMAND.match(text)
    if not command:
        raise FormErrors((FormError("", shortened(text.partition("\n")[0]), "command"),))
    errors: list[FormError] = []
    return _formed(_written(text[command.end() :].splitlines(), errors), errors, currency)


def read_keys(written: Mapping[str, str], currency: str | None = None) -> ProjectForm:
    """The same keys as a program sends them, each with its value as a caption has it. Raises FormErrors."""
    unknown = [_unknown("", key, value) for key, value in written.items() if key and key not in PARSERS]
    return _formed({key: value for key, value in written.items() if key in PARSERS}, unknown, currency)


def _formed(written: Mapping[str, str], errors: list[FormError], currency: str | None) -> ProjectForm:
    values: dict[str, Parsed] = {}
    for key, raw in written.items():
        try:
            values[key] = read(key, raw, currency)
        except Flawed as flaw:
            errors.extend(_form_errors(key, flaw))
    errors.extend(FormError(key, "", "required") for key in REQUIRED if key not in written)
    errors.extend(_disagreements(values))
    if errors:
        raise FormErrors(tuple(errors))
    return _form(values)


def unclaimed(form: ProjectForm) -> tuple[FileWarning, ...]:
    """What the form asks for and will not get: its tasks close at their overlap."""
    alone = (FileWarning("may_decide_form", {}),) if form.ai_decides and kind_of(form.kind).asks_questions else ()
    if form.confidence is None and form.max_overlap > form.overlap:
        return (*alone, FileWarning("max_overlap_alone", {"overlap": form.overlap}))
    if form.confidence is None or kind_of(form.kind).claims_confidence:
        return alone
    return (*alone, FileWarning("no_confidence", {"kind": form.kind, "overlap": form.overlap}))


def read_value(key: str, raw: str, currency: str | None = None, kind: str = default_kind()) -> Parsed:
    """One key's value, as the wizard asks for them; `kind` is that of the answers. Raises FormErrors."""
    try:
        value = read(key, raw, currency)
    except Flawed as flaw:
        raise FormErrors(tuple(_form_errors(key, flaw))) from None
    if key == "options" and (few := tuple(_too_few(value, kind))):
        raise FormErrors(few)
    return value


def _form_errors(key: str, flaw: Flawed) -> Iterator[FormError]:
    for value, expected, facts in flaw.flaws:
        yield FormError(key, shortened(value), expected, facts)


def _written(lines: list[str], errors: list[FormError]) -> dict[str, str]:
    """Each key with its value, continued on the following lines where allowed."""
    written: dict[str, str] = {}
    current = ""
    lines = list(filter(str.strip, lines))
    known = {_split(line)[0] for line in lines}
    for line in lines:
        key, value = _split(line)
        if key in PARSERS:
            if key in written and key in REPEATED:
                written[key] += "\n" + value
            elif key in written:
                errors.append(FormError(key, shortened(value), "key_once"))
            written.setdefault(key, value)
            current = key
        elif current in SEVERAL_LINES and not _mistyped(key, known):
            written[current] += "\n" + line
        else:
            errors.append(_unknown(line, key, value))
    return written


def _split(line: str) -> tuple[str, str]:
    """A line's key in our own spelling, empty if it has none, and its value."""
    match = _KEY.fullmatch(line)
    if not match:
        return "", line.strip()
    folded = re.sub(r"[\s-]+", "_", plain(match[1]))
    bare = re.sub(r"_?\d+$", "", folded)
    folded = bare if ALIASES.get(bare, bare) in REPEATED else folded
    return ALIASES.get(folded, folded), match[2].strip()


def _mistyped(key: str, known: set[str]) -> bool:
    """Whether a line among the instructions was meant as a key that the caption has nowhere else."""
    near = [name for name in PARSERS if sorted(name) == sorted(key)]
    near = near or (get_close_matches(key, PARSERS, 1, 0.75) if key else [])
    return bool(near) and near[0] not in known


def _unknown(line: str, key: str, value: str) -> FormError:
    if not key:
        return FormError("", shortened(line.strip()), "key_value")
    near = get_close_matches(key, [*PARSERS, *ALIASES], 1, 0.0)
    suggestion = ALIASES.get(near[0], near[0]) if near else "title"
    return FormError(key, shortened(value), "known_key", {"suggestion": suggestion, "keys": tuple(PARSERS)})


def _disagreements(values: dict[str, Parsed]) -> Iterator[FormError]:
    overlap, most = values.get("overlap", 3), values.get("max_overlap")
    if isinstance(overlap, int) and isinstance(most, int) and most < overlap:
        yield FormError("max_overlap", str(most), "at_least_overlap", {"minimum": overlap})
    yield from _too_few(values.get("options"), str(values.get("kind", default_kind())))
    yield from _of_questions(values)
    yield from disagreements(values)
    yield from _of_examples(values)
    if values.get("checks") and not kind_of(str(values.get("kind", default_kind()))).are_files:
        yield FormError("checks", ", ".join(values["checks"]), "checks_alone", {"example": FILES})  # type: ignore[arg-type]


def _too_few(options: Parsed, kind: str) -> Iterator[FormError]:
    """The fewest options are a matter of the kind: one label is enough to draw with."""
    if isinstance(options, tuple) and len(options) < (fewest := kind_of(kind).fewest_options):
        yield FormError("options", shortened(", ".join(options)), "options_at_least", {"limit": fewest})


def _of_questions(values: dict[str, Parsed]) -> Iterator[FormError]:
    """Questions make a form, and a form is made of questions."""
    asks = [key for key in ASKING if key in values]
    if not asks and values.get("kind") == FORM:
        yield FormError("kind", FORM, "form_questions")
    if len(asks) > 1:
        yield FormError(ASKING[1], ASKING[0], "questions_one_way")
    for key in ("kind", "options") if asks else ():
        if values.get(key) not in (None, FORM):
            yield FormError(key, shortened(_listed(values[key])), "form_alone", {"example": key})


def _of_examples(values: dict[str, Parsed]) -> Iterator[FormError]:
    """Where the options are named; a file may bring them later."""
    examples, options = values.get("example"), values.get("options")
    if isinstance(examples, list) and isinstance(options, tuple):
        for wrong in impossible_examples(examples, str(values.get("kind", default_kind())), options):
            yield FormError("example", shortened(wrong), "one_of", {"options": options})


def _listed(value: Parsed) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _form(values: dict[str, Parsed]) -> ProjectForm:
    values.setdefault("max_overlap", values.get("overlap", 3))
    named = values.pop("ai", None) or ()
    if isinstance(named, tuple):
        values["ai"] = tuple(name for name in named if name != MAY_DECIDE)
        values["ai_decides"] = MAY_DECIDE in named
    for key in ASKING:
        if key in values:
            values |= {"kind": FORM, "options": values.pop(key)}
    values = arranged(values, FORM)
    for key in BESIDE:
        if key in values:
            values[f"{key}s"] = tuple(cast("list[str]", values.pop(key)))
    in_minutes = values.pop("minutes_per_task", None)
    values.setdefault("seconds", in_minutes)
    return ProjectForm(**values)  # type: ignore[arg-type]  # each parser gives its field's type
