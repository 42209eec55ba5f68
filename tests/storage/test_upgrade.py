"""A migration that is made here, over a database with data in it: applied whole, or not at all, on both databases."""

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer
from domain.people.accounts import PersonId
from domain.people.settings import Preferences
from domain.quality.agreement import Reliability
from domain.quality.figures import Figures, GoldEffect
from domain.quality.refit import opened
from domain.work.file_checks import Retake
from services.projects import edits
from storage.backups import back_up, restore
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.connection import Broken, UnknownSchema
from storage.drivers.dialects import dialect_of
from storage.invariants import check, permanence
from storage.quality.models import Fitted
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.flows import a_day, turn
from tests.sqlite_files import SQLiteFiles

Write = Callable[..., None]

COMMON = """
ALTER TABLE people ADD COLUMN nickname TEXT NOT NULL DEFAULT '';
UPDATE people SET nickname = lower(name);
CREATE TABLE stars (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5)
);
INSERT INTO stars (person, stars) SELECT id, 5 FROM people;
"""
# A table that others refer to, and that triggers stand on, gets one rule more and one guard less.
ON_POSTGRESQL = """
ALTER TABLE accounts ADD CHECK (length(name) < 99);
DROP TRIGGER projects_only_up ON projects;
"""
ON_SQLITE = """
CREATE TABLE accounts_anew (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  balance INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  overdraft INTEGER NOT NULL DEFAULT 0 CHECK (overdraft IN (0, 1)),
  CHECK (balance >= 0 OR overdraft = 1),
  CHECK (overdraft = 0 OR name LIKE 'external:%'),
  CHECK (length(name) < 99),
  UNIQUE (name, currency),
  UNIQUE (id, currency)
) STRICT;
INSERT INTO accounts_anew SELECT id, name, currency, balance, version, overdraft FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_anew RENAME TO accounts;
DROP TRIGGER projects_only_up;
"""
# The triggers went with the table; so says the schema of the version that makes it anew.
ACCOUNTS = [text for name, text in permanence.guards("sqlite").items() if name.startswith("accounts_")]
ON_SQLITE += "".join(f"{text};\n" for text in ACCOUNTS)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Adds a migration to those of the tree: `write("9998_example", COMMON, sqlite=…, postgresql=…)`."""
    folder = Path(shutil.copytree(str(migrate.MIGRATIONS), tmp_path / "migrations"))

    def add(name: str, common: str, **procedures: str) -> None:
        monkeypatch.setattr(migrate, "MIGRATIONS", folder)
        (folder / f"{name}.sql").write_text(common)
        for dialect, text in procedures.items():
            (folder / f"{name}.{dialect}.sql").write_text(text)
        permanence.guards.cache_clear()

    yield add
    permanence.guards.cache_clear()


COLUMNS = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
    "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
}


def everything(url: str) -> dict[str, list[Any]]:
    """Every table with its columns and rows, and every trigger."""
    connection = dialect_of(url).open()
    columns: dict[str, list[str]] = {}
    for table, column in connection.all(COLUMNS[connection.dialect]):
        columns.setdefault(table, []).append(column)
    found: dict[str, list[Any]] = {"triggers": sorted(map(tuple, connection.all(permanence.THERE[connection.dialect])))}
    for table, names in columns.items():
        rows = connection.all(f"SELECT {', '.join(names)} FROM {table}")
        found[table] = [tuple(names), *sorted(map(repr, map(tuple, rows)))]
    connection.close()
    return found


def goes_on(unit: UnitOfWork, house: House) -> None:
    """Money moves, work goes on, and no rule is broken."""
    unit.ledger.post(Transfer("late", "deposit", BANK, FEES, Millionths(7), "EUR"))
    moved = [turn(unit, worker) for worker in house.workers]
    assert any(moved)
    assert check(unit) == []


def test_a_migration_is_applied_to_a_database_with_data_in_it(database_url: str, now: Moment, write: Write) -> None:
    house, before = a_day(database_url, now), everything(database_url)
    write("9998_example", COMMON, sqlite=ON_SQLITE, postgresql=ON_POSTGRESQL)
    assert not migrate.is_current(dialect_of(database_url))
    assert migrate.migrate(dialect_of(database_url)) == ["9998_example"]
    assert migrate.migrate(dialect_of(database_url)) == []
    assert migrate.is_current(dialect_of(database_url))
    after = everything(database_url)
    same = before.keys() - {"people", "settings", "triggers"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert {row[0] for row in before["triggers"]} - {row[0] for row in after["triggers"]} == {"projects_only_up"}
    with one_transaction(database_url, now) as unit:
        people = unit.connection.all("SELECT name, nickname, stars FROM people JOIN stars ON person = id")
        assert len(people) == len(before["people"]) - 1
        assert {(name.lower(), 5) for name, _, _ in people} == {(nickname, stars) for _, nickname, stars in people}
        goes_on(unit, house)
    for refused in (
        f"INSERT INTO accounts (name, currency) VALUES ('{'x' * 99}', 'EUR')",
        "INSERT INTO entries (account, version, transfer, amount, balance) VALUES (99, 1, 1, 1, 1)",
        "DELETE FROM accounts",
    ):
        with (
            pytest.raises(Exception, match=r"(?i)check|belongs|never|append"),
            one_transaction(database_url, now) as unit,
        ):
            unit.connection.changed(refused)


def test_a_migration_waits_for_whoever_writes(database_url: str, now: Moment, write: Write) -> None:
    """What it copies has all that is there when it is done."""
    write("9998_example", "INSERT INTO settings (name, value) SELECT 'copied', CAST(count(*) AS TEXT) FROM people;")
    with ThreadPoolExecutor(1) as pool:
        with one_transaction(database_url, now) as unit:
            unit.people.upsert(1, "ann", "Ann", "en", now)
            unit.connection.flush()
            found = pool.submit(migrate.migrate, dialect_of(database_url))
            with pytest.raises(TimeoutError):
                found.result(0.5)
        assert found.result(20) == ["9998_example"]
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.settings.get("copied") == "1"


@pytest.mark.parametrize("where", ["common", "procedures", "the next one"])
def test_a_migration_that_fails_half_way_leaves_nothing(
    database_url: str, now: Moment, write: Write, where: str
) -> None:
    house, before, released = a_day(database_url, now), everything(database_url), migrate.versions()
    wrong = "INSERT INTO stars (person, stars) VALUES (999, 6);\n"
    common, procedures = COMMON, {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}
    if where == "common":
        common += wrong
    elif where == "procedures":
        procedures = {name: text + wrong for name, text in procedures.items()}
    else:
        write("9999_next", wrong)
    write("9998_example", common, **procedures)
    with pytest.raises(Exception, match=r"(?i)check"):
        migrate.migrate(dialect_of(database_url))
    assert everything(database_url) == before
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(migrate, "versions", lambda: released)
        permanence.guards.cache_clear()
        with one_transaction(database_url, now) as unit:
            goes_on(unit, house)


def test_a_table_made_anew_without_rows_others_refer_to_is_not_kept(sqlite_url: str, now: Moment, write: Write) -> None:
    a_day(sqlite_url, now)
    before = everything(sqlite_url)
    write("9998_example", "", sqlite=ON_SQLITE.replace("FROM accounts;", "FROM accounts WHERE id > 1;"))
    with pytest.raises(Broken):
        migrate.migrate(dialect_of(sqlite_url))
    assert everything(sqlite_url) == before


def test_a_backup_of_the_version_before_is_brought_up(
    database_url: str, now: Moment, write: Write, tmp_path: Path, sqlite_files: SQLiteFiles
) -> None:
    """Numbers of places that come back go on behind those in the backup, on PostgreSQL's sequence, too."""
    house, copy = a_day(database_url, now), tmp_path / "copy.db"

    def given_back(unit: UnitOfWork) -> int:
        unit.openings.give_back(house.project, False, house.tasks[0])
        return int(unit.connection.all("SELECT max(back) FROM openings")[0][0])

    with one_transaction(database_url, now) as unit:
        number = given_back(unit)
        unit.openings.take(house.tasks[0])
        assert check(unit) == []
    back_up(database_url, copy)
    write("9998_example", COMMON, sqlite=ON_SQLITE, postgresql=ON_POSTGRESQL)
    sqlite_files.rest()
    restore(database_url, copy, now)
    assert migrate.is_current(dialect_of(database_url))
    with one_transaction(database_url, now) as unit:
        assert unit.connection.all("SELECT count(*) FROM stars WHERE stars = 5")[0][0] > 0
        goes_on(unit, house)
        assert given_back(unit) > number


BEFORE_AI = """
ALTER TABLE tasks DROP COLUMN ai;
ALTER TABLE projects DROP COLUMN models;
ALTER TABLE projects DROP COLUMN ai_decides;
UPDATE settings SET value = '0001_schema' WHERE name = 'schema';
"""


def test_projects_from_before_models_answered_go_on(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    connection = dialect.open()
    connection.script(BEFORE_AI)
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: ["0001_schema", "0002_ai_answers"])
        assert migrate.migrate(dialect) == ["0002_ai_answers"]
    after = everything(database_url)
    same = before.keys() - {"settings", "tasks", "projects"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert len(after["tasks"]) == len(before["tasks"])
    with one_transaction(database_url, now) as unit:
        assert unit.tasks.get(house.tasks[0]).ai == ()
        assert (unit.projects.get(house.project).models, unit.projects.get(house.project).ai_decides) == ((), False)
        goes_on(unit, house)


UP_TO_TURNS = ("0002_ai_answers", "0003_session_mode", "0004_barred", "0005_project_turns")
BEFORE_TURNS = {
    "sqlite": "DROP TRIGGER openings_turn;",
    "postgresql": "DROP TRIGGER openings_turn ON openings;\nDROP FUNCTION openings_turn();",
}


def test_projects_that_run_get_their_turn(database_url: str, now: Moment) -> None:
    """In the version before, no index told whose turn it is."""
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    connection = dialect.open()
    connection.script(BEFORE_TURNS[connection.dialect])
    connection.script("DROP INDEX enrolments_telling;\nDROP TABLE project_turns;")
    connection.script("UPDATE settings SET value = '0004_barred' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: ["0001_schema", *UP_TO_TURNS])
        assert migrate.migrate(dialect) == ["0005_project_turns"]
    after = everything(database_url)
    same = before.keys() - {"settings", "triggers"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    with one_transaction(database_url, now) as unit:
        assert unit.connection.all("SELECT project, languages FROM project_turns") == [(house.project, "[]")]
        goes_on(unit, house)


ROWS = re.compile(r"CREATE (FUNCTION (?:transfers_post|accounts_step)\(\).*?END \$\$;)", re.DOTALL)
BY_ROW = "CREATE TRIGGER transfers_post AFTER INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION transfers_post();"


def test_a_ledger_that_was_posted_row_by_row_goes_on(database_url: str, now: Moment) -> None:
    """On PostgreSQL; nothing changes on SQLite."""
    dialect = dialect_of(database_url)
    connection = dialect.open()
    if connection.dialect == "postgresql":
        functions = ROWS.findall(migrate.procedures("postgresql", "0001_schema"))
        replaced = "".join(f"CREATE OR REPLACE {text}\n" for text in functions)
        connection.script(f"DROP TRIGGER transfers_post ON transfers;\n{replaced}{BY_ROW}")
        assert len(functions) == 2
    connection.script("UPDATE settings SET value = '0006_changed_projects' WHERE name = 'schema';")
    connection.close()
    house, before = a_day(database_url, now), everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        up_to_it = ["0001_schema", *UP_TO_TURNS, "0006_changed_projects", "0008_posting"]
        then.setattr(migrate, "versions", lambda: up_to_it)
        assert migrate.migrate(dialect) == ["0008_posting"]
    after = everything(database_url)
    same = before.keys() - {"settings", "triggers"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    moves = (Transfer(f"many:{number}", "deposit", BANK, FEES, Millionths(number), "EUR") for number in range(1, 30))
    with one_transaction(database_url, now) as unit:
        unit.ledger.post_later(moves)
        goes_on(unit, house)


def test_a_database_of_a_development_version_is_refused(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    dialect = dialect_of(database_url)
    with one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE settings SET value = '0026_api_keys' WHERE name = 'schema'")
    before = everything(database_url)
    for ask in (migrate.migrate, migrate.is_current):
        with pytest.raises(UnknownSchema, match=r"^its schema 0026_api_keys was made by a development version before"):
            ask(dialect)
    assert everything(database_url) == before


PERSON = "INSERT INTO people (telegram_id, language, joined_at, requester) VALUES (:id, 'fr', 1, :on)"
PREFERENCES = """
INSERT INTO preferences (person, days, begin_hour, end_hour, zone, gap, goal_tasks, goal_money, currency, unwanted,
  languages, pushed_at, reached_on)
VALUES (:person, 31, 9, 18, 'Europe/Paris', 15, 20, 0, 'EUR', '["photo"]', '["fr"]', 5, 7)"""


def test_workers_of_the_version_before_session_mode_keep_a_message_for_each_task(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_it = [version for version in migrate.versions() if version < "0003"]
    monkeypatch.setattr(migrate, "versions", lambda: before_it)
    dialect = dialect_of(empty_database_url)
    migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        for number in (1, 2):
            unit.connection.changed(PERSON, id=number, on=0)
        ann, ben = (PersonId(row[0]) for row in unit.connection.all("SELECT id FROM people ORDER BY id"))
        unit.connection.changed(PREFERENCES, person=ann)
        before = unit.connection.all("SELECT * FROM preferences")
    monkeypatch.undo()
    assert "0003_session_mode" in migrate.migrate(dialect)
    chosen = Preferences(31, 9, 18, "Europe/Paris", 15, 20, currency="EUR", unwanted=("photo",), languages=("fr",))
    chosen = replace(chosen, pushed_at=Moment(5), reached_on=Moment(7))
    with one_transaction(empty_database_url, now) as unit:
        assert [tuple(row) for row in unit.connection.all("SELECT * FROM preferences")] == [
            (*before[0], 0, -1, 0, 1, "")
        ]
        assert unit.preferences.of(ann) == chosen
        unit.preferences.keep(ann, replace(chosen, in_place=True))
        unit.preferences.keep(ben, Preferences(in_place=True))
    with one_transaction(empty_database_url, now) as unit:
        assert unit.preferences.of(ann) == replace(chosen, in_place=True)
        assert unit.preferences.of(ben).in_place
        assert check(unit) == []
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(empty_database_url, now) as unit:
        unit.connection.changed("UPDATE preferences SET in_place = 2")


def test_nobody_of_the_version_before_is_barred_from_opening_projects(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_it = [version for version in migrate.versions() if version < "0004"]
    monkeypatch.setattr(migrate, "versions", lambda: before_it)
    dialect = dialect_of(empty_database_url)
    migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        for number in (1, 2):
            unit.connection.changed(PERSON, id=number, on=number - 1)
        before = unit.connection.all("SELECT * FROM people ORDER BY id")
    monkeypatch.undo()
    assert "0004_barred" in migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        after = unit.connection.all("SELECT * FROM people ORDER BY id")
        assert [tuple(row)[: len(before[0]) + 1] for row in after] == [(*row, 0) for row in before]
        ann, ben = (unit.people.get(PersonId(row[0])) for row in after)
        assert [(each.requester, each.barred) for each in (ann, ben)] == [(False, False), (True, False)]
        unit.people.make_requester(ben.id, False)
        assert unit.people.get(ben.id).barred
        assert check(unit) == []


def upgraded_from(database_url: str, name: str, drop: str) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Goes back by `drop` to the version before the migration of this name, and upgrades to it alone: everything
    before, and after. On PostgreSQL what later tables say of a dropped one goes with it."""
    if database_url.startswith("postgresql"):
        drop = re.sub(r"(DROP TABLE \w+)", r"\1 CASCADE", drop)
    dialect, versions = dialect_of(database_url), migrate.versions()
    (at,) = [number for number, version in enumerate(versions) if version[5:] == name]
    connection = dialect.open()
    connection.script(drop)
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [versions[at]]
    return before, everything(database_url)


def new_tables_change_nothing_else(database_url: str, name: str, drop: str, *changed: str) -> None:
    """But for the tables that are `changed`."""
    before, after = upgraded_from(database_url, name, drop)
    same = before.keys() - {"settings", *changed}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}


QUESTION = """
INSERT INTO questions (project, task, asker, words, state, asked_at, remind_at, due_at)
VALUES (:project, :task, :asker, 'Why is it so?', 'open', 5, 6, 7)"""


def test_workers_of_the_version_before_questions_may_ask(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "questions", "DROP TABLE faq_rounds;\nDROP TABLE questions;")
    with one_transaction(database_url, now) as unit:
        about = {"project": house.project, "task": house.tasks[0], "asker": house.workers[0]}
        unit.connection.changed(QUESTION, **about)
        assert unit.questions.count_open(house.project) == 1
        goes_on(unit, house)
    for change in ("state = 'answered', ended_at = 9", "asker = NULL", "entry = 1", "due_at = 5"):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(f"UPDATE questions SET {change}")


REPORT = """
INSERT INTO reports (project, task, reporter, kind, state, made_at)
VALUES (:project, :task, :worker, :kind, 'open', 5)"""


def test_workers_of_the_version_before_reports_may_report(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "reports", "DROP TABLE reports;")
    about = {"project": house.project, "task": house.tasks[0], "worker": house.workers[0]}
    with one_transaction(database_url, now) as unit:
        unit.connection.changed(REPORT, **about, kind="scam")
        goes_on(unit, house)
    for kind, why in (("nothing", r"(?i)check"), ("broken", r"(?i)unique")):
        with pytest.raises(Exception, match=why), one_transaction(database_url, now) as unit:
            unit.connection.changed(REPORT, **about, kind=kind)


BEFORE_ELECTIONS = "".join(
    f"DROP TABLE {table};\n"
    for table in ("worker_group", "election_ballots", "election_voters", "election_candidates", "elections")
)
ELECTION = """
INSERT INTO elections (opened, votes_from, closes, state) VALUES (5, 6, 7, 'open')"""


def test_workers_of_the_version_before_elections_may_elect(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "elections", BEFORE_ELECTIONS)
    with one_transaction(database_url, now) as unit:
        unit.connection.changed(ELECTION)
        stand = "INSERT INTO election_candidates (election, person) SELECT id, :person FROM elections"
        assert unit.connection.changed(stand, person=house.workers[0]) == 1
        goes_on(unit, house)
    for change, why in (
        (ELECTION, r"(?i)unique"),
        ("INSERT INTO worker_group (one, link) VALUES (2, 'https://t.me/+a')", r"(?i)check"),
        ("INSERT INTO election_ballots (election, voter, candidate) SELECT id, 'a', 0 FROM elections", r"(?i)foreign"),
    ):
        with pytest.raises(Exception, match=why), one_transaction(database_url, now) as unit:
            unit.connection.changed(change)


def test_models_of_the_version_before_figures_get_them_with_the_next_refit(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        unit.models.keep(house.project, opened(2), Fitted(60, 0, now), ())
    new_tables_change_nothing_else(
        database_url, "figures", "ALTER TABLE project_models DROP COLUMN figures;", "project_models"
    )
    found = Figures(60, Reliability(0.7, 0.6, 0.8, None, 0.9, 20), 1, 1, (), GoldEffect(19, 1, 0.8, 0.7))
    with one_transaction(database_url, now) as unit:
        assert unit.models.figures(house.project) is None
        assert unit.models.fitted(house.project).answers == 60
        unit.models.keep_figures(house.project, found)
        assert unit.models.figures(house.project) == found


LOOK = """
INSERT INTO first_looks (project, state, seen, version, asked_at, reason, ended_by, ended_at)
VALUES (:project, :state, 'x', 1, 5, :reason, :by, 6)"""


def test_requesters_of_the_version_before_first_looks_may_be_asked_to_wait(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "first_looks", "DROP TABLE first_looks;")
    for about in ({"state": "refused", "reason": "", "by": 1}, {"state": "approved", "reason": "", "by": None}):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(LOOK, project=house.project, **about)
    with one_transaction(database_url, now) as unit:
        assert not unit.first_looks.has_proven_project(house.requester)
        unit.connection.changed(LOOK, project=house.project, state="approved", reason="", by=house.requester)
        assert unit.first_looks.has_proven_project(house.requester)
        goes_on(unit, house)


BEFORE_STOPS = "DROP TABLE stops;\nALTER TABLE people DROP COLUMN suspended;"
STOP = """
INSERT INTO stops (project, person, reason, made_by, made_at, state, words, due_at, ruling, ruled_by, ruled_at)
VALUES (:project, :person, :reason, :by, 5, :state, '', :due, '', NULL, NULL)"""


def test_nobody_of_the_version_before_is_suspended(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "stops", BEFORE_STOPS, "people")
    fine = {"project": None, "person": house.workers[0], "reason": "why", "by": house.requester, "state": "standing"}
    with one_transaction(database_url, now) as unit:
        assert not any(unit.people.get(each).suspended for each in (*house.workers, house.requester))
        unit.connection.changed(STOP, **fine, due=None)
        unit.stops.set_suspended(house.workers[0], True)
        assert check(unit) == []
        unit.connection.changed("DELETE FROM stops")
        unit.stops.set_suspended(house.workers[0], False)
        goes_on(unit, house)
    for wrong in ({"reason": ""}, {"state": "appealed"}, {"state": "upheld"}, {"due": 9}):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(STOP, **{**fine, "due": None, **wrong})


def test_answers_of_the_version_before_tools_can_be_said_to_be_made_with_one(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "tool_uses", "DROP TABLE tool_uses;")
    with one_transaction(database_url, now) as unit:
        given = "SELECT id FROM submissions WHERE project = :project ORDER BY id"
        submission = unit.connection.all(given, project=house.project)[0][0]
        unit.tool_uses.note(house.project, submission)
        assert unit.tool_uses.count(house.project) == 1
        goes_on(unit, house)


def test_projects_of_the_version_before_orders_keep_theirs(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "shuffled", "ALTER TABLE projects DROP COLUMN shuffled;", "projects")
    with one_transaction(database_url, now) as unit:
        assert not unit.projects.get(house.project).shuffled
        goes_on(unit, house)


def test_photos_of_the_version_before_retakes_can_be_asked_for_again(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "retakes", "DROP TABLE retakes;\nDROP TABLE picture_prints;")
    with one_transaction(database_url, now) as unit:
        worker = house.workers[0]
        number = unit.connection.all("SELECT id FROM assignments WHERE worker = :id ORDER BY id", id=worker)[0][0]
        retakes, mark = unit.answer_files.retakes, "00ff00ff00ff00ff"
        assert retakes.ask(house.project, worker, Retake(number, "f u", "", mark), now)
        assert not retakes.ask(house.project, worker, Retake(number, "g v", "", mark), now)
        retakes.keep_print(house.project, number, mark)
        assert retakes.has_alike(house.project, 0, "00ff00ff00ff00fe")
        assert not retakes.has_alike(house.project, 0, "0fff00ff0fff0ff0")
        assert not retakes.has_alike(house.project, number, mark)
        retakes.close(number, kept=True)
        assert retakes.has_kept(house.project, worker)
        goes_on(unit, house)


BEFORE_VERSIONS = "DROP TABLE project_versions;\n" + "".join(
    f"ALTER TABLE {table} DROP COLUMN {column};\n"
    for table, column in (
        *(("projects", "version"), ("projects", "pictures"), ("projects", "examples"), ("assignments", "version")),
        *(("submissions", "version"), ("enrolments", "version")),
    )
)


def test_answers_of_the_version_before_editions_were_made_under_the_first(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    drop = BEFORE_VERSIONS
    if database_url.startswith("postgresql"):
        drop += "DROP FUNCTION project_versions_new() CASCADE;\n"
    told = ("triggers", "projects", "assignments", "submissions", "enrolments")
    new_tables_change_nothing_else(database_url, "versions", drop, *told)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.requester)
        edits.typed(act, {"project": house.project, "part": "title", "picture": ""}, "Another title")
        assert [each.wording.title for each in unit.versions.all(house.project)] == [
            "Is the review positive?",
            "Another title",
        ]
        assert unit.connection.all("SELECT DISTINCT version FROM submissions") == [(1,)]
        goes_on(unit, house)


def test_migrations_are_numbered_one_after_another() -> None:
    """Two with one number would run in the order of their names."""
    assert [int(name[:4]) for name in migrate.versions()] == list(range(1, len(migrate.versions()) + 1))


def test_screening_upgrades(database_url: str, now: Moment) -> None:
    """Nobody of the version before was asked; an answer has its moment."""
    house = a_day(database_url, now)
    new_tables_change_nothing_else(
        database_url, "screening", "DROP TABLE screening_answers;\nDROP TABLE screening_questions;"
    )
    with one_transaction(database_url, now) as unit:
        question = unit.screening.get_or_add("Do you drive?", ("yes", "no"))
        assert unit.screening.add_asked(house.workers[0], question.id)
        assert not unit.screening.add_asked(house.workers[0], question.id)
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE screening_answers SET answer = 'yes'")


def test_redos_upgrade(database_url: str, now: Moment) -> None:
    """Once an answer, ended or not, on a database that knew none."""
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "redos", "DROP TABLE redos;")
    with one_transaction(database_url, now) as unit:
        found = unit.reviews.list_waiting(house.project, 0, 1)[0]
        assert unit.redos.add(found, "Please look once more.", found.pay)
        assert not unit.redos.add(found, "And once more.", found.pay)
        unit.connection.changed("DELETE FROM redos")
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.connection.changed(
            "INSERT INTO redos (submission, project, worker, words, pay, state, asked_at, until_at)"
            " SELECT id, project, worker, '', 1, 'done', 1, 2 FROM submissions LIMIT 1"
        )
