"""Toloka's TSV out, as its downloads are.

Results are an aggregation: INPUT:x …, OUTPUT:result, CONFIDENCE:result (a share), TASK:id, TASK:state.
Submissions are assignments: INPUT:x …, OUTPUT:result, GOLDEN:result, ASSIGNMENT:task_id, ASSIGNMENT:worker_id,
ASSIGNMENT:status (upper case), ASSIGNMENT:submitted, ASSIGNMENT:seconds (ours).
A program's format: cells are written as they are, not made safe for spreadsheets.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from domain.answers import AnswerType
from formats.delimited import text_of
from formats.shapes import shape_of
from formats.values import Value, as_text

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


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: AnswerType = AnswerType.OPTION
) -> None:
    shape = shape_of(columns)
    of_row = _result if shape.of_results else _submission
    with text_of(file) as written:
        table = csv.writer(written, delimiter="\t")
        header = RESULTS if shape.of_results else SUBMISSIONS
        table.writerow([*(f"INPUT:{name}" for name in shape.content), *header])
        table.writerows(map(as_text, of_row(*row[: len(row) - shape.more])) for row in rows)


def _result(task: Value, *row: Value) -> list[Value]:
    *content, consensus, confidence, _, state = row
    return [*content, consensus, confidence, task, state]


def _submission(task: Value, *row: Value) -> list[Value]:
    *content, worker, answer, gold, seconds, state, submitted_at = row
    return [*content, answer, gold, task, worker, str(state).upper(), submitted_at, seconds]
