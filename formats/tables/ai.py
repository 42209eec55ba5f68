"""The answers of models that a row brings: read, or a problem that names line, column, value and what was expected."""

from __future__ import annotations

from domain.answers import AnswerKind, kind_of
from domain.projects.form_questions import asked_in
from domain.quality.machine import MachineAnswer
from formats.captions.options import Options
from formats.errors import Findings, problem
from formats.tables.columns import AiColumn, Columns


def stored(said: MachineAnswer) -> list[str | float | None]:
    """As it is stored (storage/projects/tasks.ai_from)."""
    return [said.model, said.answer, said.probability, *([said.question] if said.question else [])]


class AiReader:
    """Reads the models' cells of one file; problems go to `findings`."""

    def __init__(self, columns: Columns, options: Options, kind: str, findings: Findings) -> None:
        self.columns, self._options, self._kind, self._findings = columns, options, kind_of(kind), findings
        self._questions = {each.name: each for each in asked_in(kind, options.all)} if columns.ai else {}

    def answers(self, line: int, cells: list[str]) -> tuple[MachineAnswer, ...]:
        """Of the models that answered this row."""
        found = (self._answer(line, cells, column) for column in self.columns.ai)
        return tuple(answer for answer in found if answer)

    def _answer(self, line: int, cells: list[str], column: AiColumn) -> MachineAnswer | None:
        written = cells[column.answer].strip()
        sure = None if column.confidence is None else self._confidence(line, column.confidence, cells)
        if not written:
            return None
        kind, options = self._asked(column.question)
        if len(written) > (limit := kind.longest_gold):
            found = problem(line, self._title(column.answer), written, "length", limit=limit, found=len(written))
            self._findings.add(found)
            return None
        answer = kind.foretold(written, options)
        if answer is None:
            self._unfit(line, column.answer, written, kind, options)
        return MachineAnswer(column.model, answer or written, sure, column.question)

    def _asked(self, question: str) -> tuple[AnswerKind, tuple[str, ...]]:
        """What is answered, and with which options."""
        if not question:
            return self._kind, self._options.all
        return self._questions[question].answered_by, self._questions[question].options

    def _unfit(self, line: int, at: int, written: str, kind: AnswerKind, options: tuple[str, ...]) -> None:
        if kind.options_in_gold or (self._questions and options):
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
