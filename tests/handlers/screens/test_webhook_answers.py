"""What came of a call, as its requester reads it: a status, or a sentence; never a name from the code."""

import pytest

from domain.people.webhooks import WebhookLine, Webhooks
from handlers.people.webhooks import webhooks_screen
from locales import translator
from tests.handlers.screens.people_samples import NOON, UNANSWERED


def said(answer: str) -> str:
    line = WebhookLine(1, "https://a.example/", (), NOON, 1, 0, answer)
    return webhooks_screen(Webhooks((line,)), translator("en")).text.splitlines()[-1]


@pytest.mark.parametrize("answer", UNANSWERED)
def test_an_answer_that_did_not_come_is_explained(answer: str):
    assert answer not in said(answer)
    assert said(answer).startswith("last try: ")


def test_a_status_is_told_as_it_is():
    assert said("503") == "last answer: 503"
    assert said("TimeoutError") == "last try: no answer within ten seconds"
