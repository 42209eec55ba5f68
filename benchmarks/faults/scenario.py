"""A scenario: a fault of a running bot, and a condition that must hold beside the general check."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from inspect import getdoc
from traceback import extract_tb

from faults.campaign import Campaign, Plan
from faults.checks import Found
from faults.controls import Control
from faults.waiting import until
from storage.drivers.connection import Unavailable

BOTH = ("sqlite", "postgresql")
SMALL = Plan(workers=12, tasks=220, gold=20, plans=6, patience=6)
SUBMISSIONS = "SELECT count(*) FROM submissions"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`happens(fire)` ends in peace and returns what of its line did not hold; the line is its docstring.

    With a `control` something was taken away before, and the reckoning must say so.
    """

    happens: Callable[[Campaign], Awaitable[list[str]]]
    plan: Plan = SMALL
    databases: tuple[str, ...] = BOTH
    control: Control | None = None

    @property
    def name(self) -> str:
        return self.control.name if self.control else self.happens.__name__.replace("_", " ")

    @property
    def line(self) -> str:
        return " ".join((getdoc(self.happens) or "").split())

    async def struck(self, fire: Campaign) -> Found:
        """Whatever ends it early is untrue as well."""
        broken = []
        try:
            broken += await self.happens(fire)
        except Exception as error:
            log = fire.log.read_text(errors="replace")[-1500:] if fire.log.exists() else ""
            return Found(untrue=[f"{type(error).__name__} {error} at {_where(error)}\n{log}"])
        found = fire.reckon()
        found.untrue += broken
        return found


def _where(error: Exception) -> str:
    """The scenario's own lines."""
    frames = (frame for frame in extract_tb(error.__traceback__) if "benchmarks/faults" in frame.filename)
    return " / ".join(str(frame.line) for frame in frames)


async def at_work(fire: Campaign, *bots: str, seconds: float = 3.0) -> None:
    """Everybody presses, and the first answers are in."""
    fire.begin()
    await fire.start(*bots)
    await goes_on(fire)
    await asyncio.sleep(seconds)


async def goes_on(fire: Campaign, answers: int = 4, patience: float = 30.0) -> float:
    """Seconds until so many more answers are stored; TimeoutError after `patience`."""
    began = time.monotonic()
    await until(lambda: _are_stored(fire, 0), patience)
    before = stored(fire)
    await until(lambda: _are_stored(fire, before + answers), patience)
    return time.monotonic() - began


def _are_stored(fire: Campaign, answers: int) -> bool:
    """False while nobody can say."""
    with suppress(Unavailable):
        return stored(fire) >= answers
    return False


async def comes_back(fire: Campaign) -> None:
    """Everybody asks for a task: nobody waits to be written to, at night least of all."""
    await asyncio.gather(*(hand.phone.say("/work") for hand in fire.hands))


def stored(fire: Campaign) -> int:
    return int(fire.look(SUBMISSIONS)[0][0])


async def answers_to_passers(fire: Campaign, seconds: float, people: int = 3) -> list[float]:
    """How long each of some passers-by waited for the answer to a question, from the quickest to the slowest."""
    waits: list[float] = []
    end = time.monotonic() + seconds

    async def asks(number: int) -> None:
        phone = await fire.telegram.phone(f"Passer {number}")
        while time.monotonic() < end:
            began = time.monotonic()
            await phone.say("/help")
            await phone.wait_for(lambda message: True, timeout=30)
            waits.append(time.monotonic() - began)
            await asyncio.sleep(1.2)

    await asyncio.gather(*(asks(len(fire.telegram.people) + number) for number in range(people)))
    return sorted(waits)


def kept_waiting(waits: list[float], usual: list[float]) -> list[str]:
    """Untrue where others waited more than two seconds, and more than thrice what they usually do on this machine."""
    slow, most = slow_ones(waits), max(2.0, 3 * slow_ones(usual))
    return [f"others waited {slow:.1f} s, not {most:.1f}"] if slow > most else []


def slow_ones(waits: list[float]) -> float:
    """The 95th of a hundred."""
    return waits[min(len(waits) - 1, int(0.95 * len(waits)))]
