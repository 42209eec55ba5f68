"""A restore uses no number again that may have gone to a bank since the backup was made; on both databases."""

from pathlib import Path

from domain.moments import DAY, MINUTE, Moment, later
from services.money import payouts, settlement
from storage.backups import back_up, restore
from storage.database import one_transaction
from storage.invariants import find_violations
from tests.acts import act_of
from tests.invariants.unpaid import PAYER
from tests.services.money.test_payouts import earned_twice
from tests.sqlite_files import SQLiteFiles


def sends(url: str, now: Moment, turn: int) -> tuple[int, int]:
    """The numbers of a payout and of its file."""
    with one_transaction(url, now) as unit:
        ann = unit.people.find_by_telegram_id(2_000 + 1) or earned_twice(unit)
        payouts.request_payout(unit, ann, "EUR", 10_000, turn)
        settlement.make_bank_file(act_of(unit, ann.id, payer=PAYER), unit.payouts.last_file(), "EUR")
        assert find_violations(unit) == []
        return max(each.id for each in unit.payouts.list_for_worker(ann.id, 9)), unit.payouts.last_file()


def test_numbers_that_a_bank_may_know_are_not_used_again(
    database_url: str, now: Moment, tmp_path: Path, sqlite_files: SQLiteFiles
) -> None:
    first, copy = sends(database_url, now, 1), tmp_path / "copy"
    back_up(database_url, copy)
    known = {number for turn in (2, 3) for number in sends(database_url, now, turn)}
    sqlite_files.rest()
    restore(database_url, copy, later(now, DAY))
    with one_transaction(database_url, now) as unit:
        assert unit.payouts.last_file() == first[1]
    then = sends(database_url, later(now, DAY), 2)
    assert min(then) > max(known) + 86_400
    sqlite_files.rest()
    restore(database_url, copy, later(now, DAY + MINUTE))
    once_more = sends(database_url, later(now, DAY + MINUTE), 2)
    assert min(once_more) > max(then)
