"""Runs a role in terms: wait for the lease, do the work until the lease is lost or a stop is requested."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

from telegram.error import InvalidToken

from bot.cluster.election import Leadership
from bot.cluster.roles import Role
from bot.cluster.runtime import Runtime
from bot.intake.polling import TokenRefused
from bot.settings import BadSetting

TOLD_AGAIN = 5.0  # seconds: longer than any role takes to stop

log = logging.getLogger(__name__)


async def run_role(runtime: Runtime, role: str, parts: tuple[type[Role], ...], stop: asyncio.Event) -> None:
    """Term after term; a bug in the machinery ends one, and the next begins."""
    database, clock = runtime.house.database, runtime.house.clock
    leadership = Leadership(database, clock, lambda: runtime.membership.holder, role) if role else None
    try:
        while not stop.is_set():
            if leadership is None or await _first(stop, leadership.gain()):
                if role:
                    log.info("This process has the role now", extra={"role": role})
                await _term(runtime, [part(runtime, leadership) for part in parts], leadership, stop)
    finally:
        if leadership is not None:
            await leadership.give_up()


async def _term(runtime: Runtime, parts: list[Role], leadership: Leadership | None, stop: asyncio.Event) -> None:
    runtime.works |= {part.role: part for part in parts}
    try:
        await _first(stop, _work(parts), *([leadership.keep()] if leadership else []))
    except ExceptionGroup as bugs:
        log.error("A bug ended the roles; starting again", exc_info=bugs.exceptions[0])
        await asyncio.sleep(1)
    finally:
        for part in parts:
            del runtime.works[part.role]


async def _work(parts: list[Role]) -> None:
    """Until cancelled, then ends cleanly; raises TokenRefused and BadSetting."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part.run())
    except ExceptionGroup as group:
        for error in _each(group):
            if isinstance(error, InvalidToken):
                raise TokenRefused from None
            if isinstance(error, TokenRefused | BadSetting):
                raise error from None
        raise
    finally:
        await asyncio.gather(*(part.stop() for part in parts))


def _each(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    """The exceptions of a group, nested groups included."""
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _each(error)
        else:
            yield error


async def run_until_all_end(*works: Coroutine[Any, Any, None]) -> None:
    """Until all have ended; one that fails ends the others, cleanly."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        await _cancelled(tasks)
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _first(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> bool:
    """Runs them until one ends or a stop is asked for; the others are cancelled and awaited. False when stopped."""
    tasks = [asyncio.create_task(work) for work in works]
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended = [task for task in tasks if task.done()]
        await _cancelled([*tasks, stopping])
        await asyncio.gather(*tasks, stopping, return_exceptions=True)
    for task in ended:
        task.result()
    return not stop.is_set()


async def _cancelled(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancels the tasks until they have ended; a task that swallows a cancellation is cancelled again."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=TOLD_AGAIN)
