"""The demo for a visitor: the crowd starts after the visitor's Start; each finished part launches the next."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo import story
from simulator.crowd.behaviour import workers
from simulator.crowd.crowd import Crowd, Plan
from simulator.running import Telegram

VISITORS = 3  # people beside the crowd for whom every check question is kept
OVERLAP = 3  # answers a task, as the caption says
GLANCE = 0.2  # seconds between two checks for a visitor's Start

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Supply:
    """`tasks` and `gold` of each part, people of the `crowd`; `deposit` (euros) pays a part, `speed` is the crowd's."""

    tasks: int = 240
    gold: int = 24
    crowd: int = 12
    deposit: int = 60
    speed: float = 1.5
    patience: float = 30.0

    @property
    def asked(self) -> int:
        """Answers to a check question: more than the crowd has people, so that visitors meet some."""
        return self.crowd + VISITORS

    @property
    def answers(self) -> int:
        """The crowd's answers until the next part is launched: fewer than a part asks for."""
        return self.tasks * OVERLAP


async def receive(telegram: Telegram, supply: Supply, ready: Callable[[], None]) -> None:
    """Until cancelled; `ready` is called when the visitor can come."""
    told = await story.prepare(telegram)
    await telegram.phone("You", id=story.VISITOR, username="you", role="worker")
    parts = story.parts(supply.tasks, supply.gold)
    await story.launch(told, story.task_file(next(parts), supply.asked))
    ready()
    await _somebody_starts(telegram)
    agree, patience = ("✅", "▶️"), supply.patience
    plan = Plan(story.PLEASED, story.DISPLEASED, speed=supply.speed, agree=agree, ask="/work", patience=patience)
    async with Crowd(telegram.url, workers(supply.crowd), plan) as crowd:
        for number, part in enumerate(parts, 2):
            await crowd.until(supply.answers * (number - 1), timeout=None)
            await _go_on(told, story.task_file(part, supply.asked), number, supply.deposit)


async def _somebody_starts(telegram: Telegram) -> None:
    """Waits for the visitor, or a person added on the page."""
    known = (story.ADMIN, story.REQUESTER)
    while not any(person.started for person in telegram.people if person.id not in known):  # noqa: ASYNC110 - no event
        await asyncio.sleep(GLANCE)


async def _go_on(told: story.Story, content: bytes, number: int, deposit: int) -> None:
    """The visitor uses these phones too: steps that fail because of that are left for the next part."""
    try:
        await story.deposit(told, deposit, f"bank transfer {number + 6}")
        await story.launch(told, content, story.caption(number))
    except (TimeoutError, LookupError) as error:
        log.warning("A further project could not be launched", extra={"reason": type(error).__name__})
