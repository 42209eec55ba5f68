"""`pouce verify`, `ledger`, `backup` and `restore`, as typed."""

import json
import os
import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import wall_clock
from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.money.bank_statements import BankLine
from domain.money.ledger import BANK, FEES, Transfer
from services.money import bank_lines, ledger
from services.money.ledger import VERIFICATION_STATS
from storage.database import one_transaction
from storage.invariants import list_invariants
from tests.house import FUNDS
from tests.invariants.attack import attack
from tests.invariants.flows import a_day, turn
from tests.invariants.test_health import counts
from tests.sqlite_files import SQLiteFiles

Pouce = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pouce(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], sqlite_files: SQLiteFiles
) -> Pouce:
    """Types a command over a database, alone with it; answers with (exit code, output, errors)."""
    monkeypatch.chdir(tmp_path)

    def typed(url: str, *words: str) -> tuple[int, str, str]:
        sqlite_files.rest()
        monkeypatch.setenv("DATABASE_URL", url)
        code = main(list(words))
        return code, *capsys.readouterr()

    return typed


def test_verify_names_every_invariant_and_is_content(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    code, said, errors = pouce(database_url, "verify")
    assert (code, errors) == (0, "")
    assert all(" ok " in line and " ms  " in line for line in said.splitlines()[:-1])
    assert said.splitlines()[-1].endswith("invariants hold.")
    assert last_verified(database_url) == []


def test_verify_says_what_left_and_nobody_has_explained(pouce: Pouce, sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        line = BankLine("key", "statement", "", True, 5_000_000, "EUR", "5.00", "2027-01-15", "B-1", "", "")
        bank_lines.keep_waiting(unit, line, "twice")
    code, said, _ = pouce(sqlite_url, "verify")
    assert code == 0  # no rule is broken
    assert said.splitlines()[-2:] == [
        "external:unexplained: 5.00 EUR left and nobody has explained it",
        "1 line of the bank: unexplained, see /bank in the chat",
    ]


def last_verified(url: str) -> list[int] | None:
    """The broken rules, as `/admin` and the metrics show them."""
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        kept = unit.stats.find_cached(VERIFICATION_STATS)
    return kept[0]["broken"] if kept else None


def test_a_copy_that_can_only_be_read_is_verified_nevertheless(pouce: Pouce, postgresql_url: str) -> None:
    code, said, errors = pouce(f"{postgresql_url}&options=-c%20default_transaction_read_only%3Don", "verify")
    assert (code, errors) == (0, "")
    assert said.splitlines()[-1].endswith("invariants hold.")
    assert last_verified(postgresql_url) is None


def test_the_columns_of_verify_line_up_in_any_window(pouce: Pouce, database_url: str) -> None:
    """Figures come first; a name of any length ends its line."""
    rows = pouce(database_url, "verify")[1].splitlines()[:-1]
    names = sorted((invariant.name for invariant in list_invariants()), key=len)
    begins = {row.index(name) for row in rows for name in names if row.endswith(f" {name}")}
    assert (len(rows), begins) == (len(names), {30})


def test_verify_names_the_rule_and_the_row(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    with attack(database_url, now, asleep=True) as unit:
        unit.connection.changed("UPDATE accounts SET balance = balance + 1 WHERE name = 'platform:fees'")
    code, said, _ = pouce(database_url, "verify")
    assert code == 1
    assert "rule 2, account platform:fees: balance" in said
    assert 2 in (last_verified(database_url) or [])
    code, said, _ = pouce(database_url, "verify", "--json")
    broken = [finding for finding in json.loads(said) if finding["count"]]
    assert (code, broken[0]["rule"], broken[0]["violations"][0]["row"]) == (1, 2, "account platform:fees")


def test_the_ledger_lists_accounts_in_millionths(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    code, said, _ = pouce(database_url, "ledger", "--json")
    accounts = {line["account"]: line for line in json.loads(said)}
    assert code == 0
    assert accounts["external:bank"] == {
        "account": "external:bank",
        "currency": "EUR",
        "balance": -FUNDS,
        "version": 1,
    }
    assert sum(line["balance"] for line in accounts.values()) == 0


def test_the_ledger_of_an_account_begins_with_its_oldest_entry(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    code, said, _ = pouce(database_url, "ledger", "requester:1000:available", "--json")
    found = json.loads(said)
    assert (code, found["account"], found["currency"]) == (0, "requester:1000:available", "EUR")
    assert [entry["version"] for entry in found["entries"]] == [1, 2]
    assert found["entries"][0] == {
        "key": "deposit:1",
        "kind": "deposit",
        "amount": FUNDS,
        "balance": FUNDS,
        "version": 1,
        "made_at": "2027-01-15T08:00:00.000+00:00",
    }
    assert found["entries"][-1]["balance"] == found["balance"]


def test_the_ledger_in_words_shows_units_aligned(pouce: Pouce, sqlite_url: str, now: Moment) -> None:
    a_day(sqlite_url, now)
    said = pouce(sqlite_url, "ledger")[1].splitlines()
    assert len({line.index(" EUR") for line in said}) == 1
    assert any("external:bank" in line and "-100.00 " in line for line in said)
    assert "-100.00" in pouce(sqlite_url, "ledger", "external:bank")[1]


def test_the_whole_book_is_written_for_hledger(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    code, said, _ = pouce(database_url, "ledger", "--hledger")
    assert (code, said.count("; transfer:")) == (0, counts(database_url, now)[2])


def test_of_an_account_in_two_currencies_one_is_asked_for(pouce: Pouce, sqlite_url: str, now: Moment) -> None:
    a_day(sqlite_url, now)
    with one_transaction(sqlite_url, now) as unit:
        unit.ledger.post(Transfer("d", "deposit", BANK, FEES, Millionths(5), "USD"))
    assert pouce(sqlite_url, "ledger", FEES) == (1, "", f"{FEES} is there in EUR and USD: add --currency\n")
    code, said, _ = pouce(sqlite_url, "ledger", FEES, "--json", "--currency", "USD")
    assert (code, json.loads(said)["balance"]) == (0, 5)
    assert pouce(sqlite_url, "ledger", FEES, "--currency", "GBP")[0] == 1


def test_a_book_comes_back_with_its_seals(pouce: Pouce, database_url: str, now: Moment, tmp_path: Path) -> None:
    a_day(database_url, now)
    for moment in (now, Moment(now + DAY)):
        with one_transaction(database_url, moment) as unit:
            ledger.seal_recent(unit)
    with one_transaction(database_url, now) as unit:
        before = unit.hash_chain.head(), unit.hash_chain.list_day_heads(3)
    assert pouce(database_url, "backup", str(tmp_path / "copy"))[0] == 0
    assert pouce(database_url, "restore", str(tmp_path / "copy"))[0] == 0
    with one_transaction(database_url, now) as unit:
        assert (unit.hash_chain.head(), unit.hash_chain.list_day_heads(3)) == before
        assert len(before[1]) == 1
    assert pouce(database_url, "verify")[0] == 0


def test_an_unknown_account_gets_the_nearest_names(pouce: Pouce, sqlite_url: str, now: Moment) -> None:
    a_day(sqlite_url, now)
    code, said, errors = pouce(sqlite_url, "ledger", "worker:2000:avail", "--json")
    assert (code, said) == (1, "")
    assert "worker:2000:available" in errors
    assert errors.count("\n") == 1


def test_an_empty_book_is_an_empty_list(pouce: Pouce, database_url: str) -> None:
    assert json.loads(pouce(database_url, "ledger", "--json")[1]) == []


def test_a_database_that_is_not_there_is_one_line_and_stays_away(pouce: Pouce, tmp_path: Path) -> None:
    code, _, errors = pouce(f"sqlite:///{tmp_path}/none.db", "verify")
    assert (code, errors.count("\n")) == (1, 1)
    assert not (tmp_path / "none.db").exists()


def test_a_database_without_its_house_is_told_to_migrate(pouce: Pouce, empty_database_url: str) -> None:
    sqlite3.connect(empty_database_url.removeprefix("sqlite:///")).close() if "sqlite" in empty_database_url else None
    code, _, errors = pouce(empty_database_url, "verify")
    assert code == 1
    assert "no database" in errors or "pouce migrate" in errors


def test_a_database_of_a_development_version_is_told_so_in_one_line(
    pouce: Pouce, database_url: str, empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "12345:nothing_secret")
    a_day(database_url, now)
    assert pouce(database_url, "backup", "copy.db")[0] == 0
    for url in (database_url, "sqlite:///copy.db"):
        with one_transaction(url, now) as unit:
            unit.connection.changed("UPDATE settings SET value = '0026_api_keys' WHERE name = 'schema'")
    for url, words in (
        (database_url, ["migrate"]),
        (database_url, ["run"]),
        (database_url, ["verify"]),
        (empty_database_url, ["restore", "copy.db"]),
    ):
        code, said, errors = pouce(url, *words)
        assert (code > 0, said, errors.count("\n")) == (True, "", 1)
        assert "its schema 0026_api_keys was made by a development version before the first release" in errors


def test_a_backup_comes_back_as_it_was(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    before = counts(database_url, now), pouce(database_url, "ledger", "--json")[1]
    assert pouce(database_url, "backup", "copy.db")[0] == 0
    with one_transaction(database_url, now) as unit:
        unit.settings.store("after", "the copy")
    code, said, errors = pouce(database_url, "restore", "copy.db")
    assert (code, errors) == (0, "")
    assert "former database is now" in said
    assert (counts(database_url, now), pouce(database_url, "ledger", "--json")[1]) == before
    assert pouce(database_url, "verify")[0] == 0
    with one_transaction(database_url, now) as unit:
        assert unit.settings.get("after") is None


def test_a_restored_house_goes_on_working(pouce: Pouce, database_url: str, now: Moment) -> None:
    house = a_day(database_url, now, rounds=1)
    pouce(database_url, "backup", "copy.db")
    pouce(database_url, "restore", "copy.db")
    with one_transaction(database_url, now) as unit:
        newcomer = unit.people.upsert(77, None, "New", "en", now)
        assert newcomer.id > max(house.workers)
    with one_transaction(database_url, now) as unit:
        assert turn(unit, house.workers[0])
    assert pouce(database_url, "verify")[0] == 0


def test_a_backup_of_one_database_goes_into_the_other(
    pouce: Pouce, sqlite_url: str, postgresql_url: str, now: Moment
) -> None:
    a_day(sqlite_url, now)
    pouce(sqlite_url, "backup", "copy.db")
    assert pouce(postgresql_url, "restore", "copy.db")[0] == 0
    assert pouce(postgresql_url, "ledger", "--json")[1] == pouce(sqlite_url, "ledger", "--json")[1]
    assert pouce(postgresql_url, "verify")[0] == 0


def test_a_backup_goes_into_an_empty_place(pouce: Pouce, sqlite_url: str, empty_database_url: str, now: Moment) -> None:
    a_day(sqlite_url, now)
    pouce(sqlite_url, "backup", "copy.db")
    code, said, errors = pouce(empty_database_url, "restore", "copy.db")
    assert (code, "former" in said, errors) == (0, False, "")
    assert pouce(empty_database_url, "verify")[0] == 0


def test_a_backup_under_load_is_one_moment(pouce: Pouce, database_url: str, now: Moment, tmp_path: Path) -> None:
    house, done = a_day(database_url, now, rounds=1), threading.Event()

    def pay(n: int = 0) -> None:
        while not done.is_set():
            n += 1
            with one_transaction(database_url, now) as unit:
                turn(unit, house.workers[n % 4], skips=True)
                unit.settings.store("beat", str(n))

    writer = threading.Thread(target=pay)
    writer.start()
    try:
        for n in range(3):
            assert pouce(database_url, "backup", f"copy{n}.db")[0] == 0
            assert pouce(f"sqlite:///{tmp_path}/copy{n}.db", "verify")[0] == 0
    finally:
        done.set()
        writer.join()
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_that_breaks_a_rule_is_refused_and_nothing_changes(
    pouce: Pouce, database_url: str, now: Moment
) -> None:
    a_day(database_url, now)
    pouce(database_url, "backup", "copy.db")
    with attack("sqlite:///copy.db", now, asleep=True) as unit:
        unit.connection.changed("UPDATE accounts SET balance = balance + 1 WHERE name = 'platform:fees'")
    with one_transaction(database_url, now) as unit:
        unit.settings.store("still", "here")
    code, _, errors = pouce(database_url, "restore", "copy.db")
    assert (code, errors.count("\n")) == (1, 1)
    assert "rule 2" in errors
    with one_transaction(database_url, now) as unit:
        assert unit.settings.get("still") == "here"


def test_what_is_no_backup_is_refused(pouce: Pouce, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    code, _, errors = pouce(database_url, "restore", "letter.txt")
    assert (code, errors) == (1, "letter.txt is not a backup\n")
    assert pouce(database_url, "restore", "nowhere.db")[0] == 1


def test_a_damaged_backup_is_refused(pouce: Pouce, sqlite_url: str, now: Moment, tmp_path: Path) -> None:
    a_day(sqlite_url, now)
    pouce(sqlite_url, "backup", "copy.db")
    pages = bytearray((tmp_path / "copy.db").read_bytes())
    pages[5_000:20_000] = b"\x07" * 15_000
    (tmp_path / "copy.db").write_bytes(pages)
    code, _, errors = pouce(sqlite_url, "restore", "copy.db")
    assert (code, errors.count("\n")) == (1, 1)


def test_nothing_is_restored_under_a_running_bot(pouce: Pouce, database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    pouce(database_url, "backup", "copy.db")
    with one_transaction(database_url, wall_clock()) as unit:
        unit.leases.begin("house", "a bot", 60_000)
    code, _, errors = pouce(database_url, "restore", "copy.db")
    assert (code, errors) == (1, "The bot is running: stop it first\n")


def test_a_folder_or_copy_that_is_not_there_is_named(pouce: Pouce, sqlite_url: str, tmp_path: Path) -> None:
    there = str(tmp_path / "none" / "copy.db")
    assert pouce(sqlite_url, "backup", there) == (
        1,
        "",
        f"No backup was written to {there}: No such file or directory\n",
    )
    assert pouce(sqlite_url, "restore", there) == (1, "", f"{there}: No such file or directory\n")


@pytest.mark.parametrize(("there", "why"), [(".", "Is a directory"), ("pipe", "Not a file"), ("/", "Is a directory")])
def test_nothing_but_a_file_is_replaced_by_a_copy(
    there: str, why: str, pouce: Pouce, sqlite_url: str, tmp_path: Path
) -> None:
    """As root the copy would take the place of /dev/stdout, or of /dev/null."""
    os.mkfifo(tmp_path / "pipe")
    before = set(tmp_path.iterdir())
    assert pouce(sqlite_url, "backup", there) == (1, "", f"No backup was written to {there}: {why}\n")
    assert set(tmp_path.iterdir()) == before
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("words", [["run"], ["migrate"], ["verify"], ["backup", "copy.db"], ["ledger"]])
def test_a_file_that_is_no_database_is_named_in_one_line(
    words: list[str], pouce: Pouce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "12345:nothing_secret")
    (tmp_path / "letter.txt").write_text("Dear all, this is no database, and nobody said it was. " * 100)
    code, said, errors = pouce("sqlite:///letter.txt", *words)
    assert (code > 0, said, errors.count("\n")) == (True, "", 1)
    assert "file is not a database" in errors


def test_a_damaged_database_is_told_in_one_line(pouce: Pouce, sqlite_url: str, now: Moment, tmp_path: Path) -> None:
    a_day(sqlite_url, now)
    pouce(sqlite_url, "backup", "copy.db")
    pages = bytearray((tmp_path / "copy.db").read_bytes())
    pages[-800_000:] = b"\x07" * 800_000
    (tmp_path / "copy.db").write_bytes(pages)
    code, _, errors = pouce("sqlite:///copy.db", "verify")
    assert code == 1
    assert re.fullmatch("DATABASE_URL: DatabaseError: .*malformed.*\n", errors)  # which page it reads first varies


def test_a_restored_database_may_be_read_and_written_at_once(
    pouce: Pouce, sqlite_url: str, now: Moment, tmp_path: Path
) -> None:
    """As before the copy was made: commands that write beside a reading of their own would wait for it."""
    a_day(sqlite_url, now)
    pouce(sqlite_url, "backup", "copy.db")
    assert pouce(sqlite_url, "restore", "copy.db")[0] == 0
    with one_transaction(sqlite_url, now, read_only=True) as reading:
        reading.settings.get("anything")
        with one_transaction(sqlite_url, now) as unit:
            unit.settings.store("beside", "a reading")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ledger", "--json", "--hledger"], "--hledger: without ACCOUNT, --currency and --json"),
        (["ledger", "platform:fees", "--hledger"], "--hledger: without ACCOUNT, --currency and --json"),
        (["ledger", "--currency", "EUR"], "--currency: expected an ACCOUNT"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    words: list[str], expected: str, pouce: Pouce, sqlite_url: str, tmp_path: Path
) -> None:
    assert pouce(sqlite_url, *words) == (1, "", f"{expected}\n")
    assert list(tmp_path.glob("*.csv")) == []


def test_a_file_that_somebody_has_open_is_not_replaced(pouce: Pouce, sqlite_url: str, now: Moment) -> None:
    a_day(sqlite_url, now)
    pouce(sqlite_url, "backup", "copy.db")
    with one_transaction(sqlite_url, now, read_only=True) as unit:
        unit.settings.get("anything")
        code, _, errors = pouce(sqlite_url, "restore", "copy.db")
    assert (code, "in use" in errors) == (1, True)
