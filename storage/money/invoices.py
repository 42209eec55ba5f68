"""Buyers' data, invoices and credit notes. An invoice is written once; no statement changes it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain.moments import Moment
from domain.money.invoices import (
    Buyer,
    DraftInvoice,
    Invoice,
    InvoiceLine,
)
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import (
    columns,
    each,
    first,
    pack,
    unpack,
)

_INVOICE = columns(Invoice)

BUYER = "SELECT person, buyer, given_at, looked_until FROM buyers WHERE person = :person"
ASK = "INSERT INTO buyers (person, asked_at) VALUES (:person, :now) ON CONFLICT (person) DO NOTHING"
GIVE = """
INSERT INTO buyers (person, buyer, asked_at, given_at) VALUES (:person, :buyer, :now, :now)
ON CONFLICT (person) DO UPDATE SET buyer = excluded.buyer, given_at = excluded.given_at"""
ANSWERED = "UPDATE buyers SET buyer = :buyer WHERE person = :person AND given_at = :given_at"
BILLED = "SELECT person, buyer, given_at, looked_until FROM buyers WHERE buyer IS NOT NULL ORDER BY person"
FORGET = "DELETE FROM buyers WHERE person = :person"
# Requesters who paid a fee and were never asked whom to bill.
UNASKED = """
SELECT w.id FROM people w WHERE w.erased_at IS NULL AND w.telegram_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM buyers b WHERE b.person = w.id)
  AND EXISTS (SELECT 1 FROM projects p JOIN transfers t ON t.project = p.id AND t.kind = 'fee'
    WHERE p.requester = w.id) ORDER BY w.id LIMIT :limit"""
DUE = """
SELECT person, buyer, given_at, looked_until FROM buyers
WHERE buyer IS NOT NULL AND looked_until < :until ORDER BY looked_until, person LIMIT :limit"""
LOOKED = """
UPDATE buyers SET looked_until = :until
WHERE person = :person AND looked_until = :before AND buyer IS NOT NULL"""
CURRENCIES = "SELECT DISTINCT currency FROM projects WHERE requester = :person ORDER BY currency"
INVOICED_UNTIL = """
SELECT max(ends) FROM invoices WHERE person = :person AND currency = :currency AND corrects IS NULL"""
# By project: answers and fees, less what came back of them in the same time.
FEES = """
SELECT p.id, p.title, sum(CASE WHEN t.kind = 'fee' THEN 1 ELSE -1 END) AS answers,
  sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END) AS fees
FROM projects p JOIN transfers t ON t.project = p.id AND t.kind IN ('fee', 'feeback')
WHERE p.requester = :person AND t.currency = :currency AND t.made_at >= :begins AND t.made_at < :ends
  AND (t.kind = 'fee' OR EXISTS (
    SELECT 1 FROM transfers f WHERE f.key = 'fee:' || t.submission AND f.made_at >= :begins))
GROUP BY p.id, p.title
HAVING sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END) > 0 ORDER BY p.id"""
# When the first fee of an invoice's time was taken: the first invoice begins with the beginning.
FIRST_FEE = """
SELECT min(t.made_at) FROM projects p JOIN transfers t ON t.project = p.id AND t.kind = 'fee'
WHERE p.requester = :person AND t.currency = :currency AND t.made_at >= :begins AND t.made_at < :ends"""
# By invoice and project: what came back of its fees after it was drawn, until a moment.
CAME_BACK = """
SELECT i.id, p.id, p.title, count(*), sum(t.amount)
FROM invoices i JOIN projects p ON p.requester = i.person
JOIN transfers t ON t.project = p.id AND t.kind = 'feeback' AND t.currency = i.currency
  AND t.made_at >= i.ends AND t.made_at < :until
JOIN transfers f ON f.key = 'fee:' || t.submission AND f.made_at >= i.begins AND f.made_at < i.ends
WHERE i.person = :person AND i.corrects IS NULL
GROUP BY i.id, p.id, p.title ORDER BY i.id, p.id"""
NUMBER = "SELECT max(number) FROM invoices WHERE series = :series AND year = :year"
ADD = f"""
INSERT INTO invoices (series, year, number, person, corrects, currency, begins, ends, rule, rate, fees, net, vat, gross,
  seller, buyer, lines, issued_at)
VALUES (:series, :year, :number, :person, :corrects, :currency, :begins, :ends, :rule, :rate, :fees, :net, :vat, :gross,
  :seller, :buyer, :lines, :now) RETURNING {_INVOICE}"""
GET = f"SELECT {_INVOICE} FROM invoices WHERE id = :id"
CORRECTING = f"SELECT {_INVOICE} FROM invoices WHERE corrects = :id ORDER BY id"
OF = f"SELECT {_INVOICE} FROM invoices WHERE person = :person ORDER BY id DESC LIMIT :limit"
ISSUED = f"""
SELECT {_INVOICE} FROM invoices WHERE issued_at >= :since AND issued_at < :until ORDER BY series, year, number"""
EXPIRE = """
UPDATE invoices SET buyer = '' WHERE buyer <> '' AND issued_at < :before AND person IN (
  SELECT id FROM people WHERE erased_at IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Billing:
    """Whom to bill, None until it is told; `looked_until`: the end of the last month that was looked at."""

    person: PersonId
    buyer: Buyer | None
    given_at: Moment | None
    looked_until: Moment


class Invoices:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def billing(self, person: PersonId) -> Billing | None:
        row = self._db.one(BUYER, person=person)
        return _billing(*row) if row else None

    def ask(self, person: PersonId) -> bool:
        """False when they were asked before."""
        return self._db.changed(ASK, person=person, now=self._now) == 1

    def give(self, person: PersonId, buyer: Buyer) -> None:
        self._db.changed(GIVE, person=person, buyer=pack(asdict(buyer)), now=self._now)

    def forget(self, person: PersonId) -> None:
        self._db.changed(FORGET, person=person)

    def billed(self) -> list[Billing]:
        """Everybody who told whom to bill."""
        return [_billing(*row) for row in self._db.all(BILLED)]

    def answered(self, of: Billing, told: Buyer) -> bool:
        """What the register of VAT numbers said; False where the client's data were given anew."""
        return self._db.changed(ANSWERED, person=of.person, given_at=of.given_at, buyer=pack(asdict(told))) == 1

    def began(self, of: Invoice) -> Moment:
        """When what an invoice is for began; the first one begins with its first fee."""
        about = {"person": of.person, "currency": of.currency, "begins": of.begins, "ends": of.ends}
        return of.begins or Moment(int(first(self._db.one(FIRST_FEE, **about), 0)))

    def unasked(self, limit: int) -> list[PersonId]:
        return [PersonId(found) for found in each(self._db.all(UNASKED, limit=limit))]

    def due(self, until: Moment, limit: int) -> list[Billing]:
        """Requesters whose fees before this moment were not looked at."""
        return [_billing(*row) for row in self._db.all(DUE, until=until, limit=limit)]

    def looked(self, of: Billing, until: Moment) -> bool:
        """False when somebody else did, or the data are gone."""
        return self._db.changed(LOOKED, person=of.person, before=of.looked_until, until=until) == 1

    def currencies(self, person: PersonId) -> list[str]:
        return each(self._db.all(CURRENCIES, person=person))

    def invoiced_until(self, person: PersonId, currency: str) -> Moment:
        return Moment(first(self._db.one(INVOICED_UNTIL, person=person, currency=currency), 0))

    def fees(self, person: PersonId, currency: str, begins: Moment, ends: Moment) -> tuple[InvoiceLine, ...]:
        rows = self._db.all(FEES, person=person, currency=currency, begins=begins, ends=ends)
        return tuple(InvoiceLine(row[0], row[1], int(row[2]), int(row[3])) for row in rows)

    def came_back(self, person: PersonId, until: Moment) -> dict[int, list[InvoiceLine]]:
        """By invoice, all of it since the invoice."""
        found: dict[int, list[InvoiceLine]] = {}
        for row in self._db.all(CAME_BACK, person=person, until=until):
            found.setdefault(row[0], []).append(InvoiceLine(row[1], row[2], int(row[3]), int(row[4])))
        return found

    def add(self, of: DraftInvoice, series: str, year: int, seller: str, buyer: str) -> Invoice:
        """With the next number of the series and the year."""
        number = int(first(self._db.one(NUMBER, series=series, year=year), 0)) + 1
        values = {name: getattr(of, name) for name in ("person", "corrects", "currency", "begins", "ends", "rate")}
        sums = {"fees": of.fees, "net": of.net, "vat": of.vat, "gross": of.gross}
        printed = {"seller": seller, "buyer": buyer, "lines": pack([asdict(line) for line in of.lines])}
        about = {"series": series, "year": year, "number": number, "rule": of.rule.value, "now": self._now}
        return Invoice(*self._db.all(ADD, **values, **sums, **printed, **about)[0])

    def find(self, number: int) -> Invoice | None:
        row = self._db.one(GET, id=number)
        return Invoice(*row) if row else None

    def get(self, number: int) -> Invoice:
        return Invoice(*self._db.all(GET, id=number)[0])

    def correcting(self, number: int) -> list[Invoice]:
        """The credit notes of an invoice."""
        return [Invoice(*row) for row in self._db.all(CORRECTING, id=number)]

    def of(self, person: PersonId, limit: int) -> list[Invoice]:
        """The newest first."""
        return [Invoice(*row) for row in self._db.all(OF, person=person, limit=limit)]

    def issued(self, since: Moment, until: Moment) -> list[Invoice]:
        return [Invoice(*row) for row in self._db.all(ISSUED, since=since, until=until)]

    def expire(self, before: Moment) -> None:
        """The data of erased buyers on invoices issued before this moment."""
        self._db.changed(EXPIRE, before=before)


def buyer_of(text: str) -> Buyer:
    return Buyer(**unpack(text))


def lines_of(invoice: Invoice) -> Sequence[InvoiceLine]:
    return [InvoiceLine(**line) for line in unpack(invoice.lines)]


def _billing(person: PersonId, buyer: str | None, given_at: Moment | None, looked_until: Moment) -> Billing:
    return Billing(person, buyer_of(buyer) if buyer else None, given_at, Moment(looked_until))
