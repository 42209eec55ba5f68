"""Complaints and their answers, first looks at projects, petitions and their signatures."""

from domain.fairness.board import ANSWER_DAYS, COLLECTING_DAYS, BoardId, Petition, PetitionState, PostId, day_of
from domain.fairness.cases import DEADLINE, Complaint, ComplaintId, next_reminder_at
from domain.fairness.first_look import FirstLook, LookState
from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value

_COMPLAINT = columns(Complaint)

SELECT_COMPLAINT = f"SELECT {_COMPLAINT} FROM complaints WHERE id = :id"
INSERT_COMPLAINT = f"""
INSERT INTO complaints (person, about, subject, words, state, made_at, due_at, remind_at)
VALUES (:person, :about, :subject, :words, 'open', :now, :due, :remind) RETURNING {_COMPLAINT}"""
COUNT_COMPLAINTS_SINCE = "SELECT count(*) FROM complaints WHERE person = :person AND made_at > :since"
COUNT_OPEN_COMPLAINTS = "SELECT count(*) FROM complaints WHERE person = :person AND state = 'open'"
# Admins must not answer complaints of their own.
SELECT_WAITING_COMPLAINTS = f"""
SELECT {_COMPLAINT} FROM complaints WHERE state = 'open' AND person <> :but ORDER BY due_at, id LIMIT :limit"""
ANSWER_COMPLAINT = """
UPDATE complaints SET state = 'answered', answer = :answer, answered_at = :now, answered_by = :by, remind_at = NULL
WHERE id = :id AND state = 'open'"""
SELECT_DUE_REMINDERS = f"""
SELECT {_COMPLAINT} FROM complaints
WHERE state = 'open' AND remind_at IS NOT NULL AND remind_at <= :now ORDER BY remind_at LIMIT :limit"""
SET_REMINDED = "UPDATE complaints SET reminded = :count, remind_at = :next WHERE id = :id"


class Complaints:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, complaint: ComplaintId) -> Complaint | None:
        row = self._db.one(SELECT_COMPLAINT, id=complaint)
        return Complaint(*row) if row else None

    def add(self, person: PersonId, about: str, subject: int, words: str) -> Complaint:
        when = {"now": self._now, "due": later(self._now, DEADLINE), "remind": next_reminder_at(self._now, 0)}
        return Complaint(
            *self._db.all(INSERT_COMPLAINT, person=person, about=about, subject=subject, words=words, **when)[0]
        )

    def count_recent(self, person: PersonId) -> int:
        """Return how many complaints the person made within a day."""
        return int(single_value(self._db.one(COUNT_COMPLAINTS_SINCE, person=person, since=later(self._now, -DAY))))

    def count_open(self, person: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_OPEN_COMPLAINTS, person=person)))

    def list_waiting(self, but: PersonId, limit: int) -> list[Complaint]:
        """Return open complaints of other people than `but`, the most urgent first."""
        return [Complaint(*row) for row in self._db.all(SELECT_WAITING_COMPLAINTS, but=but, limit=limit)]

    def answer(self, complaint: ComplaintId, words: str, by: PersonId) -> bool:
        """Store an answer. Return False if the complaint is not open any more."""
        return self._db.changed(ANSWER_COMPLAINT, id=complaint, answer=words, by=by, now=self._now) == 1

    def due_for_reminder(self, limit: int) -> list[Complaint]:
        return [Complaint(*row) for row in self._db.all(SELECT_DUE_REMINDERS, now=self._now, limit=limit)]

    def store_reminder(self, complaint: Complaint, count: int) -> None:
        self._db.changed(SET_REMINDED, id=complaint.id, count=count, next=next_reminder_at(complaint.made_at, count))


_LOOK = columns(FirstLook, "f.")

SELECT_FIRST_LOOK = f"SELECT {_LOOK} FROM first_looks f WHERE f.project = :project"
# A repeated request is a new version; a refusal's reason stays until the next decision.
UPSERT_FIRST_LOOK = """
INSERT INTO first_looks (project, state, seen, version, asked_at, reason)
VALUES (:project, 'waiting', :seen, 1, :now, '')
ON CONFLICT (project) DO UPDATE SET state = 'waiting', seen = excluded.seen, version = first_looks.version + 1,
  asked_at = excluded.asked_at"""
SET_ASKER = "UPDATE first_looks SET api_key = :key, price = :price WHERE project = :project"
CLOSE_FIRST_LOOK = """
UPDATE first_looks SET state = :state, reason = :reason, ended_by = :by, ended_at = :now
WHERE project = :project AND state = 'waiting'"""
SELECT_PROVEN_PROJECT = """
SELECT 1 FROM projects p LEFT JOIN first_looks f ON f.project = p.id
WHERE p.requester = :requester AND (p.state = 'complete' OR f.state = 'approved') LIMIT 1"""


class FirstLooks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, project: ProjectId) -> FirstLook | None:
        row = self._db.one(SELECT_FIRST_LOOK, project=project)
        return FirstLook(row[0], LookState(row[1]), *row[2:]) if row else None

    def request_look(self, project: ProjectId, fingerprint: str) -> None:
        """Let a project wait for a first look, as a new version if it waited or was refused before."""
        self._db.changed(UPSERT_FIRST_LOOK, project=project, seen=fingerprint, now=self._now)

    def store_asker(self, project: ProjectId, key: int | None, price: int | None) -> None:
        """Store the API key of the program that asked (None for a person) and the price to which it agreed."""
        self._db.changed(SET_ASKER, project=project, key=key, price=price)

    def end(self, project: ProjectId, state: LookState, by: PersonId, reason: str = "") -> bool:
        """Store the decision. Return False if the look does not wait any more."""
        parameters = {"project": project, "state": state.value, "reason": reason, "by": by, "now": self._now}
        return self._db.changed(CLOSE_FIRST_LOOK, **parameters) == 1

    def has_proven_project(self, requester: PersonId) -> bool:
        """Return whether a project of the requester was approved or is complete."""
        return self._db.one(SELECT_PROVEN_PROJECT, requester=requester) is not None


_PETITION = columns(Petition)

INSERT_PETITION = """
INSERT INTO board_petitions (post, board, closes, state) VALUES (:post, :board, :closes, 'open')"""
SELECT_PETITION = f"SELECT {_PETITION} FROM board_petitions WHERE post = :post"
INSERT_SIGNATURE = """
INSERT INTO board_signatures (post, signer, month) VALUES (:post, :signer, :month)
ON CONFLICT (post, signer) DO NOTHING"""
SELECT_SIGNATURE = "SELECT 1 FROM board_signatures WHERE post = :post AND signer = :signer"
# One person may hold pens of several months, so only the month with most signatures counts.
COUNT_VOICES = """
SELECT count(*) FROM board_signatures WHERE post = :post GROUP BY month ORDER BY count(*) DESC LIMIT 1"""
COPY_SIGNATURES = """
INSERT INTO board_signatures (post, signer, month) SELECT :again, signer, month FROM board_signatures
WHERE post = :post"""
SET_VOICES = "UPDATE board_petitions SET voices = :voices WHERE post = :post"
REQUEST_ANSWER = "UPDATE board_petitions SET state = 'asked', due = :due WHERE post = :post AND state = 'open'"
ANSWER_PETITION = """
UPDATE board_petitions SET answer = :answer, answered_on = :today,
  state = CASE state WHEN 'asked' THEN 'answered' ELSE state END
WHERE post = :post AND state IN ('asked', 'unanswered') AND answer IS NULL"""
# The first condition lets the partial index be used.
SELECT_OVERDUE_PETITIONS = f"""
SELECT {_PETITION} FROM board_petitions
WHERE state IN ('open', 'asked') AND (CASE state WHEN 'open' THEN closes ELSE due END) < :today
ORDER BY post LIMIT :limit"""
CLOSE_UNMET_PETITION = """
UPDATE board_petitions SET state = CASE state WHEN 'open' THEN 'lapsed' ELSE 'unanswered' END
WHERE post = :post AND state IN ('open', 'asked')"""

# Also for a petition that waits for an answer: none is due any more.
WITHDRAW_PETITION = """
UPDATE board_petitions SET state = 'lapsed', due = NULL WHERE post = :post AND state IN ('open', 'asked')"""


def petition_from(row: Row) -> Petition:
    values = list(row)
    values[7] = PetitionState(values[7])
    return Petition(*values)


class Petitions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def begin(self, post: PostId, board: BoardId) -> None:
        self._db.changed(INSERT_PETITION, post=post, board=board, closes=self._today + COLLECTING_DAYS * DAY)

    def find(self, post: PostId) -> Petition | None:
        row = self._db.one(SELECT_PETITION, post=post)
        return petition_from(row) if row else None

    def move_to_new_post(self, post: PostId, new_post: PostId, board: BoardId) -> int:
        """Copy the petition with its voices to a new post. Return the number of voices."""
        self.begin(new_post, board)
        self._db.changed(COPY_SIGNATURES, post=post, again=new_post)
        voices = int(single_value(self._db.one(COUNT_VOICES, post=new_post), 0))
        self._db.changed(SET_VOICES, post=new_post, voices=voices)
        return voices

    def sign(self, post: PostId, signer: str, month: int) -> int | None:
        """Add a signature. Return the number of voices, None if this pen signed before."""
        if not self._db.changed(INSERT_SIGNATURE, post=post, signer=signer, month=month):
            return None
        voices = int(single_value(self._db.one(COUNT_VOICES, post=post)))
        self._db.changed(SET_VOICES, post=post, voices=voices)
        return voices

    def has_signed(self, post: PostId, signer: str) -> bool:
        return self._db.one(SELECT_SIGNATURE, post=post, signer=signer) is not None

    def request_answer(self, post: PostId) -> Moment | None:
        """Set the deadline for an answer and return it; None if an answer was requested before."""
        due = Moment(self._today + ANSWER_DAYS * DAY)
        return due if self._db.changed(REQUEST_ANSWER, post=post, due=due) else None

    def answer(self, post: PostId, answer: str) -> bool:
        """Store an answer, in time or late. Return False if there is one or none was requested."""
        return self._db.changed(ANSWER_PETITION, post=post, answer=answer, today=self._today) == 1

    def overdue(self, limit: int) -> list[Petition]:
        return [petition_from(row) for row in self._db.all(SELECT_OVERDUE_PETITIONS, today=self._today, limit=limit)]

    def withdraw(self, post: PostId) -> None:
        """Close a petition whose post was taken back or hidden: it collects no voices and needs no answer."""
        self._db.changed(WITHDRAW_PETITION, post=post)

    def close_unmet(self, post: PostId) -> None:
        """Close a petition that got too few voices or no answer in time."""
        self._db.changed(CLOSE_UNMET_PETITION, post=post)
