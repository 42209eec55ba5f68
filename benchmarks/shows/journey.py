"""One set's way: file, pre-flight card, preview, launch, live progress, results, opened by a tool."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.shows.requester import Requester, has, is_file, label, says
from benchmarks.shows.sets import Opened, Shown, Think
from simulator.crowd.client import Phone, text_of
from simulator.values import Json

LAUNCH, TRY, END, ALLOW = "🚀 Launch", "🧪 Answer", "✖️", "✅ Let it start"
MONEY = re.compile(r"€([\d,]+(?:\.\d+)?)")
SHARE = re.compile(r"(\d+) ?%")
SETTLED = "is complete"


@dataclass(slots=True)
class Went:
    """What a set's way was like."""

    shown: Shown
    number: int = 0
    cost: str = ""
    held: str = ""
    foretold: str = ""
    preview: bool = False
    progress: list[int] = field(default_factory=list)
    acts: int = 0
    seconds: float = 0.0
    answers: int = 0
    opened: Opened | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """All five: an exact cost, a preview, progress that moved, results, nothing in the way."""
        moved = len(set(self.progress)) >= 3
        return self.preview and moved and self.cost == self.held != "" and self.opened is not None and not self.problems


class Journey:
    """`asked`: what the crowd thinks at present; it is set when the project runs."""

    def __init__(self, rosa: Requester, admin: Phone, shown: Shown, folder: Path) -> None:
        self.rosa, self.admin, self.shown, self.folder = rosa, admin, shown, folder
        self.went = Went(shown)

    async def travel(self, begin: Think, asked: list[Think]) -> Went:
        began, acts = time.monotonic(), self.rosa.acts
        try:
            card = await self._file()
            await self._preview(card)
            await self._launch(card)
            asked.append(begin)
            await self._finished()
            await self._results()
        except (TimeoutError, AssertionError, LookupError, ValueError, KeyError) as problem:
            self.went.problems.append(f"{type(problem).__name__}: {problem}"[:600])
            await self._shot("problem")
        finally:
            asked.clear()
        self.went.seconds, self.went.acts = time.monotonic() - began, self.rosa.acts - acts
        return self.went

    async def _file(self) -> Json:
        ids = [await self._media(each.content, each.name) for each in self.shown.media]
        after = self.rosa.newest
        await self.rosa.send(self.shown.file(ids), self.shown.file_name, self.shown.caption)
        card = await self.rosa.waits(lambda m: has(LAUNCH)(m) or says("Nothing was imported")(m), after)
        text = text_of(card)
        if not has(LAUNCH)(card):
            raise ValueError(text)
        self.went.number = int(re.findall(r"Project (\d+)", text)[0])
        self.went.cost = MONEY.findall(text)[0]
        right = next((line for line in text.splitlines() if line.startswith("🔮")), "")
        self.went.foretold = " to ".join(f"{each} %" for each in SHARE.findall(right)[1:3])
        await self._shot("1-preflight", card)
        return card

    async def _media(self, content: bytes, name: str) -> str:
        after = self.rosa.newest
        await self.rosa.send(content, name, voice=True)
        return text_of(await self.rosa.waits(says("Put this into a cell"), after)).split()[-1]

    async def _preview(self, card: Json) -> None:
        after = self.rosa.newest
        await self.rosa.press(label(TRY, card), card)
        tried = await self.rosa.waits(has(END), after)
        await self._shot("2-preview", tried)
        await self.rosa.press(label(END, tried), tried)
        await self.rosa.waits(says("That was a preview"), after)
        self.went.preview = True

    async def _launch(self, card: Json) -> None:
        after = self.rosa.newest
        await self.rosa.press(LAUNCH, card)
        if self.admin.card.get("asked") is None:  # a first project is looked at
            self.admin.card["asked"] = True
            await self.admin.press(ALLOW, await self.admin.wait_for_button(ALLOW))
        held = await self.rosa.waits(says("set aside"), after)
        self.went.held = MONEY.findall(text_of(held))[0]

    async def _finished(self) -> None:
        """Every state of the one message of progress that the phone shows."""
        after, done, seen = self.rosa.newest - 3, False, self.went.progress
        begun = time.monotonic()
        while not done:
            live = await self.rosa.waits(lambda m: "▱" in text_of(m) or "▰" in text_of(m), after)
            share = int(SHARE.findall(text_of(live))[0])
            if not seen or seen[-1] != share:
                seen.append(share)
                if 35 <= share <= 75 and not any(35 <= each <= 75 for each in seen[:-1]):
                    await self._shot("3-progress", live)
            done = any(SETTLED in text_of(m) for m in self.rosa.phone.messages if m["message_id"] > after)
            if time.monotonic() - begun > 240:
                raise TimeoutError(f"not complete after 240 s: {text_of(live)}")
            await asyncio.sleep(0.2)
        live = await self.rosa.waits(lambda m: "100" in text_of(m) and "▰▰▰▰" in text_of(m), after)
        self.went.answers = int(re.findall(r"(\d+) answers?", text_of(live))[0])

    async def _results(self) -> None:
        unasked = await self.rosa.waits(lambda m: "document" in m, self.rosa.newest - 8)
        after = max(self.rosa.newest, unasked["message_id"])
        command, _, asked = self.shown.results.rpartition(" ")
        await self.rosa.say(f"/{(command or 'results').lower()} {self.went.number} {asked}")
        file = await self.rosa.waits(is_file, after)
        content = await self.rosa.download(file)
        await self._shot("4-results", file)
        place = self.folder / f"{self.shown.name}-{file['document']['file_name']}"
        self.went.opened = await asyncio.to_thread(self.shown.check, content, str(place))

    async def _shot(self, name: str, message: Json | None = None) -> None:
        await self.rosa.shot(f"{self.shown.name}-{name}", message)
