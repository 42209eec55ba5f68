"""`python -m formats.tables.fork_server SOCKET`: forks a process for each file, because loading its modules takes
ten times as long as reading a usual file.

SOCKET is the number of an open socket. Each message on it is a byte that brings open files: the sockets LIFE and
TALK, then those of `formats.tables.child.read_file`. A byte on LIFE says that the process has begun, the end of
LIFE that it has ended. Once the other side of LIFE is shut the process is killed. The server ends with its parent,
whose end closes SOCKET, and after a while without a file; the processes end with it."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress

from formats.tables import child

BEGUN_BYTE = b"."
IDLE_SECONDS = 60.0  # seconds without a file after which it ends
MAX_FILES = 8  # open files a message may bring


class ForkServer:
    """The server's processes. `living` holds the number and LIFE of each by a pipe whose other end only the process
    has; nobody waits for LIFE of a process that was `killed`."""

    def __init__(self, asked: socket.socket) -> None:
        self.asked = asked
        self.living: dict[int, tuple[int, socket.socket]] = {}
        self.killed: set[int] = set()

    def run(self) -> None:
        """Serve until the parent ends or no file has come for a while; then kill the remaining processes."""
        while ready := self._wait_for_files():
            for pipe, (process, life) in list(self.living.items()):
                if pipe in ready:
                    self._reap(pipe)
                elif life.fileno() in ready:
                    self.killed.add(pipe)
                    os.kill(process, signal.SIGKILL)
            if self.asked.fileno() in ready and not self._fork():
                break
        for process, _ in self.living.values():
            os.kill(process, signal.SIGKILL)

    def _wait_for_files(self) -> list[int]:
        """Return the files that are ready to be read; [] after IDLE_SECONDS without a process."""
        lives = [life.fileno() for pipe, (_, life) in self.living.items() if pipe not in self.killed]
        watched = [self.asked.fileno(), *self.living, *lives]
        return select.select(watched, [], [], None if self.living else IDLE_SECONDS)[0]

    def _reap(self, pipe: int) -> None:
        """Wait for a process that has ended, and close its files."""
        process, life = self.living.pop(pipe)
        self.killed.discard(pipe)
        os.waitpid(process, 0)
        os.close(pipe)
        life.close()

    def _fork(self) -> bool:
        """Fork a process for the next message. Return False if the parent has ended."""
        message, files, _, _ = socket.recv_fds(self.asked, 1, MAX_FILES)
        if not message:
            return False
        life = socket.socket(fileno=files[0])
        pipe, child_end = os.pipe()
        parent, process = os.getpid(), os.fork()
        if process == 0:
            self._become_child(parent, life, files[1:])
        for file in (child_end, *files[1:]):
            os.close(file)
        self.living[pipe] = process, life
        with suppress(OSError):  # it is unwanted already
            life.send(BEGUN_BYTE)
        return True

    def _become_child(self, parent: int, life: socket.socket, files: list[int]) -> None:
        """Read the file and exit; never return. Sockets of other processes are closed first, since a copy would
        keep their LIFE open."""
        try:
            os.setsid()
            for inherited in (self.asked, life, *(life for _, life in self.living.values())):
                inherited.close()
            for standard in (0, 1):
                os.dup2(files[0], standard)
            child.read_file(parent, *files[1:])
        finally:
            os._exit(0)


def main() -> None:
    gc.freeze()  # no process copies the memory of what is loaded only because it looks for garbage
    ForkServer(socket.socket(fileno=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
