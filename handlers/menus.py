"""Telegram's default command menu; a person who presses Start gets the menu of their roles."""

from domain.people.messages import Command, CommandMenu
from handlers.screens.people.onboarding import menu
from locales import LANGUAGES, translator

Menu = tuple[tuple[str, str], ...]


def newcomers(default: str, commands: tuple[Command, ...]) -> dict[str, Menu]:
    """By Telegram's `language_code`; the default language stands under the empty one."""
    theirs = CommandMenu(tuple(command for command in commands if not command.role), worker=False)
    menus = {code: menu(theirs, translator(code)).menu or () for code in LANGUAGES}
    return {"": menus[default], **menus}
