"""A scripted crowd: workers who live at the other end of the control API and do nothing a person could not."""

import argparse
import asyncio
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import aiohttp

from simulator.crowd.behaviour import (
    KINDS,
    Kind,
    RatedSentences,
    WorkerProfile,
    amazon_reviews,
    is_positive_answer,
    seconds,
    workers,
)
from simulator.crowd.client import ControlRefusal, Phone, Switchboard, buttons_of, text_of
from simulator.values import Json

READING_SECONDS = 1.5
MAX_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class CrowdPlan:
    """The buttons that mean positive and negative, and how the crowd behaves.

    Before their first task workers press the first button of every keyboard without such an option;
    afterwards only when its text contains one of `agree`. `ask` is said whenever nothing has come for
    `patience` seconds (a press that changed nothing is repeated first). Reaction times are divided by
    `speed`. A task without these options is not for them: they press the first of the buttons
    named in `leave` that is under it: to leave, or else what brings that button."""

    positive: str = "positive"
    negative: str = "negative"
    ratings: RatedSentences = field(default_factory=amazon_reviews)
    seed: int = 0
    speed: float = 1.0
    start: str = "/start"
    agree: tuple[str, ...] = ()
    ask: str | None = None
    leave: tuple[str, ...] = ()
    patience: float = 20.0
    language_code: str = "en"

    def options(self) -> tuple[str, str]:
        return self.positive, self.negative


@dataclass(frozen=True, slots=True)
class CrowdAnswer:
    """An option pressed; `sentence` is its id in the ratings, None when the task was none of theirs."""

    person: int
    worker: str
    sentence: str | None
    option: str
    seconds: float


class ScriptedWorker:
    """One worker at their phone."""

    def __init__(
        self, phone: Phone, profile: WorkerProfile, plan: CrowdPlan, note: Callable[[CrowdAnswer], None]
    ) -> None:
        self.phone = phone
        self.profile = profile
        self.plan = plan
        self.note = note
        self.answered = 0
        self._dice = random.Random(f"{plan.seed}|{profile.name}")  # noqa: S311 - reaction times
        self._inbox: asyncio.Queue[Json] = asyncio.Queue()
        self._pressed: Json | None = None
        self._attempts = 0
        self._met_task = False
        phone.listeners.append(self._inbox.put_nowait)

    async def work(self) -> None:
        """Join, then press until cancelled or until Telegram is gone."""
        with suppress(aiohttp.ClientConnectionError):
            await self.phone.say(self.plan.start)
            while True:
                with suppress(ControlRefusal):
                    await self._turn()

    async def _turn(self) -> None:
        message = await self._next()
        if message is not None:
            await self._consider(message)

    async def _next(self) -> Json | None:
        try:
            async with asyncio.timeout(self.plan.patience):  # wait_for may lose a cancellation
                return await self._inbox.get()
        except TimeoutError:
            return await self._repeat_or_ask()

    async def _repeat_or_ask(self) -> Json | None:
        """Return the message pressed last, to press it again, if it still stands; else say `ask` and return None."""
        if self._pressed is not None and self._stands(self._pressed) and self._attempts < MAX_ATTEMPTS:
            return self._pressed
        self._pressed = None
        if self.plan.ask is not None:
            await self.phone.say(self.plan.ask)
        return None

    def _stands(self, message: Json) -> bool:
        """Return whether the chat still shows this message as it was."""
        now = self.phone.shown.get(message["message_id"], {})
        return all(now.get(name) == message.get(name) for name in ("text", "caption", "reply_markup"))

    async def _consider(self, message: Json) -> None:
        buttons = [button for button in buttons_of(message) if "callback_data" in button]
        if not buttons or not self._stands(message):
            return
        options = [button for button in buttons if button["text"] in self.plan.options()]
        leaving = [button for name in self.plan.leave for button in buttons if button["text"] == name]
        leave = leaving[0] if leaving else None
        self._met_task = self._met_task or bool(options or leave)
        if options:
            await self._answer(message, options)
        elif leave is not None:
            await self._press(message, leave, READING_SECONDS / self.plan.speed)
        elif not self._met_task or any(word in buttons[0]["text"].casefold() for word in self.plan.agree):
            await self._press(message, buttons[0], READING_SECONDS / self.plan.speed)

    async def _answer(self, message: Json, options: list[Json]) -> None:
        text = text_of(message)
        sentence = self.plan.ratings.find(text)
        positive = is_positive_answer(self.profile, sentence, text, self.answered, self.plan.seed)
        option_text = self.plan.positive if positive else self.plan.negative
        button = next((button for button in options if button["text"] == option_text), options[0])
        delay = seconds(self.profile, self._dice) / self.plan.speed
        repeated = message is self._pressed
        if await self._press(message, button, delay) and not repeated:
            self.answered += 1
            sentence_id = sentence.id if sentence is not None else None
            self.note(CrowdAnswer(self.phone.id, self.profile.name, sentence_id, button["text"], delay))

    async def _press(self, message: Json, button: Json, after: float) -> bool:
        await asyncio.sleep(after)
        if not self._stands(message):
            return False
        self._attempts = self._attempts + 1 if message is self._pressed else 1
        self._pressed = message
        await self.phone.press(button["callback_data"], on=message)
        return True


class ScriptedCrowd:
    """Workers at work while the block lasts: `async with Crowd(url, workers(12), Plan(speed=50)) as crowd:`."""

    def __init__(self, url: str, profiles: Sequence[WorkerProfile], plan: CrowdPlan) -> None:
        self.switchboard = Switchboard(url)
        self.profiles = profiles
        self.plan = plan
        self.answers: list[CrowdAnswer] = []
        self.hands: list[ScriptedWorker] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._noted = asyncio.Event()

    def _note(self, answer: CrowdAnswer) -> None:
        self.answers.append(answer)
        self._noted.set()

    async def until(self, answers: int, timeout: float | None = 10.0) -> None:  # noqa: ASYNC109 - as in Phone.wait_for
        """Wait until the crowd has given this many answers; raise TimeoutError."""
        async with asyncio.timeout(timeout):
            while len(self.answers) < answers:
                self._noted.clear()
                await self._noted.wait()

    async def __aenter__(self) -> Self:
        for profile in self.profiles:
            language = self.plan.language_code
            phone = await self.switchboard.join(profile.name, role="crowd", language_code=language)
            self.hands.append(ScriptedWorker(phone, profile, self.plan, self._note))
        self._tasks = [asyncio.create_task(hand.work()) for hand in self.hands]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.switchboard.close()
        failures = [result for result in results if isinstance(result, Exception)]
        if failures and error is None:
            raise failures[0]


def _parse_mix(text: str) -> dict[Kind, float]:
    """`random=.1,sleeper=.1` → shares of each kind."""
    shares = dict(part.split("=", 1) for part in text.split(",") if part)
    unknown = shares.keys() - set(KINDS)
    if unknown:
        raise argparse.ArgumentTypeError(f"no such kind of worker: {', '.join(sorted(unknown))}")
    return {kind: float(shares[kind]) for kind in KINDS if kind in shares}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator.crowd.crowd", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8081", help="of the local Telegram")
    parser.add_argument("--workers", type=int, default=12)
    parser.add_argument("--mix", type=_parse_mix, default={}, help="shares of bad workers: random=.1,colluder=.2")
    parser.add_argument("--positive", default="positive", help="the button that means pleased")
    parser.add_argument("--negative", default="negative")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than people")
    parser.add_argument("--ask", default=None, help="what they say when nothing comes, e.g. /work")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(argv)


async def run(options: argparse.Namespace) -> None:
    """Work until the process is asked to stop, then print how much was done."""
    stop, began = asyncio.Event(), time.monotonic()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    plan = CrowdPlan(options.positive, options.negative, seed=options.seed, speed=options.speed, ask=options.ask)
    async with ScriptedCrowd(options.url, workers(options.workers, options.mix, options.seed), plan) as crowd:
        print(f"{options.workers} workers are at {options.url}", flush=True)
        await stop.wait()
    print(f"{len(crowd.answers)} answers in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    asyncio.run(run(arguments()))
