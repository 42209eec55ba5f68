"""What the HTTP handlers of this process need."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from domain.moments import Moment
from domain.refusals import Refusal
from services.act import House
from storage.boxes.receiving import Receiving
from storage.database import Database
from web.api.endpoint import Pace
from web.dashboard.cards import Cards
from web.miniapp.door import Pages

PATIENCE = 5.0  # seconds the database may take


class WebhookResponses:
    """Responses to webhook deliveries that wait for a call to carry, such as the toast of a press: Telegram makes the
    call that stands in a response, so that nobody sends a request for it. Telegram does not say what became of the
    call, and a response may be lost: nothing but a toast may go this way."""

    def __init__(self) -> None:
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}

    @contextmanager
    def expect(self, update_id: int) -> Iterator[asyncio.Future[dict[str, Any]]]:
        """Context manager: a future that gets the call for the response to this update, {} if the update has ended
        without one. It is cancelled if the same update is delivered once more."""
        if update_id in self._calls:
            self._calls[update_id].cancel()
        call = self._calls[update_id] = asyncio.get_running_loop().create_future()
        try:
            yield call
        finally:
            if self._calls.get(update_id) is call:
                del self._calls[update_id]

    def give(self, update_id: int, call: Mapping[str, Any]) -> bool:
        """Let the response carry the call; return False if no response to this update waits for one."""
        waiting = self._calls.pop(update_id, None)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(dict(call))
        return True


@dataclass(frozen=True, slots=True)
class HttpDoor:
    """Services and settings of the HTTP server. `hook` and `secret` are the webhook's path and header; `figures`
    are the process's own counters; `receiving` stores updates that come by the webhook; `metrics_token` opens
    /metrics, which is open without one if the server `is_local`; `house` serves the API, whose refusals are put in
    `words`, at this `pace`; `paces` are those of extensions, by name, where they differ from their usual one; `pages`
    are those of the Mini App; `cards` are the chat's, for admins at the dashboard; `more_hooks` are the paths of
    further bots' webhooks; `responses` are those that wait for a toast."""

    database: Database
    clock: Callable[[], Moment]
    hook: str = ""
    secret: str = ""
    figures: Callable[[], Mapping[str, float]] = field(default=dict)
    receiving: Receiving | None = None
    metrics_token: str = ""
    is_local: bool = False
    house: House | None = None
    words: Callable[[Refusal], str] = str
    pace: Pace = field(default_factory=Pace)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    pages: Pages | None = None
    cards: Cards | None = None
    more_hooks: Mapping[str, Receiving] = field(default_factory=dict)
    responses: WebhookResponses = field(default_factory=WebhookResponses)

    def receiving_at(self, path: str) -> Receiving:
        """Return what stores the updates that come to a webhook's path."""
        return self.more_hooks.get(path) or self.receiving or Receiving(self.database, self.clock)


DOOR = web.AppKey("door", HttpDoor)
