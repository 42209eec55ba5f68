"""The ledger from the command line: `verify`, `ledger`, `backup`, `restore`. Each returns the exit code."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import (
    Any,
    Concatenate,
    NamedTuple,
    ParamSpec,
)

import orjson

from bot import clock
from bot.settings import Settings
from domain.moments import Moment, as_datetime
from domain.money.amounts import as_decimal
from domain.money.bank_statements import UNEXPLAINED, Unexplained
from domain.money.ledger import Account, Entry
from jobs import bank_files
from services.money.bank_lines import unexplained
from services.money.ledger import keep_result
from storage import backups
from storage.database import one_transaction
from storage.drivers.connection import Unavailable, UnknownSchema, unavailable
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import is_current
from storage.drivers.sqlite import SQLite
from storage.invariants import examine
from storage.invariants.invariant import RuleFinding
from storage.unit import UnitOfWork


def counted(count: int, one: str, many: str = "") -> str:
    """`1 worker`, `2 workers`; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


class OpenLines(NamedTuple):
    sums: tuple[Unexplained, ...]
    waiting: int


def read(unit: UnitOfWork) -> OpenLines:
    return OpenLines(unexplained(unit), unit.payouts.lines.count_waiting())


def show(lines: OpenLines) -> None:
    """Prints the sums and how many lines wait: no rule is broken by them, and a person has to look."""
    for each in lines.sums:
        amount = f"{as_decimal(abs(each.balance)):.2f} {each.currency}"
        print(f"{UNEXPLAINED}: {amount} {'left' if each.balance < 0 else 'came in'} and nobody has explained it")
    if lines.waiting:
        print(f"{counted(lines.waiting, 'line')} of the bank: unexplained, see /bank in the chat")


P = ParamSpec("P")
NEAR = 3  # names offered for one that is unknown


class NotDone(Exception):
    """Its text is the line to show; the command ends with exit code 1."""


def told(command: Callable[Concatenate[Settings, P], int]) -> Callable[Concatenate[Settings, P], int]:
    """Prints an expected failure as one line on standard error."""

    @wraps(command)
    def call(settings: Settings, /, *args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(settings, *args, **kwargs)
        except (NotDone, backups.Refused, Unavailable) as error:
            print(error, file=sys.stderr)
        except BrokenPipeError:
            raise
        except OSError as error:
            print(end="", flush=True)  # raises again where it was the output that has no room: main tells
            print(f"{error.filename or command.__name__}: {error.strerror or error}", file=sys.stderr)
        except Exception as error:
            if not dialect_of(settings.database_url).is_unavailable(error):
                raise
            print(f"DATABASE_URL: {unavailable(error)}", file=sys.stderr)
        return 1

    return call


@told
def verify(settings: Settings, json: bool = False) -> int:
    """One line an invariant; 1 when any is broken, with the rows that break it. The result is kept for `/admin`, where
    the database can be written to."""
    with reading(settings) as unit:
        findings = _shown(examine(unit), json)
        open_lines = read(unit)
    broken = [finding for finding in findings if finding.count]
    if not json:
        print(f"{len(findings) - len(broken)} of {len(findings)} invariants hold.")
        show(open_lines)
    _keep_result(settings, sorted({finding.invariant.rule for finding in broken}), unit.now)
    return 1 if broken else 0


def _keep_result(settings: Settings, broken: list[int], began: Moment) -> None:
    """Does nothing where the database is a copy that can only be read, or is busy for long."""
    dialect = dialect_of(settings.database_url)
    try:
        with one_transaction(settings.database_url, clock.wall_clock()) as unit:
            keep_result(unit, broken, began)
    except Exception as error:
        if not (dialect.is_unavailable(error) or dialect.lacks_rights(error)):
            raise


def _shown(found: Iterator[RuleFinding], json: bool) -> list[RuleFinding]:
    findings = []
    for finding in found:
        findings.append(finding)
        if not json:
            _show(finding)
    if json:
        print(orjson.dumps([_plain(finding) for finding in findings], option=orjson.OPT_INDENT_2).decode())
    return findings


def _show(finding: RuleFinding) -> None:
    """Figures first, in columns; the names, of any length, last: a narrow window breaks them alone."""
    state = f"{finding.count:,} broken" if finding.count else "ok"
    print(f"{finding.invariant.rule:>2}  {state:<14}{finding.milliseconds:>7} ms  {finding.invariant.name}", flush=True)
    for violation in finding.violations:
        print(f"    rule {violation.rule}, {violation.row}: {violation.detail}")
    if finding.count > len(finding.violations):
        print(f"    … and {finding.count - len(finding.violations)} more")


def _plain(finding: RuleFinding) -> dict[str, Any]:
    return {
        "rule": finding.invariant.rule,
        "name": finding.invariant.name,
        "count": finding.count,
        "milliseconds": finding.milliseconds,
        "violations": [{"row": violation.row, "detail": violation.detail} for violation in finding.violations],
    }


@told
def ledger(
    settings: Settings,
    account: str | None = None,
    currency: str | None = None,
    json: bool = False,
    hledger: bool = False,
) -> int:
    """Every account with its balance, the entries of one, oldest first, or all there is as a journal."""
    if hledger and (account or currency or json):
        raise NotDone("--hledger: without ACCOUNT, --currency and --json")
    if currency and not account:
        raise NotDone("--currency: expected an ACCOUNT")
    with reading(settings) as unit:
        if hledger:
            sys.stdout.writelines(bank_files.pieces(unit))
        elif account is None:
            (_list_as_json if json else _list_as_text)(unit.ledger.every_account())
        else:
            found = _one_account(unit, account, currency)
            (_history_as_json if json else _history_as_text)(found, unit.ledger.history(account, found.currency))
        return 0


def _one_account(unit: UnitOfWork, name: str, currency: str | None) -> Account:
    there = unit.ledger.currencies(name)
    if not currency and len(there) > 1:
        raise NotDone(f"{name} is there in {' and '.join(there)}: add --currency")
    found = unit.ledger.find(name, currency)
    if found is None:
        raise NotDone(f"{name} is there in {', '.join(there)}" if there else _unknown(name, unit))
    return found


def _unknown(account: str, unit: UnitOfWork) -> str:
    near = get_close_matches(account, unit.ledger.names(), NEAR, cutoff=0.3)
    return f"No account is named {account}" + (f"; the nearest: {', '.join(near)}" if near else "")


def _list_as_json(accounts: Iterable[Account]) -> None:
    _array(
        {"account": account.name, "currency": account.currency, "balance": account.balance, "version": account.version}
        for account in accounts
    )
    print()


def _list_as_text(accounts: Iterable[Account]) -> None:
    for account in accounts:
        moves = counted(account.version, "entry", "entries")
        print(f"{account.name:<40}{units(account.balance)} {account.currency}{moves:>18}")


def _history_as_json(account: Account, entries: Iterable[Entry]) -> None:
    head = {"account": account.name, "currency": account.currency, "balance": account.balance}
    print(orjson.dumps(head).decode()[:-1] + ',"entries":', end="")
    _array(
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


def _history_as_text(account: Account, entries: Iterable[Entry]) -> None:
    print(f"{account.name}  {units(account.balance).strip()} {account.currency}")
    for entry in entries:
        when = as_datetime(entry.made_at).strftime("%Y-%m-%d %H:%M:%S")
        print(
            f"{when}  {entry.kind:<10}{units(entry.amount)}{units(entry.balance)}  {entry.key}  {entry.memo}".rstrip()
        )


def _array(values: Iterable[dict[str, Any]]) -> None:
    """A JSON array, one object a line, as it is read: memory does not grow with it."""
    start = "["
    for value in values:
        sys.stdout.write(start + "\n" + orjson.dumps(value).decode())
        start = ","
    sys.stdout.write("\n]" if start == "," else "[]")


def units(amount: int) -> str:
    """Aligned on the decimal point: two digits at least, six at most, none lost."""
    text = f"{as_decimal(amount):,.6f}"
    kept = text[:-4] + text[-4:].rstrip("0")
    return kept.ljust(len(text)).rjust(22)


@told
def backup(settings: Settings, file: str) -> int:
    """A consistent copy while the bot goes on; the file appears when it is complete and durable."""
    of_this_version(settings)
    backups.back_up(settings.database_url, Path(file))
    print(f"{file}: {counted(Path(file).stat().st_size, 'byte')}")
    return 0


@told
def restore(settings: Settings, file: str, mend: bool = False) -> int:
    """Checks the copy with `verify`, then puts it in place; the former database is set aside."""
    done = backups.restore(settings.database_url, Path(file), clock.wall_clock(), mend)
    mended = f" Letters emptied: {done.mended}." if done.mended else ""
    aside = f" The former database is now {done.aside}." if done.aside else ""
    print(f"Restored from {file}.{mended}{aside}")
    return 0


@contextmanager
def reading(settings: Settings) -> Iterator[UnitOfWork]:
    """A consistent reading of the database while others use it."""
    of_this_version(settings)
    with one_transaction(settings.database_url, clock.wall_clock(), read_only=True) as unit:
        yield unit


def of_this_version(settings: Settings) -> None:
    dialect = dialect_of(settings.database_url)
    if isinstance(dialect, SQLite) and not Path(dialect.path).exists():
        raise NotDone(f"There is no database at {dialect.path}")
    try:
        if not is_current(dialect):
            raise NotDone("The database is not of this version: pouce migrate")
    except UnknownSchema as unknown:
        raise NotDone(f"The database is not of this version: {unknown}") from None
