"""One set's way: file, pre-flight card, preview, launch, live progress, results, opened by a tool."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

from playwright.async_api import Error as BrowserError

from benchmarks.shows.requester import Requester, has, is_file, label, says
from benchmarks.shows.sets import Act, Shown, Task, Think
from benchmarks.shows.went import Money, Sight, Went, seen_by
from benchmarks.shows.worker import taken, told
from simulator.crowd.client import Phone, text_of
from simulator.values import Json

LAUNCH, TRY, END, ALLOW = "🚀 Launch", "🧪 Answer", "✖️", "✅ Let it start"
OVER, STEPS = "That was a preview", 6  # and acts on a preview at most
MONEY = re.compile(r"€([\d,]+(?:\.\d+)?)")
SHARE = re.compile(r"(\d+) ?%")
SETTLED = "is complete"
GONE, LEFT = ("answers", "top-ups", "fees"), ("held", "in case tasks take longer", "in dispute")


class Journey:
    """`asked`: what the crowd thinks at present; it is set when the project runs."""

    def __init__(self, rosa: Requester, admin: Phone, shown: Shown, folder: Path) -> None:
        self.rosa, self.admin, self.shown, self.folder = rosa, admin, shown, folder
        self.went, self.sights = Went(shown), list[Sight]()

    async def travel(self, asked: list[Think]) -> Went:
        began, acts = time.monotonic(), self.rosa.acts
        try:
            free, _ = await self._funds()
            card = await self._file()
            await self._preview(card)
            await self._launch(card)
            asked.append(self._think)
            await self._finished()
            self.went.as_worker = seen_by(self.went.preview, self.sights)
            await self._results()
            await self._settled(free)
        except (TimeoutError, AssertionError, LookupError, ValueError, KeyError, BrowserError) as problem:
            self.went.failed.append(f"{type(problem).__name__}: {problem}"[:600])
            await self._shot("problem")
        finally:
            asked.clear()
        self.went.seconds, self.went.acts = time.monotonic() - began, self.rosa.acts - acts
        return self.went

    def _think(self, task: Task) -> Act | None:
        """As the set does; what workers saw is kept."""
        self.sights.append(sight_of(task))
        return self.shown.think(task)

    async def _funds(self) -> tuple[int, str]:
        """Free money, and what `/funds` says of the project, as the requester reads it."""
        after = self.rosa.newest
        await self.rosa.say("/funds")
        text = text_of(await self.rosa.waits(says("Free:"), after))
        own = text.partition(f"\n{self.went.number}: ")[2].partition("\n\n")[0] if self.went.number else ""
        return millionths(next(line for line in text.splitlines() if line.startswith("Free:"))), own

    async def _settled(self, before: int) -> None:
        """The cost on the card, beside what was held, spent and returned."""
        free, own = await self._funds()
        if not own:
            raise LookupError("/funds does not name the project")
        parts = {name: amount_behind(name, own) for name in (*GONE, *LEFT, "back to you")}
        spent, left = (sum(parts[name] for name in names) for names in (GONE, LEFT))
        given = millionths(own.splitlines()[0].rpartition("·")[2])
        self.went.money = Money(self.went.card, self.went.held, given, spent, parts["back to you"], left, before - free)

    async def _file(self) -> Json:
        ids = [await self._media(each.content, each.name) for each in self.shown.media]
        after = self.rosa.newest
        await self.rosa.send(self.shown.file(ids), self.shown.file_name, self.shown.caption)
        card = await self.rosa.waits(lambda m: has(LAUNCH)(m) or says("Nothing was imported")(m), after)
        text = text_of(card)
        if not has(LAUNCH)(card):
            raise ValueError(text)
        self.went.number = int(re.findall(r"Project (\d+)", text)[0])
        self.went.card = millionths(text)
        right = next((line for line in text.splitlines() if line.startswith("🔮")), "")
        self.went.foretold = " to ".join(f"{each} %" for each in SHARE.findall(right)[1:3])
        await self._shot("1-preflight", card)
        return card

    async def _media(self, content: bytes, name: str) -> str:
        after = self.rosa.newest
        await self.rosa.send(content, name, voice=True)
        return text_of(await self.rosa.waits(says("Put this into a cell"), after)).split()[-1]

    async def _preview(self, card: Json) -> None:
        """The first task answered in the chat, as a worker would; step by step where it takes several."""
        after, dice = self.rosa.newest, Random(self.shown.name)
        await self.rosa.press(label(TRY, card), card)
        tried = await self.rosa.waits(has(END), after)
        await self._shot("2-preview", tried)
        task = await taken(self.rosa.phone, tried, dice)
        self.went.preview = sight_of(task)
        for _ in range(STEPS):
            act = self.shown.think(task)
            if act is None:
                raise LookupError(f"nobody could answer the preview: {text_of(tried)}")
            before = told(self.rosa.phone.shown[tried["message_id"]])
            await (self.rosa.press(act.press, tried) if act.press else self.rosa.say(act.say))
            tried = await self.rosa.waits(lambda m: told(m) != before and (has(END)(m) or says(OVER)(m)), after)  # noqa: B023 - awaited here
            if says(OVER)(tried):
                self.went.is_preview_over = "Your answer" in text_of(tried)
                return
            task = replace(task, message=tried)

    async def _launch(self, card: Json) -> None:
        after = self.rosa.newest
        await self.rosa.press(LAUNCH, card)
        if self.admin.card.get("asked") is None:  # a first project is looked at
            self.admin.card["asked"] = True
            await self.admin.press(ALLOW, await self.admin.wait_for_button(ALLOW))
        held = await self.rosa.waits(says("set aside"), after)
        self.went.held = millionths(text_of(held))

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
        if seen[-1:] != [100]:
            seen.append(100)
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
        self.went.broken = await asyncio.to_thread(self._broken, content, str(place.with_stem("broken-" + place.stem)))

    def _broken(self, content: bytes, name: str) -> str:
        """What is said of half of the download, “” if nothing is amiss with it."""
        try:
            opened = self.shown.check(content[: len(content) // 2], name)
        except Exception as problem:  # whatever the tool says
            return type(problem).__name__
        return "" if opened.whole else f"{opened.rows} rows"

    async def _shot(self, name: str, message: Json | None = None) -> None:
        await self.rosa.shot(f"{self.shown.name}-{name}", message)


def millionths(text: str) -> int:
    """The first amount."""
    return int(Decimal(MONEY.findall(text)[0].replace(",", "")) * 1_000_000)


def amount_behind(name: str, text: str) -> int:
    found = text.partition(f"{name} €")
    return millionths("€" + found[2]) if found[1] else 0


def sight_of(task: Task) -> Sight:
    labels = [each for each in task.labels if not each.startswith(END)]
    return Sight(text_of(task.message), tuple(labels), task.content)
