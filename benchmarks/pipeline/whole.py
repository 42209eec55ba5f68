"""The bot as it is run, but for Telegram's limits, which would be the bound: measured from outside, and ended.

In session mode it takes a press at any moment, because the people of the benchmark read in no time. What the rule about
quick presses asks the database is asked all the same.
"""

import asyncio

from bot import logs
from bot.running import run, settle_memory
from bot.settings import read_settings
from domain.work import assignments

NEVER_TOO_QUICK = -(10**9)  # milliseconds


def press_at_once() -> None:
    assignments.DOUBLE_TAP_MILLISECONDS = NEVER_TOO_QUICK


if __name__ == "__main__":
    settings = read_settings(needs_token=True)
    logs.set_up_logging("ERROR", settings.bot_token, "")
    settle_memory()
    press_at_once()
    asyncio.run(run(settings, per_second=0, rest=0))
