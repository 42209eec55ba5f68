"""Finds duplicate ids in a file, in eight bytes an id."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from formats.errors import RowError, problem


class Keys:
    """Remembers a fingerprint of each id."""

    def __init__(self) -> None:
        self._prints = array("q")

    def add(self, key: str | None) -> None:
        if key is not None:
            self._prints.append(hash(key))

    def repeated(self) -> frozenset[int]:
        """Fingerprints met twice: of repeated ids, and very rarely of two that differ."""
        if not self._prints:
            return frozenset()
        import numpy as np  # here: 20 MB that the bot's start does not need

        ordered = np.sort(np.frombuffer(self._prints, dtype=np.int64))
        return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


def repeats(found: Iterable[tuple[int, str | None]], repeated: frozenset[int], title: str) -> Iterator[RowError]:
    """A problem for each second use of an id among (line, id), naming the line of the first."""
    first: dict[str, tuple[int, int]] = {}
    for at, (line, key) in enumerate(found):  # an array of objects may stand on one line
        if key is not None and hash(key) in repeated and first.setdefault(key, (at, line))[0] != at:
            yield problem(line, title, key, "id_once", first=first[key][1])
