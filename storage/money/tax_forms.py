"""Tax forms: when a person was asked, and their encrypted answers. No statement reads what is inside."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.money.tax_forms import TaxForm
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, first

_FORM = columns(TaxForm)

OF = f"SELECT {_FORM} FROM tax_forms WHERE person = :person"
ASK = """
INSERT INTO tax_forms (person, asked_at, remind_at) VALUES (:person, :now, :remind_at)
ON CONFLICT (person) DO NOTHING"""
KEEP = """
INSERT INTO tax_forms (person, asked_at, sealed, key_print, given_at, changed_at)
VALUES (:person, :now, :sealed, :key_print, :now, :now)
ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, key_print = excluded.key_print, remind_at = NULL,
  given_at = coalesce(tax_forms.given_at, excluded.given_at), changed_at = excluded.changed_at"""
DUE = f"SELECT {_FORM} FROM tax_forms WHERE remind_at <= :now ORDER BY remind_at, person LIMIT :limit"
REMINDED = """
UPDATE tax_forms SET reminders = reminders + 1, remind_at = :next
WHERE person = :person AND reminders = :reminders AND remind_at IS NOT NULL"""
ALL = f"SELECT {_FORM} FROM tax_forms WHERE person > :after ORDER BY person LIMIT :limit"
# (asked, given, waiting by now)
COUNT = """
SELECT count(*), count(sealed),
  count(*) FILTER (WHERE sealed IS NULL AND reminders >= :reminders AND asked_at <= :before)
FROM tax_forms"""
FORGET = "UPDATE tax_forms SET keep_until = :until, remind_at = NULL WHERE person = :person AND sealed IS NOT NULL"
DROP = "DELETE FROM tax_forms WHERE person = :person AND sealed IS NULL"
EXPIRE = "DELETE FROM tax_forms WHERE keep_until <= :now"
# When something of theirs was last asked to be paid.
LAST_PAID = "SELECT max(requested_at) FROM payouts WHERE worker = :person"


@dataclass(frozen=True, slots=True)
class TaxFormCounts:
    """Of all who were asked; `waiting`: their payouts wait."""

    asked: int
    given: int
    waiting: int


class TaxForms:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def of(self, person: PersonId) -> TaxForm | None:
        row = self._db.one(OF, person=person)
        return TaxForm(*row) if row else None

    def ask(self, person: PersonId, remind_at: Moment) -> bool:
        """False when they were asked before."""
        return self._db.changed(ASK, person=person, now=self._now, remind_at=remind_at) == 1

    def keep(self, person: PersonId, sealed: str, key_print: str) -> None:
        self._db.changed(KEEP, person=person, now=self._now, sealed=sealed, key_print=key_print)

    def due(self, limit: int) -> list[TaxForm]:
        """Reminders that are due."""
        return [TaxForm(*row) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def reminded(self, form: TaxForm, next_at: Moment | None) -> bool:
        """False when somebody else did."""
        about = {"person": form.person, "reminders": form.reminders}
        return self._db.changed(REMINDED, **about, next=next_at) == 1

    def page(self, after: int, limit: int) -> list[TaxForm]:
        return [TaxForm(*row) for row in self._db.all(ALL, after=after, limit=limit)]

    def count(self, reminders: int, before: Moment) -> TaxFormCounts:
        row = self._db.all(COUNT, reminders=reminders, before=before)[0]
        return TaxFormCounts(*map(int, row))

    def forget(self, person: PersonId, until: Moment) -> None:
        """Of a person who is erased: the answers stay until then, as the law asks; without answers nothing stays."""
        self._db.changed(DROP, person=person)
        self._db.changed(FORGET, person=person, until=until)

    def expire(self) -> int:
        return self._db.changed(EXPIRE, now=self._now)

    def last_paid(self, person: PersonId) -> Moment | None:
        found: Moment | None = first(self._db.one(LAST_PAID, person=person))
        return found
