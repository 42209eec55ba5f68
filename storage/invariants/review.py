"""Rules 6, 11 and 12 for rejections: disputed pay ends once, each rejection has its grounds, no appeal waits past a
deadline.
"""

from domain.fairness.appeals import JUDGES, MAX_REFUND_PERCENT
from domain.fairness.review import APPEAL_WINDOW, MIN_REASON_CHARS
from storage.invariants.fairness import MIN_LETTER_RETENTION, SWEEP_GRACE
from storage.invariants.invariant import LATEST_MOMENT, Invariant

# The pay of a rejected answer left pending once; once decided it left again, to the worker or to the requester.
DISPUTED_PAY_IS_RESOLVED_ONCE = Invariant(
    6,
    "disputed pay is resolved once",
    """
SELECT 'submission ' || s.id AS subject, 'is ' || s.state || ', its rejection ' || coalesce(r.state, 'missing') || ': '
  || coalesce(m.taken, 0) || ' times set aside, ' || coalesce(m.won, 0) || ' times given, ' || coalesce(m.lost, 0)
  || ' times returned' AS detail
FROM submissions s LEFT JOIN rejections r ON r.submission = s.id
LEFT JOIN (
  SELECT submission, count(*) FILTER (WHERE kind = 'reject') AS taken, count(*) FILTER (WHERE kind = 'appeal') AS won,
    count(*) FILTER (WHERE kind = 'forfeit') AS lost FROM transfers
  WHERE kind IN ('reject', 'appeal', 'forfeit') AND submission IS NOT NULL GROUP BY submission
) AS m ON m.submission = s.id
WHERE (s.state = 'rejected' OR r.submission IS NOT NULL OR m.submission IS NOT NULL) AND (
  r.submission IS NULL OR (s.state = 'rejected') <> (r.state <> 'overturned') OR coalesce(m.taken, 0) <> 1
  OR coalesce(m.won, 0) <> CASE WHEN r.state = 'overturned' THEN 1 ELSE 0 END
  OR coalesce(m.lost, 0) <> CASE WHEN r.state = 'final' THEN 1 ELSE 0 END)""",
)
# A project's disputed account equals the pay of its disputed submissions, to the millionth.
DISPUTED_PAY_IS_HELD = Invariant(
    6,
    "disputed money is what is disputed",
    """
SELECT 'project ' || p.id AS subject, 'disputed ' || coalesce(a.balance, 0) || ', rejected and not final '
  || coalesce(h.held, 0) AS detail
FROM projects p
LEFT JOIN accounts a ON a.name = 'project:' || p.id || ':disputed' AND a.currency = p.currency
LEFT JOIN (
  SELECT r.project, sum(s.pay) AS held FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.state IN ('standing', 'appealed') GROUP BY r.project
) AS h ON h.project = p.id
WHERE coalesce(a.balance, 0) <> coalesce(h.held, 0)""",
)
# The judges' account holds what was set aside for each undecided rejection, less what judges have earned.
JUDGES_ARE_FUNDED = Invariant(
    6,
    "judges' money is what judges may earn",
    f"""
SELECT 'currency ' || c.currency AS subject, 'set aside ' || coalesce(a.balance, 0) || ', promised '
  || coalesce(n.promised, 0) AS detail
FROM (SELECT DISTINCT currency FROM accounts) AS c
LEFT JOIN accounts a ON a.name = 'platform:judges' AND a.currency = c.currency
LEFT JOIN (
  SELECT p.currency, sum(CASE WHEN r.staked > 0 THEN r.staked WHEN coalesce(x.funded, 0) = 1 THEN {JUDGES} * s.pay
    ELSE 0 END - s.pay * coalesce(g.given, 0)) AS promised
  FROM rejections r JOIN submissions s ON s.id = r.submission JOIN projects p ON p.id = s.project
  LEFT JOIN appeals x ON x.submission = r.submission
  LEFT JOIN (SELECT appeal, count(*) AS given FROM judgements WHERE state = 'given' GROUP BY appeal) AS g
    ON g.appeal = x.id
  WHERE r.state IN ('standing', 'appealed') GROUP BY p.currency
) AS n ON n.currency = c.currency
WHERE coalesce(a.balance, 0) <> coalesce(n.promised, 0)""",
)
# Three judges' pay is held from the rejecting requester; after the decision it belongs to the judges or the
# requester.
REJECTIONS_HOLD_JUDGES_PAY = Invariant(
    6,
    "a rejection holds its judges' pay",
    f"""
SELECT 'submission ' || r.submission AS subject, 'is to hold ' || r.staked || ': ' || coalesce(m.held, 0) || ' held, '
  || coalesce(m.earned, 0) || ' earned, ' || coalesce(m.back, 0) || ' returned, ' || r.state AS detail
FROM rejections r JOIN submissions s ON s.id = r.submission LEFT JOIN (
  SELECT submission, sum(CASE WHEN kind = 'stake' THEN amount ELSE 0 END) AS held,
    sum(CASE WHEN kind = 'judge' THEN amount ELSE 0 END) AS earned,
    sum(CASE WHEN kind = 'unstake' THEN amount ELSE 0 END) AS back
  FROM transfers WHERE kind IN ('stake', 'judge', 'unstake') AND submission IS NOT NULL GROUP BY submission
) AS m ON m.submission = r.submission
WHERE (r.staked > 0 AND r.staked <> {JUDGES} * s.pay) OR coalesce(m.held, 0) <> r.staked
  OR r.staked > 0 AND coalesce(m.back, 0) <>
    CASE WHEN r.state IN ('standing', 'appealed') THEN 0 ELSE r.staked - coalesce(m.earned, 0) END""",
)
# A requester who was right gets back what the judges cost, up to a share of that requester's own fees.
COSTS_STAY_WITHIN_SHARE = Invariant(
    6,
    "fees give back no more for judges than their share",
    f"""
SELECT 'appeal ' || x.id AS subject, x.state || ', ' || x.given_back || ' given back, ' || coalesce(t.amount, 0)
  || ' moved, judges earned ' || coalesce(g.given, 0) * s.pay AS detail
FROM appeals x JOIN submissions s ON s.id = x.submission LEFT JOIN transfers t ON t.key = 'costs:' || x.submission
LEFT JOIN (SELECT appeal, count(*) AS given FROM judgements WHERE state = 'given' GROUP BY appeal) AS g
  ON g.appeal = x.id
WHERE x.given_back <> coalesce(t.amount, 0)
  OR x.given_back > CASE WHEN x.state = 'lost' THEN coalesce(g.given, 0) * s.pay ELSE 0 END
UNION ALL
SELECT 'requester ' || b.requester, b.given_back || ' of ' || f.fees || ' in fees was given back'
FROM (
  SELECT p.requester, p.currency, sum(x.given_back) AS given_back FROM appeals x
  JOIN submissions s ON s.id = x.submission JOIN projects p ON p.id = s.project
  WHERE x.given_back > 0 GROUP BY p.requester, p.currency
) AS b JOIN (
  SELECT p.requester, p.currency, sum(CASE WHEN s.state = 'accepted' AND s.held_until IS NULL THEN s.fee ELSE 0 END)
    AS fees FROM submissions s JOIN projects p ON p.id = s.project GROUP BY p.requester, p.currency
) AS f ON f.requester = b.requester AND f.currency = b.currency
WHERE 100 * b.given_back > {MAX_REFUND_PERCENT} * f.fees""",
)
# Never more judges than there are places; each judge who decided was paid once, and no one else.
JUDGEMENTS_ARE_PAID_ONCE = Invariant(
    6,
    "every judgement is paid once",
    f"""
SELECT 'appeal ' || j.appeal AS subject, 'judge ' || j.worker || ' has no pay under their key' AS detail
FROM judgements j LEFT JOIN transfers t ON t.key = 'judge:' || j.appeal || ':' || j.worker AND t.kind = 'judge'
WHERE j.state = 'given' AND t.id IS NULL
UNION ALL
SELECT 'transfer ' || t.id, 'pays a judge who did not judge: ' || t.key
FROM transfers t WHERE t.kind = 'judge'
  AND t.key NOT IN (SELECT 'judge:' || appeal || ':' || worker FROM judgements WHERE state = 'given')
UNION ALL
SELECT 'appeal ' || x.id, coalesce(g.busy, 0) || ' judges and ' || x.places || ' places' FROM appeals x
LEFT JOIN (SELECT appeal, count(*) AS busy FROM judgements WHERE state IN ('active', 'given') GROUP BY appeal) AS g
  ON g.appeal = x.id
WHERE coalesce(g.busy, 0) + x.places > {JUDGES} OR (x.funded = 0 AND coalesce(g.busy, 0) + x.places > 0)""",
)
# Only people who were drawn judge, and none who is the worker or the requester or shares a bank account with one.
JUDGES_ARE_NO_PARTY = Invariant(
    11,
    "no judge is a party",
    """
SELECT 'appeal ' || j.appeal AS subject, 'judge ' || j.worker || ' is its worker or its requester, or paid with one'
  AS detail
FROM judgements j JOIN appeals x ON x.id = j.appeal JOIN submissions s ON s.id = x.submission
JOIN projects p ON p.id = s.project WHERE j.worker IN (s.worker, p.requester) OR EXISTS (
  SELECT 1 FROM payee_mates m WHERE m.person = j.worker AND m.mate IN (s.worker, p.requester)
    AND (m.known_at < j.offered_at OR m.known_at < j.decided_at)
    AND EXISTS (SELECT 1 FROM rejections r WHERE r.submission = x.submission AND r.staked > 0))
UNION ALL
SELECT 'appeal ' || j.appeal, 'judge ' || j.worker || ' was not drawn' FROM judgements j
LEFT JOIN juries y ON y.appeal = j.appeal AND y.worker = j.worker AND y.called = 1 WHERE y.appeal IS NULL""",
)
# Only people decide against the worker: two of three judges, or an admin; a missed deadline never does.
APPEALS_ARE_LOST_BY_PEOPLE = Invariant(
    11,
    "no appeal is lost without people",
    f"""
SELECT 'appeal ' || x.id AS subject, coalesce(g.against, 0) || ' judges against its worker, and no admin' AS detail
FROM appeals x LEFT JOIN (
  SELECT appeal, count(*) AS against FROM judgements WHERE verdict = 'requester' GROUP BY appeal
) AS g ON g.appeal = x.id
WHERE x.state = 'lost' AND x.ruled_by IS NULL AND 2 * coalesce(g.against, 0) <= {JUDGES}""",
)
# A rejection cites a line in its words, gives a reason, was decided by the requester, and can be appealed for days.
REJECTIONS_HAVE_GROUNDS = Invariant(
    11,
    "every rejection cites, reasons and can be appealed",
    f"""
SELECT 'submission ' || r.submission AS subject, 'line ' || r.line || ' “' || r.clause || '”, reason “' || r.reason
  || '”, by ' || r.rejected_by || ', appeal until ' || r.appeal_until AS detail
FROM rejections r JOIN projects p ON p.id = r.project
WHERE length(trim(r.clause)) = 0 OR length(trim(r.reason)) < {MIN_REASON_CHARS} OR r.rejected_by <> p.requester
  OR r.appeal_until - r.rejected_at < {APPEAL_WINDOW}""",
)
REJECTIONS_WERE_NOTIFIED = Invariant(
    11,
    "every rejection was told",
    f"""
SELECT 'submission ' || r.submission AS subject, 'no letter ' || r.notice AS detail
FROM rejections r JOIN submissions s ON s.id = r.submission
LEFT JOIN outbox o ON o.key = r.notice AND o.person = s.worker
WHERE o.id IS NULL AND r.rejected_at > {LATEST_MOMENT} - {MIN_LETTER_RETENTION}""",
)
REJECTIONS_MEET_DEADLINES = Invariant(
    12,
    "no rejection waits past its deadline",
    f"""
SELECT 'appeal ' || id AS subject, 'open, to be granted by ' || due_at AS detail
FROM appeals WHERE state = 'open' AND due_at < {LATEST_MOMENT} - {SWEEP_GRACE}
UNION ALL
SELECT 'submission ' || submission, 'rejected, to be appealed until ' || appeal_until
FROM rejections WHERE state = 'standing' AND appeal_until < {LATEST_MOMENT} - {SWEEP_GRACE}
UNION ALL
SELECT 'submission ' || r.submission, 'is ' || r.state || ', its appeal ' || coalesce(x.state, 'missing')
FROM rejections r LEFT JOIN appeals x ON x.submission = r.submission
WHERE (r.state = 'appealed') <> (coalesce(x.state, '') = 'open')""",
)

# Each edit of the instructions is stored; a task and its answer have the version that the worker read.
VERSIONS_ARE_STORED = Invariant(
    11,
    "each version of a project's instructions is kept",
    """
SELECT 'project ' || p.id AS subject, 'version ' || p.version || ' with ' || count(v.number) || ' kept' AS detail
FROM projects p LEFT JOIN project_versions v ON v.project = p.id
GROUP BY p.id, p.version HAVING count(v.number) <> CASE WHEN p.version = 1 THEN 0 ELSE p.version END
UNION ALL
SELECT 'project ' || p.id, 'workers read something else than its newest version' FROM projects p
JOIN project_versions v ON v.project = p.id AND v.number = p.version
WHERE v.title <> p.title OR v.instructions <> p.instructions OR v.pictures <> p.pictures OR v.examples <> p.examples""",
)
ANSWERS_NAME_VERSIONS = Invariant(
    11,
    "an answer names the version of its task",
    """
SELECT 'submission ' || s.id AS subject, 'version ' || s.version || ', its task ' || a.version AS detail
FROM submissions s JOIN assignments a ON a.id = s.assignment JOIN projects p ON p.id = s.project
WHERE s.version <> a.version OR a.version < 1 OR a.version > p.version""",
)

INVARIANTS = (
    DISPUTED_PAY_IS_RESOLVED_ONCE,
    DISPUTED_PAY_IS_HELD,
    JUDGES_ARE_FUNDED,
    REJECTIONS_HOLD_JUDGES_PAY,
    COSTS_STAY_WITHIN_SHARE,
    JUDGEMENTS_ARE_PAID_ONCE,
    JUDGES_ARE_NO_PARTY,
    APPEALS_ARE_LOST_BY_PEOPLE,
    REJECTIONS_HAVE_GROUNDS,
    REJECTIONS_WERE_NOTIFIED,
    REJECTIONS_MEET_DEADLINES,
    VERSIONS_ARE_STORED,
    ANSWERS_NAME_VERSIONS,
)
