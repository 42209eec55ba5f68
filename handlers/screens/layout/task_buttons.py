"""Which payloads the buttons of a task carry: a worker's who answers it or changes that, or a requester's who makes gold of it."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.payloads.payload import Payload
from handlers.payloads.quality import AnswerGold, ChooseGold, DoneGold, UndoGold
from handlers.payloads.work import AmendAnswer, AmendChoose, AmendDone, AmendUndo, Choose, Done, SubmitAnswer, Undo
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
            lambda at: AnswerGold(task=task, option=at),
            lambda at: ChooseGold(task=task, option=at),
            UndoGold(task=task),
            DoneGold(task=task),
        )
    number = facts["number"]
    if facts.get("amending"):
        return Pad(
            lambda at: AmendAnswer(assignment=number, option=at),
            lambda at: AmendChoose(assignment=number, option=at),
            AmendUndo(assignment=number),
            AmendDone(assignment=number),
        )
    return Pad(
        lambda at: SubmitAnswer(assignment=number, option=at),
        lambda at: Choose(assignment=number, option=at),
        Undo(assignment=number),
        Done(assignment=number),
    )
