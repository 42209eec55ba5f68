"""The role of each column of a file: content, a reserved name, or one of Toloka's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formats.errors import Findings, problem
from formats.tables.table import MAX_COLUMNS, FileWarning, Table, may_be_index

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
    findings = Findings()
    if len(table.header) > MAX_COLUMNS:  # a million names are not looked at one by one
        findings.add(problem(table.line, "", str(len(table.header)), "columns_at_most", limit=MAX_COLUMNS))
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
    names: list[str], roles: list[tuple[str, str]], questions: Sequence[str], line: int, findings: Findings
) -> None:
    for name, (role, of) in zip(names, roles, strict=True):
        if (role == GOLD_OF and of not in questions) or (role == "gold" and questions):
            findings.add(problem(line, name, name, "gold_column", columns=tuple(f"gold:{each}" for each in questions)))


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
    findings: Findings,
) -> None:
    answered = [meant.casefold() for role, meant in roles if role == AI]
    models = {column.model.casefold() for column in _ai_columns(roles, questions)}
    for name, (role, meant) in zip(names, roles, strict=True):
        if role in (AI, AI_CONFIDENCE) and _told_by(meant, questions) is None:
            findings.add(problem(line, name, name, "ai_questions", columns=tuple(f"{AI}:{e}" for e in questions)))
        elif role == AI_CONFIDENCE and meant.casefold() not in answered:
            findings.add(problem(line, name, name, "ai_column", wanted=f"{AI}:{meant}" if meant else AI))
    for name in () if wish.adds else wish.named:
        if name.casefold() not in (*models, AI):
            findings.add(problem(line, AI, name, "known_column", columns=tuple(names)))
    if len(models) > MOST_MODELS:
        findings.add(problem(line, AI, str(len(models)), "ai_models_at_most", limit=MOST_MODELS))


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


def _check_names(names: list[str], table: Table, findings: Findings) -> None:
    first, line = dict[str, int](), table.line
    for at, name in enumerate(names, start=1):
        if not name:
            is_index = at == 1 and may_be_index(table)
            findings.add(problem(line, str(at), name, "column_name_index" if is_index else "column_name"))
        elif len(name) > MAX_NAME or any(character in name for character in "{}\0\n\r"):
            findings.add(problem(line, str(at), name, "column_name_plain", limit=MAX_NAME))
        elif name.casefold() in first:
            findings.add(problem(line, str(at), name, "column_name_once", first=first[name.casefold()]))
        first.setdefault(name.casefold(), at)


def _check_roles(names: list[str], roles: list[tuple[str, str]], line: int, findings: Findings) -> None:
    for role, name, first in _twice(names, roles):
        findings.add(
            problem(line, name, name, "one_gold_column" if role == "gold" else "column_name_once", first=first)
        )
    if not any(role == "content" for role, _ in roles):
        findings.add(problem(line, "", ", ".join(names), "content_column"))


def _twice(names: list[str], roles: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Columns of different names with one meaning, as `gold` and `GOLDEN:result`."""
    seen: dict[tuple[str, str], str] = {}
    for name, (role, meant) in zip(names, roles, strict=True):
        key = (role, meant.casefold() if role in ("content", "ignored", AI, AI_CONFIDENCE, GOLD_OF) else "")
        if key in seen and seen[key].casefold() != name.casefold():
            yield role, name, seen[key]
        seen.setdefault(key, name)
