"""Tasks with media: what can't be had is told before the launch, workers see the rest."""

from simulator.crowd.client import text_of
from tests.simulator.test_files import png
from tests.stories.projects.test_file_addresses import site
from tests.stories.town import CAPTION, ask, next_task, town, with_lines


async def test_bad_addresses_are_told_by_row_and_workers_see_pictures_side_by_side(sqlite_url: str) -> None:
    files = {"/1.png": png(3, 2), "/2.png": png(2, 3), "/page.png": b"<html>"}
    async with site(files) as at, town(sqlite_url, private_destinations=True) as here:
        rosa, wim = await here.requester(), await here.worker("Wim")
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
