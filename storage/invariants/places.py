"""Rules 4 and 7: every place that is offered is funded, and no more are offered than were asked for.

A task's places are the answers received, the live assignments and the free openings. They are at least its overlap
while it is open (beside models' answers, where people are asked one by one, at least one more than was received), and
never more than its `largest`: the overlap, or with a wanted confidence `max_overlap`.
"""

from storage.invariants.invariant import Invariant

MAX_ANSWERS = """
CASE WHEN t.gold IS NULL AND p.confidence IS NOT NULL AND p.max_overlap > t.overlap THEN p.max_overlap
  ELSE t.overlap END"""
MIN_PLACES = f"""
CASE WHEN t.ai IS NULL OR t.gold IS NOT NULL OR p.confidence IS NULL THEN t.overlap
  WHEN t.received < {MAX_ANSWERS} THEN t.received + 1 ELSE {MAX_ANSWERS} END"""
SELECT_PLACES = f"""
SELECT t.id, t.project, p.currency, t.overlap, t.received, p.pay + p.fee AS cost, {MAX_ANSWERS} AS largest,
  {MIN_PLACES} AS least,
  coalesce(l.live, 0) AS live, CASE WHEN p.state = 'running' THEN coalesce(o.free, 0) ELSE 0 END AS free,
  CASE WHEN p.state = 'running' AND t.state = 'open' THEN 1 ELSE 0 END AS offered
FROM tasks t JOIN projects p ON p.id = t.project
LEFT JOIN (SELECT task, count(*) AS live FROM assignments WHERE state = 'active' GROUP BY task) AS l ON l.task = t.id
LEFT JOIN openings o ON o.task = t.id"""

# A budget covers every answer that can still be asked for, and every live assignment.
PLACES_ARE_FUNDED = Invariant(
    4,
    "every place is funded before it is offered",
    f"""
SELECT 'project ' || n.project AS subject, 'budget ' || coalesce(a.balance, 0) || ', needed ' || n.needed AS detail
FROM (
  SELECT project, currency,
    sum(cost * CASE WHEN offered = 1 AND largest - received > live + free THEN largest - received
      ELSE live + free END) AS needed
  FROM ({SELECT_PLACES}) AS places GROUP BY project, currency
) AS n LEFT JOIN accounts a ON a.name = 'project:' || n.project || ':budget' AND a.currency = n.currency
WHERE coalesce(a.balance, 0) < n.needed""",
)
# A task never gets more answers than were asked for.
NOT_MORE_PLACES_THAN_WANTED = Invariant(
    7,
    "no task has more places than were asked for",
    f"""
SELECT 'task ' || id AS subject, received || ' received, ' || live || ' live, ' || free || ' free; asked for '
  || largest AS detail
FROM ({SELECT_PLACES}) AS places WHERE received + live + free > largest""",
)
# A place that is neither answered, assigned nor free would leave its task open for ever.
NO_PLACE_IS_LOST = Invariant(
    7,
    "no place of an open task is lost",
    f"""
SELECT 'task ' || id AS subject, received || ' received, ' || live || ' live, ' || free || ' free; wanted '
  || least AS detail
FROM ({SELECT_PLACES}) AS places WHERE offered = 1 AND received + live + free < least""",
)
# An opening belongs to an open task of a running project; openings of one that has just ended are deleted in portions.
OPENINGS_HAVE_OPEN_TASKS = Invariant(
    7,
    "every opening leads to an open task",
    """
SELECT 'opening of task ' || o.task AS subject, 'task ' || coalesce(t.state, 'missing') || ', project '
  || coalesce(p.state, 'missing') AS detail
FROM openings o LEFT JOIN tasks t ON t.id = o.task LEFT JOIN projects p ON p.id = t.project
LEFT JOIN bulk_updates s ON s.project = p.id AND s.work = 'close'
WHERE coalesce(t.state, '') <> 'open' OR (coalesce(p.state, '') <> 'running' AND s.project IS NULL)
  OR t.project <> o.project OR (o.gold = 1) <> (t.gold IS NOT NULL) OR o.free < 1""",
)
# Task selection finds projects by their turn alone: one without it would be offered to nobody.
PROJECTS_HAVE_TURNS = Invariant(
    7,
    "every project with a place has its turn",
    """
SELECT 'project ' || p.id AS subject, 'has places, and no turn' AS detail
FROM projects p WHERE p.state = 'running' AND p.paused = ''
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0)
  AND NOT EXISTS (SELECT 1 FROM project_turns t WHERE t.project = p.id AND t.languages = p.languages)""",
)

INVARIANTS = (
    PLACES_ARE_FUNDED,
    NOT_MORE_PLACES_THAN_WANTED,
    NO_PLACE_IS_LOST,
    OPENINGS_HAVE_OPEN_TASKS,
    PROJECTS_HAVE_TURNS,
)
