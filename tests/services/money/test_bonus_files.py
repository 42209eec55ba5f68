"""Bonuses to many: listed with their total, paid with one press, once however often the file comes."""

import pytest

from domain.moments import Moment
from domain.money.bonus import BonusesBooked, BonusesListed
from domain.money.ledger import available_account
from domain.people.accounts import PersonId, pseudonym
from domain.refusals import BonusesGone, FileRefused, MoreThanThere
from formats.bonus import read_bonuses
from formats.errors import FileErrors
from handlers.money.bonus import BookBonuses
from services.act import Reply
from services.money import bonus
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FUNDS, PAY, House, furnish
from tests.invariants.flows import turn


def worked(unit: UnitOfWork) -> House:
    house = furnish(unit, 2, 6)
    for worker in house.workers:
        turn(unit, worker)
    return house


def listed(unit: UnitOfWork, house: House, number: int, text: str) -> BonusesListed:
    return bonus.preview_file(act_of(unit, house.requester), number, "b.csv", read_bonuses(text.encode(), "csv", "EUR"))


def name_of(unit: UnitOfWork, house: House, worker: PersonId) -> str:
    return pseudonym(unit.settings.secret, house.requester, worker)


def got(unit: UnitOfWork, worker: PersonId) -> int:
    return unit.ledger.balance(available_account(unit.people.get(worker)), "EUR") - PAY


def test_each_row_is_paid_once_however_often_the_file_comes(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = worked(unit)
        one, two = house.workers
        act = act_of(unit, house.requester)
        rows = [f'{name_of(unit, house, one)};0,50;"careful; always"', f"{name_of(unit, house, two).upper()};1;thanks"]
        text = "worker;amount;reason\n" + "\n".join([*rows, rows[1]])
        first = listed(unit, house, 7, text)
        assert (first.count, first.people, first.total, first.before) == (3, 2, 2_500_000, 0)
        assert got(unit, one) == got(unit, two) == 0
        assert listed(unit, house, 8, text).count == 3  # dropped again before it was paid
        with pytest.raises(BonusesGone):
            press(act, BookBonuses(file=7))
        said = press(act_of(unit, house.requester, message=5), BookBonuses(file=8))
        assert isinstance(said, Reply)
        assert said.edits == 5  # the button goes
        paid = said.message
        assert isinstance(paid, BonusesBooked)
        assert (paid.count, paid.total) == (3, 2_500_000)
        assert (got(unit, one), got(unit, two)) == (500_000, 2_000_000)  # two equal rows are two bonuses
        with pytest.raises(BonusesGone):
            press(act, BookBonuses(file=8))
        again = listed(unit, house, 9, text + f"\n{name_of(unit, house, one)};0.25;and one more")
        assert (again.count, again.total, again.before) == (1, 250_000, 3)
        press(act, BookBonuses(file=9))
        assert (got(unit, one), got(unit, two)) == (750_000, 2_000_000)
        assert find_violations(unit) == []


def test_no_bonus_of_a_file_is_paid_if_a_row_is_bad_or_money_is_missing(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = worked(unit)
        name = name_of(unit, house, house.workers[0])
        with pytest.raises(FileRefused) as refused:
            listed(unit, house, 1, f"worker,amount,reason\n{name},1,good\nwnobody,1,good\n")
        assert [error["line"] for error in refused.value.errors] == [3]
        more = f"worker,amount,reason\n{name},{FUNDS // 1_000_000},much\n{name},1,more\n"
        assert listed(unit, house, 2, more).available < FUNDS + 1_000_000
        with pytest.raises(MoreThanThere):
            press(act_of(unit, house.requester), BookBonuses(file=2))
        assert got(unit, house.workers[0]) == 0


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("worker,amount\nw,1\n", [(1, "bonus_columns")]),
        ("worker,amount,reason\n", [(1, "rows")]),
        ("worker,amount,reason\nw,1,ok\nw,,ok\n,1,ok\nw,1,...\nw,0,ok\nw,-1,ok\nw,\"1,000\",ok\n", [
            (3, "amount"), (4, "bonus_worker"), (5, "bonus_reason"), (6, "amount_positive"), (7, "amount"),
            (8, "amount_unclear"),
        ]),
        ("worker,amount,reason\n" + "w,1,ok\n" * 501, [(1, "rows_at_most")]),
    ],
)  # fmt: skip
def test_bad_rows_are_listed_by_their_lines(text: str, problems: list[tuple[int, str]]) -> None:
    with pytest.raises(FileErrors) as found:
        read_bonuses(text.encode(), "csv", "EUR")
    assert [(error.line, error.expected) for error in found.value.errors] == problems
