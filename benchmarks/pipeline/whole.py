"""The bot as it is run, but for Telegram's limits, which would be the bound: measured from outside, and ended."""

import asyncio

from bot import logs
from bot.running import run, settle_memory
from bot.settings import read_settings

if __name__ == "__main__":
    settings = read_settings(needs_token=True)
    logs.set_up("ERROR", settings.bot_token, "")
    settle_memory()
    asyncio.run(run(settings, per_second=0, rest=0))
