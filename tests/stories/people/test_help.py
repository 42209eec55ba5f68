"""Help by role and language."""

from tests.stories.town import Town, answer, ask, csv


async def test_help_and_menu_follow_the_roles(home: Town):
    stan = await home.phone("Stan")
    shown = await ask(stan, "/help", "/terms")
    assert "/newproject" not in shown
    assert "/deposit" not in shown
    ann = await home.worker("Ann")
    assert "/work" in await ask(ann, "/help", "/balance")
    assert await ann.commands() == ["work", "tasks", "balance", "payout", "board", "settings", "help"]
    rosa = await home.requester(euros="0")
    assert "/deposit" not in await ask(rosa, "/help", "/newproject")
    assert {"newproject", "launch", "results", "stop"} <= set(await rosa.commands())
    assert "/payouts" in await ask(home.admin, "/help", "/deposit")
    assert {"admin", "deposit", "payouts", "newproject"} <= set(await home.admin.commands())
    for phone in (ann, rosa, home.admin):
        assert len(await phone.commands()) <= 10


async def test_a_topic_of_the_help_takes_the_place_of_the_menu_and_leads_back(home: Town):
    rosa = await home.requester(euros="0")
    await rosa.say("/help")
    menu = await rosa.wait_for("/newproject")
    await rosa.press("✉️ An example", menu)
    assert (await rosa.wait_for("pay: 0.05"))["message_id"] == menu["message_id"]
    await rosa.press("⬅️ Back")
    await rosa.wait_for("/newproject")
    await rosa.press("🔑 Programs")
    await rosa.wait_for("/apikey")


async def test_words_that_people_type_are_understood(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful"))
    stan = await home.phone("Stan")
    await ask(stan, "Bonjour !", "Hello Stan")
    ann = await home.worker("Ann")
    for word, reply in (
        ("hi", "Good to see you"),
        ("merci", "With pleasure"),
        ("?", "/balance"),
        ("aide", "/balance"),
        ("solde", "Your balance"),
        ("langue", "Which language"),
    ):
        await ask(ann, word, reply)
    await ask(ann, "work", "Lovely")
    await answer(ann, "positive")
    await ask(ann, "annuler", "Change your answer")
    await ask(ann, "stop", "/work")
    await ask(ann, "/payout", "whose account")
    await ask(ann, "cancel", "Cancelled")
    await ask(ann, "/cancel", "nothing to cancel")


async def test_help_speaks_french(home: Town):
    zoe = await home.phone("Zoé", language_code="fr")
    shown = await ask(zoe, "/help", "/terms")
    assert "une autre langue" in shown


async def test_privacy_and_terms_are_there_for_anybody(home: Town):
    stan = await home.phone("Stan")
    assert "/mydata" in await ask(stan, "/privacy", "Privacy")
    assert "72" in await ask(stan, "/terms", "What we owe")
