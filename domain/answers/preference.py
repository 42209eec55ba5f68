"""Which of two is better, and by how much: `A>>B` much, `A>B` slightly, `A=B` neither, then `B>A` and `B>>A`.

These grades are the options, in this order; a project may leave out ties (`A=B`) or margins (`A>>B`, `B>>A`). Right is
an answer that names the right side: how large a difference is, is a matter of taste. The consensus is the likeliest
side, each vote counted by its worker's accuracy, and of that side's two grades the one with more weight. Its confidence
is that of the side. The score is the mean of the votes in −1…1, above 0 for the first: 1 for much better, ⅓ for
slightly better, 0 for neither (Llama 2's margins: H. Touvron et al. 2023, table 27, “small”).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import exp, log

from domain.answers import AnswerKind, AnswerType, Wants
from domain.answers.choice import chosen
from domain.normalization import find_option, fold_case_and_accents
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Scale, Vote

MUCH, BETTER, NEITHER = ">>", ">", "="
SIGNS = (MUCH, BETTER, NEITHER, "<", "<<")
MARGINS = {MUCH: 1.0, BETTER: 1 / 3, NEITHER: 0.0}
NEITHER_WORDS = ("tie", NEITHER)
SURELY, LIGHTEST = 0.99, 0.01  # no worker is believed more, or weighs less
_GRADE = re.compile(r"([^<>=]+)(>>|>|=)([^<>=]+)")

Parts = tuple[str, str, str]
"""The better one, the sign, the worse one."""


class Preference(AnswerKind):
    order = 65
    wants = Wants.PRESS
    scale = Scale.ORDINAL
    options_are_columns = True
    is_graded = True
    agrees_nearly = True
    most_options = len(SIGNS)

    def arrange_options(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return the grades of two names, or of signs or grades in any order; other options stay as they are."""
        if options and set(options) <= set(SIGNS):
            return _signs(NEITHER in options, bool({MUCH, "<<"} & set(options)))
        if sides := _sides(options):
            ties, margins = (any(sign in option for option in options) for sign in (NEITHER, MUCH))
            return graded(sides[0], sides[1], _signs(ties, margins))
        plain = len(options) == 2 and not any(set(option) & set("<>=") for option in options)
        return graded(options[0], options[1], SIGNS) if plain else tuple(options)

    def get_compared_labels(self, options: Sequence[str]) -> tuple[str, ...]:
        return _sides(options)

    def needs_names(self, options: Sequence[str] | None) -> bool:
        return not options or set(options) <= set(SIGNS)

    def name_options(self, options: Sequence[str] | None, labels: Sequence[str]) -> tuple[str, ...]:
        return graded(labels[0], labels[1], options or SIGNS)

    def relabel(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        better, sign, worse = parts_of(answer)
        return answer if sign == NEITHER else f"{labels.get(better, better)}{sign}{labels.get(worse, worse)}"

    def list_preferences(self, answer: str, options: Sequence[str]) -> tuple[tuple[str, str, float | None], ...]:
        better, sign, worse = parts_of(answer)
        has_margins = any(MUCH in option for option in options)
        return () if sign == NEITHER else ((better, worse, MARGINS[sign] if has_margins else None),)

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        return chosen(handed_in, options)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        return answer is not None and _side(answer) in map(_side, gold)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        """A grade, the name of the better one, or a word for neither."""
        sides = _sides(options)
        if sides and fold_case_and_accents(gold_text) in NEITHER_WORDS:
            return find_option(NEITHER.join(sides), options)
        if (better := find_option(gold_text, sides)) is not None:
            (worse,) = set(sides) - {better}
            return find_option(f"{better}{BETTER}{worse}", options)
        return find_option(gold_text, options)

    def gold_example(self, options: Sequence[str]) -> str:
        return " / ".join(options)

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        return {"": float(options.index(answer) + 1)} if answer in options else {}

    def answer_type(self, options: Sequence[str]) -> AnswerType:
        return AnswerType.OPTION

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Sides that are as likely keep the options' order; grades that weigh as much, the smaller difference."""
        valid_votes = [vote for vote in votes if vote.answer in options]
        if not valid_votes:
            return NO_CONSENSUS
        likely = _posterior(valid_votes, options)
        winner = max(likely, key=lambda side: round(likely[side], 9))
        grades = sorted((option for option in options if _side(option) == winner), key=len)
        weights = [sum(vote.accuracy for vote in valid_votes if vote.answer == grade) for grade in grades]
        answer = grades[weights.index(max(weights))]
        return Agreement(answer, likely[winner], (_mean(valid_votes, options),))

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        likely = _posterior(votes, options)
        return [likely.get(_side(vote.answer), 0.0) for vote in votes]

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        return ("margin",)


def parts_of(grade: str) -> Parts:
    """Return (better, sign, worse) of a grade; of a tie the first name comes first."""
    match = _GRADE.fullmatch(grade)
    return (match[1], match[2], match[3]) if match else (grade, "", "")


def graded(name_a: str, name_b: str, signs: Sequence[str]) -> tuple[str, ...]:
    """Return the grades of two names with these signs."""
    name_a, name_b = name_a.strip(), name_b.strip()
    whole = [
        name_a + MUCH + name_b,
        name_a + BETTER + name_b,
        name_a + NEITHER + name_b,
        name_b + BETTER + name_a,
        name_b + MUCH + name_a,
    ]
    return tuple(grade for sign, grade in zip(SIGNS, whole, strict=True) if sign in signs)


def _signs(ties: bool, margins: bool) -> tuple[str, ...]:
    return tuple(sign for sign in SIGNS if (ties or sign != NEITHER) and (margins or len(sign) == 1))


def _sides(options: Sequence[str]) -> tuple[str, ...]:
    """Return the two names if these are the grades of two, else ()."""
    pairs = {
        tuple(sorted((parts_of(option)[0], parts_of(option)[2]))) for option in options if _GRADE.fullmatch(option)
    }
    if len(pairs) != 1 or not all(map(_GRADE.fullmatch, options)):
        return ()
    names = next((parts_of(option) for option in options if NEITHER in option), parts_of(options[0]))
    return (names[0], names[2]) if names[0] != names[2] else ()


def _side(grade: str) -> str:
    """The better one; nothing where neither is."""
    better, sign, _ = parts_of(grade)
    return "" if sign == NEITHER else better


def _posterior(votes: Sequence[Vote], options: Sequence[str]) -> dict[str, float]:
    """P(this side is right), in the order of the options."""
    scores = dict.fromkeys(map(_side, options), 0.0)
    for vote in votes:
        right = min(SURELY, max(LIGHTEST, vote.accuracy))
        if (side := _side(vote.answer)) in scores:
            scores[side] += log(right * (len(scores) - 1) / (1 - right))
    top = max(scores.values())
    likely = {side: exp(score - top) for side, score in scores.items()}
    total = sum(likely.values())
    return {side: likelihood / total for side, likelihood in likely.items()}


def _mean(votes: Sequence[Vote], options: Sequence[str]) -> float:
    first_side = _sides(options)[0]
    grades = [(parts_of(vote.answer), vote.accuracy) for vote in votes]
    signed = [(MARGINS[sign] * (1 if better == first_side else -1), weight) for (better, sign, _), weight in grades]
    return sum(value * weight for value, weight in signed) / sum(weight for _, weight in signed)


KIND = Preference()
