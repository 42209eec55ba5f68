"""A private project: tried on ten tasks, by invited people only, paused and taken up again, then cloned."""

from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import CAPTION, Town, ask, csv, draft, is_task, next_task, with_lines


async def test_invited_people_try_ten_tasks_and_the_rest_follows(home: Town):
    rosa, ben = await home.requester(), await home.worker("Ben")
    await rosa.upload(csv("first"), "reviews.csv", with_lines(CAPTION, who="country=Narnia, invited"))
    assert "country=Narnia" in text_of(await rosa.wait_for("Narnia"))
    number = await draft(rosa, csv(*(f"review {n}" for n in range(12))), with_lines(CAPTION, who="invited"))
    link = await ask(rosa, f"/invite {number}", "Whoever opens it")
    token = link.partition("start=")[2].split()[0]
    await rosa.say(f"/pilot {number}")
    await rosa.wait_for("0 of 12")
    assert "No task" in await ask(ben, "/work", "No task")  # nothing is said of it
    zoe = await home.phone("Zoé", role="worker")
    await zoe.say(f"/start {token}")
    await zoe.wait_for("invites you to")
    await zoe.wait_for("this is Pouce")
    await zoe.press("✅ I agree")
    await zoe.wait_for("🎉")
    shown = await zoe.wait_for(is_task)
    for _ in range(9):
        await zoe.press("positive")
        shown = await next_task(zoe)
        assert is_task(shown)
    await zoe.press("positive")
    await zoe.wait_for("No task")
    done = await rosa.wait_for("the first tasks are done")
    assert "🚀 Launch the 2 other tasks" in [each["text"] for each in buttons_of(done)]
    await rosa.say(f"/hold {number}")
    await rosa.wait_for("You paused it")
    assert home.rows("SELECT count(*) FROM submissions") == [(10,)]
