"""Invoices for fees: drawn from the ledger once a month is over, numbered without a gap, corrected by credit notes."""

import asyncio
import os
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import BadSetting, Settings, read_settings
from domain.fairness.appeals import AppealId, Votes
from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, budget_account, fees_account
from domain.money.operator import Operator
from domain.people.accounts import PersonId
from domain.people.settings import get_zone
from domain.refusals import NotFound, NotInTeam
from extensions.eu_taxes.cli.invoices import invoices as cli
from extensions.eu_taxes.domain.invoices import (
    Buyer,
    BuyerAsked,
    BuyerNoted,
    Invoice,
    InvoiceLine,
    InvoicesShown,
    VatRule,
    amount_before_vat,
    get_mention,
    get_vat_rule,
    net_and_vat,
)
from extensions.eu_taxes.formats.buyers import BuyerFlaw, read_buyer
from extensions.eu_taxes.handlers.invoices import AskForBuyer, ShowInvoices, file_words
from extensions.eu_taxes.jobs import invoices
from extensions.eu_taxes.jobs.invoices import (
    issue_due,
    make_document,
    read_invoice,
    render_invoice,
    request_buyer_details,
)
from extensions.eu_taxes.services import invoices as invoices_service
from extensions.eu_taxes.storage.invoices import Invoices
from handlers.money.funds import funds_screen
from handlers.work.tasks import TypeWords
from locales import translator
from services.act import Act
from services.act import House as Doors
from services.fairness import appeals
from services.money import transfers
from services.money.funds import read_funds
from services.work import inputs
from storage.database import Database, one_transaction
from storage.drivers.records import pack
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.bot.test_start_warnings import said
from tests.house import House, a_project, launch, settle_tasks
from tests.invariants.flows import a_day, turn
from tests.invariants.unjust import reject
from tests.services.people.test_teams import office, press

OPERATOR = Operator(
    "Pouce SAS",
    "FR",
    "732829320",
    "FR44732829320",
    "3 rue de la Paix",
    "75002",
    "Paris",
    "Europe/Paris",
    legal_form="SAS",
    capital="10 000 €",
    rcs="Paris",
)
COMPANY = "SAS au capital de 10 000 €, RCS Paris 732829320"
PARIS = Buyer("Atelier Martin", "12 rue des Lilas", "75011 Paris", "FR", "FR40303265045", "303265045")
PRIVATE = Buyer("Ann Doe", "12 rue des Lilas", "75011 Paris", "FR")
MADRID = Buyer("Etiquetas SL", "Calle Mayor 1", "28013 Madrid", "ES", "ESB58378431")
PAY, FEE = Millionths(500_000), Millionths(50_000)
TYPED = "Atelier Martin\n12 rue des Lilas\n75011 Paris\nfrance\nFR 40 303 265 045"
JANUARY, FEBRUARY, MARCH = (Moment(int(datetime(2027, month, 3, tzinfo=UTC).timestamp() * 1000)) for month in (1, 2, 3))


def of_requester(unit: UnitOfWork, house: House, rule: str = "FR", **changes: Any) -> Act:
    act = act_of(unit, house.requester)
    return replace(act, house=replace(act.house, vat_rule=rule, operator=OPERATOR, **changes))


async def issue(database: Database, house: House, at: Moment, rule: str = "FR") -> list[Invoice]:
    """What the sweep issues, and nothing it breaks."""

    def before(unit: UnitOfWork) -> tuple[Act, int]:
        return of_requester(unit, house, rule), len(unit.records(Invoices).list_newest(house.requester, 99))

    act, there = await database.transact(before, at)
    await request_buyer_details(act.house, database, lambda: at)
    await issue_due(act.house, database, lambda: at)
    found = await database.transact(lambda unit: unit.records(Invoices).list_newest(house.requester, 99), at)
    assert await database.aside(find_violations, at) == []
    return found[: len(found) - there]


async def with_buyer(database: Database, database_url: str, now: Moment, buyer: Buyer = PARIS) -> House:
    house = a_day(database_url, now, pay=PAY, fee=FEE)
    await database.transact(lambda unit: unit.records(Invoices).set_buyer(house.requester, buyer), now)
    return house


async def test_a_month_is_invoiced_once_to_the_millionth(database: Database, database_url: str, now: Moment) -> None:
    house = await with_buyer(database, database_url, now)
    assert await issue(database, house, later(now, DAY)) == []  # January is not over
    [first] = await issue(database, house, FEBRUARY)
    fees = await database.transact(
        lambda unit: int(unit.connection.all("SELECT sum(amount) FROM transfers WHERE kind = 'fee'")[0][0]), now
    )
    assert (first.name, first.fees, first.gross, first.vat) == ("2027-00001", fees, *_cents(fees))
    assert (first.rule, first.rate, first.series) == (VatRule.STANDARD, 2_000, "732829320")
    assert await issue(database, house, FEBRUARY) == []
    with one_transaction(database_url, FEBRUARY) as unit:
        assert turn(unit, house.workers[1])
    [second] = await issue(database, house, MARCH)
    assert (second.name, second.fees, second.begins) == ("2027-00002", FEE, first.ends)


def _cents(fees: int) -> tuple[int, int]:
    net, vat = net_and_vat(fees, 2_000)
    return net + vat, vat


async def test_returned_fees_of_an_invoice_make_a_credit_note(
    database: Database, database_url: str, now: Moment
) -> None:
    last_day, soon = Moment(FEBRUARY - 3 * DAY), Moment(FEBRUARY - DAY + 1)
    house = await with_buyer(database, database_url, last_day)
    for _ in range(2):
        await database.transact(lambda unit: contest(unit, house), last_day)
    await database.transact(lambda unit: lose(unit, house, 1), last_day)  # in the month of its fee: no note
    [first] = await issue(database, house, soon)
    await database.transact(lambda unit: lose(unit, house, 2), soon)
    await database.transact(lambda unit: unit.records(Invoices).set_buyer(house.requester, MADRID), soon)
    [note] = await issue(database, house, MARCH)
    assert (note.corrects, note.fees, note.rate, note.buyer) == (first.id, FEE, 2_000, first.buyer)
    assert note.gross == FEE
    assert await issue(database, house, later(MARCH, 40 * DAY)) == []


async def test_racing_issuers_number_each_month_once(database: Database, database_url: str, now: Moment) -> None:
    """Two processes with three sweeps each, and a requester who leaves meanwhile."""
    house = await with_buyer(database, database_url, now)
    others = [another_requester(database_url, now, house, number) for number in range(1, 5)]
    act = await database.transact(lambda unit: of_requester(unit, house), FEBRUARY)
    second = Database(database_url)

    def leave(unit: UnitOfWork) -> None:
        invoices_service.issue_last_invoice(replace(of_requester(unit, house), person=unit.people.get(others[0])))

    sweeps = [issue_due(act.house, each, lambda: FEBRUARY) for each in (database, second) for _ in range(3)]
    try:
        await asyncio.gather(*sweeps, second.transact(leave, FEBRUARY))
    finally:
        await second.close()
    made = await database.transact(
        lambda unit: unit.records(Invoices).list_issued(FEBRUARY, later(FEBRUARY, DAY)), FEBRUARY
    )
    assert sorted(each.person for each in made) == sorted([house.requester, *others])
    assert [each.name for each in made] == [f"2027-{number:05}" for number in range(1, 6)]
    assert [each for each in await database.aside(find_violations, FEBRUARY) if each.rule == 14] == []


def another_requester(url: str, now: Moment, house: House, number: int) -> PersonId:
    """Who paid a fee and told whom to bill."""
    with one_transaction(url, now) as unit:
        person = unit.people.upsert(1_500 + number, None, f"Requester {number}", "en", unit.now)
        unit.people.make_requester(person.id, True)
        transfers.post_deposit(unit, person, Millionths(10_000_000), "EUR", f"other {number}", "")
        project = unit.projects.add(a_project(person.id, unit.now, pay=PAY, fee=FEE))
        settle_tasks(unit, project, person.id, tasks=1, gold=0)
        launch(unit, person.id, project)
        unit.ledger.post(
            Transfer(f"fee:x{number}", "fee", budget_account(project), fees_account(project), FEE, "EUR", project)
        )
        unit.records(Invoices).set_buyer(person.id, MADRID)
    return person.id


def contest(unit: UnitOfWork, house: House) -> None:
    submission = reject(unit, house)
    appeals.open_appeal(act_of(unit, submission.worker), submission.id)


def lose(unit: UnitOfWork, house: House, number: int) -> None:
    """By an admin's word."""
    appeals.decide_for_requester(unit, unit.appeals.lock(AppealId(number)), Votes(0, 0))
    unit.connection.changed("UPDATE appeals SET ruled_by = :admin", admin=house.requester)


@pytest.mark.parametrize("statement", ["UPDATE invoices SET net = net + 1, vat = vat - 1", "DELETE FROM invoices"])
async def test_an_issued_invoice_cannot_be_changed(
    database: Database, database_url: str, now: Moment, statement: str
) -> None:
    house = await with_buyer(database, database_url, now)
    await issue(database, house, FEBRUARY)
    with pytest.raises(Exception, match=r"never changed|append-only"), one_transaction(database_url, now) as unit:
        unit.connection.changed(statement)


def at(town: str, country: str = "FR", vat: str = "", register: str = "") -> Buyer:
    return Buyer("Somebody", "Rue 1", town, country, vat, register)


SIREN = {"register": "303265045"}
TAXED, OVERSEAS, NOWHERE = (VatRule.STANDARD, 2_000), (VatRule.STANDARD, 850), (VatRule.OUTSIDE, 0)
FRANCHISE, REVERSE = (VatRule.FRANCHISE, 0), (VatRule.REVERSE, 0)


@pytest.mark.parametrize(
    ("buyer", "vat", "exempt", "said"),
    [
        (PARIS, TAXED, FRANCHISE, "standard"),
        (at("98000 Monaco"), TAXED, FRANCHISE, "standard"),
        (at("MC 98000", "MC", **SIREN), TAXED, FRANCHISE, "standard"),
        (at("F-20000 Ajaccio"), TAXED, FRANCHISE, "standard"),
        (at("97400 Saint-Denis", **SIREN), OVERSEAS, FRANCHISE, "overseas"),
        (at("97100 Basse-Terre", **SIREN), OVERSEAS, FRANCHISE, "overseas"),
        (at("Fort-de-France", "MQ", "FR40303265045", "303265045"), OVERSEAS, FRANCHISE, "overseas"),
        (at("97400 Saint-Denis"), TAXED, FRANCHISE, "standard"),  # a private person: where the seller is
        (at("97300 Cayenne", **SIREN), NOWHERE, NOWHERE, "untaxed"),
        (at("97600 Mamoudzou", "YT", **SIREN), NOWHERE, NOWHERE, "untaxed"),
        (at("97300 Cayenne"), TAXED, FRANCHISE, "standard"),
        (at("97150 Marigot", **SIREN), NOWHERE, NOWHERE, "outside"),
        (at("97133 Gustavia"), NOWHERE, NOWHERE, "outside_private"),
        (at("97500 Saint-Pierre", **SIREN), NOWHERE, NOWHERE, "outside"),
        (at("98800 Nouméa", "NC"), NOWHERE, NOWHERE, "outside_private"),
        (at("98714 Papeete", **SIREN), NOWHERE, NOWHERE, "outside"),
        (MADRID, REVERSE, REVERSE, "reverse"),
        (replace(MADRID, vat=""), TAXED, FRANCHISE, "standard"),
        (replace(MADRID, town="35001 Las Palmas"), NOWHERE, NOWHERE, "outside"),
        (at("22100 Mariehamn", "FI"), NOWHERE, NOWHERE, "outside_private"),
        (at("22100 Mariehamn", "AX"), NOWHERE, NOWHERE, "outside_private"),
        (at("Dakar", "SN", register="1"), NOWHERE, NOWHERE, "outside"),
        (at("London SW1A 1AA", "GB"), NOWHERE, NOWHERE, "outside_private"),
    ],
)
def test_the_vat_rule_follows_the_operator_and_the_client(
    buyer: Buyer, vat: tuple[VatRule, int], exempt: tuple[VatRule, int], said: str
) -> None:
    assert get_vat_rule("FR", OPERATOR, buyer) == vat
    assert get_vat_rule("293B", OPERATOR, buyer) == exempt
    assert get_mention(*vat, buyer) == said
    assert said in file_words(translator("fr"))


def test_an_operator_in_la_reunion_has_its_rate_at_home() -> None:
    reunion = replace(OPERATOR, postcode="97410")
    assert get_vat_rule("FR", reunion, at("75011 Paris")) == OVERSEAS
    assert get_vat_rule("FR", reunion, replace(MADRID, vat="")) == OVERSEAS
    assert get_vat_rule("FR", reunion, PARIS) == TAXED
    assert (
        get_vat_rule("293B", replace(OPERATOR, vat=""), MADRID) == FRANCHISE
    )  # without a VAT number nothing is reversed


@given(st.integers(1, 10**15), st.sampled_from([0, 550, 1_000, 2_000]))
def test_net_and_vat_are_cents_and_add_up_to_the_fees(fees: int, rate: int) -> None:
    net, vat = net_and_vat(fees, rate)
    assert net % 10_000 == vat % 10_000 == 0
    assert abs(net + vat - fees) <= 5_000
    assert abs(vat * (10_000 + rate) - (net + vat) * rate) <= 5_000 * (10_000 + rate)
    assert amount_before_vat(fees, rate) <= fees


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("Atelier Martin", "lines"),
        (TYPED + "\nmore", "lines"),
        (TYPED.replace("france", "Atlantis"), "country"),
        (TYPED.replace("france", "RE"), "postcode"),
        (TYPED.replace("75011 Paris", "Paris"), "postcode"),
        (TYPED.replace("75011", "7501"), "postcode"),
        (TYPED.replace("75011", "97900"), "postcode"),
        (TYPED.replace("045", "046"), "vat"),
        (TYPED.replace("france", "Spain"), "vat"),
        (TYPED.replace("FR 40 303 265 045", "123 456 789"), "number"),
        (TYPED.replace("12 rue des Lilas", "…"), "words"),
        (TYPED.replace("Atelier", "A" * 100), "long"),
        (TYPED.replace("Atelier", "株式会社"), "letters"),
    ],
)
def test_buyer_lines_are_checked(typed: str, flaw: str) -> None:
    with pytest.raises(BuyerFlaw) as found:
        read_buyer(typed)
    assert found.value.what == flaw


@pytest.mark.parametrize(
    ("typed", "buyer"),
    [
        (TYPED, PARIS),
        (TYPED.replace("FR 40 303 265 045", "303 265 045 00011"), replace(PARIS, vat="")),
        ("Ana\nOdos 1\n10557 Athina\nGreece\nEL094259216", Buyer("Ana", "Odos 1", "10557 Athina", "GR", "EL094259216")),
        ("Awa\nRue 1\nDakar\nSN\n0012345", Buyer("Awa", "Rue 1", "Dakar", "SN", "", "0012345")),
        (
            "Ti Kaz\nRue 1\n97400 Saint-Denis\nLa Réunion\n303 265 045",
            Buyer("Ti Kaz", "Rue 1", "97400 Saint-Denis", "RE", "", "303265045"),
        ),
        ("Eve\nRd 1\nLondon SW1A 1AA\nUK", Buyer("Eve", "Rd 1", "London SW1A 1AA", "GB")),
        ("Bob\nRue 1\n1000 Brussels\nBelgium", Buyer("Bob", "Rue 1", "1000 Brussels", "BE")),
    ],
)
def test_buyer_lines_are_parsed(typed: str, buyer: Buyer) -> None:
    assert read_buyer(typed) == buyer


async def test_invoices_are_announced_once_and_listed(database: Database, database_url: str, now: Moment) -> None:
    house = a_day(database_url, now, pay=PAY, fee=FEE)
    assert await issue(database, house, FEBRUARY) == []
    assert await issue(database, house, FEBRUARY) == []
    asked = await database.transact(lambda unit: outbox(unit, "money.BuyerWanted"), now)
    assert asked == 1

    def tell(unit: UnitOfWork) -> None:
        act = of_requester(unit, house)
        with pytest.raises(NotFound):
            invoices_service.show_invoices(act_of(unit, house.requester))  # where VAT_RULE is not set
        assert invoices_service.ask_for_buyer(act) == BuyerAsked(())
        assert inputs.take_words(act, "nonsense") == BuyerAsked((), "lines")
        assert isinstance(inputs.take_words(act, TYPED), BuyerNoted)

    await database.transact(tell, FEBRUARY)
    [made] = await issue(database, house, FEBRUARY)

    def look(unit: UnitOfWork) -> None:
        act = of_requester(unit, house)
        offered = [button.data for row in funds_screen(read_funds(act), translator("en")).keyboard for button in row]
        assert ShowInvoices().pack() in offered
        shown = invoices_service.show_invoices(act)
        assert isinstance(shown, InvoicesShown)
        assert [each.name for each in shown.invoices] == [made.name]
        assert outbox(unit, "money.InvoiceReady") == 1
        assert invoices_service.send_invoice(of_requester(unit, house), made.id).invoice == shown.invoices[0]
        stranger = replace(act_of(unit, house.workers[0]), house=of_requester(unit, house).house)
        with pytest.raises(NotFound):
            invoices_service.send_invoice(stranger, made.id)

    await database.transact(look, FEBRUARY)


def outbox(unit: UnitOfWork, name: str) -> int:
    return len(unit.connection.all("SELECT 1 FROM outbox WHERE screen = :name", name=name))


async def test_a_leaving_requester_gets_the_last_invoice_and_is_erased_after_retention(
    database: Database, database_url: str, now: Moment
) -> None:
    house = await with_buyer(database, database_url, now)

    def leave(unit: UnitOfWork) -> None:
        invoices_service.issue_last_invoice(of_requester(unit, house))
        [made] = unit.records(Invoices).list_newest(house.requester, 9)
        assert made.ends == unit.now
        unit.connection.changed("UPDATE people SET erased_at = 1 WHERE id = :person", person=house.requester)
        unit.records(Invoices).erase_buyers(made.issued_at)
        assert unit.records(Invoices).get(made.id).buyer == made.buyer
        unit.records(Invoices).erase_buyers(Moment(made.issued_at + 1))
        assert unit.records(Invoices).get(made.id).buyer == ""

    await database.transact(leave, later(now, DAY))


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_the_document_names_both_parties_the_rule_and_the_sums(
    database: Database, database_url: str, now: Moment, language: str
) -> None:
    house = await with_buyer(database, database_url, now, MADRID)
    [made] = await issue(database, house, FEBRUARY)
    made, _ = await database.aside(lambda unit: read_invoice(unit, made.id), FEBRUARY)
    t = translator(language)
    drawn = make_document(made, "", file_words(t), language, "Europe/Paris")
    first, last = t.day(now, get_zone("Europe/Paris")), t.day(Moment(made.ends - 1), get_zone("Europe/Paris"))
    assert drawn.period == file_words(t)["period"].format(first=first, last=last)  # from the first fee on
    told = [value for _, value in drawn.facts]
    spain = t.country("ES")
    assert told[0] == "2027-00001"
    assert told[2:] == [
        f"Pouce SAS, 3 rue de la Paix, 75002 Paris, {t.country('FR')}",
        {"en": "SAS with a share capital of 10 000 €, RCS Paris 732829320", "fr": COMPANY}[language],
        *("732829320", "FR44732829320", f"Etiquetas SL, Calle Mayor 1, 28013 Madrid, {spain}", "ESB58378431"),
    ]
    assert drawn.notes[0].startswith("Autoliquidation : art. 283-2 du CGI")
    late, early = drawn.notes[3:5]
    assert "trois fois le taux de l’intérêt légal" in late
    assert "40 €" in late
    assert early.startswith("Pas d’escompte")
    [section] = drawn.sections
    assert [amount for _, amount, _ in section.summary] == [t.money(each, "EUR") for each in (made.net, 0, made.gross)]
    assert section.rows[0][-1] == t.money(made.fees, "EUR")
    assert render_invoice(made, "", file_words(t), language, "Europe/Paris").startswith(b"%PDF")


def test_an_invoice_says_why_its_total_is_not_the_sum_of_its_lines() -> None:
    """A fee of .675 with VAT is .5625 before it; in whole cents .68 with .11 of VAT leave .57."""
    t, line = translator("en"), InvoiceLine(1, "Reviews", 9, 675_000)
    net, vat = net_and_vat(675_000, 2_000)
    about = ("EUR", JANUARY, FEBRUARY, VatRule.STANDARD, 2_000, 675_000, net, vat, net + vat)
    written = (pack(asdict(OPERATOR)), pack(asdict(PRIVATE)), pack([asdict(line)]))
    made = Invoice(1, "S", 2027, 1, PersonId(1), None, *about, *written, FEBRUARY)
    drawn = make_document(made, "", file_words(t), "en", "UTC")
    [section] = drawn.sections
    assert section.rows[0][-1] == "€0.5625"
    assert [amount for _, amount, _ in section.summary] == ["€0.57", "€0.11", "€0.68"]
    assert any("€0.675 in all" in note and "whole cents: €0.68" in note for note in drawn.notes)
    assert not any("escompte" in note for note in drawn.notes)  # a private person
    for fees, is_rounded in ((600_000, False), (650_000, True)):  # .65 is whole cents, its .541667 before VAT is not
        net, vat = net_and_vat(fees, 2_000)
        whole = replace(
            made, fees=fees, net=net, vat=vat, gross=net + vat, lines=pack([asdict(replace(line, fees=fees))])
        )
        assert (
            any("whole cents" in note for note in make_document(whole, "", file_words(t), "en", "UTC").notes)
            is is_rounded
        )


async def test_the_command_lists_and_writes_what_was_issued(
    database: Database, database_url: str, now: Moment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = await with_buyer(database, database_url, now)
    await issue(database, house, FEBRUARY)
    settings = Settings(_env_file=None, database_url=database_url)
    assert cli(settings, "2027-02") == 0
    head, line = capsys.readouterr().out.strip().splitlines()
    assert head.startswith("number,corrects,issued_on")
    assert line.startswith("2027-00001,,2027-02-03,1000,Atelier Martin,FR40303265045,standard,20,")
    assert cli(settings, "2027-02", pdf=str(tmp_path)) == 0
    assert os.listdir(tmp_path) == ["2027-00001.pdf"]


def test_invoices_require_the_operators_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadSetting, match="VAT_RULE: expected"):
        read_settings(vat_rule="FR", operator_name="Pouce")
    whole = {f"operator_{name}": getattr(OPERATOR, name) for name in OPERATOR.__slots__}
    assert read_settings(vat_rule="FR", **whole).operator == OPERATOR
    with pytest.raises(BadSetting, match="VAT_RULE: expected"):
        read_settings(vat_rule="FR", **{**whole, "operator_postcode": "97300"})  # in Guyane there is no VAT


@pytest.mark.parametrize("rule", ["FR", "293B"])
@pytest.mark.parametrize("wrong", [{"tax_number": "732829321"}, {"tax_number": "ATU1"}, {"vat": "FR44732829321"}])
def test_no_invoice_is_issued_under_a_number_that_cannot_be(rule: str, wrong: dict[str, str]) -> None:
    """A digit that was mistyped would stand on every invoice, and none can be changed."""
    operator = replace(OPERATOR, **wrong)
    given = {f"operator_{name}": getattr(operator, name) for name in OPERATOR.__slots__}
    with pytest.raises(BadSetting, match="VAT_RULE: expected"):
        read_settings(vat_rule=rule, **given)


def test_a_month_is_closed_a_day_after_its_end_by_the_operators_clock(now: Moment) -> None:
    house = replace(_house(), operator=OPERATOR)
    ends = int(datetime(2027, 1, 31, 23, tzinfo=UTC).timestamp() * 1000)  # midnight in Paris
    assert invoices.get_closed_end(house, Moment(ends + DAY - 1)) < ends
    assert invoices.get_closed_end(house, Moment(ends + DAY)) == ends


def _house() -> Doors:
    return Doors(cast(Database, None), cast(Any, None), frozenset(), False, "en", lambda: Moment(0))


async def test_invoices_name_the_team_as_its_owner_says(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        act = house.act(house.anna)
        billed = replace(act, house=replace(act.house, vat_rule="293B"))
        with pytest.raises(NotInTeam):
            house.press(house.ben, AskForBuyer())
        press(billed, AskForBuyer())
        press(billed, TypeWords(text="Atelier Martin\n12 rue des Lilas\n75011 Paris\nFR"))
        found = unit.records(Invoices).find_billing(house.team)
        assert found is not None
        assert found.buyer is not None
        assert (found.buyer.name, unit.records(Invoices).find_billing(house.anna)) == ("Atelier Martin", None)
        invoices_service.request_buyers(unit, [house.team])

    await database.transact(play, now)


async def test_fees_of_a_month_that_is_over_are_told_while_the_rule_may_be_switched(
    database: Database, database_url: str, now: Moment, caplog: pytest.LogCaptureFixture
):
    """They are invoiced by the rule of the day."""
    house = await with_buyer(database, database_url, now)
    first = Moment(int(datetime(2027, 2, 1, 12, tzinfo=UTC).timestamp() * 1000))
    act = await database.transact(lambda unit: of_requester(unit, house), now)
    for at, told in ((now, False), (first, True)):
        doors = replace(act.house, database=database, clock=lambda at=at: at)
        assert any("not invoiced yet" in line for line in await said(doors, caplog)) is told
    await issue(database, house, FEBRUARY)
    assert not any("not invoiced yet" in line for line in await said(replace(doors, clock=lambda: FEBRUARY), caplog))
