"""The role of each column of a file: content, a reserved name, or one of Toloka's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from domain.answers import kind_of
from domain.handing_in import ShapesType, Surface
from domain.normalization import fold_case
from domain.projects.form_questions import questions_in
from domain.projects.tasks import AUDIO, PHOTO, VOICE, is_picture, is_strict, kind_of_column, split_candidates
from formats.errors import ErrorCollector, RowError, row_problem
from formats.tables.table import MAX_COLUMNS, FileTable, FileWarning, may_be_index

RESERVED_NAMES = ("gold", "reason", "overlap", "id")
AI, AI_CONFIDENCE = "ai", "ai_confidence"  # one model's answers; of several, as `ai:NAME`
MAX_MODELS = 10
QUESTION_GOLD_PREFIX = "gold:"  # what is known of one question of a form
TOLOKA_ROLES = {"hint:text": "reason", "task:overlap": "overlap", "task:id": "id"}
MAX_NAME_CHARS = 64


@dataclass(frozen=True, slots=True)
class AiWish:
    """The columns that a caption names as models' answers; `adds`: more tasks of a project, in which they may be
    missing."""

    columns: tuple[str, ...] = ()
    adds: bool = False

    @property
    def folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.columns}


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
    """Positions of columns in a row; `titles` are the header as it is written, for what people read; `golds` are
    the columns of gold answers to each question of a form."""

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


def read_columns(table: FileTable, ai: AiWish = NO_WISH, questions: Sequence[str] = ()) -> Columns:
    """Return the role of each column. `questions` are the names of a form's questions. Raise FileErrors naming
    every bad name of the header."""
    findings = ErrorCollector()
    if len(table.header) > MAX_COLUMNS:  # a million names are not looked at one by one
        findings.add(row_problem(table.line, "", str(len(table.header)), "columns_at_most", limit=MAX_COLUMNS))
        findings.raise_if_any()
    names = [name.strip() for name in table.header]
    roles = _assign_roles(names, ai, questions)
    _check_names(names, table, findings)
    _check_roles(names, roles, table.line, findings)
    _check_golds(names, roles, questions, table.line, findings)
    _check_ai(names, roles, wish=ai, questions=questions, line=table.line, findings=findings)
    findings.raise_if_any()
    reserved = {role: position for position, (role, _) in enumerate(roles) if role in RESERVED_NAMES}
    return Columns(
        titles=tuple(names),
        content=tuple((name, position) for position, (role, name) in enumerate(roles) if role == "content"),
        gold=reserved.get("gold"),
        reason=reserved.get("reason"),
        overlap=reserved.get("overlap"),
        id=reserved.get("id"),
        ignored=tuple(name for role, name in roles if role == "ignored"),
        ai=_ai_columns(roles, questions),
        golds=tuple((name, position) for position, (role, name) in enumerate(roles) if role == QUESTION_GOLD_PREFIX),
    )


def _assign_roles(names: Sequence[str], ai: AiWish, questions: Sequence[str]) -> list[tuple[str, str]]:
    """Return (role, name in that role) for each column."""
    is_toloka = any(name.casefold().startswith("input:") for name in names)
    return [
        _question_role(name, questions) or _ai_role(name, ai, questions) or _plain_role(name, is_toloka)
        for name in names
    ]


def _question_role(name: str, questions: Sequence[str]) -> tuple[str, str] | None:
    """Return the role of `gold:NAME`, and of Toloka's `GOLDEN:NAME`, or None for other names; a question that is
    unknown is kept for the error."""
    prefix, colon, question = (part.strip() for part in name.partition(":"))
    if not questions or not colon or prefix.casefold() not in ("gold", "golden"):
        return None
    return QUESTION_GOLD_PREFIX, next(
        (candidate for candidate in questions if candidate.casefold() == question.casefold()), question
    )


def _check_golds(
    names: list[str], roles: list[tuple[str, str]], questions: Sequence[str], line: int, findings: ErrorCollector
) -> None:
    for name, (role, question) in zip(names, roles, strict=True):
        if (role == QUESTION_GOLD_PREFIX and question not in questions) or (role == "gold" and questions):
            findings.add(
                row_problem(
                    line, name, name, "gold_column", columns=tuple(f"gold:{candidate}" for candidate in questions)
                )
            )


def _ai_role(name: str, wish: AiWish, questions: Sequence[str]) -> tuple[str, str] | None:
    """Return the role of a column with a model's answers or their confidence, or None for other names: `ai`,
    `ai:NAME` and what the caption names; `ai_confidence`, `ai_confidence:NAME` or `_confidence` behind the name. In
    a form the question stands last: `ai:QUESTION`, `ai:NAME:QUESTION`."""
    bare_name = name.partition(":")[2].strip() if name.casefold().startswith("input:") else name
    prefix, colon, model = (part.strip() for part in name.partition(":"))
    if prefix.casefold() in (AI, AI_CONFIDENCE) and (model or not colon):
        return prefix.casefold(), ":".join(part.strip() for part in model.split(":"))
    bare_name, colon, question = (
        (part.strip() for part in bare_name.partition(":")) if questions else (bare_name, "", "")
    )
    if (folded_name := bare_name.casefold()) in wish.folded:
        return AI, f"{wish.folded[folded_name]}{colon}{question}"
    base_name = folded_name.removesuffix("_confidence")
    return (
        (AI_CONFIDENCE, f"{wish.folded[base_name]}{colon}{question}")
        if base_name != folded_name and base_name in wish.folded
        else None
    )


def _split_ai_name(ai_name: str, questions: Sequence[str]) -> tuple[str, str] | None:
    """Return the model and the question that the name stands for, or None if a form has no such question."""
    if not questions:
        return ai_name, ""
    if len(ai_name) > MAX_NAME_CHARS:  # refused as a name
        return None
    parts, questions_by_name = ai_name.split(":"), {item.casefold(): item for item in questions}
    candidates = (
        (":".join(parts[:position]), questions_by_name.get(":".join(parts[position:]).casefold()))
        for position in range(len(parts))
    )
    return next(((model, question) for model, question in candidates if question is not None), None)


def _ai_columns(roles: list[tuple[str, str]], questions: Sequence[str]) -> tuple[AiColumn, ...]:
    confidences = {
        ai_name.casefold(): position for position, (role, ai_name) in enumerate(roles) if role == AI_CONFIDENCE
    }
    ai_columns, models = list[AiColumn](), dict[str, str]()
    for position, (role, ai_name) in enumerate(roles):
        if role == AI and (model_and_question := _split_ai_name(ai_name, questions)):
            model = models.setdefault(model_and_question[0].casefold(), model_and_question[0])  # as it is written first
            ai_columns.append(AiColumn(model, position, confidences.get(ai_name.casefold()), model_and_question[1]))
    return tuple(ai_columns)


def _check_ai(
    names: list[str],
    roles: list[tuple[str, str]],
    wish: AiWish,
    questions: Sequence[str],
    line: int,
    findings: ErrorCollector,
) -> None:
    answer_names = [ai_name.casefold() for role, ai_name in roles if role == AI]
    models = {column.model.casefold() for column in _ai_columns(roles, questions)}
    for name, (role, ai_name) in zip(names, roles, strict=True):
        if role in (AI, AI_CONFIDENCE) and _split_ai_name(ai_name, questions) is None:
            findings.add(
                row_problem(
                    line, name, name, "ai_questions", columns=tuple(f"{AI}:{question}" for question in questions)
                )
            )
        elif role == AI_CONFIDENCE and ai_name.casefold() not in answer_names:
            findings.add(row_problem(line, name, name, "ai_column", wanted=f"{AI}:{ai_name}" if ai_name else AI))
    for name in () if wish.adds else wish.columns:
        if name.casefold() not in (*models, AI):
            findings.add(row_problem(line, AI, name, "known_column", columns=tuple(names)))
    if len(models) > MAX_MODELS:
        findings.add(row_problem(line, AI, str(len(models)), "ai_models_at_most", limit=MAX_MODELS))


def _plain_role(name: str, is_toloka: bool) -> tuple[str, str]:
    folded = name.casefold()
    if folded in RESERVED_NAMES:
        return folded, name
    if not is_toloka:
        return "content", name
    if folded.startswith("golden:"):
        return "gold", name
    if folded.startswith("input:"):
        return "content", name.partition(":")[2].strip()
    return TOLOKA_ROLES.get(folded, "ignored"), name


def _check_names(names: list[str], table: FileTable, findings: ErrorCollector) -> None:
    first_positions, line = dict[str, int](), table.line
    for position, name in enumerate(names, start=1):
        if not name:
            is_index = position == 1 and may_be_index(table)
            findings.add(row_problem(line, str(position), name, "column_name_index" if is_index else "column_name"))
        elif len(name) > MAX_NAME_CHARS or any(character in name for character in "{}\0\n\r"):
            findings.add(row_problem(line, str(position), name, "column_name_plain", limit=MAX_NAME_CHARS))
        elif name.casefold() in first_positions:
            findings.add(
                row_problem(line, str(position), name, "column_name_once", first=first_positions[name.casefold()])
            )
        first_positions.setdefault(name.casefold(), position)


def _check_roles(names: list[str], roles: list[tuple[str, str]], line: int, findings: ErrorCollector) -> None:
    for role, name, first_name in _iter_repeated_roles(names, roles):
        findings.add(
            row_problem(line, name, name, "one_gold_column" if role == "gold" else "column_name_once", first=first_name)
        )
    if not any(role == "content" for role, _ in roles):
        findings.add(row_problem(line, "", ", ".join(names), "content_column"))


def _iter_repeated_roles(names: list[str], roles: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield (role, name, first name) of columns with different names and one meaning, as `gold` and `GOLDEN:result`."""
    first_names: dict[tuple[str, str], str] = {}
    for name, (role, name_in_role) in zip(names, roles, strict=True):
        key = (
            role,
            name_in_role.casefold() if role in ("content", "ignored", AI, AI_CONFIDENCE, QUESTION_GOLD_PREFIX) else "",
        )
        if key in first_names and first_names[key].casefold() != name.casefold():
            yield role, name, first_names[key]
        first_names.setdefault(key, name)


TEXT = "text"
USUAL_NAMES = (TEXT, "image", "audio")
QUESTION_NAMES = frozenset(
    {"question", "prompt", "query", "instruction"}
)  # what is asked about a picture, where no text is
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """Return the names of the columns that a template shows, in order."""
    return tuple(name.strip() for name in _PLACEHOLDER.findall(template))


def render(template: str, content: Mapping[str, str]) -> str:
    """Return the message of a task; unknown placeholders stay as they are written."""
    return _PLACEHOLDER.sub(lambda match: content.get(match.group(1).strip(), match.group()), template)


def message_length(message: str) -> int:
    """Return the message's length as Telegram counts it: in UTF-16 code units."""
    return len(message.encode("utf-16-le", "surrogatepass")) // 2


def choose_template(template: str | None, columns: tuple[str, ...], line: int, findings: ErrorCollector) -> str:
    """Return the given template in the columns' own spelling, or the usual one. Add an error for a template with
    unknown columns, and if no columns are usual."""
    by_name = {name.casefold(): name for name in columns}
    if template and template.strip():
        return _check_template(template, by_name, columns, line, findings)
    usual_columns = _usual_columns(columns)
    if not usual_columns:
        findings.add(row_problem(line, "template", "", "template", columns=columns, example=columns[0]))
    return "\n".join(f"{{{name}}}" for name in usual_columns)


def text_columns(columns: Sequence[str]) -> list[str]:
    """Return the column `text`, or else the columns that ask something."""
    text = [name for name in columns if name.casefold() == TEXT]
    return text or [name for name in columns if name.casefold() in QUESTION_NAMES]


def warn_of_unshown(message: str, columns: tuple[str, ...]) -> list[FileWarning]:
    """Return a warning that names the columns which a usual template does not show, and a template that shows them."""
    unshown_columns = tuple(name for name in columns if name not in placeholders(message))
    if not unshown_columns or not message:
        return []
    lines = (*message.split("\n"), *(f"{{{name}}}" for name in unshown_columns))
    return [FileWarning("columns_unshown", {"columns": unshown_columns, "template": " ".join(lines)})]


def warn_of_bare_pictures(message: str, content: Mapping[str, str], compared: Sequence[str]) -> list[FileWarning]:
    """Return a warning that names the columns whose pictures workers would see as bare addresses, by one row; what is
    `compared` is shown as pictures if each line of the template holds one."""
    text, _ = split_candidates(render(message, content), compared)
    cells = {name: content.get(name, "").strip() for name in placeholders(message) if kind_of_column(name) is None}
    bare_columns = tuple(name for name, cell in cells.items() if is_picture(cell) and cell in text)
    return [FileWarning("pictures_as_links", {"columns": bare_columns})] if bare_columns else []


def _usual_columns(columns: tuple[str, ...]) -> list[str]:
    """Return the only column; or, if one is called `text`, `image` or `audio`, the text and then all pictures and
    sounds; else []."""
    if len(columns) == 1:
        return list(columns)
    if not any(name.casefold() in USUAL_NAMES for name in columns):
        return []
    return text_columns(columns) + [name for name in columns if is_strict(name)]


def _check_template(
    template: str, by_name: Mapping[str, str], columns: tuple[str, ...], line: int, findings: ErrorCollector
) -> str:
    """Return the template in the columns' own spelling. Add errors for unknown columns, and for a template without
    columns."""
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
CONTEXT_NAMES = QUESTION_NAMES | {*USUAL_NAMES, "context", "title", "source", "input"}
_DISTINGUISHING_END = re.compile(r"(?:^|[\W_])[a-z]$|[\W_]*\d+$")

PAIR_SIZE = 2
TIE_GOLD = "tie"  # gold that names neither
_MEDIA_BY_SURFACE = {Surface.PICTURE: (PHOTO,), Surface.SOUND: (AUDIO, VOICE)}

OptionsAndTemplate = tuple[tuple[str, ...] | None, str | None]
"""Options and template; None where nothing can be assumed."""


def choose_options(
    table: FileTable, layout: Columns, kind: str, options: tuple[str, ...] | None, template: str | None
) -> OptionsAndTemplate:
    """Return the options and template of a project whose caption may leave them out; None for what cannot be
    assumed."""
    options = options or kind_of(kind).usual_options or options
    answer_type, has_template = (
        kind_of(kind).answer_type(options or ()),
        template is not None and bool(template.strip()),
    )
    if isinstance(answer_type, ShapesType) and not has_template:
        return options, _drawing_template(layout.names, answer_type.on)
    answer_kind = kind_of(kind)
    options = answer_kind.arrange_options(options) if options else options
    if not (
        answer_kind.options_are_columns
        or answer_kind.get_compared_labels(options or ())
        or answer_kind.needs_names(options)
    ):
        return options, template
    if answer_kind.needs_names(options):
        labels, chosen_template = _options_from_columns(table, layout, template, _compared_count(kind, options))
        return answer_kind.name_options(options, labels) if labels else options, chosen_template
    if template is None or not template.strip():
        return options, _template_of_options(layout.names, answer_kind.get_compared_labels(options or ()))
    return options, template


def _compared_count(kind: str, options: tuple[str, ...] | None) -> int | None:
    """Return how many columns are compared, or None if any number may be."""
    graded = any(question.answered_by.is_graded for question in questions_in(kind, options))
    return PAIR_SIZE if graded or kind_of(kind).is_graded else None


def _drawing_template(names: Sequence[str], surface: Surface) -> str | None:
    """Return a template with the picture or sound and the text beside it, of passages with the text alone; None
    without such a column."""
    text = [name for name in text_columns(names) if surface in _MEDIA_BY_SURFACE or name.casefold() == TEXT][:1]
    media = [name for name in names if kind_of_column(name) in _MEDIA_BY_SURFACE.get(surface, ())][:1]
    columns = [*media, *text] if media or surface not in _MEDIA_BY_SURFACE else []
    return "\n".join(f"{{{name}}}" for name in columns) or None


def _template_of_options(names: Sequence[str], options: tuple[str, ...]) -> str | None:
    """Return a template with the columns that the options name, or with as many columns as there are options, in
    order; else None."""
    by_name = {fold_case(name): name for name in names}
    option_columns = [by_name.get(fold_case(option)) for option in options]
    if all(option_columns):
        return _comparison_template(names, [name for name in option_columns if name], options)
    compared_columns = next(
        (candidates for candidates in (list(names), _candidates(names)) if len(candidates) == len(options)), None
    )
    return _comparison_template(names, compared_columns, options) if compared_columns else None


def _options_from_columns(
    table: FileTable, layout: Columns, template: str | None, wanted_count: int | None
) -> OptionsAndTemplate:
    """Return the labels of the compared columns, `wanted_count` of them (None: two or more): their labels in the
    template, their names or A, B, …; and the template. Return no options if the columns are too few or too many, or
    if gold names something else."""
    has_template = template is not None and bool(template.strip())
    by_name = {fold_case(name): name for name in layout.names}
    compared_columns = [by_name[fold_case(name)] for name in placeholders(template or "") if fold_case(name) in by_name]
    if not has_template:
        compared_columns = _candidates(layout.names)
    elif wanted_count and len(compared_columns) > wanted_count:
        compared_columns = _candidates(compared_columns)
    elif not wanted_count:
        compared_columns = _ranked_columns(compared_columns, _gold_candidates(table, layout))
    if not 2 <= len(compared_columns) <= (wanted_count or len(ascii_uppercase)):
        return None, template
    names, letters, gold = (
        tuple(compared_columns),
        tuple(ascii_uppercase[: len(compared_columns)]),
        _gold_candidates(table, layout),
    )
    labels_by_column = {name: label for label, name in re.findall(r"(?m)^(.+?): \{([^{}]+)\}$", template or "")}
    template_labels = tuple(labels_by_column[name] for name in compared_columns if name in labels_by_column)
    named_labels = (template_labels, names) if len(set(template_labels)) == len(names) else (names,)
    for labels in (*named_labels, letters) if has_template else (letters, names):
        if gold <= set(map(fold_case, labels)):
            return labels, template if has_template else _comparison_template(layout.names, compared_columns, labels)
    return None, template


def _ranked_columns(template_columns: list[str], gold: set[str]) -> list[str]:
    """Return the columns of a written template that are ranked: those called by one letter, else those that ask
    nothing; all of them if that leaves fewer than two, or if gold names another."""
    letters = [name for name in template_columns if len(name) == 1]
    other_columns = [name for name in template_columns if name.casefold() not in CONTEXT_NAMES]
    for ranked_columns in (letters, other_columns):
        if len(ranked_columns) >= PAIR_SIZE and not gold & {
            fold_case(name) for name in template_columns if name not in ranked_columns
        }:
            return ranked_columns
    return template_columns


def _candidates(names: Sequence[str]) -> list[str]:
    """Return columns that belong together by their names, as answer_a and answer_b; else those that ask nothing;
    else all."""
    columns_by_stem: dict[str, list[str]] = {}
    for name in names:
        if match := _DISTINGUISHING_END.search(name.casefold()):
            columns_by_stem.setdefault(name.casefold()[: match.start()], []).append(name)
    related = max(columns_by_stem.values(), key=len, default=[])
    not_asking = [name for name in names if name.casefold() not in CONTEXT_NAMES]
    return next((group for group in (related, not_asking) if len(group) > 1), list(names))


def _comparison_template(names: Sequence[str], compared: Sequence[str], labels: Sequence[str]) -> str:
    """Return a template with the row's other columns first, then each compared column behind its label."""
    other_columns = [f"{{{name}}}" for name in names if name not in compared]
    return "\n\n".join(
        [*other_columns, *(f"{label}: {{{name}}}" for label, name in zip(labels, compared, strict=True))]
    )


def _gold_candidates(table: FileTable, layout: Columns) -> set[str]:
    """Return the normalized name of every candidate that a gold answer names."""
    position = layout.gold
    if position is None:
        return set()
    rows = (row[1] for row in table.rows() if not isinstance(row, RowError))
    words = (word for cells in rows for word in re.split(r"[|>=]", cells[position]))
    return {fold_case(word) for word in words if word.strip()} - {fold_case(TIE_GOLD)}
