"""Any number of the options: `a|b`, in the options' order. Pressed one by one.

Nothing chosen is no answer: “none of them” is said by pressing an option that says so; it excludes the others.
"""

from collections.abc import Sequence

from domain.answers import Wants, choice
from domain.normalization import folded
from domain.refusals import AnswerUnfit, AnswerUnknown

WANTS = Wants.PRESSES
OPTIONS: tuple[str, ...] = ()
JOINT = "|"
NONE = frozenset({"none", "none of them", "none of these", "none of the above", "nothing"}) | frozenset(
    {"aucun", "aucune", "aucun d'eux", "aucune d'elles", "aucun de ceux-ci", "aucune de celles-ci", "rien"}
)


def none_of(options: Sequence[str]) -> int | None:
    """The number of the option that says “none of them”."""
    return next((at for at, option in enumerate(options) if folded(option) in NONE), None)


def pressed(draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
    """A second press takes an option back; “none” and the others exclude each other."""
    choice.read(str(option), options)
    if option in draft:
        return tuple(at for at in draft if at != option)
    none = none_of(options)
    kept = () if option == none else tuple(at for at in draft if at != none)
    return tuple(sorted((*kept, option)))


def read(handed_in: str, options: Sequence[str]) -> str:
    numbers = handed_in.split(",") if handed_in else []
    chosen = sorted({options.index(choice.read(number, options)) for number in numbers})
    if none_of(options) in chosen and len(chosen) > 1:
        raise AnswerUnknown(expected=list(options))
    if not chosen:
        raise AnswerUnfit(what="nothing_chosen")
    return JOINT.join(options[at] for at in chosen)


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    """All of the gold answers, and nothing else."""
    return answer is not None and set(answer.split(JOINT)) == set(gold)


gold = choice.gold


def known(gold: Sequence[str]) -> str:
    return JOINT.join(gold)


def accepted(answer: str) -> tuple[str, ...]:
    return tuple(answer.split(JOINT))
