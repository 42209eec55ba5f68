"""Currencies are paid out separately; a bank file with an erased person is not made again."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.moments import Moment
from domain.money.amounts import CENT, Millionths
from domain.money.bank_statements import BankFileShown, PayoutShown
from domain.money.ledger import BANK, WITHHELD, Transfer, available_account
from domain.money.operator import Operator
from domain.money.payouts import HolderAsked, NothingToPayOut, PayoutCard, PayoutRequested
from domain.people.accounts import Person
from domain.refusals import AlreadyAsked, BadInput, NotFound, NothingToPay, PayoutDecided
from formats.bank.sepa import write_bank_file
from handlers.money.bank_statements import BankPaid, DecidePayout, bank_file_document
from jobs import bank_files
from locales import translator
from services.money import explanations, payouts, settlement
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, settle_worker
from tests.invariants.unpaid import IBAN, PAYER


def earned_twice(unit: UnitOfWork) -> Person:
    """Five euros and seven dollars, and an account."""
    ann = settle_worker(unit, 1)
    for currency, amount in (("EUR", 5_000_000), ("USD", 7_000_000)):
        account = available_account(ann)
        unit.ledger.open((BANK, account), currency)
        unit.ledger.post(Transfer(f"gift:{currency}", "gift", BANK, account, Millionths(amount), currency))
    payouts.ask_for_holder(unit, ann)
    payouts.take_account_answer(unit, ann, "Ann Doe")
    payouts.take_account_answer(unit, ann, IBAN)
    return ann


def last_told(unit: UnitOfWork) -> tuple[str, dict[str, Any]]:
    screen, facts = unit.connection.all("SELECT screen, facts FROM outbox ORDER BY id DESC LIMIT 1")[0]
    return screen, json.loads(facts)


async def test_each_currency_has_its_card_and_its_file(database: Database, now: Moment):
    def leave(unit: UnitOfWork) -> list[tuple[str | None, str | None]]:
        ann = earned_twice(unit)
        acts = act_of(unit, ann.id, payer=PAYER)
        assert [card.gross for card in payouts.show_payouts(acts) if isinstance(card, PayoutCard)] == [
            5_000_000,
            7_000_000,
        ]
        payouts.request_payout(unit, ann, "EUR", None, 1)
        payouts.request_payout(unit, ann, "USD", None, 2)
        waiting = settlement.show_overview(acts)
        assert [(each.currency, each.total) for each in waiting] == [("EUR", 5_000_000), ("USD", 7_000_000)]
        settlement.make_bank_file(act_of(unit, ann.id, payer=PAYER), 0, "EUR")
        settlement.make_bank_file(acts, 1, "USD")
        settlement.confirm_file(act_of(unit, ann.id), 1)
        assert find_violations(unit) == []
        assert [unit.ledger.balance(BANK, currency) for currency in ("EUR", "USD")] == [0, -7_000_000]
        files = [write_bank_file(*bank_files.read_bank_file(unit, number)) for number in (1, 2)]
        found = [next(ET.fromstring(file).iterfind(".//{*}InstdAmt")) for file in files]
        return [(amount.text, amount.get("Ccy")) for amount in found]

    assert await database.transact(leave, now) == [("5.00", "EUR"), ("7.00", "USD")]


async def test_a_file_with_somebody_who_left_is_not_made_again(database: Database, now: Moment):
    def leave(unit: UnitOfWork) -> None:
        ann = earned_twice(unit)
        payouts.request_payout(unit, ann, "EUR", None)
        settlement.make_bank_file(act_of(unit, ann.id, payer=PAYER), 0, "EUR")
        settlement.confirm_file(act_of(unit, ann.id), 1)
        settlement.send_file(act_of(unit, ann.id), 1)
        unit.erasure.erase(ann)
        settlement.send_file(act_of(unit, ann.id), 1)

    with pytest.raises(NotFound, match="whole_file"):
        await database.transact(leave, now)


def test_a_button_of_an_older_list_records_nothing(database_url: str, now: Moment) -> None:
    """An admin scrolls up to a list from before the bank's answer: a press must not undo that."""
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        payouts.request_payout(unit, ann, "EUR", 1_000_000, 1)
        payouts.request_payout(unit, ann, "EUR", 1_000_000, 2)
        act = act_of(unit, ann.id, frozenset({FIRST_WORKER + 1}), payer=PAYER)
        settlement.make_bank_file(act, 0, "EUR")
        both, failed = BankPaid(file=1, left=2), DecidePayout(payout=1, state="failed", reason="closed", seen="sent")
        settlement.decide_payout(act, 2, "unknown", "")
        shown = press(act, both)
        assert isinstance(shown, BankFileShown)
        assert (shown.stale, [each.state for each in shown.file.counts]) == (True, ["sent", "unknown"])
        assert not press(act, BankPaid(file=1, left=1)).stale  # type: ignore[attr-defined]
        for old in (failed, DecidePayout(payout=1, state="failed", reason="closed", seen="")):
            late = press(act, old)
            assert isinstance(late, PayoutShown)
            assert (late.stale, late.about.payout.state) == (True, "paid")
        assert unit.ledger.balance(available_account(ann), "EUR") == 3_000_000
        now_pressed = press(act, DecidePayout(payout=1, state="failed", reason="closed", seen="paid"))
        assert (now_pressed.stale, now_pressed.about.payout.state) == (False, "failed")  # type: ignore[attr-defined]
        assert find_violations(unit) == []


def test_an_unsent_payout_is_called_off_and_enters_no_file(database_url: str, now: Moment):
    """A worker's telephone was stolen, and they said so in time."""
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        act = act_of(unit, ann.id, payer=PAYER)
        unit.payouts.set_rate(ann.id, 1_000)
        payouts.request_payout(unit, ann, "EUR", None, 1)
        for state in ("paid", "unknown"):
            with pytest.raises(PayoutDecided):
                settlement.decide_payout(act, 1, state, "")
        with pytest.raises(BadInput):
            settlement.decide_payout(act, 1, "failed", "")
        shown = settlement.decide_by_button(act, 1, "failed", "asked", "requested")
        assert isinstance(shown, PayoutShown)
        assert (shown.about.payout.state, shown.about.payout.called_off, shown.about.file) == ("failed", True, None)
        assert unit.ledger.balance(available_account(ann), "EUR") == 5_000_000
        screen, facts = last_told(unit)
        assert (screen, facts["payout"]["called_off"]) == ("money.PayoutFailed", True)
        assert isinstance(settlement.make_bank_file(act, 0, "EUR"), tuple)  # nothing waits
        with pytest.raises(PayoutDecided):
            settlement.decide_payout(act, 1, "paid", "")
        payouts.request_payout(unit, ann, "EUR", None, 2)
        assert find_violations(unit) == []


def test_a_failed_payout_paid_after_all_reserves_its_money_again(database_url: str, now: Moment):
    """A wrong press; then the bank sends it back indeed, and pays it in the end."""
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        act = act_of(unit, ann.id, payer=PAYER)
        unit.payouts.set_rate(ann.id, 1_000)
        payouts.request_payout(unit, ann, "EUR", None, 1)
        settlement.make_bank_file(act, 0, "EUR")
        for _ in range(3):
            settlement.decide_payout(act, 1, "failed", "closed")
            assert unit.ledger.balance(available_account(ann), "EUR") == 5_000_000
            assert find_violations(unit) == []
            settlement.decide_payout(act, 1, "paid", "")
            balances = [unit.ledger.balance(each, "EUR") for each in (available_account(ann), BANK, WITHHELD)]
            assert balances == [0, -500_000, 500_000]
            assert find_violations(unit) == []
            screen, facts = last_told(unit)
            assert (screen, facts["after_all"]) == ("money.PayoutPaid", True)
            assert explanations.explain_operation(act, facts["operation"]).payout is not None


def test_a_failed_payout_cannot_be_paid_once_its_money_is_spent(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        act = act_of(unit, ann.id, payer=PAYER)
        payouts.request_payout(unit, ann, "EUR", None, 1)
        settlement.make_bank_file(act, 0, "EUR")
        settlement.decide_payout(act, 1, "failed", "closed")
        payouts.request_payout(unit, ann, "EUR", 10_000, 2)
    with pytest.raises(PayoutDecided) as refused, one_transaction(database_url, now) as unit:
        settlement.decide_payout(act_of(unit, ann.id), 1, "paid", "")
    assert refused.value.state == "spent"
    with one_transaction(database_url, now) as unit:
        settlement.decide_payout(act_of(unit, ann.id), 2, "failed", "asked")
        settlement.decide_payout(act_of(unit, ann.id), 1, "paid", "")
        assert find_violations(unit) == []


def test_a_payout_button_with_an_outdated_sum_sends_nothing(database_url: str, now: Moment):
    """The rate was changed after the card was shown."""
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        act = act_of(unit, ann.id, payer=PAYER)
        card = payouts.show_payouts(act)[0]
        assert isinstance(card, PayoutCard)
        unit.payouts.set_rate(ann.id, 5_000)
        again, _ = payouts.request_by_button(act, card.turn, card.gross, "EUR", card.net)
        assert isinstance(again, PayoutCard)
        assert (again.changed, again.net, again.withheld) == (True, 2_500_000, 2_500_000)
        assert unit.payouts.count(ann.id) == 0
        done = payouts.request_by_button(act, again.turn, again.gross, "EUR", again.net)
        assert isinstance(done[0], PayoutRequested)
        assert done[0].payout.net == 2_500_000
        with pytest.raises(AlreadyAsked):
            payouts.request_by_button(act, card.turn, card.gross, "EUR", card.net)


@pytest.mark.parametrize(("amount", "named"), [("0", True), ("0.001", True), ("all", False)])
def test_refusals_distinguish_a_small_request_from_a_small_balance(
    database_url: str, now: Moment, amount: str, named: bool
):
    with one_transaction(database_url, now) as unit:
        ann = earned_twice(unit)
        act = act_of(unit, ann.id)
        if not named:
            payouts.request_typed(act, "all")
        with pytest.raises(NothingToPay) as refused:
            payouts.request_typed(act, amount)
        assert refused.value.named is named


def test_an_account_is_asked_for_where_something_can_be_paid_out(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        ann = settle_worker(unit, 1)
        act, account = act_of(unit, ann.id), available_account(ann)
        assert payouts.show_payouts(act) == (NothingToPayOut(0, 0, "EUR", None),)
        with pytest.raises(NothingToPay):
            payouts.request_typed(act, "all")
        unit.ledger.open((BANK, account), "EUR")
        unit.ledger.post(Transfer("gift", "gift", BANK, account, CENT, "EUR"))
        assert payouts.show_payouts(act) == (HolderAsked(None, CENT, "EUR"),)


async def test_a_file_asks_for_its_day_by_the_operators_clock(database: Database, now: Moment):
    """23:30 UTC on 31 December is 00:30 on 1 January in Paris."""
    midnight = Moment(int(datetime(2026, 12, 31, 23, 30, tzinfo=UTC).timestamp() * 1000))

    def asks(unit: UnitOfWork) -> dict[str, Any]:
        ann = earned_twice(unit)
        act = act_of(unit, ann.id, payer=PAYER)
        act = replace(act, house=replace(act.house, operator=Operator(zone="Europe/Paris")))
        payouts.request_payout(unit, ann, "EUR", None, 1)
        file = bank_file_document(settlement.make_bank_file(act, 0, "EUR"), translator("en")).file  # type: ignore[arg-type]
        assert file is not None
        return dict(file.facts)

    facts = await database.transact(asks, midnight)
    made = await bank_files.make_bank_file(database, facts, midnight)
    assert [day.text for day in ET.parse(made.path).iterfind(".//{*}ReqdExctnDt/{*}Dt")] == ["2027-01-01"]
    made.path.unlink()
