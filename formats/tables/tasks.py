"""Conversion of one row of a file to a task, or to its problems."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeAlias, overload

import orjson

from domain.answers import AnswerKind, gold_of, kind_of
from domain.messages import record
from domain.projects.form_questions import FormQuestion, gold_flaw, gold_from, questions_in
from domain.projects.tasks import BROUGHT, MOST, has_candidates, is_file_id, is_strict, kind_of_column, parts_of
from domain.quality.machine import MachineAnswer
from domain.refusals import AnswerUnfit
from formats.captions.conditions import MAX_OPTION_CHARS, Options
from formats.errors import EMPTY_CELL, ErrorCollector, Fact, RowError, row_problem
from formats.media.archive import MediaArchive, MediumFlaw
from formats.tables import columns as columns_format
from formats.tables.columns import AiColumn, Columns
from formats.values import is_address


def to_stored_answer(answer: MachineAnswer) -> list[str | float | None]:
    """Return a model's answer as it is stored; storage/projects/tasks reads it."""
    return [answer.model, answer.answer, answer.probability, *([answer.question] if answer.question else [])]


class AiReader:
    """Reader of the models' cells of one file; problems go to `findings`."""

    def __init__(self, columns: Columns, options: Options, kind: str, findings: ErrorCollector) -> None:
        self.columns, self._options, self._kind, self._findings = columns, options, kind_of(kind), findings
        self._questions = (
            {question.name: question for question in questions_in(kind, options.all)} if columns.ai else {}
        )

    def answers(self, line: int, cells: list[str]) -> tuple[MachineAnswer, ...]:
        """Return the answers of the models that answered this row. Add problems of cells that hold none."""
        answers = (self._answer(line, cells, column) for column in self.columns.ai)
        return tuple(answer for answer in answers if answer)

    def _answer(self, line: int, cells: list[str], column: AiColumn) -> MachineAnswer | None:
        """Return the model's answer, or None if the cell is empty or too long; an answer that does not fit is a
        problem, too."""
        cell = cells[column.answer].strip()
        confidence = None if column.confidence is None else self._confidence(line, column.confidence, cells)
        if not cell:
            return None
        kind, options = self._kind_and_options(column.question)
        if len(cell) > (limit := kind.longest_gold):
            problem = row_problem(line, self._title(column.answer), cell, "length", limit=limit, found=len(cell))
            self._findings.add(problem)
            return None
        answer = kind.parse_model_answer(cell, options)
        if answer is None:
            self._add_misfit(line, column.answer, cell, kind, options)
        return MachineAnswer(column.model, answer or cell, confidence, column.question)

    def _kind_and_options(self, question: str) -> tuple[AnswerKind, tuple[str, ...]]:
        """Return the kind and options of what is answered: the project's, or those of a form's question."""
        if not question:
            return self._kind, self._options.all
        return self._questions[question].answered_by, self._questions[question].options

    def _add_misfit(self, line: int, position: int, cell: str, kind: AnswerKind, options: tuple[str, ...]) -> None:
        if kind.options_in_gold or (self._questions and options):
            self._findings.add(row_problem(line, self._title(position), cell, "one_of", options=options))
            return
        expected = kind.ai_expected or kind.gold_expected
        self._findings.add(row_problem(line, self._title(position), cell, expected, example=kind.gold_example(options)))

    def _confidence(self, line: int, position: int, cells: list[str]) -> float | None:
        """Return the confidence, or None for an empty cell and for one that is no share, which is a problem."""
        cell = cells[position].strip()
        if not cell:
            return None
        confidence = read_share(cell)
        if confidence is None:
            self._findings.add(row_problem(line, self._title(position), cell, "decimal", minimum="0", maximum="1"))
        return confidence

    def _title(self, position: int) -> str:
        return self.columns.titles[position]


def read_share(text: str) -> float | None:
    """Return the share in `0.93`, `0,93`, `9.3e-01` or `93 %`; None if the text is no share."""
    number, percent = (text[:-1].strip(), True) if text.endswith("%") else (text, False)
    if "_" in number:  # Python's own digit groups
        return None
    try:
        value = float(number.replace(",", ".")) / (100 if percent else 1)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None  # nan is in no range


class IdFingerprints:
    """Fingerprints of the ids in a file, which take eight bytes each."""

    def __init__(self) -> None:
        self._prints = array("q")

    def add(self, key: str | None) -> None:
        if key is not None:
            self._prints.append(hash(key))

    def repeated(self) -> frozenset[int]:
        """Return the fingerprints that were added twice: of repeated ids, and very rarely of two different ones."""
        if not self._prints:
            return frozenset()
        import numpy as np  # here: 20 MB that the bot's start does not need

        ordered = np.sort(np.frombuffer(self._prints, dtype=np.int64))
        return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


def iter_repeats(
    keyed_lines: Iterable[tuple[int, str | None]], repeated_prints: frozenset[int], title: str
) -> Iterator[RowError]:
    """Yield a problem for each second use of an id among (line, id), naming the line of the first."""
    first_uses: dict[str, tuple[int, int]] = {}
    for index, (line, key) in enumerate(keyed_lines):  # an array of objects may stand on one line
        if key is not None and hash(key) in repeated_prints and first_uses.setdefault(key, (index, line))[0] != index:
            yield row_problem(line, title, key, "id_once", first=first_uses[key][1])


SEPARATOR = "|"


class AddProblem(Protocol):
    def __call__(self, line: int, position: int, value: str, expected: str, **facts: Fact) -> None: ...


class MediaCells:
    """The cells of a template's columns whose names say that they hold media."""

    def __init__(self, shown_columns: Iterable[tuple[str, int]], archive: MediaArchive | None, add: AddProblem) -> None:
        self._columns = [(name, position, kind) for name, position in shown_columns if (kind := kind_of_column(name))]
        self._archive, self._add = archive, add

    @property
    def has_columns(self) -> bool:
        return bool(self._columns)

    def check(self, line: int, cells: list[str]) -> None:
        """Check the row's media, taking members of the archive in; add problems of missing, unfit or ambiguous ones."""
        for name, position, kind in self._columns:
            parts = parts_of(cells[position])
            if is_strict(name) and len(parts) > MOST:
                self._add(line, position, str(len(parts)), "media_at_most", limit=MOST)
            for part in parts:
                self._check(line, position, part, kind, is_strict(name))

    def _check(self, line: int, position: int, part: str, kind: str, strict: bool) -> None:
        if is_address(part) or is_file_id(part):
            return
        if self._archive is not None and self._archive.has(part):
            try:
                self._archive.take(part, kind)
            except MediumFlaw as flaw:
                self._add(line, position, part, flaw.expected, **flaw.facts)
        elif self._archive is not None and self._archive.is_ambiguous(part):
            self._add(line, position, part, "member_path")
        elif strict:
            self._add(line, position, part, "address" if self._archive is None else "member")

    def list_archive_references(self, cells: list[str]) -> dict[str, str]:
        """Return the references to the archive's members, by column, beside the content of a checked row."""
        if self._archive is None:
            return {}
        references = ((name, self._cell_references(cells[position], kind)) for name, position, kind in self._columns)
        return {BROUGHT + name: reference for name, reference in references if reference}

    def _cell_references(self, cell: str, kind: str) -> str:
        """Return the cell with its members' references, or "" if it names no member."""
        archive, parts = self._archive, parts_of(cell)
        if archive is None or not any(map(archive.has, parts)):
            return ""
        return SEPARATOR.join(archive.take(part, kind) if archive.has(part) else part for part in parts)


MAX_OVERLAP = 1000


def read_overlap(text: str) -> int | None:
    """Return the overlap, or None if the text is none. 3.0 is read, too: table programs write integers of a column
    with gaps so."""
    digits = text.strip().removesuffix(".0")
    is_valid = digits.isascii() and digits.isdigit() and len(digits) <= 4 and 1 <= int(digits) <= MAX_OVERLAP
    return int(digits) if is_valid else None


MAX_MESSAGE_CHARS = 3500
FORM_CHARS = 600  # of them a form keeps for its questions
MAX_CELL_CHARS = 10_000
MAX_READ_CHARS = 40_000  # of all that a worker may read for one task
MAX_REASON_CHARS = 1000
MAX_KEY_CHARS = 100


@record
class TaskRow:
    """A task as its row in a file; `line` is where the row begins; `key` is its `id`; `gold` holds every accepted
    answer, `ai` the answers of models."""

    line: int
    key: str | None
    content: dict[str, str]
    gold: tuple[str, ...]
    reason: str | None
    overlap: int | None
    ai: tuple[MachineAnswer, ...] = ()


# A checked row: line, key, cells of the content and what media bring to it, gold, reason, overlap, models' answers.
# Gold and models' answers are JSON, or "". Names of columns are left out: they may be longer than all cells together.
SpooledRow: TypeAlias = tuple[int, str | None, list[Any], str, str | None, int | None, str]
# The same as the database keeps it: the content is JSON, too, and what is not there None.
PackedRow: TypeAlias = tuple[int, str | None, str, str | None, str | None, int | None, str | None]


def packed(columns: tuple[str, ...], rows: Iterable[SpooledRow]) -> Iterator[PackedRow]:
    """Yield the rows as the database stores them."""
    width, dumps = len(columns), orjson.dumps
    for line, key, cells, gold, reason, overlap, ai in rows:
        content = dict(zip(columns, cells))  # noqa: B905 (a cell more, of media; an argument takes longer than the rest)
        if len(cells) > width:
            content |= cells[-1]
        yield line, key, dumps(content).decode(), gold or None, reason, overlap, ai or None


def unpacked(row: PackedRow) -> TaskRow:
    """Return the task of a stored row."""
    line, key, content, gold, reason, overlap, ai = row
    machine_answers = tuple(MachineAnswer(*fields) for fields in orjson.loads(ai)) if ai else ()
    return TaskRow(
        line=line,
        key=key,
        content=orjson.loads(content),
        gold=tuple(orjson.loads(gold)) if gold else (),
        reason=reason,
        overlap=overlap,
        ai=machine_answers,
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


class RowReader:
    """Reader of the rows of one file; problems go to `findings`."""

    def __init__(
        self,
        columns: Columns,
        template: str,
        options: Options,
        kind: str,
        findings: ErrorCollector,
        archive: MediaArchive | None = None,
    ) -> None:
        self.columns = columns
        self._options = options
        self._kind = kind_of(kind)
        self._findings = findings
        self._questions = {question.name: question for question in questions_in(kind, options.all)}
        is_read_apart = has_candidates(kind, options.all)  # what is too long is read by itself
        self._limit = MAX_READ_CHARS if is_read_apart else MAX_MESSAGE_CHARS - (FORM_CHARS if self._questions else 0)
        self._ai = AiReader(columns, options, kind, findings)
        placeholders = columns_format.placeholders(template)
        self._shown = [(name, position) for name, position in columns.content if name in placeholders]
        self._cells = [position for _, position in columns.content]
        self._template = template
        self._media = MediaCells(self._shown, archive, self._add)
        plain_columns = (columns.id, columns.reason, columns.overlap)
        has_rare_cells = columns.ai or columns.golds or self._kind.takes_labels or self._media.has_columns
        self._is_plain = not has_rare_cells and plain_columns == (None, None, None)  # content and gold alone
        max_repeats = max([1, *map(placeholders.count, placeholders)])
        room = (self._limit // 2 - len(template)) // max_repeats
        self._short = min(room, MAX_REASON_CHARS)  # characters: a row of so few is too long nowhere

    def row(self, line: int, cells: list[str]) -> SpooledRow:
        """Return the task of a row that was checked."""
        columns = self.columns
        content: list[Any] = [cells[position] for position in self._cells]
        gold = cells[columns.gold] if columns.gold is not None else ""
        accepted = self._read_gold(line, columns.gold or 0, gold) if gold else ()
        if self._is_plain:
            return line, None, content, _json(accepted) if accepted else "", None, None, ""
        reason = cells[columns.reason].strip() if columns.reason is not None else ""
        overlap = read_overlap(cells[columns.overlap]) if columns.overlap is not None else None
        machine_answers = self._ai.answers(line, cells) if columns.ai else ()
        accepted = accepted if gold else self._read_question_golds(line, cells)
        if references := self._media.list_archive_references(cells):
            content.append(references)
        return (
            line,
            self.key(cells),
            content,
            _json(accepted) if accepted else "",
            reason or None,
            overlap,
            _json([to_stored_answer(answer) for answer in machine_answers]) if machine_answers else "",
        )

    def lacks(self, cells: list[str]) -> bool:
        """Return whether a cell that workers would see is empty."""
        return any(not cells[position] or cells[position].isspace() for _, position in self._shown)

    def check(self, line: int, cells: list[str]) -> None:
        """Add every problem of a row to the findings."""
        joined_cells = "".join(cells)
        if "\0" in joined_cells:
            self._check_nul(line, cells)
        if len(joined_cells) > self._short or (
            self.columns.id is not None and len(cells[self.columns.id]) > MAX_KEY_CHARS
        ):
            self._check_lengths(line, cells)
        for _, position in self._shown:
            if not cells[position] or cells[position].isspace():
                self._add(line, position, "", EMPTY_CELL)
        if not self._is_plain:
            self._media.check(line, cells)
        gold = "" if self.columns.gold is None else cells[self.columns.gold]
        accepted = self._read_gold(line, self.columns.gold or 0, gold) if gold else ()
        if not self._is_plain:
            self._check_rare(line, cells, accepted)

    def _check_rare(self, line: int, cells: list[str], accepted: tuple[str, ...]) -> None:
        """Check cells that few files have: drawings, gold of a form, overlaps, models' answers."""
        if self._kind.takes_labels:
            self._check_drawn_on(line, cells, accepted)
        if self.columns.golds:
            self._read_question_golds(line, cells)
        if self.columns.overlap is not None:
            self._check_overlap(line, self.columns.overlap, cells[self.columns.overlap].strip())
        if self.columns.ai and not self._options.open:
            self.check_ai(line, cells)

    def check_ai(self, line: int, cells: list[str]) -> None:
        """Check the models' answers of a row; their options may be known only once all gold is read."""
        self._ai.answers(line, cells)

    def key(self, cells: list[str]) -> str | None:
        """Return the row's id, or None."""
        position = self.columns.id
        return cells[position].strip() or None if position is not None else None

    def _check_nul(self, line: int, cells: list[str]) -> None:
        for position, cell in enumerate(cells):
            if "\0" in cell:
                self._add(line, position, cell.replace("\0", "␀"), "no_nul")

    def _check_lengths(self, line: int, cells: list[str]) -> None:
        """Add a problem for each cell that is too long, and for the longest shown one if the message is too long."""
        limits = {self.columns.id: MAX_KEY_CHARS, self.columns.reason: MAX_REASON_CHARS}
        answer_columns = (self.columns.gold, *(column.answer for column in self.columns.ai))
        limits |= dict.fromkeys(answer_columns, max(MAX_CELL_CHARS, self._kind.longest_gold))
        content = {name: cells[position] for name, position in self.columns.content}
        size = columns_format.message_length(columns_format.render(self._template, content))
        longest_position = max(
            (position for _, position in self._shown), key=lambda position: len(cells[position]), default=-1
        )
        unfit_position = longest_position if size > self._limit else -1  # named once, by the lower of its limits
        for position, cell in enumerate(cells):
            if position != unfit_position and len(cell) > (limit := limits.get(position, MAX_CELL_CHARS)):
                self._add(line, position, cell, "length", limit=limit, found=len(cell))
        if unfit_position >= 0:
            self._add(line, unfit_position, cells[unfit_position], "length", limit=self._limit, found=size)

    def _check_drawn_on(self, line: int, cells: list[str], accepted: tuple[str, ...]) -> None:
        """Add a problem if the row does not show what is drawn on, or if its gold lies outside."""
        content = {name: cells[position] for name, position in self._shown}
        if missing := self._kind.find_missing_content(self._template, content):
            self._findings.add(row_problem(line, "template", self._template, missing))
        elif accepted and self._kind.parse_gold(accepted[0], self._options.all):
            try:
                self._kind.require_fitting(self._kind.answer_of_gold(accepted), self._template, content)
            except AnswerUnfit as refusal:
                self._add(line, self.columns.gold or 0, accepted[0], refusal.what)

    def _check_overlap(self, line: int, position: int, value: str) -> None:
        if value and read_overlap(value) is None:
            self._add(line, position, value, "integer", minimum=1, maximum=MAX_OVERLAP)

    def _read_question_golds(self, line: int, cells: list[str]) -> tuple[str, ...]:
        """Return the gold answers to a form's questions. Add problems of cells that hold none."""
        gold_cells = (
            (name, position, cells[position]) for name, position in self.columns.golds if cells[position].strip()
        )
        golds = {
            name: self._read_question_gold(line, position, self._questions[name], cell)
            for name, position, cell in gold_cells
        }
        return gold_from({name: accepted for name, accepted in golds.items() if accepted}, self._options.all)

    def _read_question_gold(self, line: int, position: int, question: FormQuestion, cell: str) -> tuple[str, ...]:
        """Return the accepted answers of a cell, or () with a problem if the question cannot have them."""
        answers = gold_of(question.kind, cell, question.options)
        if answers is None:
            expected, facts = gold_flaw(question, cell)
            self._add(line, position, cell, expected, **facts)
        return answers or ()

    def _read_gold(self, line: int, position: int, cell: str) -> tuple[str, ...]:
        """Return the accepted answers of the gold cell. Add problems of those that do not fit the kind."""
        answers = map(str.strip, self._kind.split_gold(cell))
        accepted = tuple(self._normalized_answer(line, position, answer) for answer in answers if answer)
        combined = self._kind.combine_accepted(accepted, self._options.all) if len(accepted) > 1 else accepted
        if combined is None:
            self._add(line, position, cell, "none_alone")
        return combined or accepted

    def _normalized_answer(self, line: int, position: int, answer: str) -> str:
        """Return the answer in its stored form; unchanged, with a problem, if it does not fit the kind."""
        if self._kind.options_in_gold:
            return self._normalized_option(line, position, answer)
        if len(answer) > (limit := self._kind.longest_gold):
            self._add(line, position, answer, "length", limit=limit, found=len(answer))
            return answer
        normalized = self._kind.parse_gold(answer, self._options.all)
        if normalized is None:
            expected, facts = self._kind.gold_flaw(answer, self._options.all)
            self._add(line, position, answer, expected, **facts)
        return normalized or answer

    def _normalized_option(self, line: int, position: int, answer: str) -> str:
        """Return the option's own spelling; the answer unchanged, with a problem, if it is no option."""
        if len(answer) > MAX_OPTION_CHARS:
            self._add(line, position, answer, "option_length", limit=MAX_OPTION_CHARS, found=len(answer))
        option = self._options.find(answer)
        if option is None and not self._options.open:
            self._add(line, position, answer, "one_of", options=self._options.all)
        return option or answer

    def _add(self, line: int, position: int, value: str, expected: str, **facts: Fact) -> None:
        self._findings.add(row_problem(line, self.columns.titles[position], value, expected, **facts))


class StreamedRows(Sequence[TaskRow]):
    """Tasks that are read again on each pass; an index reads all rows before it."""

    def __init__(self, columns: tuple[str, ...], count: int) -> None:
        self._columns, self._count = columns, count

    def __len__(self) -> int:
        return self._count

    @abstractmethod
    def spooled(self) -> Iterator[SpooledRow]: ...

    def packed(self) -> Iterator[PackedRow]:
        """Yield the rows as the database stores them."""
        return packed(self._columns, self.spooled())

    def __iter__(self) -> Iterator[TaskRow]:
        return map(unpacked, self.packed())

    @overload
    def __getitem__(self, index: int) -> TaskRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[TaskRow]: ...
    def __getitem__(self, index: int | slice) -> TaskRow | list[TaskRow]:
        positions = range(self._count)[index]
        if isinstance(positions, int):
            return next(islice(self, positions, None))
        start = min(positions, default=0)
        rows = list(islice(self, start, max(positions, default=-1) + 1))
        return [rows[position - start] for position in positions]
