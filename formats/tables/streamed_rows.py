"""Rows that are read again on each pass, so that a file of any size needs little memory."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import overload

from formats.tables.tasks import PackedRow, SpooledRow, TaskRow, packed, unpacked


class StreamedRows(Sequence[TaskRow]):
    """An index reads up to it."""

    def __init__(self, columns: tuple[str, ...], count: int) -> None:
        self._columns, self._count = columns, count

    def __len__(self) -> int:
        return self._count

    @abstractmethod
    def spooled(self) -> Iterator[SpooledRow]: ...

    def packed(self) -> Iterator[PackedRow]:
        """As the database keeps them."""
        return packed(self._columns, self.spooled())

    def __iter__(self) -> Iterator[TaskRow]:
        return map(unpacked, self.packed())

    @overload
    def __getitem__(self, index: int) -> TaskRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[TaskRow]: ...
    def __getitem__(self, index: int | slice) -> TaskRow | list[TaskRow]:
        wanted = range(self._count)[index]
        if isinstance(wanted, int):
            return next(islice(self, wanted, None))
        first = min(wanted, default=0)
        kept = list(islice(self, first, max(wanted, default=-1) + 1))
        return [kept[at - first] for at in wanted]
