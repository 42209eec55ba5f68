"""One step of a scale, lowest first. Handed in like a choice.

The consensus is the step nearest to a robust weighted centre of the steps given, counted from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from domain.answers import Learns, MeasuredKind
from domain.answers.choice import Choice
from domain.answers.number import parse
from domain.handing_in import AnswerType
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Scale, Vote

if TYPE_CHECKING:
    from domain.quality.trust import Centre


TOLERANCE = 0.5  # of a step


class Rating(Choice, MeasuredKind):
    """Right is the scale's true step; the interval is in steps."""

    order = 30
    is_default = False
    learns = Learns.AGREEMENT
    scale = Scale.ORDINAL
    usual_options = ("1", "2", "3", "4", "5")

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        valid_votes = [vote for vote in votes if vote.answer in options]
        if not valid_votes:
            return NO_CONSENSUS
        centre = _centre(valid_votes, [float(options.index(vote.answer) + 1) for vote in valid_votes])
        step = min(range(1, len(options) + 1), key=lambda each: abs(each - centre.value))
        low, high = centre.interval
        within = max(1.0, low), min(float(len(options)), high)
        return Agreement(options[step - 1], _probability(centre, step, len(options)), within)

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        steps, _ = self.to_numbers([vote.answer for vote in votes], options)
        centre = _centre(votes, steps)
        return [_probability(centre, int(step), len(options)) for step in steps]

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        return {"": float(options.index(answer) + 1)} if answer in options else {}

    def to_numbers(self, answers: Sequence[str], options: Sequence[str]) -> tuple[list[float], float]:
        """The steps, and half of one."""
        return [float(options.index(answer) + 1) if answer in options else 0.0 for answer in answers], TOLERANCE

    def measure_offset(self, value: float, gold: Sequence[str], options: Sequence[str]) -> float:
        """Return the steps from the nearest accepted one."""
        return min(
            (value - options.index(accepted) - 1 for accepted in gold if accepted in options), key=abs, default=0.0
        )

    def answer_type(self, options: Sequence[str]) -> AnswerType:
        """Steps that are words are options."""
        return AnswerType.OPTION if any(parse(option) is None for option in options) else AnswerType.STEP


def _centre(votes: Sequence[Vote], steps: Sequence[float]) -> Centre:
    from domain.quality.trust import robust_centre  # here: files are read without numpy

    usual = [step - vote.habit * TOLERANCE for step, vote in zip(steps, votes, strict=True)]
    return robust_centre(usual, [vote.weight for vote in votes], TOLERANCE)


def _probability(centre: Centre, step: int, steps: int) -> float:
    """Return P(the true step is this one); the ends of the scale hold what lies beyond them."""
    low = float("-inf") if step <= 1 else step - 0.5
    high = float("inf") if step == steps else step + 0.5
    return centre.probability(low, high)


KIND = Rating()
