"""One connection to a local Telegram, shared by any number of phones."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import aiohttp

from simulator.crowd.client import Phone
from simulator.values import Json


class Refusal(Exception):
    """The control API said no; the text says why."""


class Switchboard:
    """Gives out phones and hands them the live stream; use it as `async with Switchboard(url) as board:`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.phones: dict[int, Phone] = {}
        self._session: aiohttp.ClientSession | None = None
        self._listener: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        if self._session is not None:
            await self._session.close()
        self._listener = self._session = None

    async def join(self, first_name: str, **details: object) -> Phone:
        """A new person and their phone; details as in POST /sim/people."""
        return await self.phone(await self.post("/sim/people", {"first_name": first_name, **details}))

    async def phone(self, person: int | Json) -> Phone:
        """The phone of an existing person, by id or card, with its messages."""
        session = await self._connected()
        card = await self._card(person) if isinstance(person, int) else person
        phone = self.phones.setdefault(card["id"], Phone(self, card))
        async with session.get(f"{self.url}/sim/people/{phone.id}/messages") as response:
            for message in await response.json():
                phone.shown.setdefault(message["message_id"], message)
        return phone

    async def _card(self, person_id: int) -> Json:
        state = await self.get("/sim/state")
        return next(card for card in state["people"] if card["id"] == person_id)

    async def get(self, path: str) -> Any:
        session = await self._connected()
        async with session.get(self.url + path) as response:
            return await _accepted(response)

    async def post(self, path: str, body: Json | aiohttp.FormData) -> Any:
        session = await self._connected()
        content: Json = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with session.post(self.url + path, **content) as response:
            return await _accepted(response)

    async def fetch(self, file_id: str) -> bytes:
        """A file's bytes."""
        session = await self._connected()
        async with session.get(f"{self.url}/sim/files/{file_id}") as response:
            response.raise_for_status()
            return await response.read()

    async def _connected(self) -> aiohttp.ClientSession:
        async with self._lock:
            if self._session is None:
                self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
                socket = await self._session.ws_connect(f"{self.url}/sim/live", max_msg_size=0)
                self._listener = asyncio.create_task(self._listen(socket))
            return self._session

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            event = frame.json()
            phone = self.phones.get(event["person"])
            if phone is not None:
                phone.hear(event)


async def _accepted(response: aiohttp.ClientResponse) -> Any:
    body = await response.json()
    if not response.ok:
        raise Refusal(body["error"])
    return body
