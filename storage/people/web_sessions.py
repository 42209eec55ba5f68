"""Links and sessions of the dashboard, by the hash of their token."""

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.people.web_sessions import LINK_LIFETIME, MAX_SESSIONS, SESSION_LIFETIME
from storage.drivers.connection import Connection
from storage.drivers.records import single_value

DELETE_ENDED_SESSIONS = "DELETE FROM web_sessions WHERE until <= :now"
DELETE_UNOPENED_LINKS = "DELETE FROM web_sessions WHERE person = :person AND is_open = 0"
DELETE_OLDEST_SESSIONS = """
DELETE FROM web_sessions WHERE hash IN (
  SELECT hash FROM web_sessions WHERE person = :person AND is_open = 1
  ORDER BY made_at DESC, hash LIMIT 100 OFFSET :kept)"""
INSERT_SESSION = """
INSERT INTO web_sessions (hash, person, is_open, made_at, until) VALUES (:hash, :person, :is_open, :now, :until)"""
USE_LINK = "DELETE FROM web_sessions WHERE hash = :hash AND is_open = 0 AND until > :now RETURNING person"
SELECT_SESSION_PERSON = "SELECT person FROM web_sessions WHERE hash = :hash AND is_open = 1 AND until > :now"
COUNT_SESSIONS = "SELECT count(*) FROM web_sessions WHERE person = :person AND is_open = 1 AND until > :now"
DELETE_SESSIONS = "DELETE FROM web_sessions WHERE person = :person"


class WebSessions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add_link(self, person: PersonId, token_hash: str) -> Moment:
        """Store a link in place of the person's unopened one and return its end; delete what has ended."""
        self._db.changed(DELETE_ENDED_SESSIONS, now=self._now)
        self._db.changed(DELETE_UNOPENED_LINKS, person=person)
        return self._add(person, token_hash, is_open=0, until=later(self._now, LINK_LIFETIME))

    def add_session(self, person: PersonId, token_hash: str) -> Moment:
        """Store a session and return its end; more than MAX_SESSIONS of a person end the oldest."""
        self._db.changed(DELETE_OLDEST_SESSIONS, person=person, kept=MAX_SESSIONS - 1)
        return self._add(person, token_hash, is_open=1, until=later(self._now, SESSION_LIFETIME))

    def use_link(self, token_hash: str) -> PersonId | None:
        """Delete a link and return whose it was; None if it was used before, has ended or never was."""
        rows = self._db.all(USE_LINK, hash=token_hash, now=self._now)
        return PersonId(rows[0][0]) if rows else None

    def find_person(self, token_hash: str) -> PersonId | None:
        """Return whose session this is; None if it has ended or never was."""
        row = self._db.one(SELECT_SESSION_PERSON, hash=token_hash, now=self._now)
        return PersonId(row[0]) if row else None

    def end_all(self, person: PersonId) -> int:
        """Delete the person's link and sessions; return how many sessions there were."""
        count = int(single_value(self._db.one(COUNT_SESSIONS, person=person, now=self._now)))
        self._db.changed(DELETE_SESSIONS, person=person)
        return count

    def _add(self, person: PersonId, token_hash: str, is_open: int, until: Moment) -> Moment:
        self._db.changed(INSERT_SESSION, hash=token_hash, person=person, is_open=is_open, now=self._now, until=until)
        return until
