"""A requester reads what photos and voice messages are looked at for: on the card's details, and in the wizard."""

from dataclasses import replace

import pytest

from domain.projects.wizard import FileWanted
from handlers.projects.preflight import show_preflight
from handlers.projects.wizard import ask_for_file
from locales import translator
from tests.handlers.screens.project_samples import PREFLIGHT

PHOTO = replace(PREFLIGHT, kind="photo", options=(), whole=True)


@pytest.mark.parametrize(
    ("kind", "checks", "said"),
    [
        ("photo", (), "if it seems: blank, dark, blurred, a screenshot, sent before."),
        ("photo", ("no screenshot", "blurred=100"), "if it seems: blank, dark, blurred (below 100), sent before."),
        ("voice", ("short=3.5",), "if it seems: short (below 3.5), hardly to be heard."),
        ("voice", ("off",), "They count as they come"),
    ],
)
def test_the_details_name_what_is_looked_for(kind: str, checks: tuple[str, ...], said: str) -> None:
    shown = show_preflight(replace(PHOTO, kind=kind, checks=checks), translator("en"))
    assert said in shown.text
    assert said not in show_preflight(replace(PHOTO, kind=kind, checks=checks, whole=False), translator("en")).text


def test_where_nothing_is_sent_nothing_is_looked_at() -> None:
    assert "🔎" not in show_preflight(replace(PREFLIGHT, whole=True), translator("en")).text


def test_the_wizards_summary_names_it() -> None:
    wanted = FileWanted(5, 5, said=(("title", "A place"), ("kind", "photo")))
    assert "floue, une capture d’écran" in ask_for_file(wanted, translator("fr")).text
    assert "🔎" not in ask_for_file(replace(wanted, said=(("kind", "choice"),)), translator("en")).text
