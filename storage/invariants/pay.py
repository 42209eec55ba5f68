"""Rules 5 and 6: every submission is credited once, and held pay is resolved once."""

from storage.invariants.invariant import Invariant

# The reward: the project's pay of that moment, from its budget, to the worker, under the submission's key.
SUBMISSIONS_HAVE_REWARDS = Invariant(
    5,
    "every submission has its reward",
    """
SELECT 'submission ' || s.id AS subject, CASE WHEN t.id IS NULL THEN 'no reward of ' || s.pay || ' under its key'
  ELSE 'paid from ' || d.name || ' to ' || c.name END AS detail
FROM submissions s JOIN projects p ON p.id = s.project JOIN people w ON w.id = s.worker
LEFT JOIN transfers t ON t.key = 'answer:' || s.id AND t.kind = 'reward' AND t.submission = s.id
  AND t.amount = s.pay AND t.currency = p.currency
LEFT JOIN accounts d ON d.id = t.debit LEFT JOIN accounts c ON c.id = t.credit
WHERE t.id IS NULL OR d.name <> 'project:' || s.project || ':budget' OR c.name NOT LIKE 'worker:%' OR c.name NOT IN (
  'worker:' || w.telegram_id || ':available', 'worker:' || w.telegram_id || ':pending')""",
)
# The platform's fee of each submission, where the project has one.
SUBMISSIONS_HAVE_FEES = Invariant(
    5,
    "every submission has its fee",
    """
SELECT 'submission ' || s.id AS subject, 'no fee of ' || s.fee || ' under its key' AS detail
FROM submissions s JOIN projects p ON p.id = s.project
LEFT JOIN transfers t ON t.key = 'fee:' || s.id AND t.kind = 'fee' AND t.submission = s.id
  AND t.amount = s.fee AND t.currency = p.currency
WHERE s.fee > 0 AND t.id IS NULL""",
)
# The balance of the ledger would not reveal a second payment, which has two entries, too.
SUBMISSIONS_ARE_PAID_ONCE = Invariant(
    5,
    "no submission is paid twice",
    """
SELECT 'submission ' || coalesce(CAST(t.submission AS TEXT), 'none') AS subject,
  count(DISTINCT t.id) || ' transfers of kind ' || t.kind || ', the last is ' || max(t.id) AS detail
FROM transfers t LEFT JOIN submissions s ON s.id = t.submission LEFT JOIN projects p ON p.id = s.project
WHERE t.kind IN ('reward', 'fee')
GROUP BY t.submission, t.kind
HAVING count(DISTINCT t.id) > 1 OR max(s.id) IS NULL OR (t.kind = 'fee' AND max(s.fee) = 0)""",
)
# A correction mirrors the transfer it names, and each is corrected once.
REVERSALS_MIRROR_ONE_TRANSFER = Invariant(
    5,
    "every reversal mirrors one transfer",
    """
SELECT 'transfer ' || t.id AS subject, 'does not mirror transfer ' || t.reverses || ', or is not its only one' AS detail
FROM transfers t LEFT JOIN transfers o ON o.id = t.reverses
WHERE t.reverses IS NOT NULL AND (o.id IS NULL OR o.debit <> t.credit OR o.credit <> t.debit OR o.amount <> t.amount
  OR EXISTS (SELECT 1 FROM transfers other WHERE other.reverses = t.reverses AND other.id < t.id))""",
)
# Pending pay is released or rejected once after its hold has ended, and not at all before.
HELD_PAY_IS_RESOLVED_ONCE = Invariant(
    6,
    "held pay is resolved once",
    """
SELECT 'submission ' || s.id AS subject, coalesce(r.times, 0) || ' times resolved, paid to ' || c.name
  || CASE WHEN s.held_until IS NULL THEN ', not held' ELSE ', held' END AS detail
FROM submissions s JOIN transfers t ON t.key = 'answer:' || s.id JOIN accounts c ON c.id = t.credit
LEFT JOIN (
  SELECT submission, count(*) AS times FROM transfers WHERE kind IN ('release', 'reject') GROUP BY submission
) AS r ON r.submission = s.id
WHERE coalesce(r.times, 0) <> CASE WHEN c.name LIKE '%:pending' AND s.held_until IS NULL THEN 1 ELSE 0 END
  OR (s.held_until IS NOT NULL AND c.name NOT LIKE '%:pending') OR (s.state = 'submitted' AND s.held_until IS NULL)""",
)
# A worker's pending balance equals the pay of held submissions, to the millionth.
PENDING_IS_HELD = Invariant(
    6,
    "pending is what is held",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ' ' || a.currency || ', held ' || coalesce(h.held, 0)
  AS detail
FROM people w JOIN accounts a ON a.name = 'worker:' || w.telegram_id || ':pending'
LEFT JOIN (
  SELECT s.worker, p.currency, sum(s.pay) AS held FROM submissions s JOIN projects p ON p.id = s.project
  WHERE s.held_until IS NOT NULL GROUP BY s.worker, p.currency
) AS h ON h.worker = w.id AND h.currency = a.currency
WHERE a.balance <> coalesce(h.held, 0)""",
)

# An answer's pay equals the project's pay when it was given; pay changes by raises only.
PAY_IS_AS_PROMISED = Invariant(
    5,
    "every answer was paid what was promised then",
    """
SELECT 'submission ' || f.id AS subject, 'paid ' || f.pay || ' and ' || f.fee || ', promised ' || f.promised || ' and '
  || f.promised_fee AS detail
FROM (
  SELECT s.id, s.pay, s.fee, coalesce(r.pay_before, p.pay) AS promised, coalesce(r.fee_before, p.fee) AS promised_fee
  FROM submissions s JOIN projects p ON p.id = s.project
  LEFT JOIN pay_raises r ON r.project = s.project AND r.number = (
    SELECT min(x.number) FROM pay_raises x WHERE x.project = s.project AND x.after_submission >= s.id)
) AS f WHERE f.pay <> f.promised OR f.fee <> f.promised_fee""",
)

# Money that a leaving worker gave up goes to the requester who had paid it, or to the fees if they have left, too.
WAIVED_PAY_WENT_BACK = Invariant(
    6,
    "pay that was given up is with who had paid it",
    """
SELECT 'transfer ' || t.id AS subject, t.amount || ' from ' || d.name || ' to ' || c.name AS detail
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
LEFT JOIN projects p ON p.id = t.project LEFT JOIN people r ON r.id = p.requester
WHERE t.kind = 'waived' AND NOT (d.name LIKE 'worker:%:available' AND CASE
  WHEN p.id IS NULL THEN c.name LIKE 'requester:%:available' OR c.name = 'platform:fees'
  WHEN c.name LIKE 'platform:fees:%'
    THEN r.telegram_id IS NULL OR EXISTS (SELECT 1 FROM teams m WHERE m.id = r.id AND m.closed_at IS NOT NULL)
  ELSE c.name = 'requester:' || coalesce(CAST(r.telegram_id AS TEXT), 'erased-' || r.id) || ':available' END)""",
)

# By project, or by requester for payments beside projects. Money of a failed payout was the worker's before.
WAIVED_PAY_WAS_PAID = Invariant(
    6,
    "no more is given up to a requester than they had paid",
    """
SELECT 'account ' || a.name AS subject, g.given_up || ' given up of ' || g.paid
  || CASE WHEN g.project = 0 THEN ' from account ' || g.payer ELSE ' of project ' || g.project END AS detail
FROM (
  SELECT w.worker, w.project, w.payer, w.given_up, coalesce((
    SELECT sum(e.amount) FROM entries e JOIN transfers t ON t.id = e.transfer
    WHERE e.account = w.worker AND e.amount > 0 AND t.kind NOT IN ('unpaid', 'unwithhold')
      AND coalesce(t.project, 0) = w.project AND (w.project <> 0 OR t.debit = w.payer)), 0) AS paid
  FROM (
    SELECT t.debit AS worker, coalesce(t.project, 0) AS project,
      CASE WHEN t.project IS NULL THEN t.credit ELSE 0 END AS payer, sum(t.amount) AS given_up
    FROM transfers t JOIN accounts c ON c.id = t.credit
    WHERE t.kind = 'waived' AND (t.project IS NOT NULL OR c.name LIKE 'requester:%') GROUP BY 1, 2, 3
  ) AS w
) AS g JOIN accounts a ON a.id = g.worker WHERE g.given_up > g.paid""",
)

INVARIANTS = (
    *(
        SUBMISSIONS_HAVE_REWARDS,
        SUBMISSIONS_HAVE_FEES,
        PAY_IS_AS_PROMISED,
        SUBMISSIONS_ARE_PAID_ONCE,
        REVERSALS_MIRROR_ONE_TRANSFER,
        HELD_PAY_IS_RESOLVED_ONCE,
        PENDING_IS_HELD,
    ),
    *(WAIVED_PAY_WENT_BACK, WAIVED_PAY_WAS_PAID),
)
