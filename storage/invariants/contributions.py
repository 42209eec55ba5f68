"""Rule 14, continued: social contributions are withheld by a rate that was read in, declared once, and paid over."""

from storage.invariants.invariant import Invariant

# Half a cent (10,000 millionths) is rounding.
CONTRIBUTION_IS_WITHHELD = Invariant(
    14,
    "a contribution is its payout's withheld share",
    """
SELECT 'payout ' || p.id AS subject, 'withheld ' || p.withheld || ' of ' || p.gross || ', contribution ' || c.amount
  || ' of ' || c.gross || ' at ' || c.rate AS detail
FROM contributions c JOIN payouts p ON p.id = c.payout
WHERE c.amount <> p.withheld OR c.gross <> p.gross OR p.currency <> 'EUR'
  OR abs(c.amount * 10000 - c.gross * c.rate) > 5000 * 10000""",
)
RATE_WAS_KNOWN = Invariant(
    14,
    "a contribution's rate was read in before it was used",
    """
SELECT 'payout ' || p.id AS subject, 'rate ' || c.rate || ' of ' || c.rate_month || ', used in ' || c.month AS detail
FROM contributions c JOIN payouts p ON p.id = c.payout
WHERE c.siret <> '' AND (c.rate_month > c.month OR NOT EXISTS (
  SELECT 1 FROM contribution_rates r WHERE r.siret = c.siret AND r.month = c.rate_month AND r.rate = c.rate
    AND r.read_at <= p.requested_at))""",
)
DECLARED_ONCE = Invariant(
    14,
    "a contribution is declared once, of a payout that was paid",
    """
SELECT 'payout ' || c.payout AS subject, p.state || ', contribution ' || c.amount || ', declared ' || l.declared
  AS detail
FROM contributions c JOIN payouts p ON p.id = c.payout
JOIN (SELECT payout, sum(amount) AS declared FROM contribution_lines GROUP BY payout) l ON l.payout = c.payout
WHERE l.declared NOT IN (0, c.amount) OR l.declared <> 0 AND p.state NOT IN ('paid', 'failed')""",
)
DECLARATION_IS_SUM_OF_LINES = Invariant(
    14,
    "a declaration is the sum of its lines, and paid as such",
    """
SELECT 'declaration ' || d.id AS subject, 'total ' || d.total || ', lines ' || coalesce(l.amount, 0) || ', paid '
  || coalesce(t.amount, 0) AS detail
FROM contribution_declarations d
LEFT JOIN (SELECT declaration, sum(amount) AS amount FROM contribution_lines GROUP BY declaration) l
  ON l.declaration = d.id
LEFT JOIN transfers t ON t.key = 'handed:declaration:' || d.id
WHERE d.total <> coalesce(l.amount, 0) OR coalesce(t.amount, d.total) <> d.total
  OR coalesce(t.id, 0) <> coalesce(d.transfer, 0)""",
)

INVARIANTS = (CONTRIBUTION_IS_WITHHELD, RATE_WAS_KNOWN, DECLARED_ONCE, DECLARATION_IS_SUM_OF_LINES)
