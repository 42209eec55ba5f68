"""Writer of crowd-kit's tables: `task,worker,label` of submissions, `task,label` of results.

A form has a row for each question, which the column `question` names: to crowd-kit each is a table of its own.

Submissions without an answer and tasks without a consensus are left out. Cells are written as they are, not made
safe for spreadsheets, since programs read this format. Rejected submissions stay in: judging workers is crowd-kit's
task."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from domain.handing_in import AnswerType, ExportType, FormType
from formats.delimited import text_writer
from formats.result_columns import Value, as_text, question_positions, shape_of


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write task, worker and label of each submission, or task and label of each task with a consensus."""
    of_results = shape_of(columns).of_results
    if isinstance(answer_type, FormType):
        _write_form(file, columns, rows, answer_type, of_results)
        return
    names = ("task", "consensus") if of_results else ("task", "worker", "answer")
    positions = [list(columns).index(name) for name in names]
    with text_writer(file) as text:
        table = csv.writer(text)
        table.writerow(("task", "label") if of_results else ("task", "worker", "label"))
        table.writerows([as_text(row[i]) for i in positions] for row in rows if row[positions[-1]] not in (None, ""))


def _write_form(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], form: FormType, of_results: bool
) -> None:
    positions_by_question = question_positions(columns, "consensus" if of_results else "answer", form.types)
    id_positions = [list(columns).index(name) for name in (("task",) if of_results else ("task", "worker"))]
    with text_writer(file) as text:
        table = csv.writer(text)
        table.writerow((*(columns[position] for position in id_positions), "label", "question"))
        for row in rows:
            ids = [as_text(row[position]) for position in id_positions]
            table.writerows(
                [*ids, as_text(row[position]), name]
                for name, position in positions_by_question
                if row[position] not in (None, "")
            )
