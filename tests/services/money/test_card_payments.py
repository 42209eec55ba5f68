"""A card payment is booked once, for whom and as it was asked; what fits nothing waits for an admin."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.fairness.cases import CaseKind
from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.card_payments import (
    CardInvoice,
    CardPaymentsListed,
    CardTerms,
    Checkout,
    MadePayment,
    StrayPaymentShown,
)
from domain.money.ledger import CARD_FEES, CARDS, requester_account
from domain.people.accounts import PersonId
from domain.refusals import BadInput, CheckoutRefused, FundingClosed, MoreThanThere, NotFound, OwnMatter, Refusal
from handlers.money.card_payments import (
    CreditStrayPayment,
    PayByCard,
    RecordCardFee,
    RefundCardPayment,
    ReturnStrayPayment,
    ShowCardPayments,
    ShowStrayPayment,
)
from handlers.money.funds import Fund
from services.act import Act, Reply
from services.fairness import cases
from services.money import card_payments
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, settle_requester, settle_worker
from tests.letters import due_letters

ADMIN = frozenset({FIRST_WORKER + 1})
CARD_TERMS = CardTerms("token")
EUROS = 25_000_000


def by_card(unit: UnitOfWork, person: PersonId, key: str = "1", cards: CardTerms = CARD_TERMS) -> Act:
    act = act_of(unit, person, ADMIN, key=key)
    return replace(act, house=replace(act.house, cards=cards))


def ask(act: Act, amount: int = EUROS) -> CardInvoice:
    invoice = press(act, PayByCard(amount=amount, team=0))
    assert isinstance(invoice, CardInvoice)
    return invoice


def check(act: Act, number: int | str, total: int = 2_500, currency: str = "EUR") -> str:
    """Return why the payment must not be made, "" if it may."""
    refusal = card_payments.check_payment(act, Checkout("1", str(number), total, currency))
    return "" if refusal is None else refusal.why if isinstance(refusal, CheckoutRefused) else type(refusal).__name__


def made(number: int | str, charge: str = "charge", total: int = 2_500, currency: str = "EUR") -> MadePayment:
    return MadePayment(charge, f"provider {charge}", str(number), total, currency)


def strays(act: Act) -> list[StrayPaymentShown]:
    listed = press(by_card(act.unit, admin_of(act.unit)), ShowCardPayments())
    assert isinstance(listed, CardPaymentsListed)
    shown = [press(by_card(act.unit, admin_of(act.unit)), ShowStrayPayment(stray=number)) for number in listed.waiting]
    return [stray for stray in shown if isinstance(stray, StrayPaymentShown)]


def admin_of(unit: UnitOfWork) -> PersonId:
    return settle_worker(unit, 1).id


def free(act: Act) -> int:
    return act.unit.ledger.balance(requester_account(act.person)) - 100_000_000  # the house's deposit


async def in_order(database: Database, now: Moment, story: Callable[[UnitOfWork], None]) -> None:
    await database.transact(story, now)
    assert [str(found) for found in await database.transact(find_violations, now) if found.rule == 14] == []


async def test_a_payment_is_asked_for_checked_and_booked_once(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = by_card(unit, settle_requester(unit).id)
        number = ask(rosa).number
        assert ask(rosa).number == number
        assert ask(rosa, 2 * EUROS).number != number
        assert [check(rosa, number), check(rosa, number)] == ["", ""]  # a card may be declined, and tried again
        for _ in range(2):
            card_payments.book_payment(rosa, made(number))
        assert free(rosa) == EUROS
        assert unit.ledger.balance(CARDS) == -EUROS
        assert check(rosa, number) == "closed"
        assert strays(rosa) == []

    await in_order(database, now, story)


@pytest.mark.parametrize(
    ("number", "facts", "why"),
    [
        (None, {"total": 2_499}, "amount"),
        (None, {"currency": "USD"}, "amount"),
        ("999999", {}, "person"),
        ("1; DROP", {}, "person"),
        ("９", {}, "person"),
        ("9" * 400, {}, "person"),
    ],
)
async def test_a_checkout_of_another_payment_is_refused(database: Database, now: Moment, number, facts, why):
    def story(unit: UnitOfWork) -> None:
        rosa = by_card(unit, settle_requester(unit).id)
        asked = ask(rosa).number
        assert check(rosa, asked if number is None else number, **facts) == why
        assert check(rosa, asked) == ""

    await database.transact(story, now)


async def test_a_checkout_is_of_the_person_who_was_asked_within_a_day(database: Database, now: Moment):
    numbers = list[int]()

    def story(unit: UnitOfWork) -> None:
        rosa = by_card(unit, settle_requester(unit).id)
        numbers.append(ask(rosa).number)
        assert check(by_card(unit, settle_worker(unit, 5).id), numbers[0]) == "person"
        unit.people.make_requester(rosa.person.id, False)
        assert check(by_card(unit, rosa.person.id), numbers[0]) == "NotAllowed"
        unit.people.make_requester(rosa.person.id, True)

    def next_day(unit: UnitOfWork) -> None:
        rosa = by_card(unit, settle_requester(unit).id)
        assert check(rosa, numbers[0]) == "closed"
        assert ask(rosa).number != numbers[0]

    await database.transact(story, now)
    await database.transact(next_day, later(now, DAY))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"number": "0"}, "unknown"),
        ({"total": 2_400}, "amount"),
        ({"currency": "XTR"}, "amount"),
        ({"total": -1}, "amount"),
        ({"total": 2**62}, "amount"),
    ],
)
async def test_what_nobody_asked_for_waits_for_an_admin(database: Database, now: Moment, facts, why: str):
    def story(unit: UnitOfWork) -> None:
        rosa, ada = by_card(unit, settle_requester(unit).id), by_card(unit, admin_of(unit), "2")
        number = ask(rosa).number
        check(rosa, number)
        for _ in range(2):
            card_payments.book_payment(rosa, made(**{"number": number, **facts}))
        assert free(rosa) == 0
        told = [(letter.person, letter.screen.split(".")[-1]) for letter in due_letters(unit, 50)]
        [stray] = strays(rosa)
        assert stray.why == why
        assert told.count((rosa.person.id, "StrayPaymentNoticed")) == 1
        assert told.count((ada.person.id, "StrayPaymentShown")) == 1
        if stray.may_credit:
            for _ in range(2):
                assert isinstance(press(ada, CreditStrayPayment(stray=stray.number)), Reply)
            assert free(rosa) == stray.total * 10_000
        else:
            with pytest.raises(BadInput):
                press(ada, CreditStrayPayment(stray=stray.number))
            press(ada, ReturnStrayPayment(stray=stray.number))
            press(ada, ReturnStrayPayment(stray=stray.number))
            assert free(rosa) == 0
        assert strays(rosa) == []

    await in_order(database, now, story)


async def test_an_admin_leaves_the_decision_on_their_own_payment_to_another(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        ada, bob = (settle_worker(unit, number).id for number in (7, 8))
        house = replace(by_card(unit, ada).house, admins=frozenset({FIRST_WORKER + 7, FIRST_WORKER + 8}))
        payer, other = (replace(by_card(unit, admin), house=house) for admin in (ada, bob))
        card_payments.book_payment(payer, made(0))
        told = {letter.person for letter in due_letters(unit, 50) if letter.screen.endswith("StrayPaymentShown")}
        assert told == {bob}
        (stray,) = card_payments.list_payments(other).waiting
        queues = [[case.kind for case in cases.list_waiting_cases(act, 9)] for act in (payer, other)]
        assert queues == [[], [CaseKind.CARD]]
        for decide in (card_payments.credit_stray, card_payments.return_stray):
            with pytest.raises(OwnMatter):
                decide(payer, stray)
        card_payments.credit_stray(other, stray)
        assert cases.list_waiting_cases(other, 9) == []

    await in_order(database, now, story)


async def test_a_payment_of_somebody_else_twice_or_unchecked_waits(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = by_card(unit, settle_requester(unit).id)
        first, second = ask(rosa).number, ask(rosa, 2 * EUROS).number
        check(rosa, first)
        card_payments.book_payment(by_card(unit, settle_worker(unit, 5).id), made(first, "somebody's"))
        card_payments.book_payment(rosa, made(first))
        card_payments.book_payment(rosa, made(first, "again"))
        card_payments.book_payment(rosa, made(second, "unasked", 5_000))
        assert [stray.why for stray in strays(rosa)] == ["person", "twice", "unchecked"]
        assert free(rosa) == EUROS

    await in_order(database, now, story)


async def test_a_refund_is_of_a_payment_and_of_free_money(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa, ada = by_card(unit, settle_requester(unit).id), by_card(unit, admin_of(unit), "2")
        number = ask(rosa).number
        check(rosa, number)
        with pytest.raises(NotFound):
            press(ada, RefundCardPayment(number=number))
        card_payments.book_payment(rosa, made(number))
        refused: tuple[tuple[str, type[Refusal]], ...] = (("25.01", MoreThanThere), ("ten", BadInput), ("-1", BadInput))
        for amount, kind in refused:
            with pytest.raises(kind):
                press(ada, RefundCardPayment(number=number, amount=amount))
        press(by_card(unit, ada.person.id, "3"), RefundCardPayment(number=number, amount="10"))
        press(by_card(unit, ada.person.id, "4"), RefundCardPayment(number=number))
        assert (free(rosa), unit.ledger.balance(CARDS)) == (0, 0)
        with pytest.raises(MoreThanThere):
            press(by_card(unit, ada.person.id, "5"), RefundCardPayment(number=number))

    await in_order(database, now, story)


async def test_the_provider_keeps_no_more_than_it_holds(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa, ada = by_card(unit, settle_requester(unit).id), by_card(unit, admin_of(unit), "2")
        number = ask(rosa).number
        check(rosa, number)
        card_payments.book_payment(rosa, made(number))
        with pytest.raises(MoreThanThere):
            press(ada, RecordCardFee(amount="25.01", reason="May"))
        for _ in range(2):
            press(ada, RecordCardFee(amount="1", reason="May"))
        press(by_card(unit, ada.person.id, "3"), RecordCardFee(amount="-0.40", reason="too much"))
        assert (unit.ledger.balance(CARDS), unit.ledger.balance(CARD_FEES)) == (-24_400_000, -600_000)

    await in_order(database, now, story)


@pytest.mark.parametrize("amount", [0, 1, 990_000, 1_000_001, 8_000_010_000, 2**63 - 1])
async def test_amounts_that_no_card_pays_are_refused(database: Database, now: Moment, amount: int):
    with pytest.raises(BadInput):
        await database.transact(lambda unit: ask(by_card(unit, settle_requester(unit).id), amount), now)


async def test_without_a_token_no_card_is_taken(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = by_card(unit, settle_requester(unit).id, cards=CardTerms())
        with pytest.raises(FundingClosed):
            ask(rosa)
        with pytest.raises(FundingClosed):
            press(rosa, Fund(amount="25"))

    await database.transact(story, now)


@pytest.mark.parametrize(("missing", "amount"), [(1, 1_000_000), (1_000_001, 1_010_000), (0, 0), (8_000_000_001, 0)])
def test_a_card_pays_what_is_missing_and_at_least_the_minimum(missing: int, amount: int):
    assert CARD_TERMS.amount_for(missing) == amount
    assert CardTerms("", Millionths(1)).amount_for(missing) == 0
