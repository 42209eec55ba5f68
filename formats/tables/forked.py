"""Processes that read files, as their parent sees them: forked by a server that is started with the first file."""

from __future__ import annotations

import asyncio
import atexit
import os
import socket
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, Popen

ROOT_PATH = str(Path(__file__).resolve().parents[2])
NICENESS = 5  # niceness: a third of the claim, since results of an ended project wait for a refit
OOM_SCORE = 1000  # to be ended where the system has no memory left


def module_path() -> str:
    """Return where our own modules are found; a child does not look for site-packages again (`-S`), which takes as
    long as it takes Python to start."""
    return os.pathsep.join([ROOT_PATH, *filter(os.path.isdir, sys.path)])


def lower_priority() -> None:
    """Lower this process's priority, also for its session, since Linux shares processors among sessions first
    (autogroup); have it killed first if memory runs out."""
    with suppress(OSError):
        os.nice(NICENESS)
    for name, value in (("autogroup", NICENESS), ("oom_score_adj", OOM_SCORE)):
        with suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(str(value))


MAX_LINE_BYTES = 1 << 20  # bytes of the longest line a process may say
START_ATTEMPTS = 2  # a server may end just when it is asked


class ReadingProcesses:
    """The reading processes of this program, used in event loops of one thread."""

    def __init__(self) -> None:
        self.server: Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    @asynccontextmanager
    async def start_process(self, files: Sequence[int]) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
        """Start a process that has these open files; yield a reader and a writer to it. The process has ended when
        the block has."""
        life, talk = await self._fork(files)
        try:
            reader, writer = await asyncio.open_unix_connection(sock=talk, limit=MAX_LINE_BYTES)
            try:
                yield reader, writer
            finally:
                writer.transport.abort()
        finally:
            await _end_process(life)

    async def _fork(self, files: Sequence[int]) -> tuple[socket.socket, socket.socket]:
        """Return LIFE and TALK of a new process. Raise OSError if none begins. A caller that is cancelled meanwhile
        goes on when the process that it asked for has ended."""
        for _ in range(START_ATTEMPTS):
            (life, child_life), (talk, child_talk) = socket.socketpair(), socket.socketpair()
            life.setblocking(False)
            with ExitStack() as cleanup:
                cleanup.enter_context(life)
                cleanup.enter_context(talk)
                with child_life, child_talk:
                    is_sent = self._send_request([child_life.fileno(), child_talk.fileno(), *files])
                server = self.server
                if is_sent and await _has_begun(life):
                    cleanup.pop_all()
                    return life, talk
            if self.server is server:
                self.end_server()
        raise OSError("no process begins that reads a file")

    def _send_request(self, files: Sequence[int]) -> bool:
        """Send the open files to the server, starting it if there is none. Return False if the server has ended."""
        with suppress(BrokenPipeError, ConnectionResetError):
            return socket.send_fds(self._socket or self._start_server(), [b"."], files) > 0
        return False

    def _start_server(self) -> socket.socket:
        """Start the server and return its socket. It gets nothing of ours: no settings, no connection, no terminal.
        What a library prints about a file is lost."""
        self._socket, server_end = socket.socketpair()
        with server_end:
            self.server = Popen(  # noqa: S603 (a module of ours)
                (sys.executable, "-S", "-m", "formats.tables.fork_server", str(server_end.fileno())),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=DEVNULL,
                pass_fds=[server_end.fileno()],
                start_new_session=True,
                env={"PYTHONPATH": module_path(), "PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._socket

    def end_server(self) -> None:
        """End the server, and with it every process."""
        if self._socket is not None and self.server is not None:
            self._socket.close()
            self.server.kill()
            self.server.wait()
        self._socket = self.server = None


async def _has_begun(life: socket.socket) -> bool:
    """Return whether the requested process begins; False if the server has ended."""
    try:
        return bool(await asyncio.get_running_loop().sock_recv(life, 1))
    except asyncio.CancelledError:  # the server forks it nevertheless, perhaps later
        await _end_process(life)
        raise


async def _end_process(life: socket.socket) -> None:
    """Kill the process, if it still runs, and wait until it has ended; one that was not forked yet ends first."""
    with life:
        with suppress(OSError):  # it has ended
            life.shutdown(socket.SHUT_WR)
        while await asyncio.get_running_loop().sock_recv(life, 1):
            pass


processes = ReadingProcesses()
atexit.register(processes.end_server)
