"""Figures for reports under DAC7; returns that were filed: messages and their documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment
from domain.people.accounts import PersonId
from extensions.eu_taxes.domain.tax_forms import ReturnDocument, ReturnKind, SellerFigures
from storage.drivers.connection import Connection, Row
from storage.drivers.records import pack, single_value, unpack
from storage.invariants import Invariant

QUARTER_OF = "CASE WHEN {at} < :second THEN 1 WHEN {at} < :third THEN 2 WHEN {at} < :fourth THEN 3 ELSE 4 END"
WITHIN_PERIOD = "{at} >= :first AND {at} < :end"
# What became a worker's own: (worker, currency, quarter, amount, answers). What left for their bank, or was given up,
# was income before.
SUM_CONSIDERATION = f"""
SELECT w.id, a.currency, {QUARTER_OF.format(at="t.made_at")} AS quarter, sum(e.amount),
  count(DISTINCT t.submission) + count(*) FILTER (WHERE t.key LIKE 'bonus:test:%')
FROM people w JOIN accounts a
  ON a.name = 'worker:' || coalesce(CAST(w.telegram_id AS TEXT), 'erased-' || w.id) || ':available'
JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE {WITHIN_PERIOD.format(at="t.made_at")} AND t.kind NOT IN ('payout', 'withhold', 'unpaid', 'unwithhold', 'waived')
GROUP BY w.id, a.currency, quarter"""
# The platform's fees on a worker's answers, paid by requesters on top: (worker, currency, quarter, amount).
SUM_FEES = f"""
SELECT s.worker, t.currency, {QUARTER_OF.format(at="t.made_at")} AS quarter,
  sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END)
FROM transfers t JOIN submissions s ON s.id = t.submission
WHERE {WITHIN_PERIOD.format(at="t.made_at")} AND t.kind IN ('fee', 'feeback') GROUP BY s.worker, t.currency, quarter"""
# Kept for the authorities: (worker, currency, quarter, amount).
SUM_WITHHELD = f"""
SELECT worker, currency, {QUARTER_OF.format(at="requested_at")} AS quarter, sum(withheld)
FROM payouts WHERE {WITHIN_PERIOD.format(at="requested_at")} AND state <> 'failed' AND withheld > 0
GROUP BY worker, currency, quarter"""
# Whom it is about: (worker, Telegram id, name, holder, IBAN) with the account given last.
SELECT_SELLERS = """
SELECT w.id, w.telegram_id, w.name, e.holder, CASE WHEN e.channel = 'sepa' THEN e.iban ELSE '' END FROM people w
LEFT JOIN payees e ON e.id = (SELECT max(x.id) FROM payees x WHERE x.person = w.id AND x.replaced_at IS NULL)
WHERE w.consented_at IS NOT NULL OR w.erased_at IS NOT NULL ORDER BY w.id"""


class TaxReports:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection

    def sum_consideration(self, bounds: Sequence[Moment]) -> list[Row]:
        return self._db.all(SUM_CONSIDERATION, **_report_quarters(bounds))

    def sum_fees(self, bounds: Sequence[Moment]) -> list[Row]:
        return self._db.all(SUM_FEES, **_report_quarters(bounds))

    def sum_withheld(self, bounds: Sequence[Moment]) -> list[Row]:
        return self._db.all(SUM_WITHHELD, **_report_quarters(bounds))

    def list_sellers(self) -> list[Row]:
        return self._db.all(SELECT_SELLERS)


def _report_quarters(bounds: Sequence[Moment]) -> dict[str, Moment]:
    """Return the four beginnings and the end as parameters."""
    return dict(zip(("first", "second", "third", "fourth", "end"), bounds, strict=True))


COUNT_MESSAGES = "SELECT count(*) FROM tax_messages WHERE year = :year AND form = :form"
SELECT_IS_RECORDED = "SELECT 1 FROM tax_messages WHERE year = :year AND form = :form AND made_at = :made_at"
INSERT_MESSAGE = """
INSERT INTO tax_messages (year, form, reference, kind, begins, ends, made_at, keep_until)
VALUES (:year, :form, :reference, :kind, :begins, :ends, :now, :keep_until) RETURNING id"""
INSERT_DOCUMENT = """
INSERT INTO tax_documents (message, person, currency, indicator, reference, corrects, digest, sealed, key_print,
  consideration, fees, withheld, activities, quarters)
VALUES (:message, :person, :currency, :indicator, :reference, :corrects, :digest, :sealed, :key_print,
  :consideration, :fees, :withheld, :activities, :quarters)"""
# The newest document of each seller, and of the operator.
SELECT_LATEST_DOCUMENTS = """
SELECT d.person, d.currency, d.indicator, d.reference, d.digest, d.sealed, (
  SELECT count(*) FROM tax_documents e JOIN tax_messages n ON n.id = e.message
  WHERE n.year = :year AND n.form = :form AND e.currency = d.currency
    AND coalesce(e.person, 0) = coalesce(d.person, 0)) AS versions
FROM tax_documents d JOIN tax_messages m ON m.id = d.message WHERE m.year = :year AND m.form = :form
  AND NOT EXISTS (SELECT 1 FROM tax_documents l WHERE l.corrects = d.reference)
ORDER BY d.person, d.currency, d.message"""
# Whose copy was not sent yet, with the quarters as they were filed.
SELECT_UNSENT_COPIES = """
SELECT d.reference, d.person, d.currency, d.indicator, m.year, d.quarters
FROM tax_documents d JOIN tax_messages m ON m.id = d.message
WHERE d.told_at IS NULL AND d.person IS NOT NULL ORDER BY d.reference LIMIT :limit"""
SET_COPY_SENT = "UPDATE tax_documents SET told_at = :now WHERE reference = :reference AND told_at IS NULL"


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """The newest document of a seller: number of versions so far, and the encrypted answers that it was filed with."""

    person: PersonId | None
    currency: str
    indicator: str
    reference: str
    digest: str
    sealed: str | None
    versions: int


@dataclass(frozen=True, slots=True)
class SealedAnswers:
    """Encrypted answers of a document; both empty for the operator's."""

    text: str | None = None
    key_print: str | None = None


@dataclass(frozen=True, slots=True)
class UnsentCopy:
    """A document whose seller waits for a copy; for each quarter: consideration, fees, withheld, activities."""

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

    def count_messages(self, year: int, form: str) -> int:
        return int(single_value(self._db.one(COUNT_MESSAGES, year=year, form=form), 0))

    def is_recorded(self, year: int, form: str, made_at: Moment) -> bool:
        return self._db.one(SELECT_IS_RECORDED, year=year, form=form, made_at=made_at) is not None

    def list_latest(self, year: int, form: str) -> list[FiledDocument]:
        """Return the newest document of each seller, and of the operator."""
        return [FiledDocument(*row) for row in self._db.all(SELECT_LATEST_DOCUMENTS, year=year, form=form)]

    def insert_message(
        self, year: int, form: str, reference: str, kind: ReturnKind, bounds: tuple[Moment, Moment], keep_until: Moment
    ) -> int:
        facts = {"year": year, "form": form, "reference": reference, "kind": kind.value, "keep_until": keep_until}
        row = self._db.all(INSERT_MESSAGE, **facts, begins=bounds[0], ends=bounds[1], now=self._now)[0]
        return int(row[0])

    def add_document(
        self, message: int, document: ReturnDocument, digest: str, figures: SellerFigures | None, sealed: SealedAnswers
    ) -> None:
        """Store a document; without figures it is the operator's."""
        sums = (0, 0, 0, 0)
        if figures is not None:
            quarters = (figures.consideration, figures.fees, figures.withheld, figures.activities)
            sums = (sum(quarters[0]), sum(quarters[1]), sum(quarters[2]), sum(quarters[3]))
        self._db.changed(
            INSERT_DOCUMENT,
            message=message,
            person=figures.person if figures else None,
            currency=figures.currency if figures else "",
            indicator=document.indicator.value,
            reference=document.reference,
            corrects=document.corrects or None,
            digest=digest,
            sealed=sealed.text,
            key_print=sealed.key_print,
            quarters=pack(_figures_by_quarter(figures)) if figures else "[]",
            **dict(zip(("consideration", "fees", "withheld", "activities"), sums, strict=True)),
        )

    def list_unsent_copies(self, limit: int) -> list[UnsentCopy]:
        """Return documents whose sellers wait for a copy."""
        rows = self._db.all(SELECT_UNSENT_COPIES, limit=limit)
        return [
            UnsentCopy(
                row[0], row[1], row[2], row[3], row[4], tuple(tuple(map(int, quarter)) for quarter in unpack(row[5]))
            )
            for row in rows
        ]

    def mark_copy_sent(self, reference: str) -> bool:
        """Mark a copy as sent; return False if it was marked before."""
        return self._db.changed(SET_COPY_SENT, reference=reference, now=self._now) == 1


def _figures_by_quarter(figures: SellerFigures) -> list[tuple[int, int, int, int]]:
    return list(zip(figures.consideration, figures.fees, figures.withheld, figures.activities, strict=True))


# Rule 14: payouts; and rule 7's payees: people who share a bank account do not share a task.
# Only for years that are over: the ledger's entries of those never change.
TAX_RETURNS_FIT_LEDGER = Invariant(
    14,
    "a return under DAC7 tells what the ledger says",
    """
SELECT 'document ' || d.reference AS subject, 'told ' || d.consideration || ', earned ' || d.earned AS detail
FROM (
  SELECT d.reference, d.consideration, coalesce((
    SELECT sum(e.amount) FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
    WHERE a.name = 'worker:' || coalesce(CAST(w.telegram_id AS TEXT), 'erased-' || w.id) || ':available'
      AND a.currency = d.currency AND t.made_at >= m.begins AND t.made_at < m.ends
      AND t.kind NOT IN ('payout', 'withhold', 'unpaid', 'unwithhold', 'waived')), 0) AS earned
  FROM tax_documents d JOIN tax_messages m ON m.id = d.message JOIN people w ON w.id = d.person
  WHERE m.made_at >= m.ends AND d.indicator <> 'OECD3'
) AS d WHERE d.consideration <> d.earned""",
)
CORRECTIONS_FIT_SELLERS = Invariant(
    14,
    "a correction is of its own seller's newest document",
    """
SELECT 'document ' || d.reference AS subject, 'corrects ' || b.reference || ', of person ' || coalesce(b.person, 0)
  || ' in ' || o.year AS detail
FROM tax_documents d JOIN tax_messages m ON m.id = d.message
JOIN tax_documents b ON b.reference = d.corrects JOIN tax_messages o ON o.id = b.message
WHERE coalesce(b.person, 0) <> coalesce(d.person, 0) OR b.currency <> d.currency OR o.year <> m.year OR o.form <> m.form
  OR b.message >= d.message
  OR EXISTS (SELECT 1 FROM tax_documents e WHERE e.corrects = d.corrects AND e.reference <> d.reference)""",
)
