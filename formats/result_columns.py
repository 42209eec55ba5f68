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

RESULTS = ("consensus", "confidence", "submissions", "state")
LIVE = ("live", "live_confidence")
CROWD = ("gold", "crowd", "cant_tell")
AI = ("ai", "ai_confidence", "ai_agrees")
VOTES = "votes: "  # begins the name of an option's column
POSITION = "position"
TASKS = ("gold", "overlap", "state", "submissions")
SUBMISSIONS = ("worker", "answer", "gold", "seconds", "state", "submitted_at")
PARTS = ("answer:", "gold:")  # begin the columns of a form's questions behind a submission
ORDER = "order"  # behind a submission: in which order its worker saw what is compared
VERSION = "instructions_version"  # behind a submission: of what its worker had read
MEDIA = ("worker", "file", "note", "seconds", "state", "submitted_at")
_CONTENT = "INPUT:"


@dataclass(frozen=True, slots=True)
class TableShape:
    """`content` names the columns between `task` and the fixed ones; `more` columns of ours follow those."""

    of_results: bool
    content: tuple[str, ...]
    more: int = 0


def results_columns(
    content: Sequence[str],
    scores: tuple[str, ...] = (),
    options: Sequence[str] | None = None,
    models: Sequence[str] = (),
    questions: Sequence[str] = (),
) -> tuple[str, ...]:
    """`task`, the content, then consensus, confidence, submissions, state; the scores that the kind keeps, as low and
    high of numbers; live ones; with `options` how the answers fell; and of each of the `models` what it answered: `ai`
    of one model, `ai:NAME` of several; of a form for each of the `questions`: `ai:QUESTION`, `ai:NAME:QUESTION`."""
    fell = () if options is None else (*CROWD, *(f"{VOTES}{option}" for option in options))
    ends = [f":{model}" if model and len(models) > 1 else "" for model in models]
    told = tuple(f"{name}{end}{of}" for end in ends for of in [f":{q}" for q in questions] or [""] for name in AI)
    fixed = (*RESULTS, *scores, *LIVE, *fell, *told)
    return ("task", *_apart(content, fixed), *fixed)


def submissions_columns(
    content: Sequence[str] = (), questions: Sequence[str] = (), shuffled: bool = False, edited: bool = False
) -> tuple[str, ...]:
    """`task`, the content if it is wanted, then worker, answer, gold, seconds, state, submitted_at; of a form the
    answer to each question and what is known of it; last the order, where workers see different ones, and the version
    of the instructions, where they were edited."""
    parts = (f"{name}{question}" for question in questions for name in PARTS)
    fixed = (*SUBMISSIONS, *parts, *((ORDER,) if shuffled else ()), *((VERSION,) if edited else ()))
    return ("task", *_apart(content, fixed), *fixed)


def tasks_columns(content: Sequence[str]) -> tuple[str, ...]:
    """The cursor of a row and `task`, the content, then what is known of it, overlap, state and number of answers."""
    return (POSITION, "task", *_apart(content, (POSITION, *RESULTS, *LIVE, *TASKS)), *TASKS)


def of_questions(columns: Sequence[str], what: str, questions: Iterable[str]) -> list[tuple[str, int]]:
    """The place of a column, such as `answer:NAME`, of each question of a form."""
    places = {name: at for at, name in enumerate(columns)}
    return [(question, places[f"{what}:{question}"]) for question in questions]


def media_columns(content: Sequence[str]) -> tuple[str, ...]:
    """`task`, the content, then worker, file, note, seconds, state, submitted_at."""
    return ("task", *_apart(content, MEDIA), *MEDIA)


def shape_of(columns: Sequence[str]) -> TableShape:
    """Raises ValueError for columns that neither of the two functions above made."""
    columns, parts = _without_parts(columns)
    columns, told = _without_ai(columns)
    columns, fell = _without_votes(columns)
    of_results = tuple(columns[-len(LIVE) :]) == LIVE
    fixed = RESULTS if of_results else SUBMISSIONS
    end = len(columns) - (len(LIVE) if of_results else 0)
    while of_results and end > len(fixed) and tuple(columns[end - len(fixed) : end]) != fixed:
        end -= 1  # scores of the kind
    begin = end - len(fixed)
    if columns[0] != "task" or tuple(columns[begin:end]) != fixed:
        raise ValueError(f"neither results nor submissions: {', '.join(columns)}")
    content = tuple(name.removeprefix(_CONTENT) for name in columns[1:begin])
    return TableShape(of_results, content, len(columns) - end + fell + told + parts)


def content_in(columns: Sequence[str]) -> range:
    """The places of the columns that a requester named: their cells are text, whatever ours of the same name hold. Also
    in tables of tasks, and behind a cursor. Raises ValueError for other tables."""
    begin = columns.index("task") + 1 if "task" in columns[:2] else 1
    if tuple(columns[-len(TASKS) :]) == TASKS:
        return range(begin, len(columns) - len(TASKS))
    return range(begin, begin + len(shape_of(columns[begin - 1 :]).content))


def set_apart(name: str) -> str:
    """The name of a content column that would be mistaken for one of ours."""
    return f"{_CONTENT}{name}"


def _without_parts(columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """The columns before those of a form's questions, the order and the version behind a submission, and how many of
    these there are."""
    end = len(columns) - (columns[-1] == VERSION)
    end -= columns[end - 1] == ORDER
    while end and columns[end - 1].startswith(PARTS):
        end -= 1
    found = tuple(columns[max(0, end - len(SUBMISSIONS)) : end]) == SUBMISSIONS
    return (columns[:end], len(columns) - end) if found else (columns, 0)


def _without_ai(columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """The columns before those of models, and how many these are."""
    end = len(columns)
    while end and columns[end - 1].partition(":")[0] in AI:
        end -= 1
    return columns[:end], len(columns) - end


def _without_votes(columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """The columns before those that say how the answers fell, and how many these are."""
    end = len(columns)
    while end and columns[end - 1].startswith(VOTES):
        end -= 1
    begin = end - len(CROWD)
    return (columns[:begin], len(columns) - begin) if tuple(columns[max(0, begin) : end]) == CROWD else (columns, 0)


def _apart(content: Sequence[str], fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Content columns that would be mistaken for ours are written as Toloka writes them: `INPUT:state`."""
    taken = {"task", *map(str.casefold, fixed)}
    return tuple(set_apart(name) if name.casefold() in taken else name for name in content)


NUMERIC = (AnswerType.NUMBER, AnswerType.STEP)
MEANINGS = {
    **dict.fromkeys(("confidence", "live_confidence", "low", "high", "margin", "seconds"), "float"),
    "submissions": "integer",
    "cant_tell": "integer",
    "submitted_at": "time",
    "ai_confidence": "float",
    "ai_agrees": "truth",
}
STRENGTH = "strength: "

Value = str | int | float | bool | datetime | None


def as_text(value: Value) -> str | int | float:
    """A value for formats that only know text and numbers: nothing is "", times are ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def meanings(columns: Sequence[str], answer_type: ExportType) -> list[str]:
    """Of each column "float", "integer", "time", "truth" or "text", which all of a task's own columns are."""
    content = content_in(columns)
    return ["text" if at in content else _meaning(name, answer_type) for at, name in enumerate(columns)]


def as_number(value: Value) -> float | None:
    try:
        return None if value is None or isinstance(value, datetime) else float(value)
    except ValueError:
        return None  # an answer that is no number, as "can't tell"


def _meaning(column: str, answer_type: ExportType) -> str:
    if column in ("consensus", "answer", "live"):
        return "float" if answer_type in NUMERIC else "text"
    first, _, name = column.partition(":")
    if isinstance(answer_type, FormType) and name in answer_type.of and first in ("consensus", "answer", "confidence"):
        return "float" if first == "confidence" or answer_type.of[name] in NUMERIC else "text"
    if column.startswith(STRENGTH):
        return "float"
    return "integer" if column.startswith(VOTES) else MEANINGS.get(first if first in AI else column, "text")
