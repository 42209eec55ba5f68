"""The words of a refusal read what it carries, also where another version of the program stored it."""

from domain.refusals import JudgesPayMissing, NotFound
from handlers.screens.screen import render

MISSING = JudgesPayMissing(missing=50_000, needed=150_000, available=100_000, currency="EUR")


def test_what_is_not_known_any_more_is_passed_over() -> None:
    known = render(MISSING.stored_as, MISSING.facts, "en")
    assert "€0.05 is missing" in known.text
    assert render(MISSING.stored_as, {**MISSING.facts, "gone": 1}, "en") == known


def test_a_refusal_says_what_it_is_where_it_is_logged() -> None:
    refusal = NotFound(what="project", name="7")
    assert str(refusal) == "NotFound {'what': 'project', 'name': '7'}"
    assert refusal.stored_as == "refusals.NotFound"
