"""Sealing of the ledger in steps: answers that wait pass between two of them."""

from collections.abc import Callable
from functools import partial

from domain.moments import Moment
from services.money import hash_chain
from storage.database import Database


async def seal(database: Database, clock: Callable[[], Moment]) -> None:
    """Seals new transfers. Once a day a reading of the whole ledger, beside the writer, finds those that committed
    late."""
    after = None
    if await database.look(hash_chain.is_new_day, clock()):
        after = await database.aside(hash_chain.before_unsealed, clock())
    sealed = await database.look(partial(hash_chain.seal, after=after), clock())
    while sealed == hash_chain.AT_ONCE:
        sealed = await database.look(partial(hash_chain.seal_further, after=after), clock())
