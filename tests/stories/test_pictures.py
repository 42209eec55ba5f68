"""Pictures that cannot be loaded: nobody is locked, the project rests, its requester is told, the money is right."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from storage.unit import UnitOfWork
from tests.simulator.test_files import png
from tests.stories.town import GOOD_REASONS, Town, ask, csv, draft

WORKERS, SECONDS = 8, 12
PICTURE_METHODS = ("sendPhoto", "editMessageMedia")
PICTURES = """/newproject
title: A cat?
instructions: Look at the picture.
options: yes, no
template: {image}
pay: 0.05
overlap: 12
minutes: 10080"""
REVIEWS = [f"Review {number}" for number in range(3 * WORKERS)]


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    """A requester's own server: `good` pictures are there, others are not."""

    async def answer(request: web.Request) -> web.Response:
        good = request.path.startswith("/good")
        return web.Response(body=png(3, 2), content_type="image/png") if good else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def rows(address: str, caption: str = "image") -> bytes:
    names = ("bad1", "bad2", "bad3", "good1", "good2", "good3")
    return "\n".join([caption, *(f"{address}/{name}.png" for name in names), ""]).encode()


def spoil(unit: UnitOfWork) -> None:
    """As a file was that came in before addresses were checked."""
    for number in (1, 2, 3):
        unit.connection.changed(
            "UPDATE tasks SET content = :content WHERE content LIKE :old",
            content=f'{{"image":"pictures/{number}.jpg"}}',
            old=f"%bad{number}%",
        )


async def town_with(here: Town, spoilt: bool) -> tuple[Phone, list[Phone]]:
    """A project of reviews, then one of pictures of which three are bad, and twelve who work."""
    rosa = await here.requester()
    crowd = [await here.worker(f"W{number}") for number in range(WORKERS)]
    async with site() as address:
        number = await draft(rosa, rows(address), PICTURES, "pictures.csv")
        if spoilt:
            await here.alter(spoil)
        await rosa.say(f"/launch {number}")
        await rosa.wait_for("set aside")
        await here.project(rosa, csv(*REVIEWS))
        await asyncio.gather(*(phone.say("/work") for phone in crowd))
        if not spoilt:
            await answer(here, crowd)
        await here.until(lambda: here.one("SELECT paused FROM projects WHERE id = 1") == "undelivered", SECONDS)
        for phone in crowd:
            await phone.until(lambda phone: answerable(phone), SECONDS)
    return rosa, crowd


async def answer(here: Town, crowd: list[Phone]) -> None:
    """A link can be opened, and answered: whoever goes on meets the others."""
    async with asyncio.timeout(30):
        while here.one("SELECT paused FROM projects WHERE id = 1") == "":
            for phone in crowd[:3]:
                shown = [each["text"] for message in phone.messages for each in buttons_of(message)]
                offered = [option for option in ("yes", "positive") if option in shown]
                if offered:
                    await phone.press(offered[0])
            await asyncio.sleep(0.3)


async def warned(rosa: Phone) -> Json:
    """What the requester reads; it may have come before the second project was launched."""

    def shown() -> list[Json]:
        return [message for message in rosa.messages if "3 of 6 pictures cannot be loaded" in text_of(message)]

    await rosa.until(lambda phone: bool(shown()))
    return shown()[-1]


def answerable(phone: Phone) -> bool:
    return any(button["text"] in ("yes", "positive") for m in phone.messages for button in buttons_of(m))


async def test_pictures_not_found_lock_nobody_and_rest_the_project(anywhere: Town):
    await check(anywhere, *await town_with(anywhere, spoilt=False))


async def test_cells_that_were_no_addresses_lock_nobody_and_rest_the_project(home: Town):
    home.reasons = (*GOOD_REASONS, "refused: Wrong file identifier")
    await check(home, *await town_with(home, spoilt=True))


async def check(here: Town, rosa: Phone, crowd: list[Phone]) -> None:
    """The requester is told, no worker has a task that is not shown, and no picture is tried for ever."""
    assert "is paused" in text_of(await warned(rosa))
    here.telegram.faults.clear()
    hidden = """SELECT count(*) FROM assignments a WHERE a.state = 'active'
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.assignment = a.id AND o.state IN ('sent', 'waiting'))"""
    assert here.one(hidden) == 0
    for phone in crowd:
        await ask(phone, "/work", "picture|Look at|Read the review")
    refused = [call for call in here.telegram.stats.log if call.code == 400 and call.method in PICTURE_METHODS]
    assert 3 <= len(refused) <= 6 * WORKERS


async def test_who_holds_a_hidden_task_from_before_is_freed_by_work_and_by_stop(home: Town):
    home.reasons = (*GOOD_REASONS, "refused")
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful", "So so"), minutes=10080)
    ann, bob = await home.worker("Ann"), await home.worker("Bob")
    for phone in (ann, bob):
        await ask(phone, "/work", "Read the review")

    await home.delivered()

    def hide(unit: UnitOfWork) -> None:
        unit.connection.changed(
            "UPDATE outbox SET state = 'dropped', reason = 'refused: wrong' WHERE assignment IS NOT NULL"
        )

    await home.alter(hide)
    first = home.one("SELECT task FROM assignments ORDER BY id LIMIT 1")
    await ask(ann, "/work", "Read the review")
    assert home.rows("SELECT state FROM assignments WHERE task = :task ORDER BY id LIMIT 1", task=first) == [
        ("returned",)
    ]
    await ask(bob, "/stop", "Paused")
    assert home.one("SELECT count(*) FROM assignments a WHERE state = 'active' AND worker = 4") == 0


async def test_the_requester_goes_on_all_the_same(home: Town):
    rosa, crowd = await town_with(home, spoilt=False)
    await rosa.press("▶️ Go on all the same", await warned(rosa))
    await home.until(lambda: home.one("SELECT paused FROM projects WHERE id = 1") == "")
    await crowd[0].say("/stop")
    await ask(crowd[0], "/work", "picture|Look at|Read the review")


@pytest.mark.parametrize(
    "reason",
    [
        "BUTTON_URL_INVALID",
        "inline keyboard button Web App URL 'http://bot.example/app/1?key=secret' is invalid: Only HTTPS links allowed",
    ],
)
async def test_a_refused_button_pauses_the_project_and_its_reason_is_told(home: Town, reason: str):
    """The requester can change nothing about it: the file is not blamed."""
    home.reasons = (*GOOD_REASONS, "refused")
    rosa, ann = await home.requester(), await home.worker("Ann")
    await home.project(rosa, csv("Lovely", "Awful", "So so", "Fine"))
    home.telegram.faults.add("refuse", "*", chat_id=ann.id, code=400, description=f"Bad Request: {reason}")
    await ann.say("/work")
    message = await rosa.wait_for("is paused")
    warning = text_of(message)
    assert "Telegram refuses a button of these tasks" in warning
    await home.until(lambda: home.one("SELECT paused FROM projects WHERE id = 1") == "buttons")
    alarm = text_of(await home.admin.wait_for("refuses a message for good"))
    for text in (warning, alarm):
        assert reason.split()[-1].lower() in text.lower()
        assert "secret" not in text
    assert "Your file is fine" in warning
    assert "PUBLIC_URL" in alarm
    await ask(rosa, "/project 1", "refuses a button of its tasks")
    home.telegram.faults.clear()
    await rosa.press("▶️ Go on all the same", message)
    await ask(ann, "/work", "Read the review")


async def test_a_letter_that_is_refused_for_good_is_told_in_short_and_to_admins(home: Town):
    home.reasons = (*GOOD_REASONS, "refused: Words nobody has heard before")
    ann = await home.worker("Ann")
    home.telegram.faults.add(
        "refuse",
        "sendMessage",
        code=400,
        chat_id=ann.id,
        count=1,
        description="Bad Request: words nobody has heard before",
    )
    await ask(ann, "/help", "did not take a message")
    assert "Words nobody has heard before" in text_of(await home.admin.wait_for("refuses a message for good"))


async def test_a_cell_that_is_no_address_is_refused_with_line_column_and_value(home: Town):
    rosa = await home.requester()
    await rosa.upload(rows("pictures"), "pictures.csv", PICTURES)
    told = text_of(await rosa.wait_for("pictures.csv"))
    assert "line 2, image" in told
    assert "pictures/bad1.png" in told
    assert home.rows("SELECT 1 FROM projects") == []


async def test_the_preview_shows_the_picture_and_not_its_address(home: Town):
    async with site() as address:
        rosa = await home.requester()
        await rosa.upload(f"image\n{address}/good1.png\n".encode(), "cats.csv", PICTURES)
        seen = await rosa.wait_for("What a worker sees")
        assert seen["photo"]
        assert "[ yes ] [ no ]" in seen["caption"]
        card = text_of(await rosa.wait_for(r"Project 1:"))
        assert address not in card + seen["caption"]
        await rosa.say("/preview 1")
        await home.until(lambda: sum("photo" in message for message in rosa.messages) == 2)


COMPARED = """/newproject
title: Which is sharper?
instructions: Look at both.
kind: compare
pay: 0.05
overlap: 1"""


async def test_two_pictures_are_compared_as_an_album_above_the_question(home: Town):
    async with site() as address:
        rosa = await home.requester()
        table = f"left,right\n{address}/good1.png,{address}/good2.png\n{address}/good3.png,{address}/bad1.png\n"
        await home.project(rosa, table.encode(), COMPARED)
        ann = await home.worker("Ann")
        await ann.until(lambda phone: "A" in phone.keyboard)
        task = ann.last
        assert "/good" not in text_of(task)
        shown = [message for message in ann.messages if "photo" in message]
        assert [text_of(message) for message in shown] == ["A", "B"]
        assert len({message["media_group_id"] for message in shown}) == 1
        await ann.press("B", task)
        links = {f"{address}/bad1.png"}
        await ann.wait_for(lambda message: links & {entity.get("url") for entity in message.get("entities", ())})
        assert sum("photo" in message for message in ann.messages) == 3


async def test_pictures_to_be_ranked_come_once_above_the_presses(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann", pushed=False)
    async with site() as address:
        row = ",".join(f"{address}/good{at}.png" for at in (1, 2, 3))
        form = "/newproject\ntitle: Order\ninstructions: Look.\nkind: rank\npay: 0.5\noverlap: 1\nseconds: 9"
        form += "\ncompare: fixed order"
        await draft(rosa, f"a,b,c\n{row}\n".encode(), form)
        assert sum("photo" in message for message in rosa.messages) == 3
        await rosa.say("/launch 1")
        await rosa.wait_for("set aside")
        await ann.say("/work")
        task = await ann.wait_for("Press them in order")
        for option in ("B", "A", "C"):
            await ann.press(option, task)
        await ann.press("✅ Done", await ann.wait_for_button("✅ Done"))
        await ann.wait_for("No task")
    assert sum("photo" in message for message in ann.messages) == 3
    assert home.one("SELECT consensus FROM tasks") == "B>A>C"
