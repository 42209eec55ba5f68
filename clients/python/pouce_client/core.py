"""The core without input and output: calls are written once, as flows; a front end performs the steps of a flow.

A flow is a generator. It yields a step (a request, a pause, rows, progress to show), gets the outcome sent back, and
returns the call's answer. `Blocking` performs the steps in the calling thread, `Awaiting` in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from functools import update_wrapper, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

import httpx

from pouce_client.errors import Unreachable
from pouce_client.progress import Display
from pouce_client.requests import PASSING, TOO_OFTEN, TRIES, Request, get_checked_answer, get_pause

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True)
class Pause:
    """A step: wait so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Rows(Generic[T]):
    """A step of a stream: these rows have come."""

    rows: list[T]


Step = Request | Pause | Rows[Any] | Display
Flow = Generator[Step, Any, T]


def fetch(request: Request, address: str) -> Flow[httpx.Response]:
    """Send a request, again after a passing failure, and return the answer.

    Raise Refused if the service refuses, Unreachable if all tries fail."""
    reason, maybe_done = "", False
    for attempt in range(1, TRIES + 1):
        outcome: httpx.Response | httpx.TransportError = yield request
        if isinstance(outcome, httpx.TransportError):
            reason, maybe_done, retry_after = str(outcome) or type(outcome).__name__, True, None
        elif outcome.status_code not in PASSING:
            return get_checked_answer(outcome, request, maybe_done)
        else:
            reason, retry_after = f"HTTP {outcome.status_code}", outcome.headers.get("Retry-After")
            maybe_done = maybe_done or outcome.status_code != TOO_OFTEN
        if attempt < TRIES:
            yield Pause(get_pause(attempt, retry_after))
    raise Unreachable(address, reason, request.key)


class Blocking:
    """A front end whose calls return when they are done."""

    _http: httpx.Client

    def _run(self, flow: Flow[T]) -> T:
        """Perform a flow's steps and return its answer."""
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as end:
                return cast(T, end.value)
            outcome = self._perform(step)

    def _iterate(self, flow: Flow[None]) -> Iterator[Any]:
        """Perform a stream's steps and yield its rows."""
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration:
                return
            if isinstance(step, Rows):
                yield from step.rows
                outcome = None
            else:
                outcome = self._perform(step)

    def _perform(self, step: Step) -> Any:
        if isinstance(step, Pause):
            return time.sleep(step.seconds)
        if isinstance(step, Display):
            return step.show()
        request = cast(Request, step)
        try:
            return self._http.request(request.method, request.path, **request.options(self._http.timeout))
        except httpx.TransportError as error:
            return error


class Awaiting:
    """A front end whose calls are awaited."""

    _http: httpx.AsyncClient

    async def _run(self, flow: Flow[T]) -> T:
        """Perform a flow's steps and return its answer."""
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as end:
                return cast(T, end.value)
            outcome = await self._perform(step)

    async def _iterate(self, flow: Flow[None]) -> AsyncIterator[Any]:
        """Perform a stream's steps and yield its rows."""
        outcome: Any = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration:
                return
            if isinstance(step, Rows):
                for row in step.rows:
                    yield row
                outcome = None
            else:
                outcome = await self._perform(step)

    async def _perform(self, step: Step) -> Any:
        if isinstance(step, Pause):
            return await asyncio.sleep(step.seconds)
        if isinstance(step, Display):
            return step.show()
        request = cast(Request, step)
        try:
            return await self._http.request(request.method, request.path, **request.options(self._http.timeout))
        except httpx.TransportError as error:
            return error


class Call(Generic[P, T]):
    """A method written as a flow. Of a front end's object it is the call itself: `Blocking` returns the answer,
    `Awaiting` a coroutine. Of a class it is the flow, for other flows: `yield from Calls.progress(self, 7)`."""

    def __init__(self, method: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        self.method = method
        update_wrapper(cast(Any, self), method)

    @overload
    def __get__(self, front_end: None, owner: type) -> Callable[Concatenate[Any, P], Flow[T]]: ...
    @overload
    def __get__(self, front_end: Blocking, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, front_end: Awaiting, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, front_end: Any, owner: type) -> Any:
        if front_end is None:
            return self.method
        flow = self.method.__get__(front_end)

        @wraps(flow)
        def run(*args: P.args, **kwargs: P.kwargs) -> Any:
            return front_end._run(flow(*args, **kwargs))

        return run


class Stream(Generic[P, T]):
    """A method written as a flow that yields Rows; of a front end's object it returns an iterator of the rows."""

    def __init__(self, method: Callable[Concatenate[Any, P], Flow[None]], row: type[T]) -> None:
        self.method = method
        update_wrapper(cast(Any, self), method)

    @overload
    def __get__(self, front_end: None, owner: type) -> Callable[Concatenate[Any, P], Flow[None]]: ...
    @overload
    def __get__(self, front_end: Blocking, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, front_end: Awaiting, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, front_end: Any, owner: type) -> Any:
        if front_end is None:
            return self.method
        flow = self.method.__get__(front_end)

        @wraps(flow)
        def iterate(*args: P.args, **kwargs: P.kwargs) -> Any:
            return front_end._iterate(flow(*args, **kwargs))

        return iterate


call = Call


def stream(row: type[T]) -> Callable[[Callable[Concatenate[Any, P], Flow[None]]], Stream[P, T]]:
    """Return a decorator of a flow that yields rows of this type."""

    def decorate(method: Callable[Concatenate[Any, P], Flow[None]]) -> Stream[P, T]:
        return Stream(method, row)

    return decorate
