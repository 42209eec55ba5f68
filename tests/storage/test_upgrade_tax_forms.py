"""Tax forms come to a database with data in it, on both databases."""

import pytest

from domain.moments import DAY, Moment, later
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else


def test_workers_of_the_version_before_tax_forms_may_be_asked(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "tax_forms", "DROP TABLE tax_forms;")
    with one_transaction(database_url, now) as unit:
        worker, other = house.workers[:2]
        assert unit.tax_forms.find_form(worker) is None
        assert unit.tax_forms.mark_asked(worker, later(now, DAY))
        assert not unit.tax_forms.mark_asked(worker, later(now, DAY))
        unit.tax_forms.store_answers(other, "sealed", "print")
        assert unit.tax_forms.count(2, now).given == 1
        goes_on(unit, house)
    for wrong in ("reminders = 3", "sealed = 'x'", "sealed = 'x', given_at = 1, key_print = 'y'"):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(f"UPDATE tax_forms SET {wrong} WHERE person = :person", person=worker)
