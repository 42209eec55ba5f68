"""Actions of review policies, done by the services that a program would call."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from domain.moments import SECOND, Moment, later
from domain.mturk.hits import (
    HIT_STATE,
    RANGE,
    Hit,
    Kind,
    RequestError,
    id_of,
)
from domain.mturk.qualification_types import Policy
from domain.refusals import Refusal
from services.act import Act, House
from services.mturk import assignments, hits, notifications
from services.mturk.review_policies import (
    APPROVE,
    ASSIGNMENT,
    EXTEND,
    most_extended,
    policy_of,
    reason_in,
)
from services.people import team_spending
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.mturk.assignments import ReviewAction
from storage.mturk.notifications import TurkEvent
from storage.unit import UnitOfWork


def do(unit: UnitOfWork, house: House, action: ReviewAction) -> None:
    """One intended action. Raises what the operation would."""
    hit = unit.hits.get(action.hit)
    act = Act(unit, unit.people.get(hit.requester), house, None, f"review:{action.id}")
    policy = policy_of(unit, hit.id, 0 if action.level == ASSIGNMENT else 1) or Policy("")
    secret = unit.settings.secret
    if action.name == EXTEND:
        project = unit.projects.get(hit.project)
        team_spending.run_charged_to_asker(unit, project, 0, lambda: _give_more(act, policy, hit))
    elif action.assignment is not None:
        number = id_of(secret, Kind.ASSIGNMENT, action.assignment)
        if action.name == APPROVE:
            assignments.approve(act, assignment_id=number)
        else:
            assignments.reject(act, assignment_id=number, requester_feedback=reason_in(policy))
    unit.review_results.end(action.id, "Succeeded")


def _give_more(act: Act, policy: Policy, hit: Hit) -> None:
    """One more assignment, and time for it. Others may have had their score at the same time."""
    number, most = id_of(act.unit.settings.secret, Kind.HIT, hit.id), most_extended(policy)
    if hit.overlap >= most:
        raise RequestError(RANGE, f"The HIT has its ExtendMaximumAssignments, {most}, already.")
    least = later(act.unit.now, (policy.number("ExtendMinimumTimeInSeconds") or 0) * SECOND)
    if max(hit.expires_at, least) <= act.unit.now:
        raise RequestError(HIT_STATE, "The HIT has expired, and its policy has no ExtendMinimumTimeInSeconds.")
    if hit.expires_at < least:
        hits.expire(act, hit_id=number, expire_at=least)
    hits.extend(act, hit_id=number, number_of_additional_assignments=1)


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurkEvents:
    """One requester's event or action that fails holds up nobody else's."""

    house: House

    async def follow(self, database: Database, clock: Callable[[], Moment]) -> None:
        """One round."""
        while await self._gathered(database, clock):
            pass
        for action in await database.look(notifications.intended, clock()):
            await self._done(database, clock, action)

    async def _gathered(self, database: Database, clock: Callable[[], Moment]) -> bool:
        """Events together, or, where one of them fails, each alone."""
        try:
            return await database.look(notifications.gather, clock())
        except Unavailable:
            raise
        except Exception:
            found = await database.look(notifications.waiting, clock())
        for event in found:
            await self._taken(database, clock, event)
        return len(found) == notifications.AT_ONCE

    async def _taken(self, database: Database, clock: Callable[[], Moment], event: TurkEvent) -> None:
        try:
            await database.transact(notifications.take, clock(), event)
        except Unavailable:
            raise
        except Exception as error:
            await database.transact(notifications.skip, clock(), event)
            log.error("An event of a HIT was left out", extra={"hit": event.hit, "kind": event.kind}, exc_info=error)

    async def _done(self, database: Database, clock: Callable[[], Moment], action: ReviewAction) -> None:
        try:
            await database.transact(do, clock(), self.house, action)
        except Unavailable:
            raise
        except Exception as error:
            await database.transact(notifications.failed, clock(), action, error)
            if not isinstance(error, RequestError | Refusal):
                about = {"hit": action.hit, "action": action.name}
                log.error("An action of a review policy failed", extra=about, exc_info=error)
