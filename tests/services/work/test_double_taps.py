"""A campaign of double taps: two taps in the same place of the screen, whatever stands there at the second one."""

from itertools import product
from typing import Any

import pytest

from domain.answers import list_kinds
from domain.moments import MINUTE, SECOND, Moment
from domain.projects.form_questions import FormQuestion, pack_questions
from domain.refusals import WorkRefusal
from domain.work.assignments import DOUBLE_TAP_MILLISECONDS
from domain.work.messages import TaskShown
from handlers.payload import unpack
from handlers.screen import Keyboard, render
from handlers.work.tasks import AskForWork, CantTell
from storage.database import one_transaction
from tests.services.work.test_session import Chat, chat

Place = tuple[int, int]  # a row of the keyboard, and a button of it
YES_NO = ("yes", "no")
DONE = "✅ Done"
GRADES = ("A>B", "A=B", "B>A")
QUESTIONS = [FormQuestion("car", "choice", "A car?", YES_NO), FormQuestion("red", "choice", "Red?", YES_NO)]
# Options of the project, and what is pressed until a task is answered; other kinds are not answered by pressing.
ANSWERED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "choice": (YES_NO, ("yes",)),
    "choices": (("red", "green", "blue"), ("red", DONE)),
    "rating": (("1", "2", "3"), ("2",)),
    "compare": (("A", "B"), ("A",)),
    "preference": (GRADES, ("A is better",)),
    "rank": (("fig", "plum"), ("fig", "plum", DONE)),
    "best_worst": (("fig", "plum", "pear"), ("fig", "pear", DONE)),
    "form": (pack_questions(QUESTIONS), ("yes", "no")),
}
UNSURE, SKIP = ("🤷 Can't tell",), ("⋯", "⏭ Skip")
GAPS = (0, 80, 200, 450, 650, 900, 3_000)  # milliseconds between two taps
LAGS = (60, 900)  # milliseconds from a press to what it brings
READING = 2 * SECOND


def keyboard(here: Chat) -> Keyboard:
    """What stands under the newest message that shows a task."""
    return render(here.screen(), here.facts(), "en").keyboard


def find_place(here: Chat, label: str) -> Place:
    rows = enumerate(keyboard(here))
    return next((row, at) for row, keys in rows for at, key in enumerate(keys) if key.text == label)


def data_at(here: Chat, place: Place) -> str:
    """What a finger in this place sends; empty where there is nothing to press."""
    row, at = place
    keys = keyboard(here)
    return (keys[row][at].data or "") if row < len(keys) and at < len(keys[row]) else ""


def deliver_at(here: Chat, moment: Moment) -> None:
    here.now = max(here.now, moment)
    here.deliver()


def press_at(here: Chat, data: str, moment: Moment) -> None:
    """The bot takes the press in; what it brings comes later."""
    here.now = max(here.now, moment)
    try:
        here.take(unpack(data), here.last)
    except WorkRefusal:
        return


def tap_twice(here: Chat, labels: tuple[str, ...], gap: int, lag: int) -> bool:
    """Read the task in hand, press these buttons one by one, and tap the last one's place again. Return whether a task
    ended that had not been shown for as long as a double tap takes."""
    deliver_at(here, Moment(here.now + MINUTE))
    if here.screen() != TaskShown.stored_as:
        here.do(AskForWork())
    if here.facts()["draft"] or here.facts()["exchange"]:  # what a second tap that was no double tap has left
        here.do(CantTell(assignment=here.facts()["assignment"]), here.last)
    task = here.facts()["assignment"]
    for label in labels[:-1]:
        here.do(unpack(data_at(here, find_place(here, label))), here.last)
    place = find_place(here, labels[-1])
    first_tap = Moment(here.now + READING)
    shown_at, second_tap = Moment(first_tap + lag), Moment(first_tap + gap)
    press_at(here, data_at(here, place), first_tap)
    if shown_at <= second_tap:
        deliver_at(here, shown_at)
    if data := data_at(here, place):
        press_at(here, data, second_tap)
    deliver_at(here, Moment(max(shown_at, second_tap) + lag))
    with one_transaction(here.url, here.now) as unit:
        ended = unit.connection.all(
            "SELECT id, state FROM assignments WHERE id >= :task AND state <> 'active'", task=task
        )
    assert len(ended) >= 1
    return len(ended) > 1 and second_tap - shown_at < DOUBLE_TAP_MILLISECONDS


@pytest.mark.parametrize("kind", list_kinds())
def test_two_taps_in_one_place_end_no_task_that_was_not_seen(sqlite_url: str, now: Moment, kind: str) -> None:
    options, presses = ANSWERED.get(kind, ((), ()))
    fields: dict[str, Any] = {"kind": kind, "options": options, "tasks": 100}
    here = chat(sqlite_url, now, **fields)
    for labels in filter(None, (presses, UNSURE, SKIP)):
        lags = LAGS[:1] if labels == SKIP else LAGS  # of a project no more than twenty are skipped a day
        assert [(gap, lag) for gap, lag in product(GAPS, lags) if tap_twice(here, labels, gap, lag)] == []


def test_a_second_tap_on_a_question_of_a_form_does_not_answer_the_next_one(sqlite_url: str, now: Moment) -> None:
    here = chat(sqlite_url, now, kind="form", options=pack_questions(QUESTIONS))
    place, task = find_place(here, "yes"), here.facts()["assignment"]
    deliver_at(here, Moment(here.now + READING))
    press_at(here, data_at(here, place), here.now)
    deliver_at(here, Moment(here.now + LAGS[0]))
    press_at(here, data_at(here, place), Moment(here.now + GAPS[2]))
    assert (here.facts()["assignment"], here.facts()["draft"]) == (task, ["yes"])
    press_at(here, data_at(here, place), Moment(here.now + READING))
    deliver_at(here, here.now)
    assert here.facts()["assignment"] != task
