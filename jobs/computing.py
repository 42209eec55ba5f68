"""Long computations in a process of its own with a lower priority: in a thread of the bot they would hold the
interpreter, and delay every answer. The process is kept for the next computation, and ends by itself after a while. It
gets a function of a module with its arguments, and has no settings and no connection."""

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
from typing import IO, ParamSpec, TypeVar, cast

from formats.tables.forked import module_path

QUICK_SECONDS, SLOW_SECONDS = (
    0.004,
    0.008,
)  # seconds in the writer, without the commit, of one step: it may grow, it must shrink
CONTENDED_SHARE = 0.5  # of these seconds, while others commit, too
CONTENDED_SECONDS = 1.0  # seconds after another's commit for which they are thought to go on
MIN_FRACTION = 10  # of the most that is done at a time, one part in so many is done at least


class AdaptiveBatch:
    """Size of the next step of a long job, adapted to the time that the last step took in the writer. `commits()`
    counts all commits, this job's own included; `clock()` is in seconds. With `finest` a step may shrink to `most /
    finest` while others commit, and starts at that size."""

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
        """Time one step inside its transaction, and set the size of the next step."""
        began = self._clock()
        yield
        took = self._clock() - began
        self._look(began)
        share, parts = (CONTENDED_SHARE, self.finest or MIN_FRACTION) if began < self._beside else (1.0, MIN_FRACTION)
        if took < QUICK_SECONDS * share:
            self.size = min(self.most, 2 * self.size)
        elif took > SLOW_SECONDS * share:
            self.size = max(1, self.most // parts, self.size // 2)

    def _look(self, now: float) -> None:
        """Note that others are committing if there were more commits since the last step than that step's own."""
        before, self._seen = self._seen, self._commits()
        if self._seen > before + 1:
            self._beside = now + CONTENDED_SECONDS


P = ParamSpec("P")
T = TypeVar("T")

MIN_ANSWERS_APART = 1_000  # answers; fewer are done in a thread sooner
MAX_ANSWERS_APART = 500_000  # answers; more would be held by both processes, beyond what a refit may take
ANSWERS_BEFORE_RESTART = (
    50_000  # answers after which the process ends at once: the memory that it has freed would stay with it
)
PASSED_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class ComputingEnded(Exception):
    """The process ended before it answered, for example because the system had no memory left."""


class ComputingProcess:
    """Child process that one thread at a time sends a call to; the thread waits for the result without the
    interpreter's lock."""

    def __init__(self) -> None:
        self.process: Popen[bytes] | None = None

    def ask(self, size: int, call: Callable[[], T], unwanted: Event | None = None) -> T:
        """Return the result of the call, or raise what the call raises. Start the process if there is none, and replace
        it if it ended while idle. Raise ComputingEnded if it ends during the call, or once `unwanted` is set."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ComputingEnded):
                return self._ask(self.process, size, call, unwanted)
            if unwanted and unwanted.is_set():
                raise ComputingEnded
        self.end()
        self.process = _start_process()
        return self._ask(self.process, size, call, unwanted)

    def _ask(self, process: "Popen[bytes]", size: int, call: Callable[[], T], unwanted: Event | None) -> T:
        requests, replies = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        try:
            if unwanted and unwanted.is_set():  # it was when there was no process yet
                raise EOFError
            pickle.dump(call, requests, pickle.HIGHEST_PROTOCOL)
            requests.flush()
            result, error = pickle.load(replies)  # noqa: S301 (written by a process of ours)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            raise ComputingEnded from None
        if size >= ANSWERS_BEFORE_RESTART:
            self.end()
        if error is not None:
            raise error
        return cast(T, result)

    def give_up(self) -> None:
        """Kill the process; called from another thread than the one that waits in `ask`."""
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


def _start_process() -> "Popen[bytes]":
    environment = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    return Popen(
        (sys.executable, "-S", "-m", "jobs.computing_child"),
        stdin=PIPE,
        stdout=PIPE,
        start_new_session=True,
        env={**environment, "PYTHONPATH": module_path()},
    )


_process = ComputingProcess()
_asking = ThreadPoolExecutor(1, "computing")
atexit.register(_process.end)


async def compute(answers: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return the result of a function that looks at so many answers. It runs in a thread if they are few or too many,
    else in the process apart. The process is killed if the call is cancelled, as by a stop of the bot."""
    call, unwanted = partial(function, *args, **kwargs), Event()
    if not MIN_ANSWERS_APART <= answers < MAX_ANSWERS_APART:
        return await asyncio.to_thread(call)
    pending = _asking.submit(_process.ask, answers, call, unwanted)
    try:
        return await asyncio.wrap_future(pending)
    except asyncio.CancelledError:
        unwanted.set()
        if not pending.cancel():
            _process.give_up()
        raise


MIN_ANSWERS_TRIMMED = 10_000  # answers; fewer leave little


async def return_freed_memory(answers: int) -> None:
    """Return freed memory to the system. glibc keeps it in pieces: 64 MB after a million answers."""
    if answers >= MIN_ANSWERS_TRIMMED:
        with suppress(OSError, AttributeError):
            await asyncio.to_thread(ctypes.CDLL(None).malloc_trim, 0)
