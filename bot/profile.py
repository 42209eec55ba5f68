"""Brings the bot's profile in Telegram up to date at a start: command menus, description and short description."""

import asyncio
import logging
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.settings import KINDS
from bot.transport import request_of
from bot.transport.requests import BotApi, pause_of
from domain.people.onboarding import Command
from handlers import profile
from handlers.profile import get_profiles


def build_bot(token: str, api_url: str, kind: str = KINDS[0]) -> Bot:
    """Return the library's bot over the project's own transport; Telegram is not called yet."""
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request_of(kind),
        get_updates_request=request_of(kind),
    )


def api_of(bot: Bot) -> BotApi:
    """Return the same bot as an API that takes plain values, as the relay and the receiver need it."""
    return BotApi(bot.request, bot.base_url)


RETRY_PAUSES_SECONDS = (2.0, 10.0, 60.0)  # seconds before a call is made again

log = logging.getLogger(__name__)


async def publish_profile(api: BotApi, language: str, commands: tuple[Command, ...]) -> None:
    """Set the command menus and descriptions in each language, `language` being the default. If Telegram refuses, or
    answers something undocumented, log a warning and go on."""
    for code, menu in profile.get_newcomer_menus(language, commands).items():
        menu_values = [{"command": command, "description": description} for command, description in menu]
        try:
            await _call_with_retries(api, "setMyCommands", commands=menu_values, language_code=code or None)
        except TelegramError as error:
            log.warning("The command menu is not set", extra={"reason": type(error).__name__})
    try:
        await _publish_descriptions(api, language)
    except TelegramError as error:
        log.warning("The description is not set", extra={"reason": type(error).__name__})


async def _publish_descriptions(api: BotApi, default: str) -> None:
    """Set the descriptions that differ from Telegram's; it limits how often they are written."""
    for language, texts in get_profiles(default).items():
        fields = (("Description", "description"), ("ShortDescription", "short_description"))
        for method, name in fields:
            text, code = getattr(texts, name), language or None
            if _get_text(await _call_with_retries(api, f"getMy{method}", language_code=code), name) != text:
                await _call_with_retries(api, f"setMy{method}", **{name: text}, language_code=code)


async def _call_with_retries(api: BotApi, method: str, **values: Any) -> Any:
    """Call a method; wait as long as Telegram asks and retry network failures, since the next chance is the next start.
    Raise BadRequest at once, and the error of the last try."""
    for pause in RETRY_PAUSES_SECONDS:
        try:
            return await api(method, **values)
        except RetryAfter as error:
            await asyncio.sleep(pause_of(error))
        except BadRequest:
            raise
        except NetworkError:
            await asyncio.sleep(pause)
    return await api(method, **values)


def _get_text(answer: Any, name: str) -> Any:
    """Return the text in Telegram's answer; None if a server in Telegram's place answers anything but the documented
    object."""
    return answer.get(name) if isinstance(answer, dict) else None
