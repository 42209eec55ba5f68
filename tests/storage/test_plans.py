"""No statement reads a growing table from end to end, nor all that a project of a million tasks has: the plans say so.

Every statement of storage is looked at (tests/storage/statements.py). One that may do it has its reason beside it.
"""

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.extensions import find_extensions
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer
from storage.database import one_transaction
from storage.drivers.dialects import dialect_of
from tests.conftest import TEMPLATE
from tests.databases import Server
from tests.house import furnish
from tests.storage.statements import statements

# A scan of a partial index reads only what waits or runs, one of a subquery the few it has found.
BOUNDED = re.compile(
    r"_waiting|_parked|_running|_watched|_undecided|_one_active|inbox_lane|_requested|payouts_open"
    r"|SCAN (few|ahead|returned|ordinary|gold|f|wish|halves|period)\b"
)
UNIQUE = re.compile(r"INDEX sqlite_autoindex_")
# Indexes of which one project may have a million entries.
OF_A_PROJECT = re.compile(
    r"INDEX (submissions_by_project|transfers_by_project|enrolments_by_project|sqlite_autoindex_tasks_\d|tasks_gold)"
    r" \(project=\?\)"
)
FEW = re.compile(r"^(?!.*GROUP BY).*(LIMIT|\bmax\()", re.DOTALL)  # asks for the first of them
NAMED = re.compile(r"('[^']*')|(?<![:\w]):([a-z_]+)")

ASIDE = "read on a connection of its own, beside the writer"
INVARIANT = "an invariant is examined on a connection of its own"
ADMIN = "an admin asks, now and then"
LEAVES = "once, when somebody leaves for good"
PART = "a part of other statements, which narrow it down"
SMALL = "its table stays small"
START = "once at each start, some thousands at most"
MAY = {
    "statements.SUM_BY_PROJECT": ASIDE,
    "statements.SUM_BONUSES*": ASIDE,
    "appeals.SUM_FEES_AND_REFUNDS": "an appeal is lost: what one requester's answers brought",
    "appeals.CALL_NEXT_JUDGES": "those drawn for open appeals and not called yet",
    "appeals.SELECT_ELIGIBLE_JUDGES": "an appeal begins: who has worked, in which projects",
    "appeals.SELECT_JUDGING_COUNTS": ADMIN,
    "appeals.SELECT_JUDGE_HISTORY": "an appeal begins: the latest few answers of somebody drawn",
    "evidence.ANSWERS": ASIDE,
    "evidence.*": SMALL,
    "stops.COUNT_ACTS": ASIDE,
    "stops.COUNT_ANSWERS_AND_WORKERS": ASIDE,
    "stops.COUNT_APPEALS": ASIDE,
    "stops.SELECT_FIRST_JOIN": ASIDE,
    "stops.SELECT_COMPLAINTS": ASIDE,
    "stops.COUNT_GOLD_CHALLENGES": ASIDE,
    "stops.COUNT_MEASURES": ASIDE,
    "stops.SUM_TRANSFERS": ASIDE,
    "stops.SELECT_RESTRICTIONS": ASIDE,
    "restrictions.WAITING_APPEAL": "appeals that are open",
    "models.*": ASIDE,
    "personal_data.*": ASIDE,
    "evidence.QUALITY.*": ASIDE,
    "bots.SELECT_BOTS": SMALL,
    "bots.COUNT_NEWEST_PEOPLE": "the newest 1,000 people, by their number, for a link to one of several bots",
    "outbox.SELECT_LAGS_BY_BOT": "letters that are due, of several bots, for a link and for an admin",
    "pay_raises.ASK": "every task it finds changes, some thousands at most",
    "pay_raises.EACH": "of a draft of some thousands at most, counted before",
    "pay_raises.ALL": "of a draft of some thousands at most, counted before",
    "results.*": ASIDE,
    "tasks.UNASKED": ASIDE,
    "results.DUE": SMALL,
    "stats.*": ASIDE,
    "models.AGREEMENT": ASIDE,
    "models.BESIDE_MODELS": ASIDE,
    "models.CONFIDENCES": ASIDE,
    "ledger.SUM_PROJECT_MOVEMENTS": ASIDE,
    "drafts.COPY_ALL": "a requester copies 10,000 rows at most, counted before",
    "drafts.COPY_GOLD": "a requester copies 10,000 rows at most, counted before",
    "drafts.COUNT_ALL": "a requester copies 10,000 rows at most, counted before",
    "drafts.COUNT_GOLD": "a requester copies 10,000 rows at most, counted before",
    "drafts.ROWS": "a requester copies 10,000 rows at most, counted before",
    "progress.SELECT_ANSWERS_BY_TIME": ASIDE,
    "progress.SELECT_FINISHED_BY_TIME": ASIDE,
    "progress.BATCHES": "a requester copies 10,000 rows at most, counted before",
    "openings.COUNT_TURNS": "counts 50 at most",
    "openings.SELECT_PLACES": INVARIANT,
    "payouts.MOVEMENTS_OF_PAYOUTS": INVARIANT,
    "topups.SELECT_UNMEASURED_PROJECTS": INVARIANT,
    "topups.WINDOW_PACES": INVARIANT,
    "card_payments.SELECT_NEWEST_PAID": ADMIN,
    "card_payments.SELECT_PROVIDER_MOVEMENTS": ADMIN,
    "card_payments.SUM_TYPED_FEES": ADMIN,
    "openings.SELECT_TWO_TURNS": "reads two rows at most",
    "submissions.SELECT_WORK_TIMES": "the latest 5,000, by their number",
    "explanations.SELECT_OPERATIONS": PART,
    "explanations.SELECT_WORKERS_OF_REQUESTER": "a requester thanks somebody by their pseudonym",
    "live_messages.END_LETTERS": PART,
    "outbox.END_LETTERS": PART,
    "outbox.EMPTY_ENDED_LETTERS": "a backup is mended, on a copy of it",
    "accounts.BAR_AGAIN": LEAVES,
    "accounts.SELECT_FORMER_AND_PAYEES": LEAVES,
    "accounts.INSERT_TRACE": LEAVES,
    "accounts.SELECT_FORMER_SELVES": LEAVES,
    "accounts.COPY_DOUBTS": LEAVES,
    "webhooks.SELECT_EVENTS": "what happened within the last second or so",
    "webhooks.SELECT_DUE_ADDRESSES": SMALL,
    "webhooks.SELECT_SEALED": START,
    "api_keys.SELECT_SEALED": START,
    "outbox.SELECT_CHANGES": PART,
    "outbox.SELECT_LETTERS": PART,
    "statements.SELECT_LINES": "a worker's entries of one period",
    "live_messages.DELETE_OTHER_DAYS": "every ten minutes; of a day's messages about pay, files and qualifications",
    "assignments.EXTEND_ASSIGNMENTS": "once, after an outage: what is in people's hands",
    "inbox.DELETE_RUNS": SMALL,
    "leases.SELECT_LEASES": SMALL,
    "board.COUNT_RECENTLY_SERVED": "a petition begins: people, until 500 are found",
    "accounts.SELECT_POSSIBLE_WORKERS": "a skipped task: people, until some are found who can work",
    "accounts.COUNT_WORKERS": ADMIN,
    "accounts.UNPARK_POSTPONED": "once a minute, of those who are asked later and wait",
    "ledger.SELECT_ACCOUNTS": ADMIN,
    "ledger.SELECT_SHOWN_ACCOUNTS": PART,
    "cases.SELECT_WAITING_CASES": ADMIN,
    "bank_lines.SELECT_TWIN": ADMIN,
    "review.SUM_OWED_FEES": "an appeal begins: what is undecided everywhere, and the projects it is of",
    "hash_chain.SELECT_DAY_HEADS": ADMIN,
    "hash_chain.SELECT_FIRST_UNSEALED": ASIDE,
    "hash_chain.SELECT_STAMPED_HEADS": ADMIN,
    "lifecycle.ALL": SMALL,
    "lifecycle.LOOK_AGAIN": "tasks are launched: who looked there before, some thousands at most",
    "lifecycle.LEFT": "a project that ended is to be continued: what is left of all its tasks",
    "progress.MOVED": "the oldest few, and then they are gone",
    "topups.SELECT_RESTING_PROJECTS": "every ten minutes: a row a project",
}
# The extensions give the reasons of their own statements.
for extension in find_extensions():
    MAY |= import_module(f"tests.{extension}.plans").MAY


def may(name: str) -> bool:
    return any(fnmatchcase(name, allowed) for allowed in MAY)


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return statements()


def test_every_reason_is_about_a_statement(found: dict[str, str]) -> None:
    assert [allowed for allowed in MAY if not any(fnmatchcase(name, allowed) for name in found)] == []
    assert len(found) > 300


def test_sqlite_searches_by_an_index(sqlite_template: Path, found: dict[str, str]) -> None:
    bad = {}
    with closing(dialect_of(f"sqlite:///{sqlite_template}").open(read_only=True)) as connection:
        for name, sql in found.items():
            values = dict.fromkeys((match[2] for match in NAMED.finditer(sql) if match[2]), 1)
            lines = [str(row[3]) for row in connection.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
            wrong = [*_scans(lines), *([] if FEW.search(sql) else filter(OF_A_PROJECT.search, lines))]
            if wrong and not may(name):
                bad[name] = wrong
    assert bad == {}


def test_sqlite_looks_for_what_has_no_key_by_another_index_than_the_keys(
    sqlite_template: Path, found: dict[str, str]
) -> None:
    """It takes two rows to have none, where nearly all may have none."""
    bad = {}
    with closing(dialect_of(f"sqlite:///{sqlite_template}").open(read_only=True)) as connection:
        for name, sql in found.items():
            values = dict.fromkeys((match[2] for match in NAMED.finditer(sql) if match[2]), 1)
            lines = [str(row[3]) for row in connection.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
            bad[name] = [
                line for line in lines if UNIQUE.search(line) and "LEFT-JOIN" not in line and _is_null(line, sql)
            ]
    assert {name: lines for name, lines in bad.items() if lines} == {}


def _is_null(line: str, sql: str) -> bool:
    return any(re.search(rf"\b{column} IS NULL", sql) for column in re.findall(r"(\w+)=\?", line))


def _scans(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("SCAN") and "CONSTANT ROW" not in line and not BOUNDED.search(line):
            yield line


def test_postgresql_can_search_by_an_index(postgresql_server: Server, found: dict[str, str]) -> None:
    """With sequential scans forbidden one is left only where no index serves, whatever the tables hold."""
    bad = {}
    with closing(dialect_of(postgresql_server.url_of(TEMPLATE)).open(read_only=True)) as connection:
        connection.changed("SET enable_seqscan = off")
        for name, sql in found.items():
            if "Seq Scan" in (plan := _plan(connection, sql)) and not may(name):
                bad[name] = [line for line in plan.splitlines() if "Seq Scan" in line]
    assert bad == {}


def test_a_young_ledger_is_sealed_by_transfers(postgresql_url: str, now: Moment, found: dict[str, str]) -> None:
    """PostgreSQL has counted a few entries and no seal, and keeps the plan it made of that until it counts again."""
    with one_transaction(postgresql_url, now) as unit:
        furnish(unit)
    with closing(dialect_of(postgresql_url).open()) as connection:
        connection.changed("ANALYZE")
        with one_transaction(postgresql_url, now) as unit:
            for number in range(2_000):
                unit.ledger.post(Transfer(f"deposit:{number}x", "deposit", BANK, FEES, Millionths(5), "EUR"))
            unit.hash_chain.seal(1_000)
        plan = _plan(connection, found["hash_chain.SELECT_UNSEALED"])
    assert plan.count("Index Cond: (transfer = t.id)") == 3
    assert plan.count("using entries_by_transfer") == 2


# Of these many rows belong to one project, one worker and one requester: PostgreSQL takes that for the rule.
MANY_OF_ONE = """
INSERT INTO tasks (project, batch, position, key, content, overlap, state)
SELECT project, batch, 1000 + n, 'k' || n, content, overlap, 'closed'
FROM tasks CROSS JOIN generate_series(1, 20000) AS n WHERE id = (SELECT min(id) FROM tasks);
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT project, id, {worker}, 'submitted', 1, 2 FROM tasks WHERE position > 1000;
INSERT INTO submissions (assignment, project, task, worker, answer, milliseconds, state, submitted_at, pay, fee)
SELECT id, project, task, worker, 'positive', 3000, 'accepted', 5, 1, 0 FROM assignments"""
WALK = re.compile(
    r"using (?:submissions|projects)_pkey on \w+ .*\n\s+Filter: (?!.*ANY).*\b(?:project|worker|requester) = "
)


def test_the_newest_of_one_project_or_person_is_found_where_all_rows_were_of_another(
    postgresql_url: str, now: Moment, found: dict[str, str]
) -> None:
    """For a project without answers PostgreSQL walked back over all there are, whenever a task was chosen."""
    with one_transaction(postgresql_url, now) as unit:
        house = furnish(unit)
        for statement in MANY_OF_ONE.format(worker=house.workers[0]).split(";"):
            unit.connection.changed(statement)
    with closing(dialect_of(postgresql_url).open()) as connection:
        connection.changed("ANALYZE")
        plans = {name: _plan(connection, sql) for name, sql in found.items() if FEW.search(sql)}
    walks = {name: match[0] for name, plan in plans.items() if (match := WALK.search(plan)) and not may(name)}
    assert walks == {}


def _plan(connection: Any, sql: str) -> str:
    """Of any values; where a value's type can't be told, it is a number."""
    order = list(dict.fromkeys(match[2] for match in NAMED.finditer(sql) if match[2]))
    for cast in ("", "::bigint"):
        numbered = NAMED.sub(partial(_numbered, order, cast), sql)
        with suppress(psycopg.errors.AmbiguousParameter, psycopg.errors.IndeterminateDatatype):
            return "\n".join(row[0] for row in connection.driver.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}"))
    raise AssertionError(sql)


def _numbered(order: list[str], cast: str, match: re.Match[str]) -> str:
    return match[1] or f"${order.index(match[2]) + 1}{cast}"
