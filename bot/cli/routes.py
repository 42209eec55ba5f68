"""Everything people can ask for, as a table."""

from collections.abc import Iterator

from handlers.routes import TABLE
from handlers.routing import Route

TITLES = ("who", "command", "button", "does", "service")


def routes() -> int:
    """Print a line a route: the role that may ask, the command, the button's data, the line in help (empty for most
    buttons) and the service that does it; return exit code 0."""
    rows = [TITLES, *map(_row, TABLE.routes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(route: Route) -> tuple[str, ...]:
    service = f"{route.service.__module__}.{route.service.__name__}"
    return route.role or "everybody", " ".join(_command_words(route)), _button_data(route), route.means, service


def _command_words(route: Route) -> Iterator[str]:
    if route.command:
        yield f"/{route.command}"
        yield from (word for word in (route.usage or route.word,) if word)


def _button_data(route: Route) -> str:
    fields = [f"{{{name}}}" for name in route.payload.model_fields]
    return ":".join([route.payload.code, *fields]) if route.payload.code else ""
