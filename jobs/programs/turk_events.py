"""Events of HITs: told, scored, and what review policies intend is done, each action in a transaction of its own."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from domain.moments import Moment
from domain.mturk.errors import RequestError
from domain.refusals import Refusal
from jobs.programs import review_actions
from services.act import House
from services.mturk import events
from storage.database import Database
from storage.drivers.errors import Unavailable
from storage.mturk.notifications import TurkEvent
from storage.mturk.review_results import ReviewAction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurkEvents:
    """One requester's event or action that fails holds up nobody else's."""

    house: House

    async def follow(self, database: Database, clock: Callable[[], Moment]) -> None:
        """One round."""
        while await self._gathered(database, clock):
            pass
        for action in await database.look(events.intended, clock()):
            await self._done(database, clock, action)

    async def _gathered(self, database: Database, clock: Callable[[], Moment]) -> bool:
        """Events together, or, where one of them fails, each alone."""
        try:
            return await database.look(events.gather, clock())
        except Unavailable:
            raise
        except Exception:
            found = await database.look(events.waiting, clock())
        for event in found:
            await self._taken(database, clock, event)
        return len(found) == events.AT_ONCE

    async def _taken(self, database: Database, clock: Callable[[], Moment], event: TurkEvent) -> None:
        try:
            await database.transact(events.take, clock(), event)
        except Unavailable:
            raise
        except Exception as error:
            await database.transact(events.skip, clock(), event)
            log.error("An event of a HIT was left out", extra={"hit": event.hit, "kind": event.kind}, exc_info=error)

    async def _done(self, database: Database, clock: Callable[[], Moment], action: ReviewAction) -> None:
        try:
            await database.transact(review_actions.do, clock(), self.house, action)
        except Unavailable:
            raise
        except Exception as error:
            await database.transact(events.failed, clock(), action, error)
            if not isinstance(error, RequestError | Refusal):
                about = {"hit": action.hit, "action": action.name}
                log.error("An action of a review policy failed", extra=about, exc_info=error)
