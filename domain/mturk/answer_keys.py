"""The AnswerKey of a qualification test: what each combination of selections is worth, and what the sum comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Chosen = Mapping[str, frozenset[str]]  # selections by question


@dataclass(frozen=True, slots=True)
class Option:
    """All of these selections and no others are worth `score`."""

    selections: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    options: Sequence[Option]
    default: int = 0

    def score(self, chosen: frozenset[str]) -> int:
        return next((each.score for each in self.options if each.selections == chosen), self.default)


@dataclass(frozen=True, slots=True)
class PercentageMapping:
    maximum: int

    def value(self, total: int) -> int:
        return 100 * total // self.maximum


@dataclass(frozen=True, slots=True)
class ScaleMapping:
    """Times a decimal number of millionths."""

    millionths: int

    def value(self, total: int) -> int:
        return total * self.millionths // 1_000_000


@dataclass(frozen=True, slots=True)
class RangeMapping:
    """(lowest, highest, value), both bounds included; the first that holds."""

    ranges: Sequence[tuple[int, int, int]]
    beyond: int

    def value(self, total: int) -> int:
        return next((value for low, high, value in self.ranges if low <= total <= high), self.beyond)


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Without a mapping the value is the sum of the scores."""

    questions: Mapping[str, KeyQuestion]
    mapping: PercentageMapping | ScaleMapping | RangeMapping | None = None

    def value(self, chosen: Chosen) -> int:
        total = sum(each.score(chosen.get(name, frozenset())) for name, each in self.questions.items())
        return total if self.mapping is None else self.mapping.value(total)
