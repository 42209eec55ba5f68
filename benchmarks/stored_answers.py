"""A database with any number of stored answers: one project is answered and paid by the services, then copied by SQL.

A copy has every row that the answers of the first project left and that no sweep deletes, with numbers and moments of
its own. The ledger's trigger writes the entries of its transfers, which are then sealed into the hash chain.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.pipeline.people import OPTIONS, option_of, truth_of
from bot import sweeps
from bot.clock import wall_clock
from bot.sweeps import SweepRunner
from domain.moments import DAY, HOUR, Moment, get_period_bounds, later, month_of
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES_ACCOUNTS, Transfer, fees_account, requester_account, seal_next
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import Assignment
from services.work import submit
from services.work.sweeps import delete_old_rows
from storage import backups
from storage.database import Database, one_transaction
from storage.drivers.connection import Connection
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from storage.drivers.postgresql import PostgreSQLConnection
from storage.drivers.sqlite import SQLite, SQLiteConnection
from storage.money.hash_chain import INSERT_LINK, SELECT_UNSEALED, HashChain
from storage.unit import UnitOfWork
from tests.house import House, furnish

PAY, FEE, FUNDS = Millionths(10), Millionths(1), Millionths(10**12)
OVERLAP, WORKERS = 4, 20  # answers a task; who gave all of them, so that each has a long history
GOLD_SHARE = 20  # one task in twenty is a check question: no more, or there would not be enough time to ask them all
OPEN_TASKS, OPEN_GOLD, PEOPLE = 20_000, 2_000, 16  # the project that people answer in while it is measured
HISTORY = 730 * DAY  # the time over which older copies are spread
MILLISECONDS_BETWEEN_ANSWERS = 100
COPIES_AT_ONCE, SEALS_AT_ONCE = 10, 20_000
NOT_SWEPT = {"push hours", "push", "asked later"}  # they would give tasks to workers who finished

# The ledger's own statement inserts transfers; a worker is asked to rate a requester once.
NOT_COPIED = {"transfers", "rating_asks"}
REFERENCES = {  # columns with the number of a row that is copied too
    "project": "projects",
    "batch": "batches",
    "task": "tasks",
    "assignment": "assignments",
    "submission": "submissions",
    "last_submission": "submissions",
}
NO_MOMENT = 1_000_000_000_000  # columns of moments hold smaller numbers where nothing has happened
COPIES = "CREATE TEMPORARY TABLE copies (number BIGINT PRIMARY KEY, later BIGINT NOT NULL, fees TEXT NOT NULL)"
INSERT_COPY = "INSERT INTO copies (number, later, fees) VALUES (:number, :later, :fees)"
CURRENT_COPIES = "copies k ON k.number BETWEEN :first AND :last"
MARK_LETTERS_SENT = """
UPDATE outbox SET state = 'sent', facts = '{}', message_id = id, ended_at = written_at WHERE state = 'waiting'"""
COUNT_UNFORESEEN_TRANSFERS = """
SELECT count(*) FROM transfers WHERE project = :project AND (reverses IS NOT NULL OR memo <> ''
  OR CASE WHEN submission IS NULL THEN key || ':' NOT LIKE kind || ':' || CAST(project AS TEXT) || ':%'
    ELSE key NOT LIKE '%:' || CAST(submission AS TEXT) END)"""
INSERT_PROJECT_ACCOUNTS = f"""
INSERT INTO accounts (name, currency)
SELECT 'project:' || CAST(:project + k.number AS TEXT) || substr(a.name, length(:prefix)), a.currency
FROM accounts a JOIN {CURRENT_COPIES} WHERE a.name LIKE :prefix || '%'"""
# The account of a copy that stands for an account of the first project: its own, its shard of the fees, or the same.
ACCOUNT_NAME = """
CASE WHEN {0}.name LIKE 'project:%'
  THEN 'project:' || CAST(t.project + k.number AS TEXT)
    || substr({0}.name, length('project:' || CAST(t.project AS TEXT)) + 1)
  WHEN {0}.name LIKE 'platform:fees:%' THEN k.fees ELSE {0}.name END"""
INSERT_TRANSFERS = f"""
INSERT INTO transfers (id, key, digest, kind, debit, credit, amount, currency, project, submission, memo, made_at)
SELECT n.id, n.key,
  {{digest}}(n.kind || '
' || n.debit || '
' || n.credit || '
' || CAST(n.amount AS TEXT) || '
' || n.currency || '
' || CAST(n.project AS TEXT) || '
' || coalesce(CAST(n.submission AS TEXT), '') || '

'),
  n.kind, d.id, c.id, n.amount, n.currency, n.project, n.submission, '', n.made_at
FROM (
  SELECT t.id + k.number * :transfers AS id, t.kind, t.amount, t.currency, t.project + k.number AS project,
    t.submission + k.number * :submissions AS submission, t.made_at + k.later AS made_at,
    CASE WHEN t.submission IS NULL
      THEN t.kind || ':' || CAST(t.project + k.number AS TEXT)
        || substr(t.key, length(t.kind || ':' || CAST(t.project AS TEXT)) + 1)
      ELSE substr(t.key, 1, length(t.key) - length(CAST(t.submission AS TEXT)))
        || CAST(t.submission + k.number * :submissions AS TEXT) END AS key,
    {ACCOUNT_NAME.format("x")} AS debit, {ACCOUNT_NAME.format("y")} AS credit
  FROM transfers t JOIN accounts x ON x.id = t.debit JOIN accounts y ON y.id = t.credit JOIN {CURRENT_COPIES}
  WHERE t.project = :project
) AS n JOIN accounts d ON d.name = n.debit AND d.currency = n.currency
JOIN accounts c ON c.name = n.credit AND c.currency = n.currency ORDER BY n.id"""
# No trigger but the ledger's, and no foreign key, looks at rows that are right by construction; `verify` looks at all.
UNGUARDED = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF"),
    "postgresql": (
        "ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_post",
        "SET session_replication_role = replica",
        "SET synchronous_commit = off",
        "CREATE FUNCTION pg_temp.sha256_hex(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS "
        "$$ SELECT encode(sha256(convert_to(words, 'UTF8')), 'hex') $$",
    ),
}
DIGEST = {"sqlite": "sha256_hex", "postgresql": "pg_temp.sha256_hex"}
GUARDED = {"sqlite": (), "postgresql": ("ALTER TABLE transfers ENABLE TRIGGER transfers_post",)}
COPY_LINKS = "COPY hash_chain (position, transfer, hash) FROM STDIN"
RENUMBER = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"
SETTLE = {"sqlite": ("PRAGMA wal_checkpoint(TRUNCATE)",), "postgresql": ("VACUUM ANALYZE", "CHECKPOINT")}


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """A database with `answers` stored answers. `newest` is its newest finished project, whose answers were given in
    `month`; the workers of `house` gave some of the stored answers, and have open tasks in its project."""

    answers: int
    newest: ProjectId
    month: str
    house: House


class RunningClock:
    """The time in which the first project is answered: it goes on by a step with every reading."""

    def __init__(self, start: Moment, step: int = MILLISECONDS_BETWEEN_ANSWERS) -> None:
        self.now, self.step = start, step

    def __call__(self) -> Moment:
        self.now = later(self.now, self.step)
        return self.now


def store_answers(url: str, answers: int, of_project: int) -> StoredAnswers:
    """Fill a new database with about `answers` answers, `of_project` in each project. The answers of the newest project
    were given in one month and all others in earlier months, so that a month has the same number at every size."""
    copies = max(0, round(answers / of_project) - 1)
    end = later(wall_clock(), -DAY)
    begin_of_month = get_period_bounds(month_of(end))[0]
    start = later(begin_of_month, -HISTORY) if copies else end
    house = asyncio.run(_answer_project(url, RunningClock(start), of_project))
    connection = dialect_of(url).open()
    stored = connection.all("SELECT count(*) FROM submissions")[0][0]
    moments = [later(start, (HISTORY - DAY) // copies * number) for number in range(1, copies)]
    _copy_project(connection, house.project, [moment - start for moment in [*moments, end][:copies]])
    connection.close()
    now = wall_clock()
    with one_transaction(url, now) as unit:
        while delete_old_rows(unit):
            pass
        known = {number: OPTIONS[truth_of(number)] for number in range(OPEN_TASKS + 1, OPEN_TASKS + OPEN_GOLD + 1)}
        open_house = furnish(unit, PEOPLE, OPEN_TASKS, OPEN_GOLD, known=known, pay=PAY, fee=FEE)
    newest = ProjectId(house.project + copies)
    return StoredAnswers(stored * (copies + 1), newest, month_of(end), open_house)


async def _answer_project(url: str, clock: RunningClock, answers: int) -> House:
    """Return a house with one project that its workers have answered, and that the sweeps have finished."""
    tasks = answers // OVERLAP
    gold = tasks // GOLD_SHARE
    known = {number: OPTIONS[truth_of(number)] for number in range(tasks - gold + 1, tasks + 1)}
    terms: dict[str, Any] = {"pay": PAY, "fee": FEE, "overlap": OVERLAP, "max_overlap": OVERLAP}
    with one_transaction(url, clock()) as unit:
        house = furnish(unit, WORKERS, tasks - gold, gold, known=known, **terms)
        account = requester_account(unit.people.get(house.requester))
        unit.ledger.open(FEES_ACCOUNTS, "EUR")
        unit.ledger.post(Transfer("deposit:stored", "deposit", BANK, account, FUNDS, "EUR"))
    database = Database(url)
    await asyncio.gather(*(_answer_all(database, clock, worker) for worker in house.workers))
    runner = SweepRunner(database, (), clock)
    clock.step = 0
    for sweep in (sweep for _ in range(3) for sweep in sweeps.SWEEPS if sweep.name not in NOT_SWEPT):
        clock.now = later(clock.now, HOUR // 60)
        await runner.run_once(sweep)
    await database.transact(lambda unit: unit.connection.changed(MARK_LETTERS_SENT), clock())
    await database.close()
    return house


async def _answer_all(database: Database, clock: RunningClock, worker: PersonId) -> None:
    """Answer tasks until there is none for this worker."""

    def begin(unit: UnitOfWork) -> Assignment | None:
        submit.show_work(unit, unit.people.get(worker))
        return unit.assignments.active_for(worker)

    def answer(unit: UnitOfWork, assignment: Assignment) -> Assignment | None:
        option = str(option_of(worker, assignment.task))
        submit.submit_answer(unit, unit.people.get(worker), assignment.id, option, 1)
        return unit.assignments.active_for(worker)

    assignment = await database.transact(begin, clock())
    while assignment is not None:
        assignment = await database.transact(answer, clock(), assignment)


def _copy_project(connection: Connection, project: ProjectId, delays: list[int]) -> None:
    """Copy the project, its answers and its money once for each delay in milliseconds, in this order."""
    unforeseen = connection.all(COUNT_UNFORESEEN_TRANSFERS, project=project)[0][0]
    if unforeseen:
        raise RuntimeError(f"{unforeseen} transfers of the first project cannot be copied: their keys are not foreseen")
    dialect = connection.dialect
    if isinstance(connection, SQLiteConnection):
        connection.driver.create_function("sha256_hex", 1, _sha256_hex, deterministic=True)
    for statement in (*UNGUARDED[dialect], COPIES):
        connection.changed(statement)
    rows = (
        {"number": at, "later": delay, "fees": fees_account(ProjectId(project + at))}
        for at, delay in enumerate(delays, 1)
    )
    connection.many(INSERT_COPY, rows)
    columns = dict(_tables_with_rows(connection, project))
    numbered = ["transfers", *(table for table, names in columns.items() if "id" in names)]
    spans = {table: _count_numbers(connection, table, project) for table in numbered}
    statements = [_copying_statement(table, names, spans) for table, names in columns.items()]
    for first in range(1, len(delays) + 1, COPIES_AT_ONCE):
        copies = {"project": project, "first": first, "last": first + COPIES_AT_ONCE - 1}
        connection.changed("BEGIN")
        for statement in statements:
            connection.changed(statement, **copies)
        connection.changed(INSERT_PROJECT_ACCOUNTS, **copies, prefix=f"project:{project}:")
        numbers = {"transfers": spans["transfers"], "submissions": spans["submissions"]}
        connection.changed(INSERT_TRANSFERS.format(digest=DIGEST[dialect]), **copies, **numbers)
        connection.changed("COMMIT")
        _seal(connection)
    for statement in GUARDED[dialect]:
        connection.changed(statement)
    if isinstance(connection, PostgreSQLConnection):
        for table in spans:
            connection.one(RENUMBER.format(table))


def _sha256_hex(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def _count_numbers(connection: Connection, table: str, project: ProjectId) -> int:
    """Return how many numbers a copy's rows need in this table: those from the first to the last row's."""
    owner = "id" if table == "projects" else "project"
    return int(
        connection.all(f"SELECT max(id) - min(id) + 1 FROM {table} WHERE {owner} = :project", project=project)[0][0]
    )


def _tables_with_rows(connection: Connection, project: ProjectId) -> Iterator[tuple[str, list[str]]]:
    """Yield each table with rows of the project, and its columns, but for the ledger's. SQLite's schema tells both
    databases' columns."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "schema.db")
        migrate(SQLite(path))
        with backups.opened(path) as schema:
            names_by_table = {table: backups.columns(schema, table) for table in backups.tables(schema)}
    for table, names in names_by_table.items():
        owner = "id" if table == "projects" else "project"
        is_copied = owner in names and table not in NOT_COPIED
        if is_copied and connection.all(f"SELECT 1 FROM {table} WHERE {owner} = :project LIMIT 1", project=project):
            yield table, names


def _copying_statement(table: str, names: list[str], spans: dict[str, int]) -> str:
    values = ", ".join(_copied_value(table, name, spans) for name in names)
    owner = "id" if table == "projects" else "project"
    order = ", ".join(["k.number", *(["o.id"] if "id" in names else [])])
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} o JOIN {CURRENT_COPIES} "
        f"WHERE o.{owner} = :project ORDER BY {order}"
    )


def _copied_value(table: str, name: str, spans: dict[str, int]) -> str:
    referred = table if name == "id" else REFERENCES.get(name)
    if referred:
        return f"o.{name} + k.number * {spans[referred]}"
    if name == "fingerprint":  # no requester sends a file twice
        return f"o.{name} || ' ' || CAST(k.number AS TEXT)"
    if name.endswith("_at") or name == "deadline":
        return f"CASE WHEN o.{name} > {NO_MOMENT} THEN o.{name} + k.later ELSE o.{name} END"
    return f"o.{name}"


def _seal(connection: Connection) -> None:
    """Seal all transfers that wait, as HashChain.seal does, without a check of each link by a trigger."""
    head = HashChain(connection, wall_clock()).head()
    after = connection.all("SELECT coalesce(max(transfer), 0) FROM hash_chain")[0][0]
    while rows := connection.all(SELECT_UNSEALED, after=after, limit=SEALS_AT_ONCE):
        links = []
        for transfer, content in rows:
            head = seal_next(head, content)
            links.append((head.position, transfer, head.hash))
        connection.changed("BEGIN")
        if isinstance(connection, PostgreSQLConnection):
            connection.copy(COPY_LINKS, links)
        else:
            connection.many(INSERT_LINK, ({"position": p, "transfer": t, "hash": h} for p, t, h in links))
        connection.changed("COMMIT")
        after = rows[-1][0]


def settle(url: str) -> None:
    """Leave a database as its own housekeeping would: PostgreSQL's statistics are there, and no log waits."""
    connection = dialect_of(url).open()
    for statement in SETTLE[connection.dialect]:
        connection.changed(statement)
    connection.close()
