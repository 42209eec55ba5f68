"""A task's buttons: what they carry for answering, correcting and making gold; the layout of its options."""

from collections.abc import Callable, Sequence
from functools import partial

from domain.answers import Draft
from domain.handing_in import presses
from domain.records import record
from handlers.payloads.payload import Payload
from handlers.payloads.projects import DoneTrial, TryOption, UndoTrial
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


@record
class TaskButtons:
    """The options, and in `draft` the numbers of those that were pressed so far (`given`: all that was).

    `press` is the data of a button that answers with one option; `choose` of one press of several, which `undo` takes
    back and `done` ends. `page` is where an answer is drawn, None where nobody can.
    """

    options: Sequence[str]
    given: Draft
    press: Callable[[int], str]
    choose: Callable[[int], str]
    undo: str
    done: str
    page: str | None = None

    @property
    def draft(self) -> tuple[int, ...]:
        return presses(self.given)


def answering(assignment: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying((SubmitAnswer, Choose, Undo, Done), assignment, options, draft, "task")


def changing(assignment: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying((CorrectAnswer, CorrectChoose, CorrectUndo, CorrectDone), assignment, options, draft, "task")


def making_gold(task: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying((AnswerGold, ChooseGold, UndoGold, DoneGold), task, options, draft, "gold")


def trying(project: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying((TryOption, TryOption, UndoTrial, DoneTrial), project, options, draft, "trial")


def _carrying(
    payloads: tuple[type[Payload], type[Payload], type[Payload], type[Payload]],
    number: int,
    options: Sequence[str],
    draft: Draft,
    page: str,
) -> TaskButtons:
    press, choose, undo, done = payloads
    data = partial(press.wire, number), partial(choose.wire, number), undo.wire(number), done.wire(number)
    return TaskButtons(options, draft, *data, f"{page}/{number}")


def laid(options: Sequence[str], data: Callable[[int], str], chosen: Sequence[int] = ()) -> list[tuple[Button, ...]]:
    """Rows of options, two beside each other where all are short; chosen ones are marked by their colour."""
    buttons = [Button(option, data(at), style="primary" if at in chosen else "") for at, option in enumerate(options)]
    wide = max(map(len, options), default=0) > SHORT
    return [tuple(buttons[at : at + (1 if wide else 2)]) for at in range(0, len(buttons), 1 if wide else 2)]
