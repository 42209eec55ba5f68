"""A worker meets a scam: two presses stop it for everybody until an admin has looked."""

from simulator.crowd.client import text_of
from tests.stories.town import Town, answer, ask, csv, next_task, press_action


async def test_a_scam_is_stopped_by_its_first_report(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Open an account", "Send its password", "Sell it"))
    ann = await home.worker("Ann")
    await ann.say("/work")
    await next_task(ann)
    await answer(ann, "positive")
    await press_action(ann, "🚩 Report")
    await ann.wait_for("What is wrong with this task")
    await ann.press("🎣 It is a scam")
    await ann.wait_for("reported. Thank you")
    await rosa.wait_for("Workers reported it")
    card = await home.admin.wait_for("by Rosa .* is paused")
    assert "It is a scam" in text_of(card)
    assert home.one("SELECT paused FROM projects WHERE id = :number", number=number) == "reports"
    await home.admin.press("⏹ End it, with a reason", card)
    await ask(home.admin, "It asks people to open accounts for others.", "it has ended")
    assert "open accounts for others" in text_of(await ann.wait_for("looked at it, and it has ended"))
    assert "was answered is paid" in text_of(await rosa.wait_for("An admin ended"))
    assert home.balance(f"worker:{ann.id}:available") == 50_000
