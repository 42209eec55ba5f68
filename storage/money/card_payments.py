"""Card payments that were asked for, and those that fit none of them."""

from collections.abc import Sequence
from typing import Any

from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.money.card_payments import (
    OPEN_PERIOD,
    CardPayment,
    CardPaymentId,
    CardPaymentState,
    MadePayment,
    StrayPayment,
)
from domain.money.card_reports import ReportLine
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value, single_values
from storage.invariants import Invariant

_PAYMENT, _STRAY = columns(CardPayment), columns(StrayPayment)

INSERT_PAYMENT = f"""
INSERT INTO card_payments (account, payer, amount, currency, state, asked_at, open_until)
VALUES (:account, :payer, :amount, :currency, 'asked', :now, :open_until) RETURNING {_PAYMENT}"""
SELECT_PAYMENT = f"SELECT {_PAYMENT} FROM card_payments WHERE id = :id"
# The same payment asked for twice is one: a second press makes nobody pay twice.
SELECT_OPEN_PAYMENT = f"""
SELECT {_PAYMENT} FROM card_payments
WHERE payer = :payer AND account = :account AND amount = :amount AND currency = :currency
  AND state IN ('asked', 'checked') AND open_until > :now ORDER BY id DESC LIMIT 1"""
SET_CHECKED = """
UPDATE card_payments SET state = 'checked', checked_at = :now WHERE id = :id AND state IN ('asked', 'checked')"""
SET_PAID = """
UPDATE card_payments SET state = 'paid', charge = :charge, provider_charge = :provider_charge, transfer = :transfer,
  paid_at = :now WHERE id = :id AND state = 'checked'"""
ADD_REFUNDED = """
UPDATE card_payments SET refunded = refunded + :amount,
  state = CASE WHEN refunded + :amount = amount THEN 'refunded' ELSE state END WHERE id = :id AND state = 'paid'"""
SELECT_NEWEST_PAID = f"""
SELECT {_PAYMENT} FROM card_payments WHERE state IN ('paid', 'refunded') ORDER BY id DESC LIMIT :limit"""
SELECT_IS_CHARGE_KNOWN = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM card_payments WHERE charge = :charge)
  OR EXISTS (SELECT 1 FROM stray_card_payments WHERE charge = :charge)"""
INSERT_STRAY = f"""
INSERT INTO stray_card_payments (charge, provider_charge, payer, total, currency, payload, why, state, received_at)
VALUES (:charge, :provider_charge, :payer, :total, :currency, :payload, :why, 'waiting', :now)
ON CONFLICT (charge) DO NOTHING RETURNING {_STRAY}"""
SELECT_STRAY = f"SELECT {_STRAY} FROM stray_card_payments WHERE id = :id"
SELECT_WAITING_STRAYS = "SELECT id FROM stray_card_payments WHERE state = 'waiting' ORDER BY id LIMIT :limit"
# The guard is the state: two admins decide once.
CLOSE_STRAY = """
UPDATE stray_card_payments SET state = :state, transfer = :transfer, decided_by = :by, decided_at = :now
WHERE id = :id AND state = 'waiting'"""

IS_REPORTED = "SELECT 1 FROM card_report_lines WHERE number = :number"
SELECT_BY_PROVIDER_CHARGE = f"""
SELECT {_PAYMENT} FROM card_payments
WHERE provider_charge IN (:first, :second, :third) AND provider_charge <> '' ORDER BY id LIMIT 1"""
SELECT_STRAY_BY_PROVIDER_CHARGE = """
SELECT id FROM stray_card_payments
WHERE provider_charge IN (:first, :second, :third) AND provider_charge <> '' ORDER BY id LIMIT 1"""
SUM_REPORTED_RETURNS = """
SELECT coalesce(sum(-gross), 0) FROM card_report_lines
WHERE payment = :payment AND category IN ('refund', 'dispute')"""
# Recorded movements between the provider and the bank that no line of a report was matched with.
SELECT_PROVIDER_MOVEMENTS = """
SELECT t.id FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = 'external:cards' AND a.currency = :currency AND t.kind = :kind AND t.amount = :amount
  AND t.made_at >= :since AND NOT EXISTS (SELECT 1 FROM card_report_lines l WHERE l.transfer = t.id) ORDER BY t.id"""
SUM_TYPED_FEES = """
SELECT coalesce(sum(CASE WHEN t.kind = 'card fee' THEN t.amount ELSE -t.amount END), 0)
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = 'external:card-fees' AND a.currency = :currency AND t.made_at >= :since
  AND t.key NOT LIKE t.kind || ':report:%'"""
INSERT_REPORT_LINE = """
INSERT INTO card_report_lines
  (number, category, currency, gross, fee, payment, transfer, fee_transfer, booked_by, booked_at)
VALUES (:number, :category, :currency, :gross, :fee, :payment, :transfer, :fee_transfer, :by, :now)"""
MAX_CHARGES = 3  # numbers by which a line's payment may be known


class CardPayments:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def ask(self, account: PersonId, payer: PersonId, amount: int, currency: str) -> CardPayment:
        """Return the open payment of this amount, stored now if there is none."""
        facts = {"account": account, "payer": payer, "amount": amount, "currency": currency, "now": self._now}
        row = self._db.one(SELECT_OPEN_PAYMENT, **facts)
        if row is None:
            row = self._db.all(INSERT_PAYMENT, **facts, open_until=later(self._now, OPEN_PERIOD))[0]
        return _to_payment(row)

    def find(self, payment: int) -> CardPayment | None:
        row = self._db.one(SELECT_PAYMENT, id=payment)
        return _to_payment(row) if row else None

    def set_checked(self, payment: CardPaymentId) -> None:
        self._db.changed(SET_CHECKED, id=payment, now=self._now)

    def set_paid(self, payment: CardPaymentId, made: MadePayment, transfer: int) -> None:
        facts = {"charge": made.charge, "provider_charge": made.provider_charge, "transfer": transfer}
        self._db.changed(SET_PAID, id=payment, **facts, now=self._now)

    def add_refunded(self, payment: CardPaymentId, amount: int) -> None:
        self._db.changed(ADD_REFUNDED, id=payment, amount=amount)

    def list_newest_paid(self, limit: int) -> list[CardPayment]:
        return [_to_payment(row) for row in self._db.all(SELECT_NEWEST_PAID, limit=limit)]

    def is_charge_known(self, charge: str) -> bool:
        """Return whether this payment was booked, or put before admins, already."""
        return self._db.one(SELECT_IS_CHARGE_KNOWN, charge=charge) is not None

    def add_stray(self, payer: PersonId, made: MadePayment, why: str) -> StrayPayment | None:
        """Store a payment that fits none; return None if it is stored already."""
        facts: dict[str, Any] = {name: getattr(made, name) for name in MadePayment.__slots__}
        rows = self._db.all(INSERT_STRAY, payer=payer, why=why, now=self._now, **facts)
        return StrayPayment(*rows[0]) if rows else None

    def find_stray(self, number: int) -> StrayPayment | None:
        row = self._db.one(SELECT_STRAY, id=number)
        return StrayPayment(*row) if row else None

    def list_waiting_strays(self, limit: int) -> Sequence[int]:
        """Return the numbers of the oldest payments that wait for an admin."""
        return single_values(self._db.all(SELECT_WAITING_STRAYS, limit=limit))

    def close_stray(self, number: int, state: str, by: PersonId, transfer: int | None = None) -> bool:
        """Store what an admin decided; return False if it was decided before."""
        return self._db.changed(CLOSE_STRAY, id=number, state=state, by=by, transfer=transfer, now=self._now) == 1

    def is_reported(self, number: str) -> bool:
        """Return whether a line of the provider's report was booked already."""
        return self._db.one(IS_REPORTED, number=number) is not None

    def find_by_provider(self, charges: Sequence[str]) -> CardPayment | None:
        """Return the payment that the provider knows by one of these numbers, None if there is none."""
        row = self._db.one(SELECT_BY_PROVIDER_CHARGE, **_name_charges(charges))
        return _to_payment(row) if row else None

    def find_stray_by_provider(self, charges: Sequence[str]) -> int | None:
        """Return the number of the stray payment that the provider knows by one of these numbers, None without one."""
        row = self._db.one(SELECT_STRAY_BY_PROVIDER_CHARGE, **_name_charges(charges))
        return int(row[0]) if row else None

    def sum_reported_returns(self, payment: CardPaymentId) -> int:
        """Return what lines of reports say went back of this payment."""
        return int(single_value(self._db.one(SUM_REPORTED_RETURNS, payment=payment), 0))

    def find_movements(self, kind: str, amount: int, currency: str, since: Moment) -> Sequence[int]:
        """Return the recorded movements of this kind and amount that no line of a report is, the oldest first."""
        facts = {"kind": kind, "amount": amount, "currency": currency, "since": since}
        return single_values(self._db.all(SELECT_PROVIDER_MOVEMENTS, **facts))

    def sum_typed_fees(self, currency: str, since: Moment) -> int:
        """Return the provider's fees that were recorded by hand since this moment, less what it gave back."""
        return int(single_value(self._db.one(SUM_TYPED_FEES, currency=currency, since=since), 0))

    def add_report_line(self, line: ReportLine, by: PersonId, **booked: int | None) -> None:
        """Store a line of a report; `booked` are its fee, payment, transfer and fee_transfer."""
        facts = {name: getattr(line, name) for name in ("number", "category", "currency", "gross")}
        self._db.changed(INSERT_REPORT_LINE, **facts, **booked, by=by, now=self._now)


def _name_charges(charges: Sequence[str]) -> dict[str, str]:
    return dict(zip(("first", "second", "third"), (*charges, *[""] * MAX_CHARGES), strict=False))


def _to_payment(row: Row) -> CardPayment:
    number, account, payer, amount, currency, state, open_until, charge, provider_charge, refunded = row
    return CardPayment(
        id=CardPaymentId(number),
        account=PersonId(account),
        payer=PersonId(payer),
        amount=Millionths(amount),
        currency=currency,
        state=CardPaymentState(state),
        open_until=Moment(open_until),
        charge=charge,
        provider_charge=provider_charge,
        refunded=int(refunded),
    )


# Rule 14, for cards: what a card paid is booked once, for the account it was asked for. (An erased person's account
# has another name, and a team's is named by the team.)
CARD_PAYMENTS_ARE_BOOKED = Invariant(
    14,
    "a card payment is booked once, as it was asked for",
    """
SELECT 'card payment ' || p.id AS subject, p.amount || ' ' || p.currency || ' ' || p.state || ', booked '
  || coalesce(t.amount, 0) || ' from ' || coalesce(d.name, '-') || ' to ' || coalesce(c.name, '-') AS detail
FROM card_payments p LEFT JOIN transfers t ON t.id = p.transfer LEFT JOIN accounts d ON d.id = t.debit
LEFT JOIN accounts c ON c.id = t.credit LEFT JOIN people a ON a.id = p.account
WHERE p.charge IS NOT NULL AND (t.id IS NULL OR t.key <> 'deposit:card:' || p.charge OR t.amount <> p.amount
  OR t.currency <> p.currency OR d.name <> 'external:cards'
  OR a.telegram_id IS NOT NULL AND c.name <> 'requester:' || a.telegram_id || ':available')
UNION ALL
SELECT 'transfer ' || t.id, 'a deposit by card that no payment explains'
FROM accounts d JOIN transfers t ON t.debit = d.id
WHERE d.name = 'external:cards' AND t.kind = 'deposit'
  AND NOT EXISTS (SELECT 1 FROM card_payments p WHERE p.transfer = t.id)
  AND NOT EXISTS (SELECT 1 FROM stray_card_payments s WHERE s.transfer = t.id)
UNION ALL
SELECT 'stray card payment ' || s.id, s.total || ' ' || s.currency || ', booked ' || t.amount || ' ' || t.currency
FROM stray_card_payments s JOIN transfers t ON t.id = s.transfer
WHERE t.amount <> s.total * 10000 OR t.currency <> s.currency OR t.key <> 'deposit:card:' || s.charge
UNION ALL
SELECT 'stray card payment ' || s.id, 'charge ' || s.charge || ' is also card payment ' || p.id
FROM stray_card_payments s JOIN card_payments p ON p.charge = s.charge""",
)
# What went back to cards is what the ledger says.
CARD_REFUNDS_ARE_BOOKED = Invariant(
    14,
    "what went back to a card is what was booked",
    """
SELECT 'card payment ' || p.id AS subject, 'refunded ' || p.refunded || ', booked ' || p.booked AS detail
FROM (
  SELECT q.id, q.refunded, coalesce((SELECT sum(t.amount) FROM transfers t JOIN accounts c ON c.id = t.credit
    WHERE c.name = 'external:cards' AND t.kind = 'refund' AND t.debit = b.credit AND t.currency = q.currency
      AND t.key LIKE 'refund:card:' || q.id || ':%'), 0) AS booked
  FROM card_payments q JOIN transfers b ON b.id = q.transfer
) AS p WHERE p.refunded <> p.booked
UNION ALL
SELECT 'transfer ' || t.id, 'a refund to a card that no payment explains'
FROM accounts c JOIN transfers t ON t.credit = c.id
WHERE c.name = 'external:cards' AND t.kind = 'refund' AND NOT EXISTS (
  SELECT 1 FROM card_payments p WHERE t.key LIKE 'refund:card:' || p.id || ':%')""",
)
# A report's line is booked as it says, and no refund or payout is explained by two lines.
CARD_REPORTS_ARE_BOOKED = Invariant(
    14,
    "a line of the card provider's report is what was booked",
    """
SELECT 'report line ' || l.number AS subject, l.category || ' ' || l.gross || ', fee ' || l.fee || ', booked '
  || coalesce(t.kind, '-') || ' ' || coalesce(t.amount, 0) || ', fee ' || coalesce(f.amount, 0) AS detail
FROM card_report_lines l LEFT JOIN transfers t ON t.id = l.transfer LEFT JOIN transfers f ON f.id = l.fee_transfer
WHERE t.id IS NOT NULL AND (t.amount <> abs(l.gross) OR t.currency <> l.currency
    OR t.kind <> CASE l.category WHEN 'payout' THEN 'card payout' WHEN 'payout_reversal' THEN 'card payout back'
      ELSE 'refund' END)
  OR t.id IS NULL AND l.category IN ('payout', 'payout_reversal')
  OR l.payment IS NULL AND l.category IN ('charge', 'refund', 'dispute')
  OR f.id IS NOT NULL AND (f.amount <> abs(l.fee) OR f.currency <> l.currency
    OR f.key <> CASE WHEN l.fee > 0 THEN 'card fee' ELSE 'card fee back' END || ':report:' || l.number)
UNION ALL
SELECT 'card payment ' || p.id, 'refunded ' || p.refunded || ', reports say ' || p.told
FROM (SELECT q.id, q.refunded, (SELECT sum(-l.gross) FROM card_report_lines l
  WHERE l.payment = q.id AND l.category IN ('refund', 'dispute')) AS told FROM card_payments q) AS p
WHERE p.told > p.refunded
UNION ALL
SELECT 'transfer ' || t.id, 'a fee of a report that no line explains'
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = 'external:card-fees' AND t.key LIKE t.kind || ':report:%'
  AND NOT EXISTS (SELECT 1 FROM card_report_lines l WHERE l.fee_transfer = t.id)""",
)
