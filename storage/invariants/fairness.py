"""Rules 11 and 12: nothing adverse without reason, evidence, notice, appeal and end; no appeal open past its deadline.

The latest recorded moment stands for the present: a stopped bot misses no deadline. Sweeps, which run every few
seconds, have an hour.
"""

from domain.conduct.evidence import SUSPICIONS
from domain.moments import DAY, HOUR
from domain.quality.restrictions import DAYS
from storage.invariants.invariant import LATEST, Invariant

GRACE = HOUR
LETTERS_KEPT = 29 * DAY  # after which a letter may have been pruned
KNOWN = ", ".join(f"'{suspicion}'" for suspicion in SUSPICIONS)

# A restriction says why, shows what it rests on, ends, and was told; an admin decided what an admin must.
GROUNDED = Invariant(
    11,
    "every restriction has its grounds and its end",
    f"""
SELECT 'restriction ' || r.id AS subject, 'reason ' || r.reason || ', evidence ' || r.evidence || ', from '
  || r.imposed_at || ' to ' || r.ends_at || ', appeal until ' || r.appeal_until AS detail
FROM restrictions r
WHERE r.reason NOT IN ({KNOWN}) OR r.evidence NOT LIKE '%"suspicion":"' || r.reason || '"%'
  OR r.ends_at - r.imposed_at > {max(DAYS) * DAY} OR r.appeal_until <= r.imposed_at
  OR (r.appeal = 'refused' AND r.decided_by IS NULL)""",
)
TOLD = Invariant(
    11,
    "every restriction was told",
    f"""
SELECT 'restriction ' || r.id AS subject, 'no letter ' || r.notice AS detail
FROM restrictions r LEFT JOIN outbox o ON o.key = r.notice AND o.person = r.worker
WHERE o.id IS NULL AND r.imposed_at > {LATEST} - {LETTERS_KEPT}""",
)
# A worker is kept from tasks only by a restriction in force, and no longer than it.
KEPT_OUT = Invariant(
    11,
    "nobody is kept out without a restriction",
    """
SELECT 'worker ' || e.worker AS subject,
  'kept out of project ' || e.project || ' until ' || e.restricted_until AS detail
FROM enrolments e
LEFT JOIN restrictions r ON r.worker = e.worker AND r.project = e.project AND r.state = 'standing'
  AND r.ends_at = e.restricted_until
WHERE e.restricted_until IS NOT NULL AND r.id IS NULL""",
)
ANSWERED = Invariant(
    12,
    "no appeal is open past its deadline",
    f"""
SELECT 'restriction ' || id AS subject, 'appealed, to be decided by ' || appeal_due AS detail
FROM restrictions WHERE appeal = 'open' AND appeal_due < {LATEST} - {GRACE}
UNION ALL
SELECT 'challenge ' || id, 'of task ' || task || ', to be decided by ' || due_at
FROM gold_challenges WHERE state = 'open' AND due_at < {LATEST} - {GRACE}""",
)

# A machine's restriction without a human's word ends in time.
CONFIRMED = Invariant(
    12,
    "no restriction stands unconfirmed past its deadline",
    f"""
SELECT 'restriction ' || id AS subject, 'to be confirmed by ' || confirm_by AS detail
FROM restrictions WHERE state = 'standing' AND decided_by IS NULL AND confirm_by < {LATEST} - {GRACE}""",
)

# Whom a human stopped is kept out; nobody else is.
SUSPENDED = Invariant(
    11,
    "nobody is suspended without a stop in force",
    """
SELECT 'person ' || p.id AS subject, 'suspended ' || p.suspended || ', stops in force ' || count(s.id) AS detail
FROM people p LEFT JOIN stops s ON s.person = p.id AND s.project IS NULL AND s.state <> 'lifted'
WHERE p.erased_at IS NULL AND (p.suspended = 1 OR s.id IS NOT NULL)
GROUP BY p.id, p.suspended HAVING p.suspended <> count(s.id)""",
)
STOP_ANSWERED = Invariant(
    12,
    "no appeal against a stop is open past its deadline",
    f"""
SELECT 'stop ' || id AS subject, 'appealed, to be answered by ' || due_at AS detail
FROM stops WHERE state = 'appealed' AND due_at < {LATEST} - {GRACE}""",
)

INVARIANTS = (GROUNDED, TOLD, KEPT_OUT, ANSWERED, CONFIRMED, SUSPENDED, STOP_ANSWERED)
