"""What one press of a worker executes: the real bot on SQLite, the local Telegram, every thread profiled."""

import asyncio
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from benchmarks.footprint.source import LAYERS
from tests.stories.town import Town, town

ROWS = b"text,gold\n" + b"".join(b"Sentence number %d.,\n" % number for number in range(30))
IDLE_SECONDS = 4.0  # sweeps of every period up to this one run at least once
SETTLE_SECONDS = 1.0  # until what a press asked for has been sent
NOT_THE_PROGRAM = "simulator"


@dataclass
class Recorder:
    """Collects the functions that any thread enters while it is on."""

    root: Path
    codes: set[CodeType] = field(default_factory=set)
    is_on: bool = False

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if self.is_on and event == "call":
            self.codes.add(frame.f_code)

    def take(self) -> set[tuple[str, str]]:
        """Return (file, function) of the program's functions collected since the last call, and forget them."""
        codes, self.codes = self.codes, set()
        layers = tuple(f"{self.root / layer}/" for layer in LAYERS if layer != NOT_THE_PROGRAM)
        found = (code for code in codes if code.co_filename.startswith(layers))
        return {(code.co_filename.removeprefix(f"{self.root}/"), code.co_qualname) for code in found}


@dataclass(frozen=True, slots=True)
class PressFootprint:
    """Files and functions that one press executes beyond those that run while nobody does anything."""

    files: tuple[str, ...]
    functions: int


def measure_press() -> PressFootprint:
    """Return what an answer by button executes, from its update until the next task stands in the chat."""
    recorder = Recorder(Path.cwd())
    threading.setprofile(recorder)
    sys.setprofile(recorder)
    try:
        return asyncio.run(_measure(recorder))
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]  # None switches it off


async def _measure(recorder: Recorder) -> PressFootprint:
    with tempfile.TemporaryDirectory(prefix="pouce-footprint-") as folder:
        async with town(f"sqlite:///{folder}/pouce.db") as here:
            worker = await _worker_with_task(here)
            for _ in range(3):  # caches are filled, and the first card's terms are agreed to
                await _answer(worker)
            recorder.is_on = True
            await asyncio.sleep(IDLE_SECONDS)
            idle = recorder.take()
            await _answer(worker)
            executed = recorder.take() - idle
            recorder.is_on = False
    return PressFootprint(tuple(sorted({file for file, _ in executed})), len(executed))


async def _worker_with_task(here: Town) -> Any:
    requester = await here.requester()
    await here.project(requester, ROWS)
    worker = await here.worker("Wim", pushed=False)
    await worker.say("/work")
    await worker.wait_for_button("positive")
    return worker


async def _answer(worker: Any) -> None:
    """Press the first option of the newest task, and wait for the next one and until nothing is sent any more."""
    await worker.press("positive")
    await worker.wait_for_button("positive")
    await asyncio.sleep(SETTLE_SECONDS)
