"""A number, typed with a comma or a point. Gold may have a tolerance: `12±0.5`, or be a range: `10..14`.

The consensus is a robust weighted centre of the numbers given, to the digit they were given to. An answer is right
within half of the last digit given, or one percent of the value, whichever is more.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from domain.answers import MeasuredKind
from domain.handing_in import AnswerType, Wants
from domain.money.pricing import PRESS_SECONDS, SECONDS_PER_TYPED_WORD
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Scale, Vote
from domain.refusals import AnswerUnfit

DIGITS = 15  # on either side of the point
SHARE = Decimal("0.01")  # of a value, that would not matter
_BLANKS = re.compile("[\\s\u00a0\u202f'’]")
_NUMBER = re.compile(rf"[+-]?(?:\d{{1,{DIGITS}}}(?:\.\d{{0,{DIGITS}}})?|\.\d{{1,{DIGITS}}})", re.ASCII)
_TOLERANCE = re.compile(r"±|\+\s*/?\s*-")


class Number(MeasuredKind):
    order = 40
    scale = Scale.INTERVAL
    wants = Wants.TEXT
    gold_expected = "number"
    ai_expected = "plain_number"
    agrees_nearly = True

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        value = parse(handed_in)
        if value is None:
            raise AnswerUnfit(what="not_a_number")
        return plain(value)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        value = None if answer is None else parse(answer)
        accepted = [accepted_range for accepted_range in map(bounds, gold) if accepted_range]
        return value is not None and any(low <= value <= high for low, high in accepted)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        return gold_text.strip() if bounds(gold_text) else None

    def parse_model_answer(self, gold_text: str, options: Sequence[str]) -> str | None:
        value = parse(gold_text)
        return None if value is None else plain(value)

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        """The middle of the accepted range."""
        accepted_range = bounds(gold[0])
        return plain((accepted_range[0] + accepted_range[1]) / 2) if accepted_range else gold[0]

    def list_accepted(self, answer: str) -> tuple[str, ...]:
        value = parse(answer)
        return (f"{answer}±{plain(tolerance_of([value]))}",) if value is not None else (answer,)

    def estimate_input_seconds(self, options: int) -> float:
        return SECONDS_PER_TYPED_WORD + PRESS_SECONDS

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        from domain.quality.trust import robust_centre  # here: files are read without numpy

        valid_votes = [(value, vote) for vote in votes if (value := parse(vote.answer)) is not None]
        if not valid_votes:
            return NO_CONSENSUS
        values = [value for value, _ in valid_votes]
        digit, tolerance = last_digit(values), float(tolerance_of(values))
        usual = [float(value) - vote.habit * tolerance for value, vote in valid_votes]
        centre = robust_centre(usual, [vote.weight for _, vote in valid_votes], tolerance)
        answer = round(Decimal(centre.value) / digit) * digit
        sure = centre.probability(float(answer) - tolerance, float(answer) + tolerance)
        return Agreement(plain(answer), sure, centre.interval)

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        from domain.quality.trust import robust_centre  # here: files are read without numpy

        values, tolerance = self.to_numbers([vote.answer for vote in votes], options)
        usual = [value - vote.habit * tolerance for value, vote in zip(values, votes, strict=True)]
        centre = robust_centre(usual, [vote.weight for vote in votes], tolerance)
        return [centre.probability(value - tolerance, value + tolerance) for value in values]

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        value = parse(answer)
        return {} if value is None else {"": float(value)}

    def to_numbers(self, answers: Sequence[str], options: Sequence[str]) -> tuple[list[float], float]:
        values = [parse(answer) or Decimal(0) for answer in answers]
        return list(map(float, values)), float(tolerance_of(values))

    def measure_offset(self, value: float, gold: Sequence[str], options: Sequence[str]) -> float:
        accepted = [accepted_range for accepted_range in map(bounds, gold) if accepted_range]
        beyond = [value - min(max(value, float(low)), float(high)) for low, high in accepted]
        return min(beyond, key=abs, default=0.0)

    def answer_type(self, options: Sequence[str]) -> AnswerType:
        return AnswerType.NUMBER


@lru_cache(maxsize=10_000)
def parse(text: str) -> Decimal | None:
    """`1 234,5` and `1,234.5` alike: of two marks the last is the decimal one, a single one always is."""
    bare = _BLANKS.sub("", text).replace("−", "-")
    if "," in bare and "." in bare:
        bare = bare.replace("," if bare.rindex(",") < bare.rindex(".") else ".", "")
    bare = bare.replace(",", ".")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def plain(value: Decimal) -> str:
    """Return the number without exponent and superfluous zeros."""
    return f"{value.normalize():f}" if value else "0"


def bounds(gold: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the largest number that a gold answer accepts, or None if it is no gold answer."""
    low, dots, high = gold.partition("..")
    if dots:
        ends = parse(low), parse(high)
    else:
        middle, *tolerance = _TOLERANCE.split(gold, 1)
        centre, width = parse(middle), parse(tolerance[0]) if tolerance else Decimal(0)
        ends = (None, None) if centre is None or width is None else (centre - width, centre + width)
    if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        return None
    return ends[0], ends[1]


def last_digit(values: Sequence[Decimal]) -> Decimal:
    """The finest digit that any of them was given to: 1 for whole numbers, 0.01 for 1.25."""
    return Decimal(1).scaleb(min(map(_exponent, values)))


def tolerance_of(values: Sequence[Decimal]) -> Decimal:
    """The difference that would not matter: half of the last digit, or one percent, whichever is more."""
    middle = sorted(map(abs, values))[len(values) // 2]
    return max(last_digit(values) / 2, SHARE * middle)


def _exponent(value: Decimal) -> int:
    """0 for whole numbers, −2 for 1.25."""
    return min(0, int(value.normalize().as_tuple().exponent))


KIND = Number()
