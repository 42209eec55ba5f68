"""crowd-kit's tables out: `task,worker,label` of submissions, `task,label` of results.

A form has a row for each question, which the column `question` names: to crowd-kit each is a table of its own.

Submissions without an answer and tasks without a consensus are left out. A program's format: cells are written
as they are, not made safe for spreadsheets. Rejected submissions stay in: judging workers is crowd-kit's task.
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


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    of_results = shape_of(columns).of_results
    if isinstance(answer_type, FormType):
        _write_form(file, columns, rows, answer_type, of_results)
        return
    kept = ("task", "consensus") if of_results else ("task", "worker", "answer")
    at = [list(columns).index(name) for name in kept]
    with text_of(file) as written:
        table = csv.writer(written)
        table.writerow(("task", "label") if of_results else ("task", "worker", "label"))
        table.writerows([as_text(row[i]) for i in at] for row in rows if row[at[-1]] not in (None, ""))


def _write_form(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], form: FormType, of_results: bool
) -> None:
    places = of_questions(columns, "consensus" if of_results else "answer", form.of)
    kept = [list(columns).index(name) for name in (("task",) if of_results else ("task", "worker"))]
    with text_of(file) as written:
        table = csv.writer(written)
        table.writerow((*(columns[at] for at in kept), "label", "question"))
        for row in rows:
            told = [as_text(row[at]) for at in kept]
            table.writerows([*told, as_text(row[at]), name] for name, at in places if row[at] not in (None, ""))
