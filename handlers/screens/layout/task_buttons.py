"""Which payloads the buttons of a task carry: a worker's who answers it or changes that, or a requester's who makes gold of it."""

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
