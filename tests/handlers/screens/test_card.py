"""The honest card asks for a person's own words where words are typed, and nowhere else."""

from dataclasses import replace

import pytest

from domain.work.messages import TaskShown
from handlers.screens.work.card import card
from locales import translator
from tests.handlers.screens import work_samples

SHOWN = next(each for each in work_samples.MESSAGES if isinstance(each, TaskShown) and each.card)


@pytest.mark.parametrize(("kind", "asks"), [("text", True), ("number", False), ("choice", False)])
def test_words_are_asked_for_as_a_persons_own(kind: str, asks: bool) -> None:
    assert SHOWN.card is not None
    shown = card(replace(SHOWN, kind=kind), SHOWN.card, translator("en"), 4000)
    assert ("own words" in shown) == asks
