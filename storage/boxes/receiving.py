"""Receiving: updates are stored before they are acknowledged, and handled in the same commit as a rule."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from domain.moments import Moment
from domain.people.bots import FIRST_BOT
from storage.boxes.inbox import NO_HOLDER, Holder, Home, ReceivedUpdate, pack_update, read_update
from storage.database import Database
from storage.unit import UnitOfWork


class Queues(Protocol):
    """The waiting updates in a process's memory; `holder` is the process."""

    holder: str

    def take_ahead(self, updates: Iterable[ReceivedUpdate]) -> Container[int]: ...


def no_holder(person: int) -> str:
    """Return the holder that leaves the update to the first process that takes it."""
    return NO_HOLDER


class Receiving:
    """`await receiving(updates)` returns once a bot's updates are durable: the numbers of those that were new and that
    this process handles. `holder(person)` names the process that
    handles a person's updates, `home(project)` that of those who have a task of the project in hand; `queues()` are
    those of this process, None while it has none.

    While no other process handles updates, the queues have them before they are stored: what is begun with them waits
    behind their storing in the writer, and shares its commit. A handler's transaction that fails is undone by itself.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], Moment],
        holder: Holder = no_holder,
        home: Home | None = None,
        queues: Callable[[], Queues | None] = lambda: None,
        bot: int = FIRST_BOT,
    ) -> None:
        self.bot = bot
        self.database, self.clock, self.holder, self.home, self.queues = database, clock, holder, home, queues

    async def __call__(self, updates: Iterable[dict[str, Any]]) -> Container[int]:
        packed_updates = [pack_update(read_update(update, self.bot)) for update in updates]
        if self.database.is_shared:
            storing = partial(store_updates, updates=packed_updates, holder=self.holder, home=self.home)
            return self._find_own(await self.database.freely(storing, self.clock()))
        taken = self._take_ahead(packed_updates)  # their tasks begin in the next turn of the loop, behind this
        storing = partial(store_updates, updates=packed_updates, holder=self.holder, taken=taken)
        return self._find_own(await self.database.freely(storing, self.clock(), ahead=True))

    def _find_own(self, holder_by_id: Mapping[int, str]) -> Container[int]:
        queues = self.queues()
        return {number for number, holder in holder_by_id.items() if queues and holder == queues.holder}

    def _take_ahead(self, received: Sequence[ReceivedUpdate]) -> Container[int]:
        queues = self.queues()
        if queues is None:
            return ()
        return queues.take_ahead(update for update in received if self.holder(update.person) == queues.holder)


def store_updates(
    unit: UnitOfWork,
    updates: Iterable[ReceivedUpdate],
    holder: Holder = no_holder,
    home: Home | None = None,
    taken: Container[int] = (),
) -> dict[int, str]:
    return unit.inbox.store(updates, holder, home, taken)
