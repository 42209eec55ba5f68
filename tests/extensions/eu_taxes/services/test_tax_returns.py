"""A return under DAC7: the ledger's figures, in XML that both schemas take; corrected by what changes afterwards."""

import os
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.settings import Settings
from domain.moments import Moment
from domain.money.amounts import UNIT, Millionths
from domain.money.ledger import BANK, Transfer, available_account
from domain.people.accounts import PersonId
from extensions.eu_taxes.cli import taxes
from extensions.eu_taxes.cli.taxes import dac7
from extensions.eu_taxes.domain.tax_forms import whole_units
from extensions.eu_taxes.formats.dpi import FRENCH_SCHEMA_FILE, NAMESPACES_BY_NAME, find_schema_flaws
from extensions.eu_taxes.formats.tax_answers import read_answer
from extensions.eu_taxes.services import tax_forms, tax_returns
from extensions.eu_taxes.storage.tax_returns import TaxReturns
from services.act import Encryption
from services.money import topups
from services.people import personal_data
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.extensions.eu_taxes.services.test_tax_reports import half_a_year
from tests.house import House

KEY = "a key of at least 16 signs"
OPERATOR = {
    "operator_name": "Pouce & <Sœurs>",
    "operator_country": "FR",
    "operator_tax_number": "732 829 320",
    "operator_vat": "FR44732829320",
    "operator_street": "1 rue de la Paix",
    "operator_postcode": "75002",
    "operator_town": "Paris",
    "operator_zone": "Europe/Paris",
}
AWA = {
    "country": "FR",
    "kind": "person",
    "first_names": "Awa <b>",
    "last_name": "Diallo & Cie",
    "street": "3 rue “X”",
    "postcode": "75002",
    "town": "Paris",
    "tax_number": "3023217600053",
    "born": "1988-03-20",
}
BORN_IN_DAKAR = {**AWA, "tax_number": "-", "birth_town": "Dakar", "birth_country": "SN"}
COMPANY = {
    "country": "DE",
    "kind": "business",
    "company": "Ö GmbH",
    "street": "Allee 1",
    "postcode": "10115",
    "town": "Berlin",
    "tax_number": "136695976",
    "register": "HRB 1",
}
OECD_XSD = os.environ.get("OECD_XSD", "")  # the OECD's DPIXML_v1.0.xsd, which is not ours to ship
HOSTILE = (
    "A\x07wa",
    "\u202eAwa",
    "\u200f\u05e2\u05d3\u05d9",
    "<![CDATA[x]]>",
    "]]> & <b>",
    "&#0;&amp;",
    "é" * 100,
    "Awa\ufffe",
    "Awa\ud800",
    "\U0001f600 Awa",
    "A\nB\tC",
    "a" + "\u0301" * 60,
    "--><!--x",
    "O’Neil",
    "\ufdfa" * 20,
)
SECRETS = ("3023217600053", "1988-03-20", "Diallo", "136695976", "FR7630006000011234567890189")


@pytest.fixture(autouse=True)
def late_in_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    """Returns are of years that have begun."""
    monkeypatch.setattr(clock, "wall_clock", lambda: Moment(1_830_200_000_000))


def settings_of(url: str, **changes: str) -> Settings:
    return Settings(**{**OPERATOR, "secrets_key": KEY, **changes}, database_url=url, _env_file=None)  # type: ignore[arg-type]


def give(url: str, now: Moment, person: PersonId, answers: dict[str, str]) -> None:
    with one_transaction(url, now) as unit:
        tax_forms.store_answers(unit, Encryption((KEY,)), person, answers)


def a_year(url: str, now: Moment) -> House:
    """Four workers who earned; one gave no form, the others are a person, one without a number, a company."""
    house = half_a_year(url, now)
    with one_transaction(url, now) as unit:
        for at, person in enumerate(house.workers):
            gift(unit, person, Millionths(1_234_567 * (at + 1)), f"gift:{at}")
    for worker, answers in zip(house.workers, (AWA, BORN_IN_DAKAR, COMPANY), strict=False):
        give(url, now, worker, answers)
    return house


def gift(unit: UnitOfWork, person: PersonId, amount: Millionths, key: str) -> None:
    account = available_account(unit.people.get(person))
    unit.ledger.open((BANK, account), "EUR")
    unit.ledger.post(Transfer(key, "bonus", BANK, account, amount, "EUR"))


def local(root: ET.Element, name: str) -> list[ET.Element]:
    return [each for each in root.iter() if each.tag.rpartition("}")[2] == name]


def called(url: str, workers: Sequence[PersonId]) -> str:
    """Workers by Telegram id and @username or name, as commands take them."""
    with one_transaction(url, Moment(0), read_only=True) as unit:
        people = [unit.people.get(worker) for worker in workers]
    return ", ".join(f"{each.telegram_id} {f'@{each.username}' if each.username else each.name}" for each in people)


def texts(root: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in local(root, name)]


@pytest.mark.parametrize("schema", sorted(NAMESPACES_BY_NAME))
def test_the_return_is_valid_and_tells_what_the_ledger_says(
    database_url: str, now: Moment, tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house, file = a_year(database_url, now), tmp_path / "return.xml"
    assert dac7(settings_of(database_url), "2027", str(file), xml=True, schema=schema) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert [secret for secret in SECRETS if secret in said.err] == []
    assert f"1 worker without a tax form, left out: {called(database_url, house.workers[3:4])}\n" in said.err
    if schema == "dpi" and OECD_XSD:
        assert list(find_schema_flaws(file, Path(OECD_XSD))) == []
    text = file.read_text()
    as_french = text.replace(":dpi:v1", ":dpi").replace(":dpistf:v1", ":dpistf").replace("DPIFR_", "OP_")
    file.write_text(re.sub(r"dpi:TaxQ([1-4])", r"dpi:TaxesQ\1", as_french))
    assert list(find_schema_flaws(file, Path(str(FRENCH_SCHEMA_FILE)))) == []
    root = ET.fromstring(text)
    assert root.tag == f"{{{NAMESPACES_BY_NAME[schema].dpi}}}DPI_OECD"
    sellers = local(root, "ReportableSeller")
    with one_transaction(database_url, now, read_only=True) as unit:
        earned = {worker: earnings(unit, worker) for worker in house.workers}
    for worker, seller in zip(house.workers, sellers, strict=False):
        told = sum(int(each.text or "") for at in range(1, 5) for each in local(seller, f"ConsQ{at}"))
        assert told == (2 * earned[worker] + UNIT) // (2 * UNIT)
        assert texts(seller, "DocRefId")[0].split("_")[3] == f"w{worker}"
    assert len(sellers) == 3
    assert texts(root, "DocTypeIndic") == ["OECD1"] * 4
    assert texts(root, "ReportingPeriod") == ["2027-12-31"]


def earnings(unit: UnitOfWork, worker: PersonId) -> int:
    sql = """
SELECT sum(e.amount) FROM entries e JOIN accounts a ON a.id = e.account JOIN transfers t ON t.id = e.transfer
WHERE a.name = :name AND t.kind NOT IN ('payout', 'withhold')"""
    name = available_account(unit.people.get(worker))
    return int(unit.connection.all(sql, name=name)[0][0])


def filed(url: str, tmp_path: Path, **changes: str) -> ET.Element | None:
    """The next message, recorded as filed; None where there was none."""
    file = tmp_path / "next.xml"
    file.unlink(missing_ok=True)
    assert dac7(settings_of(url, **changes), "2027", str(file), xml=True, schema="fr", filed=True) == 0
    return ET.fromstring(file.read_text()) if file.exists() else None


def told_of(root: ET.Element | None) -> tuple[list[str], list[str], list[str]]:
    assert root is not None
    return texts(root, "MessageTypeIndic"), texts(root, "DocTypeIndic"), texts(root, "CorrDocRefId")


def test_changed_sellers_are_corrected_before_new_ones_are_filed(
    database_url: str, now: Moment, tmp_path: Path
) -> None:
    house = a_year(database_url, now)
    first = filed(database_url, tmp_path)
    assert told_of(first) == (["DPI401"], ["OECD1"] * 4, [])
    assert filed(database_url, tmp_path) is None
    ann, ben, _, late = house.workers
    give(database_url, now, ann, {**AWA, "street": "4 rue Neuve"})
    give(database_url, now, ben, {"country": "SN"})
    give(database_url, now, late, AWA)
    corrections = filed(database_url, tmp_path)
    prefix = "OP_2027_732829320"
    named = [f"{prefix}_w{ann}_EUR_v1", f"{prefix}_w{ben}_EUR_v1"]
    assert told_of(corrections) == (["DPI402"], ["OECD0", "OECD2", "OECD3"], named)
    assert corrections is not None
    assert texts(corrections, "City")[2] == "Dakar" or "Dakar" in texts(corrections, "City")  # as it was filed
    added = filed(database_url, tmp_path)
    assert told_of(added) == (["DPI401"], ["OECD0", "OECD1"], [])
    assert filed(database_url, tmp_path) is None
    moved = filed(database_url, tmp_path, operator_street="2 rue de la Paix")
    assert told_of(moved) == (["DPI402"], ["OECD2"], [f"{prefix}_op_v1"])
    with one_transaction(database_url, now) as unit:
        for _ in range(2):
            tax_returns.send_copies(unit)
        copies = unit.connection.all("SELECT person FROM outbox WHERE screen LIKE '%TaxCopy%'")
        assert sorted(row[0] for row in copies) == sorted([*house.workers[:3], ann, ben, late])
        assert find_violations(unit) == []
        plain = repr(unit.connection.all("SELECT * FROM tax_documents"))
    assert [secret for secret in SECRETS if secret in plain] == []


def test_only_one_of_two_concurrent_filings_gets_a_file(
    database_url: str, now: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that was not recorded may be handed in all the same: two messages of one reference."""
    house = a_year(database_url, now)
    validated, late = taxes._print_flaws, tmp_path / "late.xml"

    def overtaken(*told: object) -> bool:
        monkeypatch.setattr(taxes, "_print_flaws", validated)
        assert filed(database_url, tmp_path) is not None
        return validated(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(taxes, "_print_flaws", overtaken)
    assert dac7(settings_of(database_url), "2027", str(late), xml=True, schema="fr", filed=True) == 1
    assert "was filed meanwhile" in capsys.readouterr().err
    assert not late.exists()
    nowhere = str(tmp_path / "no folder" / "next.xml")
    with one_transaction(database_url, now) as unit:
        gift(unit, house.workers[0], Millionths(UNIT), "gift:late")
    for _ in range(2):  # what could not be written is not recorded
        assert dac7(settings_of(database_url), "2027", nowhere, xml=True, schema="fr", filed=True) == 1
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.records(TaxReturns).count_messages(2027, "fr") == 1


def unlawful(url: str, now: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is recorded from now on fails at its commit, not before."""
    with one_transaction(url, now) as unit:
        unit.connection.changed(
            "CREATE TABLE late (person BIGINT REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    record = tax_returns.record_return

    def failing(
        unit: UnitOfWork, encryption: Encryption, order: tax_returns.ReturnOrder, drawn: tax_returns.TaxReturn
    ) -> None:
        record(unit, encryption, order, drawn)
        unit.connection.changed("INSERT INTO late (person) VALUES (999999)")

    monkeypatch.setattr(tax_returns, "record_return", failing)


def test_a_commit_that_fails_leaves_no_file(
    database_url: str, now: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_year(database_url, now)
    folder = tmp_path / "returns"
    folder.mkdir()
    unlawful(database_url, now, monkeypatch)
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        dac7(settings_of(database_url), "2027", str(folder / "next.xml"), xml=True, schema="fr", filed=True)
    assert list(folder.iterdir()) == []
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.records(TaxReturns).count_messages(2027, "fr") == 0


@pytest.mark.parametrize("at", ["the commit", "the name"])
def test_the_next_call_finishes_a_recorded_file_of_an_interrupted_call(
    database_url: str,
    now: Moment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at: str,
) -> None:
    a_year(database_url, now)
    folder = tmp_path / "returns"
    folder.mkdir()
    file = folder / "next.xml"

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(*((tax_returns, "record_return") if at == "the commit" else (taxes, "put_in_place")), killed)
        with pytest.raises(Killed):
            dac7(settings_of(database_url), "2027", str(file), xml=True, schema="fr", filed=True)
    assert [each.suffix for each in folder.iterdir()] == [".recorded"]
    capsys.readouterr()
    assert dac7(settings_of(database_url), "2027", str(file), xml=True, schema="fr", filed=True) == 0
    said = capsys.readouterr().err
    assert ("is of an earlier call, which was cut off" in said) == (at == "the name")
    assert told_of(ET.fromstring(file.read_text())) == (["DPI401"], ["OECD1"] * 4, [])
    assert list(folder.iterdir()) == [file]
    assert file.stat().st_mode & 0o777 == 0o600
    assert filed(database_url, folder) is None
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.records(TaxReturns).count_messages(2027, "fr") == 1


def test_a_file_of_a_running_process_is_left_alone(tmp_path: Path) -> None:
    file, source = tmp_path / "next.xml", tmp_path / "source"
    source.write_text("a return")
    with taxes.staged_copy(file, "return", "2027-fr-1", source) as waiting:
        assert not taxes.finish_earlier_call(file, "return", lambda _: False)
        taxes.put_in_place(waiting, file)
    assert file.read_text() == "a return"


def test_a_declaration_that_waits_under_the_same_name_is_left_to_its_own_command(
    sqlite_url: str, now: Moment, tmp_path: Path
) -> None:
    """Its mark was read as that of a return."""
    a_year(sqlite_url, now)
    file, source = tmp_path / "next", tmp_path / "source"
    source.write_text("a declaration")
    with taxes.staged_copy(file, taxes.DECLARATION, "7-1", source) as waiting:
        pass
    assert dac7(settings_of(sqlite_url), "2027", str(file), xml=True, schema="fr", filed=True) == 0
    assert waiting.read_text() == "a declaration"
    assert taxes.finish_earlier_call(file, taxes.DECLARATION, lambda mark: mark == "7-1")
    assert file.read_text() == "a declaration"


def test_erased_sellers_are_reported_and_not_corrected(database_url: str, now: Moment, tmp_path: Path) -> None:
    house = a_year(database_url, now)
    with one_transaction(database_url, now) as unit:
        personal_data.end_tax_form(unit, house.workers[0])
        unit.erasure.erase(unit.people.get(house.workers[0]))
    first = filed(database_url, tmp_path)
    assert first is not None
    assert len(local(first, "ReportableSeller")) == 3
    with one_transaction(database_url, now) as unit:
        personal_data.end_tax_form(unit, house.workers[1])
        unit.erasure.erase(unit.people.get(house.workers[1]))
        assert find_violations(unit) == []
    assert filed(database_url, tmp_path) is None


def test_waived_pay_counts_as_earned(
    database_url: str, now: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "wall_clock", lambda: Moment(1_831_000_000_000))  # the year is over
    house = a_year(database_url, now)
    with one_transaction(database_url, now) as unit:
        worker = unit.people.get(house.workers[0])
        there = unit.ledger.balance(available_account(worker), "EUR")
        assert topups.give_pay_back(unit, worker, "EUR")
        assert there > 0 == unit.ledger.balance(available_account(worker), "EUR")
    assert filed(database_url, tmp_path) is not None
    with one_transaction(database_url, now) as unit:
        assert find_violations(unit) == []


def test_a_test_is_marked_and_a_draft_is_not_recorded(database_url: str, now: Moment, tmp_path: Path) -> None:
    a_year(database_url, now)
    file = tmp_path / "test.xml"
    settings = settings_of(database_url)
    assert dac7(settings, "2027", str(file), xml=True, schema="fr", filed=True, test=True) == 0
    assert texts(ET.fromstring(file.read_text()), "DocTypeIndic") == ["OECD11"] * 4
    assert dac7(settings, "2027", str(file), xml=True, schema="fr") == 0
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.records(TaxReturns).count_messages(2027, "fr") == 0


def test_a_year_in_which_nobody_earned_says_so(database_url: str, now: Moment, tmp_path: Path) -> None:
    a_year(database_url, now)
    file = tmp_path / "empty.xml"
    assert dac7(settings_of(database_url), "2025", str(file), xml=True, schema="fr") == 0
    assert told_of(ET.fromstring(file.read_text())) == (["DPI403"], ["OECD1"], [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"operator_name": ""}, "OPERATOR_NAME: "),
        ({"secrets_key": ""}, "SECRETS_KEY: "),
        ({"operator_tax_number": "73282932"}, "OPERATOR_TAX_NUMBER: "),
    ],
)
def test_missing_settings_and_forms_are_listed(
    sqlite_url: str, now: Moment, changes: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_year(sqlite_url, now)
    assert dac7(settings_of(sqlite_url, **changes), "2027", None, xml=True, schema="fr") == 1
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert told.out == ""


def test_sellers_with_undecipherable_forms_are_listed(
    sqlite_url: str, now: Moment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = a_year(sqlite_url, now)
    file = str(tmp_path / "x.xml")
    assert dac7(settings_of(sqlite_url, secrets_key="another key of 16 signs"), "2027", file, xml=True) == 0
    names = called(sqlite_url, house.workers[:3])
    assert f"3 workers whose tax form no key opens, left out: {names}\n" in capsys.readouterr().err


def test_filed_sellers_under_a_lost_key_are_listed(
    sqlite_url: str, now: Moment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ann now lives outside the EU; what was filed of her, which would be taken back, cannot be read."""
    house, new = a_year(sqlite_url, now), "another key of 16 signs"
    filed(sqlite_url, tmp_path)
    with one_transaction(sqlite_url, now) as unit:
        for worker, answers in zip(house.workers, ({"country": "SN"}, BORN_IN_DAKAR, COMPANY, AWA), strict=True):
            tax_forms.store_answers(unit, Encryption((new,)), worker, answers)
    told = told_of(filed(sqlite_url, tmp_path, secrets_key=new))
    assert told[:2] == (["DPI401"], ["OECD0", "OECD1"])
    name = called(sqlite_url, house.workers[:1])
    assert f"1 worker whose tax form no key opens, left out: {name}\n" in capsys.readouterr().err


def test_an_invalid_return_is_refused_with_its_flaws(
    sqlite_url: str, now: Moment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A form as an older version might have left it."""
    house = a_year(sqlite_url, now)
    give(sqlite_url, now, house.workers[0], {**AWA, "born": "in March, Diallo"})
    file = tmp_path / "x.xml"
    assert dac7(settings_of(sqlite_url), "2027", str(file), xml=True, schema="fr", filed=True) == 1
    said = capsys.readouterr().err
    assert f"worker {called(sqlite_url, house.workers[:1])}: BirthDate is not as the schema wants" in said
    assert "Diallo" not in said
    assert not file.exists()
    with one_transaction(sqlite_url, now, read_only=True) as unit:
        assert unit.records(TaxReturns).count_messages(2027, "fr") == 0


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("typed", [True, False])
def test_a_return_is_valid_with_unusual_names(
    sqlite_url: str, now: Moment, tmp_path: Path, name: str, typed: bool
) -> None:
    """As the form reads it, and as another version may have kept it."""
    house = a_year(sqlite_url, now)
    kept = read_answer("last_name", name, {}, date(2027, 1, 1)) if typed else name
    give(sqlite_url, now, house.workers[0], {**AWA, "first_names": kept, "last_name": kept, "street": kept})
    file = tmp_path / "x.xml"
    assert dac7(settings_of(sqlite_url), "2027", str(file), xml=True, schema="fr") == 0
    (told,) = {texts(each, "LastName")[0] for each in local(ET.fromstring(file.read_text()), "Standard")[:1]}
    assert typed is False or told == kept


def test_control_characters_in_the_operators_name_are_replaced(sqlite_url: str, now: Moment, tmp_path: Path) -> None:
    a_year(sqlite_url, now)
    file = tmp_path / "x.xml"
    assert dac7(settings_of(sqlite_url, operator_name="Pouce\x07SAS"), "2027", str(file), xml=True, schema="fr") == 0
    assert texts(ET.fromstring(file.read_text()), "Name")[0] == "Pouce SAS"


@pytest.mark.parametrize(
    ("year", "said"),
    [
        *[
            (year, "YEAR: expected a year such as 2027")
            for year in ("1999", "2201", "abcd", "", "27", "²⁰²⁷", "٢٠٢٧", "2027.0")
        ],
        ("2028", "YEAR: 2028 has not begun"),
    ],
)
@pytest.mark.parametrize("xml", [True, False])
def test_years_out_of_range_are_refused(
    sqlite_url: str, now: Moment, tmp_path: Path, year: str, said: str, xml: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the finger would be recorded as filed for good."""
    a_year(sqlite_url, now)
    file = tmp_path / "x"
    assert dac7(settings_of(sqlite_url), year, str(file), xml=xml, schema="fr", filed=xml) == 1
    assert capsys.readouterr().err == f"{said}\n"
    assert not file.exists()


@pytest.mark.parametrize("schema", ["nowhere.xsd", "no schema"])
def test_a_schema_that_cannot_be_read_is_named(
    sqlite_url: str, now: Moment, tmp_path: Path, schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_year(sqlite_url, now)
    (tmp_path / "no schema").write_text("oops")
    xsd, file = str(tmp_path / schema), tmp_path / "x.xml"
    assert dac7(settings_of(sqlite_url), "2027", str(file), xml=True, xsd=xsd) == 1
    assert capsys.readouterr().err == f"{xsd}: expected an XML schema that can be read\n"
    assert not file.exists()


def test_quarters_go_by_the_operators_clock(sqlite_url: str, now: Moment, tmp_path: Path) -> None:
    """Half past midnight on the first of April in Paris is March in UTC."""
    house = a_year(sqlite_url, now)
    at = Moment(int(datetime(2027, 4, 1, 0, 30, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC).timestamp()) * 1000)
    with one_transaction(sqlite_url, at) as unit:
        gift(unit, house.workers[0], Millionths(50 * UNIT), "paris")
    quarters = []
    for zone in ("Europe/Paris", "UTC"):
        file = tmp_path / "x.xml"
        dac7(settings_of(sqlite_url, operator_zone=zone), "2027", str(file), xml=True)
        seller = local(ET.fromstring(file.read_text()), "ReportableSeller")[0]
        quarters.append([int(texts(seller, f"ConsQ{quarter}")[0]) >= 50 for quarter in (1, 2)])
    assert quarters == [[False, True], [True, False]]


@given(st.lists(st.integers(0, 3 * UNIT), min_size=4, max_size=4))
def test_rounded_quarters_are_the_rounded_year(quarters: list[int]) -> None:
    told = whole_units(quarters)
    assert sum(told) == (2 * sum(quarters) + UNIT) // (2 * UNIT)
    assert min(told) >= 0
    assert all(abs(sum(told[:at]) * UNIT - sum(quarters[:at])) <= UNIT // 2 for at in range(1, 5))
    assert whole_units([100 * UNIT, -5 * UNIT, 0, 0]) == (95, 0, 0, 0)
    assert whole_units([-5 * UNIT, 100 * UNIT, 0, 0]) == (0, 95, 0, 0)
    assert whole_units([10 * UNIT, -15 * UNIT, 7 * UNIT, 0]) == (0, 0, 2, 0)
    assert whole_units([10 * UNIT, -15 * UNIT, 0, 0]) == (0, 0, 0, 0)
    at_least = whole_units(quarters, at_least_one=True)
    assert sum(at_least) == max(sum(told), 1 if sum(quarters) else 0)
