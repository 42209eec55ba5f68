"""The columns of result tables: results have a row a task, submissions a row a submission.

Behind the promised columns of results stand ours, which other tools' formats leave out: the kind's scores, such as
the interval of a number, the live consensus of the time the task was open, and the votes: gold answer, crowd's answer
there, number of “can't tell”, votes for each option; last what each model answered, and whether it agrees with the
consensus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.handing_in import AnswerType, ExportType, FormType

RESULT_COLUMNS = ("consensus", "confidence", "submissions", "state")
LIVE_COLUMNS = ("live", "live_confidence")
CROWD_COLUMNS = ("gold", "crowd", "cant_tell")
AI_COLUMNS = ("ai", "ai_confidence", "ai_agrees")
VOTES_PREFIX = "votes: "  # begins the name of an option's column
POSITION = "position"
TASK_COLUMNS = ("gold", "overlap", "state", "submissions")
SUBMISSION_COLUMNS = ("worker", "answer", "gold", "seconds", "state", "submitted_at")
QUESTION_PREFIXES = ("answer:", "gold:")  # begin the columns of a form's questions behind a submission
ORDER = "order"  # behind a submission: in which order its worker saw what is compared
VERSION = "instructions_version"  # behind a submission: of what its worker had read
MEDIA_COLUMNS = ("worker", "file", "note", "seconds", "state", "submitted_at")
_CONTENT_PREFIX = "INPUT:"


@dataclass(frozen=True, slots=True)
class TableShape:
    """The layout of a results or submissions table: `content` names the columns between `task` and the fixed ones;
    `more` is the number of further columns behind those."""

    of_results: bool
    content: tuple[str, ...]
    further_columns: int = 0


def results_columns(
    content: Sequence[str],
    scores: tuple[str, ...] = (),
    options: Sequence[str] | None = None,
    models: Sequence[str] = (),
    questions: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the columns of results: `task`, the content, consensus, confidence, submissions, state; the kind's
    `scores` (low and high of numbers); live consensus and confidence; with `options` the votes; and each model's
    answers: `ai` of one model, `ai:NAME` of several, of a form `ai:QUESTION` and `ai:NAME:QUESTION`."""
    vote_columns = () if options is None else (*CROWD_COLUMNS, *(f"{VOTES_PREFIX}{option}" for option in options))
    ends = [f":{model}" if model and len(models) > 1 else "" for model in models]
    ai_columns = tuple(
        f"{name}{end}{question_suffix}"
        for end in ends
        for question_suffix in [f":{question}" for question in questions] or [""]
        for name in AI_COLUMNS
    )
    fixed = (*RESULT_COLUMNS, *scores, *LIVE_COLUMNS, *vote_columns, *ai_columns)
    return ("task", *_distinct_content(content, fixed), *fixed)


def submissions_columns(
    content: Sequence[str] = (), questions: Sequence[str] = (), shuffled: bool = False, edited: bool = False
) -> tuple[str, ...]:
    """Return the columns of submissions: `task`, the content if it is wanted, worker, answer, gold, seconds, state,
    submitted_at; of a form the answer and gold answer to each question; the order in which workers saw what is
    compared, if it was shuffled; the version of the instructions, if they were edited."""
    parts = (f"{name}{question}" for question in questions for name in QUESTION_PREFIXES)
    fixed = (*SUBMISSION_COLUMNS, *parts, *((ORDER,) if shuffled else ()), *((VERSION,) if edited else ()))
    return ("task", *_distinct_content(content, fixed), *fixed)


def tasks_columns(content: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a project's tasks: the row's cursor, `task`, the content, gold, overlap, state and
    number of answers."""
    return (
        POSITION,
        "task",
        *_distinct_content(content, (POSITION, *RESULT_COLUMNS, *LIVE_COLUMNS, *TASK_COLUMNS)),
        *TASK_COLUMNS,
    )


def question_positions(columns: Sequence[str], column: str, questions: Iterable[str]) -> list[tuple[str, int]]:
    """Return (question, position of its column, such as `answer:NAME`) for each question of a form."""
    position_by_name = {name: position for position, name in enumerate(columns)}
    return [(question, position_by_name[f"{column}:{question}"]) for question in questions]


def media_columns(content: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of answers that are files: `task`, the content, then worker, file, note, seconds, state,
    submitted_at."""
    return ("task", *_distinct_content(content, MEDIA_COLUMNS), *MEDIA_COLUMNS)


def shape_of(columns: Sequence[str]) -> TableShape:
    """Return the shape of a table made by `results_columns` or `submissions_columns`. Raise ValueError for other
    columns."""
    columns, part_count = _strip_parts(columns)
    columns, ai_count = _strip_ai(columns)
    columns, vote_count = _strip_votes(columns)
    of_results = tuple(columns[-len(LIVE_COLUMNS) :]) == LIVE_COLUMNS
    fixed = RESULT_COLUMNS if of_results else SUBMISSION_COLUMNS
    end = len(columns) - (len(LIVE_COLUMNS) if of_results else 0)
    while of_results and end > len(fixed) and tuple(columns[end - len(fixed) : end]) != fixed:
        end -= 1  # scores of the kind
    begin = end - len(fixed)
    if columns[0] != "task" or tuple(columns[begin:end]) != fixed:
        raise ValueError(f"neither results nor submissions: {', '.join(columns)}")
    content = tuple(name.removeprefix(_CONTENT_PREFIX) for name in columns[1:begin])
    return TableShape(of_results, content, len(columns) - end + vote_count + ai_count + part_count)


def content_positions(columns: Sequence[str]) -> range:
    """Return the positions of the columns that the requester named, in tables of results, submissions and tasks,
    also behind a cursor. Their cells are text, even if a column of ours has the same name. Raise ValueError for
    other tables."""
    begin = columns.index("task") + 1 if "task" in columns[:2] else 1
    if tuple(columns[-len(TASK_COLUMNS) :]) == TASK_COLUMNS:
        return range(begin, len(columns) - len(TASK_COLUMNS))
    return range(begin, begin + len(shape_of(columns[begin - 1 :]).content))


def with_content_prefix(name: str) -> str:
    """Return the name of a content column that would be mistaken for one of ours, with a prefix."""
    return f"{_CONTENT_PREFIX}{name}"


def _strip_parts(columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the columns before a form's questions, order and version of a submission, and the number of those left
    out."""
    end = len(columns) - (columns[-1] == VERSION)
    end -= columns[end - 1] == ORDER
    while end and columns[end - 1].startswith(QUESTION_PREFIXES):
        end -= 1
    has_parts = tuple(columns[max(0, end - len(SUBMISSION_COLUMNS)) : end]) == SUBMISSION_COLUMNS
    return (columns[:end], len(columns) - end) if has_parts else (columns, 0)


def _strip_ai(columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the columns before those of models, and the number of those left out."""
    end = len(columns)
    while end and columns[end - 1].partition(":")[0] in AI_COLUMNS:
        end -= 1
    return columns[:end], len(columns) - end


def _strip_votes(columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the columns before those of votes, and the number of those left out."""
    end = len(columns)
    while end and columns[end - 1].startswith(VOTES_PREFIX):
        end -= 1
    begin = end - len(CROWD_COLUMNS)
    return (
        (columns[:begin], len(columns) - begin)
        if tuple(columns[max(0, begin) : end]) == CROWD_COLUMNS
        else (columns, 0)
    )


def _distinct_content(content: Sequence[str], fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the content's columns; names that would be mistaken for ours become `INPUT:state`, as Toloka writes
    them."""
    taken_names = {"task", *map(str.casefold, fixed)}
    return tuple(with_content_prefix(name) if name.casefold() in taken_names else name for name in content)


NUMERIC_TYPES = (AnswerType.NUMBER, AnswerType.STEP)
TYPES_BY_COLUMN = {
    **dict.fromkeys(("confidence", "live_confidence", "low", "high", "margin", "seconds"), "float"),
    "submissions": "integer",
    "cant_tell": "integer",
    "submitted_at": "time",
    "ai_confidence": "float",
    "ai_agrees": "truth",
}
STRENGTH_PREFIX = "strength: "

Value = str | int | float | bool | datetime | None


def as_text(value: Value) -> str | int | float:
    """Return the value for formats that only know text and numbers: None is "", times are ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def column_types(columns: Sequence[str], answer_type: ExportType) -> list[str]:
    """Return "float", "integer", "time", "truth" or "text" for each column; the requester's own columns are all
    text."""
    own_positions = content_positions(columns)
    return [
        "text" if position in own_positions else _column_type(name, answer_type)
        for position, name in enumerate(columns)
    ]


def as_number(value: Value) -> float | None:
    """Return the value as a number, or None if it is none, as "can't tell"."""
    try:
        return None if value is None or isinstance(value, datetime) else float(value)
    except ValueError:
        return None  # an answer that is no number, as "can't tell"


def _column_type(column: str, answer_type: ExportType) -> str:
    if column in ("consensus", "answer", "live"):
        return "float" if answer_type in NUMERIC_TYPES else "text"
    prefix, _, name = column.partition(":")
    if (
        isinstance(answer_type, FormType)
        and name in answer_type.types
        and prefix in ("consensus", "answer", "confidence")
    ):
        return "float" if prefix == "confidence" or answer_type.types[name] in NUMERIC_TYPES else "text"
    if column.startswith(STRENGTH_PREFIX):
        return "float"
    return (
        "integer"
        if column.startswith(VOTES_PREFIX)
        else TYPES_BY_COLUMN.get(prefix if prefix in AI_COLUMNS else column, "text")
    )
