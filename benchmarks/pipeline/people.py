"""People who answer at once: each presses an option, waits for the spinner to stop and the next task, presses again.

They read the task and are right 19 times of 20, or the product would send them away for what they press. They press
the message that shows it: a new one, or, in session mode, the one before, edited.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.pipeline.standin import BOT, StandIn
from tests.house import FIRST_WORKER


@dataclass(slots=True)
class Turn:
    """One answer on its way."""

    began: float
    next: str | None = None  # what its button carries
    message: int = 0  # that shows it
    took: float = 0.0
    stopped: bool = False


@dataclass
class People:
    """`times` are the seconds from a press to the next task, of the answers that ended while `counting`; `rest` are the
    seconds each person looks at a task."""

    standin: StandIn
    turns: dict[int, Turn] = field(default_factory=dict)
    queries: dict[int, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    counting: bool = False
    query: int = 0
    rest: float = 0.0

    def begin(self, people: int) -> None:
        """Each asks for a first task."""
        self.standin.watcher = self
        for number in range(people):
            chat = FIRST_WORKER + number
            command = [{"type": "bot_command", "offset": 0, "length": 5}]
            content = {**_message(chat), "from": _person(chat), "text": "/work", "entities": command}
            self.standin.put("message", content)

    def task(self, chat: int, message: int, assignment: int, review: int) -> None:
        turn, data = self.turns.get(chat), f"a:{assignment}:{option_of(chat, review)}"
        if turn is None:
            self._press(chat, message, data)
        elif turn.next is None:
            turn.next, turn.message, turn.took = data, message, time.perf_counter() - turn.began
            self._end(chat, turn)

    def spinner(self, query: int) -> None:
        """Note that a press was acknowledged; one of an earlier start of the bot is nobody's here."""
        chat = self.queries.pop(query, None)
        if chat is not None:
            self.turns[chat].stopped = True
            self._end(chat, self.turns[chat])

    def _end(self, chat: int, turn: Turn) -> None:
        if turn.next is not None and turn.stopped:
            if self.counting:
                self.times.append(turn.took)
            if self.rest:
                asyncio.get_running_loop().call_later(self.rest, self._press, chat, turn.message, turn.next)
            else:
                self._press(chat, turn.message, turn.next)

    def _press(self, chat: int, number: int, data: str) -> None:
        self.query += 1
        self.queries[self.query] = chat
        self.turns[chat] = Turn(time.perf_counter())
        message = {**_message(chat, number), "from": BOT, "text": TEXT, "reply_markup": _keyboard(data)}
        pressed = {"id": str(self.query), "from": _person(chat), "message": message, "chat_instance": "1"}
        self.standin.put("callback_query", {**pressed, "data": data})


OPTIONS = ("positive", "negative")
TEXT = "Is the review positive? · €0.0001\nreview 1\n1. Read the review.\n2. Is the writer pleased?"


def truth_of(review: int) -> int:
    """The right option of a review by its number."""
    return review % 2


def option_of(chat: int, review: int) -> int:
    """What this person presses: one answer of 20 is wrong, and each errs at other reviews."""
    return truth_of(review) ^ (hash((chat, review)) % 20 == 0)


def _person(chat: int) -> dict[str, Any]:
    """As tests/house.py settles them: their names are known."""
    number = chat - FIRST_WORKER
    known = {"first_name": f"Worker {number}", "username": f"worker{number}", "language_code": "en"}
    return {"id": chat, "is_bot": False, **known}


def _message(chat: int, number: int = 1) -> dict[str, Any]:
    whose = {"id": chat, "type": "private", "first_name": "Worker"}
    return {"message_id": number, "date": 1_800_000_000, "chat": whose}


def _keyboard(data: str) -> dict[str, Any]:
    of_task = data.rpartition(":")[0]
    options = [{"text": text, "callback_data": f"{of_task}:{at}"} for at, text in enumerate(OPTIONS)]
    return {"inline_keyboard": [options]}
