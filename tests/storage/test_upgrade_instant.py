"""Bank files of the version before stay as they are, byte for byte; new ones may be instant. On both databases."""

from dataclasses import replace

from domain.moments import Moment
from formats.bank.sepa import bank_file
from jobs import bank_files
from services.money import payouts, settlement
from storage.database import one_transaction
from tests.acts import act_of
from tests.house import FIRST_WORKER
from tests.invariants.flows import a_day
from tests.invariants.unpaid import CENTS, PAYER, give_account
from tests.storage.test_upgrade import upgraded_from


def test_files_of_the_version_before_stay_as_they_are(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        give_account(unit, house, 1)
        worker = unit.people.get(house.workers[1])
        act = act_of(unit, worker.id, frozenset({FIRST_WORKER + 1}), payer=PAYER)
        payouts.request_payout(unit, worker, "EUR", CENTS)
        number = settlement.make_bank_file(act, unit.payouts.last_file(), "EUR").file.file  # type: ignore[union-attr]
        before = bank_file(*bank_files.contents(unit, number))
    upgraded_from(database_url, "instant_payouts", "ALTER TABLE bank_files DROP COLUMN instant;")
    with one_transaction(database_url, now) as unit:
        assert bank_file(*bank_files.contents(unit, number)) == before
        payouts.request_payout(unit, unit.people.get(worker.id), "EUR", CENTS)
        act = act_of(unit, worker.id, frozenset({FIRST_WORKER + 1}), payer=replace(PAYER, instant=True))
        number = settlement.make_bank_file(act, number, "EUR").file.file  # type: ignore[union-attr]
        assert b"<Cd>INST</Cd>" in bank_file(*bank_files.contents(unit, number))
