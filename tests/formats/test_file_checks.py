"""Photos and voice messages that are not what their sender meant to send; and what is left alone."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image, ImageDraw, ImageFilter

from domain.work.file_checks import FileChecks, are_near, bands_of
from formats.captions.caption import read_caption
from formats.errors import FormErrors
from formats.media import archive

RATE = 48_000
Drawn = Callable[[], Image.Image]  # by the test: every process of the suite imports this module


@cache
def scene() -> Image.Image:
    """Something sharp before something plain, with a camera's noise."""
    picture = Image.new("RGB", (1280, 960), (150, 170, 190))
    drawn = ImageDraw.Draw(picture)
    for at in range(40):
        x, y = (at * 137) % 900, (at * 71) % 700
        drawn.rectangle((x, y, x + 90, y + 60), fill=((at * 53) % 255, (at * 91) % 255, (at * 17) % 255))
    noise = np.random.default_rng(7).normal(0, 4, (960, 1280, 3))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


def screenshot() -> Image.Image:
    picture = Image.new("RGB", (1080, 2340), "white")
    drawn = ImageDraw.Draw(picture)
    for y in range(100, 2200, 120):
        drawn.rectangle((60, y, 1020, y + 80), fill=(230, 240, 250))
        drawn.text((90, y + 30), "Hello, this is a message " * 4, fill="black")
    return picture


def saved(picture: Image.Image, form: str = "JPEG", **how: Any) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, form, **how)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("picture", "form", "flaws"),
    [
        (scene, "JPEG", ()),
        (scene, "WEBP", ()),
        (lambda: scene().rotate(90, expand=True).crop((0, 0, 640, 1280)), "JPEG", ()),
        (lambda: scene().filter(ImageFilter.GaussianBlur(9)), "JPEG", ("blurred",)),
        (screenshot, "JPEG", ("screenshot",)),
        (screenshot, "PNG", ("screenshot",)),
        (lambda: Image.new("RGB", (1280, 960), "white"), "JPEG", ("blank",)),
        (lambda: Image.new("RGB", (1280, 960), (3, 3, 5)), "JPEG", ("dark",)),
    ],
)
def test_what_a_photo_seems_to_be(picture: Drawn, form: str, flaws: tuple[str, ...]):
    seen = archive.check_picture(saved(picture(), form))
    assert seen is not None
    assert seen.flaws == flaws


@cache
def photo() -> Image.Image:
    """A real one, with a plain wall."""
    from matplotlib.cbook import get_sample_data

    return Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)).convert("RGB")


def in_a_chat() -> Image.Image:
    picture = screenshot()
    picture.paste(photo().resize((900, 1060)).crop((0, 0, 900, 800)), (90, 1400))
    return picture


@pytest.mark.parametrize(
    ("picture", "flaws"),
    [
        (photo, ()),
        (lambda: photo().resize((260, 305)), ()),
        (lambda: photo().crop((100, 0, 412, 600)), ()),  # as long as a phone's screen
        (lambda: photo().filter(ImageFilter.GaussianBlur(4)), ("blurred",)),
        (lambda: photo().point(lambda light: light // 16), ("dark",)),
        (in_a_chat, ("screenshot",)),
    ],
)
def test_a_real_photo_and_what_becomes_of_it(picture: Drawn, flaws: tuple[str, ...]):
    seen = archive.check_picture(saved(picture(), quality=87))
    assert seen is not None
    assert seen.flaws == flaws


def test_a_project_leaves_checks_out_and_sets_limits():
    soft, quiet = saved(scene().filter(ImageFilter.GaussianBlur(9))), voice(2, 0.0005)
    for checks, blurred, still in (
        (("no blurred",), (), ("quiet",)),
        (("blurred=0",), (), ("quiet",)),
        (("no screenshot", "quiet=-90"), ("blurred",), ()),
        (("short=3",), ("blurred",), ("short",)),
        (("off",), (), ()),
    ):
        seen = archive.check_picture(soft, FileChecks(checks))
        assert seen is not None
        assert (seen.flaws, archive.check_voice(quiet, FileChecks(checks))) == (blurred, still)
        assert seen.print
        soft.seek(0)
        quiet.seek(0)


CAPTION = "/newproject\ntitle: a\ninstructions: b\npay: 0.05\n"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("checks: off", ("off",)),
        ("checks: all", ()),
        ("checks: no blur, no screenshot, short=3, quiet=-40", ("no blurred", "no screenshot", "short=3", "quiet=-40")),
        ("vérifications: sans flou, pas de capture; sombre = 5", ("no blurred", "no screenshot", "dark=5")),
        ("checks: blurred=12,5", None),
        ("checks: blurred=12.5", ("blurred=12.5",)),
        *((f"checks: {wrong}", None) for wrong in ("sometimes", "short=1e9", "screenshot=3", "off, short=3", "no", "")),
        *((f"checks: {wrong}", None) for wrong in ("short=", "short=-1", "quiet=1", "short=99999", "no no blur")),
    ],
)
def test_what_a_caption_says_of_them(line: str, kept: tuple[str, ...] | None):
    if kept is not None:
        assert read_caption(f"{CAPTION}kind: photo\n{line}").checks == kept
        return
    with pytest.raises(FormErrors) as refused:
        read_caption(f"{CAPTION}kind: photo\n{line}")
    assert [(each.key, each.expected) for each in refused.value.errors] == [("checks", "checks")]


def test_only_files_are_looked_at():
    with pytest.raises(FormErrors) as refused:
        read_caption(f"{CAPTION}kind: text\nchecks: off")
    assert [(each.key, each.expected) for each in refused.value.errors] == [("checks", "checks_alone")]


def test_what_cannot_be_judged_is_left_alone():
    assert archive.check_picture(io.BytesIO(b"\xff\xd8\xff" + b"x" * 100)) is None
    assert archive.check_picture(io.BytesIO(saved(scene()).getvalue()[:5_000])) is None
    assert archive.check_picture(saved(Image.new("RGB", (9, 9)))) is None
    bomb = saved(Image.new("1", (9_000, 9_000)), "PNG")
    assert len(bomb.getvalue()) < 20_000
    assert archive.check_picture(bomb) is None


def test_a_photo_saved_anew_has_nearly_the_same_print_and_another_has_not():
    first, again, other = (
        archive.check_picture(saved(each, quality=quality))
        for each, quality in ((scene(), 90), (scene().resize((800, 600)), 50), (scene().rotate(180), 90))
    )
    assert first is not None
    assert again is not None
    assert other is not None
    assert are_near(first.print, again.print)
    assert set(bands_of(first.print)) & set(bands_of(again.print))
    assert not are_near(first.print, other.print)


def voice(seconds: float, loud: float) -> io.BytesIO:
    file, sound = io.BytesIO(), np.sin(np.arange(int(RATE * seconds)) / 20) * loud
    soundfile.write(file, sound.astype("float32"), RATE, format="OGG", subtype="OPUS")
    file.seek(0)
    return file


def test_what_a_voice_message_seems_to_be():
    assert archive.check_voice(voice(2, 0.2)) == ()
    assert archive.check_voice(voice(2, 0.0005)) == ("quiet",)
    assert archive.check_voice(voice(0.3, 0.2)) == ("short",)
    assert archive.check_voice(io.BytesIO(b"OggS" + b"x" * 50)) == ()
