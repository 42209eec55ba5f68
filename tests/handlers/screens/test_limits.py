"""What people read at a glance stays short: characters of the samples, in every language."""

import pytest

from handlers.screen import visible_length
from locales.languages import LANGUAGES
from tests.handlers.screens.limits import LIMITED_SCREENS, LimitedScreen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", LIMITED_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_keeps_its_limit(screen: LimitedScreen, language: str) -> None:
    lengths = [visible_length(painted.text) for painted in screen.paint(language)]
    assert 0 < max(lengths) <= screen.max_chars
