"""Colours that the simulated Telegram gives to Mini Apps: all that is read on them can be read."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "simulator" / "page" / "miniapp.js"
READ = (
    ("button_text_color", "button_color"),
    *((ink, ground) for ink in ("text", "hint", "link") for ground in ("bg", "secondary_bg")),
)
LEAST = 4.5  # WCAG 2, AA


def colours(name: str) -> dict[str, str]:
    (found,) = re.findall(rf"const {name} = {{(.*?)}};", PAGE.read_text())
    return dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', found))


def luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["LIGHT", "DARK"])
def test_what_stands_on_a_ground_has_enough_contrast(theme: str) -> None:
    found = colours(theme)
    pairs = {(ink, ground): contrast(*(found[_key(each)] for each in (ink, ground))) for ink, ground in READ}
    assert {pair: round(each, 2) for pair, each in pairs.items() if each < LEAST} == {}


def _key(name: str) -> str:
    return name if name.endswith("_color") else f"{name}_color"


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert (contrast("#000000", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)) == (21, 4.48)
