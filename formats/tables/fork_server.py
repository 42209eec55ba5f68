"""`python -m formats.tables.fork_server SOCKET`: forks a process for each file, which would take ten times as long to
load its modules as to read a usual file.

SOCKET is the number of an open socket. Each message on it is a byte that brings open files: the sockets LIFE and TALK,
then those of `formats.tables.child.read_file`. A byte on LIFE says that the process has begun, the end of LIFE that it
has ended. Once the other side of LIFE is shut the process is killed. The server ends with its parent, whose end closes
SOCKET, and after a while without a file; the processes end with it.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress

from formats.tables import child

BEGUN = b"."
IDLE = 60.0  # seconds without a file after which it ends
MOST = 8  # open files a message may bring


class ForkServer:
    """`living` holds LIFE by the pipe whose other end only the process has, with its number; a killed one has no LIFE
    that is waited for."""

    def __init__(self, asked: socket.socket) -> None:
        self.asked = asked
        self.living: dict[int, tuple[int, socket.socket]] = {}
        self.killed: set[int] = set()

    def run(self) -> None:
        """Until the parent ends, or nobody has asked for a while."""
        while ready := self._ready():
            for pipe, (process, life) in list(self.living.items()):
                if pipe in ready:
                    self._bury(pipe)
                elif life.fileno() in ready:
                    self.killed.add(pipe)
                    os.kill(process, signal.SIGKILL)
            if self.asked.fileno() in ready and not self._fork():
                break
        for process, _ in self.living.values():
            os.kill(process, signal.SIGKILL)

    def _ready(self) -> list[int]:
        lives = [life.fileno() for pipe, (_, life) in self.living.items() if pipe not in self.killed]
        watched = [self.asked.fileno(), *self.living, *lives]
        return select.select(watched, [], [], None if self.living else IDLE)[0]

    def _bury(self, pipe: int) -> None:
        process, life = self.living.pop(pipe)
        self.killed.discard(pipe)
        os.waitpid(process, 0)
        os.close(pipe)
        life.close()

    def _fork(self) -> bool:
        """False when the parent has ended."""
        asked, files, _, _ = socket.recv_fds(self.asked, 1, MOST)
        if not asked:
            return False
        life = socket.socket(fileno=files[0])
        pipe, other = os.pipe()
        parent, process = os.getpid(), os.fork()
        if process == 0:
            self._become_child(parent, life, files[1:])
        for file in (other, *files[1:]):
            os.close(file)
        self.living[pipe] = process, life
        with suppress(OSError):  # it is unwanted already
            life.send(BEGUN)
        return True

    def _become_child(self, parent: int, life: socket.socket, files: list[int]) -> None:
        """Never returns. What another process's LIFE is copied into would keep it open."""
        try:
            os.setsid()
            for each in (self.asked, life, *(life for _, life in self.living.values())):
                each.close()
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
