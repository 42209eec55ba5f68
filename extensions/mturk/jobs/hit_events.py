"""Actions of review policies, done by the services that a program would call."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from domain.moments import SECOND, Moment, later
from domain.refusals import Refusal
from extensions.mturk.domain.hits import HIT_STATE, RANGE, Hit, IdKind, RequestError, encode_id
from extensions.mturk.domain.qualification_types import Policy
from extensions.mturk.services import assignments, hits, notifications
from extensions.mturk.services.review_policies import (
    APPROVE,
    ASSIGNMENT,
    EXTEND,
    find_policy,
    get_extension_limit,
    get_rejection_reason,
)
from extensions.mturk.storage.assignments import ReviewAction, ReviewResults
from extensions.mturk.storage.hits import Hits
from extensions.mturk.storage.notifications import TurkEvent
from services.act import Act, House
from services.people import team_spending
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.unit import UnitOfWork


def run_action(unit: UnitOfWork, house: House, action: ReviewAction) -> None:
    """Run an intended action of a review policy. Raise what the operation would raise."""
    hit = unit.records(Hits).get(action.hit)
    act = Act(unit, unit.people.get(hit.requester), house, None, f"review:{action.id}")
    policy = find_policy(unit, hit.id, 0 if action.level == ASSIGNMENT else 1) or Policy("")
    secret = unit.settings.secret
    if action.name == EXTEND:
        project = unit.projects.get(hit.project)
        team_spending.run_charged_to_asker(unit, project, 0, lambda: _extend_hit(act, policy, hit))
    elif action.assignment is not None:
        number = encode_id(secret, IdKind.ASSIGNMENT, action.assignment)
        if action.name == APPROVE:
            assignments.approve(act, assignment_id=number)
        else:
            assignments.reject(act, assignment_id=number, requester_feedback=get_rejection_reason(policy))
    unit.records(ReviewResults).end_action(action.id, "Succeeded")


def _extend_hit(act: Act, policy: Policy, hit: Hit) -> None:
    """Allow one more assignment, and time for it. Raise RequestError if the HIT has its most already (other assignments
    may have been scored at the same time), or has expired without a policy's extension."""
    number, most = encode_id(act.unit.settings.secret, IdKind.HIT, hit.id), get_extension_limit(policy)
    if hit.overlap >= most:
        raise RequestError(RANGE, f"The HIT has its ExtendMaximumAssignments, {most}, already.")
    least = later(act.unit.now, (policy.find_number("ExtendMinimumTimeInSeconds") or 0) * SECOND)
    if max(hit.expires_at, least) <= act.unit.now:
        raise RequestError(HIT_STATE, "The HIT has expired, and its policy has no ExtendMinimumTimeInSeconds.")
    if hit.expires_at < least:
        hits.expire(act, hit_id=number, expire_at=least)
    hits.extend(act, hit_id=number, number_of_additional_assignments=1)


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurkEvents:
    """Processing of events of HITs and of review actions; one that fails is logged and left out, and does not hold up
    others."""

    house: House

    async def process_events(self, database: Database, clock: Callable[[], Moment]) -> None:
        """Process all waiting events, then run all intended actions."""
        while await self._gather_events(database, clock):
            pass
        for action in await database.look(notifications.list_intended_actions, clock()):
            await self._run_action(database, clock, action)

    async def _gather_events(self, database: Database, clock: Callable[[], Moment]) -> bool:
        """Process a page of events together, or each alone if one of them fails. Return whether there may be more."""
        try:
            return await database.look(notifications.process_waiting_events, clock())
        except Unavailable:
            raise
        except Exception:
            events = await database.look(notifications.list_waiting_events, clock())
        for event in events:
            await self._take_event(database, clock, event)
        return len(events) == notifications.EVENTS_PER_STEP

    async def _take_event(self, database: Database, clock: Callable[[], Moment], event: TurkEvent) -> None:
        try:
            await database.transact(notifications.process_event, clock(), event)
        except Unavailable:
            raise
        except Exception as error:
            await database.transact(notifications.skip_event, clock(), event)
            log.error("An event of a HIT was left out", extra={"hit": event.hit, "kind": event.kind}, exc_info=error)

    async def _run_action(self, database: Database, clock: Callable[[], Moment], action: ReviewAction) -> None:
        try:
            await database.transact(run_action, clock(), self.house, action)
        except Unavailable:
            raise
        except Exception as error:
            await database.transact(notifications.mark_action_failed, clock(), action, error)
            if not isinstance(error, RequestError | Refusal):
                position = {"hit": action.hit, "action": action.name}
                log.error("An action of a review policy failed", extra=position, exc_info=error)
