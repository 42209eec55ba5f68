"""Payouts of the version before stay as they are, and have ways out now; on both databases."""

import pytest

from domain.moments import Moment
from services.money import payouts, settlement
from storage.database import one_transaction
from storage.invariants import check
from tests.acts import act_of
from tests.invariants.flows import a_day
from tests.invariants.unpaid import CENTS, PAYER, give_account
from tests.storage.test_upgrade import goes_on, upgraded_from

BEFORE = {
    "sqlite": "DROP TRIGGER payouts_guard;\nDROP TRIGGER payouts_stay;",
    "postgresql": """
ALTER TABLE payouts DROP CONSTRAINT payouts_file_check;
ALTER TABLE payouts ADD CONSTRAINT payouts_check1 CHECK ((state = 'requested') = (file IS NULL));""",
}


def test_payouts_of_the_version_before_stay_and_have_ways_out(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        give_account(unit, house, 1)
        worker = unit.people.get(house.workers[1])
        act = act_of(unit, house.requester, payer=PAYER)
        payouts.request_payout(unit, worker, "EUR", CENTS)
        settlement.make_bank_file(act, 0, "EUR")
        settlement.decide_payout(act, 1, "failed", "closed")
        payouts.request_payout(unit, worker, "EUR", CENTS)
    before, after = upgraded_from(database_url, "payouts_ways_out", BEFORE[database_url.partition(":")[0]])
    same = before.keys() - {"settings", "triggers"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.requester, payer=PAYER)
        settlement.decide_payout(act, 1, "paid", "")
        settlement.decide_payout(act, 2, "failed", "asked")
        assert [unit.payouts.get(n).state for n in (1, 2)] == ["paid", "failed"]  # type: ignore[arg-type]
        payouts.request_payout(unit, unit.people.get(worker.id), "EUR", CENTS)
        assert unit.payouts.find(3) is not None
        assert check(unit) == []
        goes_on(unit, house)
    for change in ("state = 'paid', file = 1 WHERE id = 2", "state = 'requested', decided_at = NULL WHERE id = 2"):
        with pytest.raises(Exception, match="not rewritten"), one_transaction(database_url, now) as unit:
            unit.connection.changed(f"UPDATE payouts SET {change}")
