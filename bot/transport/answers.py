"""HTTP/1.1 answers, parsed by httptools (llhttp, which aiohttp and Node use) as their bytes arrive."""

from dataclasses import dataclass

import httptools

LONGEST_HEAD, LONGEST_BODY = 1 << 16, 1 << 26  # bytes: a hundred of the largest updates are a third of it


@dataclass(slots=True)
class Answer:
    """Header names are in lower case. `keeps`: whether the connection may carry another request."""

    status: int
    headers: dict[str, str]
    body: bytes
    keeps: bool


class BadAnswer(Exception):
    """No HTTP, or too long."""


class AnswerReader:
    """One connection's answers; those with a status below 200 are passed over."""

    __slots__ = ("begun", "body", "complete", "head", "headers", "length", "parser")

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.complete: Answer | None = None
        self._start()

    def _start(self) -> None:
        self.begun = False  # its head is complete
        self.headers: dict[str, str] = {}
        self.body: list[bytes] = []
        self.head = self.length = 0

    def feed(self, data: bytes | memoryview) -> Answer | None:
        """An answer, once it is complete; what follows it unasked spoils the connection. Raises BadAnswer."""
        if not self.begun:
            self.head += len(data)
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self.complete is None:
                raise BadAnswer(type(error).__name__) from None
            self.complete.keeps = False
        if not self.begun and self.head > LONGEST_HEAD:
            raise BadAnswer("HeadTooLong")
        complete, self.complete = self.complete, None
        return complete

    def end(self) -> Answer | None:
        """The connection is closed, which ends an answer that did not tell its length."""
        if not self.begun or "content-length" in self.headers or "transfer-encoding" in self.headers:
            return None
        return Answer(self.parser.get_status_code(), self.headers, b"".join(self.body), keeps=False)

    def on_message_begin(self) -> None:
        if self.complete is not None:
            raise BadAnswer

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.begun = True

    def on_body(self, data: bytes) -> None:
        self.length += len(data)
        if self.length > LONGEST_BODY:
            raise BadAnswer
        self.body.append(data)

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        if status >= 200:
            self.complete = Answer(status, self.headers, b"".join(self.body), self.parser.should_keep_alive())
        self._start()
