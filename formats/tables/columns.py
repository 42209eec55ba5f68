"""The role of each column of a file: content, a reserved name, or one of Toloka's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from domain.answers import kind_of
from domain.handing_in import ShapesType, Surface
from domain.normalization import same
from domain.projects.form_questions import questions_in
from domain.projects.tasks import (
    AUDIO,
    PHOTO,
    VOICE,
    is_picture,
    is_strict,
    kind_of_column,
    split_candidates,
)
from formats.errors import ErrorCollector, RowError, row_problem
from formats.tables.table import (
    MAX_COLUMNS,
    FileWarning,
    Table,
    may_be_index,
)

RESERVED = ("gold", "reason", "overlap", "id")
AI, AI_CONFIDENCE = "ai", "ai_confidence"  # one model's answers; of several, as `ai:NAME`
MOST_MODELS = 10
GOLD_OF = "gold:"  # what is known of one question of a form
TOLOKA = {"hint:text": "reason", "task:overlap": "overlap", "task:id": "id"}
MAX_NAME = 64


@dataclass(frozen=True, slots=True)
class AiWish:
    """The columns that a caption names as a model's answers; `adds`: they may be missing in more tasks of a project."""

    named: tuple[str, ...] = ()
    adds: bool = False

    @property
    def folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.named}


NO_WISH = AiWish()


@dataclass(frozen=True, slots=True)
class AiColumn:
    """The positions of one model's answers and of their confidence; `model` is empty for the column `ai`.
    `question`: of a form, the one that is answered."""

    model: str
    answer: int
    confidence: int | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions in a row; `titles` are the header as it is written, for what people read; `golds` are those of what is
    known of each question of a form."""

    titles: tuple[str, ...]
    content: tuple[tuple[str, int], ...]
    gold: int | None
    reason: int | None
    overlap: int | None
    id: int | None
    ignored: tuple[str, ...]
    ai: tuple[AiColumn, ...] = ()
    golds: tuple[tuple[str, int], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.content)

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        return (FileWarning("columns_ignored", {"columns": self.ignored}),) if self.ignored else ()


def columns(table: Table, ai: AiWish = NO_WISH, questions: Sequence[str] = ()) -> Columns:
    """Raises FileErrors naming every bad name of the header. `questions` are the names of those of a form."""
    findings = ErrorCollector()
    if len(table.header) > MAX_COLUMNS:  # a million names are not looked at one by one
        findings.add(row_problem(table.line, "", str(len(table.header)), "columns_at_most", limit=MAX_COLUMNS))
        findings.raise_if_any()
    names = [name.strip() for name in table.header]
    toloka = any(name.casefold().startswith("input:") for name in names)
    roles = [_question_role(name, questions) or _ai_role(name, ai, questions) or _role(name, toloka) for name in names]
    _check_names(names, table, findings)
    _check_roles(names, roles, table.line, findings)
    _check_golds(names, roles, questions, table.line, findings)
    _check_ai(names, roles, ai, questions, table.line, findings)
    findings.raise_if_any()
    reserved = {role: at for at, (role, _) in enumerate(roles) if role in RESERVED}
    return Columns(
        titles=tuple(names),
        content=tuple((name, at) for at, (role, name) in enumerate(roles) if role == "content"),
        gold=reserved.get("gold"),
        reason=reserved.get("reason"),
        overlap=reserved.get("overlap"),
        id=reserved.get("id"),
        ignored=tuple(name for role, name in roles if role == "ignored"),
        ai=_ai_columns(roles, questions),
        golds=tuple((name, at) for at, (role, name) in enumerate(roles) if role == GOLD_OF),
    )


def _question_role(name: str, questions: Sequence[str]) -> tuple[str, str] | None:
    """`gold:NAME`, and Toloka's `GOLDEN:NAME`; a name that no question has is kept for the error."""
    first, colon, of = (part.strip() for part in name.partition(":"))
    if not questions or not colon or first.casefold() not in ("gold", "golden"):
        return None
    return GOLD_OF, next((each for each in questions if each.casefold() == of.casefold()), of)


def _check_golds(
    names: list[str], roles: list[tuple[str, str]], questions: Sequence[str], line: int, findings: ErrorCollector
) -> None:
    for name, (role, of) in zip(names, roles, strict=True):
        if (role == GOLD_OF and of not in questions) or (role == "gold" and questions):
            findings.add(
                row_problem(line, name, name, "gold_column", columns=tuple(f"gold:{each}" for each in questions))
            )


def _ai_role(name: str, wish: AiWish, questions: Sequence[str]) -> tuple[str, str] | None:
    """`ai`, `ai:NAME` and what the caption names; their confidence is `ai_confidence`, `ai_confidence:NAME` or behind
    the name. In a form the question stands last: `ai:QUESTION`, `ai:NAME:QUESTION`."""
    bare = name.partition(":")[2].strip() if name.casefold().startswith("input:") else name
    first, colon, model = (part.strip() for part in name.partition(":"))
    if first.casefold() in (AI, AI_CONFIDENCE) and (model or not colon):
        return first.casefold(), ":".join(part.strip() for part in model.split(":"))
    bare, colon, question = (part.strip() for part in bare.partition(":")) if questions else (bare, "", "")
    if (folded := bare.casefold()) in wish.folded:
        return AI, f"{wish.folded[folded]}{colon}{question}"
    of = folded.removesuffix("_confidence")
    return (AI_CONFIDENCE, f"{wish.folded[of]}{colon}{question}") if of != folded and of in wish.folded else None


def _told_by(meant: str, questions: Sequence[str]) -> tuple[str, str] | None:
    """The model and the question; None where a form has no such question."""
    if not questions:
        return meant, ""
    if len(meant) > MAX_NAME:  # refused as a name
        return None
    parts, names = meant.split(":"), {each.casefold(): each for each in questions}
    found = ((":".join(parts[:at]), names.get(":".join(parts[at:]).casefold())) for at in range(len(parts)))
    return next(((model, question) for model, question in found if question is not None), None)


def _ai_columns(roles: list[tuple[str, str]], questions: Sequence[str]) -> tuple[AiColumn, ...]:
    sure = {meant.casefold(): at for at, (role, meant) in enumerate(roles) if role == AI_CONFIDENCE}
    told, models = list[AiColumn](), dict[str, str]()
    for at, (role, meant) in enumerate(roles):
        if role == AI and (found := _told_by(meant, questions)):
            model = models.setdefault(found[0].casefold(), found[0])  # as it is written first
            told.append(AiColumn(model, at, sure.get(meant.casefold()), found[1]))
    return tuple(told)


def _check_ai(
    names: list[str],
    roles: list[tuple[str, str]],
    wish: AiWish,
    questions: Sequence[str],
    line: int,
    findings: ErrorCollector,
) -> None:
    answered = [meant.casefold() for role, meant in roles if role == AI]
    models = {column.model.casefold() for column in _ai_columns(roles, questions)}
    for name, (role, meant) in zip(names, roles, strict=True):
        if role in (AI, AI_CONFIDENCE) and _told_by(meant, questions) is None:
            findings.add(row_problem(line, name, name, "ai_questions", columns=tuple(f"{AI}:{e}" for e in questions)))
        elif role == AI_CONFIDENCE and meant.casefold() not in answered:
            findings.add(row_problem(line, name, name, "ai_column", wanted=f"{AI}:{meant}" if meant else AI))
    for name in () if wish.adds else wish.named:
        if name.casefold() not in (*models, AI):
            findings.add(row_problem(line, AI, name, "known_column", columns=tuple(names)))
    if len(models) > MOST_MODELS:
        findings.add(row_problem(line, AI, str(len(models)), "ai_models_at_most", limit=MOST_MODELS))


def _role(name: str, toloka: bool) -> tuple[str, str]:
    folded = name.casefold()
    if folded in RESERVED:
        return folded, name
    if not toloka:
        return "content", name
    if folded.startswith("golden:"):
        return "gold", name
    if folded.startswith("input:"):
        return "content", name.partition(":")[2].strip()
    return TOLOKA.get(folded, "ignored"), name


def _check_names(names: list[str], table: Table, findings: ErrorCollector) -> None:
    first, line = dict[str, int](), table.line
    for at, name in enumerate(names, start=1):
        if not name:
            is_index = at == 1 and may_be_index(table)
            findings.add(row_problem(line, str(at), name, "column_name_index" if is_index else "column_name"))
        elif len(name) > MAX_NAME or any(character in name for character in "{}\0\n\r"):
            findings.add(row_problem(line, str(at), name, "column_name_plain", limit=MAX_NAME))
        elif name.casefold() in first:
            findings.add(row_problem(line, str(at), name, "column_name_once", first=first[name.casefold()]))
        first.setdefault(name.casefold(), at)


def _check_roles(names: list[str], roles: list[tuple[str, str]], line: int, findings: ErrorCollector) -> None:
    for role, name, first in _twice(names, roles):
        findings.add(
            row_problem(line, name, name, "one_gold_column" if role == "gold" else "column_name_once", first=first)
        )
    if not any(role == "content" for role, _ in roles):
        findings.add(row_problem(line, "", ", ".join(names), "content_column"))


def _twice(names: list[str], roles: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Columns of different names with one meaning, as `gold` and `GOLDEN:result`."""
    seen: dict[tuple[str, str], str] = {}
    for name, (role, meant) in zip(names, roles, strict=True):
        key = (role, meant.casefold() if role in ("content", "ignored", AI, AI_CONFIDENCE, GOLD_OF) else "")
        if key in seen and seen[key].casefold() != name.casefold():
            yield role, name, seen[key]
        seen.setdefault(key, name)


TEXT = "text"
USUAL = (TEXT, "image", "audio")
ASKED = frozenset({"question", "prompt", "query", "instruction"})  # what is asked about a picture, where no text is
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The columns a template shows, in order."""
    return tuple(name.strip() for name in _PLACEHOLDER.findall(template))


def render(template: str, content: Mapping[str, str]) -> str:
    """The message of a task; unknown placeholders stay as they are written."""
    return _PLACEHOLDER.sub(lambda match: content.get(match.group(1).strip(), match.group()), template)


def length(message: str) -> int:
    """As Telegram counts: in UTF-16 code units."""
    return len(message.encode("utf-16-le", "surrogatepass")) // 2


def chosen(template: str | None, columns: tuple[str, ...], line: int, findings: ErrorCollector) -> str:
    """The template given, in the columns' own spelling, or the one that needs no saying."""
    by_name = {name.casefold(): name for name in columns}
    if template and template.strip():
        return _checked(template, by_name, columns, line, findings)
    shown = _usual(columns)
    if not shown:
        findings.add(row_problem(line, "template", "", "template", columns=columns, example=columns[0]))
    return "\n".join(f"{{{name}}}" for name in shown)


def words_of(columns: Sequence[str]) -> list[str]:
    """The column `text`, else those that ask something."""
    text = [name for name in columns if name.casefold() == TEXT]
    return text or [name for name in columns if name.casefold() in ASKED]


def unshown(message: str, columns: tuple[str, ...]) -> list[FileWarning]:
    """Of a template that nobody wrote: which columns workers do not see, and what shows them."""
    left = tuple(name for name in columns if name not in placeholders(message))
    if not left or not message:
        return []
    lines = (*message.split("\n"), *(f"{{{name}}}" for name in left))
    return [FileWarning("columns_unshown", {"columns": left, "template": " ".join(lines)})]


def unpictured(message: str, content: Mapping[str, str], compared: Sequence[str]) -> list[FileWarning]:
    """Return a warning that names the columns whose pictures workers would see as bare addresses, by one row; what is
    `compared` is shown as pictures where each line of the template holds one."""
    text, _ = split_candidates(render(message, content), compared)
    cells = {name: content.get(name, "").strip() for name in placeholders(message) if kind_of_column(name) is None}
    bare = tuple(name for name, cell in cells.items() if is_picture(cell) and cell in text)
    return [FileWarning("pictures_as_links", {"columns": bare})] if bare else []


def _usual(columns: tuple[str, ...]) -> list[str]:
    """The only column; where one is called `text`, `image` or `audio`, the words and then all pictures and sounds."""
    if len(columns) == 1:
        return list(columns)
    if not any(name.casefold() in USUAL for name in columns):
        return []
    return words_of(columns) + [name for name in columns if is_strict(name)]


def _checked(
    template: str, by_name: Mapping[str, str], columns: tuple[str, ...], line: int, findings: ErrorCollector
) -> str:
    if template.strip().casefold() in by_name:
        return f"{{{by_name[template.strip().casefold()]}}}"
    names = placeholders(template)
    if not names:
        findings.add(row_problem(line, "template", template, "placeholder", columns=columns))
    for name in names:
        if name.casefold() not in by_name:
            findings.add(row_problem(line, "template", f"{{{name}}}", "known_column", columns=columns))
    return _PLACEHOLDER.sub(lambda match: f"{{{by_name.get(match[1].strip().casefold(), match[1])}}}", template)


# What is asked, or what it is asked about.
ASKING = ASKED | {*USUAL, "context", "title", "source", "input"}
_LAST = re.compile(r"(?:^|[\W_])[a-z]$|[\W_]*\d+$")

PAIR = 2
TIE = "tie"  # gold that names neither
_MEDIA = {Surface.PICTURE: (PHOTO,), Surface.SOUND: (AUDIO, VOICE)}

Chosen = tuple[tuple[str, ...] | None, str | None]
"""Options and template; None where nothing can be assumed."""


def choose_options(
    table: Table, layout: Columns, kind: str, options: tuple[str, ...] | None, template: str | None
) -> Chosen:
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
    graded = any(each.answered_by.is_graded for each in questions_in(kind, options))
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
