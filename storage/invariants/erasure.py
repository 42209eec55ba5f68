"""Rule 15: erased people's data is gone from every table, and no answer is kept without consent."""

from collections.abc import Callable

from domain.answers import AnswerKind, kind_of, list_kinds
from storage.invariants.invariant import Invariant


def _sql_kinds(is_wanted: Callable[[AnswerKind], bool]) -> str:
    """Return the names of the kinds that `is_wanted` accepts, as a list in SQL."""
    return ", ".join(f"'{kind}'" for kind in list_kinds() if is_wanted(kind_of(kind)))


OWN_KINDS = _sql_kinds(lambda kind: kind.is_own)
AGGREGATED_OWN_KINDS = _sql_kinds(
    lambda kind: kind.is_own and kind.is_aggregated
)  # a task stores the aggregate of their answers
ERASED_DATA_IS_GONE = Invariant(
    15,
    "nothing names a person who was erased",
    f"""
SELECT subject, detail FROM (
  SELECT 'person ' || p.id AS subject, CASE
    WHEN p.telegram_id IS NOT NULL OR p.username IS NOT NULL OR p.name <> '' THEN 'their id or name is kept'
    WHEN EXISTS (SELECT 1 FROM payees a WHERE a.person = p.id AND (a.iban <> '' OR a.holder <> ''))
      THEN 'their bank account is kept'
    WHEN EXISTS (SELECT 1 FROM tax_forms f WHERE f.person = p.id AND f.keep_until IS NULL)
      THEN 'their tax form is kept without an end'
    WHEN EXISTS (SELECT 1 FROM buyers i WHERE i.person = p.id) THEN 'whom to bill is kept'
    WHEN EXISTS (SELECT 1 FROM preferences c WHERE c.person = p.id) THEN 'their settings are kept'
    WHEN EXISTS (SELECT 1 FROM board_readers b WHERE b.person = p.id) THEN 'what they read on the boards is kept'
    WHEN EXISTS (SELECT 1 FROM board_wishes v WHERE v.person = p.id) THEN 'a wish to exchange contacts is kept'
    WHEN EXISTS (SELECT 1 FROM drafts d WHERE d.person = p.id) THEN 'what they were typing is kept'
    WHEN EXISTS (SELECT 1 FROM api_keys k WHERE k.person = p.id) THEN 'a key of their programs is kept'
    WHEN EXISTS (SELECT 1 FROM webhooks h WHERE h.person = p.id) THEN 'an address of their programs is kept'
    WHEN EXISTS (SELECT 1 FROM api_requests k WHERE k.person = p.id) THEN 'a request of their programs is kept'
    WHEN EXISTS (SELECT 1 FROM questions q WHERE q.asker = p.id) THEN 'a question of theirs is kept'
    WHEN EXISTS (SELECT 1 FROM counter_offers o WHERE o.worker = p.id) THEN 'a pay they asked for is kept'
    WHEN EXISTS (SELECT 1 FROM ratings r WHERE r.worker = p.id OR r.requester = p.id)
      OR EXISTS (SELECT 1 FROM rating_sums r WHERE r.requester = p.id) THEN 'a rating of or by them is kept'
    WHEN EXISTS (SELECT 1 FROM complaints k WHERE k.person = p.id) THEN 'a complaint of theirs is kept'
    WHEN EXISTS (SELECT 1 FROM role_requests w WHERE w.person = p.id) THEN 'a request of theirs to give work is kept'
    WHEN EXISTS (SELECT 1 FROM content_choices c WHERE c.worker = p.id) THEN 'what content they want is kept'
    WHEN EXISTS (SELECT 1 FROM invited i WHERE i.worker = p.id) THEN 'what they were invited to is kept'
    WHEN EXISTS (SELECT 1 FROM reports r WHERE r.reporter = p.id) THEN 'a report of theirs is kept'
    WHEN EXISTS (SELECT 1 FROM answer_files f WHERE f.worker = p.id AND f.file_id <> '')
      OR EXISTS (SELECT 1 FROM retakes r WHERE r.worker = p.id AND r.handed_in <> '')
      THEN 'a file of theirs is kept'
    WHEN EXISTS (SELECT 1 FROM enrolments e WHERE e.worker = p.id AND e.consented_at IS NOT NULL)
      THEN 'their answers are still exported'
    WHEN EXISTS (SELECT 1 FROM corrections m JOIN submissions s ON s.id = m.submission
      JOIN projects j ON j.id = s.project WHERE s.worker = p.id AND m.answer IS NOT NULL
        AND j.kind IN ({OWN_KINDS}))
      THEN 'what they had written, shown or said first is kept'
    WHEN EXISTS (SELECT 1 FROM submissions s JOIN projects j ON j.id = s.project
      WHERE s.worker = p.id AND s.answer IS NOT NULL AND j.kind IN ({OWN_KINDS}))
      THEN 'what they wrote, showed or said is kept'
    WHEN EXISTS (SELECT 1 FROM submissions s JOIN projects j ON j.id = s.project JOIN tasks t ON t.id = s.task
      WHERE s.worker = p.id AND j.kind IN ({AGGREGATED_OWN_KINDS}) AND t.gold IS NULL
        AND (t.consensus IS NOT NULL OR t.live IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM submissions o WHERE o.task = t.id AND o.answer IS NOT NULL))
      THEN 'a task came to what they alone wrote' END AS detail
  FROM people p WHERE p.erased_at IS NOT NULL
) AS erased WHERE detail IS NOT NULL""",
)
# Checked for everybody's letters, erased or not, so that erasure needs no list of letters.
ENDED_LETTERS_ARE_EMPTY = Invariant(
    15,
    "a letter that has ended keeps nothing of what it said",
    """
SELECT 'letter ' || id AS subject, screen || ', ' || state || coalesce(', ' || reason, '') AS detail
FROM outbox WHERE state <> 'waiting' AND facts <> '{}'""",
)
# The Telegram id between the colons of an account's name.
OWNER_OF_ACCOUNT = {
    "sqlite": "substr(a.name, instr(a.name, ':') + 1, instr(substr(a.name, instr(a.name, ':') + 1), ':') - 1)",
    "postgresql": "split_part(a.name, ':', 2)",
}
ACCOUNTS_HAVE_PEOPLE = Invariant(
    15,
    "every named account is somebody's who is here",
    {
        dialect: f"""
SELECT 'account ' || n.name AS subject, 'nobody here has this Telegram id' AS detail
FROM (
  SELECT a.name, CASE WHEN {owner} LIKE 'erased-%' THEN NULL ELSE CAST({owner} AS BIGINT) END AS owner
  FROM accounts a WHERE a.name LIKE 'worker:%' OR a.name LIKE 'requester:%'
) AS n LEFT JOIN people p ON p.telegram_id = n.owner
WHERE n.owner IS NOT NULL AND p.id IS NULL"""
        for dialect, owner in OWNER_OF_ACCOUNT.items()
    },
)
ANSWERS_HAVE_CONSENT = Invariant(
    15,
    "every answer has a consent, or its withdrawal",
    """
SELECT 'submission ' || s.id AS subject, 'worker ' || s.worker || ' never consented to project ' || s.project AS detail
FROM submissions s LEFT JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE e.worker IS NULL OR (e.consented_at IS NULL AND e.withdrawn_at IS NULL)""",
)

INVARIANTS = (ERASED_DATA_IS_GONE, ENDED_LETTERS_ARE_EMPTY, ACCOUNTS_HAVE_PEOPLE, ANSWERS_HAVE_CONSENT)
