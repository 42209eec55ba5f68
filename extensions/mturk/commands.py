"""`pouce mturk`: programs for Mechanical Turk, run against this house; and types and layouts brought from Amazon."""

import argparse
from importlib import import_module
from typing import Any


def add_commands(commands: Any) -> None:
    """Add `mturk` to the command line."""
    mturk = commands.add_parser("mturk", help="run a program for Mechanical Turk: mturk -- COMMAND; mturk import DIR")
    mturk.add_argument("program", nargs=argparse.REMAINDER, metavar="COMMAND")
    mturk.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    programs = import_module("extensions.mturk.cli.programs")
    if options.program[:1] == ["import"]:
        return int(programs.run_import(options.program[1:]))
    return int(programs.run_program(options.program[options.program[:1] == ["--"] :]))
