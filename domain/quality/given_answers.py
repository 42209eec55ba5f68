"""A project's answers in arrays of fixed width: a million of them take 20 MB, not 250."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ENOUGH_GOLD = 10  # answered gold tasks from which they weigh people, classes and models, and calibrate
Gold = Mapping[int, Sequence[str]]
"""The accepted answers of each task that has any."""


@dataclass(frozen=True, slots=True)
class Said:
    """One worker's answer to one task."""

    task: int
    worker: int
    answer: str


class GivenAnswers(Sequence[Said]):
    """In the order of arrival. `said` is the number of the words in `words`."""

    def __init__(self) -> None:
        self.task, self.worker, self.said = array("q"), array("q"), array("i")
        self._number: dict[str, int] = {}
        self.words: list[str] = []

    def add(self, task: int, worker: int, answer: str) -> None:
        if answer not in self._number:
            self._number[answer] = len(self.words)
            self.words.append(answer)
        self.task.append(task)
        self.worker.append(worker)
        self.said.append(self._number[answer])

    @classmethod
    def of(cls, said: Sequence[Said]) -> "GivenAnswers":
        if isinstance(said, GivenAnswers):
            return said
        given = cls()
        for each in said:
            given.add(each.task, each.worker, each.answer)
        return given

    def __len__(self) -> int:
        return len(self.task)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        return Said(self.task[place], self.worker[place], self.words[self.said[place]])

    def __iter__(self) -> Iterator[Said]:
        return map(Said, self.task, self.worker, map(self.words.__getitem__, self.said))
