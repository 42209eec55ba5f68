"""Server-sent events: a page learns that its project has changed, and asks for what it shows."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.projects import ProjectId
from services.act import Act
from services.people import team_spending
from services.projects import progress
from web.api.endpoint import too_many
from web.miniapp.files import HEADERS
from web.requests import extend_deadline

MAX_STREAMS_PER_PERSON, MAX_STREAMS = 3, 64
INTERVAL_SECONDS = 5.0  # between two looks at a project
STREAM_SECONDS = 240.0  # then the page opens another one: the server's requests have an end
CHANGED, UNCHANGED = b"event: changed\ndata: 1\n\n", b": \n\n"

Look = Callable[[Callable[[Act], object]], Awaitable[object]]  # reads for the person who asks


@dataclass(slots=True)
class Events:
    """Streams that are open, by person, the oldest first; each ends when its event is set."""

    streams: defaultdict[str, list[asyncio.Event]] = field(default_factory=lambda: defaultdict(list))

    async def end(self, _: web.Application) -> None:
        """End all streams, so that the server stops at once."""
        for own_streams in self.streams.values():
            for has_ended in own_streams:
                has_ended.set()

    async def stream(self, request: web.Request, caller: str, number: int, look: Look) -> web.StreamResponse:
        """Send an event when the project's counts have changed. A person's oldest stream ends where they have
        MAX_STREAMS_PER_PERSON: its page may be gone. Raise Problem 429 for more streams than all together may have, and
        NotFound for a project that is not theirs."""
        if sum(map(len, self.streams.values())) >= MAX_STREAMS:
            raise too_many(round(INTERVAL_SECONDS))
        own_streams, has_ended = self.streams[caller], asyncio.Event()
        if len(own_streams) >= MAX_STREAMS_PER_PERSON:
            own_streams[0].set()
        own_streams.append(has_ended)
        try:
            return await self._send(request, number, look, has_ended)
        finally:
            own_streams.remove(has_ended)
            if not own_streams:
                self.streams.pop(caller, None)

    async def _send(
        self, request: web.Request, number: int, look: Look, has_ended: asyncio.Event
    ) -> web.StreamResponse:
        def read_counts(act: Act) -> object:
            act = team_spending.act_for_project(act, number, Right.LOOK)
            act.require(REQUESTER, stays=True)
            return progress.get_progress(act, ProjectId(number))

        counts, loop = await look(read_counts), asyncio.get_running_loop()
        extend_deadline(request)
        response = web.StreamResponse(headers={**HEADERS, hdrs.CONTENT_TYPE: "text/event-stream"})
        await response.prepare(request)
        await response.write(UNCHANGED)
        until = loop.time() + STREAM_SECONDS
        while loop.time() < until and not await _is_ended(has_ended):
            latest_counts = await look(read_counts)
            await response.write(CHANGED if latest_counts != counts else UNCHANGED)
            counts = latest_counts
        await response.write_eof()
        return response


async def _is_ended(has_ended: asyncio.Event) -> bool:
    """Wait for INTERVAL_SECONDS; return whether the stream is to end."""
    try:
        async with asyncio.timeout(INTERVAL_SECONDS):
            return await has_ended.wait()
    except TimeoutError:
        return False
