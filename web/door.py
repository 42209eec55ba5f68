"""What the HTTP handlers of this process need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class HttpDoor:
    """Services and settings of the HTTP server. `hook` and `secret` are the webhook's path and header; `figures`
    are the process's own counters; `receiving` stores updates that come by the webhook; `metrics_token` opens
    /metrics, which is open without one if the server `is_local`; `house` serves the API, whose refusals are put in
    `words`, at this `pace`; `paces` are those of extensions, by name, where they differ from their usual one; `pages`
    are those of the Mini App; `cards` are the chat's, for admins at the dashboard; `more_hooks` are the paths of
    further bots' webhooks."""

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

    def receiving_at(self, path: str) -> Receiving:
        """Return what stores the updates that come to a webhook's path."""
        return self.more_hooks.get(path) or self.receiving or Receiving(self.database, self.clock)


DOOR = web.AppKey("door", HttpDoor)
