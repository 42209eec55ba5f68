"""Requests for the requester's role, and admins' invitations to it."""

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.people.personal_data import TERMS_VERSION
from domain.people.role_requests import (
    DECISION_PERIOD,
    INVITATION_LIFETIME,
    REQUESTS_PERIOD,
    RoleRequest,
    RoleRequestId,
    RoleRequestState,
)
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value

_REQUEST = columns(RoleRequest)

INSERT_REQUEST = f"""
INSERT INTO role_requests (person, words, terms, state, asked_at, due_at)
VALUES (:person, :words, :terms, 'waiting', :now, :due) RETURNING {_REQUEST}"""
SELECT_REQUEST = f"SELECT {_REQUEST} FROM role_requests WHERE id = :id"
SELECT_WAITING_REQUEST = f"SELECT {_REQUEST} FROM role_requests WHERE person = :person AND state = 'waiting'"
SELECT_WAITING_REQUESTS = f"""
SELECT {_REQUEST} FROM role_requests WHERE state = 'waiting' AND due_at > :after ORDER BY due_at, id LIMIT :limit"""
SELECT_OVERDUE_REQUESTS = f"""
SELECT {_REQUEST} FROM role_requests WHERE state = 'waiting' AND due_at <= :now ORDER BY due_at, id LIMIT :limit"""
COUNT_REQUESTS_SINCE = "SELECT count(*) FROM role_requests WHERE person = :person AND asked_at > :since"
SELECT_LAST_REASON = """
SELECT reason FROM role_requests WHERE person = :person AND state = 'refused' ORDER BY asked_at DESC LIMIT 1"""
CLOSE_REQUEST = """
UPDATE role_requests SET state = :state, reason = :reason, decided_by = :by, decided_at = :now
WHERE id = :id AND state = 'waiting'"""

INSERT_INVITATION = """
INSERT INTO role_invitations (name, uses_left, made_by, until) VALUES (:name, :people, :by, :until)
ON CONFLICT (name) DO UPDATE SET uses_left = excluded.uses_left, made_by = excluded.made_by, until = excluded.until"""
# The last use ends the invitation, so that a @username is not kept longer than needed.
USE_INVITATION = """
UPDATE role_invitations SET uses_left = uses_left - 1, until = CASE WHEN uses_left = 1 THEN :now ELSE until END
WHERE name = :name AND uses_left > 0 AND until > :now RETURNING made_by"""
DELETE_INVITATION = "DELETE FROM role_invitations WHERE name = :name AND uses_left > 0"
DELETE_ENDED_INVITATIONS = "DELETE FROM role_invitations WHERE until <= :now"


class RoleRequests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, person: PersonId, words: str) -> RoleRequest:
        """Store a request of a person of whom none waits."""
        due = later(self._now, DECISION_PERIOD)
        rows = self._db.all(INSERT_REQUEST, person=person, words=words, terms=TERMS_VERSION, now=self._now, due=due)
        return _to_request(rows[0])

    def find(self, request: RoleRequestId) -> RoleRequest | None:
        row = self._db.one(SELECT_REQUEST, id=request)
        return _to_request(row) if row else None

    def find_waiting(self, person: PersonId) -> RoleRequest | None:
        row = self._db.one(SELECT_WAITING_REQUEST, person=person)
        return _to_request(row) if row else None

    def list_waiting(self, limit: int) -> list[RoleRequest]:
        """Return the requests that wait for an admin, the oldest first."""
        return [_to_request(row) for row in self._db.all(SELECT_WAITING_REQUESTS, after=self._now, limit=limit)]

    def list_overdue(self, limit: int) -> list[RoleRequest]:
        return [_to_request(row) for row in self._db.all(SELECT_OVERDUE_REQUESTS, now=self._now, limit=limit)]

    def count_recent(self, person: PersonId) -> int:
        """Return how many requests the person made within REQUESTS_PERIOD."""
        since = later(self._now, -REQUESTS_PERIOD)
        return int(single_value(self._db.one(COUNT_REQUESTS_SINCE, person=person, since=since)))

    def find_last_reason(self, person: PersonId) -> str:
        """Return the reason of the person's last refusal, "" without one."""
        row = self._db.one(SELECT_LAST_REASON, person=person)
        return str(row[0]) if row else ""

    def close(self, request: RoleRequestId, state: RoleRequestState, by: PersonId | None, reason: str = "") -> bool:
        """Store the decision. Return False if the request does not wait any more."""
        values = {"state": state.value, "reason": reason, "by": by, "now": self._now}
        return self._db.changed(CLOSE_REQUEST, id=request, **values) == 1

    def invite(self, name: str, by: PersonId, people: int) -> Moment:
        """Store an invitation by the hash of its token or for a @username; return until when it serves."""
        until = later(self._now, INVITATION_LIFETIME)
        self._db.changed(INSERT_INVITATION, name=name, people=people, by=by, until=until)
        return until

    def use_invitation(self, name: str) -> PersonId | None:
        """Use an invitation once; return the admin who made it, None if there is none (any more)."""
        rows = self._db.all(USE_INVITATION, name=name, now=self._now)
        return PersonId(rows[0][0]) if rows else None

    def remove_invitation(self, name: str) -> bool:
        """Take an invitation back; return whether there was one."""
        return self._db.changed(DELETE_INVITATION, name=name) > 0

    def delete_ended_invitations(self) -> None:
        self._db.changed(DELETE_ENDED_INVITATIONS, now=self._now)


def _to_request(row: Row) -> RoleRequest:
    values = list(row)
    values[3] = RoleRequestState(values[3])
    return RoleRequest(*values)
