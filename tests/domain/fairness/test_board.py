"""Pens, names, thresholds and the log, as pure values."""

from dataclasses import replace
from hashlib import sha256

from domain.fairness import board
from domain.fairness.board import (
    CHAIN_BEGINNING,
    HOUSE,
    MAX_VOICES,
    MIN_VOICES,
    BoardEvent,
    EventKind,
    Post,
    PostId,
    PostState,
    chain_event,
    clean_text,
    digest_of,
    petition_threshold,
    with_digest,
)
from domain.moments import Moment

SECRET, NONCE = b"s" * 32, bytes(range(9))
POST = Post(PostId(1), HOUSE, None, "a" * 24, 24_322, "Hello", "salt", "", Moment(0), PostState.SHOWN, 0)


def test_a_pen_is_read_by_who_minted_it_and_for_what_it_was_minted() -> None:
    pen = board.mint_pen(SECRET, "board 7", 24_322, NONCE)
    assert len(pen) == 24
    assert ":" not in pen
    found = board.read_pen(SECRET, "board 7", pen)
    assert found is not None
    assert found.month == 24_322
    assert board.read_pen(SECRET, "board 8", pen) is None
    assert board.read_pen(b"t" * 32, "board 7", pen) is None


def test_no_changed_pen_is_read() -> None:
    pen = board.mint_pen(SECRET, "board 7", 24_322, NONCE)
    for at in range(len(pen)):
        other = "A" if pen[at] != "A" else "B"
        assert board.read_pen(SECRET, "board 7", pen[:at] + other + pen[at + 1 :]) is None
    for wrong in ("", "x", pen[:-1], pen + "A", "é" * 24, "=" * 24):
        assert board.read_pen(SECRET, "board 7", wrong) is None


def test_the_same_random_number_is_another_author_on_another_board_and_in_another_month() -> None:
    authors = {
        found.author
        for scope in ("board 7", "board 8")
        for month in (24_322, 24_323)
        if (found := board.read_pen(SECRET, scope, board.mint_pen(SECRET, scope, month, NONCE)))
    }
    assert len(authors) == 4


def test_names_are_short_and_many() -> None:
    names = {board.pen_name(sha256(str(number).encode()).hexdigest()[:24]) for number in range(3_000)}
    assert len(names) > 2_900
    assert max(map(len, names)) <= 5


def test_a_month_begins_with_a_new_number() -> None:
    november, december = Moment(1_796_083_199_000), Moment(1_796_083_200_000)
    assert board.month_number(december) == board.month_number(november) + 1


def test_a_tenth_of_the_people_makes_a_petition() -> None:
    assert petition_threshold(0) == MIN_VOICES
    assert petition_threshold(41) == 5
    assert petition_threshold(100_000) == MAX_VOICES


def test_a_text_keeps_its_lines_and_loses_its_edges() -> None:
    assert clean_text("  a   b \n\n\n\n c\t d ") == "a b\n\nc d"
    assert clean_text(" \n ") == ""
    assert clean_text("\u200b\u2060\u202e\n\u200d") == ""
    assert clean_text("a\u202eb 👩\u200d🔧") == "ab 👩\u200d🔧"


def test_a_digest_covers_all_of_a_post_and_nothing_that_goes() -> None:
    kept = with_digest(POST).digest
    assert digest_of(replace(POST, state=PostState.HIDDEN, id=PostId(9))) == kept
    for changed in (
        replace(POST, body="Hullo"),
        replace(POST, salt="pepper"),
        replace(POST, author="b" * 24),
        replace(POST, day=Moment(86_400_000)),
        replace(POST, reply_to=PostId(3)),
        replace(POST, threshold=3),
    ):
        assert digest_of(changed) != kept


def test_a_seal_covers_every_field_and_all_before_it() -> None:
    event = BoardEvent(1, PostId(1), EventKind.HIDDEN, 7, 2, Moment(0), "d")
    first = chain_event(CHAIN_BEGINNING, event)
    second = chain_event(first, replace(event, position=2))
    assert (first.position, second.position) == (1, 2)
    for changed in (
        replace(event, person=8),
        replace(event, rule=1),
        replace(event, kind=EventKind.WITHDRAWN),
        replace(event, digest="e"),
        replace(event, day=Moment(1)),
        replace(event, post=PostId(2)),
    ):
        assert chain_event(CHAIN_BEGINNING, changed).hash != first.hash
        assert chain_event(chain_event(CHAIN_BEGINNING, changed), replace(event, position=2)).hash != second.hash
