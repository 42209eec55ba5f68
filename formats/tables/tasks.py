"""One row of a file → one task, or its problems."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import (
    Any,
    Protocol,
    TypeAlias,
    overload,
)

import orjson

from domain.answers import AnswerKind, gold_of, kind_of
from domain.messages import record
from domain.projects.form_questions import (
    FormQuestion,
    gold_flaw,
    gold_from,
    questions_in,
)
from domain.projects.tasks import (
    BROUGHT,
    MOST,
    has_candidates,
    is_file_id,
    is_strict,
    kind_of_column,
    parts_of,
)
from domain.quality.machine import MachineAnswer
from domain.refusals import AnswerUnfit
from formats.captions.conditions import MAX_OPTION_CHARS, Options
from formats.errors import (
    EMPTY_CELL,
    ErrorCollector,
    Fact,
    RowError,
    row_problem,
)
from formats.media.archive import Archive, Unfit
from formats.tables import columns as columns_format
from formats.tables.columns import AiColumn, Columns
from formats.values import is_address


def stored(said: MachineAnswer) -> list[str | float | None]:
    """As it is stored (storage/projects/tasks.ai_from)."""
    return [said.model, said.answer, said.probability, *([said.question] if said.question else [])]


class AiReader:
    """Reads the models' cells of one file; problems go to `findings`."""

    def __init__(self, columns: Columns, options: Options, kind: str, findings: ErrorCollector) -> None:
        self.columns, self._options, self._kind, self._findings = columns, options, kind_of(kind), findings
        self._questions = {each.name: each for each in questions_in(kind, options.all)} if columns.ai else {}

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
            found = row_problem(line, self._title(column.answer), written, "length", limit=limit, found=len(written))
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
            self._findings.add(row_problem(line, self._title(at), written, "one_of", options=options))
            return
        expected = kind.ai_expected or kind.gold_expected
        self._findings.add(row_problem(line, self._title(at), written, expected, example=kind.gold_example(options)))

    def _confidence(self, line: int, at: int, cells: list[str]) -> float | None:
        """A share from 0 to 1."""
        written = cells[at].strip()
        if not written:
            return None
        found = share(written)
        if found is None:
            self._findings.add(row_problem(line, self._title(at), written, "decimal", minimum="0", maximum="1"))
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


class Keys:
    """Remembers a fingerprint of each id."""

    def __init__(self) -> None:
        self._prints = array("q")

    def add(self, key: str | None) -> None:
        if key is not None:
            self._prints.append(hash(key))

    def repeated(self) -> frozenset[int]:
        """Fingerprints met twice: of repeated ids, and very rarely of two that differ."""
        if not self._prints:
            return frozenset()
        import numpy as np  # here: 20 MB that the bot's start does not need

        ordered = np.sort(np.frombuffer(self._prints, dtype=np.int64))
        return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


def repeats(found: Iterable[tuple[int, str | None]], repeated: frozenset[int], title: str) -> Iterator[RowError]:
    """A problem for each second use of an id among (line, id), naming the line of the first."""
    first: dict[str, tuple[int, int]] = {}
    for at, (line, key) in enumerate(found):  # an array of objects may stand on one line
        if key is not None and hash(key) in repeated and first.setdefault(key, (at, line))[0] != at:
            yield row_problem(line, title, key, "id_once", first=first[key][1])


SEPARATOR = "|"


class Add(Protocol):
    def __call__(self, line: int, at: int, value: str, expected: str, **facts: Fact) -> None: ...


class MediaCells:
    """Of the columns that a template shows, those whose names say that they hold media."""

    def __init__(self, shown: Iterable[tuple[str, int]], archive: Archive | None, add: Add) -> None:
        self._columns = [(name, at, kind) for name, at in shown if (kind := kind_of_column(name))]
        self._archive, self._add = archive, add

    @property
    def has_columns(self) -> bool:
        return bool(self._columns)

    def check(self, line: int, cells: list[str]) -> None:
        for name, at, kind in self._columns:
            parts = parts_of(cells[at])
            if is_strict(name) and len(parts) > MOST:
                self._add(line, at, str(len(parts)), "media_at_most", limit=MOST)
            for part in parts:
                self._check(line, at, part, kind, is_strict(name))

    def _check(self, line: int, at: int, part: str, kind: str, strict: bool) -> None:
        if is_address(part) or is_file_id(part):
            return
        if self._archive is not None and self._archive.has(part):
            try:
                self._archive.take(part, kind)
            except Unfit as why:
                self._add(line, at, part, why.expected, **why.facts)
        elif self._archive is not None and self._archive.is_ambiguous(part):
            self._add(line, at, part, "member_path")
        elif strict:
            self._add(line, at, part, "address" if self._archive is None else "member")

    def brought(self, cells: list[str]) -> dict[str, str]:
        """What the archive holds for each column, beside the row's content. The row was checked."""
        if self._archive is None:
            return {}
        found = ((name, self._references(cells[at], kind)) for name, at, kind in self._columns)
        return {BROUGHT + name: referred for name, referred in found if referred}

    def _references(self, cell: str, kind: str) -> str:
        """The cell with its members' references; empty where it names none."""
        archive, parts = self._archive, parts_of(cell)
        if archive is None or not any(map(archive.has, parts)):
            return ""
        return SEPARATOR.join(archive.take(part, kind) if archive.has(part) else part for part in parts)


OVERLAP_LIMIT = 1000


def overlap_of(written: str) -> int | None:
    """None where it is none. Also 3.0, as table programs write whole numbers of a column with gaps."""
    whole = written.strip().removesuffix(".0")
    fits = whole.isascii() and whole.isdigit() and len(whole) <= 4 and 1 <= int(whole) <= OVERLAP_LIMIT
    return int(whole) if fits else None


MESSAGE_LIMIT = 3500
FORM_ROOM = 600  # of them a form keeps for its questions
CELL_LIMIT = 10_000
READ_LIMIT = 40_000  # of all that a worker may read for one task
REASON_LIMIT = 1000
KEY_LIMIT = 100


@record
class TaskRow:
    """`line` is where the row begins in the file; `key` is its `id`; `gold` holds every accepted answer, `ai` what
    models answered."""

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
    width, dumps = len(columns), orjson.dumps
    for line, key, cells, gold, reason, overlap, ai in rows:
        content = dict(zip(columns, cells))  # noqa: B905 (a cell more, of media; an argument takes longer than the rest)
        if len(cells) > width:
            content |= cells[-1]
        yield line, key, dumps(content).decode(), gold or None, reason, overlap, ai or None


def unpacked(row: PackedRow) -> TaskRow:
    line, key, content, gold, reason, overlap, ai = row
    told = tuple(MachineAnswer(*each) for each in orjson.loads(ai)) if ai else ()
    return TaskRow(line, key, orjson.loads(content), tuple(orjson.loads(gold)) if gold else (), reason, overlap, told)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


class RowReader:
    """Reads rows of one file; problems go to `findings`."""

    def __init__(
        self,
        columns: Columns,
        template: str,
        options: Options,
        kind: str,
        findings: ErrorCollector,
        archive: Archive | None = None,
    ) -> None:
        self.columns = columns
        self._options = options
        self._kind = kind_of(kind)
        self._findings = findings
        self._questions = {each.name: each for each in questions_in(kind, options.all)}
        apart = has_candidates(kind, options.all)  # what is too long is read by itself
        self._limit = READ_LIMIT if apart else MESSAGE_LIMIT - (FORM_ROOM if self._questions else 0)
        self._ai = AiReader(columns, options, kind, findings)
        shown = columns_format.placeholders(template)
        self._shown = [(name, at) for name, at in columns.content if name in shown]
        self._cells = [at for _, at in columns.content]
        self._template = template
        self._media = MediaCells(self._shown, archive, self._add)
        told = (columns.id, columns.reason, columns.overlap)
        rare = columns.ai or columns.golds or self._kind.takes_labels or self._media.has_columns
        self._is_plain = not rare and told == (None, None, None)  # content and gold alone
        repeats = max([1, *map(shown.count, shown)])
        room = (self._limit // 2 - len(template)) // repeats
        self._short = min(room, REASON_LIMIT)  # characters: a row of so few is too long nowhere

    def row(self, line: int, cells: list[str]) -> SpooledRow:
        """The task of a row that was checked."""
        columns = self.columns
        content: list[Any] = [cells[at] for at in self._cells]
        gold = cells[columns.gold] if columns.gold is not None else ""
        accepted = self._gold(line, columns.gold or 0, gold) if gold else ()
        if self._is_plain:
            return line, None, content, _json(accepted) if accepted else "", None, None, ""
        reason = cells[columns.reason].strip() if columns.reason is not None else ""
        overlap = overlap_of(cells[columns.overlap]) if columns.overlap is not None else None
        told = self._ai.answers(line, cells) if columns.ai else ()
        accepted = accepted if gold else self._golds(line, cells)
        if brought := self._media.brought(cells):
            content.append(brought)
        return (
            line,
            self.key(cells),
            content,
            _json(accepted) if accepted else "",
            reason or None,
            overlap,
            _json([stored(each) for each in told]) if told else "",
        )

    def lacks(self, cells: list[str]) -> bool:
        """Whether a cell that workers would see is empty."""
        return any(not cells[at] or cells[at].isspace() for _, at in self._shown)

    def check(self, line: int, cells: list[str]) -> None:
        """Adds everything that is wrong with a row to the findings."""
        whole = "".join(cells)
        if "\0" in whole:
            self._check_nul(line, cells)
        if len(whole) > self._short or (self.columns.id is not None and len(cells[self.columns.id]) > KEY_LIMIT):
            self._check_lengths(line, cells)
        for _, at in self._shown:
            if not cells[at] or cells[at].isspace():
                self._add(line, at, "", EMPTY_CELL)
        if not self._is_plain:
            self._media.check(line, cells)
        gold = "" if self.columns.gold is None else cells[self.columns.gold]
        accepted = self._gold(line, self.columns.gold or 0, gold) if gold else ()
        if not self._is_plain:
            self._check_rare(line, cells, accepted)

    def _check_rare(self, line: int, cells: list[str], accepted: tuple[str, ...]) -> None:
        """What files seldom have."""
        if self._kind.takes_labels:
            self._check_drawn_on(line, cells, accepted)
        if self.columns.golds:
            self._golds(line, cells)
        if self.columns.overlap is not None:
            self._check_overlap(line, self.columns.overlap, cells[self.columns.overlap].strip())
        if self.columns.ai and not self._options.open:
            self.check_ai(line, cells)

    def check_ai(self, line: int, cells: list[str]) -> None:
        """What models answered; its options may be known only once all gold is read."""
        self._ai.answers(line, cells)

    def key(self, cells: list[str]) -> str | None:
        at = self.columns.id
        return cells[at].strip() or None if at is not None else None

    def _check_nul(self, line: int, cells: list[str]) -> None:
        for at, cell in enumerate(cells):
            if "\0" in cell:
                self._add(line, at, cell.replace("\0", "␀"), "no_nul")

    def _check_lengths(self, line: int, cells: list[str]) -> None:
        limits = {self.columns.id: KEY_LIMIT, self.columns.reason: REASON_LIMIT}
        told = (self.columns.gold, *(each.answer for each in self.columns.ai))
        limits |= dict.fromkeys(told, max(CELL_LIMIT, self._kind.longest_gold))
        content = {name: cells[at] for name, at in self.columns.content}
        size = columns_format.length(columns_format.render(self._template, content))
        longest = max((at for _, at in self._shown), key=lambda at: len(cells[at]), default=-1)
        unfit = longest if size > self._limit else -1  # named once, by the lower of its limits
        for at, cell in enumerate(cells):
            if at != unfit and len(cell) > (limit := limits.get(at, CELL_LIMIT)):
                self._add(line, at, cell, "length", limit=limit, found=len(cell))
        if unfit >= 0:
            self._add(line, unfit, cells[unfit], "length", limit=self._limit, found=size)

    def _check_drawn_on(self, line: int, cells: list[str], accepted: tuple[str, ...]) -> None:
        """That the row shows what is drawn on, and its gold lies within."""
        content = {name: cells[at] for name, at in self._shown}
        if lacking := self._kind.lacking(self._template, content):
            self._findings.add(row_problem(line, "template", self._template, lacking))
        elif accepted and self._kind.gold(accepted[0], self._options.all):
            try:
                self._kind.check(self._kind.known(accepted), self._template, content)
            except AnswerUnfit as why:
                self._add(line, self.columns.gold or 0, accepted[0], why.what)

    def _check_overlap(self, line: int, at: int, value: str) -> None:
        if value and overlap_of(value) is None:
            self._add(line, at, value, "integer", minimum=1, maximum=OVERLAP_LIMIT)

    def _golds(self, line: int, cells: list[str]) -> tuple[str, ...]:
        """What is known of a form's questions."""
        told = ((name, at, cells[at]) for name, at in self.columns.golds if cells[at].strip())
        found = {name: self._gold_of(line, at, self._questions[name], cell) for name, at, cell in told}
        return gold_from({name: accepted for name, accepted in found.items() if accepted}, self._options.all)

    def _gold_of(self, line: int, at: int, question: FormQuestion, written: str) -> tuple[str, ...]:
        """Empty where a cell holds what cannot be answered."""
        found = gold_of(question.kind, written, question.options)
        if found is None:
            expected, facts = gold_flaw(question, written)
            self._add(line, at, written, expected, **facts)
        return found or ()

    def _gold(self, line: int, at: int, written: str) -> tuple[str, ...]:
        answers = map(str.strip, self._kind.alternatives(written))
        accepted = tuple(self._answer(line, at, answer) for answer in answers if answer)
        whole = self._kind.together(accepted, self._options.all) if len(accepted) > 1 else accepted
        if whole is None:
            self._add(line, at, written, "none_alone")
        return whole or accepted

    def _answer(self, line: int, at: int, answer: str) -> str:
        if self._kind.options_in_gold:
            return self._option(line, at, answer)
        if len(answer) > (limit := self._kind.longest_gold):
            self._add(line, at, answer, "length", limit=limit, found=len(answer))
            return answer
        found = self._kind.gold(answer, self._options.all)
        if found is None:
            expected, facts = self._kind.gold_flaw(answer, self._options.all)
            self._add(line, at, answer, expected, **facts)
        return found or answer

    def _option(self, line: int, at: int, answer: str) -> str:
        if len(answer) > MAX_OPTION_CHARS:
            self._add(line, at, answer, "option_length", limit=MAX_OPTION_CHARS, found=len(answer))
        option = self._options.find(answer)
        if option is None and not self._options.open:
            self._add(line, at, answer, "one_of", options=self._options.all)
        return option or answer

    def _add(self, line: int, at: int, value: str, expected: str, **facts: Fact) -> None:
        self._findings.add(row_problem(line, self.columns.titles[at], value, expected, **facts))


class StreamedRows(Sequence[TaskRow]):
    """An index reads up to it."""

    def __init__(self, columns: tuple[str, ...], count: int) -> None:
        self._columns, self._count = columns, count

    def __len__(self) -> int:
        return self._count

    @abstractmethod
    def spooled(self) -> Iterator[SpooledRow]: ...

    def packed(self) -> Iterator[PackedRow]:
        """As the database keeps them."""
        return packed(self._columns, self.spooled())

    def __iter__(self) -> Iterator[TaskRow]:
        return map(unpacked, self.packed())

    @overload
    def __getitem__(self, index: int) -> TaskRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[TaskRow]: ...
    def __getitem__(self, index: int | slice) -> TaskRow | list[TaskRow]:
        wanted = range(self._count)[index]
        if isinstance(wanted, int):
            return next(islice(self, wanted, None))
        first = min(wanted, default=0)
        kept = list(islice(self, first, max(wanted, default=-1) + 1))
        return [kept[at - first] for at in wanted]
