"""Builds the library's bot: its types, its requests and its files are used; the dispatching is ours (bot/routes.py)."""

from telegram import Bot

from bot.transport import BotApi, transport
from bot.transport_kinds import KINDS


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
