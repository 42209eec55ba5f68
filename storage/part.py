"""A part of the unit of work: the records of one family of tables."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class Part(Generic[T]):
    """A descriptor: its records are created at first use, then kept on the unit. `make` gets the unit."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, unit: None, owner: type) -> Self: ...
    @overload
    def __get__(self, unit: object, owner: type) -> T: ...
    def __get__(self, unit: object | None, owner: type) -> Any:
        if unit is None:
            return self
        made = unit.__dict__[self.name] = self.make(unit)
        return made


class ConnectionPart(Part[T]):
    """Records that know the connection alone: created at first use of any of its units, then kept on it."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        super().__init__(lambda unit: unit.connection.parts.setdefault(self.name, make(unit.connection)))
