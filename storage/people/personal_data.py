"""Everything that is kept about one person, a section a statement: read by them (`/mydata`), never loaded whole.

Every column that names a person has its section here, or its reason in tests/storage/test_personal_data.py.

While a project runs, figures that a right answer to a check question moves are NULL, and `held_back` says so: read
after each answer, they would tell which tasks are check questions. A miss is told at once, here as well.
"""

from domain.people.preferences import Preferences
from storage.drivers.records import columns
from storage.people.personal_money import MONEY
from storage.people.personal_quality import QUALITY
from storage.people.personal_requests import BEGUN
from storage.people.personal_teams import TEAMS

SEALED = ("tax_form", "tax_returns")  # sections whose last column is encrypted
_PERSON = {
    "person": """
SELECT telegram_id, username, name, language, joined_at, consented_at, terms, requester, barred AS barred_from_asking,
  suspended, paused, reachable, unanswered AS pushes_unanswered, served_at AS last_offered_at,
  withholding AS withheld_basis_points, leaving_at FROM people WHERE id = :person""",
    "settings": f"SELECT {columns(Preferences)} FROM preferences WHERE person = :person",
}
_WORK = {
    "projects_answered": """
SELECT p.id AS number, p.title AS project, e.consented_at, e.terms, e.withdrawn_at, e.taken_back, e.answered,
  CASE WHEN p.ended_at IS NOT NULL THEN e.gold_seen END AS check_questions,
  CASE WHEN p.ended_at IS NOT NULL THEN e.gold_right END AS right_of_them,
  e.gold_seen - e.gold_right AS missed_of_them, e.qualified, e.declined, e.later AS asked_later,
  e.watch AS checked_closely, CASE WHEN p.ended_at IS NOT NULL THEN e.worth END AS tells,
  e.restricted_until AS restricted_until_at
FROM enrolments e JOIN projects p ON p.id = e.project WHERE e.worker = :person ORDER BY p.id""",
    "held_back": """
SELECT p.title AS project, 'check questions' AS what, 'others still answer them' AS reason,
  'the project ends' AS told_when
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :person AND e.answered > 0 AND p.ended_at IS NULL ORDER BY p.id""",
    "delivered": """
SELECT p.title AS project, d.what, d.format, d.times, d.last_at FROM enrolments e JOIN projects p ON p.id = e.project
JOIN deliveries d ON d.project = e.project WHERE e.worker = :person AND d.up_to >= (
  SELECT min(s.id) FROM submissions s WHERE s.worker = :person AND s.project = e.project)
ORDER BY d.last_at, d.project, d.what, d.format""",
    "tasks_given": """
SELECT p.title AS project, t.content AS task, a.state, a.pushed, a.draft AS pressed_so_far, a.offered_at,
  a.deadline AS deadline_at
FROM assignments a JOIN projects p ON p.id = a.project JOIN tasks t ON t.id = a.task
WHERE a.worker = :person ORDER BY a.id""",
    "answers": """
SELECT p.title AS project, t.content AS task, s.answer,
  CASE WHEN s.gold = 0 OR p.ended_at IS NOT NULL THEN s.gold END AS right_answer, s.milliseconds AS seconds, s.state,
  s.pay, p.currency, s.submitted_at, v.at AS shown_to_requester_at, s.held_until AS pending_until_at,
  u.told_at AS made_with_a_tool_at
FROM submissions s JOIN projects p ON p.id = s.project JOIN tasks t ON t.id = s.task
LEFT JOIN shown_for_review v ON v.submission = s.id
LEFT JOIN tool_uses u ON u.submission = s.id AND u.project = s.project WHERE s.worker = :person ORDER BY s.id""",
    "answers_before_a_change": """
SELECT p.title AS project, t.content AS task, m.answer, m.made_at AS given_at
FROM corrections m JOIN submissions s ON s.id = m.submission
JOIN projects p ON p.id = s.project JOIN tasks t ON t.id = s.task WHERE s.worker = :person ORDER BY s.id, m.number""",
    "being_changed": """
SELECT t.content AS task, s.answer, o.draft AS pressed_so_far, o.opened_at FROM open_corrections o
JOIN submissions s ON s.id = o.submission JOIN tasks t ON t.id = s.task WHERE o.worker = :person""",
    "files_sent": """
SELECT p.title AS project, f.file_id AS file, f.unique_id AS file_number, f.album FROM answer_files f
JOIN projects p ON p.id = f.project WHERE f.worker = :person ORDER BY f.assignment""",
    "files_that_wait": """
SELECT p.title AS project, r.handed_in AS file, r.album, r.asked_at FROM retakes r
JOIN projects p ON p.id = r.project WHERE r.worker = :person AND r.handed_in <> '' ORDER BY r.assignment""",
    "asked": """
SELECT p.title AS project, t.content AS task, q.words AS question, q.state, q.report AS called_abuse, q.asked_at,
  coalesce(q.answer, s.answer) AS answer, q.ended_at AS answered_at
FROM questions q JOIN projects p ON p.id = q.project JOIN tasks t ON t.id = q.task
LEFT JOIN questions s ON s.id = q.same_as WHERE q.asker = :person ORDER BY q.id""",
    "pay_you_asked": """
SELECT p.title AS project, c.asked, p.currency, c.made_at FROM counter_offers c JOIN projects p ON p.id = c.project
WHERE c.worker = :person ORDER BY p.id""",
    "ratings_given": """
SELECT o.name, r.pay AS mark_for_pay, r.fairness AS mark_for_fairness, r.clarity AS mark_for_clarity,
  r.speed AS mark_for_replies
FROM ratings r JOIN people o ON o.id = r.requester WHERE r.worker = :person ORDER BY r.requester""",
    "asked_to_rate": """
SELECT o.name, a.due_at AS to_be_asked_at FROM rating_asks a JOIN people o ON o.id = a.requester
WHERE a.worker = :person ORDER BY a.requester""",
    "content_chosen": """
SELECT p.title AS project, p.content AS shows, c.choice AS your_choice
FROM content_choices c JOIN projects p ON p.id = c.project
WHERE c.worker = :person ORDER BY p.id""",
    "qualifications": """
SELECT t.name, q.value, q.granted, q.changed_at, q.reason
FROM qualifications q JOIN qualification_types t ON t.id = q.type WHERE q.worker = :person ORDER BY q.type""",
    "qualifications_requested": """
SELECT t.name, r.state, r.answers, r.made_at AS asked_at, r.decided_at, r.reason
FROM qualification_requests r JOIN qualification_types t ON t.id = r.type WHERE r.worker = :person ORDER BY r.id""",
    "tests_begun": """
SELECT t.name, p.pay, p.currency, a.begun_at, a.paid_at FROM test_attempts a JOIN paid_tests p ON p.type = a.type
JOIN qualification_types t ON t.id = a.type WHERE a.worker = :person ORDER BY a.type""",
    "blocked_by": """
SELECT o.name, b.reason, b.blocked_at FROM worker_blocks b JOIN people o ON o.id = b.requester
WHERE b.worker = :person ORDER BY b.requester""",
    "stored_by_pages": """
SELECT o.name, k.content AS stored, k.changed_at FROM turk_page_storage k JOIN people o ON o.id = k.requester
WHERE k.worker = :person ORDER BY k.requester""",
    "feedback": """
SELECT p.title AS project, d.feedback AS words, d.at AS made_at FROM turk_decisions d
JOIN submissions s ON s.id = d.submission JOIN projects p ON p.id = s.project WHERE s.worker = :person ORDER BY s.id""",
    "asked_once_more": """
SELECT p.title AS project, r.words, r.pay, p.currency, r.state, r.asked_at, r.until_at, r.ended_at AS decided_at
FROM redos r JOIN projects p ON p.id = r.project WHERE r.worker = :person ORDER BY r.submission""",
    "bonuses_received": """
SELECT b.amount, b.reason, b.at AS made_at FROM turk_bonuses b WHERE b.worker = :person ORDER BY b.id""",
    "screening": """
SELECT q.words AS question, a.answer, a.asked_at, a.answered_at FROM screening_answers a
JOIN screening_questions q ON q.id = a.question WHERE a.worker = :person ORDER BY q.id""",
    "invited_to": """
SELECT p.title AS project, i.invited_at FROM invited i JOIN projects p ON p.id = i.project
WHERE i.worker = :person ORDER BY p.id""",
    "reported": """
SELECT p.title AS project, t.content AS task, r.kind, r.state, r.made_at AS reported_at, r.ended_at AS decided_at
FROM reports r JOIN projects p ON p.id = r.project JOIN tasks t ON t.id = r.task
WHERE r.reporter = :person ORDER BY r.id""",
}
_BOARD = {
    "boards_read": """
SELECT r.board, coalesce(p.title, '') AS project, r.read_to AS last_post_seen, r.pen_month AS month_of_last_name
FROM board_readers r LEFT JOIN projects p ON p.id = r.board WHERE r.person = :person ORDER BY r.board""",
    "contacts_wished": "SELECT post, day AS wished_on FROM board_wishes WHERE person = :person ORDER BY post",
    "stood_for_steward": """
SELECT c.election, c.votes, c.elected FROM election_candidates c WHERE c.person = :person ORDER BY c.election""",
    "ballots_taken": "SELECT v.election FROM election_voters v WHERE v.person = :person ORDER BY v.election",
}
_ASKING = {
    "projects_asked": """
SELECT p.id AS number, p.title, p.instructions, p.purpose, p.kind, p.options, p.pay, p.currency, p.state, p.created_at,
  p.launched_at, p.ended_at FROM projects p WHERE p.requester = :person ORDER BY p.id""",
    # Who gave them, and figures of fewer than five, are left out.
    "ratings_received": """
SELECT s.shown AS ratings, 1.0 * s.shown_pay / s.shown AS mark_for_pay,
  1.0 * s.shown_fairness / s.shown AS mark_for_fairness, 1.0 * s.shown_clarity / s.shown AS mark_for_clarity,
  1.0 * s.shown_speed / s.shown AS mark_for_replies, s.reply
FROM rating_sums s WHERE s.requester = :person AND s.shown > 0 AND s.ratings >= 5""",
    "qualification_types": """
SELECT t.name, t.description, t.keywords, t.active, t.retry_seconds AS again_after_seconds, t.test, t.test_seconds,
  t.answer_key, t.granted_by_itself, t.made_at, t.deleted_at
FROM qualification_types t WHERE t.requester = :person ORDER BY t.id""",
    "hits_asked": """
SELECT y.title, y.description, y.keywords, h.question, h.annotation, h.created_at, h.expires_at,
  h.disposed_at AS deleted_at
FROM turk_hits h JOIN turk_hit_types y ON y.id = h.type AND y.requester = :person
WHERE h.requester = :person ORDER BY h.id""",
    "requests_named": """
SELECT k.operation, k.token, k.at AS made_at FROM turk_tokens k WHERE k.requester = :person ORDER BY k.at""",
    "bonuses_given": """
SELECT b.amount, b.reason, b.at AS made_at FROM turk_bonuses b WHERE b.requester = :person ORDER BY b.id""",
    "layouts_brought": """
SELECT l.amazon AS name, l.question, l.made_at FROM turk_layouts l WHERE l.requester = :person ORDER BY l.id""",
    # Whom is left out: another person's number.
    "workers_blocked": """
SELECT b.reason, b.blocked_at FROM worker_blocks b WHERE b.requester = :person ORDER BY b.blocked_at, b.worker""",
    "files_imported": """
SELECT b.project AS number, b.file_name AS file, b.tasks, b.imported_at FROM batches b WHERE b.requester = :person
ORDER BY b.id""",
    "texts_edited": """
SELECT v.project AS number, v.number AS version, v.title, v.instructions, v.made_at FROM project_versions v
WHERE v.made_by = :person ORDER BY v.project, v.number""",
    "decided": """
SELECT 'check question' AS decision, g.id AS number, g.state AS outcome, g.decided_at
FROM gold_challenges g WHERE g.decided_by = :person
UNION ALL SELECT 'restriction', r.id, coalesce(r.appeal, r.state), r.decided_at
FROM restrictions r WHERE r.decided_by = :person
UNION ALL SELECT 'rejection', j.submission, j.reason, j.rejected_at FROM rejections j WHERE j.rejected_by = :person
UNION ALL SELECT 'appeal', a.id, a.state, a.decided_at FROM appeals a WHERE a.ruled_by = :person
UNION ALL SELECT 'pause', p.id, p.outcome, p.ended_at FROM pauses p WHERE p.ended_by = :person
UNION ALL SELECT 'question', q.id, coalesce(q.answer, q.state), q.ended_at FROM questions q WHERE q.ended_by = :person
UNION ALL SELECT 'report', t.id, t.state, t.ended_at FROM reports t WHERE t.ended_by = :person
UNION ALL SELECT 'first project', f.project, f.state, f.ended_at FROM first_looks f WHERE f.ended_by = :person
UNION ALL SELECT 'complaint', c.id, coalesce(c.answer, c.state), c.answered_at
FROM complaints c WHERE c.answered_by = :person
UNION ALL SELECT 'stop', s.id, s.reason, s.made_at FROM stops s WHERE s.made_by = :person
UNION ALL SELECT 'appeal against a stop', s.id, s.ruling, s.ruled_at FROM stops s WHERE s.ruled_by = :person
UNION ALL SELECT 'bank file', b.id, b.currency, b.made_at FROM bank_files b WHERE b.made_by = :person
UNION ALL SELECT 'board', l.post, l.kind, l.day FROM board_log l WHERE l.person = :person ORDER BY 4""",
}
_BEHIND = {
    **BEGUN,
    "webhooks": """
SELECT number, url, kinds, made_at, removed_at FROM webhooks WHERE person = :person
UNION ALL SELECT w.number, w.url, w.kinds, w.made_at, w.removed_at FROM team_webhooks t
JOIN webhooks w ON w.person = t.team AND w.number = t.number WHERE t.member = :person ORDER BY 1""",
    "webhook_calls": """
SELECT name, number, kind, body, state, attempts, made_at, answer
FROM webhook_calls WHERE person = :person ORDER BY id""",
    "asked_by_programs": "SELECT name, status, answer, at FROM api_requests WHERE person = :person ORDER BY at, name",
    # Whom else a line is about is left out: numbers of other people.
    "noted": """
SELECT a.action, a.subject, CASE WHEN a.action = 'shared payee' THEN NULL ELSE a.facts END AS facts,
  CASE WHEN a.actor = :person THEN 1 ELSE 0 END AS by_you, a.at AS noted_at
FROM audit a WHERE a.actor = :person OR a.subject = 'person:' || CAST(:person AS TEXT) ORDER BY a.id""",
    "known_from_before": """
SELECT m.known_at FROM payee_mates m JOIN remembered r ON r.person = m.mate
WHERE m.person = :person ORDER BY m.known_at""",
    "account_shared": """
SELECT m.known_at FROM payee_mates m WHERE m.person = :person AND m.mate > 0 ORDER BY m.known_at""",
    "arrived": """
SELECT i.update_id AS number, i.state, i.payload, i.received_at, i.ended_at FROM inbox i
WHERE i.person = :telegram_id ORDER BY i.update_id""",
    "messages": """
SELECT screen AS about, state, facts, written_at, ended_at FROM outbox WHERE person = :person ORDER BY id""",
    "live_messages": "SELECT name AS about, message_id AS message FROM live_messages WHERE person = :person ORDER BY 1",
}
EVERYTHING_ABOUT: dict[str, str] = {**_PERSON, **_WORK, **QUALITY, **_BOARD, **MONEY, **_ASKING, **TEAMS, **_BEHIND}
