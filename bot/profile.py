"""Brings what Telegram shows of the bot up to date at a start: command menus, description and short description."""

import logging
from typing import Any

from telegram.error import TelegramError

from bot.transport import BotApi
from domain.people.messages import Command
from handlers import menus
from handlers.profile import profiles

log = logging.getLogger(__name__)


async def offer(api: BotApi, language: str, commands: tuple[Command, ...]) -> None:
    """In each language, `language` being the default; work goes on without it where Telegram refuses, or answers
    something else."""
    for code, menu in menus.newcomers(language, commands).items():
        listed = [{"command": command, "description": description} for command, description in menu]
        try:
            await api("setMyCommands", commands=listed, language_code=code or None)
        except TelegramError as error:
            log.warning("The command menu is not set", extra={"reason": type(error).__name__})
    try:
        await _describe(api, language)
    except TelegramError as error:
        log.warning("The description is not set", extra={"reason": type(error).__name__})


async def _describe(api: BotApi, default: str) -> None:
    """Writes only changes: Telegram limits them."""
    for language, profile in profiles(default).items():
        wanted = (("Description", "description"), ("ShortDescription", "short_description"))
        for method, name in wanted:
            text, code = getattr(profile, name), language or None
            if _text(await api(f"getMy{method}", language_code=code), name) != text:
                await api(f"setMy{method}", **{name: text}, language_code=code)


def _text(answer: Any, name: str) -> Any:
    """None where a server in Telegram's place answers anything but the documented object."""
    return answer.get(name) if isinstance(answer, dict) else None
