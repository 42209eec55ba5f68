"""A task's buttons: what they carry for answering, correcting and making gold; the layout of its options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from domain.handing_in import Draft, get_pressed_options
from domain.messages import record
from handlers.payload import Payload
from handlers.projects import launches
from handlers.quality import gold
from handlers.screen import Button
from handlers.work import corrections, tasks

SHORT = 18  # characters of a button that still fits beside another on a small phone
VERY_SHORT = 8  # beside two others


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
        return get_pressed_options(self.given)


def answering(assignment: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying((tasks.SubmitAnswer, tasks.Choose, tasks.Undo, tasks.Done), assignment, options, draft, "task")


def changing(assignment: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying(
        (corrections.CorrectAnswer, corrections.CorrectChoose, corrections.CorrectUndo, corrections.CorrectDone),
        assignment,
        options,
        draft,
        "task",
    )


def making_gold(task: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying((gold.AnswerGold, gold.ChooseGold, gold.UndoGold, gold.DoneGold), task, options, draft, "gold")


def trying(project: int, options: Sequence[str], draft: Draft) -> TaskButtons:
    return _carrying(
        (launches.TryOption, launches.TryOption, launches.UndoTrial, launches.DoneTrial),
        project,
        options,
        draft,
        "trial",
    )


def _carrying(
    payloads: tuple[type[Payload], type[Payload], type[Payload], type[Payload]],
    number: int,
    options: Sequence[str],
    draft: Draft,
    page: str,
) -> TaskButtons:
    press, choose, undo, done = payloads
    return TaskButtons(
        options,
        draft,
        press=partial(press.wire, number),
        choose=partial(choose.wire, number),
        undo=undo.wire(number),
        done=done.wire(number),
        page=f"{page}/{number}",
    )


def laid(
    options: Sequence[str],
    data: Callable[[int], str],
    chosen: Sequence[int] = (),
    done: Button | None = None,
) -> list[tuple[Button, ...]]:
    """Rows of options, two beside each other where all are short, three where they are very short and fill fewer rows
    so; chosen ones are marked by their colour. `done` ends the answer: it stands in the last row if that has room."""
    buttons = [Button(option, data(at), style="primary" if at in chosen else "") for at, option in enumerate(options)]
    longest, count = max(map(len, options), default=0), len(options)
    if done is not None:
        buttons.append(done)
        count += 1
    width = 1 if longest > SHORT else 3 if longest <= VERY_SHORT and count not in (2, 4) else 2
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]
