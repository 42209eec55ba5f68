"""Tables of docs/reference/ that are drawn from the code: commands, requests, rules. `make texts` writes them."""

import re
from collections.abc import Sequence
from pathlib import Path

from domain.people.onboarding import Command
from handlers.routes import COMMANDS
from storage.invariants import list_invariants
from tests.architecture.source import ROOT
from web.api.endpoint import Endpoint
from web.api.table import ENDPOINTS

HOUSE_TAGS = ("money", "webhooks", "account", "workers", "models", "invoices")
MAX_NAMED_FIELDS = 8  # of a body; a new project has the keys of a caption
ROLES = {"": "Everybody", "worker": "Workers", "requester": "Requesters", "admin": "Admins"}


def tables() -> str:
    return "\n".join(f"## {title}\n\n| command | does |\n| --- | --- |\n{_rows(role)}" for role, title in ROLES.items())


def _rows(role: str) -> str:
    return "".join(_row(command) for command in COMMANDS if command.role == role)


def _row(command: Command) -> str:
    return f"| `{f'/{command.name} {command.usage}'.strip()}` | {command.means} |\n"


def project_requests() -> str:
    return _request_tables([endpoint for endpoint in ENDPOINTS if endpoint.tag not in HOUSE_TAGS])


def house_requests() -> str:
    return _request_tables([endpoint for endpoint in ENDPOINTS if endpoint.tag in HOUSE_TAGS])


def _request_tables(endpoints: Sequence[Endpoint]) -> str:
    tags = dict.fromkeys(endpoint.tag for endpoint in endpoints)
    return "\n".join(
        f"## {tag.capitalize()}\n\n| request | scope | answers |\n| --- | --- | --- |\n"
        + "".join(_request_row(endpoint) for endpoint in endpoints if endpoint.tag == tag)
        for tag in tags
    )


def _request_row(endpoint: Endpoint) -> str:
    path = re.sub(r"{number}", "N" if endpoint.path.startswith("/projects") else "ID", endpoint.path)
    path = re.sub(r"{\w+}", "ID", path)
    names = endpoint.body.model_fields if endpoint.body else ()
    fields = ", ".join(f"`{name}`" for name in names)
    means = f"{endpoint.means}: {fields}" if 0 < len(names) <= MAX_NAMED_FIELDS else endpoint.means
    return f"| `{endpoint.method} {path}` | {endpoint.scope.value} | {means} |\n"


def rule_table() -> str:
    rules: dict[int, list[str]] = {}
    for invariant in list_invariants():
        rules.setdefault(invariant.rule, []).append(invariant.name)
    rows = "".join(f"| {number} | {'; '.join(rules[number])} |\n" for number in sorted(rules))
    return f"| rule | must always be true |\n| --: | --- |\n{rows}"


REFERENCE = ROOT / "docs" / "reference"
TABLES = {  # by page: the name of its marks, and what draws what stands between them
    REFERENCE / "commands.md": ("commands", tables),
    REFERENCE / "api-requests.md": ("requests", project_requests),
    REFERENCE / "api-requests-account.md": ("requests", house_requests),
    REFERENCE / "invariants.md": ("rules", rule_table),
}


def written(path: Path) -> str:
    """Return the page with its tables as they are now; raise ValueError if it has no marks."""
    name, draw = TABLES[path]
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    page = path.read_text(encoding="utf-8")
    return f"{page[: page.index(begin)]}{begin}\n{draw()}\n{page[page.index(end) :]}"


def write() -> None:
    for path in TABLES:
        path.write_text(written(path), encoding="utf-8")
