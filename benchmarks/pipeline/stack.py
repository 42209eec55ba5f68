"""The stack most would build: the library as it comes (httpx), SQLAlchemy's async session over aiosqlite.

The same eleven statements as raw.py, as text: an object mapper would make it slower. One connection, so that writers
wait their turn instead of being refused.
"""

import os
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from benchmarks.pipeline.people import TEXT
from benchmarks.pipeline.raw import ANSWER, ASSIGN, FACTS, NEXT, SAY
from tests.house import FIRST_WORKER

ANSWERED = tuple(text(statement) for statement in ANSWER)


def engine_of(url: str) -> AsyncEngine:
    one = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 60}
    made = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"), **one)

    @event.listens_for(made.sync_engine, "connect")
    def _(connection: Any, record: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")

    return made


sessions = async_sessionmaker(engine_of(os.environ["DATABASE_URL"]))


async def begin(session: AsyncSession, worker: int) -> int:
    _, task = (await session.execute(text(NEXT), {"worker": worker})).one()
    number = (await session.execute(text(ASSIGN), {"task": task, "worker": worker})).scalar_one()
    await session.execute(text(SAY), {"worker": worker, "facts": FACTS})
    return int(number)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    number, worker = int(str(query.data).split(":")[1]), query.from_user.id - FIRST_WORKER + 1
    async with sessions.begin() as session:
        task = (await session.execute(ANSWERED[0], {"assignment": number})).one()[0]
        values = {"assignment": number, "task": task, "worker": worker, "position": task}
        for statement in ANSWERED[1:]:
            await session.execute(statement, values)
        number = await begin(session, worker)
    await query.answer("Received. + €0.05")
    await show(update, context, number)


async def first(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_chat is not None
    async with sessions.begin() as session:
        number = await begin(session, update.effective_chat.id - FIRST_WORKER + 1)
    await show(update, context, number)


async def show(update: Update, context: ContextTypes.DEFAULT_TYPE, number: int) -> None:
    assert update.effective_chat is not None
    options = [InlineKeyboardButton(word, callback_data=f"a:{number}:{at}") for at, word in enumerate(("yes", "no"))]
    await context.bot.send_message(update.effective_chat.id, TEXT, reply_markup=InlineKeyboardMarkup([options]))


def main() -> None:
    base = f"{os.environ['BOT_API_URL']}/bot"
    application = ApplicationBuilder().token(os.environ["BOT_TOKEN"]).base_url(base).concurrent_updates(64).build()
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.TEXT, first))
    application.run_polling()


if __name__ == "__main__":
    main()
