"""Complaints and their answers."""

from domain.fairness.board import (
    ANSWER_IN,
    COLLECTS,
    HOUSE,
    BoardId,
    Petition,
    PetitionState,
    PostId,
    day_of,
)
from domain.fairness.cases import (
    DEADLINE,
    Complaint,
    ComplaintId,
    next_step,
)
from domain.fairness.first_look import FirstLook, LookState
from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, each, first

_COMPLAINT = columns(Complaint)

BY_ID = f"SELECT {_COMPLAINT} FROM complaints WHERE id = :id"
ADD = f"""
INSERT INTO complaints (person, about, subject, words, state, made_at, due_at, remind_at)
VALUES (:person, :about, :subject, :words, 'open', :now, :due, :remind) RETURNING {_COMPLAINT}"""
MADE_SINCE = "SELECT count(*) FROM complaints WHERE person = :person AND made_at > :since"
OPEN_OF = "SELECT count(*) FROM complaints WHERE person = :person AND state = 'open'"
# Nobody answers their own.
WAITING = f"""
SELECT {_COMPLAINT} FROM complaints WHERE state = 'open' AND person <> :but ORDER BY due_at, id LIMIT :limit"""
ANSWER = """
UPDATE complaints SET state = 'answered', answer = :answer, answered_at = :now, answered_by = :by, remind_at = NULL
WHERE id = :id AND state = 'open'"""
TO_REMIND = f"""
SELECT {_COMPLAINT} FROM complaints
WHERE state = 'open' AND remind_at IS NOT NULL AND remind_at <= :now ORDER BY remind_at LIMIT :limit"""
REMINDED = "UPDATE complaints SET reminded = :count, remind_at = :next WHERE id = :id"


class Complaints:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, complaint: ComplaintId) -> Complaint | None:
        row = self._db.one(BY_ID, id=complaint)
        return Complaint(*row) if row else None

    def add(self, person: PersonId, about: str, subject: int, words: str) -> Complaint:
        when = {"now": self._now, "due": later(self._now, DEADLINE), "remind": next_step(self._now, 0)}
        return Complaint(*self._db.all(ADD, person=person, about=about, subject=subject, words=words, **when)[0])

    def count_recent(self, person: PersonId) -> int:
        """Within a day."""
        return int(first(self._db.one(MADE_SINCE, person=person, since=later(self._now, -DAY))))

    def count_open(self, person: PersonId) -> int:
        return int(first(self._db.one(OPEN_OF, person=person)))

    def list_waiting(self, but: PersonId, limit: int) -> list[Complaint]:
        """For somebody else to answer, the most urgent first."""
        return [Complaint(*row) for row in self._db.all(WAITING, but=but, limit=limit)]

    def answer(self, complaint: ComplaintId, words: str, by: PersonId) -> bool:
        """False where it is not open any more."""
        return self._db.changed(ANSWER, id=complaint, answer=words, by=by, now=self._now) == 1

    def due_for_reminder(self, limit: int) -> list[Complaint]:
        return [Complaint(*row) for row in self._db.all(TO_REMIND, now=self._now, limit=limit)]

    def store_reminder(self, known: Complaint, count: int) -> None:
        self._db.changed(REMINDED, id=known.id, count=count, next=next_step(known.made_at, count))


_LOOK = columns(FirstLook, "f.")

FIND = f"SELECT {_LOOK} FROM first_looks f WHERE f.project = :project"
# Asked again it is a new version; a refusal's reason stays until the next decision.
ADD_FIRST_LOOK = """
INSERT INTO first_looks (project, state, seen, version, asked_at, reason)
VALUES (:project, 'waiting', :seen, 1, :now, '')
ON CONFLICT (project) DO UPDATE SET state = 'waiting', seen = excluded.seen, version = first_looks.version + 1,
  asked_at = excluded.asked_at"""
ASKED_BY = "UPDATE first_looks SET api_key = :key, price = :price WHERE project = :project"
END_FIRST_LOOK = """
UPDATE first_looks SET state = :state, reason = :reason, ended_by = :by, ended_at = :now
WHERE project = :project AND state = 'waiting'"""
# Of drafts that are still there.
WAITING_FIRST_LOOKS = f"""
SELECT {_LOOK} FROM first_looks f JOIN projects p ON p.id = f.project
WHERE f.state = 'waiting' AND p.state = 'draft' AND p.arriving = 0 ORDER BY f.asked_at, f.project LIMIT :limit"""
KNOWN = """
SELECT 1 FROM projects p LEFT JOIN first_looks f ON f.project = p.id
WHERE p.requester = :requester AND (p.state = 'complete' OR f.state = 'approved') LIMIT 1"""


class FirstLooks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, project: ProjectId) -> FirstLook | None:
        row = self._db.one(FIND, project=project)
        return FirstLook(row[0], LookState(row[1]), *row[2:]) if row else None

    def request_look(self, project: ProjectId, seen: str) -> None:
        self._db.changed(ADD_FIRST_LOOK, project=project, seen=seen, now=self._now)

    def store_asker(self, project: ProjectId, key: int | None, price: int | None) -> None:
        """The key of the program that asked, None for a person, and what it agreed to."""
        self._db.changed(ASKED_BY, project=project, key=key, price=price)

    def end(self, project: ProjectId, state: LookState, by: PersonId, reason: str = "") -> bool:
        """False where it waits no more."""
        about = {"project": project, "state": state.value, "reason": reason, "by": by, "now": self._now}
        return self._db.changed(END_FIRST_LOOK, **about) == 1

    def waiting(self, limit: int) -> list[FirstLook]:
        """Those that have waited longest first."""
        return [
            FirstLook(row[0], LookState(row[1]), *row[2:]) for row in self._db.all(WAITING_FIRST_LOOKS, limit=limit)
        ]

    def has_proven_project(self, requester: PersonId) -> bool:
        """Whether a project of theirs was approved, or is complete."""
        return self._db.one(KNOWN, requester=requester) is not None


_PETITION = columns(Petition)

BEGIN = """
INSERT INTO board_petitions (post, board, closes, state) VALUES (:post, :board, :closes, 'open')"""
GET = f"SELECT {_PETITION} FROM board_petitions WHERE post = :post"
SIGN = """
INSERT INTO board_signatures (post, signer, month) VALUES (:post, :signer, :month)
ON CONFLICT (post, signer) DO NOTHING"""
SIGNED = "SELECT 1 FROM board_signatures WHERE post = :post AND signer = :signer"
# Pens of one month are of different people: the best month counts.
VOICES = """
SELECT count(*) FROM board_signatures WHERE post = :post GROUP BY month ORDER BY count(*) DESC LIMIT 1"""
CARRY = """
INSERT INTO board_signatures (post, signer, month) SELECT :again, signer, month FROM board_signatures
WHERE post = :post"""
COUNT = "UPDATE board_petitions SET voices = :voices WHERE post = :post"
ADD_PETITION = "UPDATE board_petitions SET state = 'asked', due = :due WHERE post = :post AND state = 'open'"
ANSWER_PETITION = """
UPDATE board_petitions SET answer = :answer, answered_on = :today,
  state = CASE state WHEN 'asked' THEN 'answered' ELSE state END
WHERE post = :post AND state IN ('asked', 'unanswered') AND answer IS NULL"""
# The first condition is that of an index.
ASKED = """
SELECT post FROM board_petitions WHERE state IN ('open', 'asked') AND state = 'asked' AND board = :board
ORDER BY due, post LIMIT :limit"""
OVERDUE = f"""
SELECT {_PETITION} FROM board_petitions
WHERE state IN ('open', 'asked') AND (CASE state WHEN 'open' THEN closes ELSE due END) < :today
ORDER BY post LIMIT :limit"""
END_PETITION = """
UPDATE board_petitions SET state = CASE state WHEN 'open' THEN 'lapsed' ELSE 'unanswered' END
WHERE post = :post AND state IN ('open', 'asked')"""

# Of an asked one, too: no answer is due any more.
WITHDRAW = """
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
        self._db.changed(BEGIN, post=post, board=board, closes=self._today + COLLECTS * DAY)

    def find(self, post: PostId) -> Petition | None:
        row = self._db.one(GET, post=post)
        return petition_from(row) if row else None

    def move_to_new_post(self, post: PostId, again: PostId, board: BoardId) -> int:
        """The petition goes on as another post, with the voices it has."""
        self.begin(again, board)
        self._db.changed(CARRY, post=post, again=again)
        voices = int(first(self._db.one(VOICES, post=again), 0))
        self._db.changed(COUNT, post=again, voices=voices)
        return voices

    def sign(self, post: PostId, signer: str, month: int) -> int | None:
        """How many signed by now; None for who had signed before."""
        if not self._db.changed(SIGN, post=post, signer=signer, month=month):
            return None
        voices = int(first(self._db.one(VOICES, post=post)))
        self._db.changed(COUNT, post=post, voices=voices)
        return voices

    def has_signed(self, post: PostId, signer: str) -> bool:
        return self._db.one(SIGNED, post=post, signer=signer) is not None

    def request_answer(self, post: PostId) -> Moment | None:
        """Enough have signed: the last day for an answer; None where it was asked before."""
        due = Moment(self._today + ANSWER_IN * DAY)
        return due if self._db.changed(ADD_PETITION, post=post, due=due) else None

    def waiting_for_house(self, limit: int) -> list[PostId]:
        """Those that wait for the admins' answer, the most urgent first."""
        return each(self._db.all(ASKED, board=HOUSE, limit=limit))

    def answer(self, post: PostId, answer: str) -> bool:
        """Once, in time or late."""
        return self._db.changed(ANSWER_PETITION, post=post, answer=answer, today=self._today) == 1

    def overdue(self, limit: int) -> list[Petition]:
        return [petition_from(row) for row in self._db.all(OVERDUE, today=self._today, limit=limit)]

    def withdraw(self, post: PostId) -> None:
        """It was taken back, or hidden: it collects no voices and waits for no answer."""
        self._db.changed(WITHDRAW, post=post)

    def close_unmet(self, post: PostId) -> None:
        """Lapsed, or met by silence."""
        self._db.changed(END_PETITION, post=post)
