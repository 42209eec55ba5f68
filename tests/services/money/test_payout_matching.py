"""Whatever banks answer, in whatever order and however often: what is recorded is what some answer said exactly."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.moments import Moment
from domain.money.payouts import PayoutState
from formats.bank.camt import BankMessage
from formats.bank.statements import PaymentAnswer
from services.money import bank_statements
from storage.database import one_transaction
from storage.drivers.dialects import dialect_of
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.bank import PAYER_IBAN
from tests.house import FIRST_WORKER
from tests.services.money.test_payout_answers import PAYER, sent

NET = 5_000_000
ANSWERS = st.builds(
    PaymentAnswer,
    payout=st.sampled_from([1, 2, 3, 4, None]),
    file=st.sampled_from([1, 2, None]),
    paid=st.booleans(),
    amount=st.sampled_from([NET, NET, NET, 0, NET + 10_000, 2 * NET, 3 * NET]),
    currency=st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
    account=st.sampled_from([PAYER_IBAN, PAYER_IBAN, ""]),
    code=st.sampled_from(["AC04", ""]),
    channel=st.sampled_from(["sepa", "sepa", "sepa", "wise"]),
)


def test_matching_records_only_what_answers_say(sqlite_url: str, now: Moment) -> None:
    """Three payouts of five euros in bank file 1; each example is taken back."""
    with one_transaction(sqlite_url, now) as unit:
        sent(unit)
    connection = dialect_of(sqlite_url).open()

    @settings(max_examples=30)
    @given(messages=st.lists(st.lists(ANSWERS, max_size=4), max_size=4))
    def each_is_said(messages: list[list[PaymentAnswer]]) -> None:
        connection.changed("BEGIN IMMEDIATE")
        try:
            goes(UnitOfWork(connection, now), messages)
        finally:
            connection.changed("ROLLBACK")

    each_is_said()
    connection.close()


def goes(unit: UnitOfWork, messages: list[list[PaymentAnswer]]) -> None:
    """All of it comes twice."""
    for answers in (*messages, *messages):
        before = states(unit)
        book(unit, answers)
        for number, (was, state) in enumerate(zip(before, states(unit), strict=True), 1):
            assert state is was or any(says(each, number, state) for each in answers)
    assert find_violations(unit) == []


def book(unit: UnitOfWork, answers: list[PaymentAnswer]) -> None:
    [[person]] = unit.connection.all("SELECT id FROM people WHERE telegram_id = :id", id=FIRST_WORKER + 1)
    act = act_of(unit, person, frozenset({FIRST_WORKER + 1}), payer=PAYER)
    before = states(unit)
    bank_statements.preview_statement(act, 1, BankMessage([], answers))
    assert states(unit) == before  # nothing before the press
    bank_statements.book_statement(act, 1)


def states(unit: UnitOfWork) -> list[PayoutState]:
    return [unit.payouts.get(number).state for number in (1, 2, 3)]  # type: ignore[arg-type]


def says(answer: PaymentAnswer, number: int, state: PayoutState) -> bool:
    """Whether it is about this payout, or its whole file, and says just that."""
    about = answer.payout == number or (answer.payout is None and answer.file == 1)
    named = answer.amount or answer.account
    fits = not named or (answer.amount % NET == 0 and answer.amount > 0 and answer.currency == "EUR")
    return about and fits and answer.channel == "sepa" and (state is PayoutState.PAID) == answer.paid
