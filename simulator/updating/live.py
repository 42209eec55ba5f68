"""Live events for pages, phones and crowds."""

import asyncio

from simulator.values import Json

MOST_WAITING = 100_000


class Live:
    """Sends every event to every watcher; a slow one is dropped."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Json | None]] = set()

    def watch(self) -> "asyncio.Queue[Json | None]":
        """A queue of events that ends with None."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(MOST_WAITING)
        self._watchers.add(queue)
        return queue

    def leave(self, queue: "asyncio.Queue[Json | None]") -> None:
        self._watchers.discard(queue)

    def tell(self, kind: str, person: int | None, **details: object) -> None:
        event: Json = {"type": kind, "person": person, **details}
        for queue in list(self._watchers):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._watchers.discard(queue)

    def end(self) -> None:
        """Sends every watcher the end of the server."""
        for queue in self._watchers:
            if not queue.full():
                queue.put_nowait(None)
