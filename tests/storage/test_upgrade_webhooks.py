"""Webhooks come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

TABLES = "DROP TABLE webhook_calls;\nDROP TABLE webhook_events;\nDROP TABLE webhooks;\n"
TRIGGER = {
    "sqlite": "DROP TRIGGER tasks_webhook;\n",
    "postgresql": "DROP TRIGGER tasks_webhook ON tasks;\nDROP FUNCTION webhook_task_closed();\n",
}


def test_tasks_of_the_version_before_are_told_of_when_they_close(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    new_tables_change_nothing_else(database_url, "webhooks", TRIGGER[dialect.name] + TABLES, "triggers")
    with one_transaction(database_url, now) as unit:
        unit.webhooks.add(house.requester, "https://pouce.example/hook", (), "sealed")
        goes_on(unit, house)
        unit.connection.changed("UPDATE tasks SET state = 'closed' WHERE state = 'open'")
        closed = unit.connection.all("SELECT count(*) FROM tasks WHERE state = 'closed'")
        assert len(unit.webhooks.events(100)) > 0
        assert len({subject for _, _, _, subject in unit.webhooks.events(100)}) <= closed[0][0]
