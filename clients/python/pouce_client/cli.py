"""`pouce-client`: every call of the client from the command line. POUCE_API_URL and POUCE_API_KEY say where, and who
asks. Answers are the API's JSON, amounts in it millionths of the currency; amounts that you give are 0.05."""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pouce_client.calls import Calls
from pouce_client.client import Client
from pouce_client.core import Call, Stream
from pouce_client.errors import Problem

TABLES = ("tasks", "submissions", "results")
NO_COMMANDS = {"results_frame", "submissions_frame", "file", "projects", *TABLES}  # these are commands of their own
NO_OPTIONS = {"self", "most", "show", "token"}  # a token would stay in the shell's history
REQUIRED_KEYS = ("title", "instructions", "pay")  # of a new project


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 where the service refuses, 2 for words it cannot read."""
    options = make_parser().parse_args(arguments)
    try:
        if options.command == "mcp":
            return _serve_agents(options)
        with Client() as pouce:
            options.run(pouce, options)
    except (Problem, ValueError, OSError) as error:
        print(f"pouce-client: {error}", file=sys.stderr)
        return 1
    return 0


def make_parser() -> argparse.ArgumentParser:
    """Return the parser: a command for each call, whose arguments are the call's parameters."""
    parser = argparse.ArgumentParser(prog="pouce-client", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("projects", help="your projects and their progress, a line each").set_defaults(
        run=_list_projects
    )
    for name in TABLES:
        table = commands.add_parser(name, help=f"the table of {name}")
        table.add_argument("number", type=int)
        table.add_argument("--format", default="csv raw")
        _add_output(table)
        table.set_defaults(run=_write_table)
    for name, method in list_calls():
        aliases = ["show"] if name == "progress" else []
        means = (inspect.getdoc(method) or "").partition("\n\n")[0].replace("\n", " ").replace("%", "%%")
        _add_arguments(commands.add_parser(name.replace("_", "-"), help=means, aliases=aliases), name, method)
    agents = commands.add_parser("mcp", help="a server for agents, on the standard input and output")
    agents.add_argument("--files", metavar="FOLDER", help="files of tasks that an agent may send")
    agents.add_argument("--http", metavar="HOST:PORT", help="over HTTP instead, for programs on this machine")
    return parser


def list_calls() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the calls that are commands, by name."""
    for name, member in vars(Calls).items():
        if isinstance(member, Call | Stream) and name not in NO_COMMANDS:
            yield name, member.method


def _add_arguments(parser: argparse.ArgumentParser, name: str, method: Callable[..., Any]) -> None:
    """Add the parameters of a call: those without a default by place, the others as options."""
    for parameter in inspect.signature(method).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            parser.add_argument(
                "--set", action="append", type=_pair, default=[], metavar="KEY=VALUE", help="a key of /newproject"
            )
        elif parameter.name not in NO_OPTIONS:
            is_option = parameter.default is not parameter.empty
            words = f"--{parameter.name.replace('_', '-')}" if is_option else parameter.name
            parser.add_argument(words, **_describe(parameter))
    for key in REQUIRED_KEYS if name == "create" else ():
        parser.add_argument(f"--{key}", required=True)
    if inspect.signature(method).return_annotation == "Flow[bytes]":
        _add_output(parser)
    parser.set_defaults(run=_run_call, call=name)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", help="a file; else the standard output")


def _describe(parameter: inspect.Parameter) -> dict[str, Any]:
    """Return how argparse reads a parameter of this type."""
    kind = parameter.annotation.removesuffix(" | None")
    if kind == "bool" and parameter.default is False:
        return {"action": "store_true"}
    default = {} if parameter.default is parameter.empty else {"default": parameter.default}
    if kind == "list[str]":
        return {"nargs": "+", **default}
    types: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "bool": _yes, "Mapping[str, Any]": _mapping}
    return {"type": types.get(kind, str), **default}


def _pair(words: str) -> tuple[str, str]:
    key, equals, value = words.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, such as overlap=5: {words}")
    return key, value


def _yes(word: str) -> bool:
    if word not in ("yes", "no"):
        raise argparse.ArgumentTypeError(f"expected yes or no: {word}")
    return word == "yes"


def _mapping(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(f'expected JSON such as {{"text": "…"}}: {text}') from None


def _serve_agents(options: argparse.Namespace) -> int:
    try:
        from pouce_client import agents
    except ImportError:
        raise ValueError("the MCP server is an extra: pip install 'pouce-client[mcp]'") from None
    agents.serve(options.files, options.http)
    return 0


def _run_call(pouce: Client, options: argparse.Namespace) -> None:
    """Run the call that the options name, and print its answer."""
    values = vars(options)
    parameters = inspect.signature(getattr(pouce, options.call)).parameters
    arguments = {name: values[name] for name in parameters if name in values}
    form = {key: values[key] for key in REQUIRED_KEYS if options.call == "create"} | dict(values.get("set", ()))
    answer = getattr(pouce, options.call)(**arguments, **form)
    if isinstance(answer, bytes):
        _write(answer, options.output)
    else:
        print(json.dumps(list(answer) if isinstance(answer, Iterator) else answer, indent=2, ensure_ascii=False))


def _list_projects(pouce: Client, options: argparse.Namespace) -> None:
    for line in pouce.projects():
        print(f"{line.number}\t{line.state}\t{line.closed}/{line.tasks}\t{line.title}")


def _write_table(pouce: Client, options: argparse.Namespace) -> None:
    _write(pouce.file(options.number, options.command, options.format), options.output)


def _write(content: bytes, path: str | None) -> None:
    """Write a file, to the standard output where there is no path."""
    if path:
        Path(path).write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
