"""Reading time of texts in any script, however words are joined, and tasks without an estimate."""

import pytest

from domain.money.pricing import expected_seconds, reading_seconds, why_time_is_unknown

SENTENCE = "The cat sat on the mat and looked at the bird in the tree for a while"


def test_three_thousand_chinese_characters_are_ten_minutes_and_more():
    assert 600 < reading_seconds("我喜歡這本書" * 500) < 800
    assert reading_seconds("これは良い本です。") > 1.5


@pytest.mark.parametrize(
    "joint", ["\u00a0", "\u202f", "\u2060", "\u200b", "\ufeff", "_", "/", "|", "·", "\u00ad", "\u3164"]
)
def test_words_joined_by_what_nobody_sees_are_words(joint: str):
    assert reading_seconds(SENTENCE.replace(" ", joint)) == reading_seconds(SENTENCE)


def test_words_joined_by_nothing_are_words_too():
    assert reading_seconds("catsatonthemat" * 50) > 25
    assert reading_seconds("Donaudampfschifffahrt") < 1.1
    assert reading_seconds("ฉันชอบหนังสือเล่มนี้มาก" * 20) > 15


def test_a_picture_is_looked_at_and_its_address_is_not_read():
    assert reading_seconds("https://example.org/cat.jpg") == 2.0
    assert reading_seconds("https://example.org/cat.png?size=large") == 2.0
    assert expected_seconds(["https://example.org/a.jpg or https://example.org/b.webp"]) == 2.5 + 4 + 0.25


@pytest.mark.parametrize("kind", ["photo", "voice", "location"])
def test_what_is_done_away_from_the_screen_nobody_can_estimate(kind: str):
    assert why_time_is_unknown(["the post box"], kind) == "errand"


@pytest.mark.parametrize(
    "address",
    [
        "example.org/ten-minutes.mp3",
        "t.me/channel/5",
        "youtu.be/dQw4w9WgXcQ",
        "ftp://example.org/talk",
        "Listen: example.com",
        ".t.me/x",
        "a.b.c.d.e.f.example.com/talk",
        "https://example.org/talk.mp3?cover=1.png",
    ],
)
def test_what_telegram_makes_a_link_of_is_one(address: str):
    assert why_time_is_unknown([address], "choice") == "link"


@pytest.mark.parametrize("text", ["Lovely.It was great", "either/or", "3.5/5 stars", "Mr.Smith e.g. this", "a.b.c"])
def test_a_slip_between_two_sentences_is_no_link(text: str):
    assert why_time_is_unknown([text], "choice") == ""


def test_what_is_behind_a_link_or_heard_nobody_can_estimate():
    assert why_time_is_unknown(["Listen: https://example.org/ten-minutes.mp3"], "choice") == "link"
    assert why_time_is_unknown(["www.example.org/shop"], "text") == "link"
    assert why_time_is_unknown(["anything"], "choice", is_sound=True) == "sound"
    assert why_time_is_unknown(["https://example.org/cat.jpg"], "choice") == ""
    assert why_time_is_unknown([*["nice"] * 19, "see https://example.org"], "choice") == ""
    assert why_time_is_unknown([], "choice") == ""
