"""Commands of the command line, each imported when it is run."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bot.settings import read_settings


def add_commands(commands: Any) -> None:
    """Add `dac7`, `contributions` and `invoices` to the command line."""
    taxes = commands.add_parser("dac7", help="a year's figures of every worker as CSV, or a return as XML")
    taxes.add_argument("year", metavar="YEAR")
    taxes.add_argument("file", nargs="?", help="standard output where a return has none")
    taxes.add_argument("--xml", action="store_true", help="a return for the authority")
    taxes.add_argument("--schema", choices=("dpi", "fr"), default="dpi", help="the OECD's, or the French authority's")
    taxes.add_argument("--xsd", metavar="FILE", help="the schema to validate against")
    taxes.add_argument("--filed", action="store_true", help="record it: later returns correct it; sellers get a copy")
    taxes.add_argument("--test", action="store_true", help="test data for the authority's test system")
    taxes.set_defaults(
        run=_call_with_settings("taxes", "dac7", "year", "file", "xml", "schema", "xsd", "filed", "test")
    )
    _add_contribution_commands(commands)
    report = commands.add_parser("invoices", help="those issued in a month; with FILE every requester's costs, as CSV")
    report.add_argument("month", metavar="YYYY-MM")
    report.add_argument("file", nargs="?")
    report.add_argument("--pdf", metavar="DIR", help="write each invoice into this folder")
    report.set_defaults(run=_call_with_settings("invoices", "invoices", "month", "file", "pdf"))


def _call_with_settings(module: str, name: str, *arguments: str) -> Callable[[argparse.Namespace], int]:
    """Return a command that imports this module of `cli/` when it is run, and calls its function `name` with the
    settings and these options."""

    def call(options: argparse.Namespace) -> int:
        work = getattr(import_module(f"extensions.eu_taxes.cli.{module}"), name)
        return int(work(read_settings(), *(getattr(options, argument) for argument in arguments)))

    return call


def _add_contribution_commands(commands: Any) -> None:
    withheld = commands.add_parser("contributions", help="social contributions of French micro-entrepreneurs")
    parts = withheld.add_subparsers(dest="part", required=True, metavar="PART")
    rates = parts.add_parser("rates", help="read in Urssaf's monthly file (siret;month;rate)")
    rates.add_argument("file")
    declare = parts.add_parser("declare", help="write a declaration of all that was paid since the last")
    declare.add_argument("file")
    declare.add_argument("--number", type=_parse_number, help="an earlier one again")
    paid = parts.add_parser("paid", help="book that a declaration was paid")
    paid.add_argument("number", type=_parse_number)
    paid.add_argument("reference")
    for part, names in ((rates, ("file",)), (declare, ("file", "number")), (paid, ("number", "reference"))):
        part.set_defaults(run=_call_with_settings("taxes", part.prog.split()[-1], *names))


def _parse_number(text: str) -> int:
    """Return a row's number. Raise ArgumentTypeError if it is not a whole number from 1 to 2^63 - 1, where a database's
    end."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**63):
        raise argparse.ArgumentTypeError("expected a number from 1 on")
    return int(text)
