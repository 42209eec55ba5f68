"""Rule 6 for what is promised beside a project's answers, and for paid tests: held once, then
earned once or given back once."""

from storage.invariants.invariant import Invariant

# A project's extra account equals what is promised from it, to the millionth.
EXTRA_MONEY_IS_PROMISED = Invariant(
    6,
    "what is held beside a budget is what is promised beside it",
    """
SELECT 'project ' || p.id AS subject, 'held ' || coalesce(a.balance, 0) || ', promised ' || coalesce(r.pay, 0) AS detail
FROM projects p
LEFT JOIN accounts a ON a.name = 'project:' || p.id || ':extra' AND a.currency = p.currency
LEFT JOIN (SELECT project, sum(pay) AS pay FROM redos WHERE state = 'asked' GROUP BY project) AS r ON r.project = p.id
WHERE coalesce(a.balance, 0) <> coalesce(r.pay, 0)""",
)
# An answer asked for once more: its pay was held once; done it was paid once, else it went back once.
REDOS_ARE_PAID_ONCE = Invariant(
    6,
    "an answer given once more is paid once",
    """
SELECT 'submission ' || coalesce(r.submission, m.submission) AS subject, coalesce(r.state, 'not asked for') || ': '
  || coalesce(m.held, 0) || ' held, ' || coalesce(m.paid, 0) || ' paid, ' || coalesce(m.back, 0)
  || ' returned' AS detail
FROM redos r FULL JOIN (
  SELECT submission, sum(CASE WHEN kind = 'extra' THEN amount ELSE 0 END) AS held,
    sum(CASE WHEN kind = 'redo' THEN amount ELSE 0 END) AS paid,
    sum(CASE WHEN kind = 'unextra' THEN amount ELSE 0 END) AS back
  FROM transfers WHERE kind IN ('extra', 'redo', 'unextra') AND submission IS NOT NULL GROUP BY submission
) AS m ON m.submission = r.submission
WHERE r.submission IS NULL OR coalesce(m.held, 0) <> r.pay
  OR coalesce(m.paid, 0) <> CASE WHEN r.state = 'done' THEN r.pay ELSE 0 END
  OR coalesce(m.back, 0) <> CASE WHEN r.state IN ('declined', 'late') THEN r.pay ELSE 0 END""",
)

TEST_MONEY_IS_HELD = Invariant(
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
ATTEMPTS_ARE_PAID_ONCE = Invariant(
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

INVARIANTS = (EXTRA_MONEY_IS_PROMISED, REDOS_ARE_PAID_ONCE, TEST_MONEY_IS_HELD, ATTEMPTS_ARE_PAID_ONCE)
