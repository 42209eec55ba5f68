"""What is said before pay is given up holds for whoever reads it."""

from domain.people.personal_data import ForgetQuestion, OpenMatter, WaiverQuestion
from handlers.screen import render
from tests.handlers.screens.samples import stored

AVAILABLE = OpenMatter("available", 3_300_000, "EUR")


def test_who_would_rather_be_paid_is_sent_to_where_the_way_is_shown() -> None:
    """It named another button under /forget, which only who is paid through Wise has."""
    question = WaiverQuestion(AVAILABLE.amount, AVAILABLE.currency)
    assert "/forget shows how" in render(question.stored_as, stored(question), "en").text
    forget = ForgetQuestion((AVAILABLE,), sure=False, worker=True)
    shown = render(forget.stored_as, stored(forget), "en")
    assert "/payout brings it to you" in shown.text
    assert len(shown.keyboard) == 1
