"""Words of a requester that state how long an answer takes, and words that only look like it."""

import pytest

from domain.money.pricing import stated_seconds


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("One hour survey", 3_600),
        ("10-minute online survey", 600),
        ("Survey - 20 min", 1_200),
        ("Academic study (15 min)", 900),
        ("It takes about 10 minutes.", 600),
        ("It should take you around 5-10 minutes.", 450),
        ("Takes up to 10 minutes", 300),
        ("Duration: 1.5 hours", 5_400),
        ("Half an hour interview", 1_800),
        ("Two-hour-long study", 7_200),
        ("Enquête d'une heure", 3_600),
        ("Questionnaire de 10 minutes", 600),
        ("Cela prend environ 5 minutes", 300),
        ("durée : 15 min", 900),
        ("Hour-long survey", 3_600),
        ("Take a one full hour survey", 3_600),
        ("60+ minute survey", 3_600),
        ("Survey lasting an hour", 3_600),
        ("1h30 survey", 5_400),
        ("Study (1 hour and 15 minutes)", 4_500),
        ("1½ hour interview", 5_400),
        ("Half-hour survey", 1_800),
        ("Quarter of an hour survey", 900),
        ("Enquête d’un quart d’heure", 900),
        ("Forty-five minute survey", 2_700),
        ("90 minutes", 5_400),
        ("\uff2fne hour survey", 3_600),
        ("O\u200bne h\u00adour sur\u2060vey", 3_600),
    ],
)
def test_stated_durations_are_found(words: str, seconds: float) -> None:
    assert stated_seconds(words) == seconds


@pytest.mark.parametrize(
    "words",
    [
        "Is the review positive?",
        "Rate a 30 second clip",
        "You have 60 minutes to complete it",
        "Write within 10 minutes of completing the survey",
        "Describe your 8 hour work day",
        "What happened in the last hour?",
        "Is the wage per hour?",
        "A survey of 200 m runners",
        "10 seconds of a speech",
    ],
)
def test_limits_and_other_durations_are_no_stated_time(words: str) -> None:
    assert stated_seconds(words, [words]) == 0
