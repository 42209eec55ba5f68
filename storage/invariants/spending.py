"""Rule 18: a project takes no more of its requester's money than was stated before.

What answers, fees, top-ups and judges cost comes out of what was held, and no account goes below zero (rule 3): what is
spent never exceeds what was stated.
"""

from storage.invariants.invariant import Invariant

PROJECTS_COST_AS_STATED = Invariant(
    18,
    "no project takes more than its requester was told",
    """
SELECT 'project ' || h.project AS subject, 'took ' || h.amount || ' of its requester''s money, stated were '
  || coalesce(s.amount, 0) AS detail
FROM (
  SELECT t.project, sum(t.amount) AS amount FROM transfers t JOIN accounts d ON d.id = t.debit
  WHERE t.project IS NOT NULL AND t.kind IN ('launch', 'reserve', 'extra', 'stake') AND d.name LIKE 'requester:%'
  GROUP BY t.project
) AS h LEFT JOIN stated_costs s ON s.project = h.project WHERE h.amount > coalesce(s.amount, 0)""",
)

INVARIANTS = (PROJECTS_COST_AS_STATED,)
