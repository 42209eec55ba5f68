"""Everything stored about one person: a SELECT for each section of `/mydata`, and the statements that erase it.

Sections are streamed, never loaded whole. Every column that names a person has its section here, or its reason in
tests/storage/test_personal_data.py.

While a project runs, figures that a right answer to a check question moves are NULL, and the section `held_back` says
so: read after each answer, they would tell which tasks are check questions. A miss is shown at once, here as well."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.answers import AnswerKind, kind_of, list_kinds
from domain.moments import HOUR, Moment, later
from domain.money.ledger import accounts_of, erased_account_name
from domain.people.accounts import Person, PersonId
from domain.people.settings import Preferences
from domain.projects.tasks import TaskId
from storage.boxes.live_messages import END_LETTERS
from storage.drivers.connection import Connection
from storage.drivers.records import columns, single_value, single_values
from storage.fairness.ratings import Ratings
from storage.invariants import Invariant
from storage.money.explanations import MOVEMENT
from storage.quality.evidence import QUALITY

BEGIN_LEAVING = """
UPDATE people SET leaving_at = :now, paused = 1, idle = 0, push_changes_at = NULL
WHERE id = :id AND leaving_at IS NULL"""
END_LEAVING = "UPDATE people SET leaving_at = NULL WHERE id = :id AND erased_at IS NULL"
# Everything that was to be said to them has been said, or has had an hour.
SELECT_READY = """
SELECT id FROM people WHERE leaving_at IS NOT NULL AND erased_at IS NULL AND (leaving_at < :before OR NOT EXISTS (
  SELECT 1 FROM outbox o WHERE o.person = people.id AND o.state = 'waiting' AND o.lane < 3)) LIMIT :limit"""
# Pay in dispute and projects under way: neither is theirs to give up.
COUNT_DISPUTED = """
SELECT count(*) FROM rejections r JOIN submissions s ON s.id = r.submission
WHERE s.worker = :id AND r.state IN ('standing', 'appealed')"""
COUNT_RUNNING = "SELECT count(*) FROM projects WHERE requester = :id AND state = 'running'"
# What ended projects hold for tasks in hand, rejected answers, answers asked for once more and top-ups; and by when
# that is decided as far as is known: an appeal takes longer.
SUM_HELD_BY_ENDED = """
SELECT h.currency, count(*), sum(h.held), max(h.until_at) FROM (
  SELECT p.currency, (
    SELECT sum(a.balance) FROM accounts a WHERE a.currency = p.currency AND a.name IN ('project:' || p.id || ':budget',
      'project:' || p.id || ':topup', 'project:' || p.id || ':disputed', 'project:' || p.id || ':extra')) AS held, (
    SELECT max(w.until_at) FROM (
      SELECT deadline AS until_at FROM assignments WHERE project = p.id AND state = 'active'
      UNION ALL SELECT until_at FROM redos WHERE project = p.id AND state = 'asked'
      UNION ALL SELECT coalesce(o.due_at, r.appeal_until) FROM rejections r
      LEFT JOIN appeals o ON o.submission = r.submission AND o.state = 'open'
      WHERE r.project = p.id AND r.state IN ('standing', 'appealed')) AS w) AS until_at
  FROM projects p WHERE p.requester = :id AND p.state IN ('stopped', 'complete')) AS h
WHERE h.held > 0 GROUP BY h.currency ORDER BY h.currency"""
# Top-ups that ended projects owe to workers beyond what was there.
SUM_OWED_BY_ENDED = """
SELECT p.currency, sum((u.each_owed - u.each_paid) * u.submissions) FROM topups u JOIN projects p ON p.id = u.project
WHERE u.each_paid < u.each_owed AND p.requester = :id AND p.state IN ('stopped', 'complete')
GROUP BY p.currency ORDER BY p.currency"""
WITHDRAW_ALL_CONSENTS = """
UPDATE enrolments SET consented_at = NULL, withdrawn_at = coalesce(withdrawn_at, :now), declined = 1
WHERE worker = :id"""

RENAME_ACCOUNT = "UPDATE accounts SET name = :nameless WHERE name = :name"
# Columns that identify a person, by table.
CLEAR_PERSON = """
UPDATE people SET telegram_id = NULL, username = NULL, name = '', consented_at = NULL, requester = 0, paused = 1,
  idle = 0, push_changes_at = NULL, reachable = 0, choosy = 0, erased_at = :now WHERE id = :id"""
CLEAR_INBOX_SENDER = "UPDATE inbox SET person = 0 WHERE person = :telegram_id AND state <> 'waiting'"
DROP_UNSENT = f"{END_LETTERS}, state = 'dropped', reason = 'forgotten' WHERE person = :id AND state = 'waiting'"
# Their words on the way to somebody else.
DROP_UNSENT_LIVE = f"""
{END_LETTERS}, state = 'dropped', reason = 'forgotten' WHERE person = :reader AND live = :live AND state = 'waiting'"""
DELETE_DRAFTS = "DELETE FROM drafts WHERE person = :id"
DELETE_FORMS = "DELETE FROM project_forms WHERE person = :id"
DELETE_PUSHES = "DELETE FROM hub_pushes WHERE requester = :id"
DELETE_DIGESTS = "DELETE FROM requester_digests WHERE person = :id"
CLEAR_ASSIGNMENT_DRAFTS = "UPDATE assignments SET draft = NULL WHERE worker = :id AND draft IS NOT NULL"
DELETE_KEYS = "DELETE FROM api_keys WHERE person = :id"
DELETE_WEB_SESSIONS = "DELETE FROM web_sessions WHERE person = :id"
DELETE_WEBHOOK_CALLS = "DELETE FROM webhook_calls WHERE person = :id"
DELETE_WEBHOOKS = "DELETE FROM webhooks WHERE person = :id"
DELETE_API_REQUESTS = "DELETE FROM api_requests WHERE person = :id"
DELETE_LIVE_MESSAGES = "DELETE FROM live_messages WHERE person = :id"
DELETE_BOARD_WISHES = "DELETE FROM board_wishes WHERE person = :id"
DELETE_BALLOT_PAPERS = "DELETE FROM election_voters WHERE person = :id"
DELETE_BOARD_READING = "DELETE FROM board_readers WHERE person = :id"
DELETE_ROLE_REQUESTS = "DELETE FROM role_requests WHERE person = :id"
DELETE_PREFERENCES = "DELETE FROM preferences WHERE person = :id"
# The keyed hash of an account stays, and who shared it with whom: data that names no one keeps a task from being
# answered twice to one account.
CLEAR_PAYEES = "UPDATE payees SET iban = '', holder = '' WHERE person = :id"
CLEAR_APPEAL_WORDS = """
UPDATE appeals SET words = NULL WHERE submission IN (SELECT id FROM submissions WHERE worker = :id)"""
# What they asked, and that it was they; the requester's answer stays.
CLEAR_QUESTIONS = """
UPDATE questions SET words = '', asker = NULL, ended_at = coalesce(ended_at, :now),
  state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END WHERE asker = :id"""
CLEAR_COMPLAINTS = """
UPDATE complaints SET words = '', person = NULL, remind_at = NULL, answer = CASE WHEN answer IS NOT NULL THEN '' END,
  state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END WHERE person = :id"""
CLEAR_STOP_WORDS = "UPDATE stops SET words = '' WHERE person = :id"
CLEAR_REPORTERS = "UPDATE reports SET reporter = NULL WHERE reporter = :id"
CLEAR_ANSWER_FILES = (
    "UPDATE answer_files SET unique_id = 'erased-' || assignment, file_id = '', album = NULL WHERE worker = :id"
)
CLEAR_RETAKES = "UPDATE retakes SET handed_in = '', album = '', print = '' WHERE worker = :id"
DELETE_PICTURE_PRINTS = "DELETE FROM picture_prints WHERE assignment IN (SELECT id FROM assignments WHERE worker = :id)"
# Their own words, voice, pictures and places; a pressed option says nothing about who pressed it.
CLEAR_ANSWERS = """
UPDATE submissions SET answer = NULL
WHERE worker = :id AND project IN (SELECT id FROM projects WHERE kind = :kind)"""
# Erased like taken back: not one more “can't tell”.
MARK_TAKEN_BACK = """
UPDATE enrolments SET taken_back = 1
WHERE worker = :id AND answered > 0 AND project IN (SELECT id FROM projects WHERE kind = :kind)"""
CLEAR_EARLIER_ANSWERS = """
UPDATE corrections SET answer = NULL WHERE submission IN (
  SELECT s.id FROM submissions s JOIN projects p ON p.id = s.project WHERE s.worker = :id AND p.kind = :kind)"""
# What was drawn from their words goes with them, and is drawn again from what the others said.
QUEUE_REDRAWS = """
INSERT INTO redraws (task) SELECT s.task FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :id AND p.kind = :kind ON CONFLICT (task) DO NOTHING"""
CLEAR_CONSENSUS = """
UPDATE tasks SET consensus = NULL, confidence = NULL, live = NULL, live_confidence = NULL, scores = NULL, scored = 0
WHERE gold IS NULL AND id IN (SELECT task FROM redraws) AND (consensus IS NOT NULL OR live IS NOT NULL)
  AND project IN (SELECT id FROM projects WHERE kind = :kind)"""
SELECT_REDRAWS = "SELECT task FROM redraws ORDER BY task LIMIT :limit"
DELETE_REDRAW = "DELETE FROM redraws WHERE task = :task"
SET_SCRUB = """
INSERT INTO settings (name, value) VALUES ('scrub', :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
IS_SCRUB_SET = "SELECT 1 FROM settings WHERE name = 'scrub' AND value = '1'"
DELETE_OPEN_CORRECTIONS = "DELETE FROM open_corrections WHERE worker = :id"
DELETE_COUNTER_OFFERS = "DELETE FROM counter_offers WHERE worker = :id"
# Who was to rate whom; what others gave them as a requester, and their reply.
DELETE_RATING_ASKS = "DELETE FROM rating_asks WHERE worker = :id OR requester = :id"
DELETE_RATINGS = "DELETE FROM ratings WHERE requester = :id"
DELETE_RATING_SUMS = "DELETE FROM rating_sums WHERE requester = :id"
DELETE_CONTENT_CHOICES = "DELETE FROM content_choices WHERE worker = :id"
DELETE_INVITATIONS = "DELETE FROM invited WHERE worker = :id"
DELETE_BLOCKS = "DELETE FROM worker_blocks WHERE worker = :id OR requester = :id"
CLEAR_REDO_WORDS = "UPDATE redos SET words = '' WHERE worker = :id"
DELETE_SCREENING_ANSWERS = "DELETE FROM screening_answers WHERE worker = :id"
DELETE_QUALIFICATIONS = "DELETE FROM qualifications WHERE worker = :id"
DELETE_QUALIFICATION_REQUESTS = "DELETE FROM qualification_requests WHERE worker = :id"
DELETE_PAGE_STORAGE = "DELETE FROM turk_page_storage WHERE worker = :id OR requester = :id"
DELETE_UNPAID_ATTEMPTS = "DELETE FROM test_attempts WHERE worker = :id AND paid_at IS NULL"
DELETE_WORKER_MODELS = "DELETE FROM worker_models WHERE worker = :id"
DELETE_SIRET = "DELETE FROM contributors WHERE person = :id"
DELETE_BUYER = "DELETE FROM buyers WHERE person = :id"

ERASING_STATEMENTS = (
    *(DELETE_SIRET, DELETE_BUYER),
    *(
        DELETE_DRAFTS,
        DELETE_DIGESTS,
        DELETE_PUSHES,
        DELETE_FORMS,
        CLEAR_ASSIGNMENT_DRAFTS,
        DELETE_KEYS,
        DELETE_API_REQUESTS,
        DELETE_WEB_SESSIONS,
        DELETE_WEBHOOK_CALLS,
        DELETE_WEBHOOKS,
        DELETE_LIVE_MESSAGES,
        DELETE_BOARD_READING,
        DELETE_BOARD_WISHES,
        DELETE_BALLOT_PAPERS,
        DELETE_ROLE_REQUESTS,
        DELETE_PREFERENCES,
        CLEAR_PAYEES,
        CLEAR_ANSWER_FILES,
        CLEAR_RETAKES,
        DELETE_PICTURE_PRINTS,
        DELETE_WORKER_MODELS,
    ),
    *(
        DELETE_BLOCKS,
        DELETE_QUALIFICATIONS,
        DELETE_QUALIFICATION_REQUESTS,
        DELETE_PAGE_STORAGE,
        DELETE_UNPAID_ATTEMPTS,
        CLEAR_REDO_WORDS,
        DELETE_SCREENING_ANSWERS,
    ),
    *(
        DELETE_RATING_ASKS,
        DELETE_RATINGS,
        DELETE_RATING_SUMS,
        DELETE_CONTENT_CHOICES,
        DELETE_INVITATIONS,
        CLEAR_APPEAL_WORDS,
        CLEAR_STOP_WORDS,
        CLEAR_REPORTERS,
        CLEAR_COMPLAINTS,
        DELETE_COUNTER_OFFERS,
        DELETE_OPEN_CORRECTIONS,
    ),
)


@dataclass(frozen=True, slots=True)
class HeldMoney:
    """Money that this number of ended projects still hold, in millionths; `until_at` is 0 if nothing has to be waited
    for."""

    currency: str
    projects: int
    amount: int
    until_at: int


def _personal_kinds() -> list[str]:
    """Return the kinds whose answers are personal data."""
    return [kind for kind in list_kinds() if kind_of(kind).is_own]


# Papers that the law keeps after an erasure: tax forms, what was filed from them, SIRETs of declared contributions.
SET_TAX_FORM_END = (
    "UPDATE tax_forms SET keep_until = :until, remind_at = NULL WHERE person = :person AND sealed IS NOT NULL"
)
DELETE_UNANSWERED_TAX_FORM = "DELETE FROM tax_forms WHERE person = :person AND sealed IS NULL"
DELETE_EXPIRED_TAX_FORMS = "DELETE FROM tax_forms WHERE keep_until <= :now"
# When something of theirs was last asked to be paid.
SELECT_LAST_PAYOUT = "SELECT max(requested_at) FROM payouts WHERE worker = :person"
ERASE_EXPIRED_TAX_ANSWERS = """
UPDATE tax_documents SET sealed = NULL, key_print = NULL WHERE sealed IS NOT NULL AND message IN (
  SELECT id FROM tax_messages WHERE keep_until <= :now)"""
# Of erased people, when the time that accounts are kept is over.
ERASE_SIRETS = """
UPDATE contributions SET siret = '' WHERE siret <> '' AND payout IN (
  SELECT p.id FROM payouts p JOIN people w ON w.id = p.worker
  WHERE w.erased_at IS NOT NULL AND p.requested_at < :before)"""


class Erasure:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def begin_leaving(self, person: PersonId) -> bool:
        """Mark the person as leaving: they get no offers from now on. Return False if they are leaving already."""
        return self._db.changed(BEGIN_LEAVING, id=person, now=self._now) == 1

    def end_leaving(self, person: PersonId) -> None:
        """Let a leaving person stay."""
        self._db.changed(END_LEAVING, id=person)

    def list_ready(self, limit: int) -> list[PersonId]:
        """Return at most `limit` leaving people to whom everything was sent, or who have been leaving for an hour."""
        return single_values(self._db.all(SELECT_READY, before=later(self._now, -HOUR), limit=limit))

    def count_disputed(self, person: PersonId) -> int:
        """Return how many of the person's rejected answers are not finally decided."""
        return int(single_value(self._db.one(COUNT_DISPUTED, id=person)))

    def count_running(self, person: PersonId) -> int:
        """Return how many of the person's projects run."""
        return int(single_value(self._db.one(COUNT_RUNNING, id=person)))

    def list_held_money(self, person: PersonId) -> list[HeldMoney]:
        """Return what the person's ended projects still hold, by currency."""
        rows = self._db.all(SUM_HELD_BY_ENDED, id=person)
        return [HeldMoney(str(row[0]), int(row[1]), int(row[2]), int(row[3] or 0)) for row in rows]

    def list_owed_money(self, person: PersonId) -> list[tuple[str, int]]:
        """Return what the person's ended projects owe to workers as top-ups: (currency, millionths)."""
        return [(str(row[0]), int(row[1])) for row in self._db.all(SUM_OWED_BY_ENDED, id=person)]

    def clear_consensus(self) -> None:
        """Clear the consensus drawn from words that are being erased."""
        for kind in _personal_kinds():
            self._db.changed(CLEAR_CONSENSUS, kind=kind)

    def drop_unsent(self, reader: PersonId, live: str) -> None:
        """Drop an unsent live message with the person's words to this reader."""
        self._db.changed(DROP_UNSENT_LIVE, reader=reader, live=live, now=self._now)

    def find_last_payout(self, person: PersonId) -> Moment | None:
        """Return when the person last asked for a payout, or None."""
        moment: Moment | None = single_value(self._db.one(SELECT_LAST_PAYOUT, person=person))
        return moment

    def end_tax_form(self, person: PersonId, until: Moment) -> None:
        """Delete the person's tax form; saved answers stay, encrypted, until then."""
        self._db.changed(DELETE_UNANSWERED_TAX_FORM, person=person)
        self._db.changed(SET_TAX_FORM_END, person=person, until=until)

    def delete_expired_papers(self, sirets_before: Moment) -> None:
        """Delete tax forms and answers of filed returns whose retention is over, and SIRETs of erased people from
        payouts asked for before `sirets_before`; figures stay."""
        self._db.changed(DELETE_EXPIRED_TAX_FORMS, now=self._now)
        self._db.changed(ERASE_EXPIRED_TAX_ANSWERS, now=self._now)
        self._db.changed(ERASE_SIRETS, before=sirets_before)

    def order_scrub(self) -> None:
        """Order that overwritten rows also leave the database's log."""
        self._db.changed(SET_SCRUB, value="1")

    def is_scrub_ordered(self) -> bool:
        """Return whether the log is to be emptied."""
        return self._db.one(IS_SCRUB_SET) is not None

    def clear_scrub_order(self) -> None:
        """Store that the log was emptied."""
        self._db.changed(SET_SCRUB, value="0")

    def list_redraws(self, limit: int) -> list[TaskId]:
        """Return at most `limit` tasks whose consensus was drawn from withdrawn answers."""
        return single_values(self._db.all(SELECT_REDRAWS, limit=limit))

    def remove_redraw(self, task: TaskId) -> None:
        self._db.changed(DELETE_REDRAW, task=task)

    def erase(self, person: Person) -> None:
        """Erase a person: the ledger keeps its lines under an anonymous name; words, files and facts are deleted."""
        for name in accounts_of(person):
            self._db.changed(RENAME_ACCOUNT, name=name, nameless=erased_account_name(name, person))
        for kind in _personal_kinds():
            self._db.changed(QUEUE_REDRAWS, id=person.id, kind=kind)
        self.clear_consensus()
        for kind in _personal_kinds():
            for statement in (CLEAR_ANSWERS, MARK_TAKEN_BACK, CLEAR_EARLIER_ANSWERS):
                self._db.changed(statement, id=person.id, kind=kind)
        for statement in (WITHDRAW_ALL_CONSENTS, DROP_UNSENT, CLEAR_PERSON, CLEAR_QUESTIONS):
            self._db.changed(statement, id=person.id, now=self._now)
        Ratings(self._db, self._now).delete_ratings_by(person.id)
        for statement in ERASING_STATEMENTS:
            self._db.changed(statement, id=person.id)
        self._db.changed(CLEAR_INBOX_SENDER, telegram_id=person.telegram_id)


MONEY_SECTIONS = {
    "bank_accounts": """
SELECT holder, iban, fingerprint, given_at, usable_at, replaced_at FROM payees WHERE person = :person ORDER BY id""",
    "payouts": """
SELECT p.id AS number, p.currency, p.gross, p.withheld, p.fee, p.net, p.state, p.reason, p.requested_at, p.decided_at,
  e.iban FROM payouts p JOIN payees e ON e.id = p.payee WHERE p.worker = :person ORDER BY p.id""",
    "tax_form": """
SELECT asked_at, reminders, remind_at, given_at, changed_at, keep_until AS keep_until_at, sealed AS tax_answers
FROM tax_forms WHERE person = :person""",
    "siret": "SELECT siret, asked_at, given_at FROM contributors WHERE person = :person",
    "contributions": """
SELECT c.payout AS number, c.siret, c.month, c.rate AS withheld_basis_points, c.gross, c.amount FROM contributions c
JOIN payouts p ON p.id = c.payout WHERE p.worker = :person ORDER BY c.payout""",
    "billed_to": "SELECT buyer AS billed_to, asked_at FROM buyers WHERE person = :person",
    "invoices": """
SELECT i.year || '-' || i.number AS number, o.number AS corrects, i.currency, i.gross AS amount, i.buyer AS billed_to,
  i.issued_at FROM invoices i LEFT JOIN invoices o ON o.id = i.corrects WHERE i.person = :person ORDER BY i.id""",
    "tax_returns": """
SELECT m.year, m.form AS format, d.indicator AS kind, d.reference, d.currency, d.consideration, d.fees, d.withheld,
  d.activities AS answers, m.made_at, m.keep_until AS keep_until_at, d.sealed AS tax_answers
FROM tax_documents d JOIN tax_messages m ON m.id = d.message WHERE d.person = :person ORDER BY m.id, d.reference""",
    "money": f"""
SELECT t.id AS operation, t.made_at AS moved_at, a.name AS account, {MOVEMENT} AS kind, e.amount, e.balance,
  a.currency, t.memo
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name LIKE 'worker:' || CAST(:telegram_id AS TEXT) || ':%'
  OR a.name LIKE 'requester:' || CAST(:telegram_id AS TEXT) || ':%' ORDER BY t.id""",
}


BEGUN_SECTIONS = {
    "being_typed": "SELECT journey AS about, data, updated_at FROM drafts WHERE person = :person",
    "new_project": "SELECT data, updated_at FROM project_forms WHERE person = :person",
    "api_keys": """
SELECT number, hint, made_at, revoked_at, scope, budget, spent, used_at
FROM api_keys WHERE person = :person ORDER BY number""",
    "web_sessions": """
SELECT CASE WHEN is_open = 1 THEN 'session' ELSE 'link' END AS what, made_at, until AS deadline_at
FROM web_sessions WHERE person = :person ORDER BY made_at""",
    "launches_asked": """
SELECT id AS number, project, price, asked_at, until AS deadline_at, state, decided_at
FROM launch_requests WHERE person = :person ORDER BY id""",
    "digests": """
SELECT off, next_at FROM requester_digests WHERE person = :person
UNION ALL SELECT 1, d.next_at FROM team_undigested u JOIN requester_digests d ON d.person = u.team
WHERE u.member = :person""",
}


TEAM_SECTIONS = {
    "teams": """
SELECT p.name AS team, m.role, m.cap, m.currency, m.hears, m.joined_at, m.left_at
FROM team_members m JOIN people p ON p.id = m.team WHERE m.member = :person ORDER BY m.joined_at, m.team""",
    "team_spending": """
SELECT p.name AS team, s.amount, s.currency, s.month, s.cap, s.at
FROM team_spending s JOIN people p ON p.id = s.team WHERE s.member = :person ORDER BY s.id""",
    "team_projects": """
SELECT p.id AS number, p.title FROM team_projects l JOIN projects p ON p.id = l.project
WHERE l.member = :person ORDER BY p.id""",
    "team_invitations": """
SELECT p.name AS team, i.role, i.cap, i.currency, i.made_at, i.until AS until_at, i.ended_at
FROM team_invitations i JOIN people p ON p.id = i.team
WHERE i.made_by = :person OR i.used_by = :person ORDER BY i.id""",
    "team_keys": """
SELECT k.hint, k.scope, k.made_at, k.revoked_at FROM api_keys k WHERE k.member = :person ORDER BY k.made_at""",
}


SEALED_SECTIONS = ("tax_form", "tax_returns")  # sections whose last column is encrypted
_PERSON_SECTIONS = {
    "person": """
SELECT telegram_id, username, name, language, joined_at, consented_at, terms, requester, barred AS barred_from_asking,
  suspended, paused, reachable, unanswered AS pushes_unanswered, served_at AS last_offered_at,
  withholding AS withheld_basis_points, leaving_at FROM people WHERE id = :person""",
    "settings": f"SELECT {columns(Preferences)} FROM preferences WHERE person = :person",
}
_WORK_SECTIONS = {
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
_BOARD_SECTIONS = {
    "boards_read": """
SELECT r.board, coalesce(p.title, '') AS project, r.read_to AS last_post_seen, r.pen_month AS month_of_last_name
FROM board_readers r LEFT JOIN projects p ON p.id = r.board WHERE r.person = :person ORDER BY r.board""",
    "contacts_wished": "SELECT post, day AS wished_on FROM board_wishes WHERE person = :person ORDER BY post",
    "stood_for_steward": """
SELECT c.election, c.votes, c.elected FROM election_candidates c WHERE c.person = :person ORDER BY c.election""",
    "ballots_taken": "SELECT v.election FROM election_voters v WHERE v.person = :person ORDER BY v.election",
}
_REQUESTER_SECTIONS = {
    "role_requests": """
SELECT words, terms, state, asked_at, due_at AS deadline_at, decided_at, reason
FROM role_requests WHERE person = :person ORDER BY id""",
    "card_payments": """
SELECT amount, currency, state, asked_at, paid_at, refunded, charge AS telegram_charge, provider_charge
FROM card_payments WHERE payer = :person
UNION ALL SELECT total * 10000, currency, state, received_at, received_at,
  CASE WHEN state = 'returned' THEN total * 10000 ELSE 0 END, charge, provider_charge
FROM stray_card_payments WHERE payer = :person ORDER BY 4""",
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
UNION ALL SELECT 'request to give work', w.id, coalesce(nullif(w.reason, ''), w.state), w.decided_at
FROM role_requests w WHERE w.decided_by = :person
UNION ALL SELECT 'card payment', k.id, k.state, k.decided_at FROM stray_card_payments k WHERE k.decided_by = :person
UNION ALL SELECT 'stop', s.id, s.reason, s.made_at FROM stops s WHERE s.made_by = :person
UNION ALL SELECT 'appeal against a stop', s.id, s.ruling, s.ruled_at FROM stops s WHERE s.ruled_by = :person
UNION ALL SELECT 'bank file', b.id, b.currency, b.made_at FROM bank_files b WHERE b.made_by = :person
UNION ALL SELECT 'board', l.post, l.kind, l.day FROM board_log l WHERE l.person = :person ORDER BY 4""",
}
_TECHNICAL_SECTIONS = {
    **BEGUN_SECTIONS,
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
EVERYTHING_ABOUT: dict[str, str] = {
    **_PERSON_SECTIONS,
    **_WORK_SECTIONS,
    **QUALITY,
    **_BOARD_SECTIONS,
    **MONEY_SECTIONS,
    **_REQUESTER_SECTIONS,
    **TEAM_SECTIONS,
    **_TECHNICAL_SECTIONS,
}


# Rule 15: erased people's data is gone from every table, and no answer is kept without consent.
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
    WHEN EXISTS (SELECT 1 FROM web_sessions v WHERE v.person = p.id) THEN 'a browser of theirs is signed in'
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
