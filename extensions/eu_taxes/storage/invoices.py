"""Buyers' data, invoices and credit notes. An invoice is written once; no statement changes it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain.moments import Moment
from domain.people.accounts import PersonId
from extensions.eu_taxes.domain.invoices import Buyer, DraftInvoice, Invoice, InvoiceLine
from storage.drivers.connection import Connection
from storage.drivers.records import columns, pack, single_value, single_values, unpack
from storage.invariants import Invariant

_INVOICE = columns(Invoice)

SELECT_BILLING = "SELECT person, buyer, given_at, looked_until FROM buyers WHERE person = :person"
INSERT_ASKED = "INSERT INTO buyers (person, asked_at) VALUES (:person, :now) ON CONFLICT (person) DO NOTHING"
UPSERT_BUYER = """
INSERT INTO buyers (person, buyer, asked_at, given_at) VALUES (:person, :buyer, :now, :now)
ON CONFLICT (person) DO UPDATE SET buyer = excluded.buyer, given_at = excluded.given_at"""
UPDATE_BUYER = "UPDATE buyers SET buyer = :buyer WHERE person = :person AND given_at = :given_at"
SELECT_BILLINGS = "SELECT person, buyer, given_at, looked_until FROM buyers WHERE buyer IS NOT NULL ORDER BY person"
# Requesters who paid a fee and were never asked whom to bill.
SELECT_UNASKED = """
SELECT w.id FROM people w WHERE w.erased_at IS NULL AND w.telegram_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM buyers b WHERE b.person = w.id)
  AND EXISTS (SELECT 1 FROM projects p JOIN transfers t ON t.project = p.id AND t.kind = 'fee'
    WHERE p.requester = w.id) ORDER BY w.id LIMIT :limit"""
SELECT_DUE_BILLINGS = """
SELECT person, buyer, given_at, looked_until FROM buyers
WHERE buyer IS NOT NULL AND looked_until < :until ORDER BY looked_until, person LIMIT :limit"""
SET_LOOKED_UNTIL = """
UPDATE buyers SET looked_until = :until
WHERE person = :person AND looked_until = :before AND buyer IS NOT NULL"""
SELECT_CURRENCIES = "SELECT DISTINCT currency FROM projects WHERE requester = :person ORDER BY currency"
SELECT_INVOICED_UNTIL = """
SELECT max(ends) FROM invoices WHERE person = :person AND currency = :currency AND corrects IS NULL"""
# By project: answers and fees, less what came back of them in the same time.
SUM_FEES = """
SELECT p.id, p.title, sum(CASE WHEN t.kind = 'fee' THEN 1 ELSE -1 END) AS answers,
  sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END) AS fees
FROM projects p JOIN transfers t ON t.project = p.id AND t.kind IN ('fee', 'feeback')
WHERE p.requester = :person AND t.currency = :currency AND t.made_at >= :begins AND t.made_at < :ends
  AND (t.kind = 'fee' OR EXISTS (
    SELECT 1 FROM transfers f WHERE f.key = 'fee:' || t.submission AND f.made_at >= :begins))
GROUP BY p.id, p.title
HAVING sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END) > 0 ORDER BY p.id"""
# When the first fee of an invoice's time was taken: the first invoice begins with the beginning.
SELECT_FIRST_FEE = """
SELECT min(t.made_at) FROM projects p JOIN transfers t ON t.project = p.id AND t.kind = 'fee'
WHERE p.requester = :person AND t.currency = :currency AND t.made_at >= :begins AND t.made_at < :ends"""
# By invoice and project: what came back of its fees after it was drawn, until a moment.
SUM_RETURNED_FEES = """
SELECT i.id, p.id, p.title, count(*), sum(t.amount)
FROM invoices i JOIN projects p ON p.requester = i.person
JOIN transfers t ON t.project = p.id AND t.kind = 'feeback' AND t.currency = i.currency
  AND t.made_at >= i.ends AND t.made_at < :until
JOIN transfers f ON f.key = 'fee:' || t.submission AND f.made_at >= i.begins AND f.made_at < i.ends
WHERE i.person = :person AND i.corrects IS NULL
GROUP BY i.id, p.id, p.title ORDER BY i.id, p.id"""
SELECT_LAST_NUMBER = "SELECT max(number) FROM invoices WHERE series = :series AND year = :year"
INSERT_INVOICE = f"""
INSERT INTO invoices (series, year, number, person, corrects, currency, begins, ends, rule, rate, fees, net, vat, gross,
  seller, buyer, lines, issued_at)
VALUES (:series, :year, :number, :person, :corrects, :currency, :begins, :ends, :rule, :rate, :fees, :net, :vat, :gross,
  :seller, :buyer, :lines, :now) RETURNING {_INVOICE}"""
SELECT_INVOICE = f"SELECT {_INVOICE} FROM invoices WHERE id = :id"
SELECT_CREDIT_NOTES = f"SELECT {_INVOICE} FROM invoices WHERE corrects = :id ORDER BY id"
SELECT_INVOICES_OF = f"SELECT {_INVOICE} FROM invoices WHERE person = :person ORDER BY id DESC LIMIT :limit"
SELECT_INVOICES_AFTER = f"""
SELECT {_INVOICE} FROM invoices WHERE person = :person AND id > :after ORDER BY id LIMIT :limit"""
SELECT_ISSUED = f"""
SELECT {_INVOICE} FROM invoices WHERE issued_at >= :since AND issued_at < :until ORDER BY series, year, number"""
ERASE_BUYERS = """
UPDATE invoices SET buyer = '' WHERE buyer <> '' AND issued_at < :before AND person IN (
  SELECT id FROM people WHERE erased_at IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Billing:
    """Billing data of a requester: `buyer`, None until it is given; `looked_until` is the end of the last month whose
    fees were checked."""

    person: PersonId
    buyer: Buyer | None
    given_at: Moment | None
    looked_until: Moment


class Invoices:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find_billing(self, person: PersonId) -> Billing | None:
        row = self._db.one(SELECT_BILLING, person=person)
        return _billing(*row) if row else None

    def mark_asked(self, person: PersonId) -> bool:
        """Note that this person was asked whom to bill; return False if they were asked before."""
        return self._db.changed(INSERT_ASKED, person=person, now=self._now) == 1

    def set_buyer(self, person: PersonId, buyer: Buyer) -> None:
        self._db.changed(UPSERT_BUYER, person=person, buyer=pack(asdict(buyer)), now=self._now)

    def list_billings(self) -> list[Billing]:
        """Return everybody who said whom to bill."""
        return [_billing(*row) for row in self._db.all(SELECT_BILLINGS)]

    def store_vies_answer(self, billing: Billing, buyer: Buyer) -> bool:
        """Store what the register of VAT numbers answered; return False if the buyer was changed meanwhile."""
        return (
            self._db.changed(UPDATE_BUYER, person=billing.person, given_at=billing.given_at, buyer=pack(asdict(buyer)))
            == 1
        )

    def get_beginning(self, invoice: Invoice) -> Moment:
        """Return when the time of an invoice began; for a requester's first invoice, the moment of the first fee."""
        facts = {"person": invoice.person, "currency": invoice.currency, "begins": invoice.begins, "ends": invoice.ends}
        return invoice.begins or Moment(int(single_value(self._db.one(SELECT_FIRST_FEE, **facts), 0)))

    def list_unasked(self, limit: int) -> list[PersonId]:
        """Return requesters who paid a fee and were never asked whom to bill."""
        return [PersonId(person) for person in single_values(self._db.all(SELECT_UNASKED, limit=limit))]

    def list_due(self, until: Moment, limit: int) -> list[Billing]:
        """Return requesters whose fees before this moment were not checked."""
        return [_billing(*row) for row in self._db.all(SELECT_DUE_BILLINGS, until=until, limit=limit)]

    def set_looked_until(self, billing: Billing, until: Moment) -> bool:
        """Note that the fees before `until` were checked; return False if another process did, or the buyer is gone."""
        return self._db.changed(SET_LOOKED_UNTIL, person=billing.person, before=billing.looked_until, until=until) == 1

    def list_currencies(self, person: PersonId) -> list[str]:
        return single_values(self._db.all(SELECT_CURRENCIES, person=person))

    def get_invoiced_until(self, person: PersonId, currency: str) -> Moment:
        return Moment(single_value(self._db.one(SELECT_INVOICED_UNTIL, person=person, currency=currency), 0))

    def list_fees(self, person: PersonId, currency: str, begins: Moment, ends: Moment) -> tuple[InvoiceLine, ...]:
        rows = self._db.all(SUM_FEES, person=person, currency=currency, begins=begins, ends=ends)
        return tuple(InvoiceLine(row[0], row[1], int(row[2]), int(row[3])) for row in rows)

    def list_returned_fees(self, person: PersonId, until: Moment) -> dict[int, list[InvoiceLine]]:
        """Return by invoice all fees that came back since it was issued."""
        lines_by_invoice: dict[int, list[InvoiceLine]] = {}
        for row in self._db.all(SUM_RETURNED_FEES, person=person, until=until):
            lines_by_invoice.setdefault(row[0], []).append(InvoiceLine(row[1], row[2], int(row[3]), int(row[4])))
        return lines_by_invoice

    def insert_invoice(self, draft: DraftInvoice, series: str, year: int, seller: str, buyer: str) -> Invoice:
        """Store an invoice under the next number of the series and the year."""
        number = int(single_value(self._db.one(SELECT_LAST_NUMBER, series=series, year=year), 0)) + 1
        values = {name: getattr(draft, name) for name in ("person", "corrects", "currency", "begins", "ends", "rate")}
        sums = {"fees": draft.fees, "net": draft.net, "vat": draft.vat, "gross": draft.gross}
        printed = {"seller": seller, "buyer": buyer, "lines": pack([asdict(line) for line in draft.lines])}
        facts = {"series": series, "year": year, "number": number, "rule": draft.rule.value, "now": self._now}
        return Invoice(*self._db.all(INSERT_INVOICE, **values, **sums, **printed, **facts)[0])

    def find(self, number: int) -> Invoice | None:
        row = self._db.one(SELECT_INVOICE, id=number)
        return Invoice(*row) if row else None

    def get(self, number: int) -> Invoice:
        return Invoice(*self._db.all(SELECT_INVOICE, id=number)[0])

    def list_credit_notes(self, number: int) -> list[Invoice]:
        """Return the credit notes of an invoice."""
        return [Invoice(*row) for row in self._db.all(SELECT_CREDIT_NOTES, id=number)]

    def list_newest(self, person: PersonId, limit: int) -> list[Invoice]:
        """Return a person's invoices, the newest first."""
        return [Invoice(*row) for row in self._db.all(SELECT_INVOICES_OF, person=person, limit=limit)]

    def list_after(self, person: PersonId, after: int, limit: int) -> list[Invoice]:
        """Return a person's invoices behind the one whose id is `after`, the oldest first."""
        rows = self._db.all(SELECT_INVOICES_AFTER, person=person, after=after, limit=limit)
        return [Invoice(*row) for row in rows]

    def list_issued(self, since: Moment, until: Moment) -> list[Invoice]:
        return [Invoice(*row) for row in self._db.all(SELECT_ISSUED, since=since, until=until)]

    def erase_buyers(self, before: Moment) -> None:
        """Erase the data of erased buyers from invoices issued before this moment."""
        self._db.changed(ERASE_BUYERS, before=before)


def decode_buyer(text: str) -> Buyer:
    return Buyer(**unpack(text))


def decode_lines(invoice: Invoice) -> Sequence[InvoiceLine]:
    return [InvoiceLine(**line) for line in unpack(invoice.lines)]


def _billing(person: PersonId, buyer: str | None, given_at: Moment | None, looked_until: Moment) -> Billing:
    return Billing(person, decode_buyer(buyer) if buyer else None, given_at, Moment(looked_until))


# Rule 14, continued: invoices state the ledger's fees, each once, under numbers without a gap.
# Half a cent (10,000 millionths) is rounding.
INVOICES_STATE_FEES = Invariant(
    14,
    "an invoice tells the fees that the ledger says",
    """
SELECT 'invoice ' || i.year || '-' || i.number AS subject, 'fees ' || i.fees || ', the ledger says ' || i.booked
  || ', total ' || i.gross AS detail
FROM (SELECT v.*, (
  SELECT coalesce(sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END), 0)
  FROM projects p JOIN transfers t ON t.project = p.id AND t.kind IN ('fee', 'feeback')
  WHERE p.requester = v.person AND t.currency = v.currency AND t.made_at >= v.begins AND t.made_at < v.ends
    AND (t.kind = 'fee' OR EXISTS (
      SELECT 1 FROM transfers f WHERE f.key = 'fee:' || t.submission AND f.made_at >= v.begins))) AS booked
  FROM invoices v WHERE v.corrects IS NULL) AS i
WHERE i.fees <> i.booked OR abs(i.gross - i.fees) > 5000
  OR abs(i.vat * (10000 + i.rate) - i.gross * i.rate) > 5000 * (10000 + i.rate)""",
)
CREDIT_NOTES_STATE_RETURNS = Invariant(
    14,
    "credit notes tell what came back of an invoice's fees",
    """
SELECT 'invoice ' || n.year || '-' || n.number AS subject, 'corrects ' || o.year || '-' || o.number || ': told '
  || n.told || ', came back ' || n.booked || ', total ' || n.credited AS detail
FROM (SELECT v.*,
    (SELECT sum(e.fees) FROM invoices e WHERE e.corrects = v.corrects AND e.id <= v.id) AS told,
    (SELECT sum(e.gross) FROM invoices e WHERE e.corrects = v.corrects AND e.id <= v.id) AS credited,
    (SELECT coalesce(sum(t.amount), 0) FROM invoices b JOIN projects p ON p.requester = b.person
      JOIN transfers t ON t.project = p.id AND t.kind = 'feeback' AND t.currency = b.currency
        AND t.made_at >= b.ends AND t.made_at < v.ends
      JOIN transfers f ON f.key = 'fee:' || t.submission AND f.made_at >= b.begins AND f.made_at < b.ends
      WHERE b.id = v.corrects) AS booked
  FROM invoices v WHERE v.corrects IS NOT NULL) AS n
JOIN invoices o ON o.id = n.corrects
WHERE n.told <> n.booked OR abs(n.credited - n.told) > 5000 OR n.credited > o.gross OR o.corrects IS NOT NULL
  OR (n.person, n.currency, n.rule, n.rate, n.begins) <> (o.person, o.currency, o.rule, o.rate, o.begins)""",
)
NUMBERS_HAVE_NO_GAP = Invariant(
    14,
    "invoices are numbered without a gap, in their order",
    """
SELECT 'invoice ' || i.year || '-' || i.number AS subject, 'is number ' || i.place || ' of its year' AS detail
FROM (SELECT v.*,
    row_number() OVER (PARTITION BY v.series, v.year ORDER BY v.number) AS place,
    lag(v.issued_at, 1, v.issued_at) OVER (PARTITION BY v.series, v.year ORDER BY v.number) AS before
  FROM invoices v) AS i
WHERE i.number <> i.place OR i.issued_at < i.before""",
)
FEES_ARE_INVOICED_ONCE = Invariant(
    14,
    "a fee is on one invoice",
    """
SELECT 'invoice ' || i.year || '-' || i.number AS subject, 'begins ' || i.begins || ', the one before ended '
  || i.ended AS detail
FROM (SELECT v.*, lag(v.ends, 1, 0) OVER (PARTITION BY v.person, v.currency ORDER BY v.ends, v.id) AS ended
  FROM invoices v WHERE v.corrects IS NULL) AS i
WHERE i.begins <> i.ended""",
)
