"""An album goes out before its message, once; what Telegram does not take goes another way."""

from typing import Any

from bot.delivery.rate_limit import SendRate
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from simulator.limits import Limits
from simulator.media.files import UploadedFile
from simulator.running import Telegram, serve
from storage.database import Database
from tests.bot.conftest import Post, carried
from tests.bot.delivery.test_attachments import crowd, site
from tests.simulator.test_files import png

ALBUM, PHOTO, MESSAGE, FILE = "sendMediaGroup", "sendPhoto", "sendMessage", "sendDocument"


def kept(telegram: Telegram, kind: str, number: int) -> str:
    """The id of a file that somebody sent."""
    return telegram.world.files.add(UploadedFile(png(10, 10 + number), f"{number}.png"), kind).id


def sent(telegram: Telegram, *, refused: bool = False) -> list[str]:
    return [
        call.method
        for call in telegram.stats.calls()
        if call.method.startswith("send") and (call.code != 200) is refused
    ]


def photos(phone) -> int:
    return sum("photo" in message for message in phone.messages)


async def tell(post: Post, person: int, album: list[str], **details: Any) -> None:
    await post.say(person, "Which one?", album=album, button="That", **details)
    assert {state for state, _ in await post.ended()} == {"sent"}


async def test_an_album_goes_before_its_message_and_is_fetched_once(post: Post, telegram: Telegram):
    (ann, bob), (first, second) = await crowd(telegram, post, 2)
    async with site() as (address, asked):
        pictures = [f"{address}/cat.png", f"{address}/cat.png?2", kept(telegram, "photo", 1)]
        await tell(post, first, pictures)
        fetched = len(asked)
        await tell(post, second, pictures)
        assert fetched == len(asked) == 2
    assert sent(telegram) == [ALBUM, MESSAGE] * 2
    for phone in (ann, bob):
        await phone.until(lambda phone: photos(phone) == 3 and phone.keyboard == ["That"])
        assert [message.get("text") for message in phone.messages[1:]] == [None, None, None, "Which one?"]
        assert phone.messages[1]["caption_entities"][0]["type"] == "bold"


async def test_words_above_a_picture_go_before_it_once(post: Post, telegram: Telegram):
    (ann,), (person,) = await crowd(telegram, post, 1)
    telegram.faults.add("refuse", PHOTO, code=500, description="Internal Server Error", count=1)
    await post.say(
        person, "A car?", before=["<b>Look</b> at it.", "Well."], address=kept(telegram, "photo", 1), button="Yes"
    )
    assert {state for state, _ in await post.ended()} == {"sent"}
    assert (sent(telegram), sent(telegram, refused=True)) == ([MESSAGE, MESSAGE, PHOTO], [PHOTO])
    await ann.until(lambda phone: phone.keyboard == ["Yes"])
    shown = [message.get("text", message.get("caption")) for message in ann.messages[-3:]]
    assert shown == ["Look at it.", "Well.", "A car?"]


async def test_a_server_without_albums_gets_each_picture_by_itself(post: Post, telegram: Telegram):
    (ann, _), (first, second) = await crowd(telegram, post, 2)
    telegram.faults.add("refuse", ALBUM, code=404, description="Not Found")
    for person in (first, second):
        await tell(post, person, [kept(telegram, "photo", 1), kept(telegram, "photo", 2)])
    assert (sent(telegram), sent(telegram, refused=True)) == ([PHOTO, PHOTO, MESSAGE] * 2, [ALBUM])
    await ann.until(lambda phone: photos(phone) == 2 and phone.keyboard == ["That"])


async def test_what_cannot_be_fetched_is_a_link_and_the_others_stay_together(post: Post, telegram: Telegram):
    (ann,), (person,) = await crowd(telegram, post, 1)
    async with site() as (address, _):
        await tell(post, person, [f"{address}/cat.png", f"{address}/none", f"{address}/cat.png?2"])
        assert (sent(telegram), sent(telegram, refused=True)) == ([ALBUM, MESSAGE], [ALBUM])
        assert [entity["url"] for entity in ann.last["entities"] if entity["type"] == "text_link"] == [
            f"{address}/none"
        ]
        await tell(post, person, [f"{address}/none", f"{address}/cat.png"])
        assert sent(telegram)[2:] == [PHOTO, MESSAGE]
        await tell(post, person, [f"{address}/none", f"{address}/gone"])
        assert sent(telegram)[4:] == [MESSAGE]
        await ann.until(lambda phone: phone.text.count("🖼") == 2)


async def test_a_photo_sent_as_a_file_comes_alone_and_a_lost_one_is_left_out(post: Post, telegram: Telegram):
    (ann,), (person,) = await crowd(telegram, post, 1)
    ids = [kept(telegram, "photo", 1), kept(telegram, "document", 2), kept(telegram, "photo", 3), "AgAC-lost"]
    await tell(post, person, ids)
    assert sent(telegram) == [ALBUM, FILE, MESSAGE]
    await ann.until(lambda phone: photos(phone) == 2 and phone.text == "Which one?")


async def test_a_refusal_that_names_no_picture_loses_none(post: Post, telegram: Telegram):
    (ann,), (person,) = await crowd(telegram, post, 1)
    telegram.faults.add("refuse", method=ALBUM, code=400, description="Bad Request: MEDIA_INVALID")
    async with site() as (address, _):
        await tell(post, person, [f"{address}/cat.png", f"{address}/cat.png?2"])
    assert sent(telegram, refused=True) == [ALBUM]
    await ann.until(lambda phone: phone.text.count("🖼") == 2)


async def test_an_album_is_not_repeated_when_its_message_fails(post: Post, telegram: Telegram):
    (ann,), (person,) = await crowd(telegram, post, 1)
    telegram.faults.add("refuse", method=MESSAGE, code=502, count=1)
    telegram.faults.add("refuse", method=MESSAGE, code=429, retry_after=1, count=1)
    await tell(post, person, [kept(telegram, "photo", number) for number in range(4)])
    assert sent(telegram) == [ALBUM, MESSAGE]
    assert len(sent(telegram, refused=True)) == 2
    await ann.until(lambda phone: photos(phone) == 4)


async def test_an_album_counts_as_its_pictures_against_the_pace(database: Database):
    size = 3
    async with serve(limits=Limits(chat_burst=1)) as telegram, Http1Request(4) as request:
        api = BotApi(request, f"{telegram.url}/bot{telegram.token}")
        async with carried(database, api, SendRate()) as post:
            phones, people = await crowd(telegram, post, 30)
            album = [kept(telegram, "photo", number) for number in range(size)]
            for person in people[1:]:
                await post.say(person, "Meanwhile")
            await tell(post, people[0], album)
    assert sent(telegram, refused=True) == []
    calls = {call.method: call.at for call in telegram.stats.calls() if call.params["chat_id"] == str(phones[0].id)}
    assert calls[MESSAGE] - calls[ALBUM] >= size
