"""Qualifications: types, what workers have of them, and requests."""

from typing import Any

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.people.qualifications import (
    OPEN,
    WAITING,
    PaidTest,
    Qualification,
    QualificationRequest,
    QualificationType,
    RequestId,
    ScreeningId,
    ScreeningQuestion,
    TypeId,
    WorkerBlock,
    plain_name,
    plain_question,
)
from storage.drivers.connection import Connection, Row
from storage.drivers.records import (
    columns,
    first,
    pack,
    words,
)

ADD_PAID_TEST = "INSERT INTO paid_tests (type, pay, currency, places) VALUES (:type, :pay, :currency, :places)"
FIND_PAID_TEST = """
SELECT p.type, p.pay, p.currency, p.places, p.ended_at, count(a.worker), count(a.paid_at)
FROM paid_tests p LEFT JOIN test_attempts a ON a.type = p.type WHERE p.type = :type
GROUP BY p.type, p.pay, p.currency, p.places, p.ended_at"""
END = "UPDATE paid_tests SET ended_at = :now WHERE type = :type AND ended_at IS NULL"
BEGIN_TEST = "INSERT INTO test_attempts (type, worker, begun_at) VALUES (:type, :worker, :now)"
# Also under another account: who shares a bank account with them, or who they were before they were erased.
BEGAN = """
SELECT 1 FROM test_attempts WHERE type = :type AND (
  worker = :worker OR worker IN (SELECT mate FROM payee_mates WHERE person = :worker))"""
PAY = "UPDATE test_attempts SET paid_at = :now WHERE type = :type AND worker = :worker AND paid_at IS NULL"
FREE = "DELETE FROM test_attempts WHERE type = :type AND worker = :worker AND paid_at IS NULL"
UNPAID_TESTS = "SELECT worker, begun_at FROM test_attempts WHERE type = :type AND paid_at IS NULL ORDER BY worker"


class PaidTests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, type_: TypeId, pay: Millionths, currency: str, places: int) -> None:
        self._db.changed(ADD_PAID_TEST, type=type_, pay=pay, currency=currency, places=places)

    def find(self, type_: TypeId) -> PaidTest | None:
        row = self._db.one(FIND_PAID_TEST, type=type_)
        return PaidTest(*row) if row else None

    def end(self, type_: TypeId) -> bool:
        return self._db.changed(END, type=type_, now=self._now) == 1

    def begin(self, type_: TypeId, worker: PersonId) -> None:
        self._db.changed(BEGIN_TEST, type=type_, worker=worker, now=self._now)

    def began(self, type_: TypeId, worker: PersonId) -> bool:
        """Also one that was paid."""
        return self._db.one(BEGAN, type=type_, worker=worker) is not None

    def pay(self, type_: TypeId, worker: PersonId) -> bool:
        """False: they have not begun, or were paid."""
        return self._db.changed(PAY, type=type_, worker=worker, now=self._now) == 1

    def free(self, type_: TypeId, worker: PersonId) -> None:
        """Somebody else may take the place."""
        self._db.changed(FREE, type=type_, worker=worker)

    def unpaid(self, type_: TypeId) -> list[tuple[PersonId, Moment]]:
        """Who has begun, and when."""
        return [(PersonId(worker), Moment(begun)) for worker, begun in self._db.all(UNPAID_TESTS, type=type_)]


_TYPE, _QUALIFICATION, _REQUEST = columns(QualificationType), columns(Qualification), columns(QualificationRequest)
ADD = """
INSERT INTO qualification_types (requester, name, plain, description, keywords, active, retry_seconds, test,
  test_seconds, answer_key, granted_by_itself, made_at)
SELECT CAST(:requester AS BIGINT), :name, :plain, :description, :keywords, :active, CAST(:retry_seconds AS BIGINT),
  :test, CAST(:test_seconds AS BIGINT), :answer_key, CAST(:granted_by_itself AS BIGINT), CAST(:now AS BIGINT)
WHERE NOT EXISTS (
  SELECT 1 FROM qualification_types WHERE requester = :requester AND plain = :plain AND deleted_at IS NULL)
RETURNING id"""
CHANGE = """
UPDATE qualification_types SET description = :description, active = :active, retry_seconds = :retry_seconds,
  test = :test, test_seconds = :test_seconds, answer_key = :answer_key, granted_by_itself = :granted_by_itself
WHERE id = :id"""
DELETE = "UPDATE qualification_types SET deleted_at = :now WHERE id = :id"
FIND = f"SELECT {_TYPE} FROM qualification_types WHERE id = :id AND deleted_at IS NULL"
NAMED = f"""
SELECT {_TYPE} FROM qualification_types WHERE requester = :requester AND plain = :plain AND deleted_at IS NULL"""
OF_REQUESTER = f"""
SELECT {_TYPE} FROM qualification_types WHERE requester = :requester AND deleted_at IS NULL AND id > :after
ORDER BY id LIMIT :limit"""

COUNT = "SELECT count(*) FROM qualification_types WHERE requester = :requester AND deleted_at IS NULL"
HELD = """
SELECT q.type, q.value FROM qualifications q JOIN qualification_types t ON t.id = q.type
WHERE q.worker = :worker AND q.granted = 1 AND t.deleted_at IS NULL"""
HAS = f"SELECT {_QUALIFICATION} FROM qualifications WHERE type = :type AND worker = :worker"
GRANT = """
INSERT INTO qualifications (type, worker, value, granted, changed_at, reason)
VALUES (:type, :worker, :value, 1, :now, '')
ON CONFLICT (type, worker) DO UPDATE SET value = excluded.value, granted = 1, changed_at = excluded.changed_at,
  reason = ''"""
REVOKE = """
UPDATE qualifications SET granted = 0, changed_at = :now, reason = :reason
WHERE type = :type AND worker = :worker AND granted = 1"""
HOLDERS = f"""
SELECT {_QUALIFICATION} FROM qualifications WHERE type = :type AND granted = :granted AND worker > :after
ORDER BY worker LIMIT :limit"""
COUNT_HOLDERS = "SELECT count(*) FROM qualifications WHERE type = :type AND granted = 1"
AWAIT = """
INSERT INTO awaited_names (type, mark, value, added_at) VALUES (:type, :mark, :value, :now)
ON CONFLICT (type, mark) DO UPDATE SET value = excluded.value"""
AWAITED = "SELECT value FROM awaited_names WHERE type = :type AND mark = :mark"
COUNT_AWAITED = "SELECT count(*) FROM awaited_names WHERE type = :type"
AWAIT_NO_MORE = "DELETE FROM awaited_names WHERE type = :type AND mark = :mark"
AWAITED_NOWHERE = "DELETE FROM awaited_names WHERE mark = :mark"
NOBODY_AWAITED = "DELETE FROM awaited_names WHERE type = :type"
# What the house itself knows of a worker.
ANSWERED = "SELECT coalesce(sum(answered), 0) FROM enrolments WHERE worker = :worker"
UNPAID = """
SELECT count(*) FILTER (WHERE state = 'rejected'), count(*) FILTER (WHERE state = 'submitted')
FROM submissions WHERE worker = :worker AND state <> 'accepted'"""

ASK = """
INSERT INTO qualification_requests (type, worker, state, test, made_at) VALUES (:type, :worker, :state, :test, :now)
ON CONFLICT (type, worker) WHERE state IN ('offered', 'testing', 'waiting') DO NOTHING RETURNING id"""
REQUEST = f"SELECT {_REQUEST} FROM qualification_requests WHERE id = :id"
LATEST = f"""
SELECT {_REQUEST} FROM qualification_requests WHERE worker = :worker AND type = :type ORDER BY id DESC LIMIT 1"""
MOVE = "UPDATE qualification_requests SET state = :state WHERE id = :id AND state = :before"
BEGIN = """
UPDATE qualification_requests SET state = 'testing', test = :test, answer_key = :answer_key, answers = :answers
WHERE id = :id AND state = 'offered'"""
KEEP = """
UPDATE qualification_requests SET state = 'testing', answers = :answers
WHERE id = :id AND state IN ('offered', 'testing')"""
KNOWS = """
SELECT 1 FROM qualifications q JOIN qualification_types t ON t.id = q.type
WHERE q.worker = :worker AND t.requester = :requester
UNION ALL SELECT 1 FROM qualification_requests r JOIN qualification_types t ON t.id = r.type
WHERE r.worker = :worker AND t.requester = :requester AND r.state NOT IN ('offered', 'declined') LIMIT 1"""
HAND_IN = """
UPDATE qualification_requests SET state = 'waiting', answers = :answers
WHERE id = :id AND state IN ('offered', 'testing')"""
DECIDE = f"""
UPDATE qualification_requests SET state = :state, decided_at = :now, reason = :reason
WHERE id = :id AND state IN {OPEN}"""
WAITING_OF = f"""
SELECT {_REQUEST} FROM qualification_requests WHERE type = :type AND state = '{WAITING}' AND id > :after
ORDER BY id LIMIT :limit"""
WAITING_FOR = f"""
SELECT {columns(QualificationRequest, "r.")} FROM qualification_types t JOIN qualification_requests r ON r.type = t.id
WHERE t.requester = :requester AND t.deleted_at IS NULL AND r.state = '{WAITING}' AND r.id > :after
ORDER BY r.id LIMIT :limit"""


def _type(row: Row) -> QualificationType:
    values = list(row)
    values[5] = bool(values[5])
    return QualificationType(*values)


def _qualification(row: Row) -> Qualification:
    return Qualification(row[0], row[1], row[2], bool(row[3]), row[4], row[5])


class Qualifications:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self._held: dict[PersonId, dict[TypeId, int]] = {}

    def add(self, requester: PersonId, name: str, **values: Any) -> TypeId | None:
        """None: they have a type of this name."""
        row = self._db.one(ADD, requester=requester, name=name, plain=plain_name(name), now=self._now, **values)
        return TypeId(row[0]) if row else None

    def change(self, type_: QualificationType) -> None:
        """All but requester, name and keywords."""
        names = ("id", "description", "retry_seconds", "test", "test_seconds", "answer_key", "granted_by_itself")
        values = {name: getattr(type_, name) for name in names}
        self._db.changed(CHANGE, **values, active=int(type_.active))

    def delete(self, type_: TypeId) -> None:
        self._held.clear()
        self._db.changed(DELETE, id=type_, now=self._now)
        self._db.changed(NOBODY_AWAITED, type=type_)

    def find(self, type_: int) -> QualificationType | None:
        row = self._db.one(FIND, id=type_)
        return _type(row) if row else None

    def named(self, requester: PersonId, name: str) -> QualificationType | None:
        row = self._db.one(NAMED, requester=requester, plain=plain_name(name))
        return _type(row) if row else None

    def of(self, requester: PersonId, after: int, limit: int) -> list[QualificationType]:
        return [_type(row) for row in self._db.all(OF_REQUESTER, requester=requester, after=after, limit=limit)]

    def count(self, requester: PersonId) -> int:
        return int(first(self._db.one(COUNT, requester=requester)))

    def held(self, worker: PersonId) -> dict[TypeId, int]:
        """Granted values of types that there are, read once."""
        if worker not in self._held:
            self._held[worker] = {TypeId(number): value for number, value in self._db.all(HELD, worker=worker)}
        return self._held[worker]

    def has(self, type_: TypeId, worker: PersonId) -> Qualification | None:
        """Granted, or revoked."""
        row = self._db.one(HAS, type=type_, worker=worker)
        return _qualification(row) if row else None

    def grant(self, type_: TypeId, worker: PersonId, value: int) -> None:
        self._held.pop(worker, None)
        self._db.changed(GRANT, type=type_, worker=worker, value=value, now=self._now)

    def revoke(self, type_: TypeId, worker: PersonId, reason: str) -> bool:
        """False: they did not have it."""
        self._held.pop(worker, None)
        return self._db.changed(REVOKE, type=type_, worker=worker, reason=reason, now=self._now) == 1

    def holders(self, type_: TypeId, granted: bool, after: int, limit: int) -> list[Qualification]:
        """In the order of the workers' numbers, behind one."""
        rows = self._db.all(HOLDERS, type=type_, granted=int(granted), after=after, limit=limit)
        return [_qualification(row) for row in rows]

    def count_holders(self, type_: TypeId) -> int:
        return int(first(self._db.one(COUNT_HOLDERS, type=type_)))

    def await_name(self, type_: TypeId, mark: str, value: int) -> None:
        self._db.changed(AWAIT, type=type_, mark=mark, value=value, now=self._now)

    def awaited(self, type_: TypeId, mark: str) -> int | None:
        """The value they are to have; None where they are not awaited."""
        row = self._db.one(AWAITED, type=type_, mark=mark)
        return int(row[0]) if row else None

    def count_awaited(self, type_: TypeId) -> int:
        return int(first(self._db.one(COUNT_AWAITED, type=type_)))

    def await_no_more(self, type_: TypeId, mark: str) -> bool:
        return self._db.changed(AWAIT_NO_MORE, type=type_, mark=mark) == 1

    def await_nowhere(self, mark: str) -> None:
        self._db.changed(AWAITED_NOWHERE, mark=mark)

    def answered(self, worker: PersonId) -> tuple[int, int, int]:
        """Answers of a worker; how many of them were rejected, and how many wait for a decision."""
        ((rejected, waiting),) = self._db.all(UNPAID, worker=worker)
        return int(first(self._db.one(ANSWERED, worker=worker))), rejected, waiting

    def ask(self, type_: TypeId, worker: PersonId, state: str, test: str | None) -> RequestId | None:
        """None where one is open."""
        row = self._db.one(ASK, type=type_, worker=worker, state=state, test=test, now=self._now)
        return RequestId(row[0]) if row else None

    def request(self, number: int) -> QualificationRequest | None:
        row = self._db.one(REQUEST, id=number)
        return QualificationRequest(*row) if row else None

    def latest(self, type_: TypeId, worker: PersonId) -> QualificationRequest | None:
        row = self._db.one(LATEST, type=type_, worker=worker)
        return QualificationRequest(*row) if row else None

    def move(self, number: RequestId, before: str, state: str) -> bool:
        """False where it is not in the state `before`."""
        return self._db.changed(MOVE, id=number, before=before, state=state) == 1

    def begin(self, number: RequestId, test: str, answer_key: str | None, answers: str) -> bool:
        """False where it was begun before, or decided."""
        about = {"id": number, "test": test, "answer_key": answer_key, "answers": answers}
        return self._db.changed(BEGIN, **about) == 1

    def keep(self, number: RequestId, answers: str) -> bool:
        """A test is being taken: what was answered so far."""
        return self._db.changed(KEEP, id=number, answers=answers) == 1

    def knows(self, requester: PersonId, worker: PersonId) -> bool:
        """Whether this worker has, or asked for, a qualification of the requester's."""
        return self._db.one(KNOWS, requester=requester, worker=worker) is not None

    def hand_in(self, number: RequestId, answers: str) -> bool:
        """Waits for its requester; False where it does already, or was decided."""
        return self._db.changed(HAND_IN, id=number, answers=answers) == 1

    def decide(self, number: RequestId, state: str, reason: str = "") -> bool:
        """False where it was decided."""
        return self._db.changed(DECIDE, id=number, state=state, reason=reason, now=self._now) == 1

    def waiting(self, requester: PersonId, type_: TypeId | None, after: int, limit: int) -> list[QualificationRequest]:
        """For a requester, or of one type of theirs; oldest first."""
        found = (
            self._db.all(WAITING_FOR, requester=requester, after=after, limit=limit)
            if type_ is None
            else self._db.all(WAITING_OF, type=type_, after=after, limit=limit)
        )
        return [QualificationRequest(*row) for row in found]


ADD_SCREENING = """
INSERT INTO screening_questions (words, options, plain, made_at) VALUES (:words, :options, :plain, :now)
ON CONFLICT (plain) DO NOTHING"""
CALLED = "SELECT id, words, options FROM screening_questions WHERE plain = :plain"
FIND_SCREENING = "SELECT id, words, options FROM screening_questions WHERE id = :id"
SCREENING_OF = "SELECT question, answer FROM screening_answers WHERE worker = :worker ORDER BY question"
ASK_SCREENING = """
INSERT INTO screening_answers (worker, question, asked_at) VALUES (:worker, :question, :now)
ON CONFLICT (worker, question) DO NOTHING"""
SAY = """
UPDATE screening_answers SET answer = :answer, answered_at = :now WHERE worker = :worker AND question = :question"""


def _question(row: Row) -> ScreeningQuestion:
    return ScreeningQuestion(ScreeningId(row[0]), row[1], words(row[2]))


class Screening:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self._said: dict[PersonId, dict[int, str | None]] = {}

    def question(self, said: str, options: tuple[str, ...]) -> ScreeningQuestion:
        """The one there is, or a new one."""
        plain = plain_question(said, options)
        self._db.changed(ADD_SCREENING, words=said, options=pack(options), plain=plain, now=self._now)
        return _question(self._db.all(CALLED, plain=plain)[0])

    def find(self, question: int) -> ScreeningQuestion | None:
        row = self._db.one(FIND_SCREENING, id=question)
        return _question(row) if row else None

    def of(self, worker: PersonId) -> dict[int, str | None]:
        """What they were asked, read once; None where they have not said."""
        if worker not in self._said:
            self._said[worker] = {row[0]: row[1] for row in self._db.all(SCREENING_OF, worker=worker)}
        return self._said[worker]

    def ask(self, worker: PersonId, question: ScreeningId) -> bool:
        """False where they were asked before."""
        self._said.pop(worker, None)
        return self._db.changed(ASK_SCREENING, worker=worker, question=question, now=self._now) == 1

    def say(self, worker: PersonId, question: ScreeningId, answer: str | None) -> bool:
        """False where they were never asked."""
        self._said.pop(worker, None)
        return self._db.changed(SAY, worker=worker, question=question, answer=answer, now=self._now) == 1


BLOCK = """
INSERT INTO worker_blocks (requester, worker, reason, blocked_at) VALUES (:requester, :worker, :reason, :now)
ON CONFLICT (requester, worker) DO NOTHING"""
IS_BLOCKED = "SELECT 1 FROM worker_blocks WHERE requester = :requester AND worker = :worker"
UNBLOCK = "DELETE FROM worker_blocks WHERE requester = :requester AND worker = :worker"
# Where they are known already: tasks are given without a look at the list.
MARK = """
UPDATE enrolments SET blocked = :on
WHERE worker = :worker AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
BLOCKS_OF = """
SELECT worker, reason, blocked_at FROM worker_blocks WHERE requester = :requester AND worker > :after
ORDER BY worker LIMIT :limit"""


class WorkerBlocks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, requester: PersonId, worker: PersonId, reason: str) -> bool:
        """False: they were blocked before, for the reason given then."""
        values = {"requester": requester, "worker": worker}
        if not self._db.changed(BLOCK, **values, reason=reason, now=self._now):
            return False
        self._db.changed(MARK, **values, on=1)
        return True

    def end(self, requester: PersonId, worker: PersonId) -> bool:
        """False: they were not blocked."""
        if not self._db.changed(UNBLOCK, requester=requester, worker=worker):
            return False
        self._db.changed(MARK, requester=requester, worker=worker, on=0)
        return True

    def is_blocked(self, requester: PersonId, worker: PersonId) -> bool:
        return self._db.one(IS_BLOCKED, requester=requester, worker=worker) is not None

    def of(self, requester: PersonId, after: int, limit: int) -> list[WorkerBlock]:
        """In the order of the workers' numbers, behind one."""
        rows = self._db.all(BLOCKS_OF, requester=requester, after=after, limit=limit)
        return [WorkerBlock(*row) for row in rows]
