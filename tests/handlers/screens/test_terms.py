"""What people consent to has a version: a text that changes gets a new one."""

import hashlib

from domain.money.amounts import Millionths
from domain.people.onboarding import TermsOfUse
from domain.people.personal_data import CARD_VERSION, TERMS_VERSION
from handlers.people.onboarding import terms_screen
from handlers.work.honest_card import format_consent
from locales import translator

CHANGED = (
    "the text changed: set its version in domain/people/personal_data.py to today, and the hash here to the new one"
)
TEXTS = {
    ("terms", "2026-11-27"): "c47fff1ed9e84649",
    ("card", "2026-12-03"): "14e43ae4c6dbc6d7",
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_text_of_each_version_stays_what_it_was() -> None:
    t = translator("en")
    of = TermsOfUse(None, "10", Millionths(12_000_000), "EUR")
    assert digest(terms_screen(of, t).text) == TEXTS["terms", TERMS_VERSION], CHANGED
    assert digest(format_consent("Anna", t)) == TEXTS["card", CARD_VERSION], CHANGED
