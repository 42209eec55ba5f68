"""What people read at a glance stays short: characters of the samples, in every language."""

import pytest

from handlers.screen import visible_length
from locales.languages import LANGUAGES
from tests.handlers.screens.limits import LIMITED_SCREENS, LimitedScreen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", LIMITED_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_keeps_its_limit(screen: LimitedScreen, language: str) -> None:
    assert 0 < visible_length(screen.paint_longest(language).text) <= screen.max_chars
