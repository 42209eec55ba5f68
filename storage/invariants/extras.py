"""Rule 6 for what is promised beside a project's answers: held once, then earned once or given back once."""

from storage.invariants.invariant import Invariant

# A project's extra account equals what is promised from it, to the millionth.
EXTRA_IS_PROMISED = Invariant(
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
REDO_ONCE = Invariant(
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

INVARIANTS = (EXTRA_IS_PROMISED, REDO_ONCE)
