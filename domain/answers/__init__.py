"""The answer kinds: one module each, found by name. A kind declares the source of its options, the form of its input
and gold, its aggregation, effort and export.
Stored is a kind's canonical text: an option's words; several joined by `|` (choices) or `>` (rank); a number with a
point; `latitude,longitude`; `file_id file_unique_id`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, cast

from domain.handing_in import OWN, SEVERAL, AnswerType, Draft, ExportType, HandingIn, Wants, round_estimate
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Scale, UsualSets, Vote

if TYPE_CHECKING:
    from domain.conduct.evidence import Evidence
    from domain.quality.crowd import WorkerAnswer


__all__ = [
    "OWN",
    "SEVERAL",
    "AnswerKind",
    "AnswerType",
    "Draft",
    "ExportType",
    "Learns",
    "MeasuredKind",
    "Wants",
    "consensus_of",
    "default_kind",
    "find_measured_kind",
    "gold_of",
    "kind_of",
    "list_kinds",
    "list_offered_kinds",
    "rightness",
    "round_estimate",
]
_NAMES = frozenset(module.name for module in iter_modules(__path__))  # whoever asks for one kind loads one


class Learns(StrEnum):
    """Ways in which workers and tasks are learnt (domain/quality/learners)."""

    CLASSES = "classes"
    AGREEMENT = "agreement"
    QUESTIONS = "questions"


class AnswerKind(HandingIn):
    """Base of all kinds, with the defaults."""

    order: int  # its place where a requester chooses among the kinds
    is_default = False  # whether a form that names no kind is of this one
    is_errand = False  # whether it is done away from the screen, so that its time cannot be estimated
    file_ending = ""  # of an answer that is a file which Telegram keeps

    usual_options: tuple[str, ...] = ()  # the default options
    options_in_gold = False  # whether a gold answer is one of the options, so that the gold column can name them all
    options_are_columns = False  # whether a row's columns are its options where the requester names none
    fewest_options, most_options = 2, 50
    forbidden = ""  # the character an option may not contain, because it joins options in an answer

    has_gold = True  # whether an answer can be known beforehand
    gold_expected = "gold_like"  # the expected form of gold: a key of formats/errors.py
    ai_expected = ""  # the same of a model's answer; empty: as of gold

    claims_confidence = True
    scale: Scale | None = None  # of agreement; None where it is not measured
    learns = Learns.AGREEMENT  # which of domain/quality/learners learns its workers and tasks
    meets_again = False  # whether the things behind its options meet again in other tasks, so that those tell too
    is_aggregated = True  # whether the answers to a task have a consensus; else each of them is a result
    options_are_apart = False  # whether each option applies or not by itself
    most_votes_win = False  # whether the crowd's own word is the option with most votes
    agrees_nearly = False  # whether answers agree that are not the same words
    shows_who_copied = False  # whether of two that are alike the later one is the copy, so that no other is suspected

    @property
    def name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    @property
    def are_files(self) -> bool:
        return bool(self.file_ending)

    @property
    def has_options(self) -> bool:
        return self.options_in_gold or self.options_are_columns or self.takes_labels

    @property
    def keeps_scores(self) -> bool:
        """Return whether an answer moves the scores of its task; if not, its consensus is computed from all its
        answers."""
        return self.learns is Learns.CLASSES

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        """Return the canonical answer. Raise AnswerUnknown or AnswerUnfit."""
        raise NotImplementedError

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        """Return whether the answer is among the accepted ones; "can't tell" never is."""
        return answer in gold

    def judge(self, answer: str | None, gold: Sequence[str] | None) -> bool | None:
        """Return whether an answer is right; None without gold, and for “can't tell”, which is neither."""
        return None if answer is None or not gold else self.is_right(answer, gold)

    def closeness(self, answer: str, gold: Sequence[str]) -> float:
        """Return the share of an answer that is right, for kinds whose answers can be right in part."""
        return float(self.is_right(answer, gold))

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        """Return one accepted answer of a file in canonical form, or None if it is invalid."""
        return None

    def combine_accepted(self, accepted: Sequence[str], options: Sequence[str]) -> tuple[str, ...] | None:
        """Return the accepted answers of one task, each once, or None if they exclude each other, so that none could be
        right."""
        return tuple(dict.fromkeys(accepted))

    def gold_flaw(self, gold_text: str, options: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        """Return the expected form of gold as a key of formats/errors.py, with its facts."""
        return self.gold_expected, {"example": self.gold_example(options)}

    def gold_example(self, options: Sequence[str]) -> str:
        """Return an example of a written gold answer."""
        return ""

    def parse_model_answer(self, gold_text: str, options: Sequence[str]) -> str | None:
        """Return a model's answer of a file in canonical form, or None if it is invalid."""
        return (
            self.answer_of_gold((gold_answer,))
            if (gold_answer := self.parse_gold(gold_text, options)) is not None
            else None
        )

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        """Return the canonical answer of a gold task."""
        return gold[0]

    def agree(self, answer: str, other_answer: str) -> bool:
        """Return whether two canonical answers agree: each would be right were the other gold."""
        return answer == other_answer or self.is_right(answer, self.list_accepted(other_answer))

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Return the consensus of at least one vote. Votes come in the order of their workers, so that arrival changes
        nothing."""
        return NO_CONSENSUS

    def find_consensus_with(self, votes: Sequence[Vote], options: Sequence[str], usual: UsualSets | None) -> Agreement:
        """Return the consensus, with what is usual in the project for kinds that learn sets of options."""
        return self.consensus_of(votes, options)

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        """Return the probability of each vote to be right, given all votes."""
        return [vote.accuracy for vote in votes]

    def votes_for(self, option: str, fell: Mapping[str | None, int]) -> int:
        """Return the number of answers for an option; `fell` counts answers by value."""
        return fell.get(option, 0)

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        """Return the values that are compared when agreement is measured: an answer's value, or its parts by name."""
        return {"": answer}

    def list_named_options(self, answer: str) -> tuple[str, ...]:
        """Return the options that an answer names, if each of them can be right or wrong by itself."""
        return ()

    def are_alike(self, answer: str, other_answer: str) -> bool:
        """Return whether two answers to a task count as copies of each other."""
        return answer == other_answer

    def find_copies(self, answers: Sequence[WorkerAnswer]) -> tuple[Evidence, ...]:
        """Return evidence of workers who hand in others' work; answers are in the order of arrival."""
        return ()

    def answer_type(self, options: Sequence[str]) -> ExportType:
        return AnswerType.WORDS

    def score_cells(
        self, consensus: str | None, scores: Sequence[float] | None, options: Sequence[str]
    ) -> list[str | float | None]:
        """Return the cells below `score_columns`."""
        return [round_estimate(score) for score in scores] if scores else [None] * len(self.score_columns(options))

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return the columns of an agreement's scores in an export; () without scores."""
        return ()


class MeasuredKind(AnswerKind):
    """A kind whose answers are numbers: they have an interval, and their workers a precision."""

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        return "low", "high"

    def to_numbers(self, answers: Sequence[str], options: Sequence[str]) -> tuple[list[float], float]:
        """Return the answers to one task as numbers, and the difference between two that would not matter."""
        raise NotImplementedError

    def measure_offset(self, value: float, gold: Sequence[str], options: Sequence[str]) -> float:
        """Return how far a number lies above the accepted gold, below zero if it lies under it."""
        raise NotImplementedError


def gold_of(kind: str, gold_text: str, options: Sequence[str]) -> tuple[str, ...] | None:
    """Return the accepted answers as people write them, several separated by `|`; None if one of them is invalid."""
    if kind_of(kind).asks_questions:
        return kind_of(kind).parse_form_gold(gold_text, options)
    golds = [kind_of(kind).parse_gold(alternative, options) for alternative in kind_of(kind).split_gold(gold_text)]
    return (
        kind_of(kind).combine_accepted([alternative for alternative in golds if alternative], options)
        if golds and all(golds)
        else None
    )


def consensus_of(kind: str, votes: Sequence[Vote], options: Sequence[str], usual: UsualSets | None = None) -> Agreement:
    """Return the consensus by the kind's own rule; NO_CONSENSUS without a rule or without votes. `usual` is usual in
    the project."""
    return kind_of(kind).find_consensus_with(votes, options, usual) if votes else NO_CONSENSUS


def rightness(kind: str, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    """Return the probability of each vote to be right; a single vote has its worker's accuracy."""
    return [vote.accuracy for vote in votes] if len(votes) < 2 else kind_of(kind).rightness(votes, options)


def find_measured_kind(kind: str) -> MeasuredKind | None:
    """Return the measured kind, or None for kinds whose answers are no numbers."""
    answer_kind = kind_of(kind)
    return answer_kind if isinstance(answer_kind, MeasuredKind) else None


@cache
def list_kinds() -> tuple[str, ...]:
    """Return the names of the kinds in the order in which a requester is shown them."""
    return tuple(sorted(_NAMES, key=lambda name: _load(name).order))


def list_offered_kinds() -> tuple[str, ...]:
    """Return the names of the kinds that a requester may choose."""
    return tuple(name for name in list_kinds() if kind_of(name).is_offered)


@cache
def default_kind() -> str:
    return next(name for name in list_kinds() if kind_of(name).is_default)


@cache
def kind_of(name: str) -> AnswerKind:
    if name not in _NAMES:
        raise LookupError(name)
    return _load(name)


def _load(name: str) -> AnswerKind:
    return cast(AnswerKind, import_module(f"{__name__}.{name}").KIND)
