"""Marks in a title that turn what follows: they would make the pay behind it read backwards."""

import pytest

from locales import translator
from locales.translator import ISOLATE, POP


@pytest.mark.parametrize(
    "mark", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", ISOLATE, POP, POP + ISOLATE]
)
def test_a_title_turns_nothing_behind_it(mark: str) -> None:
    for text in (translator("en")("<b>{title}</b> · {pay}", title=f"Reading{mark}", pay="€0.05"),):
        assert text == "<b>Reading</b> · €0.05"
    assert translator("fr").plain("📄 {title}", title=f"Élan{mark} vite") == "📄 Élan vite"


def test_words_that_run_the_other_way_and_pairs_that_close_stay() -> None:
    hebrew = "שלום"
    assert translator("en")("{title}: {pay}", title=f"\u202e{hebrew}\u202c", pay="1") == f"{ISOLATE}{hebrew}{POP}: 1"
    nested = f"{ISOLATE}a {ISOLATE}{hebrew}{POP} b{POP}"
    assert translator("en")("{title}", title=nested) == nested
