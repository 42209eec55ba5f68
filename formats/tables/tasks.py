"""One row of a file → one task, or its problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import orjson

from domain.answers import gold_of, kind_of
from domain.projects.candidates import has_candidates
from domain.projects.form_answers import gold_flaw, gold_from
from domain.projects.form_questions import FormQuestion, asked_in
from domain.quality.machine import MachineAnswer
from domain.records import record
from domain.refusals import AnswerUnfit
from formats.captions.options import LONGEST, Options
from formats.errors import EMPTY, Fact, Findings, problem
from formats.media.archive import Archive
from formats.tables import template as templates
from formats.tables.ai import AiReader, stored
from formats.tables.columns import Columns
from formats.tables.media_cells import MediaCells
from formats.tables.overlap import OVERLAP_LIMIT, overlap_of

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
        findings: Findings,
        archive: Archive | None = None,
    ) -> None:
        self.columns = columns
        self._options = options
        self._kind = kind_of(kind)
        self._findings = findings
        self._questions = {each.name: each for each in asked_in(kind, options.all)}
        apart = has_candidates(kind, options.all)  # what is too long is read by itself
        self._limit = READ_LIMIT if apart else MESSAGE_LIMIT - (FORM_ROOM if self._questions else 0)
        self._ai = AiReader(columns, options, kind, findings)
        shown = templates.placeholders(template)
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
                self._add(line, at, "", EMPTY)
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
        size = templates.length(templates.render(self._template, content))
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
            self._findings.add(problem(line, "template", self._template, lacking))
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
        if len(answer) > LONGEST:
            self._add(line, at, answer, "option_length", limit=LONGEST, found=len(answer))
        option = self._options.find(answer)
        if option is None and not self._options.open:
            self._add(line, at, answer, "one_of", options=self._options.all)
        return option or answer

    def _add(self, line: int, at: int, value: str, expected: str, **facts: Fact) -> None:
        self._findings.add(problem(line, self.columns.titles[at], value, expected, **facts))
