"""The same in Prometheus' text format, with the process's own counters."""

import asyncio

from aiohttp import web

from web.door import DOOR, PATIENCE
from web.health import queues, seconds


async def show(request: web.Request) -> web.Response:
    door = request.app[DOOR]
    now = door.clock()
    figures = dict(door.figures())
    try:
        async with asyncio.timeout(PATIENCE):
            found = await door.database.transact(queues, now)
        figures |= {
            "pouce_inbox_waiting": found.updates,
            "pouce_inbox_lag_seconds": seconds(found.updates_since, now),
            "pouce_outbox_waiting": found.letters,
            "pouce_outbox_lag_seconds": seconds(found.letters_since, now),
            "pouce_database_up": 1,
        }
    except Exception:
        figures["pouce_database_up"] = 0
    return web.Response(text=text(figures), content_type="text/plain", charset="utf-8")


def text(figures: dict[str, float]) -> str:
    """One line a figure; names that end in _total only grow."""
    lines: list[str] = []
    announced: set[str] = set()
    for name, value in sorted(figures.items()):
        family = name.partition("{")[0]
        if family not in announced:
            announced.add(family)
            lines.append(f"# TYPE {family} {'counter' if family.endswith('_total') else 'gauge'}")
        lines.append(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}")
    return "\n".join(lines) + "\n"
