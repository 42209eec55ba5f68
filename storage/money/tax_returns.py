"""Returns under DAC7 that were filed: messages and their documents."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.money.declarations import Document, Figures, Kind
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import first, pack, unpack

MESSAGES = "SELECT count(*) FROM tax_messages WHERE year = :year AND form = :form"
RECORDED = "SELECT 1 FROM tax_messages WHERE year = :year AND form = :form AND made_at = :made_at"
NEW_MESSAGE = """
INSERT INTO tax_messages (year, form, reference, kind, begins, ends, made_at, keep_until)
VALUES (:year, :form, :reference, :kind, :begins, :ends, :now, :keep_until) RETURNING id"""
NEW_DOCUMENT = """
INSERT INTO tax_documents (message, person, currency, indicator, reference, corrects, digest, sealed, key_print,
  consideration, fees, withheld, activities, quarters)
VALUES (:message, :person, :currency, :indicator, :reference, :corrects, :digest, :sealed, :key_print,
  :consideration, :fees, :withheld, :activities, :quarters)"""
# The newest document of each seller, and of the operator.
LATEST = """
SELECT d.person, d.currency, d.indicator, d.reference, d.digest, d.sealed, (
  SELECT count(*) FROM tax_documents e JOIN tax_messages n ON n.id = e.message
  WHERE n.year = :year AND n.form = :form AND e.currency = d.currency
    AND coalesce(e.person, 0) = coalesce(d.person, 0)) AS versions
FROM tax_documents d JOIN tax_messages m ON m.id = d.message WHERE m.year = :year AND m.form = :form
  AND NOT EXISTS (SELECT 1 FROM tax_documents l WHERE l.corrects = d.reference)
ORDER BY d.person, d.currency, d.message"""
# Whose copy was not sent yet, with the quarters as they were filed.
UNTOLD = """
SELECT d.reference, d.person, d.currency, d.indicator, m.year, d.quarters
FROM tax_documents d JOIN tax_messages m ON m.id = d.message
WHERE d.told_at IS NULL AND d.person IS NOT NULL ORDER BY d.reference LIMIT :limit"""
TOLD = "UPDATE tax_documents SET told_at = :now WHERE reference = :reference AND told_at IS NULL"
EXPIRE = """
UPDATE tax_documents SET sealed = NULL, key_print = NULL WHERE sealed IS NOT NULL AND message IN (
  SELECT id FROM tax_messages WHERE keep_until <= :now)"""


@dataclass(frozen=True, slots=True)
class Filed:
    """The newest document of a seller: how many versions there were, and the answers it was filed with, encrypted."""

    person: PersonId | None
    currency: str
    indicator: str
    reference: str
    digest: str
    sealed: str | None
    versions: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The answers of a document, encrypted; both empty for the operator's."""

    text: str | None = None
    key_print: str | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """A document whose seller waits for a copy; of each quarter: consideration, fees, withheld, activities."""

    reference: str
    person: PersonId
    currency: str
    indicator: str
    year: int
    quarters: tuple[tuple[int, ...], ...]


class TaxReturns:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def messages(self, year: int, form: str) -> int:
        return int(first(self._db.one(MESSAGES, year=year, form=form), 0))

    def is_recorded(self, year: int, form: str, made_at: Moment) -> bool:
        return self._db.one(RECORDED, year=year, form=form, made_at=made_at) is not None

    def latest(self, year: int, form: str) -> list[Filed]:
        return [Filed(*row) for row in self._db.all(LATEST, year=year, form=form)]

    def add(
        self, year: int, form: str, reference: str, kind: Kind, bounds: tuple[Moment, Moment], keep_until: Moment
    ) -> int:
        about = {"year": year, "form": form, "reference": reference, "kind": kind.value, "keep_until": keep_until}
        row = self._db.all(NEW_MESSAGE, **about, begins=bounds[0], ends=bounds[1], now=self._now)[0]
        return int(row[0])

    def add_document(
        self, message: int, document: Document, digest: str, figures: Figures | None, sealed: Sealed
    ) -> None:
        """Without figures it is the operator's."""
        sums = (0, 0, 0, 0)
        if figures is not None:
            each = (figures.consideration, figures.fees, figures.withheld, figures.activities)
            sums = (sum(each[0]), sum(each[1]), sum(each[2]), sum(each[3]))
        self._db.changed(
            NEW_DOCUMENT,
            message=message,
            person=figures.person if figures else None,
            currency=figures.currency if figures else "",
            indicator=document.indicator.value,
            reference=document.reference,
            corrects=document.corrects or None,
            digest=digest,
            sealed=sealed.text,
            key_print=sealed.key_print,
            quarters=pack(_quarters(figures)) if figures else "[]",
            **dict(zip(("consideration", "fees", "withheld", "activities"), sums, strict=True)),
        )

    def untold(self, limit: int) -> list[Untold]:
        """Documents whose sellers wait for a copy."""
        found = self._db.all(UNTOLD, limit=limit)
        return [
            Untold(row[0], row[1], row[2], row[3], row[4], tuple(tuple(map(int, each)) for each in unpack(row[5])))
            for row in found
        ]

    def told(self, reference: str) -> bool:
        """False when it was told before."""
        return self._db.changed(TOLD, reference=reference, now=self._now) == 1

    def expire(self) -> None:
        """Answers whose time is over; the figures stay."""
        self._db.changed(EXPIRE, now=self._now)


def _quarters(of: Figures) -> list[tuple[int, int, int, int]]:
    return list(zip(of.consideration, of.fees, of.withheld, of.activities, strict=True))
