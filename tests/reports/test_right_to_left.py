"""Names that are written from right to left can be read on paper."""

from typing import cast

import pytest
from fpdf.fonts import TTFFont

from reports.sheets import MISSING_GLYPH, Sheet, is_right_to_left, to_visual_order


@pytest.mark.parametrize(
    ("said", "drawn"),
    [
        ("Ann", "Ann"),
        ("שלום", "םולש"),
        ("שלום 12, Paris", "12 םולש, Paris"),
        ("سلام", "\ufee1\ufefc\ufeb3"),  # seen begins, lam and alef are one and end, meem stands alone
        ("محمد", "\ufeaa\ufee4\ufea4\ufee3"),
        ("بَيت", "\ufe96\ufef4\u064e\ufe91"),  # a mark does not part letters
        ("\u0640", "\u0640"),
    ],
)
def test_signs_stand_as_they_are_read(said: str, drawn: str) -> None:
    assert to_visual_order(said) == drawn
    assert is_right_to_left(said) is (said != "Ann")


def test_the_font_has_every_form_and_what_it_lacks_is_seen() -> None:
    sheet = Sheet()
    sheet.pen(9)
    font = cast(TTFFont, sheet.fonts["sans"]).cmap
    letters = [chr(code) for code in (*range(0x0621, 0x063B), *range(0x0641, 0x064B))]
    assert [
        pair for one in letters for other in letters for pair in to_visual_order(one + other) if ord(pair) not in font
    ] == []
    assert sheet.drawable("評価 🙂 A") == f"{MISSING_GLYPH * 2}  A"


def test_a_long_name_is_broken_before_it_is_turned_round() -> None:
    sheet = Sheet()
    sheet.pen(9)
    first, *others = sheet.drawable("ראשון " * 20 + "אחרון", 60).split("\n")
    assert first.startswith("ןושאר")
    assert others[-1].startswith("ןורחא")
