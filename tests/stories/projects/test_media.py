"""Tasks with media: what can't be had is told before the launch, workers see the rest."""

from simulator.crowd.client import text_of
from tests.formats.test_media import packed
from tests.simulator.test_files import png
from tests.stories.projects.test_file_addresses import site
from tests.stories.town import CAPTION, ask, next_task, town, with_lines


async def test_bad_addresses_are_told_by_row_and_workers_see_pictures_side_by_side(sqlite_url: str) -> None:
    files = {"/1.png": png(3, 2), "/2.png": png(2, 3), "/page.png": b"<html>"}
    async with site(files) as at, town(sqlite_url, private_destinations=True) as here:
        rosa, wim = await here.requester(), await here.worker("Wim", pushed=False)
        caption = with_lines(CAPTION, template="{text} {image_1} {image_2}")
        bad = f"text,image_1,image_2\na,{at}/1.png,{at}/none.png\nb,{at}/page.png,{at}/2.png\n".encode()
        await rosa.upload(bad, "pairs.csv", caption)
        told = text_of(await rosa.wait_for("Nothing was imported"))
        assert "line 2, image_2" in told
        assert "the server says 404" in told
        assert "line 3, image_1" in told
        assert "a picture: JPEG" in told
        good = f"text,image_1,image_2\nWhich?,{at}/1.png,{at}/2.png\n".encode()
        await here.project(rosa, good, caption)
        await wim.say("/work")
        task = await next_task(wim)
        assert "Which?" in text_of(task)
        assert at not in text_of(task)
        album = [message for message in wim.messages if "photo" in message]
        assert len({message["media_group_id"] for message in album}) == 1
        assert len(album) == 2
        assert "Is the review positive?" in await ask(rosa, "/project 1", "Is the review")


async def test_a_zip_with_its_table_shows_pictures_that_go_up_once(sqlite_url: str) -> None:
    cat = png(3, 2)
    table = b"text,image\nA cat?,cat.png\n"
    async with town(sqlite_url) as here:
        rosa, wim, zoe = (
            await here.requester(),
            await here.worker("Wim", pushed=False),
            await here.worker("Zoe", pushed=False),
        )
        caption = with_lines(CAPTION, overlap=2)
        await rosa.upload(packed({"t.csv": table, "cat.png": b"words"}), "cats.zip", caption)
        assert "line 2, image" in text_of(await rosa.wait_for("Nothing was imported"))
        await rosa.upload(packed({"t.csv": table, "cat.png": cat}), "cats.zip", caption)
        await rosa.wait_for("Project 1:")
        await rosa.say("/launch 1")
        await rosa.wait_for("set aside")
        seen = set()
        for phone in (wim, zoe):
            await phone.say("/work")
            task = await next_task(phone)
            assert "A cat?" in task["caption"]
            seen.add(task["photo"][-1]["file_id"])
        assert len(seen) == 1
        assert here.rows("SELECT content FROM media") == here.rows("SELECT content FROM project_media")
        await rosa.say("/results 1")
        results = (await rosa.download(await rosa.wait_for("Results of"))).decode("utf-8-sig")
        assert "cat.png" in results
        assert "media:" not in results


async def test_a_file_sent_to_the_bot_is_named_and_its_id_works_in_a_table(sqlite_url: str) -> None:
    async with town(sqlite_url) as here:
        rosa, wim = await here.requester(), await here.worker("Wim", pushed=False)
        await rosa.upload(png(3, 2), "cat.png", "", "photo")
        told = text_of(await rosa.wait_for("Put this into a cell"))
        await here.project(rosa, f"image\n{told.split()[-1]}\n".encode(), with_lines(CAPTION, template="{image}"))
        await wim.say("/work")
        assert "photo" in await next_task(wim)
