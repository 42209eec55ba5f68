"""Social contributions: a rate that was read in is withheld, declared once, paid over; a return takes it back."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.settings import Settings
from domain.moments import DAY, Moment, later
from domain.money.amounts import CENT, Millionths
from domain.money.ledger import FEES, WITHHELD
from domain.money.payouts import PayoutCard, PayoutId, split_withheld
from domain.refusals import MoreThanThere
from extensions.eu_taxes.cli import taxes
from extensions.eu_taxes.domain.contributions import (
    ContributionRate,
    NoSiretNoted,
    SiretNoted,
    SiretUnfit,
    SiretWanted,
    WithholdingChanged,
)
from extensions.eu_taxes.services import contributions
from extensions.eu_taxes.storage.contributions import Contributions
from services.act import Act, Reply
from services.money import operator_money, payouts, settlement, statements
from services.work import inputs
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.extensions.eu_taxes.services.notes import siret_state
from tests.extensions.eu_taxes.services.test_tax_forms import worker_of
from tests.house import settle_requester
from tests.invariants.unpaid import PAYER
from tests.letters import due_letters
from tests.services.money.test_payouts import earned_twice

SIRET = "73282932000074"
JANUARY = Moment(1_800_000_000_000)  # 15 January 2027


@pytest.fixture(autouse=True)
def command_line_in_january(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are typed on the day from which rows are made here, whatever the day of the test."""
    monkeypatch.setattr(clock, "wall_clock", lambda: JANUARY)


def in_france(unit: UnitOfWork) -> Act:
    act = act_of(unit, worker_of(unit).id, payer=PAYER)
    return replace(act, house=replace(act.house, contributions="FR"))


def give_siret(unit: UnitOfWork, rate: int | None = 2_120) -> None:
    earned_twice(unit)
    if rate is not None:
        contributions.store_rates(unit, [ContributionRate(SIRET, "2027-01", rate)])
    contributions.ask_for_siret(in_france(unit))
    said = inputs.take_words(in_france(unit), "732 829 320 00074")
    assert isinstance(said, Reply)
    assert said.erases
    assert said.message == SiretNoted(SIRET, rate)


def amounts(unit: UnitOfWork) -> list[tuple[int, int, int]]:
    return [tuple(row) for row in unit.connection.all("SELECT gross, withheld, net FROM payouts ORDER BY id")]


async def test_the_rate_of_the_month_is_shown_and_withheld(database: Database) -> None:
    def asks(unit: UnitOfWork) -> None:
        give_siret(unit)
        card = payouts.show_payouts(in_france(unit))[0]
        assert isinstance(card, PayoutCard)
        assert (card.gross, card.net, card.withheld, siret_state(card)) == (5_000_000, 3_940_000, 1_060_000, True)
        payouts.request_typed(in_france(unit), "5")
        assert amounts(unit) == [(5_000_000, 1_060_000, 3_940_000)]
        assert unit.ledger.balance(WITHHELD, "EUR") == 1_060_000
        assert find_violations(unit) == []
        [account] = statements.read_statement(unit, worker_of(unit), "2027-01", "EUR")[:1]
        assert account.sum_by_line_name()["withheld"] == -1_060_000

    await database.transact(asks, JANUARY)


async def test_nothing_is_withheld_by_default_or_without_a_rate(database: Database) -> None:
    def asks(unit: UnitOfWork) -> None:
        give_siret(unit, None)
        payouts.request_typed(in_france(unit), "1")
        contributions.store_rates(unit, [ContributionRate(SIRET, "2027-02", 2_120)])  # not of this month
        payouts.request_typed(in_france(unit), "1")
        contributions.store_rates(unit, [ContributionRate(SIRET, "2026-12", 1_000)])
        payouts.request_typed(act_of(unit, worker_of(unit).id), "1")  # where CONTRIBUTIONS is not set
        payouts.request_typed(in_france(unit), "1")  # the newest before this month
        assert [withheld for _, withheld, _ in amounts(unit)] == [0, 0, 0, 100_000]
        assert find_violations(unit) == []

    await database.transact(asks, JANUARY)


@pytest.mark.parametrize("first", [2_120, None])
async def test_admin_and_worker_learn_that_the_siret_rate_applies(database: Database, first: int | None) -> None:
    def sets(unit: UnitOfWork) -> None:
        give_siret(unit, first)
        act, worker = in_france(unit), worker_of(unit)
        admin = replace(act, person=settle_requester(unit))
        told = contributions.set_withholding(admin, str(worker.telegram_id), "30", "what we agreed")
        assert (told.rate, told.first) == (3_000, first)
        letter = next(each for each in due_letters(unit, 100) if each.screen == WithholdingChanged.stored_as)
        assert letter.facts == {"rate": 3_000, "reason": "what we agreed", "first": first}

    await database.transact(sets, JANUARY)


async def test_a_worker_with_a_french_account_is_asked_once_for_a_siret(database: Database) -> None:
    def asks(unit: UnitOfWork) -> None:
        earned_twice(unit)
        first = payouts.request_typed(in_france(unit), "1")
        assert isinstance(first, tuple)
        assert first[1:] == (SiretWanted(),)
        assert len(payouts.request_typed(in_france(unit), "1")) == 1  # type: ignore[arg-type]
        contributions.ask_for_siret(in_france(unit))
        wrong: Any = inputs.take_words(in_france(unit), "732 829 320 00075")
        assert (wrong.message, wrong.erases) == (SiretUnfit(), True)
        inputs.take_words(in_france(unit), SIRET)
        assert contributions.clear_siret(in_france(unit)) == NoSiretNoted()
        assert unit.records(Contributions).find_siret(worker_of(unit).id) is None

    await database.transact(asks, JANUARY)


async def test_stating_no_siret_ends_only_its_own_draft(database: Database) -> None:
    def asks(unit: UnitOfWork) -> None:
        earned_twice(unit)
        contributions.ask_for_siret(in_france(unit))
        contributions.clear_siret(in_france(unit))
        assert unit.drafts.find(worker_of(unit).id) is None
        unit.drafts.keep(worker_of(unit).id, "tax form", {}, unit.now)
        contributions.clear_siret(in_france(unit))  # the button of an older message leaves other questions open
        assert unit.drafts.find(worker_of(unit).id) is not None

    await database.transact(asks, JANUARY)


def paid(unit: UnitOfWork, *sums: str) -> None:
    for euros in sums:
        payouts.request_typed(in_france(unit), euros)
    settlement.make_bank_file(in_france(unit), unit.payouts.last_file(), "EUR")
    settlement.confirm_file(in_france(unit), unit.payouts.last_file())


async def test_paid_shares_are_declared_once_and_returned_ones_deducted(database: Database) -> None:
    def declares(unit: UnitOfWork) -> None:
        give_siret(unit)
        payouts.request_typed(in_france(unit), "1")
        assert contributions.declare(unit) is None  # asked for, not paid
        paid(unit, "0.50", "1.25")
        first = contributions.declare(unit)
        assert contributions.declare(unit) is None
        assert first is not None
        [line] = unit.records(Contributions).list_declared_lines(first)
        assert (line.payouts, line.gross, line.amount) == (3, 2_750_000, 212_000 - 2_000 + 110_000 + 260_000)
        settlement.decide_payout(in_france(unit), 1, "failed", "closed")
        assert contributions.declare(unit) is None  # less than nothing: it waits for the next
        assert find_violations(unit) == []
        paid(unit, "2")
        second = contributions.declare(unit)
        assert second is not None
        assert [(each.payouts, each.amount) for each in unit.records(Contributions).list_declared_lines(second)] == [
            (1, -210_000),
            (1, 420_000),
        ]
        assert find_violations(unit) == []
        for number, total in ((first, 580_000), (second, 210_000)):
            assert contributions.book_declaration_payment(unit, number, "URSSAF") is not None
            assert contributions.book_declaration_payment(unit, number, "URSSAF") is None
            transfer = unit.ledger.balance(WITHHELD, "EUR")
            assert transfer == (790_000 - total if number == first else 0)
        assert find_violations(unit) == []
        settlement.decide_payout(in_france(unit), 1, "paid", "")  # the bank paid it after all: declared anew
        third = contributions.declare(unit)
        assert third is not None
        assert [(each.payouts, each.amount) for each in unit.records(Contributions).list_declared_lines(third)] == [
            (1, 210_000)
        ]
        assert contributions.declare(unit) is None
        assert find_violations(unit) == []

    await database.transact(declares, JANUARY)


async def test_a_declared_share_comes_back_once_by_the_next_declaration(database: Database) -> None:
    """The fees lend it meanwhile; what an authority gave back by hand is no way around."""

    def returns(unit: UnitOfWork) -> None:
        give_siret(unit)
        act = in_france(unit)
        paid(unit, "1")
        first = contributions.declare(unit)
        assert first is not None
        assert contributions.book_declaration_payment(unit, first, "URSSAF") is not None
        with pytest.raises(MoreThanThere) as refused:
            contributions.record_handed_on(act, "-0.21", "back")
        assert refused.value.facts["available"] == 0
        assert contributions.find_lost_share(unit, unit.payouts.get(PayoutId(1))) == "declared"  # the fees are empty

    def lends(unit: UnitOfWork) -> None:
        act = in_france(unit)
        operator_money.record_draw(act, "-0.30", "for the contributions")
        settlement.decide_payout(act, 1, "failed", "closed")
        assert (unit.ledger.balance(FEES, "EUR"), unit.ledger.balance(WITHHELD, "EUR")) == (90_000, 0)
        assert find_violations(unit) == []
        paid(unit, "2")
        second = contributions.declare(unit)
        assert second is not None
        assert contributions.book_declaration_payment(unit, second, "URSSAF") is not None
        assert (unit.ledger.balance(FEES, "EUR"), unit.ledger.balance(WITHHELD, "EUR")) == (300_000, 0)
        assert find_violations(unit) == []

    await database.transact(returns, JANUARY)
    await database.transact(lends, JANUARY)


async def test_fees_lend_for_a_declaration_after_a_payout_came_back(database: Database) -> None:
    def returns(unit: UnitOfWork) -> None:
        give_siret(unit)
        act = in_france(unit)
        paid(unit, "1")
        first = contributions.declare(unit)
        assert first is not None
        settlement.decide_payout(act, 1, "failed", "closed")
        with pytest.raises(MoreThanThere):
            contributions.book_declaration_payment(unit, first, "URSSAF")
        operator_money.record_draw(act, "-0.30", "for the contributions")
        assert contributions.book_declaration_payment(unit, first, "URSSAF") is not None
        paid(unit, "2")
        second = contributions.declare(unit)
        assert second is not None
        assert contributions.book_declaration_payment(unit, second, "URSSAF") is not None
        assert (unit.ledger.balance(FEES, "EUR"), unit.ledger.balance(WITHHELD, "EUR")) == (300_000, 0)
        assert find_violations(unit) == []

    await database.transact(returns, JANUARY)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig") as text:
        return list(csv.DictReader(text))


def test_rates_and_declarations_from_the_command_line(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(database_url=sqlite_url, contributions="fr", _env_file=None)
    off = Settings(database_url=sqlite_url, _env_file=None)
    file, out = tmp_path / "rates.csv", tmp_path / "declaration.csv"
    with one_transaction(sqlite_url, JANUARY) as unit:
        give_siret(unit, None)
    file.write_text(f"siret;month;rate\n{SIRET};2026-10;21.2\n{SIRET};oops;5\n")
    assert taxes.rates(settings, str(file)) == 1
    assert "line 3, month: expected a month such as 2027-01\nNothing was read in." in capsys.readouterr().err
    file.write_text(f"siret;month;rate\n{SIRET};2026-10;21.2\n")
    assert taxes.rates(off, str(file)) == 1
    assert taxes.rates(settings, str(file)) == 0
    assert taxes.declare(settings, str(out)) == 0
    assert not out.exists()
    with one_transaction(sqlite_url, later(JANUARY, DAY)) as unit:
        paid(unit, "1")
    assert taxes.declare(settings, str(out)) == 0
    expected = {"siret": SIRET, "month": "2027-01", "rate_percent": "21.20", "payouts": "1"}
    assert rows_of(out) == [{**expected, "gross": "1.00", "contribution": "0.21", "currency": "EUR"}]
    before = out.read_bytes()
    assert taxes.declare(settings, str(out), 1) == 0
    assert out.read_bytes() == before
    assert taxes.declare(settings, str(out), 9) == taxes.paid(settings, 9, "x") == 1
    assert taxes.paid(settings, 1, " ") == 1
    assert taxes.paid(settings, 1, "URSSAF 2027-01") == 0
    with one_transaction(sqlite_url, JANUARY) as unit:
        assert find_violations(unit) == []


@pytest.mark.parametrize("at", ["the commit", "the name"])
def test_a_declaration_and_its_file_are_both_there_after_a_call_that_was_cut_off(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    settings = Settings(database_url=database_url, contributions="fr", _env_file=None)
    folder = tmp_path / "declarations"
    folder.mkdir()
    file = folder / "next.csv"
    with one_transaction(database_url, JANUARY) as unit:
        give_siret(unit)
    with one_transaction(database_url, later(JANUARY, DAY)) as unit:
        paid(unit, "1")

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    @contextmanager
    def uncommitted(url: str, now: Moment) -> Iterator[UnitOfWork]:
        with one_transaction(url, now) as unit:
            yield unit
            raise Killed

    with monkeypatch.context() as patched:
        cut = {"the commit": (taxes, "one_transaction", uncommitted), "the name": (taxes, "put_in_place", killed)}
        patched.setattr(*cut[at])
        with pytest.raises(Killed):
            taxes.declare(settings, str(file))
    assert [each.suffix for each in folder.iterdir()] == [".recorded"]
    capsys.readouterr()
    assert taxes.declare(settings, str(file)) == 0
    assert ("of an earlier call, which was cut off" in capsys.readouterr().out) == (at == "the name")
    assert list(folder.iterdir()) == [file]
    assert [row["contribution"] for row in rows_of(file)] == ["0.21"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert taxes.declare(settings, str(folder / "more.csv")) == 0
    assert "Nothing is due." in capsys.readouterr().out
    assert list(folder.iterdir()) == [file]


@given(st.integers(1, 10**9), st.integers(0, 5_000))
def test_net_and_withheld_sum_to_the_requested_payout(cents: int, rate: int) -> None:
    net, withheld = split_withheld(Millionths(cents * CENT), rate)
    assert net + withheld == cents * CENT
    assert net > 0
    assert withheld % CENT == net % CENT == 0
    assert abs(withheld * 10_000 - cents * CENT * rate) <= CENT // 2 * 10_000


async def test_a_payout_with_a_withheld_share_of_zero_is_declared(database: Database) -> None:
    """Its pay is: and it is taken back when the bank sends it back."""

    def declares(unit: UnitOfWork) -> None:
        give_siret(unit, 2_120)
        payouts.request_typed(in_france(unit), "0.02")  # 0.42 of a cent
        settlement.make_bank_file(in_france(unit), 0, "EUR")
        settlement.confirm_file(in_france(unit), 1)
        first = contributions.declare(unit)
        assert first is not None
        assert [
            (line.payouts, line.gross, line.amount) for line in unit.records(Contributions).list_declared_lines(first)
        ] == [(1, 20_000, 0)]
        assert contributions.declare(unit) is None
        settlement.decide_payout(in_france(unit), 1, "failed", "closed")
        second = contributions.declare(unit)
        assert second is not None
        assert [
            (line.payouts, line.gross, line.amount) for line in unit.records(Contributions).list_declared_lines(second)
        ] == [(1, -20_000, 0)]
        assert contributions.declare(unit) is None
        assert find_violations(unit) == []

    await database.transact(declares, JANUARY)


async def test_only_workers_with_a_french_account_are_offered_a_siret(database: Database) -> None:
    def looks(unit: UnitOfWork) -> None:
        earned_twice(unit)
        assert contributions.get_siret_state(in_france(unit)) == "missing"
        unit.connection.changed("UPDATE payees SET iban = 'DE89370400440532013000'")
        assert contributions.get_siret_state(in_france(unit)) == ""

    await database.transact(looks, JANUARY)
