"""A worker used a chatbot for what they wrote, and says so: one press, paid as usual; the requester reads how many."""

from simulator.crowd.client import text_of
from tests.stories.town import Town, next_task, press_action, toast
from tests.stories.work.test_kinds import at_work, open_project

TOOL = "🤖 I used a tool"


async def test_a_worker_says_that_a_tool_wrote_it_and_the_requester_reads_how_many(home: Town):
    rosa, number = await open_project(home, "text", "text\nOne\nTwo\nThree\n", overlap=2)
    for name in ("Ann", "Ben"):
        worker, _ = await at_work(home, name)
        assert any("without a chatbot" in text_of(message) for message in worker.messages)
        for answer in ("a red cat", "a blue dog", "a green bird"):
            await worker.say(answer)
            await next_task(worker)
        if name == "Ann":
            assert "stays the same" in await toast(worker, await press_action(worker, TOOL))
            assert home.one("SELECT count(*) FROM tool_uses") == 1
    await rosa.say(f"/quality {number}")
    told = text_of(await rosa.wait_for("what the results are worth"))
    assert "Do people agree?" in told
    assert "1 answer was made with a tool" in told
