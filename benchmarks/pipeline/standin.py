"""A stand-in for Telegram that costs next to nothing: the few methods an answer needs, no limits, no checks."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import orjson

TOKEN = "1000001:stand-in"
BOT = {"id": 1_000_001, "is_bot": True, "first_name": "Pouce", "username": "pouce_bot"}
BATCH = 100
# What is asked once, at the start.
ASKED = {"getMe": BOT, "getMyDescription": {"description": ""}, "getMyShortDescription": {"short_description": ""}}

# As they stand in an urlencoded form, and in JSON.
CHAT = re.compile(rb'(?:(?:^|&)chat_id=|"chat_id":"?)(\d+)')
MESSAGE = re.compile(rb'(?:(?:^|&)message_id=|"message_id":"?)(\d+)')
OPTION = re.compile(rb'(?:%22a%3A|\\"a:)(\d+)(?:%3A|:)0(?:%22|\\")')
REVIEW = re.compile(rb"review(?: |\+|%20)(\d+)")
QUERY = re.compile(rb'(?:callback_query_id=|"callback_query_id":")(\d+)')
OFFSET = re.compile(rb'(?:offset=|"offset":"?)(\d+)')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Watcher(Protocol):
    def task(self, chat: int, message: int, assignment: int, review: int) -> None: ...
    def spinner(self, query: int) -> None: ...


class StandIn:
    """Hands updates to whoever polls and tells the watcher what the bot sends."""

    def __init__(self) -> None:
        self.watcher: Watcher | None = None
        self.updates: deque[dict[str, Any]] = deque()
        self.calls: dict[str, int] = {}
        self.poller: Callable[[bytes], None] | None = None
        self.message = self.update = 0

    def put(self, kind: str, content: dict[str, Any]) -> None:
        self.update += 1
        self.updates.append({"update_id": self.update, kind: content})
        if self.poller is not None:
            asyncio.get_running_loop().call_soon(self._deliver)

    def _deliver(self) -> None:
        if self.poller is not None and self.updates:
            reply, self.poller = self.poller, None
            reply(_ok([self.updates[at] for at in range(min(BATCH, len(self.updates)))]))

    def answer(self, method: str, body: bytes, reply: Callable[[bytes], None]) -> None:
        self.calls[method] = self.calls.get(method, 0) + 1
        if method == "getUpdates":
            self._poll(body, reply)
        elif method == "sendMessage":
            self.message += 1
            self._shown(self.message, body, reply)
        elif method == "sendMediaGroup":
            self.message += 1
            reply(_ok([_message(0, self.message)]))
        elif method == "editMessageText" and (edited := MESSAGE.search(body)):
            self._shown(int(edited[1]), body, reply)
        elif method == "answerCallbackQuery":
            reply(_ok(True))
            if self.watcher and (query := QUERY.search(body)):
                self.watcher.spinner(int(query[1]))
        else:
            reply(_ok(ASKED.get(method, True)))

    def _poll(self, body: bytes, reply: Callable[[bytes], None]) -> None:
        found = OFFSET.search(body)
        offset = int(found[1]) if found else 0
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        self.poller = reply
        self._deliver()

    def _shown(self, message: int, body: bytes, reply: Callable[[bytes], None]) -> None:
        """Only a task has options: in a new message, or in one that showed another, whose review stands above."""
        chat, option, review = CHAT.search(body), OPTION.search(body), REVIEW.findall(body)
        assert chat is not None
        reply(_ok(_message(int(chat[1]), message)))
        if self.watcher and option and review:
            self.watcher.task(int(chat[1]), message, int(option[1]), int(review[-1]))


def _message(chat: int, number: int) -> dict[str, Any]:
    return {"message_id": number, "date": 1_800_000_000, "chat": {"id": chat, "type": "private"}, "text": "…"}


def _ok(result: Any) -> bytes:
    return orjson.dumps({"ok": True, "result": result})


class Http(asyncio.Protocol):
    """HTTP/1.1 as far as one client needs it: kept alive, one request at a time, bodies with a length."""

    def __init__(self, standin: StandIn) -> None:
        self.standin, self.buffer = standin, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        size = int(length[1]) if length else 0
        if found and len(rest) >= size:
            self.buffer = b""
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            self.standin.answer(method, rest, self._reply)

    def connection_lost(self, error: Exception | None) -> None:
        if self.standin.poller == self._reply:
            self.standin.poller = None

    def _reply(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self.transport.write(head + body)


async def listening(standin: StandIn) -> tuple[asyncio.Server, str]:
    server = await asyncio.get_running_loop().create_server(lambda: Http(standin), "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
