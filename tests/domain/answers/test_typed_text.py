"""Words that are typed: something has to be seen of them."""

import pytest

from domain.answers import kind_of
from domain.refusals import AnswerUnfit


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u200b\u2060 \ufeff", "\u0301", "\0\u200d"])
def test_what_nobody_sees_is_no_answer_and_no_gold(typed: str) -> None:
    with pytest.raises(AnswerUnfit):
        kind_of("text").parse_answer(typed, ())
    assert kind_of("text").parse_gold(typed, ()) is None


@pytest.mark.parametrize("typed", ["a", "…", "👩‍👧", "ไม่", "½", "é"])
def test_any_sign_is_one(typed: str) -> None:
    assert kind_of("text").parse_answer(typed, ()) == typed
