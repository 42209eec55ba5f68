"""All options, best first: `b>a>c`. Pressed in order; the last press can be undone."""

from collections.abc import Sequence

from domain.answers import Wants, choice
from domain.refusals import AnswerUnfit, AnswerUnknown

WANTS = Wants.PRESSES
OPTIONS: tuple[str, ...] = ()
JOINT = ">"


def pressed(draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
    """What has its place already stays there."""
    choice.read(str(option), options)
    return draft if option in draft else (*draft, option)


def read(handed_in: str, options: Sequence[str]) -> str:
    placed = [choice.read(number, options) for number in handed_in.split(",") if number]
    if len(set(placed)) < len(placed):
        raise AnswerUnknown(expected=list(options))
    if len(placed) < len(options):
        raise AnswerUnfit(what="not_placed", limit=len(options) - len(placed))
    return JOINT.join(placed)


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    return answer in gold


def gold(written: str, options: Sequence[str]) -> str | None:
    named = [choice.gold(name, options) for name in written.split(JOINT)]
    placed = [name for name in named if name is not None]
    return JOINT.join(placed) if len(placed) == len(named) and sorted(placed) == sorted(options) else None


def known(gold: Sequence[str]) -> str:
    return gold[0]


def accepted(answer: str) -> tuple[str, ...]:
    return (answer,)
