"""A number, typed with a comma or a point. Gold may have a tolerance: `12±0.5`, or be a range: `10..14`."""

import re
from collections.abc import Sequence
from decimal import Decimal

from domain.answers import Wants
from domain.refusals import AnswerUnfit

WANTS = Wants.TEXT
OPTIONS: tuple[str, ...] = ()
DIGITS = 15  # on either side of the point
SHARE = Decimal("0.01")  # of a value, that would not matter
_BLANKS = re.compile("[\\s\u00a0\u202f'’]")
_NUMBER = re.compile(rf"[+-]?(?:\d{{1,{DIGITS}}}(?:\.\d{{0,{DIGITS}}})?|\.\d{{1,{DIGITS}}})", re.ASCII)
_TOLERANCE = re.compile(r"±|\+\s*/?\s*-")


def parse(text: str) -> Decimal | None:
    """`1 234,5` and `1,234.5` alike: of two marks the last is the decimal one, a single one always is."""
    bare = _BLANKS.sub("", text).replace("−", "-")
    if "," in bare and "." in bare:
        bare = bare.replace("," if bare.rindex(",") < bare.rindex(".") else ".", "")
    bare = bare.replace(",", ".")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def plain(value: Decimal) -> str:
    """Without exponent and superfluous zeros."""
    return f"{value.normalize():f}" if value else "0"


def bounds(gold: str) -> tuple[Decimal, Decimal] | None:
    """The least and the largest number that a gold answer accepts."""
    low, dots, high = gold.partition("..")
    if dots:
        ends = parse(low), parse(high)
    else:
        middle, *more = _TOLERANCE.split(gold, 1)
        centre, width = parse(middle), parse(more[0]) if more else Decimal(0)
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


def read(handed_in: str, options: Sequence[str]) -> str:
    value = parse(handed_in)
    if value is None:
        raise AnswerUnfit(what="number")
    return plain(value)


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    value = None if answer is None else parse(answer)
    accepted = [found for found in map(bounds, gold) if found]
    return value is not None and any(low <= value <= high for low, high in accepted)


def gold(written: str, options: Sequence[str]) -> str | None:
    return written.strip() if bounds(written) else None


def known(gold: Sequence[str]) -> str:
    """The middle of what is accepted."""
    found = bounds(gold[0])
    return plain((found[0] + found[1]) / 2) if found else gold[0]


def accepted(answer: str) -> tuple[str, ...]:
    value = parse(answer)
    return (f"{answer}±{plain(tolerance_of([value]))}",) if value is not None else (answer,)
