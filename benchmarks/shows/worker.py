"""People who answer any kind of task at their phones, as fast as the bot lets them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import Random

import aiohttp

from benchmarks.shows.sets import Task, Think
from simulator.crowd.client import ControlRefusal, Phone, buttons_of, text_of
from simulator.values import Json

TASK = "🤷 Can't tell"  # every task has it
MEDIA = ("photo", "voice", "audio")
REST = 0.5  # seconds after which somebody without a task asks for one
PATIENCE = 5.0  # seconds until an act that changed nothing is considered again


class Worker:
    """One phone; `think` says what to do with a task, None for nothing yet. `pace`: seconds before an act."""

    def __init__(self, phone: Phone, think: Callable[[], Think | None], number: int, pace: float) -> None:
        self.phone, self.think, self.pace = phone, think, pace
        self.dice = Random(f"shows {number}")
        self._answered: object = None

    async def begin(self) -> None:
        """Agrees to the terms: the first button of the greeting."""
        await self.phone.say("/start")
        greeting = await self.phone.wait_for("Pouce")
        await self.phone.press(buttons_of(greeting)[0]["text"], greeting)
        await self.phone.wait_for("🎉")

    async def work(self) -> None:
        with suppress(aiohttp.ClientConnectionError):
            while True:
                with suppress(ControlRefusal, LookupError):
                    await self._turn()

    async def _turn(self) -> None:
        think, task = self.think(), self._task()
        act = think(await taken(self.phone, task, self.dice)) if think is not None and task is not None else None
        if task is None or act is None:
            await self._changes(REST)
            if think is not None and self._task() is None:
                await self.phone.say("/work")
                await self._changes(REST)
            return
        await asyncio.sleep(self.pace * self.dice.uniform(0.5, 1.5))
        if act.press:
            await self.phone.press(act.press, task)
        else:
            await self.phone.say(act.say)
        self._answered = told(task)
        await self._gone(task)

    async def _gone(self, task: Json) -> None:
        """Until the task shows something else: words said twice would answer the next one, too."""
        with suppress(TimeoutError):
            await self.phone.until(lambda phone: told(phone.shown.get(task["message_id"], {})) != told(task), PATIENCE)
        self._answered = None

    def _task(self) -> Json | None:
        """The newest one that can be answered."""
        tasks = (m for m in reversed(self.phone.messages) if not m["out"] and _asks(m) and told(m) != self._answered)
        return next(tasks, None)

    async def _changes(self, patience: float) -> None:
        """Waits until the chat shows something else."""
        before = [told(m) for m in self.phone.messages][-4:]
        with suppress(TimeoutError):
            await self.phone.until(lambda phone: [told(m) for m in phone.messages][-4:] != before, patience)


async def taken(phone: Phone, task: Json, dice: Random) -> Task:
    """With its picture or sound, which may stand in a message of its own above it."""
    has_media = any(kind in task for kind in MEDIA)
    above = [m for m in phone.messages if m["message_id"] < task["message_id"] and not m["out"]][-1:]
    shows = [task] if has_media else [m for m in above if any(kind in m for kind in MEDIA)]
    content = await phone.download(shows[0]) if shows else None
    return Task(phone.id, task, dice, content)


def told(message: Json) -> object:
    """What of a message changes when it is edited."""
    return message.get("message_id"), text_of(message), [each["text"] for each in buttons_of(message)]


def _asks(message: Json) -> bool:
    return any(button["text"] == TASK for button in buttons_of(message))
