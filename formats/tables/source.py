"""A file that can be read again from its start, without a copy of it in memory."""

from __future__ import annotations

import hashlib
import io
import threading
from typing import Any, BinaryIO, cast


class _View(io.RawIOBase):
    """Reads a shared file at its own position; closing it leaves the file open."""

    def __init__(self, file: BinaryIO, lock: threading.Lock) -> None:
        self._file = file
        self._lock = lock
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}
        with self._lock:
            self._at = self._file.seek(0, io.SEEK_END) + offset if whence == io.SEEK_END else starts[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        with self._lock:
            self._file.seek(self._at)
            read = self._file.read(len(view))
        view[: len(read)] = read
        self._at += len(read)
        return len(read)


class Source:
    """Bytes, or a seekable binary file that the caller keeps open for as long as rows are read."""

    def __init__(self, data: bytes | BinaryIO) -> None:
        self._data = data
        self._lock = threading.Lock()

    def open(self) -> BinaryIO:
        """The file from its start, independent of every other opening."""
        if isinstance(self._data, bytes | bytearray):
            return io.BytesIO(self._data)
        return cast(BinaryIO, io.BufferedReader(_View(self._data, self._lock), 1 << 16))

    def head(self, size: int) -> bytes:
        with self.open() as file:
            return file.read(size)

    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.open() as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()
