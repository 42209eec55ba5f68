"""crowd-kit's tables out: `task,worker,label` of submissions, `task,label` of results.

Submissions without an answer and tasks without a consensus are left out. A program's format: cells are written
as they are, not made safe for spreadsheets. Rejected submissions stay in: judging workers is crowd-kit's task.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from domain.answers import AnswerType
from formats.delimited import text_of
from formats.shapes import shape_of
from formats.values import Value, as_text


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: AnswerType = AnswerType.OPTION
) -> None:
    of_results = shape_of(columns).of_results
    kept = ("task", "consensus") if of_results else ("task", "worker", "answer")
    at = [list(columns).index(name) for name in kept]
    with text_of(file) as written:
        table = csv.writer(written)
        table.writerow(("task", "label") if of_results else ("task", "worker", "label"))
        table.writerows([as_text(row[i]) for i in at] for row in rows if row[at[-1]] not in (None, ""))
