"""What an admin or a requester types is booked as typed, or not at all."""

from collections.abc import Callable

import pytest

from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, WITHHELD, Transfer, available_account, requester_account
from domain.refusals import BadInput, NotWholeCents
from domain.work.assignments import SubmissionId
from handlers.money.bonus import GiveBonus
from handlers.money.deposits import Deposit, Refund
from services.money import bonus
from services.people.accounts import pseudonym_for
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn

BY_COMMAND, BY_BUTTON = "bonus", "bonus, asked for"


def book(unit: UnitOfWork, house: House, what: str, words: str) -> None:
    """As it is typed behind the command, or into the question of the button."""
    act = act_of(unit, house.requester, key=words)
    admin = act_of(unit, unit.people.upsert(4_242, "ada", "Ada", "en", unit.now).id, frozenset({4_242}), key=words)
    if what == "deposit":
        press(admin, Deposit.from_words(["@anna", *words.split()], ""))
    elif what == "refund":
        press(admin, Refund.from_words(["@anna", *words.split()], ""))
    elif what == BY_COMMAND:
        name = pseudonym_for(unit, house.requester, house.workers[0])
        press(act, GiveBonus.from_words([name, *words.split()], ""))
    else:
        bonus.give_typed(act, {"submission": an_answer(unit)}, words)
        unit.now = later(unit.now, 1)


def an_answer(unit: UnitOfWork) -> SubmissionId:
    return SubmissionId(unit.connection.all("SELECT max(id) FROM submissions")[0][0])


def settled(unit: UnitOfWork) -> House:
    """One answered task, and withheld money."""
    house = furnish(unit, workers=1, tasks=1, overlap=1)
    turn(unit, house.workers[0])
    unit.ledger.open((WITHHELD,), "EUR")
    unit.ledger.post(Transfer("kept", "withhold", BANK, WITHHELD, Millionths(2_000_000_000), "EUR"))
    return house


def balances(unit: UnitOfWork, house: House) -> list[int]:
    worker, requester = unit.people.get(house.workers[0]), unit.people.get(house.requester)
    accounts = (requester_account(requester), available_account(worker), WITHHELD, BANK)
    return [unit.ledger.balance(each, "EUR") for each in accounts]


EVERY = pytest.mark.parametrize("what", ["deposit", "refund", BY_COMMAND, BY_BUTTON])


@EVERY
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["$5 thanks", "5USD thanks", "£5 thanks", "5 USD thanks", "5 $ thanks"], "amount_currency"),
        (["1 000 merci", "1\u00a0000 VIR", "1\u202f000 VIR", "1 000,000 VIR"], "amount_unclear"),
    ],
)
def test_ambiguous_amounts_move_nothing(database_url: str, now: Moment, what: str, words: list[str], why: str):
    with one_transaction(database_url, now) as unit:
        house = settled(unit)
        before = balances(unit, house)
        for each in words:
            with pytest.raises(BadInput) as refused:
                book(unit, house, what, each)
            assert (each, refused.value.facts["what"]) == (each, why)
        assert balances(unit, house) == before


@pytest.mark.parametrize("what", ["deposit", "refund"])
@pytest.mark.parametrize("words", ["0.000001 merci", "0.656 merci", "5.0001 EUR merci"])
def test_amounts_below_a_cent_are_refused(database_url: str, now: Moment, what: str, words: str):
    with one_transaction(database_url, now) as unit:
        house = settled(unit)
        before = balances(unit, house)
        with pytest.raises(NotWholeCents) as refused:
            book(unit, house, what, words)
        assert refused.value.facts == {"value": words.removesuffix(" merci"), "least": 10_000, "currency": "EUR"}
        assert balances(unit, house) == before


MOVED: dict[str, Callable[[int], list[int]]] = {
    "deposit": lambda sum_: [sum_, 0, 0, -sum_],
    "refund": lambda sum_: [-sum_, 0, 0, sum_],
    BY_COMMAND: lambda sum_: [-sum_, sum_, 0, 0],
    BY_BUTTON: lambda sum_: [-sum_, sum_, 0, 0],
}


@EVERY
def test_the_houses_currency_may_stand_beside_the_amount(database_url: str, now: Moment, what: str):
    with one_transaction(database_url, now) as unit:
        house = settled(unit)
        before = balances(unit, house)
        for words in ("5 careful work", "€5 careful work", "5 EUR careful work", "5 € careful work"):
            book(unit, house, what, words)
        moved = [new - old for new, old in zip(balances(unit, house), before, strict=True)]
        assert moved == MOVED[what](20_000_000)
        memos = unit.connection.all("SELECT memo FROM transfers ORDER BY id DESC LIMIT 4")
        assert {memo for (memo,) in memos} == {"careful work"}
