"""The words of a refusal read what it carries, also where another version of the program stored it."""

import re

from domain.refusals import JudgesPayMissing, NotFound
from handlers.screen import render
from tests.architecture.source import ROOT

MISSING = JudgesPayMissing(missing=50_000, needed=150_000, available=100_000, currency="EUR")


def test_what_is_not_known_any_more_is_passed_over() -> None:
    known = render(MISSING.stored_as, MISSING.facts, "en")
    assert "€0.05 is missing" in known.text
    assert render(MISSING.stored_as, {**MISSING.facts, "gone": 1}, "en") == known


def test_a_refusal_says_what_it_is_where_it_is_logged() -> None:
    refusal = NotFound(what="project", name="7")
    assert str(refusal) == "NotFound {'what': 'project', 'name': '7'}"
    assert refusal.stored_as == "refusals.NotFound"


def test_everything_that_may_not_be_found_has_words() -> None:
    source = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "services").rglob("*.py"))]
    named = {what for each in source for what in re.findall(r'NotFound\(\s*(?:what=)?"([^"]+)"', each)}
    assert len(named) > 20
    for what in sorted(named):
        assert render(NotFound.stored_as, NotFound(what=what, name="7").facts, "fr").text
