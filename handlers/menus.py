"""Telegram's command menu for those who have not met us yet; whoever presses start gets their own."""

from handlers.screens.screen import render
from locales import LANGUAGES

Menu = tuple[tuple[str, str], ...]


def newcomers(default: str) -> dict[str, Menu]:
    """By Telegram's `language_code`; the default language stands under the empty one."""
    menus = {code: render("onboarding.menu", {"roles": []}, code).menu or () for code in LANGUAGES}
    return {"": menus[default], **menus}
