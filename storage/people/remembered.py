"""Erased people by a keyed hash of their Telegram id, and the facts that outlive erasure."""

import hashlib
import hmac

from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import each
from storage.drivers.secrets import Secrets

SECRET = "remembering"  # noqa: S105 (a name)
KEEP = "INSERT INTO remembered (person, trace) VALUES (:person, :trace)"
# Erased people with this Telegram id, and people paid to the same account as they were.
FORMER = """
SELECT r.person FROM remembered r WHERE r.trace = :trace AND r.person <> :person
UNION SELECT m.mate FROM remembered r JOIN payee_mates m ON m.person = r.person
WHERE r.trace = :trace AND m.mate <> :person ORDER BY 1"""
SELVES = "SELECT person FROM remembered WHERE trace = :trace AND person <> :person ORDER BY person"
# What was found of them in each project: they are asked later there until their new answers say otherwise.
SKILL = """
INSERT INTO enrolments (worker, project, later, worth, watch)
SELECT CAST(:person AS BIGINT), e.project, 2, e.worth, e.watch FROM enrolments e
WHERE e.worker = :former AND (e.later > 0 OR e.watch > 0) ON CONFLICT (worker, project) DO NOTHING"""

# Whom an admin had taken the requester's role from when they left last; not who was granted it since.
BAR = """
UPDATE people SET barred = 1 WHERE id = :person AND requester = 0 AND barred = 0 AND 1 = (
  SELECT p.barred FROM remembered r JOIN people p ON p.id = r.person
  WHERE r.trace = :trace AND r.person <> :person ORDER BY r.person DESC LIMIT 1)"""


class Remembered:
    def __init__(self, connection: Connection, secrets: Secrets) -> None:
        self._db = connection
        self._secrets = secrets

    def keep(self, person: PersonId, telegram_id: int) -> None:
        self._db.changed(KEEP, person=person, trace=self._trace(telegram_id))

    def selves(self, person: PersonId, telegram_id: int) -> list[PersonId]:
        """Erased people who had this Telegram id."""
        return each(self._db.all(SELVES, person=person, trace=self._trace(telegram_id)))

    def kin(self, person: PersonId, telegram_id: int) -> list[PersonId]:
        """The same, and people paid to an account of theirs."""
        return each(self._db.all(FORMER, person=person, trace=self._trace(telegram_id)))

    def carry_skill(self, former: PersonId, person: PersonId) -> None:
        self._db.changed(SKILL, former=former, person=person)

    def bar(self, person: PersonId, telegram_id: int) -> bool:
        """Whether they were barred from opening projects when they left, and are again."""
        return self._db.changed(BAR, person=person, trace=self._trace(telegram_id)) == 1

    def _trace(self, telegram_id: int) -> str:
        return hmac.digest(self._secrets.get(SECRET), f"telegram:{telegram_id}".encode(), hashlib.sha256).hex()
