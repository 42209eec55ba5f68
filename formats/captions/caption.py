"""The door for `/newproject` captions: lines of `key: value` → a project's form, or every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

from domain.answers import default_kind, kind_of, kinds
from domain.projects.authoring.worked_examples import WorkedExample, misfits
from formats.captions import fields, preferences
from formats.captions.flawed import Flawed
from formats.errors import FormatProblem, FormError, FormErrors, shortened
from formats.tables.table import FileWarning
from locales.languages import caption_words

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
    unknown = [_unknown("", key, value) for key, value in written.items() if key and key not in fields.PARSERS]
    return _formed({key: value for key, value in written.items() if key in fields.PARSERS}, unknown, currency)


def _formed(written: Mapping[str, str], errors: list[FormError], currency: str | None) -> ProjectForm:
    values: dict[str, fields.Parsed] = {}
    for key, raw in written.items():
        try:
            values[key] = fields.read(key, raw, currency)
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


def read_value(key: str, raw: str, currency: str | None = None, kind: str = default_kind()) -> fields.Parsed:
    """One key's value, as the wizard asks for them; `kind` is that of the answers. Raises FormErrors."""
    try:
        value = fields.read(key, raw, currency)
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
        if key in fields.PARSERS:
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
    folded = re.sub(r"[\s-]+", "_", fields.plain(match[1]))
    bare = re.sub(r"_?\d+$", "", folded)
    folded = bare if ALIASES.get(bare, bare) in REPEATED else folded
    return ALIASES.get(folded, folded), match[2].strip()


def _mistyped(key: str, known: set[str]) -> bool:
    """Whether a line among the instructions was meant as a key that the caption has nowhere else."""
    near = [name for name in fields.PARSERS if sorted(name) == sorted(key)]
    near = near or (get_close_matches(key, fields.PARSERS, 1, 0.75) if key else [])
    return bool(near) and near[0] not in known


def _unknown(line: str, key: str, value: str) -> FormError:
    if not key:
        return FormError("", shortened(line.strip()), "key_value")
    near = get_close_matches(key, [*fields.PARSERS, *ALIASES], 1, 0.0)
    suggestion = ALIASES.get(near[0], near[0]) if near else "title"
    return FormError(key, shortened(value), "known_key", {"suggestion": suggestion, "keys": tuple(fields.PARSERS)})


def _disagreements(values: dict[str, fields.Parsed]) -> Iterator[FormError]:
    overlap, most = values.get("overlap", 3), values.get("max_overlap")
    if isinstance(overlap, int) and isinstance(most, int) and most < overlap:
        yield FormError("max_overlap", str(most), "at_least_overlap", {"minimum": overlap})
    yield from _too_few(values.get("options"), str(values.get("kind", default_kind())))
    yield from _of_questions(values)
    yield from preferences.disagreements(values)
    yield from _of_examples(values)
    if values.get("checks") and not kind_of(str(values.get("kind", default_kind()))).are_files:
        yield FormError("checks", ", ".join(values["checks"]), "checks_alone", {"example": FILES})  # type: ignore[arg-type]


def _too_few(options: fields.Parsed, kind: str) -> Iterator[FormError]:
    """The fewest options are a matter of the kind: one label is enough to draw with."""
    if isinstance(options, tuple) and len(options) < (fewest := kind_of(kind).fewest_options):
        yield FormError("options", shortened(", ".join(options)), "options_at_least", {"limit": fewest})


def _of_questions(values: dict[str, fields.Parsed]) -> Iterator[FormError]:
    """Questions make a form, and a form is made of questions."""
    asks = [key for key in ASKING if key in values]
    if not asks and values.get("kind") == FORM:
        yield FormError("kind", FORM, "form_questions")
    if len(asks) > 1:
        yield FormError(ASKING[1], ASKING[0], "questions_one_way")
    for key in ("kind", "options") if asks else ():
        if values.get(key) not in (None, FORM):
            yield FormError(key, shortened(_listed(values[key])), "form_alone", {"example": key})


def _of_examples(values: dict[str, fields.Parsed]) -> Iterator[FormError]:
    """Where the options are named; a file may bring them later."""
    examples, options = values.get("example"), values.get("options")
    if isinstance(examples, list) and isinstance(options, tuple):
        for wrong in misfits(examples, str(values.get("kind", default_kind())), options):
            yield FormError("example", shortened(wrong), "one_of", {"options": options})


def _listed(value: fields.Parsed) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _form(values: dict[str, fields.Parsed]) -> ProjectForm:
    values.setdefault("max_overlap", values.get("overlap", 3))
    named = values.pop("ai", None) or ()
    if isinstance(named, tuple):
        values["ai"] = tuple(name for name in named if name != fields.MAY_DECIDE)
        values["ai_decides"] = fields.MAY_DECIDE in named
    for key in ASKING:
        if key in values:
            values |= {"kind": FORM, "options": values.pop(key)}
    values = preferences.arranged(values, FORM)
    for key in BESIDE:
        if key in values:
            values[f"{key}s"] = tuple(cast("list[str]", values.pop(key)))
    in_minutes = values.pop("minutes_per_task", None)
    values.setdefault("seconds", in_minutes)
    return ProjectForm(**values)  # type: ignore[arg-type]  # each parser gives its field's type
