"""Rate limits of this door: of a key, and of all of them at once.

Programs move batches of thousands, so the pace is fast; a refusal counts for many requests, so that a launcher which
tries again for ever is soon told to wait (boto3 does by itself). A few at once share a commit with the chat's answers.
"""

import asyncio

from web.api.pace import Pace
from web.mturk import faults

PER_SECOND, BURST = 800.0, 1600.0  # requests of a key
AT_ONCE, WRITING = 64, 16  # of a key; of all keys together
REFUSAL = 10.0  # requests that one which is refused counts for


def turk_pace() -> Pace:
    return Pace(
        per_second=PER_SECOND,
        burst=BURST,
        at_once=AT_ONCE,
        writing=asyncio.Semaphore(WRITING),
        refusal=lambda seconds: faults.throttled(),
    )
