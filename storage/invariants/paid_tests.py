"""Rule 6 for paid tests: what is set aside is what is promised, and an attempt is paid once."""

from storage.invariants.invariant import Invariant

TESTS_ARE_HELD = Invariant(
    6,
    "what is held for tests is what their places can cost",
    """
SELECT coalesce(a.name, r.name) AS subject, 'held ' || coalesce(a.balance, 0) || ', promised ' || coalesce(r.pay, 0)
  AS detail
FROM (SELECT name, currency, balance FROM accounts WHERE name LIKE 'requester:%:tests') AS a
FULL JOIN (
  SELECT 'requester:' || coalesce(CAST(w.telegram_id AS TEXT), 'erased-' || w.id) || ':tests' AS name, p.currency,
    sum(p.pay * (p.places - (
      SELECT count(*) FROM test_attempts t WHERE t.type = p.type AND t.paid_at IS NOT NULL))) AS pay
  FROM paid_tests p JOIN qualification_types q ON q.id = p.type JOIN people w ON w.id = q.requester
  WHERE p.ended_at IS NULL GROUP BY 1, 2
) AS r ON r.name = a.name AND r.currency = a.currency
WHERE coalesce(a.balance, 0) <> coalesce(r.pay, 0)""",
)
ATTEMPT_ONCE = Invariant(
    6,
    "an attempt at a paid test is paid once",
    """
SELECT 'test ' || coalesce(r.key, m.key) AS subject, coalesce(m.amount, 0) || ' paid, ' || coalesce(r.pay, 0)
  || ' due' AS detail
FROM (
  SELECT 'bonus:test:' || t.type || ':' || t.worker AS key, p.pay FROM test_attempts t
  JOIN paid_tests p ON p.type = t.type WHERE t.paid_at IS NOT NULL
) AS r FULL JOIN (
  SELECT key, amount FROM transfers WHERE kind = 'bonus' AND key LIKE 'bonus:test:%') AS m ON m.key = r.key
WHERE coalesce(m.amount, 0) <> coalesce(r.pay, 0)""",
)

INVARIANTS = (TESTS_ARE_HELD, ATTEMPT_ONCE)
