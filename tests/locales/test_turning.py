"""Marks in a title that turn what follows: they would make the pay behind it read backwards."""

import pytest

from handlers.answers.rank import SCREEN
from handlers.quotations import quote
from locales import translator
from locales.translator import ISOLATE, POP_ISOLATE


@pytest.mark.parametrize(
    "mark", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", ISOLATE, POP_ISOLATE, POP_ISOLATE + ISOLATE]
)
def test_a_title_turns_nothing_behind_it(mark: str) -> None:
    for text in (translator("en")("<b>{title}</b> · {pay}", title=f"Reading{mark}", pay="€0.05"),):
        assert text == "<b>Reading</b> · €0.05"
    assert translator("fr").plain("📄 {title}", title=f"Élan{mark} vite") == "📄 Élan vite"


def test_words_that_run_the_other_way_and_pairs_that_close_stay() -> None:
    hebrew = "שלום"
    assert (
        translator("en")("{title}: {pay}", title=f"\u202e{hebrew}\u202c", pay="1")
        == f"{ISOLATE}{hebrew}{POP_ISOLATE}: 1"
    )
    nested = f"{ISOLATE}a {ISOLATE}{hebrew}{POP_ISOLATE} b{POP_ISOLATE}"
    assert translator("en")("{title}", title=nested) == nested


def test_each_of_several_that_run_both_ways_stands_in_its_place() -> None:
    """Else the second and the third would change places for the eye."""
    fruit = ["Apple", "تفاح", "موز"]
    placed = [fruit[0], *(f"{ISOLATE}{each}{POP_ISOLATE}" for each in fruit[1:])]
    assert SCREEN.describe(">".join(fruit), translator("en")) == " › ".join(placed)
    assert translator("en").all_of(fruit) == f"{placed[0]}, {placed[1]} and {placed[2]}"


def test_what_stands_behind_a_label_has_its_own_direction() -> None:
    text = "Which is better?\n\nA: السعر 50 USD وليس 75 EUR.\n\nB: Water & tea"
    shown = quote(text)
    assert f"A: {ISOLATE}السعر 50 USD وليس 75 EUR.{POP_ISOLATE}\n" in shown
    assert "Which is better?\n" in shown
    assert quote("A: tea") == "<blockquote>A: tea</blockquote>"
