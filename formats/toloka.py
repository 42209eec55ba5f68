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
from formats.delimited import text_writer
from formats.result_columns import Value, as_text, question_positions, shape_of

RESULT_COLUMNS = ("OUTPUT:result", "CONFIDENCE:result", "TASK:id", "TASK:state")
SUBMISSION_COLUMNS = (
    "OUTPUT:result",
    "GOLDEN:result",
    "ASSIGNMENT:task_id",
    "ASSIGNMENT:worker_id",
    "ASSIGNMENT:status",
    "ASSIGNMENT:submitted",
    "ASSIGNMENT:seconds",
)

# Of a form a column for each question, in place of the first two.
_RESULT_PREFIXES = {"consensus": "OUTPUT", "confidence": "CONFIDENCE"}
_SUBMISSION_PREFIXES = {"answer": "OUTPUT", "gold": "GOLDEN"}


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write results or submissions with Toloka's columns."""
    shape = shape_of(columns)
    order_row = _order_result if shape.of_results else _order_submission
    header, positions = RESULT_COLUMNS if shape.of_results else SUBMISSION_COLUMNS, list[int]()
    if isinstance(answer_type, FormType):
        fields = _RESULT_PREFIXES if shape.of_results else _SUBMISSION_PREFIXES
        question_fields = [
            (field, *question_position)
            for column, field in fields.items()
            for question_position in question_positions(columns, column, answer_type.types)
        ]
        header, positions = (
            (*(f"{field}:{name}" for field, name, _ in question_fields), *header[2:]),
            [position for *_, position in question_fields],
        )
    width, replaced = len(shape.content), 2 if positions else 0
    with text_writer(file) as text:
        table = csv.writer(text, delimiter="\t")
        table.writerow([*(f"INPUT:{name}" for name in shape.content), *header])
        for row in rows:
            ordered = order_row(*row[: len(row) - shape.further_columns])
            cells = [*ordered[:width], *(row[position] for position in positions), *ordered[width + replaced :]]
            table.writerow(map(as_text, cells))


def _order_result(task: Value, *row: Value) -> list[Value]:
    *content, consensus, confidence, _, state = row
    return [*content, consensus, confidence, task, state]


def _order_submission(task: Value, *row: Value) -> list[Value]:
    *content, worker, answer, gold, seconds, state, submitted_at = row
    return [*content, answer, gold, task, worker, str(state).upper(), submitted_at, seconds]
