"""A month's statement adds up: balance before, movements, balance after."""

import csv as tables
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.moments import DAY, HOUR, Moment, get_period_bounds
from domain.money.amounts import Millionths
from domain.money.ledger import SealedHead, Transfer, available_account, payout_account, pending_account
from domain.money.operator import Operator
from domain.people.accounts import PersonId
from domain.people.settings import Preferences
from domain.refusals import BadInput
from handlers.money.statements import statement_screen
from jobs import statements
from jobs.statements import make_document
from locales import translator
from services.money import statements as statements_service
from services.money import transfers, wallet
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.flows import a_day

THIRD = Millionths(3_333_333)
PAID = Millionths(60_000)


def leave(unit: UnitOfWork, worker: PersonId, amount: Millionths) -> None:
    """Through the bank account, as payouts go."""
    person = unit.people.get(worker)
    for key, source, target in (
        ("payout:1", available_account(person), payout_account(person)),
        ("paid:1", payout_account(person), "external:bank"),
    ):
        unit.ledger.open((source, target), "EUR")
        unit.ledger.post(Transfer(key, key.partition(":")[0], source, target, amount, "EUR"))


@pytest.fixture
def worker(database_url: str, now: Moment) -> PersonId:
    """In January three answers and a payout; in February a bonus that ends in a third of a cent, in two currencies."""
    house: House = a_day(database_url, now)
    worker = house.workers[1]
    with one_transaction(database_url, Moment(now + DAY)) as unit:
        leave(unit, worker, PAID)
    with one_transaction(database_url, Moment(now + 20 * DAY)) as unit:
        for currency in ("EUR", "USD"):
            target = available_account(unit.people.get(worker))
            unit.ledger.open(("external:bank", "requester:1000:available", target), currency)
            transfers.post_deposit(unit, unit.people.get(house.requester), THIRD, currency, currency, "")
            unit.ledger.post(
                Transfer(f"bonus:{currency}", "bonus", "requester:1000:available", target, THIRD, currency)
            )
    return worker


def test_each_month_begins_where_the_last_one_ended(database_url: str, now: Moment, worker: PersonId) -> None:
    with one_transaction(database_url, Moment(now + 40 * DAY)) as unit:
        person = unit.people.get(worker)
        january = statements_service.read_statement(unit, person, "2027-01", "EUR")
        february = statements_service.read_statement(unit, person, "2027-02", "EUR")
        theirs = (pending_account(person), available_account(person), payout_account(person))
        now_theirs = sum(unit.ledger.balance(account, "EUR") for account in theirs)
    assert [month.currency for month in february] == ["EUR", "USD"]
    assert january[0].before.total == 0
    assert january[0].sum_by_line_name() == {
        **dict.fromkeys(statements_service.LINE_ORDER, 0),
        "answers": 150_000,
        "paid": -60_000,
    }
    assert [(line.kind, line.count) for line in january[0].lines] == [("reward", 3), ("paid", 1)]
    assert january[0].lines[1].title == "PAYOUT-1"  # as the bank prints it
    assert january[0].after == february[0].before
    assert (january[0].after.total, january[0].after.payout) == (90_000, 0)
    assert february[0].after.total == now_theirs == 90_000 + THIRD
    assert (february[1].before.total, february[1].after.total) == (0, THIRD)
    assert [(each.answers, each.pay) for each in january[0].worked] == [(3, 150_000)]


def test_entries_that_are_not_in_the_order_of_their_moments_are_in_their_months(
    database_url: str, now: Moment, worker: PersonId
) -> None:
    """The clock is set back by two hours at the end of February: what is posted then belongs to February."""
    march = Moment(get_period_bounds("2027-03")[0] + HOUR)
    moments = [march, Moment(march - 2 * HOUR), Moment(march - 3 * HOUR), Moment(march + HOUR)]
    with one_transaction(database_url, now) as unit:
        account = available_account(unit.people.get(worker))
        requester = "requester:1000:available"
    for number, moment in enumerate(moments):
        with one_transaction(database_url, moment) as unit:
            unit.ledger.post(
                Transfer(f"bonus:late:{number}", "bonus", requester, account, Millionths(10**number), "EUR")
            )
    with one_transaction(database_url, Moment(march + 40 * DAY)) as unit:
        person = unit.people.get(worker)
        months = [statements_service.read_statement(unit, person, month, "EUR")[0] for month in ("2027-02", "2027-03")]
    assert [month.sum_by_line_name()["bonuses"] for month in months] == [THIRD + 110, 1_001]
    assert months[0].after == months[1].before
    assert months[0].after.total == 90_000 + THIRD + 110
    assert months[1].after.total == 90_000 + THIRD + 1_111


def test_days_and_years_are_those_of_the_workers_zone(database_url: str, now: Moment, worker: PersonId) -> None:
    """At 08:00 UTC on 15 January it is the 14th on Midway: the answers lie a day earlier, and the sums stay."""
    with one_transaction(database_url, Moment(now + 40 * DAY)) as unit:
        person = unit.people.get(worker)
        here = statements_service.read_statement(unit, person, "2027-01", "EUR")[0]
        there = statements_service.read_statement(unit, person, "2027", "EUR", ZoneInfo("Pacific/Midway"))[0]
        unit.preferences.store(worker, Preferences(zone="Pacific/Midway"))
        asker = act_of(unit, worker)
        ready = statements_service.order_statement(asker, "2027", "pdf")
        operator = Operator("Pouce SAS", "FR", "732829320", "", "3 rue de la Paix", "75002", "Paris")
        legal = statements_service.order_statement(
            replace(asker, house=replace(asker.house, operator=operator)), "2027", "pdf"
        )
    assert legal.issuer == "Pouce SAS, 3 rue de la Paix, 75002 Paris, 732829320"
    assert [line.day for line in here.lines] == ["2027-01-15", "2027-01-16"]
    assert [line.day for line in there.lines] == ["2027-01-14", "2027-01-15", "2027-02-03"]
    assert there.after.total == 90_000 + THIRD
    assert (ready.zone, ready.unfinished, ready.before) == ("Pacific/Midway", True, "2026")


async def test_caption_and_file_count_days_in_the_same_zone(database: Database, database_url: str, now: Moment) -> None:
    """23:30 UTC on 31 January is 00:30 on 1 February in Paris: what was moved then is February's."""
    worker, moved = a_day(database_url, now).workers[1], Moment(now + 16 * DAY + 31 * HOUR // 2)
    with one_transaction(database_url, moved) as unit:
        leave(unit, worker, PAID)
        unit.preferences.store(worker, Preferences(zone="Europe/Paris"))
        january = statements_service.order_statement(act_of(unit, worker), "2027-01", "csv")
        ready = statements_service.order_statement(act_of(unit, worker), "", "csv")
    assert (january.lines, ready.month, ready.lines) == (1, "2027-02", 1)
    file = statement_screen(ready, translator("en")).file
    assert file is not None
    made = await statements.make_statement(database, file.facts, moved)
    opening, line, closing = tables.DictReader(made.path.read_text("utf-8-sig").splitlines())
    assert Decimal(opening["amount"]) + Decimal(line["amount"]) == Decimal(closing["amount"])
    made.path.unlink()


async def test_pdf_and_csv_statements_have_the_same_content(
    database: Database, database_url: str, now: Moment, worker: PersonId
) -> None:
    with one_transaction(database_url, Moment(now + 40 * DAY)) as unit:
        ready = statements_service.order_statement(act_of(unit, worker), "2027-02", "csv")
    for form, begins in (("csv", b"\xef\xbb\xbfday"), ("pdf", b"%PDF-1.")):
        file = statement_screen(replace(ready, form=form), translator("fr")).file
        assert file is not None
        made = await statements.make_statement(database, file.facts, Moment(now + 40 * DAY))
        content = made.path.read_bytes()
        made.path.unlink()
        assert content.startswith(begins)
        if form == "csv":
            rows = list(tables.DictReader(content.decode("utf-8-sig").splitlines()))
            opening, *lines, closing = [Decimal(row["amount"]) for row in rows if row["currency"] == "EUR"]
            assert opening + sum(lines) == closing == Decimal("3.423333")


def test_a_month_that_has_not_begun_is_refused(database_url: str, now: Moment, worker: PersonId) -> None:
    for asked in ("2027-02", "2027-13", "2028", "soon"):
        with one_transaction(database_url, now, read_only=True) as unit, pytest.raises(BadInput):
            statements_service.order_statement(act_of(unit, worker), asked, "pdf")


def test_balance_lists_each_currency_separately(database_url: str, now: Moment, worker: PersonId) -> None:
    with one_transaction(database_url, now) as unit:
        told = wallet.show_balance(act_of(unit, worker))
    euros, dollars = told.books
    assert (euros.currency, euros.available) == ("EUR", 90_000 + THIRD)
    assert (dollars.currency, dollars.available) == ("USD", THIRD)
    assert [(line.kind, line.currency) for line in told.entries[:2]] == [("bonus", "USD"), ("bonus", "EUR")]


def test_statement_time_is_working_time_of_answers_not_rejected(database_url: str, now: Moment) -> None:
    """As in the worker's record: the time a pushed task lay until somebody looked is none."""
    house = a_day(database_url, now)
    worker, span = house.workers[1], (Moment(now - DAY), Moment(now + DAY))
    with one_transaction(database_url, now) as unit:
        person = unit.people.get(worker)
        (before,) = unit.statements.list_worked_projects(person, "EUR", *span)
        ids = [
            row[0] for row in unit.connection.all("SELECT id FROM submissions WHERE worker = :w ORDER BY id", w=worker)
        ]
        push, bad = ids[0], ids[1]
        pushed = "UPDATE assignments SET pushed = 1 WHERE id = (SELECT assignment FROM submissions WHERE id = :id)"
        assert unit.connection.changed(pushed, id=push)
        assert unit.connection.changed("UPDATE submissions SET worked = 1000 WHERE worker = :w", w=worker)
        assert unit.connection.changed("UPDATE submissions SET milliseconds = 540000 WHERE id = :id", id=push)
        assert unit.connection.changed("UPDATE submissions SET state = 'rejected' WHERE id = :id", id=bad)
        (after,) = unit.statements.list_worked_projects(person, "EUR", *span)
        record = unit.work_records.count_work(worker, *span)
    assert (before.answers, before.pay) == (3, 150_000)
    assert (after.answers, after.pay) == (2, 100_000)
    assert (after.answers, after.milliseconds) == (record.answers, record.milliseconds)
    assert after.milliseconds == 2_000


def test_a_statement_is_drawn_up_on_a_day_of_its_own_zone(database_url: str, now: Moment, worker: PersonId) -> None:
    """At 08:00 UTC on the 24th it is the 23rd on Midway."""
    with one_transaction(database_url, Moment(now + 40 * DAY)) as unit:
        person, head = unit.people.get(worker), SealedHead(1, "00" * 32)
        unit.preferences.store(worker, Preferences(zone="Pacific/Midway"))
        file = statement_screen(
            statements_service.order_statement(act_of(unit, worker), "2027-02", "pdf"), translator("en")
        ).file
    assert file is not None
    drawn = dict(make_document(person, [], head, {**file.facts, "bank": ""}, Moment(now + 40 * DAY)).facts)
    assert drawn["Drawn up on"] == translator("en").day(Moment(now + 39 * DAY))
