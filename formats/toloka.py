"""Toloka's TSV out, as its downloads are.

Results are an aggregation: INPUT:x …, OUTPUT:result, CONFIDENCE:result (a share), TASK:id, TASK:state.
Submissions are assignments: INPUT:x …, OUTPUT:result, GOLDEN:result, ASSIGNMENT:task_id, ASSIGNMENT:worker_id,
ASSIGNMENT:status (upper case), ASSIGNMENT:submitted, ASSIGNMENT:seconds (ours). A form has OUTPUT:NAME, CONFIDENCE:NAME
and GOLDEN:NAME of each question.
A program's format: cells are written as they are, not made safe for spreadsheets.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from domain.handing_in import AnswerType, ExportType, FormType
from formats.delimited import text_of
from formats.result_columns import (
    Value,
    as_text,
    of_questions,
    shape_of,
)

RESULTS = ("OUTPUT:result", "CONFIDENCE:result", "TASK:id", "TASK:state")
SUBMISSIONS = (
    "OUTPUT:result",
    "GOLDEN:result",
    "ASSIGNMENT:task_id",
    "ASSIGNMENT:worker_id",
    "ASSIGNMENT:status",
    "ASSIGNMENT:submitted",
    "ASSIGNMENT:seconds",
)

# Of a form a column for each question, in place of the first two.
_OF_RESULTS = {"consensus": "OUTPUT", "confidence": "CONFIDENCE"}
_OF_SUBMISSIONS = {"answer": "OUTPUT", "gold": "GOLDEN"}


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    shape = shape_of(columns)
    of_row = _result if shape.of_results else _submission
    header, places = RESULTS if shape.of_results else SUBMISSIONS, list[int]()
    if isinstance(answer_type, FormType):
        fields = _OF_RESULTS if shape.of_results else _OF_SUBMISSIONS
        found = [
            (field, *each) for what, field in fields.items() for each in of_questions(columns, what, answer_type.of)
        ]
        header, places = (*(f"{field}:{name}" for field, name, _ in found), *header[2:]), [at for *_, at in found]
    width, answers = len(shape.content), 2 if places else 0
    with text_of(file) as written:
        table = csv.writer(written, delimiter="\t")
        table.writerow([*(f"INPUT:{name}" for name in shape.content), *header])
        for row in rows:
            told = of_row(*row[: len(row) - shape.more])
            cells = [*told[:width], *(row[at] for at in places), *told[width + answers :]]
            table.writerow(map(as_text, cells))


def _result(task: Value, *row: Value) -> list[Value]:
    *content, consensus, confidence, _, state = row
    return [*content, consensus, confidence, task, state]


def _submission(task: Value, *row: Value) -> list[Value]:
    *content, worker, answer, gold, seconds, state, submitted_at = row
    return [*content, answer, gold, task, worker, str(state).upper(), submitted_at, seconds]
