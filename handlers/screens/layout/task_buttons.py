"""A task's buttons: the payloads for answering, correcting and making gold; the layout of its options."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.payloads.payload import Payload
from handlers.payloads.quality import AnswerGold, ChooseGold, DoneGold, UndoGold
from handlers.payloads.work import (
    Choose,
    CorrectAnswer,
    CorrectChoose,
    CorrectDone,
    CorrectUndo,
    Done,
    SubmitAnswer,
    Undo,
)
from handlers.screens.screen import Button

SHORT = 18  # characters of a button that still fits beside another on a small phone


@dataclass(frozen=True, slots=True)
class TaskButtons:
    """The options, and in `draft` the numbers of those that were pressed so far.

    `press` answers with one option; `choose` is one press of several, which `undo` takes back and `done` ends.
    """

    options: Sequence[str]
    draft: Sequence[int]
    press: Callable[[int], Payload]
    choose: Callable[[int], Payload]
    undo: Payload
    done: Payload


def answering(assignment: int, options: Sequence[str], draft: Sequence[int]) -> TaskButtons:
    return TaskButtons(
        options,
        draft,
        lambda at: SubmitAnswer(assignment=assignment, option=at),
        lambda at: Choose(assignment=assignment, option=at),
        Undo(assignment=assignment),
        Done(assignment=assignment),
    )


def changing(assignment: int, options: Sequence[str], draft: Sequence[int]) -> TaskButtons:
    return TaskButtons(
        options,
        draft,
        lambda at: CorrectAnswer(assignment=assignment, option=at),
        lambda at: CorrectChoose(assignment=assignment, option=at),
        CorrectUndo(assignment=assignment),
        CorrectDone(assignment=assignment),
    )


def making_gold(task: int, options: Sequence[str], draft: Sequence[int]) -> TaskButtons:
    return TaskButtons(
        options,
        draft,
        lambda at: AnswerGold(task=task, option=at),
        lambda at: ChooseGold(task=task, option=at),
        UndoGold(task=task),
        DoneGold(task=task),
    )


def laid(
    options: Sequence[str], payload: Callable[[int], Payload], chosen: Sequence[int] = ()
) -> list[tuple[Button, ...]]:
    """Rows of options, two beside each other where all are short; chosen ones are marked by their colour."""
    buttons = [
        Button(option, payload(at).pack(), style="primary" if at in chosen else "") for at, option in enumerate(options)
    ]
    wide = max(map(len, options), default=0) > SHORT
    return [tuple(buttons[at : at + (1 if wide else 2)]) for at in range(0, len(buttons), 1 if wide else 2)]
