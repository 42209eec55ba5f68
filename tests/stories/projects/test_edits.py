"""A running project's instructions are edited in the chat, with a picture, while somebody has a task of it."""

import io

from PIL import Image

from simulator.crowd.client import text_of
from tests.stories.town import Town, csv, is_task, press_action


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "orange").save(out, "JPEG")
    return out.getvalue()


async def test_the_next_task_says_what_changed_and_shows_the_picture(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely", "Awful", "Fine"))
    ann = await home.worker("Ann")
    await ann.say("/work")
    held = await ann.wait_for(is_task)
    await rosa.say(f"/project {number}")
    await home.until(lambda: "✏️ Instructions" in rosa.keyboard)
    await rosa.press("✏️ Instructions")
    page = await rosa.wait_for("What do you want to change")
    assert any("0 of 3 tasks done" in text_of(message) for message in rosa.messages)  # its progress goes on
    await rosa.press("🖼 Add a picture", page)
    await rosa.wait_for("Send a photo")
    await rosa.upload(photo(), "a.jpg", kind="photo")
    await rosa.press("📋 Instructions", await rosa.wait_for("Version 2"))
    await rosa.wait_for("one rule per line")
    await rosa.say("Read the review.\nIrony & <sarcasm> are negative.")
    await rosa.wait_for("Version 3")
    await press_action(ann, "📋 Instructions", held)
    assert "Is the writer pleased?" in text_of(await ann.wait_for("Version 1"))  # as the task came
    await ann.press("positive", held)
    await ann.wait_for(lambda message: is_task(message) and "The instructions have changed" in text_of(message))
    assert any(message.get("photo") for message in ann.messages)
    rules = await ann.wait_for("Version 3")
    assert "2. Irony & <sarcasm> are negative." in text_of(rules)
    assert home.rows("SELECT s.version, a.version FROM submissions s JOIN assignments a ON a.id = s.assignment") == [
        (1, 1)
    ]
