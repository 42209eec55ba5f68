"""The best and the worst of three to six options: `best>worst`. Two presses; the last one can be undone.

The consensus is what has the most and the least strength by Luce's choice model: the best is chosen among all with
probability e^s / Σ e^s, then the worst among the others with e^(−s) / Σ e^(−s) (Marley & Louviere 2005). Its confidence
is that of both: each of the two is right or wrong by itself, both together with the worker's accuracy. The strengths
are exported, and beside them the usual count of each option: how often it was best less how often worst.
"""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt

from domain.answers.choice import chosen
from domain.answers.rank import JOINT, Ordered
from domain.money.pricing import DECISION_SECONDS, PRESS_SECONDS
from domain.normalization import find_option
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Scale, Vote
from domain.refusals import AnswerUnfit, AnswerUnknown

PLACES = 2
IMAGINED = 0.5  # precision of the normal prior of a strength: unanimous options stay finite
SURELY, LIGHTEST = 0.99, 0.01  # no worker is believed more, or weighs less
ROUNDS, SETTLED = 50, 1e-9

Pair = tuple[int, int]
"""The numbers of the best and of the worst option."""


class BestWorst(Ordered):
    order = 75
    scale = Scale.PLACES
    fewest_options, most_options = 3, 6

    def list_preferences(self, answer: str, options: Sequence[str]) -> tuple[tuple[str, str, float | None], ...]:
        best, worst = answer.split(JOINT)
        return ((best, worst, None),)

    def add_press(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """Placed items stay; after the second press no more are taken."""
        chosen(str(option), options)
        return draft if option in draft or len(draft) == PLACES else (*draft, option)

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        placed = [chosen(number, options) for number in handed_in.split(",") if number]
        if len(set(placed)) < len(placed) or len(placed) > PLACES:
            raise AnswerUnknown(expected=list(options))
        if len(placed) < PLACES:
            raise AnswerUnfit(what="not_placed", limit=PLACES - len(placed))
        return JOINT.join(placed)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        placed = [find_option(name, options) for name in gold_text.split(JOINT)]
        distinct = list(dict.fromkeys(name for name in placed if name))
        return JOINT.join(distinct) if len(placed) == len(distinct) == PLACES else None

    def gold_example(self, options: Sequence[str]) -> str:
        return JOINT.join((options[0], options[-1])) if options else ""

    def estimate_input_seconds(self, options: int) -> float:
        """A second decision with its press, and Done."""
        return DECISION_SECONDS + PRESS_SECONDS

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        """The best and the worst, each by itself."""
        return dict(zip(("best", "worst"), answer.split(JOINT), strict=False))

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Equal strengths keep the options' order."""
        valid_votes = [(pair, vote) for vote in votes if (pair := _pair(vote.answer, options))]
        if not valid_votes:
            return NO_CONSENSUS
        strengths = _strengths(
            [(pair, max(LIGHTEST, _log_odds_of_place(vote, len(options)))) for pair, vote in valid_votes], len(options)
        )
        order = sorted(range(len(options)), key=lambda at: (-round(strengths[at], 9), at))
        best, worst = order[0], order[-1]
        sure = _posterior([vote for _, vote in valid_votes], options)[best, worst]
        return Agreement(JOINT.join((options[best], options[worst])), sure, tuple(strengths))

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        """Return P(both places are the true ones) of each vote."""
        posterior = _posterior(votes, options)
        pairs = [_pair(vote.answer, options) for vote in votes]
        return [posterior[pair] if pair else 0.0 for pair in pairs]

    def votes_for(self, option: str, fell: Mapping[str | None, int]) -> int:
        """Return how often the option was the best, less how often it was the worst."""
        placed_votes = [(answer.split(JOINT), votes) for answer, votes in fell.items() if answer]
        return sum(votes * ((pair[0] == option) - (pair[-1] == option)) for pair, votes in placed_votes)

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        return tuple(f"strength: {option}" for option in options)


def _pair(answer: str, options: Sequence[str]) -> Pair | None:
    placed = answer.split(JOINT)
    if len(placed) != PLACES or not set(placed) <= set(options):
        return None
    return options.index(placed[0]), options.index(placed[1])


def _log_odds_of_place(vote: Vote, count: int) -> float:
    """Return the log odds of each of the two places: with them both are right with the vote's probability, among all
    pairs of `count` options.

    Of the other pairs 2 (K − 2) share one place with the right one, and the rest none."""
    right = min(SURELY, vote.accuracy)
    half, none = right * (count - 2), count * (count - 1) - 1 - 2 * (count - 2)
    return log((half + sqrt(half**2 + (1 - right) * right * none)) / (1 - right))


def _posterior(votes: Sequence[Vote], options: Sequence[str]) -> dict[Pair, float]:
    """Return P(these are the best and the worst) of every two options."""
    count = len(options)
    scores = {(best, worst): 0.0 for best in range(count) for worst in range(count) if best != worst}
    for vote in votes:
        pair, log_odds = _pair(vote.answer, options), _log_odds_of_place(vote, count)
        for candidate in scores if pair else ():
            scores[candidate] += log_odds * sum(
                position == place for position, place in zip(pair or candidate, candidate, strict=True)
            )
    top = max(scores.values())
    likely = {pair: exp(score - top) for pair, score in scores.items()}
    total = sum(likely.values())
    return {pair: likelihood / total for pair, likelihood in likely.items()}


def _strengths(pairs: Sequence[tuple[Pair, float]], count: int) -> list[float]:
    """MAP of Luce's model from weighted choices, by Newton's method; their sum is zero."""
    import numpy as np  # here: files are read without it

    strength = np.zeros(count)
    for _ in range(ROUNDS):
        slope, bend = -IMAGINED * strength, IMAGINED * np.eye(count)
        for (best, worst), weight in pairs:
            as_best, as_worst = np.exp(strength - strength.max()), np.exp(strength.min() - strength)
            as_worst[best] = 0.0  # the worst is one of the others
            for likely, placed, sign in ((as_best / as_best.sum(), best, 1), (as_worst / as_worst.sum(), worst, -1)):
                slope -= sign * weight * likely
                slope[placed] += sign * weight
                bend += weight * (np.diag(likely) - np.outer(likely, likely))
        step = np.linalg.solve(bend, slope).clip(-1.0, 1.0)
        strength = strength + step
        if np.abs(step).max() < SETTLED:
            break
    return [float(value) for value in strength - strength.mean()]


KIND = BestWorst()
