"""Rule 16 for ratings: the kept sums are those of the ratings, and no figure is shown of fewer than SHOWN_FROM."""

from domain.fairness.ratings import AXES, LEAST_TASKS, SHOWN_FROM
from storage.invariants.invariant import Invariant

_SUMS = ", ".join(f"coalesce(sum(r.{axis}), 0) AS {axis}" for axis in AXES)
_DIFFER = " OR ".join(f"s.{axis} <> found.{axis}" for axis in AXES)
_SHOWN_DIFFER = " OR ".join(f"shown_{axis} <> {axis}" for axis in ("ratings", *AXES)).replace("shown_ratings", "shown")
_OUT_OF_RANGE = " OR ".join(f"shown_{axis} < shown OR shown_{axis} > 5 * shown" for axis in AXES)

SUMS_ARE_OF_RATINGS = Invariant(
    16,
    "the sums of ratings are those of the ratings",
    f"""
SELECT 'requester ' || s.requester AS subject,
  s.ratings || ' ratings are counted, there are ' || found.ratings AS detail
FROM rating_sums s JOIN (
  SELECT m.requester, count(r.worker) AS ratings, {_SUMS}
  FROM rating_sums m LEFT JOIN ratings r ON r.requester = m.requester GROUP BY m.requester) AS found
  ON found.requester = s.requester WHERE s.ratings <> found.ratings OR {_DIFFER}
UNION ALL
SELECT 'requester ' || r.requester, 'rated without sums' FROM ratings r
WHERE NOT EXISTS (SELECT 1 FROM rating_sums s WHERE s.requester = r.requester)
UNION ALL
SELECT 'requester ' || requester, shown || ' ratings are shown, of which not all can be' FROM rating_sums
WHERE shown > 0 AND (shown < {SHOWN_FROM} OR {_OUT_OF_RANGE})
  OR shown <> gone + (SELECT count(*) FROM ratings c WHERE c.requester = rating_sums.requester AND c.counted = 1)
  OR (shown > 0 AND gone = 0 AND ({_SHOWN_DIFFER})
    AND NOT EXISTS (SELECT 1 FROM ratings c WHERE c.requester = rating_sums.requester AND c.changed = 1))""",
)
RATERS_DID_ENOUGH_TASKS = Invariant(
    16,
    "only who did enough tasks rates",
    f"""
SELECT 'worker ' || r.worker AS subject, 'rated requester ' || r.requester AS detail FROM ratings r
WHERE {LEAST_TASKS} > (SELECT coalesce(sum(e.answered), 0) FROM enrolments e JOIN projects p ON p.id = e.project
  WHERE e.worker = r.worker AND p.requester = r.requester)""",
)

INVARIANTS = (SUMS_ARE_OF_RATINGS, RATERS_DID_ENOUGH_TASKS)
