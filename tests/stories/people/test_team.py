"""A team by chat alone: made, invited to by a link, a file launched from shared funds within a limit, and left."""

from simulator.crowd.client import buttons_of, text_of
from tests.stories.town import CAPTION, Town, ask, csv


async def test_a_member_launches_for_the_team_until_the_limit_and_the_removal(home: Town):
    rosa, zoe = await home.requester(), await home.phone("Zoé", role="worker")
    await ask(rosa, "/team", "projects and money of its own")
    await rosa.press("➕ Make a team")
    await rosa.wait_for("What is your team called?")
    await ask(rosa, "Atelier Martin", "You work for Atelier Martin now")
    await ask(home.admin, "/deposit team-1 5", "5.00")
    await ask(rosa, "/team", "For whom do you work now?")
    await rosa.press("✅ 🏢 Atelier Martin")
    await rosa.press("💌 Invite", on=await rosa.wait_for("Free money: €5.00"))
    await rosa.press("€50.00", on=await rosa.wait_for("What may this person do?"))
    link = text_of(await rosa.wait_for("One person joins"))
    token = link.partition("start=")[2].split()[0]
    await zoe.say(f"/start {token}")
    await zoe.press("✅ Join", on=await zoe.wait_for("invites you to the team"))
    await zoe.wait_for("Welcome to Atelier Martin")
    await zoe.upload(csv("good", "bad"), "reviews.csv", CAPTION)
    card = await zoe.wait_for_button("🚀 Launch", 30)
    assert "🚀 Launch" in str(buttons_of(card))
    await zoe.press("🚀 Launch", on=card)
    await zoe.wait_for("0 of 2")
    assert home.rows("SELECT requester, state FROM projects") == [(-1, "running")]
    assert home.rows("SELECT amount, cap FROM team_spending") == [(110_000, 50_000_000)]
    await rosa.say("/team")
    await rosa.press("✅ 🏢 Atelier Martin", on=await rosa.wait_for("For whom do you work now?", new=True))
    await rosa.press("👤 Zoé", on=await rosa.wait_for("€0.11 of €50.00"))
    await rosa.press("🚫 Remove", on=await rosa.wait_for("Set aside this month"))
    await rosa.press("🚫 Remove", on=await rosa.wait_for("end at once"))
    await zoe.wait_for("no longer in the team")
    await ask(zoe, "/project 1", "Only requesters can do this")
