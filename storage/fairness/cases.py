"""The queue of cases that wait for an admin's decision: one query over the tables of all workflows."""

from domain.fairness.board import HOUSE
from domain.fairness.cases import CaseKind, CaseRow
from domain.moments import DECISION_TIME, Moment
from domain.people.role_requests import MAX_SHOWN_REQUESTS
from storage.drivers.connection import Connection

# One row a case: kind, number, title of its project, its requester, the admin who decided before (they are involved and
# leave it to another admin), the worker whom it concerns, and the deadline. Cases without a deadline of their own are
# due DECISION_TIME after they came, so that no case is always last. All payouts are one case, whose number counts them.
# Anybody may ask for a role: more than some of these requests are left out, lest they displace other cases.
SELECT_WAITING_CASES = """
SELECT kind, number, title, requester, decider, worker, due FROM (
  SELECT 'look' AS kind, f.project AS number, p.title AS title, p.requester AS requester, f.ended_by AS decider,
    CAST(NULL AS BIGINT) AS worker, f.asked_at + :usual AS due
  FROM first_looks f JOIN projects p ON p.id = f.project
  WHERE f.state = 'waiting' AND p.state = 'draft' AND p.arriving = 0
UNION ALL
  SELECT 'reports', r.project, p.title, p.requester, NULL, NULL, min(r.made_at) + :usual
  FROM reports r JOIN projects p ON p.id = r.project
  WHERE r.state = 'open' AND p.paused LIKE '%reports%' GROUP BY r.project, p.title, p.requester
UNION ALL
  SELECT 'rejections', s.project, p.title, p.requester, NULL, NULL, s.paused_at + :usual
  FROM pauses s JOIN projects p ON p.id = s.project WHERE s.outcome IS NULL AND p.state = 'running'
UNION ALL
  SELECT 'question', q.id, p.title, p.requester, NULL, q.asker, q.due_at
  FROM questions q JOIN projects p ON p.id = q.project WHERE q.state = 'open' AND q.report = 'open'
UNION ALL
  SELECT 'appeal', s.id, coalesce(p.title, ''), s.person, s.made_by, NULL, s.due_at
  FROM stops s LEFT JOIN projects p ON p.id = s.project WHERE s.state = 'appealed'
UNION ALL
  SELECT 'ruling', a.id, p.title, p.requester, NULL, s.worker, a.due_at
  FROM appeals a JOIN submissions s ON s.id = a.submission JOIN projects p ON p.id = s.project
  WHERE a.state = 'open' AND a.funded = 0
UNION ALL
  SELECT 'post', r.post, coalesce(p.title, ''), p.requester, NULL, NULL, o.day + :usual
  FROM board_reports r JOIN board_posts o ON o.id = r.post LEFT JOIN projects p ON p.id = o.board
  WHERE r.state = 'waiting'
UNION ALL
  SELECT 'contest', c.post, coalesce(p.title, ''), p.requester, l.person, NULL, c.due
  FROM board_contests c JOIN board_posts o ON o.id = c.post LEFT JOIN projects p ON p.id = o.board
  LEFT JOIN board_log l ON l.post = c.post AND l.kind = 'hidden'
  WHERE c.state = 'waiting' AND c.due > 0
UNION ALL
  SELECT 'petition', b.post, '', NULL, NULL, NULL, b.due
  FROM board_petitions b WHERE b.state IN ('open', 'asked') AND b.state = 'asked' AND b.board = :house
UNION ALL
  SELECT 'restriction', r.id, p.title, p.requester, r.decided_by, r.worker,
    CASE WHEN r.decided_by IS NOT NULL OR coalesce(r.appeal_due, r.confirm_by) < r.confirm_by
      THEN r.appeal_due ELSE r.confirm_by END
  FROM restrictions r JOIN projects p ON p.id = r.project
  WHERE r.state = 'standing' AND (r.decided_by IS NULL OR r.appeal = 'open')
UNION ALL
  SELECT 'complaint', c.id, '', NULL, NULL, c.person, c.due_at
  FROM complaints c WHERE c.state = 'open'
UNION ALL
  SELECT 'card', c.id, '', NULL, NULL, c.payer, c.received_at + :usual
  FROM stray_card_payments c WHERE c.state = 'waiting'
UNION ALL
  SELECT 'payouts', count(*), '', NULL, NULL, NULL, min(o.requested_at) + :usual
  FROM payouts o WHERE o.state = 'requested' HAVING count(*) > 0
UNION ALL
  SELECT * FROM (
    SELECT 'role', r.id, '', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), r.person, r.due_at
    FROM role_requests r WHERE r.state = 'waiting' ORDER BY r.due_at, r.id LIMIT :role_requests
  ) AS roles
) AS cases ORDER BY due, kind, number LIMIT :limit"""


class Cases:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def list_waiting(self, limit: int) -> list[CaseRow]:
        """Return the cases of all kinds that wait for an admin, the most urgent first."""
        limits = {"usual": DECISION_TIME, "house": HOUSE, "limit": limit, "role_requests": MAX_SHOWN_REQUESTS}
        rows = self._db.all(SELECT_WAITING_CASES, **limits)
        return [
            CaseRow(
                kind=CaseKind(kind),
                number=number,
                title=title,
                requester=requester,
                decider=decider,
                worker=worker,
                due=Moment(due),
            )
            for kind, number, title, requester, decider, worker, due in rows
        ]
