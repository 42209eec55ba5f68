"""What the campaign is about: a file, its form, what people think of its rows, and the tool that opens the results."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from simulator.crowd.client import buttons_of, text_of
from simulator.values import Json

NUMBERED = re.compile(r"№ ?(\d+)")
Think = Callable[["Task"], "Act | None"]


@dataclass(frozen=True, slots=True)
class Task:
    """As a worker has it in the chat; `content`: the bytes of its picture or sound, as a phone fetches them."""

    person: int
    message: Json
    dice: Random
    content: bytes | None

    @property
    def row(self) -> int | None:
        """The number that its text shows."""
        found = NUMBERED.search(text_of(self.message))
        return int(found[1]) if found else None

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for button in buttons_of(self.message)]


@dataclass(frozen=True, slots=True)
class Act:
    """A button pressed on a task, or words sent."""

    press: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the tool found in the download: how many rows, whether it is the `whole` of what was asked, and the share
    that is right (or a distance, as told)."""

    tool: str
    rows: int
    whole: bool
    right: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of the requester's: media sent before the table, to have their ids."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the six. `rows` have what `think` needs to answer, by a text that its task shows and no other."""

    name: str
    shape: str
    source: str
    file_name: str
    caption: str
    rows: int
    file: Callable[[Sequence[str]], bytes]
    """From the ids of the media that were sent before."""
    think: Think
    results: str
    """The words behind `/results N`."""
    check: Callable[[bytes, str], Opened]
    media: Sequence[Sent] = ()


def captioned(instructions: Sequence[str], question: Sequence[str] = (), **lines: str) -> str:
    """A project in one message; each of its questions is a line."""
    told = [*lines.items(), ("instructions", "\n".join(instructions)), *(("question", each) for each in question)]
    return "\n".join(["/newproject", *(f"{key}: {value}" for key, value in told)])
