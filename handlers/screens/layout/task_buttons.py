"""Which payloads the buttons of a task carry: a worker's who answers it or changes that, or a requester's who makes gold of it."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.payloads import corrections, gold, payload
from handlers.payloads.payload import Payload
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
            lambda at: gold.AnswerGold(task=task, option=at),
            lambda at: gold.ChooseGold(task=task, option=at),
            gold.UndoGold(task=task),
            gold.DoneGold(task=task),
        )
    number = facts["number"]
    if facts.get("amending"):
        return Pad(
            lambda at: corrections.AmendAnswer(assignment=number, option=at),
            lambda at: corrections.AmendChoose(assignment=number, option=at),
            corrections.AmendUndo(assignment=number),
            corrections.AmendDone(assignment=number),
        )
    return Pad(
        lambda at: payload.SubmitAnswer(assignment=number, option=at),
        lambda at: payload.Choose(assignment=number, option=at),
        payload.Undo(assignment=number),
        payload.Done(assignment=number),
    )
