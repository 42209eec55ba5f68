"""Pictures and worked examples that stand beside a project's instructions."""

import re
from collections.abc import Iterable, Sequence

from domain.answers import kind_of
from domain.records import record

MOST_EXAMPLES, MOST_PICTURES = 5, 5
LONGEST_ITEM, LONGEST_ANSWER, LONGEST_WHY = 300, 100, 200  # characters of an example's parts
MOST_VERSIONS = 100  # of a project


@record
class WorkedExample:
    """An item with its right answer and why; `picture`: an address or a file's id, beside the text or instead of it."""

    item: str
    answer: str
    why: str = ""
    picture: str = ""


@record
class Wording:
    """All that workers read of a project before they answer."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()


def misfits(examples: Iterable[WorkedExample], kind: str, options: Sequence[str]) -> tuple[str, ...]:
    """Right answers that nobody could give, where an answer names options; of several every one is looked at."""
    known = kind_of(kind)
    if not options or known.options_are_columns or not known.options_in_gold:
        return ()
    return tuple(each.answer for each in examples if not _can_be_given(each.answer, kind, options))


def _can_be_given(answer: str, kind: str, options: Sequence[str]) -> bool:
    known = kind_of(kind)
    if known.gold(answer, options) is not None:
        return True
    named = [known.gold(each, options) for each in re.split(r"\s*[,;/+]\s*", answer)]
    found = [each for each in named if each is not None]
    return known.options_are_apart and len(found) == len(named) and known.together(found, options) is not None
