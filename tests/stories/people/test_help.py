"""Help by role and language."""

from tests.stories.town import Town, ask


async def test_help_and_menu_follow_the_roles(home: Town):
    stan = await home.phone("Stan")
    shown = await ask(stan, "/help", "/terms")
    assert "/newproject" not in shown
    assert "/deposit" not in shown
    ann = await home.worker("Ann")
    assert "/work" in await ask(ann, "/help", "/balance")
    assert {"work", "balance", "pause", "help"} <= set(await ann.commands())
    assert not {"newproject", "deposit"} & set(await ann.commands())
    rosa = await home.requester(euros="0")
    shown = await ask(rosa, "/help", "/newproject")
    assert "pay: 0.05" in shown
    assert "/deposit" not in shown
    assert {"newproject", "launch", "results", "stop"} <= set(await rosa.commands())
    shown = await ask(home.admin, "/help", "/deposit")
    assert "/ledger" in shown
    assert {"admin", "deposit", "ledger", "role"} <= set(await home.admin.commands())


async def test_help_speaks_french(home: Town):
    zoe = await home.phone("Zoé", language_code="fr")
    shown = await ask(zoe, "/help", "/terms")
    assert "une autre langue" in shown


async def test_privacy_and_terms_are_there_for_anybody(home: Town):
    stan = await home.phone("Stan")
    assert "/mydata" in await ask(stan, "/privacy", "Privacy")
    assert "72" in await ask(stan, "/terms", "What we owe")
