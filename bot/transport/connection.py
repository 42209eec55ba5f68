"""One HTTP/1.1 connection: one request at a time, each answered before the next."""

import asyncio
from collections.abc import Callable
from typing import cast

from bot.transport.answers import Answer, AnswerReader, BadAnswer

BUFFER = memoryview(bytearray(1 << 16))  # of all connections: what is read is consumed at once


class Lost(Exception):
    """The connection ended before the answer did."""


class Connection(asyncio.BufferedProtocol):
    """`lost(self)` is called once it is closed."""

    __slots__ = ("deadline", "idle_since", "loop", "lost", "reader", "timer", "transport", "waiter")

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: Callable[["Connection"], None]) -> None:
        self.loop, self.lost = loop, lost
        self.reader = AnswerReader()
        self.waiter: asyncio.Future[Answer] | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.deadline: float | None = None
        self.idle_since = 0.0

    @property
    def is_open(self) -> bool:
        return not self.transport.is_closing()

    async def ask(self, request: bytes, seconds: float | None) -> Answer:
        """The answer, which must be whole within so many seconds. Raises Lost and TimeoutError."""
        waiter: asyncio.Future[Answer] = self.loop.create_future()
        self.waiter = waiter
        if seconds is not None:
            self._expect(self.loop.time() + seconds)
        self.transport.write(request)
        try:
            return await waiter
        except BaseException:
            self.close()  # whatever still comes would be taken for the next request's answer
            raise

    def close(self) -> None:
        self.transport.abort()

    def _expect(self, deadline: float) -> None:
        """One timer serves many requests: it is set again only where it would ring too late."""
        self.deadline = deadline
        if self.timer is None or self.timer.when() > deadline:
            if self.timer is not None:
                self.timer.cancel()
            self.timer = self.loop.call_at(deadline, self._ring)

    def _ring(self) -> None:
        self.timer = None
        if self.deadline is None:
            return
        if self.loop.time() < self.deadline:
            self._expect(self.deadline)
        else:
            self._fail(TimeoutError())

    def _succeed(self, answer: Answer) -> None:
        waiter, self.waiter, self.deadline = self.waiter, None, None
        if waiter is not None and not waiter.done():
            waiter.set_result(answer)

    def _fail(self, error: Exception) -> None:
        waiter, self.waiter, self.deadline = self.waiter, None, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # other loops have classes of their own

    def get_buffer(self, sizehint: int) -> memoryview:
        return BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        if self.waiter is None:  # words nobody asked for, such as that the server has waited long enough
            self.close()
            return
        try:
            answer = self.reader.feed(BUFFER[:nbytes])
        except BadAnswer as error:
            self._fail(Lost(str(error)))
            self.close()
            return
        if answer is not None:
            if not answer.keeps:
                self.transport.close()
            self._succeed(answer)

    def connection_lost(self, error: Exception | None) -> None:
        answer = None if error else self.reader.end()
        if answer is not None:
            self._succeed(answer)
        else:
            self._fail(Lost(type(error).__name__ if error else "ServerDisconnected"))
        if self.timer is not None:
            self.timer.cancel()
        self.lost(self)
