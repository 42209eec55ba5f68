"""Erasure: open matters of a person, people ready to be erased, and the erasing statements."""

from dataclasses import dataclass

from domain.answers import kind_of, kinds
from domain.moments import HOUR, Moment, later
from domain.money.ledger import accounts_of, forgotten
from domain.people.people import Person, PersonId
from domain.projects.tasks import TaskId
from storage.boxes.shown_tasks import ENDS
from storage.drivers.connection import Connection
from storage.drivers.records import each, first
from storage.fairness.ratings import Ratings

LEAVE = """
UPDATE people SET leaving_at = :now, paused = 1, idle = 0, push_changes_at = NULL
WHERE id = :id AND leaving_at IS NULL"""
STAY = "UPDATE people SET leaving_at = NULL WHERE id = :id AND erased_at IS NULL"
# Everything that was to be said to them has been said, or has had an hour.
READY = """
SELECT id FROM people WHERE leaving_at IS NOT NULL AND erased_at IS NULL AND (leaving_at < :before OR NOT EXISTS (
  SELECT 1 FROM outbox o WHERE o.person = people.id AND o.state = 'waiting' AND o.lane < 3)) LIMIT :limit"""
# Pay in dispute and projects under way: neither is theirs to give up.
DISPUTED = """
SELECT count(*) FROM rejections r JOIN submissions s ON s.id = r.submission
WHERE s.worker = :id AND r.state IN ('standing', 'appealed')"""
RUNNING = "SELECT count(*) FROM projects WHERE requester = :id AND state = 'running'"
# What ended projects hold for tasks in hand, rejected answers, answers asked for once more and top-ups; and by when
# that is decided as far as is known: an appeal takes longer.
HELD_BY_ENDED = """
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
OWED_BY_ENDED = """
SELECT p.currency, sum((u.each_owed - u.each_paid) * u.submissions) FROM topups u JOIN projects p ON p.id = u.project
WHERE u.each_paid < u.each_owed AND p.requester = :id AND p.state IN ('stopped', 'complete')
GROUP BY p.currency ORDER BY p.currency"""
WITHDRAW_ALL = """
UPDATE enrolments SET consented_at = NULL, withdrawn_at = coalesce(withdrawn_at, :now), declined = 1
WHERE worker = :id"""

RENAME = "UPDATE accounts SET name = :nameless WHERE name = :name"
# Columns that identify a person, by table.
PERSON = """
UPDATE people SET telegram_id = NULL, username = NULL, name = '', consented_at = NULL, requester = 0, paused = 1,
  idle = 0, push_changes_at = NULL, reachable = 0, choosy = 0, erased_at = :now WHERE id = :id"""
INBOX = "UPDATE inbox SET person = 0 WHERE person = :telegram_id AND state <> 'waiting'"
OUTBOX = f"{ENDS}, state = 'dropped', reason = 'forgotten' WHERE person = :id AND state = 'waiting'"
# Their words on the way to somebody else.
UNTOLD = f"""
{ENDS}, state = 'dropped', reason = 'forgotten' WHERE person = :reader AND live = :live AND state = 'waiting'"""
DRAFTS = "DELETE FROM drafts WHERE person = :id"
FORMS = "DELETE FROM project_forms WHERE person = :id"
PUSHES = "DELETE FROM hub_pushes WHERE requester = :id"
DIGESTS = "DELETE FROM requester_digests WHERE person = :id"
STEPS = "UPDATE assignments SET draft = NULL WHERE worker = :id AND draft IS NOT NULL"
KEYS = "DELETE FROM api_keys WHERE person = :id"
CALLS = "DELETE FROM webhook_calls WHERE person = :id"
HOOKS = "DELETE FROM webhooks WHERE person = :id"
REQUESTS = "DELETE FROM api_requests WHERE person = :id"
LIVE = "DELETE FROM live_messages WHERE person = :id"
WISHES = "DELETE FROM board_wishes WHERE person = :id"
PAPERS = "DELETE FROM election_voters WHERE person = :id"
READING = "DELETE FROM board_readers WHERE person = :id"
CHOICES = "DELETE FROM preferences WHERE person = :id"
# The keyed hash of an account stays, and who shared it with whom: data that names no one keeps a task from being
# answered twice to one account.
PAYEES = "UPDATE payees SET iban = '', holder = '' WHERE person = :id"
WORDS = """
UPDATE appeals SET words = NULL WHERE submission IN (SELECT id FROM submissions WHERE worker = :id)"""
# What they asked, and that it was they; the requester's answer stays.
QUESTIONS = """
UPDATE questions SET words = '', asker = NULL, ended_at = coalesce(ended_at, :now),
  state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END WHERE asker = :id"""
COMPLAINTS = """
UPDATE complaints SET words = '', person = NULL, remind_at = NULL, answer = CASE WHEN answer IS NOT NULL THEN '' END,
  state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END WHERE person = :id"""
STOPS = "UPDATE stops SET words = '' WHERE person = :id"
REPORTS = "UPDATE reports SET reporter = NULL WHERE reporter = :id"
FILES = "UPDATE answer_files SET unique_id = 'erased-' || assignment, file_id = '', album = NULL WHERE worker = :id"
RETAKES = "UPDATE retakes SET handed_in = '', album = '', print = '' WHERE worker = :id"
PRINTS = "DELETE FROM picture_prints WHERE assignment IN (SELECT id FROM assignments WHERE worker = :id)"
# Their own words, voice, pictures and places; a pressed option says nothing about who pressed it.
ANSWERS = """
UPDATE submissions SET answer = NULL
WHERE worker = :id AND project IN (SELECT id FROM projects WHERE kind = :kind)"""
# Erased like taken back: not one more “can't tell”.
TAKE_BACK = """
UPDATE enrolments SET taken_back = 1
WHERE worker = :id AND answered > 0 AND project IN (SELECT id FROM projects WHERE kind = :kind)"""
EARLIER = """
UPDATE corrections SET answer = NULL WHERE submission IN (
  SELECT s.id FROM submissions s JOIN projects p ON p.id = s.project WHERE s.worker = :id AND p.kind = :kind)"""
# What was drawn from their words goes with them, and is drawn again from what the others said.
REDRAW = """
INSERT INTO redraws (task) SELECT s.task FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :id AND p.kind = :kind ON CONFLICT (task) DO NOTHING"""
EMPTY = """
UPDATE tasks SET consensus = NULL, confidence = NULL, live = NULL, live_confidence = NULL, scores = NULL, scored = 0
WHERE gold IS NULL AND id IN (SELECT task FROM redraws) AND (consensus IS NOT NULL OR live IS NOT NULL)
  AND project IN (SELECT id FROM projects WHERE kind = :kind)"""
TO_REDRAW = "SELECT task FROM redraws ORDER BY task LIMIT :limit"
REDRAWN = "DELETE FROM redraws WHERE task = :task"
SCRUB = """
INSERT INTO settings (name, value) VALUES ('scrub', :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
ORDERED = "SELECT 1 FROM settings WHERE name = 'scrub' AND value = '1'"
CHANGES = "DELETE FROM open_corrections WHERE worker = :id"
OFFERS = "DELETE FROM counter_offers WHERE worker = :id"
# Who was to rate whom; what others gave them as a requester, and their reply.
ASKS = "DELETE FROM rating_asks WHERE worker = :id OR requester = :id"
RATED = "DELETE FROM ratings WHERE requester = :id"
RATING = "DELETE FROM rating_sums WHERE requester = :id"
WARNED = "DELETE FROM content_choices WHERE worker = :id"
INVITED = "DELETE FROM invited WHERE worker = :id"
BLOCKED = "DELETE FROM worker_blocks WHERE worker = :id OR requester = :id"
REDOS = "UPDATE redos SET words = '' WHERE worker = :id"
SAID = "DELETE FROM screening_answers WHERE worker = :id"
HELD = "DELETE FROM qualifications WHERE worker = :id"
ASKED = "DELETE FROM qualification_requests WHERE worker = :id"
STORED = "DELETE FROM turk_page_storage WHERE worker = :id OR requester = :id"
UNPAID_TESTS = "DELETE FROM test_attempts WHERE worker = :id AND paid_at IS NULL"
MODELS = "DELETE FROM worker_models WHERE worker = :id"
SIRET = "DELETE FROM contributors WHERE person = :id"
BUYER = "DELETE FROM buyers WHERE person = :id"

GONE = (
    *(SIRET, BUYER),
    *(
        DRAFTS,
        DIGESTS,
        PUSHES,
        FORMS,
        STEPS,
        KEYS,
        REQUESTS,
        CALLS,
        HOOKS,
        LIVE,
        READING,
        WISHES,
        PAPERS,
        CHOICES,
        PAYEES,
        FILES,
        RETAKES,
        PRINTS,
        MODELS,
    ),
    *(BLOCKED, HELD, ASKED, STORED, UNPAID_TESTS, REDOS, SAID),
    *(ASKS, RATED, RATING, WARNED, INVITED, WORDS, STOPS, REPORTS, COMPLAINTS, OFFERS, CHANGES),
)


@dataclass(frozen=True, slots=True)
class Held:
    """What so many ended projects still hold; `until_at` is 0 where nothing has to be waited for."""

    currency: str
    projects: int
    amount: int
    until_at: int


def _own_words() -> list[str]:
    """Kinds whose answers are personal data."""
    return [kind for kind in kinds() if kind_of(kind).is_own]


class Erasure:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def begin(self, person: PersonId) -> bool:
        """Nothing is offered to them from now on."""
        return self._db.changed(LEAVE, id=person, now=self._now) == 1

    def stop(self, person: PersonId) -> None:
        self._db.changed(STAY, id=person)

    def ready(self, limit: int) -> list[PersonId]:
        return each(self._db.all(READY, before=later(self._now, -HOUR), limit=limit))

    def disputed(self, person: PersonId) -> int:
        return int(first(self._db.one(DISPUTED, id=person)))

    def running(self, person: PersonId) -> int:
        return int(first(self._db.one(RUNNING, id=person)))

    def held(self, person: PersonId) -> list[Held]:
        """By currency."""
        rows = self._db.all(HELD_BY_ENDED, id=person)
        return [Held(str(row[0]), int(row[1]), int(row[2]), int(row[3] or 0)) for row in rows]

    def owed(self, person: PersonId) -> list[tuple[str, int]]:
        """By currency."""
        return [(str(row[0]), int(row[1])) for row in self._db.all(OWED_BY_ENDED, id=person)]

    def empty(self) -> None:
        """What was drawn from words that are being erased is gone at once."""
        for kind in _own_words():
            self._db.changed(EMPTY, kind=kind)

    def untell(self, reader: PersonId, live: str) -> None:
        """A live message with their words that its reader has not been sent yet."""
        self._db.changed(UNTOLD, reader=reader, live=live, now=self._now)

    def order_scrub(self) -> None:
        """What was overwritten is to be gone from the database's log as well."""
        self._db.changed(SCRUB, value="1")

    def is_scrub_ordered(self) -> bool:
        return self._db.one(ORDERED) is not None

    def scrubbed(self) -> None:
        self._db.changed(SCRUB, value="0")

    def to_redraw(self, limit: int) -> list[TaskId]:
        """Tasks whose consensus held words that were withdrawn."""
        return each(self._db.all(TO_REDRAW, limit=limit))

    def redrawn(self, task: TaskId) -> None:
        self._db.changed(REDRAWN, task=task)

    def erase(self, person: Person) -> None:
        """Erases a person: the ledger keeps its lines under an anonymous name; words, files and facts are deleted."""
        for name in accounts_of(person):
            self._db.changed(RENAME, name=name, nameless=forgotten(name, person))
        for kind in _own_words():
            self._db.changed(REDRAW, id=person.id, kind=kind)
        self.empty()
        for kind in _own_words():
            for statement in (ANSWERS, TAKE_BACK, EARLIER):
                self._db.changed(statement, id=person.id, kind=kind)
        for statement in (WITHDRAW_ALL, OUTBOX, PERSON, QUESTIONS):
            self._db.changed(statement, id=person.id, now=self._now)
        Ratings(self._db, self._now).drop_of(person.id)
        for statement in GONE:
            self._db.changed(statement, id=person.id)
        self._db.changed(INBOX, telegram_id=person.telegram_id)
