"""Photos and voice messages leave as files, named by task and pseudonym, with their table."""

import csv as sheets
import io
import zipfile

import pytest

from jobs import exports
from simulator.crowd.client import Phone
from tests.stories.town import Town, ask
from tests.stories.work.test_kinds import PNG, at_work, open_project

STREETS = "text\nyour street\nyour door\nyour roof\n"
Files = dict[str, bytes]


async def zip_of(phone: Phone) -> tuple[str, Files]:
    message = await phone.wait_for(lambda message: "document" in message)
    with zipfile.ZipFile(io.BytesIO(await phone.download(message))) as archive:
        return message["document"]["file_name"], {name: archive.read(name) for name in archive.namelist()}


def table(files: Files) -> list[dict[str, str]]:
    return list(sheets.DictReader(io.StringIO(files["answers.csv"].decode("utf-8-sig"))))


async def photographed(home: Town) -> tuple[Phone, int, Phone]:
    rosa, number = await open_project(home, "photo", STREETS)
    ann, _ = await at_work(home, "Ann")
    for at, following in enumerate(("your door", "your roof", "No task")):
        await ann.upload(PNG + bytes([at]), "a.png", kind="photo")
        await ann.wait_for(following)
    return rosa, number, ann


async def test_photos_come_as_files_with_their_table(anywhere: Town):
    rosa, number, _ = await photographed(anywhere)
    await rosa.say(f"/results {number} zip")
    name, files = await zip_of(rosa)
    rows = table(files)
    assert name.startswith(f"files-{number}-")
    assert [(row["task"], row["text"]) for row in rows] == [
        ("1", "your street"),
        ("2", "your door"),
        ("3", "your roof"),
    ]
    assert {row["file"] for row in rows} == files.keys() - {"answers.csv"}
    for at, row in enumerate(rows):
        assert row["file"] == f"{row['task']}-{row['worker']}.png"
        assert files[row["file"]] == PNG + bytes([at])
    await rosa.press("📷 See them here")
    await rosa.wait_for("⬆️")
    album = [message for message in rosa.messages if "photo" in message][-3:]
    assert [message["caption"] for message in album] == [
        f"{row['task']} · {row['worker']}\n{row['text']}" for row in rows
    ]


async def test_voices_come_as_files(home: Town):
    rosa, number = await open_project(home, "voice", "text\nsay hello\n")
    ann, _ = await at_work(home, "Ann")
    await ann.upload(b"OggS hello", "hello.ogg", kind="voice")
    await ann.wait_for("No task")
    await ask(rosa, f"/project {number}", "1 of 1")
    await rosa.press("🗂 Files")
    _, files = await zip_of(rosa)
    (row,) = table(files)
    assert files[row["file"]] == b"OggS hello"
    await rosa.press("🎤 Hear them here")
    heard = await rosa.wait_for(lambda message: "voice" in message)
    assert heard["caption"] == f"1 · {row['worker']}\nsay hello"
    await rosa.wait_for("⬆️")


async def test_what_does_not_fit_comes_in_parts_of_whole_answers(home: Town, monkeypatch: pytest.MonkeyPatch):
    rosa, number, _ = await photographed(home)
    monkeypatch.setattr(exports, "MAX_ZIP_ANSWERS", 2)
    await rosa.say(f"/results {number} zip")
    parts = [await zip_of(rosa), await zip_of(rosa)]
    assert [name[-6:] for name, _ in parts] == [".1.zip", ".2.zip"]
    assert [[row["task"] for row in table(files)] for _, files in parts] == [["1", "2"], ["3"]]


async def test_a_part_is_never_larger_than_telegram_takes(home: Town, monkeypatch: pytest.MonkeyPatch):
    rosa, number, _ = await photographed(home)
    monkeypatch.setattr(exports, "MAX_FILE_BYTES", 1_500)
    await rosa.say(f"/results {number} zip")
    parts = [await zip_of(rosa) for _ in range(3)]
    assert [[row["task"] for row in table(files)] for _, files in parts] == [["1"], ["2"], ["3"]]


async def test_what_telegram_no_longer_gives_is_named(home: Town):
    rosa, number, _ = await photographed(home)
    first = home.rows("SELECT answer FROM submissions ORDER BY id")[0][0].split()[0]
    del home.telegram.world.files.files[first]
    await rosa.say(f"/results {number} zip")
    _, files = await zip_of(rosa)
    rows = table(files)
    assert [(bool(row["file"]), bool(row["note"])) for row in rows] == [(False, True), (True, False), (True, False)]
    assert len(files) == 3


async def test_what_was_taken_back_is_not_in_it(home: Town):
    rosa, number = await open_project(home, "photo", STREETS, overlap=2)
    kept = {}
    for at, name in enumerate(("Ann", "Ben")):
        kept[name], _ = await at_work(home, name)
        await kept[name].upload(PNG + bytes([at]), "a.png", kind="photo")
        await kept[name].wait_for("your door")
    await ask(kept["Ann"], f"/forget {number}", "Take your answers")
    await kept["Ann"].press("Yes, take them back")
    await kept["Ann"].wait_for("consent")
    await rosa.say(f"/results {number} zip")
    _, files = await zip_of(rosa)
    assert [files[row["file"]] for row in table(files)] == [PNG + bytes([1])]
    assert len(files) == 2


async def test_where_answers_are_no_files_there_is_no_such_zip(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, b"text\nLovely\n")
    await ask(rosa, f"/results {number} zip", "csv")
    assert not any(".zip" in message.get("document", {}).get("file_name", "") for message in rosa.messages)
