"""What a camera wrote into a picture goes; the picture, its colours and its orientation stay."""

import io
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from formats.media import camera_data
from formats.media.camera_data import MAX_PIECES, without_camera_data

PLACE = b"43.6045 N 1.4440 E"
GPS, MAKER, ORIENTATION = 0x8825, 0x010F, 0x0112
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + PLACE + b"</x:xmpmeta>"
FORMS = ("JPEG", "PNG", "WEBP", "AVIF")


def noted(turned: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = PLACE.decode(), turned
    exif[GPS] = {1: "N", 2: (43.0, 36.0, 16.0), 29: PLACE.decode()}
    return exif


def drawn() -> Image.Image:
    noise = np.random.default_rng(7).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def saved(form: str, **how: Any) -> bytes:
    file = io.BytesIO()
    drawn().save(file, form, **how)
    return file.getvalue()


@cache  # it holds the time at which it is made
def colours() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def from_a_camera(form: str, turned: int = 6) -> bytes:
    notes: dict[str, Any] = {"exif": noted(turned), "icc_profile": colours()}
    if form == "PNG":
        notes["pnginfo"] = PngImagePlugin.PngInfo()
        notes["pnginfo"].add_text("Comment", PLACE.decode())
        notes["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
    else:
        notes["xmp"] = XMP
    if form == "JPEG":
        notes["comment"] = PLACE
    return saved(form, **notes)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_place_and_device_go_and_the_picture_stays(form: str, turned: int):
    content = from_a_camera(form, turned)
    assert PLACE in content
    cleaned = without_camera_data(content)
    assert PLACE not in cleaned
    before, after = opened(content), opened(cleaned)
    assert (after.format, after.size, after.mode) == (before.format, before.size, before.mode)
    assert after.tobytes() == before.tobytes()
    assert after.info.get("icc_profile") == before.info["icc_profile"]
    assert set(after.getexif()) <= {ORIENTATION}
    assert after.getexif().get(ORIENTATION, 1) == before.getexif().get(ORIENTATION, 1)
    assert "xmp" not in after.info or not after.info["xmp"].strip(b"\0")
    assert without_camera_data(cleaned) is cleaned


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_without_notes_passes_byte_for_byte(form: str):
    content = saved(form)
    assert without_camera_data(content) is content
    behind = content + b"whatever stands behind"
    assert without_camera_data(behind) == behind


def test_several_scans_and_restarts_are_no_end():
    content = saved("JPEG", exif=noted(), progressive=True, restart_marker_blocks=2)
    cleaned = without_camera_data(content)
    assert PLACE not in cleaned
    assert opened(cleaned).tobytes() == opened(content).tobytes()


def test_a_film_and_a_second_picture_behind_the_first_go_with_the_notes():
    second = from_a_camera("JPEG")
    cleaned = without_camera_data(from_a_camera("JPEG") + second + b"\0\0\0\x18ftypmp42" + PLACE)
    assert cleaned == without_camera_data(second)


def test_the_orientation_is_read_in_both_orders_of_bytes():
    for order in ("<", ">"):
        exif = noted(8)
        exif.endian = order
        content = saved("JPEG", exif=exif.tobytes())
        assert opened(without_camera_data(content)).getexif()[ORIENTATION] == 8


def test_an_animation_keeps_its_frames():
    frames = [drawn().rotate(angle) for angle in (0, 90, 180)]
    for form in ("PNG", "WEBP"):
        file = io.BytesIO()
        frames[0].save(file, form, save_all=True, append_images=frames[1:], exif=noted())
        cleaned = without_camera_data(file.getvalue())
        assert PLACE not in cleaned
        assert (opened(cleaned).n_frames, opened(cleaned).getexif()[ORIENTATION]) == (3, 6)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\nfake",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic",
        b"GIF89a" + PLACE,
        b"%PDF-1.7",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x10moov12345678",
    ],
)
def test_what_is_no_picture_or_of_another_kind_passes(content: bytes):
    assert without_camera_data(content) is content


@pytest.mark.filterwarnings("ignore:Tag data larger")
@pytest.mark.parametrize("form", FORMS)
def test_a_broken_picture_loses_nothing_that_can_be_seen(form: str):
    """Cut or spoilt anywhere: no failure, and what opens after it shows the same as before."""
    content = from_a_camera(form)
    for at in range(0, len(content), max(1, len(content) // 150)):
        spoilt = content[:at] + bytes((content[at] ^ 0xFF,)) + content[at + 1 :]
        for broken in (content[:at], spoilt):
            cleaned = without_camera_data(broken)
            assert _seen(cleaned) == _seen(broken) or _seen(broken) is None, at


def _seen(content: bytes) -> bytes | None:
    try:
        return opened(content).tobytes()
    except Exception:
        return None


def _box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + name + body


def heic(exif: bytes, version: int, where: int) -> bytes:
    """A file as phones write them: `iloc` of this version, Exif counted from the file's beginning, or in `idat`."""
    ftyp = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    start = 0 if where else len(ftyp + _meta(exif, version, where, 0)) + 8
    meta = _meta(exif, version, where, start)
    return ftyp + meta + _box(b"mdat", b"" if where else exif) + _box(b"mpvd", PLACE)


def _meta(exif: bytes, version: int, where: int, start: int) -> bytes:
    infe = _box(b"infe", bytes((2, 0, 0, 1)) + b"\0\x01\0\0" + b"Exif\0")
    iinf = _box(b"iinf", bytes(4) + b"\0\x01" + infe)
    counted = where.to_bytes(2) if version else b""
    number = (1).to_bytes(2 if version < 2 else 4)
    place = number + counted + b"\0\0" + b"\0\x01" + start.to_bytes(4) + len(exif).to_bytes(4)
    iloc = _box(b"iloc", bytes((version, 0, 0, 0)) + b"\x44\0" + number + place)
    return _box(b"meta", bytes(4) + iinf + iloc + _box(b"idat", exif if where else b""))


@pytest.mark.parametrize(("version", "where"), [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1)])
def test_notes_of_a_phone_s_own_container_are_overwritten_where_they_stand(version: int, where: int):
    exif = b"\0\0\0\x06Exif\0\0" + noted(6).tobytes().removeprefix(b"Exif\0\0")
    content = heic(exif, version, where)
    cleaned = without_camera_data(content)
    assert content.count(PLACE) >= 3
    assert PLACE not in cleaned
    assert len(cleaned) == len(content)
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in cleaned
    assert without_camera_data(cleaned) is cleaned


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff\xfe\0\x02" * 200_000,
        b"\xff\xd8" * 200_000,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0tEXt\0\0\0\0" * 200_000,
        b"RIFF\xff\xff\xff\0WEBP" + b"NOTE\0\0\0\0" * 200_000,
        _box(b"ftyp", b"heic") + _box(b"mine", b"") * 200_000,
        _box(b"ftyp", b"heic")
        + _box(
            b"meta",
            bytes(4)
            + _box(b"iinf", bytes(4) + b"\0\x01" + _box(b"infe", b"\2\0\0\0\0\1\0\0mime\0"))
            + _box(b"iloc", bytes(4) + b"\x04\0\xff\xff" + b"\0\x01\0\0\xff\xff".ljust(200_000, b"\xff")),
        ),
    ],
)
def test_a_hostile_file_is_read_so_far_and_no_further(content: bytes):
    """Whose pieces would be more than a picture has."""
    read = list(camera_data._find_reader(content[:16])(content))  # type: ignore[misc]
    assert len(read) <= MAX_PIECES + 2
