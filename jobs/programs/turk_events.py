"""Events of HITs: told, scored, and what review policies intend is done, each action in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.moments import Moment
from domain.mturk.errors import RequestError
from domain.refusals import Refusal
from jobs.programs import review_actions
from services.act import House
from services.mturk import events
from storage.database import Database


@dataclass(frozen=True, slots=True)
class TurkEvents:
    house: House

    async def follow(self, database: Database, clock: Callable[[], Moment]) -> None:
        """One round."""
        while await database.look(events.gather, clock()):
            pass
        for action in await database.look(events.intended, clock()):
            try:
                await database.transact(review_actions.do, clock(), self.house, action)
            except (RequestError, Refusal) as error:
                await database.transact(events.failed, clock(), action, error)
