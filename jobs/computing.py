"""Long computations in a process of their own, which has less claim to the processors: in a thread of ours they would
hold the interpreter, and with it every answer.

The process is kept for the next one, and ends by itself after a while. It gets a function of a module with its
arguments, and has no settings and no connection.
"""

import asyncio
import atexit
import ctypes
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from subprocess import PIPE, Popen
from threading import Event
from typing import (
    IO,
    ParamSpec,
    TypeVar,
    cast,
)

from formats.tables.forked import module_path

QUICK, SLOW = 0.004, 0.008  # seconds in the writer, without the commit, of one step: it may grow, it must shrink
BESIDE = 0.5  # of these seconds, while others commit, too
SINCE = 1.0  # seconds after another's commit for which they are thought to go on
LEAST = 10  # of the most that is done at a time, one part in so many is done at least


class AdaptiveBatch:
    """`size` is the number of items of the next step; `commits()` are those of all, a step's own among them; `clock()`
    are seconds. With `finest` one part in so many is enough while others commit, and at first, before it is known
    whether they do."""

    def __init__(
        self,
        most: int,
        commits: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
        finest: int | None = None,
    ) -> None:
        self.most, self.finest, self.size = most, finest, max(1, most // (finest or 4))
        self._commits, self._clock, self._seen, self._beside = commits, clock, commits(), 0.0

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around one step, inside its transaction: its time decides on the next."""
        began = self._clock()
        yield
        took = self._clock() - began
        self._look(began)
        share, parts = (BESIDE, self.finest or LEAST) if began < self._beside else (1.0, LEAST)
        if took < QUICK * share:
            self.size = min(self.most, 2 * self.size)
        elif took > SLOW * share:
            self.size = max(1, self.most // parts, self.size // 2)

    def _look(self, now: float) -> None:
        """Since the last step more was committed than that step itself."""
        before, self._seen = self._seen, self._commits()
        if self._seen > before + 1:
            self._beside = now + SINCE


P = ParamSpec("P")
T = TypeVar("T")

MANY = 1_000  # answers; fewer are done in a thread sooner
MOST = 500_000  # answers; more would be held by both processes, beyond what a refit may take
LARGE = 50_000  # answers after which the process ends at once: the memory that it has freed would stay with it
NEEDED = ("PATH", "LANG", "LC_ALL", "TZ", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class ComputingEnded(Exception):
    """The process was ended before it answered, as by a system that has no memory left."""


class ComputingProcess:
    """Asked by one thread at a time, which waits for its answer without the interpreter's lock."""

    def __init__(self) -> None:
        self.process: Popen[bytes] | None = None

    def ask(self, size: int, call: Callable[[], T], unwanted: Event | None = None) -> T:
        """Raises what the call raises. A process that has ended while it had nothing to do is replaced, also where it
        ends as it is asked. Once it is `unwanted` the process is given up."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ComputingEnded):
                return self._ask(self.process, size, call, unwanted)
            if unwanted and unwanted.is_set():
                raise ComputingEnded
        self.end()
        self.process = _begun()
        return self._ask(self.process, size, call, unwanted)

    def _ask(self, process: "Popen[bytes]", size: int, call: Callable[[], T], unwanted: Event | None) -> T:
        to, back = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        try:
            if unwanted and unwanted.is_set():  # it was when there was no process yet
                raise EOFError
            pickle.dump(call, to, pickle.HIGHEST_PROTOCOL)
            to.flush()
            found, error = pickle.load(back)  # noqa: S301 (written by a process of ours)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            raise ComputingEnded from None
        if size >= LARGE:
            self.end()
        if error is not None:
            raise error
        return cast(T, found)

    def give_up(self) -> None:
        """For another thread than the one that asks."""
        if process := self.process:
            process.kill()

    def end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    cast("IO[bytes]", pipe).close()
            process.kill()
            process.wait()


def _begun() -> "Popen[bytes]":
    told = {name: os.environ[name] for name in NEEDED if name in os.environ}
    return Popen(
        (sys.executable, "-S", "-m", "jobs.computing_child"),
        stdin=PIPE,
        stdout=PIPE,
        start_new_session=True,
        env={**told, "PYTHONPATH": module_path()},
    )


_process = ComputingProcess()
_asking = ThreadPoolExecutor(1, "computing")
atexit.register(_process.end)


async def computed(answers: int, function: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What the function returns, which looks at so many answers: here where they are few or too many, else apart.
    Cancelled, as by a stop of the bot, the process ends at once."""
    call, unwanted = partial(function, *given, **named), Event()
    if not MANY <= answers < MOST:
        return await asyncio.to_thread(call)
    asked = _asking.submit(_process.ask, answers, call, unwanted)
    try:
        return await asyncio.wrap_future(asked)
    except asyncio.CancelledError:
        unwanted.set()
        if not asked.cancel():
            _process.give_up()
        raise


LARGE_BYTES = 10_000  # answers; fewer leave little


async def give_back(answers: int) -> None:
    """Where the C library keeps freed memory for itself: glibc does, in pieces, 64 MB of a million answers."""
    if answers >= LARGE_BYTES:
        with suppress(OSError, AttributeError):
            await asyncio.to_thread(ctypes.CDLL(None).malloc_trim, 0)
