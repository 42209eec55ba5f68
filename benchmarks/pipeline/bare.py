"""The library and the transport alone: the same calls an answer makes, and nothing remembered."""

import asyncio
from itertools import count
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from benchmarks.pipeline.people import TEXT
from bot.profile import api_of
from bot.running import settle_memory
from bot.settings import read_settings
from bot.transport import request_of

AT_ONCE = 64
numbers = count(1)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Received. + €0.05")
    await show(update, context)


async def show(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_chat is not None
    number = next(numbers)
    options = [InlineKeyboardButton(text, callback_data=f"a:{number}:{at}") for at, text in enumerate(("yes", "no"))]
    await context.bot.send_message(update.effective_chat.id, TEXT, reply_markup=InlineKeyboardMarkup([options]))


async def main() -> None:
    settings = read_settings(needs_token=True)
    builder = ApplicationBuilder().token(settings.bot_token).base_url(f"{settings.bot_api_url}/bot")
    requests = request_of(settings.bot_transport), request_of(settings.bot_transport)
    built = builder.request(requests[0]).get_updates_request(requests[1]).updater(None).job_queue(None).build()
    built.add_handler(CallbackQueryHandler(pressed))
    built.add_handler(MessageHandler(filters.TEXT, show))
    async with built:
        await poll(built)


async def poll(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    api, slots, offset = api_of(application.bot), asyncio.Semaphore(AT_ONCE), 0
    running: set[asyncio.Task[None]] = set()

    async def handle(update: dict[str, Any]) -> None:
        async with slots:
            await application.process_update(Update.de_json(update, application.bot))

    while True:
        for update in await api("getUpdates", timeout=25, offset=offset):
            offset = update["update_id"] + 1
            task = asyncio.create_task(handle(update))
            running.add(task)
            task.add_done_callback(running.discard)


if __name__ == "__main__":
    settle_memory()
    asyncio.run(main())
