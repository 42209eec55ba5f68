"""A petition by chat alone: written, signed, and answered by those who asked for the work, a team's members too."""

from simulator.crowd.client import Phone
from tests.stories.town import Town, answer, ask, csv

ASKED, ANSWER = "Please pay 0.10 for long reviews", "From Monday on."


async def signed(home: Town, number: int) -> Phone:
    """Three workers of the project sign; one of them."""
    crowd = [await home.worker(name) for name in ("Ann", "Bob", "Cid")]
    pens = []
    for phone in crowd:
        await ask(phone, "/work", "review \\d")
        await answer(phone, "positive")
        await phone.say("/pause")
        await ask(phone, f"/board {number}", "Nobody has written yet")
        await phone.press("🪶 I want to write")
        pens.append(await phone.wait_for("Only this message knows it"))
    await crowd[0].press("🗣 Open the board", pens[0])
    await crowd[0].press("📣 Petition", await crowd[0].wait_for("You write as"))
    await crowd[0].wait_for("an answer is due within a week")
    await ask(crowd[0], ASKED, "what others will read")
    await crowd[0].press("📮 Send")
    await crowd[0].wait_for("Petition: 1 of 3")
    for phone, pen in zip(crowd[1:], pens[1:], strict=True):
        await phone.press("🗣 Open the board", pen)
        await phone.press("💬 #1", await phone.wait_for(ASKED))
        await phone.press("✍️ Sign", await phone.wait_for_button("✍️ Sign"))
        await phone.wait_for("of 3 have signed")
    return crowd[0]


async def test_the_answer_is_seen_before_it_is_sent(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv(*(f"review {each}" for each in range(9))), overlap=3)
    ann = await signed(home, number)
    await rosa.press("✏️ Answer", await rosa.wait_for("3 workers ask you for something"))
    await rosa.wait_for("You see it once more before it is sent")
    await ask(rosa, "Where do I find my invoice?", "what others will read")
    assert home.one("SELECT answer FROM board_petitions") is None
    await rosa.press("✖️ Do not send")
    await rosa.wait_for("Nothing was sent")
    await rosa.press("✏️ Answer")
    await rosa.wait_for("You see it once more before it is sent", new=True)
    await ask(rosa, ANSWER, "what others will read")
    await rosa.press("📮 Send")
    await rosa.wait_for("Your answer stands under petition #1")
    assert ANSWER in await ask(ann, f"/board {number}", "Answered on")


async def test_a_team_answers_whatever_account_is_chosen(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/team", "projects and money of its own")
    await rosa.press("➕ Make a team")
    await rosa.wait_for("What is your team called?")
    await ask(rosa, "Atelier Martin", "You work for Atelier Martin now")
    await home.admin.say("/deposit team-1 50")
    await rosa.wait_for("arrived")
    number = await home.project(rosa, csv(*(f"review {each}" for each in range(9))), overlap=3)
    ann = await signed(home, number)
    petition = await rosa.wait_for("3 workers ask you for something")
    await ask(rosa, "/team", "For whom do you work now?")
    await rosa.press("👤 Myself")
    await rosa.wait_for("You work for yourself now")
    await rosa.press("✏️ Answer", petition)
    await rosa.wait_for("You see it once more before it is sent")
    await ask(rosa, ANSWER, "what others will read")
    await rosa.press("📮 Send")
    await rosa.wait_for("Your answer stands under petition #1")
    assert ANSWER in await ask(ann, f"/board {number}", "Answered on")
