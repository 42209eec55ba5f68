"""A bank's statement is listed, then booked: each credit once, from whatever file, to whose reference it bears."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pytest

from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.bank_statements import UNEXPLAINED, StatementBooked, StatementRead
from domain.money.ledger import requester_account
from domain.money.payouts import Payer
from domain.refusals import NotAllowed, NotFound, StatementRefused
from formats.bank.camt import BankMessage, read_bank_message
from formats.bank.csv_statement import read_csv_statement, read_mapping
from formats.bank.iban import requester_reference
from handlers.money.bank_statements import BookStatement
from handlers.people import teams
from handlers.screen import render
from services.act import Act
from services.money import bank_statements, deposits, transfers
from services.money.bank_statements import RECORDED_LATELY
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.handlers.screens.samples import stored
from tests.house import FUNDS, furnish
from tests.services.people.test_teams import office
from tests.statements import IBAN, Came, statement

PAYER = Payer("Pouce", IBAN, "AGRIFRPP")
ADMINS = frozenset({2_000})  # the first worker's Telegram id


def met(unit: UnitOfWork) -> tuple[int, str, Act]:
    """A requester's number and account, and an admin who acts."""
    house = furnish(unit)
    account = requester_account(unit.people.get(house.requester))
    return house.requester, account, act_of(unit, house.workers[0], ADMINS, payer=PAYER, key="x")


def listed(act: Act, number: int, came: Sequence[Came], kind: str = "053", iban: str = IBAN) -> StatementRead:
    found = read_bank_message(BytesIO(statement(came, kind, iban)))
    return bank_statements.preview_statement(act, number, found)


def booked(act: Act, number: int) -> StatementBooked:
    found = press(act, BookStatement(statement=number))
    assert isinstance(found, StatementBooked)
    return found


async def test_a_statement_is_previewed_and_each_credit_booked_once(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        before = unit.ledger.balance(account, "EUR")
        came = [
            Came("B-1", "12.50", requester_reference(requester)),
            Came("B-2", "0.01", requester_reference(requester)),
        ]
        shown = listed(act, 5, [*came, Came("B-3", "7.00", "rent")])
        assert [(each.amount, each.booked) for each in shown.deposits] == [(12_500_000, False), (10_000, False)]
        assert [(each.amount, each.why, each.party) for each in shown.unmatched] == [
            (7_000_000, "reference", "Rosa Doe · rent")
        ]
        assert unit.ledger.balance(account, "EUR") == before  # nothing yet
        assert booked(act, 5) == StatementBooked(2, 12_510_000, "EUR", 0, waiting=1, open=1)
        with pytest.raises(StatementRefused):
            booked(act, 5)
        again = listed(act, 6, [*came, Came("B-4", "1.00", requester_reference(requester))], "054")
        assert [each.booked for each in again.deposits] == [True, True, False]
        assert booked(act, 6) == StatementBooked(1, 1_000_000, "EUR", 2, open=1)
        assert unit.ledger.balance(account, "EUR") == before + 13_510_000
        assert find_violations(unit) == []

    await database.transact(story, now)


async def test_a_teams_deposit_is_booked(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        house = office(unit)
        act = act_of(unit, house.fred, frozenset({2_002}), payer=PAYER, key="x")
        shown = listed(act, 5, [Came("B-1", "12.50", requester_reference(house.team))])
        assert [each.amount for each in shown.deposits] == [12_500_000]
        assert booked(act, 5).count == 1
        house.verify()

    await database.transact(story, now)


async def test_no_deposit_is_booked_for_people_who_left(database: Database, now: Moment):
    """By a file, by hand, or from a list that was made before: nobody could use it, or ask for it back."""

    def story(unit: UnitOfWork) -> None:
        house = office(unit)
        act = act_of(unit, house.fred, frozenset({2_002}), payer=PAYER, key="x")
        came = [
            Came("B-1", "12.50", requester_reference(house.team)),
            Came("B-2", "1.00", requester_reference(house.vera)),
        ]
        assert len(listed(act, 5, came).deposits) == 2
        transfers.post_refund(unit, unit.people.get(house.team), Millionths(house.funds), "EUR", "back", "")
        for member in (house.ben, house.vera):
            house.press(house.anna, teams.RemoveMember(team=house.number, member=member, sure=True))
        house.press(house.anna, teams.CloseTeam(team=house.number, sure=True))
        unit.erasure.erase(unit.people.get(house.vera))
        assert booked(act, 5) == StatementBooked(0, 0, "EUR", 0, waiting=2, open=2)
        again = listed(act, 6, came)
        assert (again.unmatched, again.known) == ((), 2)
        for who in (f"team-{house.number}", requester_reference(house.team), requester_reference(house.vera)):
            with pytest.raises(NotFound):
                deposits.record_deposit(act, who, "100", "by hand")
        house.verify()

    await database.transact(story, now)


async def test_two_admins_book_the_same_list_once(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        other = replace(act, person=unit.people.get(unit.people.find_by_telegram_id(2_001).id))  # type: ignore[union-attr]
        other = replace(other, house=replace(other.house, admins=frozenset({2_000, 2_001})))
        came = [Came("B-1", "12.50", requester_reference(requester))]
        listed(act, 5, came)
        listed(other, 6, came)
        with pytest.raises(StatementRefused):
            booked(act, 6)  # the other's list
        assert booked(act, 5).count == 1
        late = booked(other, 6)
        assert late == StatementBooked(0, 0, "EUR", 1)
        assert (
            render(late.stored_as, stored(late), "en").text
            == "Nothing was booked: it was recorded before.\nSeen before: 1."
        )
        assert unit.ledger.balance(account, "EUR") == FUNDS + 12_500_000 - held(unit)

    await database.transact(story, now)


def held(unit: UnitOfWork) -> int:
    """What the furnished house's project took."""
    return int(unit.connection.all("SELECT sum(amount) FROM transfers WHERE kind IN ('launch', 'reserve')")[0][0] or 0)


async def test_a_button_of_an_older_list_books_nothing(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, _, act = met(unit)
        listed(act, 5, [Came("B-1", "12.50", requester_reference(requester))])
        listed(act, 6, [Came("B-2", "1.00", requester_reference(requester))])
        with pytest.raises(StatementRefused):
            booked(act, 5)
        assert booked(act, 6).amount == 1_000_000

    await database.transact(story, now)


async def test_unmatched_credits_are_listed_and_not_booked(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, _, act = met(unit)
        own = requester_reference(requester)
        listed(act, 5, [Came("B-1", "12.50", own)])
        booked(act, 5)
        came = [
            Came("B-1", "99.00", own),
            Came("B-2", "1.00", requester_reference(10**9)),
            Came("B-3", "1.00", own, currency="USD"),
            Came("B-4", "1.00", f"RF00{own[4:]}"),
            Came("B-5", "1.00", "rent"),
        ]
        shown = listed(act, 6, came)
        assert [each.why for each in shown.unmatched] == ["known", "slip", "currency", "slip", "reference"]
        assert shown.deposits == ()

    await database.transact(story, now)


async def test_a_deposit_typed_by_hand_is_not_booked_again(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        own = requester_reference(requester)
        deposits.record_deposit(act, own, "12.50", "typed")
        before = unit.ledger.balance(account, "EUR")
        shown = listed(act, 5, [Came("B-1", "12.50", own), Came("B-2", "3.00", own)])
        assert [each.why for each in shown.unmatched] == ["typed"]
        assert booked(act, 5).amount == 3_000_000
        assert unit.ledger.balance(account, "EUR") == before + 3_000_000
        later_on = replace(act, unit=UnitOfWork(unit.connection, later(now, RECORDED_LATELY + DAY)))
        assert listed(later_on, 6, [Came("B-1", "12.50", own)]).known == 1  # it waits for a person, however long

    await database.transact(story, now)


async def test_statements_of_other_accounts_and_non_admins_are_refused(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, _, act = met(unit)
        came = [Came("B-1", "12.50", requester_reference(requester))]
        with pytest.raises(StatementRefused) as refused:
            listed(act, 5, came, iban="DE89370400440532013000")
        assert refused.value.why == "account"
        stranger = replace(act, house=replace(act.house, admins=frozenset()))
        with pytest.raises(NotAllowed):
            listed(stranger, 5, came)
        with pytest.raises(NotAllowed):
            booked(stranger, 5)

    await database.transact(story, now)


async def test_a_table_and_a_statement_do_not_book_the_same_money_twice(database: Database, now: Moment):
    """Two equal rows are two deposits; the bank's own message of them then is for a person's eyes."""

    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        before, reference = unit.ledger.balance(account, "EUR"), requester_reference(requester)
        table = f"Text;Sum\n{reference};5,00\n{reference};5,00\n".encode()
        for booked_now in (2, 0):
            credits = read_csv_statement(BytesIO(table), {"details": "Text", "amount": "Sum"}, IBAN, "EUR")
            shown = bank_statements.preview_statement(act, 5, BankMessage(credits, []))
            assert [each.booked for each in shown.deposits] == [not booked_now] * 2
            assert booked(act, 5).count == booked_now
        assert unit.ledger.balance(account, "EUR") == before + 10_000_000
        assert [each.why for each in listed(act, 6, [Came("B-1", "5.00", reference)]).unmatched] == ["typed"]
        assert find_violations(unit) == []

    await database.transact(story, now)


TABLE = "Text;Sum;Nr;Balance\n{0};5,00;B-7;105,00\nrent;-5,00;B-6;100,00\n"
CAPTION = "/deposit\namount: Sum\ndetails: Text"
NUMBERED = f"{CAPTION}\nreference: Nr"


@pytest.mark.parametrize("first", [CAPTION, NUMBERED])
@pytest.mark.parametrize("again", ["other caption", "fewer columns"])
async def test_the_same_rows_under_another_caption_or_with_other_columns_are_not_booked_again(
    database: Database, now: Moment, first: str, again: str
):
    """What a row is known by differs between the two."""

    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        before, table = unit.ledger.balance(account, "EUR"), TABLE.format(requester_reference(requester))
        assert [each.booked for each in tabled(act, table, first).deposits] == [False]
        assert booked(act, 5).count == 1
        other = NUMBERED if first == CAPTION else CAPTION
        if again == "fewer columns":
            table = table.replace(";Balance", "").replace(";105,00", "").replace(";100,00", "")
            other = CAPTION
        shown = tabled(act, table, other)
        assert (shown.deposits, [each.why for each in shown.unmatched]) == ((), ["typed"])
        assert booked(act, 5) == StatementBooked(0, 0, "EUR", 0, waiting=1, open=1)
        assert unit.ledger.balance(account, "EUR") == before + 5_000_000
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == 0  # its money is in the book already
        assert find_violations(unit) == []

    await database.transact(story, now)


def tabled(act: Act, table: str, caption: str) -> StatementRead:
    credits = read_csv_statement(BytesIO(table.encode()), read_mapping(caption), IBAN, "EUR")
    return bank_statements.preview_statement(act, 5, BankMessage(credits, []))


async def test_a_deposit_recorded_after_the_preview_waits(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        before, own = unit.ledger.balance(account, "EUR"), requester_reference(requester)
        listed(act, 5, [Came("B-1", "12.50", own), Came("B-2", "3.00", own)])
        deposits.record_deposit(act, own, "12.50", "typed from the bank's page")
        done = booked(act, 5)
        assert done == StatementBooked(1, 3_000_000, "EUR", 0, waiting=1, open=1)
        assert unit.ledger.balance(account, "EUR") == before + 15_500_000
        shown = render(done.stored_as, stored(done), "en").text
        assert "1 line waits for you" in shown

    await database.transact(story, now)


async def test_a_deposit_booked_by_another_admin_after_the_preview_waits(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, account, act = met(unit)
        before, table = unit.ledger.balance(account, "EUR"), TABLE.format(requester_reference(requester))
        other = replace(act, person=unit.people.get(unit.people.find_by_telegram_id(2_001).id))  # type: ignore[union-attr]
        other = replace(other, house=replace(other.house, admins=frozenset({2_000, 2_001})))
        tabled(act, table, CAPTION)
        tabled(other, table, NUMBERED)
        assert booked(act, 5).count == 1
        assert booked(other, 5) == StatementBooked(0, 0, "EUR", 0, waiting=1, open=1)
        assert unit.ledger.balance(account, "EUR") == before + 5_000_000

    await database.transact(story, now)


async def test_a_preview_in_another_currency_is_refused(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        requester, _, act = met(unit)
        listed(act, 5, [Came("B-1", "12.50", requester_reference(requester))])
        dollars = replace(act, house=replace(act.house, terms=replace(act.house.terms, currency="USD")))
        with pytest.raises(StatementRefused) as refused:
            booked(dollars, 5)
        assert refused.value.why == "old"

    await database.transact(story, now)


def test_a_report_without_deposits_mentions_none() -> None:
    """An admin who dropped it read “Deposits to book: 0, €0.00 in all”."""
    nothing = StatementRead(7, "EUR", (), ())
    text = render(nothing.stored_as, nothing, "en").text
    assert "Nothing in it is to be booked." in text
    assert "eposit" not in text
