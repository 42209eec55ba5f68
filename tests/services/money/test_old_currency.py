"""After the house has changed its currency, what is there in the old one can be moved: named, and back to its owner."""

from decimal import Decimal

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.deposits import DepositRecorded, RefundRecorded
from domain.money.ledger import BANK, Transfer, requester_account
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from domain.people.personal_data import Farewell, ForgetQuestion
from domain.refusals import BadInput, MoreThanThere
from formats.bank.iban import requester_reference
from services.act import Act
from services.money import deposits
from services.people import personal_data
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import settle_requester

USD = Terms("USD", Decimal(10), Millionths(0))


def changed(unit: UnitOfWork) -> tuple[Act, PersonId]:
    """An admin's act in a house of dollars, and Anna, who has nine euros."""
    anna = settle_requester(unit)
    unit.ledger.open((BANK, requester_account(anna)), "EUR")
    there = Millionths(unit.ledger.balance(requester_account(anna), "EUR"))
    unit.ledger.post(Transfer("before", "refund", requester_account(anna), BANK, there, "EUR"))
    unit.ledger.post(Transfer("nine", "deposit", BANK, requester_account(anna), Millionths(9_000_000), "EUR"))
    admin = unit.people.upsert(4_242, "ada", "Ada", "en", unit.now)
    return act_of(unit, admin.id, frozenset({4_242}), terms=USD, key="typed"), anna.id


def euros(unit: UnitOfWork, anna: PersonId) -> int:
    return unit.ledger.balance(requester_account(unit.people.get(anna)), "EUR")


def test_money_of_an_old_currency_is_refunded(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        act, anna = changed(unit)
        hers = act_of(unit, anna, terms=USD)
        assert isinstance(personal_data.begin_erasure(hers), ForgetQuestion)
        with pytest.raises(MoreThanThere):
            deposits.record_refund(act, "1000", "9", "")  # dollars, as nothing else is named
        done = deposits.record_refund(act, "1000", "9", "EUR RF-7")
        assert done == RefundRecorded("@anna", 9_000_000, 0, "EUR", "RF-7", done.operation)
        assert isinstance(personal_data.begin_erasure(hers), Farewell)


@pytest.mark.parametrize("who", ["1000", "@anna", "reference"])
def test_a_deposit_names_a_currency_that_its_account_has(database_url: str, now: Moment, who: str) -> None:
    with one_transaction(database_url, now) as unit:
        act, anna = changed(unit)
        whom = requester_reference(anna) if who == "reference" else who
        done = deposits.record_deposit(act, whom, "€1", "INV-7")
        assert isinstance(done, DepositRecorded)
        assert (done.amount, done.available, done.currency, done.reference) == (1_000_000, 10_000_000, "EUR", "INV-7")
        for amount, stranger in (("1", whom), ("1", "4243")):
            with pytest.raises(BadInput) as refused:
                deposits.record_deposit(act, stranger, amount, "GBP" if stranger == whom else "EUR")
            assert refused.value.facts["what"] == "amount_currency"
        assert euros(unit, anna) == 10_000_000
