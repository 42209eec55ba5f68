"""Letters just written: the relay gets them once they are committed, and reads only what others wrote."""

from typing import Any

from domain.messages import Message
from domain.people.people import Person
from domain.refusals import Refusal
from storage.drivers.rows import Handed, Numbered


class Written(Handed, Numbered):
    """A letter to whoever acts: the row's `values`, its `reader`, and what it says."""

    __slots__ = ("message", "reader", "values")
    signal = "outbox"

    def __init__(self, values: dict[str, Any], reader: Person | None, message: Message | Refusal) -> None:
        super().__init__()
        self.values, self.reader, self.message = values, reader, message

    @property
    def is_whole(self) -> bool:
        """False where its number is not known."""
        return self.id is not None

    @property
    def is_due(self) -> bool:
        return bool(self.values["due_at"] <= self.values["now"])
