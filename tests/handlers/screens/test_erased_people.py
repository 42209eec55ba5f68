"""Somebody who was erased has no name: every screen says so in its reader's language."""

import re
from typing import Any

import pytest

from domain.people.accounts import ERASED
from handlers.screen import SCREENS, render
from tests.handlers.screens.samples import SAMPLES

NAMED = ("who", "by", "made_by", "what")  # fields with a label
SHOWN = [(name, facts) for name, samples in SAMPLES.items() for facts in samples]


def without_names(facts: Any) -> Any:
    if isinstance(facts, dict):
        return {
            key: ERASED if key in NAMED and isinstance(each, str) and each.startswith("@") else without_names(each)
            for key, each in facts.items()
        }
    return [without_names(each) for each in facts] if isinstance(facts, list | tuple) else facts


@pytest.mark.parametrize(("language", "said"), [("en", "(erased account)"), ("fr", "(compte effacé)")])
def test_who_was_erased_is_named_in_the_readers_language(language: str, said: str) -> None:
    nameless = [(name, facts, without_names(facts)) for name, facts in SHOWN]
    found = [render(name, after, language) for name, before, after in nameless if after != before]
    shown = [" ".join([each.text, *(button.text for row in each.keyboard for button in row)]) for each in found]
    assert [text for text in shown if ERASED in text] == []
    assert [text for text in shown if re.search(r"/audit\W*\(", text)] == []
    assert sum(said in text for text in shown) > 20
    assert set(SCREENS) >= {name for name, _ in SHOWN}
