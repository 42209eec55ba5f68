"""All options, best first: `b>a>c`. Pressed in order; the last press can be undone.

The consensus is the order of strengths that make the rankings likely (Bradley–Terry). Its confidence: each neighbour in
that order really comes before the next. Who ranks K right as a whole with probability a gets each pair of neighbours
right with a^(1/(K − 1)), independently; log-odds add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from math import exp, log, prod
from typing import TYPE_CHECKING

from domain.answers import AnswerKind
from domain.answers.choice import chosen
from domain.handing_in import Wants
from domain.money.pricing import PRESS_SECONDS
from domain.normalization import find_option
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Scale, Vote
from domain.refusals import AnswerUnfit, AnswerUnknown

if TYPE_CHECKING:
    from domain.quality.crowd import Floats


JOINT = ">"


class Ordered(AnswerKind):
    """Options of a row's columns, placed one after another."""

    scale = Scale.KENDALL
    wants = Wants.PRESSES
    options_are_columns = True
    forbidden = JOINT

    def get_compared_labels(self, options: Sequence[str]) -> tuple[str, ...]:
        return tuple(options)

    def needs_names(self, options: Sequence[str] | None) -> bool:
        return not options

    def relabel(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        return JOINT.join(labels.get(label, label) for label in answer.split(JOINT))


class Rank(Ordered):
    order = 70
    gold_expected = "ranking"

    def votes_for(self, option: str, fell: Mapping[str | None, int]) -> int:
        """Return how often the option came first."""
        return sum(times for answer, times in fell.items() if answer and answer.split(JOINT)[0] == option)

    def list_preferences(self, answer: str, options: Sequence[str]) -> tuple[tuple[str, str, float | None], ...]:
        return tuple((better, worse, None) for better, worse in combinations(answer.split(JOINT), 2))

    def add_press(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """An option that has its place keeps it."""
        chosen(str(option), options)
        return draft if option in draft else (*draft, option)

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        placed = [chosen(number, options) for number in handed_in.split(",") if number]
        if len(set(placed)) < len(placed):
            raise AnswerUnknown(expected=list(options))
        if len(placed) < len(options):
            raise AnswerUnfit(what="not_placed", limit=len(options) - len(placed))
        return JOINT.join(placed)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        placed = [option for name in gold_text.split(JOINT) if (option := find_option(name, options)) is not None]
        whole = len(placed) == gold_text.count(JOINT) + 1 and sorted(placed) == sorted(options)
        return JOINT.join(placed) if whole else None

    def gold_example(self, options: Sequence[str]) -> str:
        return JOINT.join(options)

    def estimate_input_seconds(self, options: int) -> float:
        return options * PRESS_SECONDS

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        """Return which of every two options comes first."""
        place = {name: position for position, name in enumerate(answer.split(JOINT))}
        pairs = combinations([name for name in options if name in place], 2)
        return {JOINT.join(pair): str(place[pair[0]] < place[pair[1]]) for pair in pairs}

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Equal strengths keep the options' order."""
        from domain.quality.agreement import bradley_terry  # here: files are read without numpy

        valid_votes = [vote for vote in votes if sorted(vote.answer.split(JOINT)) == sorted(options)]
        if not valid_votes or len(options) < 2:
            return NO_CONSENSUS
        rankings, weights = _weighed(valid_votes, options)
        strength = bradley_terry(wins_of(rankings, weights, len(options)))
        order = sorted(range(len(options)), key=lambda position: (-round(float(strength[position]), 9), position))
        sure = prod(_before(rankings, weights, *pair) for pair in pairwise(order))
        return Agreement(JOINT.join(options[position] for position in order), sure)

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        """Return P(this whole order is the true one) of each vote."""
        rankings, weights = _weighed(votes, options)
        return [prod(_before(rankings, weights, *pair) for pair in pairwise(order)) for order in rankings]


def _weighed(votes: Sequence[Vote], options: Sequence[str]) -> tuple[list[list[int]], list[float]]:
    rankings = [[options.index(name) for name in vote.answer.split(JOINT)] for vote in votes]
    return rankings, [max(0.01, _log_odds(vote, len(options))) for vote in votes]


def wins_of(rankings: Sequence[Sequence[int]], weights: Sequence[float], items: int) -> Floats:
    """Rankings, best first, as weighted wins of every earlier item over every later one: (items, items)."""
    import numpy as np  # here: files are read without it

    wins = np.zeros((items, items))
    for ranking, weight in zip(rankings, weights, strict=True):
        for winner, loser in combinations(ranking, 2):
            wins[winner, loser] += weight
    return wins


def _log_odds(vote: Vote, options: int) -> float:
    accuracy = min(0.99, vote.accuracy ** (1 / (options - 1)))
    return log(accuracy / (1 - accuracy))


def _before(rankings: Sequence[Sequence[int]], weights: Sequence[float], option_a: int, option_b: int) -> float:
    """Return P(option_a comes before option_b)."""
    signed_weights = (
        w if r.index(option_a) < r.index(option_b) else -w for r, w in zip(rankings, weights, strict=True)
    )
    return 1 / (1 + exp(-sum(signed_weights)))


KIND = Rank()
