"""Statements of results and submissions, streamed, never loaded whole."""

from domain.people.preferences import Preferences
from storage.drivers.records import columns

# One row a task, in the file's order; of files that are all there. Last is room for its votes.
RESULTS = """
SELECT position, key, content, gold, consensus, confidence, received - coalesce(n.rejected, 0), state, scores, live,
  live_confidence, ai, NULL
FROM tasks LEFT JOIN (
  SELECT s.task, count(*) AS rejected FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.project = :project AND r.state <> 'overturned' GROUP BY s.task
) AS n ON n.task = tasks.id
WHERE project = :project
AND batch NOT IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.arriving = 1) ORDER BY position"""
# How many gave which answer, to the tasks of some positions. No pay, no data.
VOTES = """
SELECT t.position, s.answer, count(*) FROM tasks t JOIN submissions s ON s.task = t.id
WHERE t.project = :project AND t.position >= :first AND t.position <= :last AND s.state <> 'rejected'
GROUP BY t.position, s.answer"""
# One row a submission. No pay, no data: a rejected answer is hidden while it is disputed, and left out once final.
_SUBMISSIONS = """
SELECT t.key, t.content, t.gold, s.worker, CASE WHEN s.state = 'rejected' THEN NULL ELSE s.answer END, s.milliseconds,
  CASE WHEN s.state = 'rejected' THEN 'disputed' ELSE s.state END, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
LEFT JOIN rejections r ON r.submission = s.id
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project AND e.consented_at IS NOT NULL
WHERE s.project = :project AND (s.state <> 'rejected' OR r.state IN ('standing', 'appealed'))"""
SUBMISSIONS = f"{_SUBMISSIONS} ORDER BY s.id"
# For formats in which a task holds its submissions.
SUBMISSIONS_BY_TASK = f"{_SUBMISSIONS} ORDER BY t.position, s.id"
# One row an answer that is a file, of those that count and whose worker consents.
MEDIA = """
SELECT s.id, t.key, t.content, s.worker, s.answer, s.milliseconds, s.state, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project AND e.consented_at IS NOT NULL
WHERE s.project = :project AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected'
ORDER BY s.id LIMIT :limit"""
EVERYTHING_ABOUT = {
    "person": "SELECT telegram_id, username, name, language, consented_at, joined_at FROM people WHERE id = :person",
    "settings": f"SELECT {columns(Preferences)} FROM preferences WHERE person = :person",
    "api_keys": "SELECT number, hint, made_at, revoked_at FROM api_keys WHERE person = :person ORDER BY number",
    "boards_read": """
SELECT r.board, coalesce(p.title, '') AS project, r.read_to AS last_post_seen, r.pen_month AS month_of_last_name
FROM board_readers r LEFT JOIN projects p ON p.id = r.board WHERE r.person = :person ORDER BY r.board""",
    "stood_for_steward": """
SELECT c.election, c.votes, c.elected FROM election_candidates c WHERE c.person = :person ORDER BY c.election""",
    "contacts_wished": "SELECT post, day AS wished_on FROM board_wishes WHERE person = :person ORDER BY post",
    "projects_answered": """
SELECT p.title AS project, e.consented_at, e.answered, e.gold_seen AS check_questions, e.gold_right AS right_of_them,
  e.qualified, e.declined
FROM enrolments e JOIN projects p ON p.id = e.project WHERE e.worker = :person ORDER BY p.id""",
    "answers": """
SELECT p.title AS project, t.content AS task, s.answer, s.milliseconds AS seconds, s.state, s.submitted_at
FROM submissions s JOIN projects p ON p.id = s.project JOIN tasks t ON t.id = s.task
WHERE s.worker = :person ORDER BY s.id""",
    "answers_before_a_change": """
SELECT p.title AS project, t.content AS task, m.answer, m.made_at AS given_at
FROM corrections m JOIN submissions s ON s.id = m.submission
JOIN projects p ON p.id = s.project JOIN tasks t ON t.id = s.task WHERE s.worker = :person ORDER BY s.id, m.number""",
    "contested": """
SELECT t.content AS task, c.made_at AS contested_at, x.state
FROM contests c JOIN gold_challenges x ON x.id = c.challenge
JOIN submissions s ON s.id = c.submission JOIN tasks t ON t.id = s.task WHERE s.worker = :person ORDER BY c.made_at""",
    "rejected": """
SELECT p.title AS project, t.content AS task, r.line, r.clause, r.reason, r.state, r.rejected_at,
  a.words AS your_words, a.state AS appeal, a.opened_at AS appealed_at
FROM rejections r JOIN submissions s ON s.id = r.submission JOIN projects p ON p.id = s.project
JOIN tasks t ON t.id = s.task LEFT JOIN appeals a ON a.submission = r.submission
WHERE s.worker = :person ORDER BY r.rejected_at""",
    "asked": """
SELECT p.title AS project, t.content AS task, q.words AS question, q.state, q.asked_at,
  coalesce(q.answer, s.answer) AS answer, q.ended_at AS answered_at
FROM questions q JOIN projects p ON p.id = q.project JOIN tasks t ON t.id = q.task
LEFT JOIN questions s ON s.id = q.same_as WHERE q.asker = :person ORDER BY q.id""",
    "pay_you_asked": """
SELECT p.title AS project, c.asked, p.currency, c.made_at FROM counter_offers c JOIN projects p ON p.id = c.project
WHERE c.worker = :person ORDER BY p.id""",
    "reported": """
SELECT p.title AS project, t.content AS task, r.kind, r.state, r.made_at AS reported_at, r.ended_at AS decided_at
FROM reports r JOIN projects p ON p.id = r.project JOIN tasks t ON t.id = r.task
WHERE r.reporter = :person ORDER BY r.id""",
    "judged": """
SELECT p.title AS project, j.state, j.verdict, j.offered_at, j.decided_at
FROM judgements j JOIN appeals a ON a.id = j.appeal JOIN submissions s ON s.id = a.submission
JOIN projects p ON p.id = s.project WHERE j.worker = :person ORDER BY j.offered_at""",
    "skill": """
SELECT p.title AS project, w.model FROM worker_models w JOIN projects p ON p.id = w.project
WHERE w.worker = :person ORDER BY w.project""",
    "evidence": """
SELECT p.title AS project, e.suspicion, e.nats, e.answers, e.gold AS check_questions, e.expected, e.observed, e.found_at
FROM evidence e JOIN projects p ON p.id = e.project WHERE e.worker = :person ORDER BY p.id, e.suspicion""",
    "restrictions": """
SELECT p.title AS project, r.reason, r.state, r.imposed_at, r.ends_at, r.appeal, r.appealed_at
FROM restrictions r JOIN projects p ON p.id = r.project WHERE r.worker = :person ORDER BY r.id""",
    "bank_accounts": """
SELECT holder, iban, given_at, usable_at, replaced_at FROM payees WHERE person = :person ORDER BY id""",
    "known_from_before": """
SELECT m.known_at FROM payee_mates m JOIN remembered r ON r.person = m.mate
WHERE m.person = :person ORDER BY m.known_at""",
    "payouts": """
SELECT p.id AS number, p.currency, p.gross, p.withheld, p.fee, p.net, p.state, p.reason, p.requested_at, p.decided_at,
  e.iban
FROM payouts p JOIN payees e ON e.id = p.payee WHERE p.worker = :person ORDER BY p.id""",
    "projects_asked": """
SELECT id AS number, title, state, created_at FROM projects WHERE requester = :person ORDER BY id""",
    "money": """
SELECT t.id AS operation, t.made_at AS moved_at, a.name AS account, t.kind, e.amount, e.balance, a.currency, t.memo
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name LIKE 'worker:' || CAST(:telegram_id AS TEXT) || ':%'
  OR a.name LIKE 'requester:' || CAST(:telegram_id AS TEXT) || ':%' ORDER BY t.id""",
}
