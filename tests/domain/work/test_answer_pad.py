"""Presses on the answer pad, for every kind that takes several."""

import pytest

from domain.answers import kind_of, list_kinds
from domain.handing_in import Wants
from domain.refusals import AnswerUnfit, AnswerUnknown
from domain.work.assignments import AnswerPad

OPTIONS = ("a", "b", "c")
KINDS = [kind for kind in list_kinds() if not kind_of(kind).asks_questions]  # tests/domain/answers/test_form.py
PRESSED = [kind for kind in KINDS if kind_of(kind).wants is Wants.PRESSES]


def pressed(kind: str, *options: int) -> AnswerPad:
    pad = AnswerPad(kind, OPTIONS)
    for option in options:
        pad = pad.choose(option)
    return pad


@pytest.mark.parametrize("kind", PRESSED)
def test_what_was_pressed_is_read_as_an_answer_of_its_kind(kind: str) -> None:
    wanted = (2, 0) if kind == "best_worst" else (2, 0, 1)
    pad = pressed(kind, *wanted)
    assert sorted(pad.draft) == sorted(wanted)
    assert kind_of(kind).parse_answer(pad.to_answer(), OPTIONS)


@pytest.mark.parametrize("kind", PRESSED)
def test_undo_takes_the_last_press_back_until_none_is_left(kind: str) -> None:
    pad = pressed(kind, 0, 2)
    assert [pad.undo().draft, pad.undo().undo().draft] == [(0,), ()]
    assert AnswerPad(kind, OPTIONS).undo().draft == ()


@pytest.mark.parametrize("kind", PRESSED)
def test_a_number_that_is_no_option_is_refused(kind: str) -> None:
    with pytest.raises(AnswerUnknown):
        pressed(kind, 3)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(PRESSED)))
def test_other_kinds_have_no_pad(kind: str) -> None:
    pad = AnswerPad(kind, OPTIONS)
    with pytest.raises(AnswerUnknown):
        pad.choose(0)
    with pytest.raises(AnswerUnfit):
        pad.to_answer()
