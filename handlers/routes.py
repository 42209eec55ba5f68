"""The table of routes: every topic module of `handlers/` declares its own in `ROUTES`, beside its payloads and screens."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import handlers
from domain.extensions import load_parts
from handlers.routing import Route, RoutingTable

AREAS = ("work", "projects", "quality", "money", "fairness", "people")  # the order of help and menus
# Commands that stand before the others of their role in help and menus.
MENU = (
    *("start", "help", "language", "privacy", "terms", "mydata", "forget"),
    *("work", "tasks", "instructions", "stop", "balance", "why", "payout", "statement", "settings", "ask"),
    *("newproject", "projects", "project", "preview", "launch", "add", "gold", "results", "review", "hold"),
    *("admin", "deposit", "refund", "payouts", "ledger", "verify"),
)


def find_topics() -> Iterator[ModuleType]:
    """Import and yield every topic module of `handlers/`, by area and name, then those of the extensions. Importing it
    registers its screens."""
    names = [module.name for module in walk_packages(handlers.__path__, "handlers.") if module.name.count(".") == 2]
    for name in sorted(names, key=lambda name: (_area_place(name.split(".")[1]), name)):
        yield import_module(name)
    for name in ("handlers.input_problems", "handlers.refusals"):  # modules of no area that have screens
        import_module(name)
    for package in load_parts("handlers"):
        for topic in walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(topic.name)


def _area_place(area: str) -> int:
    return AREAS.index(area) if area in AREAS else len(AREAS)


def find_routes() -> list[Route]:
    """Return the routes of all topics in the order of help and menus."""
    routes = [route for topic in find_topics() for route in getattr(topic, "ROUTES", ())]
    return sorted(routes, key=lambda route: _menu_place(route.command))


def _menu_place(command: str | None) -> int:
    return MENU.index(command) if command in MENU else len(MENU)


TABLE = RoutingTable(find_routes())
COMMANDS = TABLE.commands
