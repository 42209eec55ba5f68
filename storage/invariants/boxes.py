"""Rule 9: every update ends, and every keyed message is written once."""

from domain.moments import DAY
from storage.invariants.invariant import LATEST_MOMENT, Invariant

MIN_UPDATE_RETENTION = 29 * DAY  # after which some may have been forgotten

# An update waits, or has ended at a moment; one that was given up has a reason.
UPDATES_END_WITH_REASON = Invariant(
    9,
    "every update waits or ends with a reason",
    """
SELECT 'update ' || update_id AS subject, state || coalesce(', ended at ' || ended_at, ', not ended')
  || coalesce(', ' || reason, ', no reason') AS detail
FROM inbox WHERE (state = 'waiting') <> (ended_at IS NULL) OR (state = 'dead' AND coalesce(reason, '') = '')""",
)
# Telegram may send an update several times.
UPDATES_ARE_STORED_ONCE = Invariant(
    9,
    "every update is known once",
    """
SELECT 'update ' || update_id AS subject, 'stored ' || count(*) || ' times' AS detail
FROM inbox GROUP BY update_id HAVING count(*) > 1""",
)
# Telegram forgets updates below the confirmed offset, so that a missing one is lost for good.
CONFIRMED_UPDATES_ARE_STORED = Invariant(
    9,
    "every update that was confirmed is in the inbox",
    f"""
SELECT 'updates ' || r.first_update || ' to ' || r.last_update AS subject, r.wanted || ' received, ' || r.found
  || ' in the inbox' AS detail
FROM (
  SELECT first_update, last_update, last_update - first_update + 1 AS wanted,
    (SELECT count(*) FROM inbox WHERE update_id BETWEEN first_update AND last_update) AS found
  FROM received_updates WHERE started_at > {LATEST_MOMENT} - {MIN_UPDATE_RETENTION}
) AS r WHERE r.wanted <> r.found""",
)
# A message with a key is written once, and one that has ended has a moment of its end.
KEYED_MESSAGES_ARE_WRITTEN_ONCE = Invariant(
    9,
    "every keyed message is said once",
    """
SELECT 'letter ' || max(id) AS subject, 'key ' || key || ' was said ' || count(*) || ' times' AS detail
FROM outbox WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1
UNION ALL
SELECT 'letter ' || id, state || coalesce(', ended at ' || ended_at, ', not ended')
FROM outbox WHERE (state = 'waiting') <> (ended_at IS NULL)""",
)

INVARIANTS = (
    UPDATES_END_WITH_REASON,
    UPDATES_ARE_STORED_ONCE,
    CONFIRMED_UPDATES_ARE_STORED,
    KEYED_MESSAGES_ARE_WRITTEN_ONCE,
)
