"""The tables of docs/reference/commands.md and api-requests.md, drawn from the routes and the endpoints. `make texts`
writes them."""

import re
from pathlib import Path

from domain.people.onboarding import Command
from handlers.routes import COMMANDS
from tests.architecture.source import ROOT
from web.api.endpoint import Endpoint
from web.api.table import ENDPOINTS

PAGE = ROOT / "docs" / "reference" / "commands.md"
MARKED = re.compile(r"(?<=<!-- commands -->\n).*(?=<!-- /commands -->)", re.DOTALL)
MAX_NAMED_FIELDS = 8  # of a body; a new project has the keys of a caption
ROLES = {"": "Everybody", "worker": "Workers", "requester": "Requesters", "admin": "Admins"}


def tables() -> str:
    return "\n".join(f"## {title}\n\n| command | does |\n| --- | --- |\n{_rows(role)}" for role, title in ROLES.items())


def _rows(role: str) -> str:
    return "".join(_row(command) for command in COMMANDS if command.role == role)


def _row(command: Command) -> str:
    return f"| `{f'/{command.name} {command.usage}'.strip()}` | {command.means} |\n"


def request_tables() -> str:
    tags = dict.fromkeys(endpoint.tag for endpoint in ENDPOINTS)
    return "\n".join(
        f"## {tag.capitalize()}\n\n| request | scope | answers |\n| --- | --- | --- |\n"
        + "".join(_request_row(endpoint) for endpoint in ENDPOINTS if endpoint.tag == tag)
        for tag in tags
    )


def _request_row(endpoint: Endpoint) -> str:
    path = re.sub(r"{number}", "N" if endpoint.path.startswith("/projects") else "ID", endpoint.path)
    path = re.sub(r"{\w+}", "ID", path)
    names = endpoint.body.model_fields if endpoint.body else ()
    fields = ", ".join(f"`{name}`" for name in names)
    means = f"{endpoint.means}: {fields}" if 0 < len(names) <= MAX_NAMED_FIELDS else endpoint.means
    return f"| `{endpoint.method} {path}` | {endpoint.scope.value} | {means} |\n"


PAGES = {
    PAGE: (MARKED, tables),
    ROOT / "docs" / "reference" / "api-requests.md": (
        re.compile(r"(?<=<!-- requests -->\n).*(?=<!-- /requests -->)", re.DOTALL),
        request_tables,
    ),
}


def written(path: Path) -> str:
    """Return the page with its tables as they are now."""
    mark, draw = PAGES[path]
    return mark.sub(lambda _: f"\n{draw()}\n", path.read_text(encoding="utf-8"))


def write() -> None:
    for path in PAGES:
        path.write_text(written(path), encoding="utf-8")
