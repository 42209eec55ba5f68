"""What people read at a glance stays short: characters of the samples, in every language."""

import pytest

from domain.money.wallet import Balance
from domain.people.onboarding import Help, Welcome
from domain.work.messages import MissExplained, TaskShown
from handlers.screen import render, visible_length
from handlers.work.honest_card import format_card
from locales import translator
from locales.languages import LANGUAGES
from tests.handlers.screens import work_samples
from tests.handlers.screens.samples import SAMPLES

MAX_CHARS = {Welcome: 450, Help: 500, Balance: 400, MissExplained: 300}
MAX_CARD_CHARS = 350
CARDS = (work_samples.CARD, work_samples.KNOWN, work_samples.UNMEASURED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", MAX_CHARS)
def test_a_screen_keeps_its_limit(message: type[Welcome | Help | Balance | MissExplained], language: str) -> None:
    for facts in SAMPLES[message.stored_as]:
        assert visible_length(render(message.stored_as, facts, language).text) <= MAX_CHARS[message]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card", CARDS)
def test_the_card_of_a_project_keeps_its_limit(card: work_samples.HonestCard, language: str) -> None:
    shown: TaskShown = work_samples.TASK
    assert visible_length(format_card(shown, card, translator(language))) <= MAX_CARD_CHARS
