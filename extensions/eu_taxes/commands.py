"""Commands of the command line, each imported when it is run."""

from argparse import Namespace
from importlib import import_module
from typing import Any

from bot.settings import read_settings


def add_commands(commands: Any) -> None:
    """Add `invoices` to the command line."""
    report = commands.add_parser("invoices", help="those issued in a month; with FILE every requester's costs, as CSV")
    report.add_argument("month", metavar="YYYY-MM")
    report.add_argument("file", nargs="?")
    report.add_argument("--pdf", metavar="DIR", help="write each invoice into this folder")
    report.set_defaults(run=_run_invoices)


def _run_invoices(options: Namespace) -> int:
    module = import_module("extensions.eu_taxes.cli.invoices")
    return int(module.invoices(read_settings(), options.month, options.file, options.pdf))
