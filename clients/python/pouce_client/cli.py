"""`pouce-client`: projects from the command line. POUCE_API_URL and POUCE_API_KEY say where, and who asks."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pouce_client.client import Client
from pouce_client.errors import Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 where the service refuses, 2 for words it cannot read."""
    arguments_read = make_parser().parse_args(arguments)
    try:
        if arguments_read.command == "mcp":
            return _serve_agents(arguments_read)
        with Client() as pouce:
            _run_command(pouce, arguments_read)
    except (Problem, ValueError, OSError) as error:
        print(f"pouce-client: {error}", file=sys.stderr)
        return 1
    return 0


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pouce-client", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("projects", help="yours, a line each")
    commands.add_parser("balance", help="your money, in millionths")
    create = commands.add_parser("create", help="a draft of a file of tasks")
    create.add_argument("file")
    for name in ("title", "instructions", "pay"):
        create.add_argument(f"--{name}", required=True)
    create.add_argument(
        "--set", action="append", type=_pair, default=[], metavar="KEY=VALUE", help="a further key of /newproject"
    )
    for name, means in (
        ("show", "how it stands"),
        ("preflight", "what a launch costs"),
        ("launch", "start it"),
        ("hold", "pause it"),
        ("resume", "let it go on"),
        ("stop", "end it"),
        ("wait", "until it has ended"),
    ):
        commands.add_parser(name, help=means).add_argument("number", type=int)
    for name in ("tasks", "submissions", "results"):
        table = commands.add_parser(name, help="a table")
        table.add_argument("number", type=int)
        table.add_argument("--format", default="csv raw")
        table.add_argument("-o", "--output", help="a file; else the standard output")
    agents = commands.add_parser("mcp", help="a server for agents, on the standard input and output")
    agents.add_argument("--files", metavar="FOLDER", help="files of tasks that an agent may send")
    agents.add_argument("--http", metavar="HOST:PORT", help="over HTTP instead, for programs on this machine")
    return parser


def _pair(words: str) -> tuple[str, str]:
    key, equals, value = words.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, such as overlap=5: {words}")
    return key, value


def _serve_agents(options: argparse.Namespace) -> int:
    try:
        from pouce_client import agents
    except ImportError:
        raise ValueError("the MCP server is an extra: pip install 'pouce-client[mcp]'") from None
    agents.serve(options.files, options.http)
    return 0


def _run_command(pouce: Client, options: argparse.Namespace) -> None:
    """Run the command that the options name, and print its answer."""
    if options.command == "projects":
        for line in pouce.projects():
            print(f"{line['number']}\t{line['state']}\t{line['title']}")
    elif options.command in ("tasks", "submissions", "results"):
        _write_output(pouce.file(options.number, options.command, options.format), options.output)
    elif options.command == "create":
        form = {"title": options.title, "instructions": options.instructions, "pay": options.pay, **dict(options.set)}
        _print_answer(pouce.create(options.file, **form))
    elif options.command == "balance":
        _print_answer(pouce.balance())
    else:
        act = pouce.progress if options.command == "show" else getattr(pouce, options.command)
        _print_answer(act(options.number))


def _write_output(content: bytes, output: str | None) -> None:
    if output:
        Path(output).write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _print_answer(answer: Any) -> None:
    print(json.dumps(answer, indent=2, ensure_ascii=False))
