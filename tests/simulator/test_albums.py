"""sendMediaGroup: two to ten messages in one call, all or none."""

import json

import aiohttp
import pytest

from simulator import Limits, serve
from tests.simulator.test_files import png


def item(name: str, **more: str) -> dict[str, str]:
    return {"type": "photo", "media": name, **more}


@pytest.fixture
async def album(telegram, call, alice):
    """Uploads so many photos in one album; → what the method answers."""

    async def send(photos: int) -> dict:
        media = [item(f"attach://p{at}", caption=f"<b>{at}</b>", parse_mode="HTML") for at in range(photos)]
        form = aiohttp.FormData({"chat_id": str(alice.id), "media": json.dumps(media)}, quote_fields=False)
        for at in range(photos):
            form.add_field(f"p{at}", png(10 + at, 20), filename=f"{at}.png")
        async with call.session.post(f"{telegram.url}/bot{telegram.token}/sendMediaGroup", data=form) as response:
            return await response.json()

    return send


async def test_an_album_is_so_many_messages_of_one_group(album, alice, call) -> None:
    sent = (await album(3))["result"]
    assert [message["caption"] for message in sent] == ["0", "1", "2"]
    assert [message["caption_entities"][0]["type"] for message in sent] == ["bold"] * 3
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message["photo"][-1]["width"] for message in sent] == [10, 11, 12]
    await alice.until(lambda phone: sum("photo" in message for message in phone.messages) == 3)
    again = [item(message["photo"][-1]["file_id"]) for message in sent]
    repeated = await call.result("sendMediaGroup", chat_id=alice.id, media=again)
    assert repeated[0]["media_group_id"] != sent[0]["media_group_id"]


@pytest.mark.parametrize("photos", [1, 11])
async def test_one_is_no_album_and_eleven_are_too_many(album, photos: int) -> None:
    assert "2-10" in (await album(photos))["description"]


async def test_one_refused_photo_refuses_all_and_says_which(album, alice, call) -> None:
    known = (await album(2))["result"][0]["photo"][-1]["file_id"]
    await alice.until(lambda phone: sum("photo" in message for message in phone.messages) == 2)
    before = len(alice.messages)
    refusal = await call.refusal("sendMediaGroup", chat_id=alice.id, media=[item(known), item("AgAC-unknown")])
    assert 'failed to send message #2 with the error message "wrong file identifier' in refusal
    unloaded = item("http://127.0.0.1:9/none.png")
    refusal = await call.refusal("sendMediaGroup", chat_id=alice.id, media=[unloaded, item(known)])
    assert 'failed to send message #1 with the error message "failed to get HTTP URL content"' in refusal
    assert len(alice.messages) == before


async def test_documents_are_grouped_with_documents_only_and_voices_not_at_all(album, alice, call) -> None:
    known = (await album(2))["result"][0]["photo"][-1]["file_id"]
    mixed = [item(known), {"type": "document", "media": known}]
    assert "can't be mixed" in await call.refusal("sendMediaGroup", chat_id=alice.id, media=mixed)
    voices = [{"type": "voice", "media": known}] * 2
    assert "InputMedia" in await call.refusal("sendMediaGroup", chat_id=alice.id, media=voices)


async def test_an_album_counts_as_its_messages_against_the_limits() -> None:
    async with serve(limits=Limits(per_second=0, chat_burst=1)) as telegram, aiohttp.ClientSession() as session:
        phone = await telegram.phone("Alice")
        await phone.say("/start")
        base = f"{telegram.url}/bot{telegram.token}"
        form = aiohttp.FormData({"chat_id": str(phone.id)}, quote_fields=False)
        form.add_field("media", json.dumps([item(f"attach://p{at}") for at in range(5)]))
        for at in range(5):
            form.add_field(f"p{at}", png(10, 20), filename=f"{at}.png")
        async with session.post(f"{base}/sendMediaGroup", data=form) as response:
            assert (await response.json())["ok"]
        async with session.post(f"{base}/sendMessage", json={"chat_id": phone.id, "text": "more"}) as response:
            assert (await response.json())["parameters"]["retry_after"] == 5
