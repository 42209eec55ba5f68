"""Two workers of one project talk on its board; nobody hears their names."""

from handlers.fairness.board import ShowReportedPost
from simulator.crowd.client import Phone, text_of
from tests.stories.town import Town, answer, ask, csv


async def open_board(phone: Phone, board: str, shown: str) -> str:
    await ask(phone, "/board", "without their names")
    await phone.press(board)
    return text_of(await phone.wait_for(shown))


async def test_a_worker_writes_under_another_name_and_a_colleague_replies(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("one", "two", "three"), overlap=2)
    ann, ben = await home.worker("Ann"), await home.worker("Ben")
    for phone in (ann, ben):
        await ask(phone, "/work", "one|two|three")
        await answer(phone, "positive")
    await open_board(ann, "Is the review positive?", "Nobody has written yet")
    await ann.press("🪶 I want to write")
    pen = await ann.wait_for("Only this message knows it")
    await ann.press("✏️ Write", pen)
    await ann.wait_for("Write it now")
    await ann.say("Does anybody understand line two?")
    await ann.wait_for("what others will read")
    await ann.press("📮 Send")
    await ann.wait_for("#1 · ")
    shown = await open_board(ben, "🔵 Is the review positive? (1)", "Does anybody understand line two")
    assert "🔵 #1" in shown
    assert "Ann" not in shown
    await ben.press("💬 #1")
    await ben.wait_for_button("🚩 Report #1")
    await ben.press("🚩 Report #1")
    await ben.wait_for("An admin looks at #1")
    await home.admin.wait_for("A post was reported")
    await home.admin.say("/admin")
    await home.admin.wait_for("1 case waits for your decision")
    await home.admin.press(ShowReportedPost.wire(1))
    await home.admin.wait_for("A post was reported", new=True)
    await home.admin.press("Hide: advertising")
    await home.admin.wait_for("is hidden: advertising")
    log = await ask(ben, "/board log", "was hidden by admin")
    assert "Ann" not in log
