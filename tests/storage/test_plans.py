"""No statement on the way of an answer reads a table from end to end."""

import re

import pytest

from storage import (
    appeals,
    assignments,
    enrolments,
    inbox,
    ledger,
    openings,
    outbox,
    people,
    post,
    preferences,
    seals,
    stats,
    submissions,
    tasks,
    topups,
)
from storage.dialects import dialect_of

HOT = {
    f"{module.__name__.partition('.')[2]}.{name}": getattr(module, name)
    for module, names in (
        (openings, "AFTER BEHIND NEAR ANYWHERE TAKE TAKE_LAST GIVE_BACK CLOSE HAS ANY"),
        (assignments, "BY_ID ACTIVE_FOR ADD END OVERDUE LIVE LIVE_ON_TASK PUSHED_LAST"),
        (submissions, "BY_ID ADD HELD_OF HELD_DUE RELEASE TIMES COUNT_OF"),
        (tasks, "BY_ID RECEIVE CONCLUDE LOCK UNFINISHED SAME_KEY"),
        (enrolments, "GET ENROL MOVE COUNT QUALIFY TURNS HAS_TURN LATER_IN"),
        (ledger, "OPEN POST DIGEST BALANCE LOCK ENTRIES HISTORY_AFTER"),
        (topups, "COUNT PROMISED WAITING WAITING_TIMES LATEST_TIMES LEFT_OUT MEASURED EARNERS OWED LAST PAID"),
        (seals, "LAST NEWEST UNSEALED TO_NOTE SEAL"),
        (stats, "FLOWS"),
        (appeals, "ANY_OPEN NEXT_FOR IN_HAND"),
        (inbox, "STORE WAITING FINISH FAILED IS_WAITING LAST GOES_ON BEGINS"),
        (outbox, "SAY REFRESH WAITING SENT DROP LIVE"),
        (post, "OF_LANE AGAIN SENT_LIVE"),
        (people, "BY_ID BY_TELEGRAM_ID BY_USERNAME MEET WAIT BUSY WAITING IS_WAITING UNPARK_FOR"),
        (preferences, "OF KNOWN OF_WORKER TURNING KEEP CHOOSY PUSHED TODAY"),
    )
    for name in names.split()
}
NAMED = re.compile(r"(?<![:\w]):([a-z_]+)")


@pytest.fixture(scope="module")
def sqlite_plans(sqlite_template: object) -> dict[str, str]:
    connection = dialect_of(f"sqlite:///{sqlite_template}").open(read_only=True)
    plans = {}
    for name, sql in HOT.items():
        values = dict.fromkeys(NAMED.findall(sql), 1)
        plans[name] = "\n".join(row[3] for row in connection.all(f"EXPLAIN QUERY PLAN {sql}", **values))
    connection.close()
    return plans


@pytest.mark.parametrize("name", HOT)
def test_sqlite_searches_by_an_index(name: str, sqlite_plans: dict[str, str]) -> None:
    lines = sqlite_plans[name].splitlines()
    scans = [line for line in lines if line.startswith("SCAN") and "CONSTANT ROW" not in line]
    # a scan of a partial index reads only what waits or runs, one of a subquery the few it has found
    bounded = ("_waiting", "_parked", "_running", "SCAN few", "SCAN ahead", "SCAN behind")
    assert [line for line in scans if not any(word in line for word in bounded)] == [], sqlite_plans[name]


@pytest.mark.parametrize("name", HOT)
def test_postgresql_can_search_by_an_index(name: str, postgresql_plans: dict[str, str]) -> None:
    assert "Seq Scan" not in postgresql_plans[name], postgresql_plans[name]


@pytest.fixture(scope="module")
def postgresql_plans(postgresql_server: "object") -> dict[str, str]:
    """With sequential scans forbidden one is left only where no index serves, whatever the tables hold."""
    url = postgresql_server.url_of("pouce_template")  # type: ignore[attr-defined]  # conftest's Server
    connection = dialect_of(url).open(read_only=True)
    connection.changed("SET enable_seqscan = off")
    plans = {}
    for name, sql in HOT.items():
        order = list(dict.fromkeys(NAMED.findall(sql)))
        numbered = NAMED.sub(lambda found, order=order: f"${order.index(found[1]) + 1}", sql)
        rows = connection.driver.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}")  # type: ignore[attr-defined]
        plans[name] = "\n".join(row[0] for row in rows)
    connection.close()
    return plans
