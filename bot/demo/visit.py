"""The demo for a visitor: the crowd starts after the visitor's Start; each finished part launches the next."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo import story
from simulator.crowd.behaviour import workers
from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.crowd.crowd import Crowd, Plan
from simulator.running import Telegram

VISITORS = 3  # people beside the crowd for whom every check question is kept
OVERLAP = 3  # answers a task, as the caption says
PAGES_DEPOSIT = 10  # euros, for the Mini App's tasks
GLANCE = 0.2  # seconds between two checks for a visitor's Start

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Supply:
    """`tasks` and `gold` of each part, `pages`: tasks for the Mini App, `crowd`: its people; `deposit` (euros) pays a
    part, `speed` is the crowd's."""

    tasks: int = 240
    gold: int = 24
    pages: int = 40
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
    visitor = await telegram.phone("You", id=story.VISITOR, username="you", role="worker")
    parts = story.parts(supply.tasks, supply.gold)
    await story.launch(told, story.task_file(next(parts), supply.asked))
    ready()
    await _somebody_starts(telegram)
    agree, patience = ("✅", "▶️"), supply.patience
    plan = Plan(
        story.PLEASED,
        story.DISPLEASED,
        speed=supply.speed,
        agree=agree,
        ask="/work",
        leave=story.NOT_THIS_PROJECT,
        patience=patience,
    )
    one_launch = asyncio.Lock()  # Rosa's phone can follow one launch at a time
    async with Crowd(telegram.url, workers(supply.crowd), plan) as crowd, asyncio.TaskGroup() as group:
        group.create_task(_offer_pages(told, visitor, supply.pages, one_launch))
        for number, part in enumerate(parts, 2):
            await crowd.until(supply.answers * (number - 1), timeout=None)
            async with one_launch:
                await _go_on(told, story.task_file(part, supply.asked), story.caption(number), supply.deposit)


async def _somebody_starts(telegram: Telegram) -> None:
    """Waits for the visitor, or a person added on the page."""
    known = (story.ADMIN, story.REQUESTER)
    while not any(person.started for person in telegram.people if person.id not in known):  # noqa: ASYNC110 - no event
        await asyncio.sleep(GLANCE)


async def _offer_pages(told: story.Story, visitor: Phone, tasks: int, one_launch: asyncio.Lock) -> None:
    """Launches a project for the Mini App once the visitor has a second task: the first one shall come in the chat."""
    first = text_of(await visitor.wait_for_button(story.PLEASED, None))
    options = (story.PLEASED, story.DISPLEASED)
    await visitor.wait_for(
        lambda message: text_of(message) != first and any(b["text"] in options for b in buttons_of(message)), None
    )
    async with one_launch:
        await _go_on(told, story.page_file(tasks), story.PAGE_CAPTION, PAGES_DEPOSIT)


async def _go_on(told: story.Story, content: bytes, caption: str, deposit: int) -> None:
    """Launches a further project. The visitor uses these phones too: steps that fail because of that are left for the
    next one."""
    try:
        await story.deposit(told, deposit)
        await story.launch(told, content, caption)
    except (TimeoutError, LookupError) as error:
        log.warning("A further project could not be launched", extra={"reason": type(error).__name__})
