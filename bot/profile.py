"""Brings what Telegram shows of the bot up to date at a start: command menus, description and short description."""

import asyncio
import logging
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.settings import KINDS
from bot.transport import transport
from bot.transport.requests import BotApi, pause_of
from domain.people.onboarding import Command
from handlers import profile
from handlers.profile import profiles


def build(token: str, api_url: str, kind: str = KINDS[0]) -> Bot:
    """Over our transport; nothing is asked of Telegram yet."""
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=transport(kind),
        get_updates_request=transport(kind),
    )


def api_of(bot: Bot) -> BotApi:
    """The same bot, called with plain values: what the relay and the receiver need."""
    return BotApi(bot.request, bot.base_url)


PAUSES = (2.0, 10.0, 60.0)  # seconds before a call is made again

log = logging.getLogger(__name__)


async def offer(api: BotApi, language: str, commands: tuple[Command, ...]) -> None:
    """In each language, `language` being the default; work goes on without it where Telegram refuses, or answers
    something else."""
    for code, menu in profile.newcomers(language, commands).items():
        listed = [{"command": command, "description": description} for command, description in menu]
        try:
            await _patiently(api, "setMyCommands", commands=listed, language_code=code or None)
        except TelegramError as error:
            log.warning("The command menu is not set", extra={"reason": type(error).__name__})
    try:
        await _describe(api, language)
    except TelegramError as error:
        log.warning("The description is not set", extra={"reason": type(error).__name__})


async def _describe(api: BotApi, default: str) -> None:
    """Writes only changes: Telegram limits them."""
    for language, texts in profiles(default).items():
        wanted = (("Description", "description"), ("ShortDescription", "short_description"))
        for method, name in wanted:
            text, code = getattr(texts, name), language or None
            if _text(await _patiently(api, f"getMy{method}", language_code=code), name) != text:
                await _patiently(api, f"setMy{method}", **{name: text}, language_code=code)


async def _patiently(api: BotApi, method: str, **values: Any) -> Any:
    """The next chance is the next start: waits as long as Telegram asks, and tries again what failed on the way."""
    for pause in PAUSES:
        try:
            return await api(method, **values)
        except RetryAfter as error:
            await asyncio.sleep(pause_of(error))
        except BadRequest:
            raise
        except NetworkError:
            await asyncio.sleep(pause)
    return await api(method, **values)


def _text(answer: Any, name: str) -> Any:
    """None where a server in Telegram's place answers anything but the documented object."""
    return answer.get(name) if isinstance(answer, dict) else None
