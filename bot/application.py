"""Builds python-telegram-bot's Application with our context type and transport, without its updater, job queue and
persistence."""

from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.ext import Application, ApplicationBuilder, ContextTypes, Defaults

from bot.routes import add_routes
from bot.transport import BotApi, transport
from handlers.context import Context
from services.act import House

Bot = Application[Any, Context, Any, Any, Any, Any]


def build(token: str, api_url: str, house: House, kind: str = "aiohttp") -> Bot:
    """No updater, no job queue, no persistence: receiving.py, schedule.py and the database are those."""
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(transport(kind))
        .get_updates_request(transport(kind))
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .build()
    )
    application.bot_data["house"] = house
    add_routes(application)
    return application


def api_of(application: Bot) -> BotApi:
    """The same bot called with plain values, as the relay and the receiver do."""
    return BotApi(application.bot.request, application.bot.base_url)
