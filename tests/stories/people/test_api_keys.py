"""A requester's key for programs, in chat."""

from simulator.crowd.client import buttons_of
from tests.stories.town import Town, ask, town


async def test_a_key_is_shown_once_listed_and_ended(home: Town):
    rosa = await home.requester()
    shown = await ask(rosa, "/apikey", "POUCE_API_KEY=")
    key = next(line for line in shown.splitlines() if "=" in line).partition("=")[2]
    kept = "SELECT facts FROM outbox WHERE screen = 'people.ApiKeyMade'"
    await home.until(lambda: home.rows(kept) == [("{}",)])
    assert f"…{key[-4:]}" in await ask(rosa, "/apikeys", "Your keys")
    await rosa.press(f"🗑 End …{key[-4:]}")
    await rosa.wait_for("has ended")
    await ask(rosa, "/apikeys", "no key for programs")
    await ask(rosa, f"/apikey revoke {key}", "You have no key")
    assert key not in "".join(str(row) for row in home.rows("SELECT facts FROM outbox"))


async def test_a_key_is_for_requesters(home: Town):
    await ask(await home.worker("Ann"), "/apikey", "Only requesters can do this")


async def test_who_is_no_requester_any_more_can_still_end_a_key(home: Town):
    rosa = await home.requester()
    await ask(rosa, "/apikey", "POUCE_API_KEY=")
    await home.admin.say(f"/role {rosa.id} requester off")
    await rosa.wait_for("cannot open new projects")
    await ask(rosa, "/apikeys", "Your keys")
    await rosa.press(next(button["text"] for button in buttons_of(rosa.last)))
    await rosa.wait_for("has ended")


async def test_an_address_inside_the_house_is_refused_before_it_is_kept(sqlite_url: str):
    async with town(sqlite_url, secrets_key="the key of this house") as home:
        rosa = await home.requester("Rosa", "0")
        for address in ("https://localhost/hook", "https://10.0.0.8/hook", "http://pouce.example/hook"):
            told = await ask(rosa, f"/webhooks add {address}", "can't be called")
            assert address in told
            assert "https addresses of the public internet" in told
        assert home.rows("SELECT number FROM webhooks") == []
        await ask(rosa, "/webhooks add https://93.184.215.14/hook project.ended", "is called from now on")
        assert home.rows("SELECT kinds FROM webhooks") != []
        assert "Nobody knows this host" not in rosa.text
        told = await ask(
            rosa, "/webhooks add https://nobody-knows-this.invalid/hook", "Address 2 is called from now on"
        )
        assert "Nobody knows this host yet" in told
