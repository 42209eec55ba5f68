"""A blurred photo waits until its sender sends another, or says that it is right; then it counts like any."""

from PIL import ImageFilter

from simulator.crowd.client import text_of
from tests.formats.test_file_checks import saved, scene, voice
from tests.stories.town import Town
from tests.stories.work.test_kinds import at_work, open_project

ROWS = "text\nyour street\nyour door\nyour lamp\nyour chair\n"
KEEP = "👍 Take this photo"


def count(town: Town) -> int:
    found: int = town.one("SELECT count(*) FROM submissions")
    return found


async def test_a_photo_that_is_no_good_waits_for_another_or_for_a_word(home: Town):
    _, number = await open_project(home, "photo", ROWS)
    ann, task = await at_work(home, "Ann")
    assert "with a photo" in text_of(task)
    blurred, sharp = saved(scene().filter(ImageFilter.GaussianBlur(9))).getvalue(), saved(scene()).getvalue()
    await ann.upload(blurred, "a.jpg", kind="photo")
    asked = await ann.wait_for("looks blurred")
    assert "Would you take another one" in text_of(asked)
    assert count(home) == 0
    await ann.upload(sharp, "b.jpg", kind="photo")  # the task is answered by the second one
    await ann.wait_for("your door")
    assert count(home) == 1
    assert home.one("SELECT handed_in FROM retakes") == ""
    await ann.press(KEEP, asked)  # its matter is over
    await home.until(lambda: any("nothing left to press" in text_of(message) for message in ann.messages))
    await ann.upload(saved(scene(), quality=60).getvalue(), "c.jpg", kind="photo")
    await ann.press(KEEP, await ann.wait_for("sent for another task"))
    await ann.wait_for("your lamp")
    await home.until(lambda: any("counts as it is" in text_of(message) for message in ann.messages))
    assert count(home) == 2
    await ann.upload(blurred, "d.jpg", kind="photo")  # they have said once that they know what they send
    await ann.wait_for("your chair")
    assert home.one("SELECT count(*) FROM retakes WHERE kept = 1") == 1
    assert count(home) == 3
    home.is_in_order()
    assert number == 1


async def test_what_waits_when_time_is_up_is_the_answer(home: Town):
    await open_project(home, "photo", ROWS, minutes="1")
    ann, _ = await at_work(home, "Ann")
    await ann.upload(saved(scene().filter(ImageFilter.GaussianBlur(9))).getvalue(), "a.jpg", kind="photo")
    await ann.wait_for("looks blurred")
    home.clock.skip(minutes=0.7)  # 18 s are left: too few to wait for a word
    await home.until(lambda: count(home) == 1)
    assert home.one("SELECT state FROM assignments ORDER BY id") == "submitted"
    home.is_in_order()


async def test_a_voice_message_nobody_can_hear_waits(home: Town):
    await open_project(home, "voice", "text\nsay hello\n")
    ann, _ = await at_work(home, "Ann")
    await ann.upload(voice(2, 0.0005).getvalue(), "a.oga", kind="voice")
    await ann.press("👍 Take this one", await ann.wait_for("Hardly anything can be heard"))
    await ann.wait_for("No task")
    assert count(home) == 1
