"""Tax forms: when a person was asked, and their encrypted answers."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.people.accounts import PersonId
from extensions.eu_taxes.domain.tax_forms import TaxForm
from storage.drivers.connection import Connection
from storage.drivers.records import columns

_FORM = columns(TaxForm)

SELECT_FORM = f"SELECT {_FORM} FROM tax_forms WHERE person = :person"
INSERT_ASKED = """
INSERT INTO tax_forms (person, asked_at, remind_at) VALUES (:person, :now, :remind_at)
ON CONFLICT (person) DO NOTHING"""
UPSERT_ANSWERS = """
INSERT INTO tax_forms (person, asked_at, sealed, key_print, given_at, changed_at)
VALUES (:person, :now, :sealed, :key_print, :now, :now)
ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, key_print = excluded.key_print, remind_at = NULL,
  given_at = coalesce(tax_forms.given_at, excluded.given_at), changed_at = excluded.changed_at"""
SELECT_DUE_REMINDERS = f"SELECT {_FORM} FROM tax_forms WHERE remind_at <= :now ORDER BY remind_at, person LIMIT :limit"
COUNT_REMINDER = """
UPDATE tax_forms SET reminders = reminders + 1, remind_at = :next
WHERE person = :person AND reminders = :reminders AND remind_at IS NOT NULL"""
# (asked, given, waiting by now)
COUNT_FORMS = """
SELECT count(*), count(sealed),
  count(*) FILTER (WHERE sealed IS NULL AND reminders >= :reminders AND asked_at <= :before)
FROM tax_forms"""


@dataclass(frozen=True, slots=True)
class TaxFormCounts:
    """Numbers of people who were asked, who gave the form, and whose payouts wait for it."""

    asked: int
    given: int
    waiting: int


class TaxForms:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find_form(self, person: PersonId) -> TaxForm | None:
        row = self._db.one(SELECT_FORM, person=person)
        return TaxForm(*row) if row else None

    def mark_asked(self, person: PersonId, remind_at: Moment) -> bool:
        """Note that this person was asked; return False if they were asked before."""
        return self._db.changed(INSERT_ASKED, person=person, now=self._now, remind_at=remind_at) == 1

    def store_answers(self, person: PersonId, sealed: str, key_print: str) -> None:
        self._db.changed(UPSERT_ANSWERS, person=person, now=self._now, sealed=sealed, key_print=key_print)

    def list_due_reminders(self, limit: int) -> list[TaxForm]:
        """Return forms whose reminder is due."""
        return [TaxForm(*row) for row in self._db.all(SELECT_DUE_REMINDERS, now=self._now, limit=limit)]

    def count_reminder(self, form: TaxForm, next_at: Moment | None) -> bool:
        """Count a reminder; return False if another process did."""
        facts = {"person": form.person, "reminders": form.reminders}
        return self._db.changed(COUNT_REMINDER, **facts, next=next_at) == 1

    def count(self, reminders: int, before: Moment) -> TaxFormCounts:
        row = self._db.all(COUNT_FORMS, reminders=reminders, before=before)[0]
        return TaxFormCounts(*map(int, row))
