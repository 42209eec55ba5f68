"""Receiving: updates are stored before they are acknowledged, and handled in the same commit as a rule."""

from collections.abc import (
    Callable,
    Container,
    Iterable,
    Sequence,
)
from functools import partial
from typing import Any, Protocol

from domain.moments import Moment
from storage.boxes.inbox import (
    NOBODY,
    Holder,
    Home,
    Received,
    received,
    storable,
)
from storage.database import Database
from storage.unit import UnitOfWork


class Queues(Protocol):
    """Where updates wait in memory for their turn; `holder` is the process."""

    holder: str

    def take_ahead(self, updates: Iterable[Received]) -> Container[int]: ...


def nobody(person: int) -> str:
    """Leaves the update to the first process that takes it."""
    return NOBODY


class Receiving:
    """`await receiving(updates)` returns once they are durable. `holder(person)` names the process that handles a
    person's updates, `home(project)` that of those who have a task of the project in hand; `queues()` are those of this
    process, None while it has none.

    While no other process handles updates, the queues have them before they are stored: what is begun with them waits
    behind their storing in the writer, and shares its commit. A handler's transaction that fails is undone by itself.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], Moment],
        holder: Holder = nobody,
        home: Home | None = None,
        queues: Callable[[], Queues | None] = lambda: None,
    ) -> None:
        self.database, self.clock, self.holder, self.home, self.queues = database, clock, holder, home, queues

    async def __call__(self, updates: Iterable[dict[str, Any]]) -> None:
        found = [storable(received(update)) for update in updates]
        if self.database.is_shared:
            kept = partial(store, updates=found, holder=self.holder, home=self.home)
            await self.database.freely(kept, self.clock())
            return
        taken = self._taken(found)  # their tasks begin in the next turn of the loop, behind this
        kept = partial(store, updates=found, holder=self.holder, taken=taken)
        await self.database.freely(kept, self.clock(), ahead=True)

    def _taken(self, found: Sequence[Received]) -> Container[int]:
        queues = self.queues()
        if queues is None:
            return ()
        return queues.take_ahead(each for each in found if self.holder(each.person) == queues.holder)


def store(
    unit: UnitOfWork,
    updates: Iterable[Received],
    holder: Holder = nobody,
    home: Home | None = None,
    taken: Container[int] = (),
) -> list[int]:
    return unit.inbox.store(updates, holder, home, taken)
