"""Personal data about quality, and what was decided about answers: sections of `/mydata`, a statement each."""

QUALITY = {
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
    "complaints": """
SELECT c.about, c.subject AS number, c.words AS your_words, c.state, c.made_at, c.due_at AS answer_due_at,
  c.answer, c.answered_at
FROM complaints c WHERE c.person = :person ORDER BY c.id""",
    "machines_measures": """
SELECT p.title AS project, m.kind, m.since AS imposed_at, m.ended_at FROM soft_measures m
JOIN projects p ON p.id = m.project WHERE m.worker = :person ORDER BY m.id""",
    "stops": """
SELECT coalesce(p.title, '') AS project, s.reason, s.state, s.made_at AS decided_at, s.words AS your_words,
  s.due_at AS answered_until_at, s.ruling FROM stops s LEFT JOIN projects p ON p.id = s.project
WHERE s.person = :person ORDER BY s.id""",
    "skill": """
SELECT p.title AS project, CASE WHEN p.ended_at IS NOT NULL THEN w.model END AS model
FROM worker_models w JOIN projects p ON p.id = w.project WHERE w.worker = :person ORDER BY w.project""",
    "evidence": """
SELECT p.title AS project, e.suspicion,
  CASE WHEN p.ended_at IS NOT NULL THEN e.nats ELSE round(e.nats) END AS nats,
  CASE WHEN p.ended_at IS NOT NULL THEN e.answers END AS answers,
  CASE WHEN p.ended_at IS NOT NULL THEN e.gold END AS check_questions,
  CASE WHEN p.ended_at IS NOT NULL THEN e.expected END AS expected,
  CASE WHEN p.ended_at IS NOT NULL THEN e.observed END AS observed, e.found_at
FROM evidence e JOIN projects p ON p.id = e.project WHERE e.worker = :person ORDER BY p.id, e.suspicion""",
    "restrictions": """
SELECT p.title AS project, r.reason, r.evidence, r.words AS admin_words, r.state, r.imposed_at,
  r.confirm_by AS to_confirm_until_at, r.ends_at, r.appeal, r.appealed_at,
  r.decided_at FROM restrictions r JOIN projects p ON p.id = r.project WHERE r.worker = :person ORDER BY r.id""",
    "drawn_as_judge": """
SELECT p.title AS project, j.seat, j.called FROM juries j JOIN appeals a ON a.id = j.appeal
JOIN submissions s ON s.id = a.submission JOIN projects p ON p.id = s.project WHERE j.worker = :person
ORDER BY j.appeal""",
    "judged": """
SELECT p.title AS project, j.state, j.verdict, j.offered_at, j.decided_at
FROM judgements j JOIN appeals a ON a.id = j.appeal JOIN submissions s ON s.id = a.submission
JOIN projects p ON p.id = s.project WHERE j.worker = :person ORDER BY j.offered_at""",
}
