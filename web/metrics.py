"""/metrics in Prometheus' text format: queues, the process's own counters, money."""

import asyncio
import hmac
from collections.abc import Mapping
from decimal import Decimal

from aiohttp import web

from web.door import DOOR, PATIENCE, HttpDoor
from web.families import FAMILIES, family, kind
from web.health import queues, seconds
from web.money import MONEY
from web.requests import CONNECTIONS

FORMAT = "text/plain; version=0.0.4; charset=utf-8"

Figures = Mapping[str, Decimal | float]


async def show(request: web.Request) -> web.Response:
    door = request.app[DOOR]
    if not _may_read(request, door):
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    waiting = await _waiting(door)
    money = await request.app[MONEY].figures() if waiting["pouce_database_up"] else {}
    body = text({**door.figures(), **request.app[CONNECTIONS].bad.figures(), **waiting, **money}).encode()
    return web.Response(body=body, headers={"Content-Type": FORMAT})


def _may_read(request: web.Request, door: HttpDoor) -> bool:
    """With the token where there is one; without, only through a loopback address."""
    if not door.metrics_token:
        return door.is_local
    told = request.headers.get("Authorization", "")
    return hmac.compare_digest(told.encode(), f"Bearer {door.metrics_token}".encode())


async def _waiting(door: HttpDoor) -> Figures:
    now = door.clock()
    try:
        async with asyncio.timeout(PATIENCE):
            found = await door.database.freely(queues, now)
    except Exception:
        return {"pouce_database_up": 0}
    return {
        "pouce_inbox_waiting": found.updates,
        "pouce_inbox_lag_seconds": seconds(found.updates_since, now),
        "pouce_outbox_waiting": found.letters,
        "pouce_outbox_lag_seconds": seconds(found.letters_since, now),
        "pouce_database_up": 1,
    }


def text(figures: Figures) -> str:
    """One line a figure, under its family's HELP and TYPE."""
    lines: list[str] = []
    announced = ""
    for figure in sorted(figures, key=lambda figure: (family(figure), figure)):
        name, value = family(figure), figures[figure]
        if name != announced:
            announced = name
            lines += [f"# HELP {name} {FAMILIES[name]}"] if name in FAMILIES else []
            lines.append(f"# TYPE {name} {kind(name)}")
        lines.append(f"{figure} {value:f}" if isinstance(value, Decimal) else f"{figure} {value!r}")
    return "\n".join(lines) + "\n"
