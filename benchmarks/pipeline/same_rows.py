"""The raw database over our schema: the rows and keys an answer of ours leaves, by hand, one transaction an answer.

Triggers and checks are the schema's. Nothing is judged: no gold, no consensus, no qualification, no limits.
"""

import sqlite3
import time
from typing import Any

from tests.house import House

NOW = 1_900_000_000_000
READ = (
    "SELECT id, requester, title, options, pay, fee, currency FROM projects WHERE id = :project",
    "SELECT task, worker, state, deadline FROM assignments WHERE id = :assignment AND state = 'active'",
    "SELECT id, content, gold, received, scores FROM tasks WHERE id = :task",
    "SELECT cursor, answered, gold_seen, qualified FROM enrolments WHERE worker = :worker AND project = :project",
)
ACCOUNT = "(SELECT id FROM accounts WHERE name = :{} AND currency = 'EUR')"
TRANSFER = f"""
INSERT INTO transfers (key, kind, debit, credit, amount, currency, project, submission, digest, made_at)
VALUES (:key || ':' || :assignment, :kind, {ACCOUNT.format("debit")}, {ACCOUNT.format("credit")}, :amount, 'EUR',
  :project, :assignment, 'x', {NOW})"""
WRITE = (
    f"""
INSERT INTO submissions
  (id, assignment, project, pay, fee, task, worker, answer, milliseconds, state, submitted_at)
VALUES (:assignment, :assignment, :project, 10, 1, :task, :worker, 'positive', 1000, 'accepted', {NOW})""",
    "UPDATE assignments SET state = 'submitted' WHERE id = :assignment AND state = 'active'",
    "UPDATE tasks SET received = received + 1, scores = '[0.0,0.1]', confidence = 0.7 WHERE id = :task",
    "UPDATE enrolments SET answered = answered + 1 WHERE worker = :worker AND project = :project",
)
LETTER = f"""
INSERT INTO outbox (person, lane, class, screen, facts, edits, assignment, due_at, expires_at, written_at)
VALUES (:worker, :lane, :class, :screen, :facts, :edits, :of, {NOW}, {NOW}, {NOW})"""
FACTS = f'{{"title":"Is the review positive?","options":["positive","negative"],"text":"review 1","x":"{"y" * 250}"}}'
NEXT = """
SELECT o.shuffle_key, o.task, o.free FROM openings o
WHERE o.project = :project AND o.gold = 0 AND o.shuffle_key > :cursor
AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = o.task AND a.worker = :worker) ORDER BY o.shuffle_key
LIMIT 1"""
TAKE = (
    "DELETE FROM openings WHERE task = :task AND free = 1",
    "UPDATE openings SET free = free - 1 WHERE task = :task",
)
ASSIGN = f"""
INSERT INTO assignments (project, task, worker, state, offered_at, deadline, pushed)
VALUES (:project, :task, :worker, 'active', {NOW}, {NOW + 600_000}, 0) RETURNING id"""
MOVE = (
    "UPDATE enrolments SET cursor = :shuffle_key WHERE worker = :worker AND project = :project",
    f"UPDATE people SET idle = 0, served_at = {NOW} WHERE id = :worker",
)


class Answering:
    """Workers in turn; each has a task in hand."""

    def __init__(self, path: str, house: House, many: int) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "foreign_keys = ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.project, self.workers = house.project, house.workers[:many]
        people = self.connection.execute("SELECT id, telegram_id FROM people").fetchall()
        self.names = {worker: f"worker:{number}" for worker, number in people}
        for worker in self.workers:
            enrol = "INSERT INTO enrolments (worker, project, consented_at) VALUES (?, ?, 1)"
            self.connection.execute(enrol, (worker, self.project))
        self.hands = {worker: self._next({"worker": worker, "project": self.project}) for worker in self.workers}

    def answer(self, worker: int) -> None:
        run = self.connection.execute
        values: dict[str, Any] = {"worker": worker, "project": self.project, "assignment": self.hands[worker]}
        run("BEGIN IMMEDIATE")
        run(READ[0], values).fetchone()
        values["task"] = run(READ[1], values).fetchone()[0]
        for sql in READ[2:]:
            run(sql, values).fetchone()
        for sql in WRITE:
            run(sql, values)
        budget = {**values, "debit": f"project:{self.project}:budget"}
        reward = {"key": "answer", "kind": "reward", "credit": f"{self.names[worker]}:available", "amount": 10}
        run(TRANSFER, {**budget, **reward})
        run(TRANSFER, {**budget, "key": "fee", "kind": "fee", "credit": "platform:fees", "amount": 1})
        stands = {"lane": 3, "class": "nudge", "screen": "work.AnswerStands", "edits": values["assignment"], "of": None}
        run(LETTER, {**values, **stands, "facts": FACTS})
        self.hands[worker] = self._next(values)
        run("COMMIT")

    def _next(self, values: dict[str, Any]) -> int:
        run = self.connection.execute
        cursor = run(READ[3], values).fetchone()[0]
        shuffle_key, task, _ = run(NEXT, {**values, "cursor": cursor}).fetchone()
        here = {**values, "task": task, "shuffle_key": shuffle_key}
        for sql in TAKE:
            run(sql, here)
        made = int(run(ASSIGN, here).fetchone()[0])
        for sql in MOVE:
            run(sql, here)
        shown = {"lane": 0, "class": "push", "screen": "work.TaskShown", "edits": None, "of": made, "facts": FACTS}
        run(LETTER, {**here, **shown})
        return made


def measure(path: str, house: House, people: int, seconds: float) -> tuple[list[float], float, float]:
    """(seconds each answer took, wall seconds, CPU seconds): one thread, no waiting but for the disk."""
    crowd, times = Answering(path, house, people), list[float]()
    began, spent = time.perf_counter(), time.process_time()
    while time.perf_counter() < began + seconds:
        start = time.perf_counter()
        crowd.answer(crowd.workers[len(times) % len(crowd.workers)])
        times.append(time.perf_counter() - start)
    took, used = time.perf_counter() - began, time.process_time() - spent
    crowd.connection.close()
    return times, took, used
