"""The book as hledger reads it: everything declared, everything balanced, every balance asserted."""

import re
import shutil
import subprocess
from collections import defaultdict

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Account, Movement, Transfer
from formats.bank.iban import decimal_amount, iter_journal
from jobs.bank_files import iterate_journal
from storage.database import one_transaction
from tests.invariants.flows import a_day

POSTING = re.compile(r"^    (\S+)  (-?\d+)\.(\d{6}) ([A-Z]{3})$", re.MULTILINE)
HLEDGER = shutil.which("hledger")


def checked(text: str) -> subprocess.CompletedProcess[str]:
    assert HLEDGER
    return subprocess.run([HLEDGER, "-f", "-", "check", "-s"], input=text, capture_output=True, text=True, check=False)


def whole_book(url: str, now: Moment) -> tuple[str, list[Account]]:
    a_day(url, now)
    with one_transaction(url, now) as unit:
        awkward = "a; b (c) | d\n    stolen:account  5 EUR"
        unit.ledger.post(Transfer("d;)(", "deposit", BANK, "requester:9:available", Millionths(1), "USD", memo=awkward))
        return "".join(iterate_journal(unit)), unit.ledger.list_accounts()


def test_postings_add_up_to_the_balances(database_url: str, now: Moment) -> None:
    text, accounts = whole_book(database_url, now)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for name, whole, rest, currency in POSTING.findall(text):
        sums[name, currency] += int(whole + rest)
    assert {place: total for place, total in sums.items() if total} == {
        (account.name, account.currency): account.balance for account in accounts if account.balance
    }
    assert all(f"\naccount {account.name}\n" in text for account in accounts)
    assert "stolen:account  5" not in text


@pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed")
def test_hledger_agrees_to_the_millionth(sqlite_url: str, now: Moment) -> None:
    text, accounts = whole_book(sqlite_url, now)
    assert checked(text).stderr == ""
    fees = next(account for account in accounts if account.name == "platform:fees")
    wrong = text.replace(f"= {decimal_amount(fees.balance)} EUR", f"= {decimal_amount(fees.balance + 1)} EUR")
    assert wrong != text
    assert "assertion" in checked(wrong).stderr.lower()


def test_no_amount_is_rounded() -> None:
    assert [decimal_amount(amount) for amount in (0, 1, -1, 1_000_001, -12_345_678_900_001)] == [
        *("0.000000", "0.000001", "-0.000001", "1.000001", "-12345678.900001")
    ]


def test_an_empty_book_is_a_journal() -> None:
    assert "account" not in "".join(iter_journal([], list[Movement](), 0, Moment(0)))
