"""Rules 11 and 12: nothing adverse without reason, evidence, notice, appeal and end; no appeal open past its deadline.

The latest recorded moment stands for the present, so that a stopped bot misses no deadline. Sweeps, which run every few
seconds, have an hour."""

from domain.conduct.evidence import SUSPICIONS
from domain.moments import DAY, HOUR
from domain.quality.restrictions import DAYS
from storage.invariants.invariant import LATEST_MOMENT, Invariant

SWEEP_GRACE = HOUR
MIN_LETTER_RETENTION = 29 * DAY  # after which a letter may have been pruned
SUSPICIONS_SQL = ", ".join(f"'{suspicion}'" for suspicion in SUSPICIONS)

# A restriction has a reason, evidence, an end and a notice; an admin made the decisions that are an admin's.
RESTRICTIONS_HAVE_GROUNDS = Invariant(
    11,
    "every restriction has its grounds and its end",
    f"""
SELECT 'restriction ' || r.id AS subject, 'reason ' || r.reason || ', evidence ' || r.evidence || ', from '
  || r.imposed_at || ' to ' || r.ends_at || ', appeal until ' || r.appeal_until AS detail
FROM restrictions r
WHERE r.reason NOT IN ({SUSPICIONS_SQL}) OR r.evidence NOT LIKE '%"suspicion":"' || r.reason || '"%'
  OR r.ends_at - r.imposed_at > {max(DAYS) * DAY} OR r.appeal_until <= r.imposed_at
  OR (r.appeal = 'refused' AND r.decided_by IS NULL)""",
)
RESTRICTIONS_WERE_NOTIFIED = Invariant(
    11,
    "every restriction was told",
    f"""
SELECT 'restriction ' || r.id AS subject, 'no letter ' || r.notice AS detail
FROM restrictions r LEFT JOIN outbox o ON o.key = r.notice AND o.person = r.worker
WHERE o.id IS NULL AND r.imposed_at > {LATEST_MOMENT} - {MIN_LETTER_RETENTION}""",
)
# A worker is kept from tasks only by a restriction in force, and no longer than it.
EXCLUSIONS_HAVE_RESTRICTIONS = Invariant(
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
APPEALS_ARE_DECIDED = Invariant(
    12,
    "no appeal is open past its deadline",
    f"""
SELECT 'restriction ' || id AS subject, 'appealed, to be decided by ' || appeal_due AS detail
FROM restrictions WHERE appeal = 'open' AND appeal_due < {LATEST_MOMENT} - {SWEEP_GRACE}
UNION ALL
SELECT 'challenge ' || id, 'of task ' || task || ', to be decided by ' || due_at
FROM gold_challenges WHERE state = 'open' AND due_at < {LATEST_MOMENT} - {SWEEP_GRACE}""",
)

# A restriction that the bot imposed ends in time unless an admin confirms it.
RESTRICTIONS_ARE_CONFIRMED = Invariant(
    12,
    "no restriction stands unconfirmed past its deadline",
    f"""
SELECT 'restriction ' || id AS subject, 'to be confirmed by ' || confirm_by AS detail
FROM restrictions WHERE state = 'standing' AND decided_by IS NULL AND confirm_by < {LATEST_MOMENT} - {SWEEP_GRACE}""",
)

# A person is suspended exactly while a stop by an admin is in force.
SUSPENSIONS_HAVE_STOPS = Invariant(
    11,
    "nobody is suspended without a stop in force",
    """
SELECT 'person ' || p.id AS subject, 'suspended ' || p.suspended || ', stops in force ' || count(s.id) AS detail
FROM people p LEFT JOIN stops s ON s.person = p.id AND s.project IS NULL AND s.state <> 'lifted'
WHERE p.erased_at IS NULL AND (p.suspended = 1 OR s.id IS NOT NULL)
GROUP BY p.id, p.suspended HAVING p.suspended <> count(s.id)""",
)
STOP_APPEALS_ARE_DECIDED = Invariant(
    12,
    "no appeal against a stop is open past its deadline",
    f"""
SELECT 'stop ' || id AS subject, 'appealed, to be answered by ' || due_at AS detail
FROM stops WHERE state = 'appealed' AND due_at < {LATEST_MOMENT} - {SWEEP_GRACE}""",
)

INVARIANTS = (
    RESTRICTIONS_HAVE_GROUNDS,
    RESTRICTIONS_WERE_NOTIFIED,
    EXCLUSIONS_HAVE_RESTRICTIONS,
    APPEALS_ARE_DECIDED,
    RESTRICTIONS_ARE_CONFIRMED,
    SUSPENSIONS_HAVE_STOPS,
    STOP_APPEALS_ARE_DECIDED,
)
