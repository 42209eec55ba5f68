"""The answers of models that a row brings: read, or a problem that names line, column, value and what was expected."""

from __future__ import annotations

from domain.answers import kind_of
from domain.quality.machine import MachineAnswer
from formats.captions.options import Options
from formats.errors import Findings, problem
from formats.tables.columns import AiColumn, Columns


class AiReader:
    """Reads the models' cells of one file; problems go to `findings`."""

    def __init__(self, columns: Columns, options: Options, kind: str, findings: Findings) -> None:
        self.columns, self._options, self._kind, self._findings = columns, options, kind_of(kind), findings

    def answers(self, line: int, cells: list[str]) -> tuple[MachineAnswer, ...]:
        """Of the models that answered this row."""
        found = (self._answer(line, cells, column) for column in self.columns.ai)
        return tuple(answer for answer in found if answer)

    def _answer(self, line: int, cells: list[str], column: AiColumn) -> MachineAnswer | None:
        written = cells[column.answer].strip()
        sure = None if column.confidence is None else self._confidence(line, column.confidence, cells)
        if not written:
            return None
        if len(written) > (limit := self._kind.longest_gold):
            found = problem(line, self._title(column.answer), written, "length", limit=limit, found=len(written))
            self._findings.add(found)
            return None
        answer = self._kind.foretold(written, self._options.all)
        if answer is None:
            self._unfit(line, column.answer, written)
        return MachineAnswer(column.model, answer or written, sure)

    def _unfit(self, line: int, at: int, written: str) -> None:
        kind, options = self._kind, self._options.all
        if kind.options_in_gold:
            self._findings.add(problem(line, self._title(at), written, "one_of", options=options))
            return
        expected = kind.ai_expected or kind.gold_expected
        self._findings.add(problem(line, self._title(at), written, expected, example=kind.gold_example(options)))

    def _confidence(self, line: int, at: int, cells: list[str]) -> float | None:
        """A share from 0 to 1."""
        written = cells[at].strip()
        if not written:
            return None
        found = share(written)
        if found is None:
            self._findings.add(problem(line, self._title(at), written, "decimal", minimum="0", maximum="1"))
        return found

    def _title(self, at: int) -> str:
        return self.columns.titles[at]


def share(written: str) -> float | None:
    """`0.93`, `0,93`, `9.3e-01`, `93 %`; None where it is no share."""
    number, percent = (written[:-1].strip(), True) if written.endswith("%") else (written, False)
    if "_" in number:  # Python's own digit groups
        return None
    try:
        value = float(number.replace(",", ".")) / (100 if percent else 1)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None  # nan is in no range
