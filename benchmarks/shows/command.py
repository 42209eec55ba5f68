"""python -m benchmarks shows [--data DIR] [--sounds DIR] [--pictures DIR] [--sets NAME …] [--rows N] [--write]

Six data sets of different shapes in six formats go from a file to results by chat alone: the requester acts in a real
browser on the phone of the local Telegram, against the real bot; twelve people answer. Each way has the pre-flight
card, a preview, live progress and a download that its tool opens. Exits 1 where one did not go well.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from playwright.async_api import async_playwright

from benchmarks.shows import birds, media, texts
from benchmarks.shows.journey import Journey
from benchmarks.shows.requester import Requester
from benchmarks.shows.sets import Shown, Think
from benchmarks.shows.went import Went
from benchmarks.shows.worker import Worker
from benchmarks.tables import WRITE, keep
from bot.demo import story
from bot.demo.demo import running_house
from simulator.crowd.client import Phone
from simulator.running import Telegram
from tests.browser import arguments as browser_arguments
from tests.browser import find

PEOPLE, PACE, EUROS = 12, 0.15, 1_000
WIDE, HIGH = 430, 900


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    went = asyncio.run(_campaign(options))
    text = page(went)
    print(text)
    if options.write:
        keep("shows", "Six data sets from a file to results, by chat alone", "shows --data DIR --sounds DIR", text)
    return 0 if all(each.is_well and not each.unseen for each in went) else 1


def shown(options: argparse.Namespace) -> list[Shown]:
    rows = options.rows
    reviews, tweets = texts.sentences(options.data, "amazon_reviews"), texts.sentences(options.data, "tweets")
    known = [*story.pick_evenly([s for s in reviews if abs(s.mean) >= story.CLEAR_MEAN], texts.GOLD)]
    usual = [s for s in reviews if s not in known]
    mixed = [known[at // 5] if at % 5 == 0 and at // 5 < len(known) else usual[at] for at in range(rows)]
    every = [
        texts.text(mixed),
        media.pictures(rows // 2),
        media.sounds(options.sounds),
        texts.comparisons(usual[100 : 100 + rows]),
        texts.numbers(tweets[:: max(1, len(tweets) // (rows // 2))][: rows // 2]),
        texts.form(usual[300 : 300 + rows // 2]),
        *birds.birds(options.data, rows // 2),
    ]
    return [each for each in every if not options.sets or each.name in options.sets]


async def _campaign(options: argparse.Namespace) -> list[Went]:
    asked: list[Think] = []
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pouce-shows-") as folder:
        async with running_house(folder, unhurried=False) as (telegram, _), _crowd(telegram, asked):
            told = await story.prepare_house(telegram, EUROS)
            async with _browser(telegram, told.requester, options.pictures) as rosa:
                went = []
                for each in shown(options):
                    went.append(await Journey(rosa, told.admin, each, Path(folder)).travel(asked))
                    print(row(went[-1]), *went[-1].problems(), *went[-1].unseen, sep="\n", flush=True)
                return went


@asynccontextmanager
async def _crowd(telegram: Telegram, asked: list[Think]) -> AsyncIterator[None]:
    """People at work as long as the block lasts; without a project they rest."""
    phones = [await telegram.phone(f"Worker {number}", role="worker") for number in range(PEOPLE)]
    people = [Worker(phone, lambda: asked[0] if asked else None, n, PACE) for n, phone in enumerate(phones)]
    for each in people:
        await each.begin()
    tasks = [asyncio.create_task(each.work()) for each in people]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for problem in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(problem, Exception):
                print(f"a worker failed: {problem!r}", flush=True)


@asynccontextmanager
async def _browser(telegram: Telegram, phone: Phone, pictures: Path | None) -> AsyncIterator[Requester]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
        context = await browser.new_context(viewport={"width": WIDE, "height": HIGH}, accept_downloads=True)
        opened = await context.new_page()
        await opened.goto(f"{telegram.url}/#p={phone.id}")
        yield Requester(opened, phone, pictures)
        await browser.close()


HEAD = (
    "| set | answered by | file | tasks | card | held | spent | back | preview | progress | answers "
    "| download opened by | rows | card: right | right | controls | well |\n"
    "| --- | --- | --- | --: | --: | --: | --: | --: | --- | --- | --: | --- | --: | --- | --- | --- | --- |"
)
EXPLAINED = """\
A requester acts in a real browser (Chromium) on the local Telegram's phone, against the real bot; twelve people answer,
in a fraction of a second. Each way is chat alone: the file with its form as a caption; the pre-flight card; a task
answered as a preview; the launch; progress in one message; results downloaded by a press and opened by the tool they
are for; `/funds`.

- *Card, held, spent, back*: the cost on the card, what the launch set aside, and of `/funds` at the end what answers
  and fees took and what came back, to the millionth. Well: card = held = spent + back, nothing is left in the project,
  and the requester's free money fell by what was spent.
- *Preview*: the first task answered by the requester; “same” where a worker then saw its text, its buttons and its
  picture or sound (but for the mark 🧪, and the sides of a comparison, which are shuffled per worker).
- *Progress*: the different states of the one live message, from its first to 100 %.
- *Card: right*: the range in which the card foretells what is right, where it does; *right*: what came.
- *Controls*: this very way with one thing wrong must not pass: half of the download given to the tool (what it says
  then), none, an amount off by a cent or a millionth, progress that stands still, a preview nobody answered."""


def page(went: list[Went]) -> str:
    return "\n".join([EXPLAINED, "", HEAD, *map(row, went), "", *_told(went)])


def _told(went: list[Went]) -> Iterator[str]:
    well = [each for each in went if each.is_well and not each.unseen]
    yield f"{len(well)} of {len(went)} went well from the file to the opened results, and all their controls turn red."
    acts, seconds = (sorted(values) for values in zip(*((each.acts, each.seconds) for each in went), strict=True))
    yield f"Messages and presses of the requester: {acts[0]} to {acts[-1]}, in {seconds[0]:.0f} to {seconds[-1]:.0f} s."
    yield "What is right: " + "; ".join(f"{each.shown.name}: {each.opened.told}" for each in went if each.opened) + "."
    for each in went:
        yield from (f"\n- {each.shown.name}: {problem}" for problem in each.problems())
        yield from (f"\n- {each.shown.name}: a control that nobody saw: {name}" for name in each.unseen)


def row(went: Went) -> str:
    about, opened, money = went.shown, went.opened, went.money
    cells = [about.name, about.source, f"`{about.file_name}`", about.rows]
    cells += [euros(each) for each in (money.card, money.held, money.spent, money.back)] if money else [""] * 4
    cells += [("answered, " * went.is_preview_over + ("same" if went.as_worker else "other")), _moved(went.progress)]
    cells += [went.answers, opened.tool if opened else "", opened.rows if opened else "", went.foretold]
    cells += ["" if opened is None or opened.right is None else f"{opened.right:.0%}", _controls(went)]
    return f"| {' | '.join(map(str, cells))} | {'yes' if went.is_well else '**no**'} |"


def _moved(progress: list[int]) -> str:
    return f"{len(set(progress))} states, {progress[0]} to {progress[-1]} %" if progress else "none"


def _controls(went: Went) -> str:
    return f"{sum(seen for _, seen in went.controls())} of {len([*went.controls()])} red ({went.broken})"


def euros(amount: int) -> str:
    """With cents, and as many digits more as it has."""
    exact = f"{Decimal(amount) / 1_000_000:.6f}"
    return f"€{exact[:-4]}{exact[-4:].rstrip('0')}"


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks shows", description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        help="a folder with vader/*.csv and crowd/bird; by default what comes with the simulator, and no birds",
    )
    parser.add_argument("--sounds", type=Path, help="a folder of recordings named by what is said: Front_Left.wav")
    parser.add_argument("--pictures", type=Path, help="where screenshots go; by default none are taken")
    parser.add_argument("--sets", nargs="*", help="text pictures sounds comparisons numbers form birds")
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--write", action="store_true", help=WRITE)
    return parser.parse_args(arguments)
