"""The ways money goes out come to a database with accounts and bank files in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.invariants.unpaid import after_paying
from tests.storage.test_upgrade import goes_on, upgraded_from

DROP = """
ALTER TABLE payees DROP COLUMN channel;
ALTER TABLE payees DROP COLUMN target;
ALTER TABLE bank_files DROP COLUMN channel;
"""


def test_accounts_of_the_version_before_are_paid_by_the_bank(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        after_paying()(unit, house)
    before, after = upgraded_from(database_url, "payout_channels", DROP)
    same = before.keys() - {"settings", "payees", "bank_files"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        payee = unit.payees.find_current(house.workers[1])
        assert payee is not None
        assert (payee.channel, payee.target, payee.country) == ("sepa", "", "FR")
        assert unit.payouts.get_file(unit.payouts.get(1).file).channel == "sepa"  # type: ignore[arg-type]
        goes_on(unit, house)
