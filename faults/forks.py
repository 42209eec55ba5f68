"""Processes of the bot that are at work at once: a server has loaded the program and forks.

Each is a process of its own, to be killed, frozen and ended like any other. That `pouce run` starts from nothing is
shown in tests/bot/test_running.py."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from faults import bots

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["bot.running", "faults.bots"])


class ForkedProcess:
    """As asyncio's Process."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.exitcode

    async def wait(self) -> int:
        """One at a time may."""
        if self.returncode is None:
            loop, ended = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(self._process.sentinel, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def start(
    changes: Sequence[str], environment: Mapping[str, str], log: Path, command: str = "run"
) -> ForkedProcess:
    """`pouce COMMAND` with these changes (faults/bots.py); `environment` is added to that of the tests, `log` takes
    standard error."""
    told = {**os.environ, **environment}
    process = _server.Process(target=_run, args=(tuple(changes), told, log, command), daemon=True)
    await asyncio.to_thread(process.start)  # the first one waits until the server has loaded the program
    return ForkedProcess(process)


def _run(changes: Sequence[str], environment: Mapping[str, str], log: Path, command: str) -> None:
    os.environ.update(environment)
    with log.open("ab") as written:
        os.dup2(written.fileno(), sys.stderr.fileno())
    sys.exit(bots.run(changes, command))
