"""Which payloads the buttons of a task carry: a worker's who answers it or changes that, or a requester's who makes gold of it."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers import amending_buttons, buttons, gold_buttons
from handlers.buttons import Payload
from handlers.screens.screen import Facts


@dataclass(frozen=True, slots=True)
class Pad:
    """`press` answers with one option; `choose` is one press of several, which `undo` takes back and `done` ends."""

    press: Callable[[int], Payload]
    choose: Callable[[int], Payload]
    undo: Payload
    done: Payload


def pad_of(facts: Facts) -> Pad:
    if facts.get("making"):
        task = facts["task"]
        return Pad(
            lambda at: gold_buttons.AnswerGold(task=task, option=at),
            lambda at: gold_buttons.ChooseGold(task=task, option=at),
            gold_buttons.UndoGold(task=task),
            gold_buttons.DoneGold(task=task),
        )
    number = facts["number"]
    if facts.get("amending"):
        return Pad(
            lambda at: amending_buttons.AmendAnswer(assignment=number, option=at),
            lambda at: amending_buttons.AmendChoose(assignment=number, option=at),
            amending_buttons.AmendUndo(assignment=number),
            amending_buttons.AmendDone(assignment=number),
        )
    return Pad(
        lambda at: buttons.SubmitAnswer(assignment=number, option=at),
        lambda at: buttons.Choose(assignment=number, option=at),
        buttons.Undo(assignment=number),
        buttons.Done(assignment=number),
    )
