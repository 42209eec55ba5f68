"""Every example of the manual is understood by what it is written for: captions, commands, forms, shells, tables."""

import ast
import csv
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pouce_client import cli as client_cli

from bot.__main__ import build_parser
from formats.bank.csv_statement import read_mapping
from formats.captions.caption import read_caption, read_value
from formats.captions.qualifications import read_qualification
from handlers.routes import TABLE
from tests.architecture.source import ROOT

BLOCK = re.compile(r"^```(\w*)\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Pages whose examples other tests run: tests/services/projects/test_guide.py.
RUN_ELSEWHERE = {"docs/reference/examples.md"}
# Blocks that no program of this project reads, by their first words.
SHOWN = ("bot/ ", "cats.zip", "reviews.csv ", "time=", "pouce.example {", "server {")
PLAIN_TOOLS = {"cp", "curl", "export", "git", "install", "pip", "systemctl", "systemd-run", "useradd", "cd", "docker"}
PROGRAM_VARIABLES = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_MTURK", "POUCE_API_KEY"}
KNOWN_VARIABLES = PROGRAM_VARIABLES | set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


class Block(NamedTuple):
    page: str
    language: str
    text: str


def blocks() -> Iterator[Block]:
    for page in PAGES:
        name = str(page.relative_to(ROOT))
        if name not in RUN_ELSEWHERE:
            yield from (Block(name, *found) for found in BLOCK.findall(page.read_text(encoding="utf-8")))


def read_keys(text: str) -> None:
    for key, _, value in (line.partition(": ") for line in text.splitlines()):
        read_value(key, value, "EUR")


def require_known_variables(text: str) -> None:
    assert {line.partition("=")[0] for line in text.splitlines()} <= KNOWN_VARIABLES


def require_commands(text: str) -> None:
    assert [line for line in text.splitlines() if not is_command(line)] == []


def require_whole_rows(text: str) -> None:
    assert len({len(row) for row in csv.reader(text.splitlines())}) == 1


def require_known_arguments(text: str) -> None:
    for line in shell_lines(text):
        run_as_far_as_its_arguments(line)


# How a block looks, and what reads it: the first that fits.
READERS: tuple[tuple[str, Callable[[str], object]], ...] = (
    (r"\{", json.loads),
    (r"/newproject$", lambda text: read_caption(text, "EUR")),
    (r"/deposit$", read_mapping),
    (r"name: ", lambda text: read_qualification(text, "EUR")),
    (r"/\w+ ", require_commands),
    (r"[A-Z_]+=", require_known_variables),
    (r"[a-z_]+: ", read_keys),
    (r"\w+,\S+$", require_whole_rows),
    ("|".join(map(re.escape, SHOWN)), str),
    ("", require_known_arguments),
)


@pytest.mark.parametrize("block", list(blocks()), ids=lambda block: f"{Path(block.page).stem}: {block.text[:30]!r}")
def test_an_example_is_understood(block: Block) -> None:
    if block.language == "python":
        compile(block.text, block.page, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    else:
        read = next(read for look, read in READERS if re.match(look, block.text, re.MULTILINE))
        read(block.text)


def is_command(line: str) -> bool:
    """Whether the chat knows the command with these words; a remark stands behind two spaces."""
    typed = line.partition("  ")[0]
    command, *words = typed.removeprefix("/").split()
    route = TABLE.find_typed(command, words)
    return route is not None and route.payload.from_words(words, route.usage, typed) is not None


def shell_lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each command of a shell, remarks left out."""
    joined = re.sub(r"\\\n\s*", " ", text)
    for line in re.split(r"\n(?=[a-z.])| && ", joined):
        answer = line.partition("\n{")[0]
        if words := shlex.split(answer, comments=True):
            yield words[1:] if words[0] == "sudo" else words


def run_as_far_as_its_arguments(words: list[str]) -> None:
    """Parse a command's arguments as its program does. Fail for an unknown program, target or option."""
    for name, parser in (("pouce", build_parser()), ("pouce-client", client_cli.make_parser())):
        for place, word in enumerate(words):
            if word.endswith(f"/bin/{name}") or (word == name and (place == 0 or words[place - 1] == "bot")):
                parser.parse_args(words[place + 1 :])
                return
    if words[0] == "make":
        assert set(words[1:]) <= TARGETS
    elif words[0] == "python":
        assert words[1] == "-m" or (ROOT / "docs" / words[1]).exists()
    elif words[0] == "curl":
        assert all(isinstance(json.loads(word), dict) for word in words if word.startswith("{"))
    elif words[0] == "cp":
        assert (ROOT / words[1]).exists()
    else:
        assert words[0] in PLAIN_TOOLS
