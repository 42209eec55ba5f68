"""The bot as it is run, but for Telegram's limits, which would be the bound, and for restrictions, since everybody here
presses the first option at once, all the time: measured from outside, and ended."""

import asyncio
import math

from bot import logs
from bot.running import run, settle_memory
from bot.settings import read_settings
from domain.conduct import evidence

if __name__ == "__main__":
    settings = read_settings(needs_token=True)
    logs.set_up("ERROR", settings.bot_token, "")
    settle_memory()
    evidence.RESTRICTED = math.inf
    asyncio.run(run(settings, per_second=0, rest=0))
