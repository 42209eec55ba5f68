"""Qualifications: types, what workers have of them, and requests."""

from typing import Any

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.people.qualifications import (
    OPEN_STATES,
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
from storage.drivers.records import columns, pack, single_value, unpack_tuple
from storage.invariants import Invariant

INSERT_PAID_TEST = "INSERT INTO paid_tests (type, pay, currency, places) VALUES (:type, :pay, :currency, :places)"
SELECT_PAID_TEST = """
SELECT p.type, p.pay, p.currency, p.places, p.ended_at, count(a.worker), count(a.paid_at)
FROM paid_tests p LEFT JOIN test_attempts a ON a.type = p.type WHERE p.type = :type
GROUP BY p.type, p.pay, p.currency, p.places, p.ended_at"""
END_PAID_TEST = "UPDATE paid_tests SET ended_at = :now WHERE type = :type AND ended_at IS NULL"
INSERT_ATTEMPT = "INSERT INTO test_attempts (type, worker, begun_at) VALUES (:type, :worker, :now)"
# Also under another account: who shares a bank account with them, or who they were before they were erased.
HAS_ATTEMPT = """
SELECT 1 FROM test_attempts WHERE type = :type AND (
  worker = :worker OR worker IN (SELECT mate FROM payee_mates WHERE person = :worker))"""
MARK_ATTEMPT_PAID = (
    "UPDATE test_attempts SET paid_at = :now WHERE type = :type AND worker = :worker AND paid_at IS NULL"
)
DELETE_UNPAID_ATTEMPT = "DELETE FROM test_attempts WHERE type = :type AND worker = :worker AND paid_at IS NULL"
SELECT_UNPAID_ATTEMPTS = (
    "SELECT worker, begun_at FROM test_attempts WHERE type = :type AND paid_at IS NULL ORDER BY worker"
)


class PaidTests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, type_: TypeId, pay: Millionths, currency: str, places: int) -> None:
        self._db.changed(INSERT_PAID_TEST, type=type_, pay=pay, currency=currency, places=places)

    def find(self, type_: TypeId) -> PaidTest | None:
        """Return the pay of this type's test with its counts, or None if attempts are not paid."""
        row = self._db.one(SELECT_PAID_TEST, type=type_)
        return PaidTest(*row) if row else None

    def end_test(self, type_: TypeId) -> bool:
        """End the pay of attempts. Return False if it has ended or there is none."""
        return self._db.changed(END_PAID_TEST, type=type_, now=self._now) == 1

    def add_attempt(self, type_: TypeId, worker: PersonId) -> None:
        self._db.changed(INSERT_ATTEMPT, type=type_, worker=worker, now=self._now)

    def has_begun(self, type_: TypeId, worker: PersonId) -> bool:
        """Return whether the worker has begun this test, under whatever account that is linked to them; a paid attempt
        counts."""
        return self._db.one(HAS_ATTEMPT, type=type_, worker=worker) is not None

    def mark_paid(self, type_: TypeId, worker: PersonId) -> bool:
        """Mark the worker's attempt as paid. Return False if they have not begun, or were paid before."""
        return self._db.changed(MARK_ATTEMPT_PAID, type=type_, worker=worker, now=self._now) == 1

    def free_place(self, type_: TypeId, worker: PersonId) -> None:
        """Delete an unpaid attempt, so that somebody else may take its place."""
        self._db.changed(DELETE_UNPAID_ATTEMPT, type=type_, worker=worker)

    def list_unpaid(self, type_: TypeId) -> list[tuple[PersonId, Moment]]:
        """Return the workers with an unpaid attempt, and when they began."""
        return [(PersonId(worker), Moment(begun)) for worker, begun in self._db.all(SELECT_UNPAID_ATTEMPTS, type=type_)]


_TYPE, _QUALIFICATION, _REQUEST = columns(QualificationType), columns(Qualification), columns(QualificationRequest)
INSERT_TYPE = """
INSERT INTO qualification_types (requester, name, plain, description, keywords, active, retry_seconds, test,
  test_seconds, answer_key, granted_by_itself, made_at)
SELECT CAST(:requester AS BIGINT), :name, :plain, :description, :keywords, :active, CAST(:retry_seconds AS BIGINT),
  :test, CAST(:test_seconds AS BIGINT), :answer_key, CAST(:granted_by_itself AS BIGINT), CAST(:now AS BIGINT)
WHERE NOT EXISTS (
  SELECT 1 FROM qualification_types WHERE requester = :requester AND plain = :plain AND deleted_at IS NULL)
RETURNING id"""
UPDATE_TYPE = """
UPDATE qualification_types SET description = :description, active = :active, retry_seconds = :retry_seconds,
  test = :test, test_seconds = :test_seconds, answer_key = :answer_key, granted_by_itself = :granted_by_itself
WHERE id = :id"""
DELETE_TYPE = "UPDATE qualification_types SET deleted_at = :now WHERE id = :id"
SELECT_TYPE = f"SELECT {_TYPE} FROM qualification_types WHERE id = :id AND deleted_at IS NULL"
SELECT_TYPE_BY_NAME = f"""
SELECT {_TYPE} FROM qualification_types WHERE requester = :requester AND plain = :plain AND deleted_at IS NULL"""
SELECT_TYPES = f"""
SELECT {_TYPE} FROM qualification_types WHERE requester = :requester AND deleted_at IS NULL AND id > :after
ORDER BY id LIMIT :limit"""

COUNT_TYPES = "SELECT count(*) FROM qualification_types WHERE requester = :requester AND deleted_at IS NULL"
SELECT_HELD_VALUES = """
SELECT q.type, q.value FROM qualifications q JOIN qualification_types t ON t.id = q.type
WHERE q.worker = :worker AND q.granted = 1 AND t.deleted_at IS NULL"""
SELECT_QUALIFICATION = f"SELECT {_QUALIFICATION} FROM qualifications WHERE type = :type AND worker = :worker"
UPSERT_QUALIFICATION = """
INSERT INTO qualifications (type, worker, value, granted, changed_at, reason)
VALUES (:type, :worker, :value, 1, :now, '')
ON CONFLICT (type, worker) DO UPDATE SET value = excluded.value, granted = 1, changed_at = excluded.changed_at,
  reason = ''"""
REVOKE_QUALIFICATION = """
UPDATE qualifications SET granted = 0, changed_at = :now, reason = :reason
WHERE type = :type AND worker = :worker AND granted = 1"""
SELECT_HOLDERS = f"""
SELECT {_QUALIFICATION} FROM qualifications WHERE type = :type AND granted = :granted AND worker > :after
ORDER BY worker LIMIT :limit"""
COUNT_HOLDERS = "SELECT count(*) FROM qualifications WHERE type = :type AND granted = 1"
UPSERT_AWAITED_NAME = """
INSERT INTO awaited_names (type, mark, value, added_at) VALUES (:type, :mark, :value, :now)
ON CONFLICT (type, mark) DO UPDATE SET value = excluded.value"""
SELECT_AWAITED_VALUE = "SELECT value FROM awaited_names WHERE type = :type AND mark = :mark"
COUNT_AWAITED = "SELECT count(*) FROM awaited_names WHERE type = :type"
DELETE_AWAITED_NAME = "DELETE FROM awaited_names WHERE type = :type AND mark = :mark"
DELETE_AWAITED_EVERYWHERE = "DELETE FROM awaited_names WHERE mark = :mark"
DELETE_AWAITED_OF_TYPE = "DELETE FROM awaited_names WHERE type = :type"
# What the house itself knows of a worker.
SUM_ANSWERS = "SELECT coalesce(sum(answered), 0) FROM enrolments WHERE worker = :worker"
COUNT_REJECTED_AND_SUBMITTED = """
SELECT count(*) FILTER (WHERE state = 'rejected'), count(*) FILTER (WHERE state = 'submitted')
FROM submissions WHERE worker = :worker AND state <> 'accepted'"""

INSERT_REQUEST = """
INSERT INTO qualification_requests (type, worker, state, test, made_at) VALUES (:type, :worker, :state, :test, :now)
ON CONFLICT (type, worker) WHERE state IN ('offered', 'testing', 'waiting') DO NOTHING RETURNING id"""
SELECT_REQUEST = f"SELECT {_REQUEST} FROM qualification_requests WHERE id = :id"
SELECT_LATEST_REQUEST = f"""
SELECT {_REQUEST} FROM qualification_requests WHERE worker = :worker AND type = :type ORDER BY id DESC LIMIT 1"""
BEGIN_TEST_OF_REQUEST = """
UPDATE qualification_requests SET state = 'testing', test = :test, answer_key = :answer_key, answers = :answers
WHERE id = :id AND state = 'offered'"""
SAVE_ANSWERS = """
UPDATE qualification_requests SET state = 'testing', answers = :answers
WHERE id = :id AND state IN ('offered', 'testing')"""
HAS_OR_ASKED_FOR_ONE = """
SELECT 1 FROM qualifications q JOIN qualification_types t ON t.id = q.type
WHERE q.worker = :worker AND t.requester = :requester
UNION ALL SELECT 1 FROM qualification_requests r JOIN qualification_types t ON t.id = r.type
WHERE r.worker = :worker AND t.requester = :requester AND r.state NOT IN ('offered', 'declined') LIMIT 1"""
HAND_IN_REQUEST = """
UPDATE qualification_requests SET state = 'waiting', answers = :answers
WHERE id = :id AND state IN ('offered', 'testing')"""
DECIDE_REQUEST = f"""
UPDATE qualification_requests SET state = :state, decided_at = :now, reason = :reason
WHERE id = :id AND state IN {OPEN_STATES}"""
SELECT_WAITING_OF_TYPE = f"""
SELECT {_REQUEST} FROM qualification_requests WHERE type = :type AND state = '{WAITING}' AND id > :after
ORDER BY id LIMIT :limit"""
SELECT_WAITING_OF_REQUESTER = f"""
SELECT {columns(QualificationRequest, "r.")} FROM qualification_types t JOIN qualification_requests r ON r.type = t.id
WHERE t.requester = :requester AND t.deleted_at IS NULL AND r.state = '{WAITING}' AND r.id > :after
ORDER BY r.id LIMIT :limit"""


def _to_type(row: Row) -> QualificationType:
    values = list(row)
    values[5] = bool(values[5])
    return QualificationType(*values)


def _to_qualification(row: Row) -> Qualification:
    return Qualification(
        type=row[0], worker=row[1], value=row[2], granted=bool(row[3]), changed_at=row[4], reason=row[5]
    )


class Qualifications:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self._held: dict[PersonId, dict[TypeId, int]] = {}

    def add(self, requester: PersonId, name: str, **values: Any) -> TypeId | None:
        """Store a type and return its id, or None if the requester has one of this name."""
        row = self._db.one(INSERT_TYPE, requester=requester, name=name, plain=plain_name(name), now=self._now, **values)
        return TypeId(row[0]) if row else None

    def change(self, type_: QualificationType) -> None:
        """Update all of a type but requester, name and keywords."""
        names = ("id", "description", "retry_seconds", "test", "test_seconds", "answer_key", "granted_by_itself")
        values = {name: getattr(type_, name) for name in names}
        self._db.changed(UPDATE_TYPE, **values, active=int(type_.active))

    def delete(self, type_: TypeId) -> None:
        """Mark a type as deleted; nobody is awaited for it any longer."""
        self._held.clear()
        self._db.changed(DELETE_TYPE, id=type_, now=self._now)
        self._db.changed(DELETE_AWAITED_OF_TYPE, type=type_)

    def find(self, type_: int) -> QualificationType | None:
        row = self._db.one(SELECT_TYPE, id=type_)
        return _to_type(row) if row else None

    def find_by_name(self, requester: PersonId, name: str) -> QualificationType | None:
        row = self._db.one(SELECT_TYPE_BY_NAME, requester=requester, plain=plain_name(name))
        return _to_type(row) if row else None

    def list_types(self, requester: PersonId, after: int, limit: int) -> list[QualificationType]:
        return [_to_type(row) for row in self._db.all(SELECT_TYPES, requester=requester, after=after, limit=limit)]

    def count_types(self, requester: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_TYPES, requester=requester)))

    def get_held_values(self, worker: PersonId) -> dict[TypeId, int]:
        """Return the worker's granted values by type, of types that are not deleted; read once per transaction."""
        if worker not in self._held:
            self._held[worker] = {
                TypeId(number): value for number, value in self._db.all(SELECT_HELD_VALUES, worker=worker)
            }
        return self._held[worker]

    def find_qualification(self, type_: TypeId, worker: PersonId) -> Qualification | None:
        """Return the worker's qualification of this type, granted or revoked, or None."""
        row = self._db.one(SELECT_QUALIFICATION, type=type_, worker=worker)
        return _to_qualification(row) if row else None

    def grant(self, type_: TypeId, worker: PersonId, value: int) -> None:
        """Grant a qualification, or set its value if the worker has it."""
        self._held.pop(worker, None)
        self._db.changed(UPSERT_QUALIFICATION, type=type_, worker=worker, value=value, now=self._now)

    def revoke(self, type_: TypeId, worker: PersonId, reason: str) -> bool:
        """Revoke a qualification. Return False if the worker did not have it."""
        self._held.pop(worker, None)
        return self._db.changed(REVOKE_QUALIFICATION, type=type_, worker=worker, reason=reason, now=self._now) == 1

    def list_holders(self, type_: TypeId, granted: bool, after: int, limit: int) -> list[Qualification]:
        """Return at most `limit` qualifications of this type, ordered by worker, of workers with ids above `after`."""
        rows = self._db.all(SELECT_HOLDERS, type=type_, granted=int(granted), after=after, limit=limit)
        return [_to_qualification(row) for row in rows]

    def count_holders(self, type_: TypeId) -> int:
        return int(single_value(self._db.one(COUNT_HOLDERS, type=type_)))

    def await_name(self, type_: TypeId, mark: str, value: int) -> None:
        """Store the value that a person gets whose name has this mark."""
        self._db.changed(UPSERT_AWAITED_NAME, type=type_, mark=mark, value=value, now=self._now)

    def find_awaited_value(self, type_: TypeId, mark: str) -> int | None:
        """Return the value that the person with this mark is to get, or None if they are not awaited."""
        row = self._db.one(SELECT_AWAITED_VALUE, type=type_, mark=mark)
        return int(row[0]) if row else None

    def count_awaited(self, type_: TypeId) -> int:
        return int(single_value(self._db.one(COUNT_AWAITED, type=type_)))

    def remove_awaited_name(self, type_: TypeId, mark: str) -> bool:
        """Remove an awaited name of this type. Return False if it was not awaited."""
        return self._db.changed(DELETE_AWAITED_NAME, type=type_, mark=mark) == 1

    def remove_awaited_everywhere(self, mark: str) -> None:
        """Remove an awaited name of every type."""
        self._db.changed(DELETE_AWAITED_EVERYWHERE, mark=mark)

    def count_answers(self, worker: PersonId) -> tuple[int, int, int]:
        """Return the worker's numbers of answers, of rejected ones, and of those that wait for a decision."""
        ((rejected, waiting),) = self._db.all(COUNT_REJECTED_AND_SUBMITTED, worker=worker)
        return int(single_value(self._db.one(SUM_ANSWERS, worker=worker))), rejected, waiting

    def add_request(self, type_: TypeId, worker: PersonId, state: str, test: str | None) -> RequestId | None:
        """Store a request and return its id, or None if the worker has an open one for this type."""
        row = self._db.one(INSERT_REQUEST, type=type_, worker=worker, state=state, test=test, now=self._now)
        return RequestId(row[0]) if row else None

    def find_request(self, number: int) -> QualificationRequest | None:
        row = self._db.one(SELECT_REQUEST, id=number)
        return QualificationRequest(*row) if row else None

    def find_latest_request(self, type_: TypeId, worker: PersonId) -> QualificationRequest | None:
        """Return the worker's newest request for this type, or None."""
        row = self._db.one(SELECT_LATEST_REQUEST, type=type_, worker=worker)
        return QualificationRequest(*row) if row else None

    def begin_test(self, number: RequestId, test: str, answer_key: str | None, answers: str) -> bool:
        """Begin the test of an offered request. Return False if it was begun before, or decided."""
        values = {"id": number, "test": test, "answer_key": answer_key, "answers": answers}
        return self._db.changed(BEGIN_TEST_OF_REQUEST, **values) == 1

    def save_answers(self, number: RequestId, answers: str) -> bool:
        """Store the answers so far of a test being taken. Return False if it was handed in or decided."""
        return self._db.changed(SAVE_ANSWERS, id=number, answers=answers) == 1

    def has_or_asked_for_one(self, requester: PersonId, worker: PersonId) -> bool:
        """Return whether the worker has, had or asked for a qualification of this requester."""
        return self._db.one(HAS_OR_ASKED_FOR_ONE, requester=requester, worker=worker) is not None

    def hand_in(self, number: RequestId, answers: str) -> bool:
        """Store the answers and let the request wait for its requester. Return False if it waits already, or was
        decided."""
        return self._db.changed(HAND_IN_REQUEST, id=number, answers=answers) == 1

    def decide(self, number: RequestId, state: str, reason: str = "") -> bool:
        """Store the decision on an open request. Return False if it was decided before."""
        return self._db.changed(DECIDE_REQUEST, id=number, state=state, reason=reason, now=self._now) == 1

    def list_waiting(
        self, requester: PersonId, type_: TypeId | None, after: int, limit: int
    ) -> list[QualificationRequest]:
        """Return at most `limit` requests that wait for this requester's decision, of one type or of all, oldest
        first."""
        rows = (
            self._db.all(SELECT_WAITING_OF_REQUESTER, requester=requester, after=after, limit=limit)
            if type_ is None
            else self._db.all(SELECT_WAITING_OF_TYPE, type=type_, after=after, limit=limit)
        )
        return [QualificationRequest(*row) for row in rows]


INSERT_SCREENING = """
INSERT INTO screening_questions (words, options, plain, made_at) VALUES (:words, :options, :plain, :now)
ON CONFLICT (plain) DO NOTHING"""
SELECT_SCREENING_BY_TEXT = "SELECT id, words, options FROM screening_questions WHERE plain = :plain"
SELECT_SCREENING = "SELECT id, words, options FROM screening_questions WHERE id = :id"
SELECT_SCREENING_ANSWERS = "SELECT question, answer FROM screening_answers WHERE worker = :worker ORDER BY question"
INSERT_SCREENING_ANSWER = """
INSERT INTO screening_answers (worker, question, asked_at) VALUES (:worker, :question, :now)
ON CONFLICT (worker, question) DO NOTHING"""
SET_SCREENING_ANSWER = """
UPDATE screening_answers SET answer = :answer, answered_at = :now WHERE worker = :worker AND question = :question"""


def _to_question(row: Row) -> ScreeningQuestion:
    return ScreeningQuestion(ScreeningId(row[0]), row[1], unpack_tuple(row[2]))


class Screening:
    """Screening questions, each stored once however many projects ask it, and workers' answers."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self._said: dict[PersonId, dict[int, str | None]] = {}

    def get_or_add(self, text: str, options: tuple[str, ...]) -> ScreeningQuestion:
        """Return the question with this text and options, stored if it is new."""
        plain = plain_question(text, options)
        self._db.changed(INSERT_SCREENING, words=text, options=pack(options), plain=plain, now=self._now)
        return _to_question(self._db.all(SELECT_SCREENING_BY_TEXT, plain=plain)[0])

    def find(self, question: int) -> ScreeningQuestion | None:
        row = self._db.one(SELECT_SCREENING, id=question)
        return _to_question(row) if row else None

    def get_answers(self, worker: PersonId) -> dict[int, str | None]:
        """Return the worker's answers by question, None for a question asked but not answered; read once per
        transaction."""
        if worker not in self._said:
            self._said[worker] = {row[0]: row[1] for row in self._db.all(SELECT_SCREENING_ANSWERS, worker=worker)}
        return self._said[worker]

    def add_asked(self, worker: PersonId, question: ScreeningId) -> bool:
        """Store that the worker is asked. Return False if they were asked before."""
        self._said.pop(worker, None)
        return self._db.changed(INSERT_SCREENING_ANSWER, worker=worker, question=question, now=self._now) == 1

    def set_answer(self, worker: PersonId, question: ScreeningId, answer: str | None) -> bool:
        """Store the answer, None to delete it. Return False if the worker was never asked."""
        self._said.pop(worker, None)
        return (
            self._db.changed(SET_SCREENING_ANSWER, worker=worker, question=question, answer=answer, now=self._now) == 1
        )


INSERT_BLOCK = """
INSERT INTO worker_blocks (requester, worker, reason, blocked_at) VALUES (:requester, :worker, :reason, :now)
ON CONFLICT (requester, worker) DO NOTHING"""
SELECT_IS_BLOCKED = "SELECT 1 FROM worker_blocks WHERE requester = :requester AND worker = :worker"
DELETE_BLOCK = "DELETE FROM worker_blocks WHERE requester = :requester AND worker = :worker"
# Where they are known already: tasks are given without a look at the list.
MARK_ENROLMENTS_BLOCKED = """
UPDATE enrolments SET blocked = :on
WHERE worker = :worker AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
SELECT_BLOCKS = """
SELECT worker, reason, blocked_at FROM worker_blocks WHERE requester = :requester AND worker > :after
ORDER BY worker LIMIT :limit"""


class WorkerBlocks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, requester: PersonId, worker: PersonId, reason: str) -> bool:
        """Block a worker. Return False if they were blocked before; the earlier reason stays."""
        values = {"requester": requester, "worker": worker}
        if not self._db.changed(INSERT_BLOCK, **values, reason=reason, now=self._now):
            return False
        self._db.changed(MARK_ENROLMENTS_BLOCKED, **values, on=1)
        return True

    def remove(self, requester: PersonId, worker: PersonId) -> bool:
        """Unblock a worker. Return False if they were not blocked."""
        if not self._db.changed(DELETE_BLOCK, requester=requester, worker=worker):
            return False
        self._db.changed(MARK_ENROLMENTS_BLOCKED, requester=requester, worker=worker, on=0)
        return True

    def is_blocked(self, requester: PersonId, worker: PersonId) -> bool:
        return self._db.one(SELECT_IS_BLOCKED, requester=requester, worker=worker) is not None

    def list_blocks(self, requester: PersonId, after: int, limit: int) -> list[WorkerBlock]:
        """Return at most `limit` blocks of the requester, ordered by worker, of workers with ids above `after`."""
        rows = self._db.all(SELECT_BLOCKS, requester=requester, after=after, limit=limit)
        return [WorkerBlock(*row) for row in rows]


# Rule 6 for what is promised beside a project's answers, and for paid tests: held once, then earned once or given
# back once.
TEST_MONEY_IS_HELD = Invariant(
    6,
    "what is held for tests is what their places can cost",
    """
SELECT coalesce(a.name, r.name) AS subject, 'held ' || coalesce(a.balance, 0) || ', promised ' || coalesce(r.pay, 0)
  AS detail
FROM (SELECT name, currency, balance FROM accounts WHERE name LIKE 'requester:%:tests') AS a
FULL JOIN (
  SELECT 'requester:' || coalesce(CAST(w.telegram_id AS TEXT), 'erased-' || w.id) || ':tests' AS name, p.currency,
    sum(p.pay * (p.places - (
      SELECT count(*) FROM test_attempts t WHERE t.type = p.type AND t.paid_at IS NOT NULL))) AS pay
  FROM paid_tests p JOIN qualification_types q ON q.id = p.type JOIN people w ON w.id = q.requester
  WHERE p.ended_at IS NULL GROUP BY 1, 2
) AS r ON r.name = a.name AND r.currency = a.currency
WHERE coalesce(a.balance, 0) <> coalesce(r.pay, 0)""",
)
ATTEMPTS_ARE_PAID_ONCE = Invariant(
    6,
    "an attempt at a paid test is paid once",
    """
SELECT 'test ' || coalesce(r.key, m.key) AS subject, coalesce(m.amount, 0) || ' paid, ' || coalesce(r.pay, 0)
  || ' due' AS detail
FROM (
  SELECT 'bonus:test:' || t.type || ':' || t.worker AS key, p.pay FROM test_attempts t
  JOIN paid_tests p ON p.type = t.type WHERE t.paid_at IS NOT NULL
) AS r FULL JOIN (
  SELECT key, amount FROM transfers WHERE kind = 'bonus' AND key LIKE 'bonus:test:%') AS m ON m.key = r.key
WHERE coalesce(m.amount, 0) <> coalesce(r.pay, 0)""",
)
