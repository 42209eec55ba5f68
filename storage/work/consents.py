"""Consents: who lets a project use their answers, who took them back, and what had been delivered until then."""

from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.people.personal_data import Consent, Delivery
from domain.projects.projects import ContentChoice, ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import equals_by_range, single_value, unpack_tuple

LATEST_MOMENT = 2**63 - 1  # milliseconds

# Joined to submissions `s`: those whose worker consents.
CONSENTED = "JOIN enrolments e ON e.worker = s.worker AND e.project = s.project AND e.consented_at IS NOT NULL"


def taken_back(of_table: str) -> str:
    """Return the SQL condition on submissions, by their name in a statement, that their worker took them back, or that
    they were erased with their worker. Only that worker may read such an answer, and no result or figure counts it; a
    statement without this condition is named, with its reason, in tests/architecture/test_taken_back.py."""
    return f"""EXISTS (
  SELECT 1 FROM enrolments w
  WHERE w.project = {of_table}.project AND w.worker = {of_table}.worker AND w.taken_back = 1)"""


TAKEN_BACK = taken_back("s")
IS_TAKEN_BACK = f"SELECT 1 FROM submissions s WHERE s.id = :submission AND {TAKEN_BACK}"

# What was learnt of them there goes with it; their models go with the other models (storage/quality/models).
WITHDRAW_CONSENT = """
UPDATE enrolments SET consented_at = NULL, withdrawn_at = :now, declined = 1, taken_back = 1, worth = NULL, later = 0,
  watch = 0
WHERE worker = :id AND project = :project AND consented_at IS NOT NULL"""
DELETE_EVIDENCE = "DELETE FROM evidence WHERE worker = :id AND project = :project"
# A task whose time is up could still be answered: that would be consent again.
RETURN_EXPIRED_OF_PROJECT = (
    "UPDATE assignments SET state = 'returned' WHERE worker = :id AND project = :project AND state = 'expired'"
)
COUNT_ANSWERS = "SELECT count(*), coalesce(min(id), 0) FROM submissions WHERE worker = :id AND project = :project"
_USED_BY = """SELECT s.task FROM submissions s
WHERE s.worker = :id AND s.project = :project AND s.answer IS NOT NULL AND s.state <> 'rejected'"""
REDRAW_TASKS = f"INSERT INTO redraws (task) {_USED_BY} ON CONFLICT (task) DO NOTHING"
# At once, for all of them: until they are drawn anew, nothing that was drawn from these answers is shown.
CLEAR_CONSENSUS = f"""
UPDATE tasks SET consensus = NULL, confidence = NULL, live = NULL, live_confidence = NULL, scores = NULL, scored = 0
WHERE gold IS NULL AND id IN ({_USED_BY})"""
SELECT_CONSENTS = """
SELECT p.id, p.title, e.consented_at, coalesce(e.terms, ''), e.answered
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.consented_at IS NOT NULL AND (e.consented_at, p.id) < (:since, :before)
ORDER BY e.consented_at DESC, p.id DESC LIMIT :limit"""
NOTE_DELIVERY = f"""
INSERT INTO deliveries (project, what, format, day, last_at, up_to)
SELECT CAST(:project AS BIGINT), CAST(:what AS TEXT), CAST(:format AS TEXT), CAST(:day AS BIGINT), CAST(:now AS BIGINT),
  coalesce((SELECT s.id FROM submissions s WHERE {equals_by_range("s.project", ":project")}
    ORDER BY s.project DESC, s.id DESC LIMIT 1), 0) WHERE true
ON CONFLICT (project, day, what, format)
DO UPDATE SET times = deliveries.times + 1, last_at = excluded.last_at, up_to = excluded.up_to"""
# Those in which an answer can be: made after it came.
SELECT_DELIVERIES = """
SELECT what, format, last_at FROM deliveries WHERE project = :project AND up_to >= :submission
ORDER BY last_at DESC, what, format"""


class Consents:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def list_consents(self, worker: PersonId, limit: int, since: int = 0, before: int = 0) -> list[Consent]:
        """Return the worker's consents, newest first, from behind the one to project `before`, which was given at
        `since`."""
        behind = {"since": since or LATEST_MOMENT, "before": before}
        return [Consent(*row) for row in self._db.all(SELECT_CONSENTS, worker=worker, limit=limit, **behind)]

    def withdraw(self, person: PersonId, project: ProjectId) -> int | None:
        """Withdraw consent and take the answers out of results and exports; their tasks are to be drawn anew. Return
        how many answers there were, None if there was no consent."""
        if not self._db.changed(WITHDRAW_CONSENT, id=person, project=project, now=self._now):
            return None
        self._db.changed(DELETE_EVIDENCE, id=person, project=project)
        self._db.changed(RETURN_EXPIRED_OF_PROJECT, id=person, project=project)
        self._db.changed(REDRAW_TASKS, id=person, project=project)
        self._db.changed(CLEAR_CONSENSUS, id=person, project=project)
        return int(single_value(self._db.one(COUNT_ANSWERS, id=person, project=project)))

    def is_taken_back(self, submission: int) -> bool:
        """Return whether its worker took the answer back, or it was erased with them: only they may read it, and it is
        not rejected."""
        return self._db.one(IS_TAKEN_BACK, submission=submission) is not None

    def note_delivery(self, project: ProjectId, what: str, form: str) -> None:
        """Note that all answers of the project up to now were delivered to the requester."""
        day = self._now - self._now % DAY
        self._db.changed(NOTE_DELIVERY, project=project, what=what, format=form, day=day, now=self._now)

    def delivered(self, person: PersonId, project: ProjectId) -> list[Delivery]:
        """Return the deliveries that hold an answer of this person, newest first."""
        answers, oldest = self._db.all(COUNT_ANSWERS, id=person, project=project)[0]
        rows = self._db.all(SELECT_DELIVERIES, project=project, submission=oldest) if answers else []
        return [Delivery(*row) for row in rows]


SELECT_CHOICE = "SELECT choice FROM content_choices WHERE worker = :worker AND project = :project"
STORE_CHOICE = """
INSERT INTO content_choices (worker, project, choice) VALUES (:worker, :project, :choice)
ON CONFLICT (worker, project) DO UPDATE SET choice = excluded.choice"""
RESET_REFUSAL = f"""
UPDATE content_choices SET choice = '{ContentChoice.SHOWN.value}'
WHERE worker = :worker AND project = :project AND choice = '{ContentChoice.REFUSED.value}'"""
SELECT_CHOSEN_CONTENT = """
SELECT p.content FROM content_choices c JOIN projects p ON p.id = c.project
WHERE c.worker = :worker AND c.choice = :choice ORDER BY c.project DESC LIMIT :limit"""
MAX_CHOICES_READ = 100  # projects whose choice is looked at


class ContentChoices:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find_choice(self, worker: PersonId, project: ProjectId) -> ContentChoice | None:
        """Return the worker's choice, None if they were not warned."""
        row = self._db.one(SELECT_CHOICE, worker=worker, project=project)
        return ContentChoice(row[0]) if row else None

    def keep(self, worker: PersonId, project: ProjectId, choice: ContentChoice) -> None:
        self._db.changed(STORE_CHOICE, worker=worker, project=project, choice=choice.value)

    def reconsider(self, worker: PersonId, project: ProjectId) -> None:
        """Turn a refusal back into a warning that was shown."""
        self._db.changed(RESET_REFUSAL, worker=worker, project=project)

    def unwanted(self, worker: PersonId) -> set[str]:
        """Return the kinds of content this worker refused somewhere and agreed to nowhere."""
        refused, agreed = (self._kinds(worker, choice) for choice in (ContentChoice.REFUSED, ContentChoice.AGREED))
        return refused - agreed

    def _kinds(self, worker: PersonId, choice: ContentChoice) -> set[str]:
        rows = self._db.all(SELECT_CHOSEN_CONTENT, worker=worker, choice=choice.value, limit=MAX_CHOICES_READ)
        return {kind for (content,) in rows for kind in unpack_tuple(content)}
