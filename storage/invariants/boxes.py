"""Rule 9: what came in has an end, and what it brought about went out once."""

from storage.invariants.invariant import Invariant

# Waiting, or ended at a moment; given up only with a reason.
ENDED = Invariant(
    9,
    "every update waits or ends with a reason",
    """
SELECT 'update ' || update_id AS subject, state || coalesce(', ended at ' || ended_at, ', not ended')
  || coalesce(', ' || reason, ', no reason') AS detail
FROM inbox WHERE (state = 'waiting') <> (ended_at IS NULL) OR (state = 'dead' AND coalesce(reason, '') = '')""",
)
# Known once, whatever Telegram repeats.
KNOWN_ONCE = Invariant(
    9,
    "every update is known once",
    """
SELECT 'update ' || update_id AS subject, 'stored ' || count(*) || ' times' AS detail
FROM inbox GROUP BY update_id HAVING count(*) > 1""",
)
# A message with a key is said once, and one that ended says when.
SAID_ONCE = Invariant(
    9,
    "every keyed message is said once",
    """
SELECT 'letter ' || max(id) AS subject, 'key ' || key || ' was said ' || count(*) || ' times' AS detail
FROM outbox WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1
UNION ALL
SELECT 'letter ' || id, state || coalesce(', ended at ' || ended_at, ', not ended')
FROM outbox WHERE (state = 'waiting') <> (ended_at IS NULL)""",
)

INVARIANTS = (ENDED, KNOWN_ONCE, SAID_ONCE)
