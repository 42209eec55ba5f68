"""Rule 14, continued: invoices state the ledger's fees, each once, under numbers without a gap."""

from storage.invariants.invariant import Invariant

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

INVARIANTS = (INVOICES_STATE_FEES, CREDIT_NOTES_STATE_RETURNS, NUMBERS_HAVE_NO_GAP, FEES_ARE_INVOICED_ONCE)
