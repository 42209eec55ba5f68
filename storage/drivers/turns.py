"""Turns of writers in several processes: all of the house, or some shards of its projects at a time.

A transaction reads, decides and writes as if nobody else did. So it has the house's turn, and every other waits until
it has ended. Where processes share the work, transactions of a known scope take a share of the turn, which excludes
only those that need all of it, and the turns of their projects' shards, in order. One that would write beyond its scope
is undone and begun again with the turn of the house (`NeedsHouse`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


class NeedsHouse(BaseException):
    """A transaction that has a share of the turn needs all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The tables that such transactions may write to, and the shards that they write for: `shards(unit, [about, …])` is
    asked before they have any turn, and reads what never changes."""

    tables: frozenset[str]
    shards: Callable[[Any, list[Any]], Iterable[int]] = lambda unit, about: ()


LOOKING = Scope(frozenset({"leases"}))  # a sweep that most often finds nothing to do


class Share:
    """What the transactions under way may do: all, without a scope."""

    def __init__(self) -> None:
        self.scope: Scope | None = None
        self.shards: frozenset[int] = frozenset()

    def take(self, scope: Scope | None, shards: Iterable[int] = ()) -> None:
        self.scope, self.shards = scope, frozenset(shards)

    def may_write(self, table: str) -> None:
        if self.scope is not None and table not in self.scope.tables:
            raise NeedsHouse(table)

    def needs_shard(self, shard: int) -> None:
        if self.scope is not None and shard not in self.shards:
            raise NeedsHouse(shard)

    def needs_house(self) -> None:
        if self.scope is not None:
            raise NeedsHouse("all")
