"""A ZIP of media beside a table: names in cells refer to its members; what is made to hurt is refused."""

import io
import stat
import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import BinaryIO

import pytest

from formats.errors import FileErrors
from formats.tables import sandbox
from formats.tables.reading import TaskFile, read_tasks
from formats.tables.sandbox import MediaFiles, ReadRequest
from tests.simulator.test_files import png

ASKED = ReadRequest("a.zip", ("yes", "no"), "choice", "{image}")
CAT, DOG = png(3, 2), png(2, 3)


def packed(files: dict[str, bytes], **about: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = about.get("compress_type", zipfile.ZIP_DEFLATED)
            member.external_attr = about.get("external_attr", 0)
            archive.writestr(member, content)
    return out.getvalue()


@pytest.fixture
def files() -> Iterator[tuple[BinaryIO, ...]]:
    with TemporaryFile() as place, TemporaryFile() as rows, TemporaryFile() as media, TemporaryFile() as archive:
        yield place, rows, media, archive  # type: ignore[misc]


async def read(files: tuple[BinaryIO, ...], data: bytes, beside: bytes | None = None, name: str = "a.zip") -> TaskFile:
    place, rows, media, archive = files
    place.write(data)
    place.flush()
    archive.write(beside or b"")
    archive.flush()
    asked = ReadRequest(name, ASKED.options, ASKED.kind, ASKED.template)
    return await sandbox.read_in_sandbox(place, rows, asked, media_files=MediaFiles(media, archive if beside else None))


async def refused(files: tuple[BinaryIO, ...], data: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(FileErrors) as problem:
        await read(files, data)
    assert str(problem.value)
    return [(error.line, error.column, error.expected) for error in problem.value.errors]


TABLE = b"image,gold\npictures/cat.png,yes\nDOG.png,\nhttps://example.org/1.jpg,\ncat.png|dog.png,\n"


async def test_cells_name_members_by_path_or_by_name_and_each_is_brought_once(files: tuple[BinaryIO, ...]) -> None:
    pictures = {"pictures/cat.png": CAT, "pictures/dog.png": DOG}
    inside = {"set/tasks.csv": TABLE, **pictures, "__MACOSX/x": b"", "no.txt": b"x"}
    file = await read(files, packed(inside))
    cells = [row.content["image"] for row in file.rows]
    assert cells == ["pictures/cat.png", "DOG.png", "https://example.org/1.jpg", "cat.png|dog.png"]
    cat, dog = (f"media:{each.content}" for each in file.media)
    assert [row.content.get("media:image") for row in file.rows] == [cat, dog, None, f"{cat}|{dog}"]
    files[2].seek(0)
    assert files[2].read() == CAT + DOG
    assert [(each.mime, each.size) for each in file.media] == [("image/png", len(CAT)), ("image/png", len(DOG))]
    assert file.columns == ("image",)


async def test_a_zip_may_come_beside_the_table(files: tuple[BinaryIO, ...]) -> None:
    file = await read(files, b"image\ncat.png\n", packed({"cat.png": CAT}), "tasks.csv")
    assert len(file.media) == 1


async def test_what_is_missing_or_no_picture_is_told_by_row(files: tuple[BinaryIO, ...]) -> None:
    table = b"image\ncat.png\nnone.png\nwords.png\nlong.png\n"
    inside = {"t.csv": table, "cat.png": CAT, "words.png": b"words", "long.png": png(3000, 10)}
    assert await refused(files, packed(inside)) == [
        (3, "image", "member"),
        (4, "image", "picture"),
        (5, "image", "picture_size"),
    ]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ({"cat.png": CAT}, "zip_table"),
        ({"a.csv": b"image\n", "b.csv": b"image\n"}, "zip_table"),
        ({"a.csv": b"image\n", "../cat.png": CAT}, "zip_names"),
        ({"a.csv": b"image\n", "/etc/passwd": b"x"}, "zip_names"),
        ({"a.csv": b"image\n", "C:\\x.png": CAT}, "zip_names"),
        ({"a.csv": b"image\n", "x.png": b"\0" * (8 << 20)}, "zip_packed"),
        ({"a.csv": b"image\n", **{f"{n}.png": b"" for n in range(10_001)}}, "zip_files"),
        ({"a.csv": b"image\nx.zip\n", "x.zip": packed({"cat.png": CAT})}, "picture"),
    ],
)
async def test_archives_that_are_made_to_hurt_are_refused(
    files: tuple[BinaryIO, ...], inside: dict[str, bytes], expected: str
) -> None:
    assert [problem[2] for problem in await refused(files, packed(inside))] == [expected]


async def test_links_and_other_packings_are_refused(files: tuple[BinaryIO, ...]) -> None:
    link = packed({"a.csv": b"image\n"}, external_attr=(stat.S_IFLNK | 0o777) << 16)
    assert [problem[2] for problem in await refused(files, link)] == ["zip_names"]


async def test_other_packings_are_refused(files: tuple[BinaryIO, ...]) -> None:
    other = packed({"a.csv": b"image\n"}, compress_type=zipfile.ZIP_LZMA)
    assert [problem[2] for problem in await refused(files, other)] == ["zip_packed"]


async def test_a_broken_member_is_a_bad_row(files: tuple[BinaryIO, ...]) -> None:
    whole = bytearray(packed({"a.csv": b"image\ncat.png\n", "cat.png": CAT}, compress_type=zipfile.ZIP_STORED))
    whole[whole.index(CAT) + 30] ^= 255
    assert await refused(files, bytes(whole)) == [(2, "image", "medium")]


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (("image", "text"), "{text}\n{image}"),
        (("Text", "image_1", "note", "image_2"), "{Text}\n{image_1}\n{image_2}"),
        (("audio", "image"), "{audio}\n{image}"),
        (("text", "note", "file"), "{text}"),
        (("image", "note"), "{image}"),
        (("image", "Question", "note"), "{Question}\n{image}"),
        (("text", "question"), "{text}"),
    ],
)
def test_without_a_template_the_text_is_shown_with_its_pictures_and_sounds(
    columns: tuple[str, ...], shown: str
) -> None:
    row = ",".join("https://example.org/1" if name.startswith(("image", "audio")) else "words" for name in columns)
    table = f"{','.join(columns)}\n{row}\n".encode()
    assert read_tasks(table, "tasks.csv", ("yes", "no"), "choice").template == shown


def test_columns_that_workers_do_not_see_are_named_with_what_shows_them() -> None:
    """A picture stood alone, and nothing said that what the requester wrote beside it was not shown."""
    table = b"id,image,note,width\n1,https://example.org/1,Look at the sign,640\n"
    (warning,) = read_tasks(table, "tasks.csv", ("yes", "no"), "choice").warnings
    assert str(warning) == "Workers do not see: note, width. The template “{image} {note} {width}” shows all of it."
    for template in ("{image}", "{image} {note}"):
        assert read_tasks(table, "tasks.csv", ("yes", "no"), "choice", template).warnings == ()


def test_what_is_asked_about_a_picture_stands_beside_it_where_it_is_drawn_on() -> None:
    table = b"image,question\nhttps://example.org/1,Where are the cars?\n"
    assert read_tasks(table, "tasks.csv", ("car",), "boxes").template == "{image}\n{question}"


@pytest.mark.parametrize("cell", [rb"pictures\cat.png", b"./pictures/cat.png", b"CAT.png"])
async def test_a_path_may_be_written_as_on_another_system(files: tuple[BinaryIO, ...], cell: bytes) -> None:
    file = await read(files, packed({"a.csv": b"image\n" + cell + b"\n", "pictures/cat.png": CAT}))
    assert len(file.media) == 1
    assert file.warnings == ()


@pytest.mark.parametrize("stored", ["Château.png", "Cha\u0302teau.png"])
@pytest.mark.parametrize("says_so", [True, False])
async def test_accents_are_found_however_they_are_stored(
    files: tuple[BinaryIO, ...], stored: str, says_so: bool
) -> None:
    """A Mac's Finder takes accents apart, and does not say that its names are UTF-8."""
    data = packed({"tasks.csv": "image\nCHÂTEAU.png\n".encode(), f"photos/{stored}": CAT})
    if not says_so:
        data = data.replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")  # the flag, before the way of packing
    file = await read(files, data)
    assert [each.size for each in file.media] == [len(CAT)]


async def test_a_name_in_two_folders_is_refused_as_such(files: tuple[BinaryIO, ...]) -> None:
    twice = packed({"a.csv": b"image\ncat.png\n", "x/cat.png": CAT, "y/cat.png": DOG})
    assert await refused(files, twice) == [(2, "image", "member_path")]


@pytest.mark.parametrize(("column", "unused"), [("image", 0), ("image_url", 2)])
async def test_media_that_no_cell_names_are_told(files: tuple[BinaryIO, ...], column: str, unused: int) -> None:
    place, rows, media, _ = files
    place.write(packed({"a.csv": f"{column}\ncat.png\n".encode(), "cat.png": CAT, "dog.png": DOG}))
    place.flush()
    asked = ReadRequest("a.zip", ASKED.options, ASKED.kind, f"{{{column}}}")
    file = await sandbox.read_in_sandbox(place, rows, asked, media_files=MediaFiles(media, None))
    assert [each.facts["count"] for each in file.warnings if each.key == "media_unnamed"] == [unused][: bool(unused)]
