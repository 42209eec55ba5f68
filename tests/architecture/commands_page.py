"""The tables of docs/reference/commands.md, drawn from the routes. `make texts` writes them."""

import re

from domain.people.onboarding import Command
from handlers.routes import COMMANDS
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "reference" / "commands.md"
MARKED = re.compile(r"(?<=<!-- commands -->\n).*(?=<!-- /commands -->)", re.DOTALL)
ROLES = {"": "Everybody", "worker": "Workers", "requester": "Requesters", "admin": "Admins"}


def tables() -> str:
    return "\n".join(f"## {title}\n\n| command | does |\n| --- | --- |\n{_rows(role)}" for role, title in ROLES.items())


def _rows(role: str) -> str:
    return "".join(_row(command) for command in COMMANDS if command.role == role)


def _row(command: Command) -> str:
    return f"| `{f'/{command.name} {command.usage}'.strip()}` | {command.means} |\n"


def written(page: str) -> str:
    """The page with the tables as they are now."""
    return MARKED.sub(lambda _: f"\n{tables()}\n", page)


def write() -> None:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
