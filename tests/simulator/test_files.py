"""Files up, down and again."""

import json
import struct
import zlib

import aiohttp
import pytest

from simulator.media.files import dimensions

MEGABYTE = 1024 * 1024


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * height)) + chunk(b"IEND", b"")
    )


@pytest.fixture
def send(telegram, call):
    """Calls with files, as multipart."""

    async def send(method: str, files: dict[str, tuple[str, bytes]], **params: object) -> dict:
        form = aiohttp.FormData({name: str(value) for name, value in params.items()}, quote_fields=False)
        for name, (filename, content) in files.items():
            form.add_field(name, content, filename=filename)
        url = f"{telegram.url}/bot{telegram.token}/{method}"
        async with call.session.post(url, data=form) as response:
            return await response.json()

    return send


async def test_a_document_goes_up_and_comes_down(telegram, call, alice, send):
    sent = await send("sendDocument", {"document": ("résultats.csv", b"a,b\n")}, chat_id=alice.id, caption="<b>r</b>")
    document = sent["result"]["document"]
    assert (document["file_name"], document["file_size"], sent["result"]["caption"]) == ("résultats.csv", 4, "<b>r</b>")
    described = await call.result("getFile", file_id=document["file_id"])
    url = f"{telegram.url}/file/bot{telegram.token}/{described['file_path']}"
    async with call.session.get(url) as response:
        assert await response.read() == b"a,b\n"
    async with call.session.get(url.replace(telegram.token, "1:x")) as response:
        assert response.status == 401
    assert await alice.download(await alice.wait_for("<b>r</b>")) == b"a,b\n"


async def test_a_file_goes_again_by_its_id(call, alice, send):
    sent = await send("sendDocument", {"document": ("a.csv", b"a")}, chat_id=alice.id)
    file_id = sent["result"]["document"]["file_id"]
    again = await call.result("sendDocument", chat_id=alice.id, document=file_id)
    assert again["document"] == sent["result"]["document"]
    assert "can't use file of type Document as Photo" in await call.refusal(
        "sendPhoto", chat_id=alice.id, photo=file_id
    )
    words = await call.refusal("sendDocument", chat_id=alice.id, document="nothing")
    assert words == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_a_photo_has_its_size(alice, send):
    sent = await send("sendPhoto", {"chart": ("c.png", png(40, 30))}, chat_id=alice.id, photo="attach://chart")
    assert [(size["width"], size["height"]) for size in sent["result"]["photo"]] == [(40, 30)]


async def test_what_is_no_image_is_no_photo(alice, send):
    sent = await send("sendPhoto", {"photo": ("c.png", b"text")}, chat_id=alice.id)
    assert sent["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_sizes_are_limited(call, alice, send):
    photo = await send("sendPhoto", {"photo": ("c.png", png(4, 4) + b"0" * 10 * MEGABYTE)}, chat_id=alice.id)
    assert "bytes is too big for a photo; the maximum size is 10485760 bytes" in photo["description"]
    document = await send("sendDocument", {"document": ("d", b"0" * (20 * MEGABYTE + 1))}, chat_id=alice.id)
    words = await call.refusal("getFile", file_id=document["result"]["document"]["file_id"])
    assert words == "Bad Request: file is too big"
    empty = await send("sendDocument", {"document": ("d", b"")}, chat_id=alice.id)
    assert empty["description"] == "Bad Request: file must be non-empty"


async def test_fifty_megabytes_are_the_most(alice, send):
    sent = await send("sendDocument", {"document": ("d", b"0" * (50 * MEGABYTE + 1))}, chat_id=alice.id)
    assert (sent["error_code"], sent["description"]) == (413, "Request Entity Too Large")


async def test_a_missing_file_is_named(call, alice):
    assert await call.refusal("sendVoice", chat_id=alice.id) == "Bad Request: there is no voice in the request"


async def test_a_caption_has_1024_characters_at_most(alice, send):
    files = {"document": ("d", b"0")}
    assert (await send("sendDocument", files, chat_id=alice.id, caption="é" * 1024))["ok"]
    refused = await send("sendDocument", files, chat_id=alice.id, caption="é" * 1025)
    assert refused["description"] == "Bad Request: message caption is too long"


async def test_media_is_replaced_in_place(alice, send):
    sent = await send("sendPhoto", {"photo": ("c.png", png(4, 4))}, chat_id=alice.id, caption="old")
    media = {"type": "photo", "media": "attach://new", "caption": "<i>new</i>", "parse_mode": "HTML"}
    place = {"chat_id": alice.id, "message_id": sent["result"]["message_id"], "media": json.dumps(media)}
    edited = await send("editMessageMedia", {"new": ("n.png", png(5, 6))}, **place)
    assert (edited["result"]["photo"][0]["width"], edited["result"]["caption"]) == (5, "new")


async def test_people_send_files(telegram, call, alice):
    await alice.upload(b"text,gold\n", "tasks.csv", caption="/newproject\ntitle: T")
    await alice.upload(png(7, 7), "p.png", kind="photo")
    await alice.upload(b"OggS", "v.ogg", kind="voice")
    _, document, photo, voice = [update["message"] for update in await call.result("getUpdates")]
    assert document["document"]["file_name"] == "tasks.csv"
    assert document["caption_entities"] == [{"type": "bot_command", "offset": 0, "length": 11}]
    assert photo["photo"][0]["width"] == 7
    assert voice["voice"]["mime_type"].startswith("audio/")


async def test_a_page_sees_files_but_runs_none(telegram, call, alice):
    sent = await alice.upload(b"<script>", "x.html")
    url = f"{telegram.url}/sim/files/{sent['document']['file_id']}"
    async with call.session.get(url) as response:
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"] == 'attachment; filename="x.html"'


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(3, 2), (3, 2)),
        (b"GIF89a" + struct.pack("<HH", 3, 2), (3, 2)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 2, 3) + b"\0" * 9, (3, 2)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x02\0\0\x01\0\0", (3, 2)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"hello", None),
    ],
)
def test_dimensions(content, size):
    assert dimensions(content) == size
