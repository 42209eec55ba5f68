"""The command line."""

import argparse
import asyncio
import errno
import logging
import os
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from bot.settings import BadSetting, NotReady, misspelt_variables, read_settings
from domain.extensions import load_parts
from storage.drivers.connection import Unavailable, UnknownSchema
from storage.drivers.dialects import dialect_of

DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
BROKEN_PIPE_CODE = 141  # what a shell makes of SIGPIPE, which ends other tools
NOT_READY_CODE = 2  # exit code, as of a wrong argument: what a variable names is not ready
MISCONFIGURED_CODE = 78  # exit code, EX_CONFIG of sysexits.h: a variable is missing or malformed


class _PrintVersion(argparse.Action):
    """The option that prints the version and ends the process; argparse's own would look it up at every start."""

    def __call__(self, *_: Any) -> None:
        print(f"pouce {read_version()}")
        raise SystemExit(0)


def read_version() -> str:
    """Return the version of the installed package, else that of the checkout's pyproject.toml."""
    try:
        return metadata.version("pouce")
    except metadata.PackageNotFoundError:
        pyproject = Path(__file__).parent.parent / "pyproject.toml"
        return str(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"])


def build_parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="pouce", description="Micro-work in Telegram.")
    top.add_argument("--version", action=_PrintVersion, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    bot = commands.add_parser("run", help="the bot")
    bot.add_argument("--migrate", action="store_true", help="bring the database to this version first")
    commands.add_parser("migrate", help="bring the database to this version")
    demo = commands.add_parser("demo", help="the whole product on this machine, no token needed")
    demo.add_argument("--headless", action="store_true", help="run the story to its end and print a summary")
    demo.add_argument("--no-browser", action="store_true", help="do not open the visitor's browser")
    verify = commands.add_parser("verify", help="check every invariant")
    verify.add_argument("--json", action="store_true", help="one object an invariant")
    ledger = commands.add_parser("ledger", help="accounts with balances, or one account's entries")
    ledger.add_argument("account", nargs="?")
    ledger.add_argument("--currency", help="of an account that there is in several")
    ledger.add_argument("--json", action="store_true", help="amounts are integers in millionths")
    ledger.add_argument("--hledger", action="store_true", help="every transfer, as a journal for hledger check -s")
    commands.add_parser("routes", help="everything people can ask for, as a table")
    oversight = commands.add_parser("oversight", help="automated decisions by quarter, and what humans made of them")
    oversight.add_argument("--json", action="store_true", help="amounts are integers in millionths")
    _add_file_commands(commands)
    for part in load_parts("commands"):
        part.add_commands(commands)
    return top


def _add_file_commands(commands: Any) -> None:
    """Add the commands that write or read a file, or show a key."""
    stamps = commands.add_parser("timestamps", help="every time-stamped head of the book, as files that openssl checks")
    stamps.add_argument("directory")
    key = commands.add_parser("record-key", help="the public keys that sign records of work")
    key.add_argument("--renew", action="store_true", help="a new key signs from now on")
    commands.add_parser("backup", help="a consistent copy under load").add_argument("file")
    restore = commands.add_parser("restore", help="put back a copy that passes verify")
    restore.add_argument("file")
    restore.add_argument("--mend", action="store_true", help="empty letters that have ended, if that is all")


def _run_bot(options: argparse.Namespace) -> int:
    """Run the bot until it is stopped. Raise BadSetting if a variable is malformed or Telegram refuses the token; warn
    of variables that look misspelt."""
    settings = read_settings(needs_token=True)  # first: a bad one is told before the program is loaded
    from bot import logs
    from bot.intake.polling import TokenRefused
    from bot.running import run, settle_memory

    logs.set_up_logging(
        settings.log_level,
        *settings.tokens,
        settings.webhook_secret,
        settings.metrics_token,
        settings.database_password,
    )
    if options.migrate:
        _bring_up_to_date(settings.database_url)
    for name, similar_name in misspelt_variables().items():
        logging.getLogger("bot").warning(
            "A variable is not read; is another meant?", extra={"set": name, "meant": similar_name}
        )
    settle_memory()
    try:
        asyncio.run(run(settings))
    except TokenRefused as refused:
        raise BadSetting(str(refused)) from None
    return 0


def _run_migrate(options: argparse.Namespace) -> int:
    _bring_up_to_date(read_settings().database_url)
    return 0


def _bring_up_to_date(database_url: str) -> None:
    """Migrate the database and print each step. Raise Unavailable if it cannot be reached, UnknownSchema if it is of
    another version."""
    from bot.running import migrate_database

    steps = migrate_database(dialect_of(database_url))
    print("\n".join(steps) if steps else "The database is of this version.", flush=True)


def _run_routes(options: argparse.Namespace) -> int:
    return int(import_module("bot.cli.routes").routes())


def _run_demo(options: argparse.Namespace) -> int:
    return int(import_module("bot.demo.demo").main(options.headless, not options.no_browser))


def _command_with_settings(
    name: str, *arguments: str, module: str = "bot.cli.ledger"
) -> Callable[[argparse.Namespace], int]:
    """Return a command that imports the function `name` of a module when it is run, and calls it with the settings and
    these options."""

    def call(options: argparse.Namespace) -> int:
        work = getattr(import_module(module), name)
        return int(work(read_settings(), *(getattr(options, argument) for argument in arguments)))

    return call


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run_bot,
    "migrate": _run_migrate,
    "demo": _run_demo,
    "routes": _run_routes,
    "verify": _command_with_settings("verify", "json"),
    "ledger": _command_with_settings("ledger", "account", "currency", "json", "hledger"),
    "timestamps": _command_with_settings("timestamps", "directory", module="bot.cli.reports"),
    "record-key": _command_with_settings("record_key", "renew", module="bot.cli.reports"),
    "oversight": _command_with_settings("oversight", "json", module="bot.cli.reports"),
    "backup": _command_with_settings("backup", "file"),
    "restore": _command_with_settings("restore", "file", "mend"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit code; a closed or full standard output is no crash."""
    try:
        try:
            return _run_command(build_parser().parse_args(arguments))
        finally:
            print(end="", flush=True)
    except BrokenPipeError:  # who read the output has gone, as `head` does: the rest is for nobody
        code = BROKEN_PIPE_CODE
    except OSError as error:
        if error.errno not in DISK_FULL_ERRORS or error.filename is not None:
            raise
        print(f"Standard output: {error.strerror}", file=sys.stderr)
        code = 1
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _run_command(options: argparse.Namespace) -> int:
    """Run the command and return its exit code; print expected failures of the settings and the database on standard
    error."""
    try:
        run: Callable[[argparse.Namespace], int] = getattr(options, "run", None) or COMMANDS[options.command]
        return run(options)
    except NotReady as not_ready:
        print(not_ready, file=sys.stderr)
    except BadSetting as bad:
        print(bad, file=sys.stderr)
        return MISCONFIGURED_CODE
    except UnknownSchema as unknown:
        print(f"DATABASE_URL: expected a database of this version; {unknown}", file=sys.stderr)
    except Unavailable as unavailable:
        print(f"DATABASE_URL: expected a database that can be reached and written to: {unavailable}", file=sys.stderr)
    return NOT_READY_CODE


if __name__ == "__main__":
    sys.exit(main())
