"""Runs a role in terms: wait for the lease, do the work until the lease is lost or a stop is requested."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

from telegram.error import InvalidToken

from bot.cluster.election import Leadership
from bot.cluster.roles import Part, Role
from bot.cluster.runtime import Runtime
from bot.intake.polling import TokenRefused
from bot.settings import BadSetting

TOLD_AGAIN = 5.0  # seconds: longer than any role takes to stop

log = logging.getLogger(__name__)


async def run_role(runtime: Runtime, role: str, parts: tuple[Part, ...], stop: asyncio.Event) -> None:
    """Term after term; a bug in the machinery ends one, and the next begins."""
    database, clock = runtime.house.database, runtime.house.clock
    leadership = Leadership(database, clock, lambda: runtime.membership.holder, role) if role else None
    try:
        while not stop.is_set():
            if leadership is None or await _run_until_first(stop, leadership.gain()):
                if role:
                    log.info("This process has the role now", extra={"role": role})
                await _term(runtime, [part(runtime, leadership) for part in parts], leadership, stop)
    finally:
        if leadership is not None:
            await leadership.give_up()


async def _term(runtime: Runtime, parts: list[Role], leadership: Leadership | None, stop: asyncio.Event) -> None:
    runtime.works |= {part.key: part for part in parts}
    try:
        await _run_until_first(stop, _run_roles(runtime, parts), *([leadership.keep()] if leadership else []))
    except ExceptionGroup as bugs:
        log.error("A bug ended the roles; starting again", exc_info=bugs.exceptions[0])
        await asyncio.sleep(1)
    finally:
        for part in parts:
            del runtime.works[part.key]


async def _run_roles(runtime: Runtime, parts: list[Role]) -> None:
    """Run roles until cancelled, then end them cleanly; raise TokenRefused or BadSetting if one of them does."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(_run_part(runtime, part))
    except ExceptionGroup as group:
        for error in _flatten(group):
            if isinstance(error, InvalidToken):
                raise TokenRefused from None
            if isinstance(error, TokenRefused | BadSetting):
                raise error from None
        raise
    finally:
        await asyncio.gather(*(part.stop() for part in parts))


async def _run_part(runtime: Runtime, part: Role) -> None:
    """Run a role. If Telegram refuses the token of the bot that it is for, and other bots go on, wait until
    cancelled."""
    try:
        await part.run()
    except Exception as error:
        errors = list(_flatten(error)) if isinstance(error, ExceptionGroup) else [error]
        is_refused = any(isinstance(each, InvalidToken | TokenRefused) for each in errors)
        if part.bot is None or not is_refused or not runtime.outlives(part.bot):
            raise
        await runtime.stop_bot(part.bot)
        await asyncio.Event().wait()


def _flatten(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    """Yield the exceptions of a group, those of nested groups included."""
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _flatten(error)
        else:
            yield error


async def run_until_all_end(*works: Coroutine[Any, Any, None]) -> None:
    """Run coroutines until all have ended; one that fails ends the others, cleanly."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        await _cancelled(tasks)
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _run_until_first(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> bool:
    """Run coroutines until one ends or a stop is asked for, and cancel the others. Return False when stopped."""
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
    unfinished = {task for task in tasks if not task.done()}
    while unfinished:
        for task in unfinished:
            task.cancel()
        _, unfinished = await asyncio.wait(unfinished, timeout=TOLD_AGAIN)
