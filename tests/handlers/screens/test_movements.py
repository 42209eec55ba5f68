"""Every movement of money has a name wherever people read of it."""

import re

from handlers.money import explanations, wallet
from handlers.people.personal_data import movement_names
from locales import translator
from tests.architecture.source import modules

T = translator("en")
POSTED = re.compile(r"""(?:Transfer|post_for_project)\([^()]*(?:\([^()]*\))?[^()]*?(?:, |kind=)"([a-z ]+)",""")


def explained() -> set[str]:
    words = {"title": "", "reason": ""}
    return {
        *explanations._texts_for_worker(words, T),
        *explanations._texts_for_requester(words, T),
        *explanations._texts_for_everybody(words, T),
    }


def test_the_balance_why_and_mydata_know_the_same_movements():
    assert explained() | {"bonus"} == set(wallet.movement_names(T)) == set(movement_names(T))


def test_they_know_every_kind_that_is_posted():
    """As far as it stands in the call; others are named where they are passed on."""
    found = {
        kind for path in modules("services", "extensions") for kind in POSTED.findall(path.read_text(encoding="utf-8"))
    }
    assert {"payout", "deposit", "bonus", "gather"} <= found <= set(wallet.movement_names(T))
