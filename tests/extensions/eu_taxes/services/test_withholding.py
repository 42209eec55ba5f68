"""Withheld shares: handed on, given back, and lost to payouts that fail."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.bank_statements import StatementBooked
from domain.money.ledger import BANK, WITHHELD, Transfer, available_account
from domain.refusals import BadInput, MoreThanThere, NotWholeCents, PayoutDecided
from extensions.eu_taxes.domain.contributions import WithheldCameBack, WithheldHandedOn
from extensions.eu_taxes.handlers.contributions import HandOn
from extensions.eu_taxes.services import contributions, tax_returns
from extensions.eu_taxes.storage.tax_returns import TaxReports
from handlers.documents import FOR_ADMINS
from handlers.people.consents import WaivePay
from services.money import payouts, settlement
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, House, furnish, settle_worker
from tests.invariants.unpaid import PAYER
from tests.services.money.test_old_currency import changed
from tests.services.money.test_payout_answers import BACK, booked, earns, read, statement
from tests.services.money.test_payout_answers import PAYER as ACME
from tests.services.money.test_payouts import earned_twice
from tests.services.money.test_typed_amounts import balances, settled
from tests.services.money.test_waivers import both
from tests.services.people.test_paid_tests_attacked import LATE, YEAR, begin, make, offer_of, take


def test_a_payout_with_a_handed_on_share_cannot_fail(database_url: str, now: Moment):
    """It gave that back, or the house advances it: then worker and book are right again."""
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        unit.payouts.set_rate(ann.id, 1_000)
        payouts.request_payout(unit, ann, "EUR", None, 1)
        settlement.make_bank_file(act_of(unit, ann.id, payer=PAYER), 0, "EUR")
        settlement.confirm_file(act_of(unit, ann.id), 1)
        handed = contributions.record_handed_on(act_of(unit, ann.id, key="2"), "0.50", "URSSAF-Q1")
        assert isinstance(handed, WithheldHandedOn)
    with pytest.raises(PayoutDecided), one_transaction(database_url, now) as unit:
        settlement.decide_payout(act_of(unit, ann.id), 1, "failed", "account closed")
    with one_transaction(database_url, now) as unit:
        with pytest.raises(MoreThanThere):
            contributions.record_handed_on(act_of(unit, ann.id, key="3"), "-0.51", "URSSAF refund")
        back = contributions.record_handed_on(act_of(unit, ann.id, key="4"), "−0.50", "URSSAF refund")
        assert isinstance(back, WithheldCameBack)
        assert find_violations(unit) == []
        settlement.decide_payout(act_of(unit, ann.id), 1, "failed", "account closed")
        assert unit.ledger.balance(available_account(ann), "EUR") == 5_000_000
        assert find_violations(unit) == []


def test_withheld_money_of_the_old_currency_is_handed_on(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        act, _ = changed(unit)
        with pytest.raises(BadInput):
            contributions.record_handed_on(act, "2", "EUR URSSAF-Q1")
        unit.ledger.open((WITHHELD,), "EUR")
        unit.ledger.post(Transfer("kept", "withhold", BANK, WITHHELD, Millionths(2_000_000), "EUR"))
        done = contributions.record_handed_on(act, "2", "EUR URSSAF-Q1")
        assert done == WithheldHandedOn(2_000_000, 0, "EUR", "URSSAF-Q1", done.operation)
        with pytest.raises(MoreThanThere):
            contributions.record_handed_on(act, "-2.01", "EUR URSSAF-Q1")


async def test_a_payout_with_a_handed_on_share_is_not_returned_by_a_file(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        worker = settle_worker(unit, 1)
        unit.payouts.set_rate(worker.id, 5_000)
        earns(unit, 1)
        act = act_of(unit, worker.id, frozenset({FIRST_WORKER + 1}), payer=ACME)
        settlement.make_bank_file(act, 0, "EUR")
        returned = statement("2.50", "CRDT", more=BACK)
        assert [each.reason for each in read(act, returned).payouts] == ["closed"]
        settlement.confirm_file(act, 1)
        contributions.record_handed_on(act, "2.50", "Urssaf")
        assert booked(act) == StatementBooked(0, 0, "EUR", 0, 0, 0, waiting=1, open=1)
        assert read(act, returned).known == 1
        assert find_violations(unit) == []

    await database.transact(story, now)


@pytest.mark.parametrize(
    ("words", "why"), [("$5 thanks", "amount_currency"), ("1 000 merci", "amount_unclear"), ("0.656 merci", None)]
)
def test_a_sum_that_is_unclear_is_not_handed_on(database_url: str, now: Moment, words: str, why: str | None) -> None:
    with one_transaction(database_url, now) as unit:
        house = settled(unit)
        before = balances(unit, house)
        act = act_of(unit, unit.people.upsert(4_242, "ada", "Ada", "en", unit.now).id, frozenset({4_242}), key=words)
        with pytest.raises(BadInput if why else NotWholeCents) as refused:
            press(act, HandOn.from_words(words.split(), ""))
        assert refused.value.facts.get("what") == why
        assert balances(unit, house) == before
        press(act, HandOn.from_words(["5", "€", "careful", "work"], ""))
        assert [new - old for new, old in zip(balances(unit, house), before, strict=True)] == [
            0,
            0,
            -5_000_000,
            5_000_000,
        ]


def test_pay_that_was_given_up_was_income(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, _ = both(unit)
        (ann,) = house.workers
        press(act_of(unit, ann), WaivePay(sure=1, amount=250_000, currency="EUR"))
        (row,) = [row for row in tax_returns.seller_rows(unit, 2027) if row[0] == unit.people.get(ann).telegram_id]
        assert row[5] == "0.25"


async def test_a_paid_test_is_an_activity(database: Database, now: Moment) -> None:
    def first(unit: UnitOfWork) -> House:
        house = furnish(unit, 2, 1, overlap=2)
        make(unit, house, people=1)
        begin(unit, house.workers[0])
        return house

    def late(unit: UnitOfWork) -> None:
        _, other = house.workers
        take(unit, other, offer_of(unit, other)["request"])
        consideration = unit.records(TaxReports).sum_consideration(YEAR)
        assert [row[4] for row in consideration if row[0] == other] == [2]  # and a task before

    house = await database.transact(first, now)
    await database.transact(late, Moment(now + LATE))


def test_rates_are_sent_by_admins() -> None:
    assert "/withhold" in FOR_ADMINS
