"""The raw database: the eleven statements an answer needs at least, over a lean schema, one transaction an answer."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TASKS = 100_000
PEOPLE = 64
SCHEMA = """
CREATE TABLE tasks (id INTEGER PRIMARY KEY, content TEXT NOT NULL, received INTEGER NOT NULL DEFAULT 0);
CREATE TABLE openings (project INTEGER, position INTEGER, task INTEGER, PRIMARY KEY (project, position)) WITHOUT ROWID;
CREATE TABLE workers (id INTEGER PRIMARY KEY, cursor INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE assignments (id INTEGER PRIMARY KEY, task INTEGER NOT NULL, worker INTEGER NOT NULL, state TEXT NOT NULL,
  UNIQUE (task, worker));
CREATE TABLE submissions (id INTEGER PRIMARY KEY, assignment INTEGER NOT NULL UNIQUE, task INTEGER NOT NULL,
  worker INTEGER NOT NULL, answer TEXT);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL DEFAULT 0);
CREATE TABLE entries (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL, submission INTEGER);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, facts TEXT NOT NULL, state TEXT NOT NULL);
"""
ANSWER = (
    "SELECT task, worker FROM assignments WHERE id = :assignment AND state = 'active'",
    "INSERT INTO submissions (assignment, task, worker, answer) VALUES (:assignment, :task, :worker, '0')",
    "UPDATE assignments SET state = 'submitted' WHERE id = :assignment AND state = 'active'",
    "INSERT INTO entries (account, amount, submission) VALUES (0, -10, :assignment), (:worker, 10, :assignment)",
    "UPDATE accounts SET balance = balance - 10 WHERE id = 0",
    "UPDATE accounts SET balance = balance + 10 WHERE id = :worker",
    "UPDATE tasks SET received = received + 1 WHERE id = :task",
    "UPDATE workers SET answered = answered + 1, cursor = :position WHERE id = :worker",
)
NEXT = """
SELECT o.position, o.task FROM openings o WHERE o.project = 1
AND o.position > (SELECT cursor FROM workers WHERE id = :worker) ORDER BY o.position LIMIT 1"""
ASSIGN = "INSERT INTO assignments (task, worker, state) VALUES (:task, :worker, 'active') RETURNING id"
SAY = "INSERT INTO outbox (person, facts, state) VALUES (:worker, :facts, 'waiting')"
FACTS = '{"title":"Is the review positive?","options":["positive","negative"],"text":"review 1"}'
Values = Mapping[str, Any]


def prepare(path: Path) -> sqlite3.Connection:
    connection = opened(path)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    numbers = [(n,) for n in range(1, TASKS + 1)]
    connection.executemany("INSERT INTO tasks (id, content) VALUES (?1, 'review ' || ?1)", numbers)
    connection.executemany("INSERT INTO openings VALUES (1, ?1, ?1)", numbers)
    people = [(n,) for n in range(PEOPLE + 1)]
    connection.executemany("INSERT INTO workers (id) VALUES (?)", people)
    connection.executemany("INSERT INTO accounts (id) VALUES (?)", people)
    connection.execute("COMMIT")
    return connection


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def measure(path: Path, seconds: float) -> tuple[list[float], float, float]:
    """(seconds each answer took, wall seconds, CPU seconds): one thread, no waiting but for the disk."""
    connection = prepare(path)
    hands = {worker: _next(connection, worker)[0] for worker in range(1, PEOPLE + 1)}
    times: list[float] = []
    began, spent = time.perf_counter(), time.process_time()
    while time.perf_counter() < began + seconds:
        worker = 1 + len(times) % PEOPLE
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        hands[worker] = _answer(connection, worker, hands[worker])
        connection.execute("COMMIT")
        times.append(time.perf_counter() - start)
    took, used = time.perf_counter() - began, time.process_time() - spent
    connection.close()
    return times, took, used


def _answer(connection: sqlite3.Connection, worker: int, assignment: int) -> int:
    task = connection.execute(ANSWER[0], {"assignment": assignment}).fetchone()[0]
    values = {"assignment": assignment, "task": task, "worker": worker, "position": task}
    for statement in ANSWER[1:]:
        connection.execute(statement, values)
    return _next(connection, worker)[0]


def _next(connection: sqlite3.Connection, worker: int) -> tuple[int, int]:
    position, task = connection.execute(NEXT, {"worker": worker}).fetchone()
    assignment = int(connection.execute(ASSIGN, {"task": task, "worker": worker}).fetchone()[0])
    connection.execute(SAY, {"worker": worker, "facts": FACTS})
    return assignment, position
