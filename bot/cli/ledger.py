"""The ledger from the command line: `verify`, `ledger`, `backup`, `restore`. Each returns the exit code."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec

import orjson

from bot import clock
from bot.settings import Settings
from domain.moments import Moment, as_datetime
from domain.money.amounts import as_decimal
from domain.money.bank_statements import UNEXPLAINED, Unexplained
from domain.money.ledger import Account, Entry
from jobs import bank_files
from services.money.bank_lines import list_unexplained
from services.money.ledger import store_result
from storage import backups
from storage.database import one_transaction
from storage.drivers.connection import Unavailable, UnknownSchema, to_unavailable
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import is_current
from storage.drivers.sqlite import SQLite
from storage.invariants import RuleFinding, iter_findings
from storage.unit import UnitOfWork


def format_count(count: int, singular: str, plural: str = "") -> str:
    """A number with its noun: `1 worker`, `2 workers`; `plural` where it is not `singular` with an s."""
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"


class OpenBankLines(NamedTuple):
    """The bank's unexplained sums by currency, and the number of its lines that wait for an admin."""

    sums: tuple[Unexplained, ...]
    waiting: int


def read_open_lines(unit: UnitOfWork) -> OpenBankLines:
    return OpenBankLines(list_unexplained(unit), unit.payouts.lines.count_waiting())


def print_open_lines(lines: OpenBankLines) -> None:
    """Print the unexplained sums and how many lines wait: no invariant is broken by them, but an admin has to look."""
    for unexplained_sum in lines.sums:
        amount = f"{as_decimal(abs(unexplained_sum.balance)):.2f} {unexplained_sum.currency}"
        direction = "left" if unexplained_sum.balance < 0 else "came in"
        print(f"{UNEXPLAINED}: {amount} {direction} and nobody has explained it")
    if lines.waiting:
        print(f"{format_count(lines.waiting, 'line')} of the bank: unexplained, see /bank in the chat")


P = ParamSpec("P")
MAX_SUGGESTIONS = 3  # names offered for one that is unknown


class CommandFailed(Exception):
    """Raised by a command for an expected failure: its text is printed on standard error, and the exit code is 1."""


def report_failures(command: Callable[Concatenate[Settings, P], int]) -> Callable[Concatenate[Settings, P], int]:
    """Decorator: print a command's expected failure as one line on standard error and return 1. Expected are
    CommandFailed, a refused backup, a database that cannot be reached, and errors of the file system; any other
    exception, and a closed output (BrokenPipeError), is raised."""

    @wraps(command)
    def call(settings: Settings, /, *args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(settings, *args, **kwargs)
        except (CommandFailed, backups.RestorationRefused, Unavailable) as error:
            print(error, file=sys.stderr)
        except BrokenPipeError:
            raise
        except OSError as error:
            print(end="", flush=True)  # raises again where it was the output that has no room: main tells
            print(f"{error.filename or command.__name__}: {error.strerror or error}", file=sys.stderr)
        except Exception as error:
            if not dialect_of(settings.database_url).is_unavailable(error):
                raise
            print(f"DATABASE_URL: {to_unavailable(error)}", file=sys.stderr)
        return 1

    return call


@report_failures
def verify(settings: Settings, json: bool = False) -> int:
    """Print one line an invariant; return 1 if any is broken, with the rows that break it. The result is stored for
    `/admin` where the database can be written to."""
    with read_transaction(settings) as unit:
        findings = _print_findings(iter_findings(unit), json)
        open_lines = read_open_lines(unit)
    broken = [finding for finding in findings if finding.count]
    if not json:
        print(f"{len(findings) - len(broken)} of {len(findings)} invariants hold.")
        print_open_lines(open_lines)
    _keep_result(settings, sorted({finding.invariant.rule for finding in broken}), unit.now)
    return 1 if broken else 0


def _keep_result(settings: Settings, broken: list[int], began: Moment) -> None:
    """Store the result for `/admin`; do nothing where the database is read-only or busy for long."""
    dialect = dialect_of(settings.database_url)
    try:
        with one_transaction(settings.database_url, clock.wall_clock()) as unit:
            store_result(unit, broken, began)
    except Exception as error:
        if not (dialect.is_unavailable(error) or dialect.lacks_rights(error)):
            raise


def _print_findings(findings_as_checked: Iterator[RuleFinding], json: bool) -> list[RuleFinding]:
    """Print each finding as soon as its invariant is checked, or all as one JSON array; return them."""
    findings = []
    for finding in findings_as_checked:
        findings.append(finding)
        if not json:
            _print_finding(finding)
    if json:
        print(orjson.dumps([_finding_as_json(finding) for finding in findings], option=orjson.OPT_INDENT_2).decode())
    return findings


def _print_finding(finding: RuleFinding) -> None:
    """Print one invariant's line and the rows that break it. Figures come first, in columns; the names, of any length,
    last: a narrow window breaks them alone."""
    state = f"{finding.count:,} broken" if finding.count else "ok"
    print(f"{finding.invariant.rule:>2}  {state:<14}{finding.milliseconds:>7} ms  {finding.invariant.name}", flush=True)
    for violation in finding.violations:
        print(f"    rule {violation.rule}, {violation.row}: {violation.detail}")
    if finding.count > len(finding.violations):
        print(f"    … and {finding.count - len(finding.violations)} more")


def _finding_as_json(finding: RuleFinding) -> dict[str, Any]:
    return {
        "rule": finding.invariant.rule,
        "name": finding.invariant.name,
        "count": finding.count,
        "milliseconds": finding.milliseconds,
        "violations": [{"row": violation.row, "detail": violation.detail} for violation in finding.violations],
    }


@report_failures
def ledger(
    settings: Settings,
    account: str | None = None,
    currency: str | None = None,
    json: bool = False,
    hledger: bool = False,
) -> int:
    """Print every account with its balance, the entries of one account, oldest first, or all transfers as a journal for
    hledger. Raise CommandFailed if options exclude each other or there is no such account."""
    if hledger and (account or currency or json):
        raise CommandFailed("--hledger: without ACCOUNT, --currency and --json")
    if currency and not account:
        raise CommandFailed("--currency: expected an ACCOUNT")
    with read_transaction(settings) as unit:
        if hledger:
            sys.stdout.writelines(bank_files.iterate_journal(unit))
        elif account is None:
            (_print_accounts_as_json if json else _print_accounts_as_text)(unit.ledger.iterate_accounts())
        else:
            chosen_account = _get_account(unit, account, currency)
            (_print_history_as_json if json else _print_history_as_text)(
                chosen_account, unit.ledger.iterate_entries(account, chosen_account.currency)
            )
        return 0


def _get_account(unit: UnitOfWork, name: str, currency: str | None) -> Account:
    """Return the account of this name. Raise CommandFailed if there is none in this currency, or it is there in several
    and none was given."""
    currencies = unit.ledger.currencies(name)
    if not currency and len(currencies) > 1:
        raise CommandFailed(f"{name} is there in {' and '.join(currencies)}: add --currency")
    account = unit.ledger.find(name, currency)
    if account is None:
        raise CommandFailed(
            f"{name} is there in {', '.join(currencies)}" if currencies else _unknown_account_text(name, unit)
        )
    return account


def _unknown_account_text(account: str, unit: UnitOfWork) -> str:
    suggestions = get_close_matches(account, unit.ledger.list_account_names(), MAX_SUGGESTIONS, cutoff=0.3)
    return f"No account is named {account}" + (f"; the nearest: {', '.join(suggestions)}" if suggestions else "")


def _print_accounts_as_json(accounts: Iterable[Account]) -> None:
    _write_json_array(
        {"account": account.name, "currency": account.currency, "balance": account.balance, "version": account.version}
        for account in accounts
    )
    print()


def _print_accounts_as_text(accounts: Iterable[Account]) -> None:
    for account in accounts:
        moves = format_count(account.version, "entry", "entries")
        print(f"{account.name:<40}{format_amount(account.balance)} {account.currency}{moves:>18}")


def _print_history_as_json(account: Account, entries: Iterable[Entry]) -> None:
    head = {"account": account.name, "currency": account.currency, "balance": account.balance}
    print(orjson.dumps(head).decode()[:-1] + ',"entries":', end="")
    _write_json_array(
        {
            "key": entry.key,
            "kind": entry.kind,
            "amount": entry.amount,
            "balance": entry.balance,
            "version": entry.version,
            "made_at": as_datetime(entry.made_at).isoformat(timespec="milliseconds"),
        }
        for entry in entries
    )
    print("}")


def _print_history_as_text(account: Account, entries: Iterable[Entry]) -> None:
    print(f"{account.name}  {format_amount(account.balance).strip()} {account.currency}")
    for entry in entries:
        when = as_datetime(entry.made_at).strftime("%Y-%m-%d %H:%M:%S")
        amounts = format_amount(entry.amount) + format_amount(entry.balance)
        print(f"{when}  {entry.kind:<10}{amounts}  {entry.key}  {entry.memo}".rstrip())


def _write_json_array(values: Iterable[dict[str, Any]]) -> None:
    """Write a JSON array, one object a line, while the rows are read: memory does not grow with it."""
    start = "["
    for value in values:
        sys.stdout.write(start + "\n" + orjson.dumps(value).decode())
        start = ","
    sys.stdout.write("\n]" if start == "," else "[]")


def format_amount(amount: int) -> str:
    """An amount aligned on the decimal point: two decimals at least, six at most, none lost."""
    text = f"{as_decimal(amount):,.6f}"
    trimmed = text[:-4] + text[-4:].rstrip("0")
    return trimmed.ljust(len(text)).rjust(22)


@report_failures
def backup(settings: Settings, file: str) -> int:
    """Write a consistent copy while the bot goes on; the file appears when it is complete and durable. Raise
    CommandFailed if the database is missing or of another version."""
    require_current_schema(settings)
    backups.back_up(settings.database_url, Path(file))
    print(f"{file}: {format_count(Path(file).stat().st_size, 'byte')}")
    return 0


@report_failures
def restore(settings: Settings, file: str, mend: bool = False) -> int:
    """Check the copy with `verify`, then put it in place; the former database is set aside. A copy that breaks an
    invariant is refused, unless `mend` is set and emptying letters that have ended mends it."""
    restored = backups.restore(settings.database_url, Path(file), clock.wall_clock(), mend)
    mended = f" Letters emptied: {restored.mended}." if restored.mended else ""
    aside = f" The former database is now {restored.aside}." if restored.aside else ""
    print(f"Restored from {file}.{mended}{aside}")
    return 0


@contextmanager
def read_transaction(settings: Settings) -> Iterator[UnitOfWork]:
    """Context manager: a consistent, read-only unit of work while others use the database. Raise CommandFailed if it is
    missing or of another version."""
    require_current_schema(settings)
    with one_transaction(settings.database_url, clock.wall_clock(), read_only=True) as unit:
        yield unit


def require_current_schema(settings: Settings) -> None:
    """Raise CommandFailed if there is no database file, or the database's schema is not that of this version."""
    dialect = dialect_of(settings.database_url)
    if isinstance(dialect, SQLite) and not Path(dialect.path).exists():
        raise CommandFailed(f"There is no database at {dialect.path}")
    try:
        if not is_current(dialect):
            raise CommandFailed("The database is not of this version: pouce migrate")
    except UnknownSchema as unknown:
        raise CommandFailed(f"The database is not of this version: {unknown}") from None
