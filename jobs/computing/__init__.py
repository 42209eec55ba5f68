"""Long computations in a process of their own, which has less claim to the processors: in a thread of ours they would
hold the interpreter, and with it every answer.

The process is kept for the next one, and ends by itself after a while. It gets a function of a module with its
arguments, and has no settings and no connection.
"""

import asyncio
import atexit
import os
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from subprocess import PIPE, Popen
from threading import Event
from typing import IO, ParamSpec, TypeVar, cast

from formats.tables.child_processes import module_path

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
        (sys.executable, "-S", "-m", "jobs.computing.child"),
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
