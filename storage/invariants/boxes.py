"""Rule 9: every update ends, and every keyed message is written once."""

from domain.moments import DAY
from storage.invariants.invariant import LATEST, Invariant

UPDATES_KEPT = 29 * DAY  # after which some may have been forgotten

# Waiting, or ended at a moment; given up only with a reason.
ENDED = Invariant(
    9,
    "every update waits or ends with a reason",
    """
SELECT 'update ' || update_id AS subject, state || coalesce(', ended at ' || ended_at, ', not ended')
  || coalesce(', ' || reason, ', no reason') AS detail
FROM inbox WHERE (state = 'waiting') <> (ended_at IS NULL) OR (state = 'dead' AND coalesce(reason, '') = '')""",
)
# Stored once, however often Telegram repeats it.
KNOWN_ONCE = Invariant(
    9,
    "every update is known once",
    """
SELECT 'update ' || update_id AS subject, 'stored ' || count(*) || ' times' AS detail
FROM inbox GROUP BY update_id HAVING count(*) > 1""",
)
# Telegram has forgotten what is below the confirmed offset: it is here, while it is kept.
RECEIVED = Invariant(
    9,
    "every update that was confirmed is in the inbox",
    f"""
SELECT 'updates ' || r.first_update || ' to ' || r.last_update AS subject, r.wanted || ' received, ' || r.found
  || ' in the inbox' AS detail
FROM (
  SELECT first_update, last_update, last_update - first_update + 1 AS wanted,
    (SELECT count(*) FROM inbox WHERE update_id BETWEEN first_update AND last_update) AS found
  FROM received_updates WHERE started_at > {LATEST} - {UPDATES_KEPT}
) AS r WHERE r.wanted <> r.found""",
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

INVARIANTS = (ENDED, KNOWN_ONCE, RECEIVED, SAID_ONCE)
