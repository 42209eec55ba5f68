"""Brings what Telegram shows of the bot up to date at a start: command menus, description and short description."""

import logging

from telegram import Bot
from telegram.error import TelegramError

from handlers import menus
from handlers.profile import profiles
from services.act import House

log = logging.getLogger(__name__)


async def offer(bot: Bot, house: House) -> None:
    """In each language; work begins without it where Telegram refuses."""
    for language, menu in menus.newcomers(house.default_language, house.commands).items():
        try:
            await bot.set_my_commands(list(menu), language_code=language or None)
        except TelegramError as error:
            log.warning("The command menu is not set", extra={"reason": type(error).__name__})
    await _describe(bot, house.default_language)


async def _describe(bot: Bot, default: str) -> None:
    """Writes only changes: Telegram limits them."""
    for language, profile in profiles(default).items():
        code = language or None
        try:
            if (await bot.get_my_description(code)).description != profile.description:
                await bot.set_my_description(profile.description, code)
            if (await bot.get_my_short_description(code)).short_description != profile.short_description:
                await bot.set_my_short_description(profile.short_description, code)
        except TelegramError as error:
            log.warning("The description is not set", extra={"reason": type(error).__name__})
            return
