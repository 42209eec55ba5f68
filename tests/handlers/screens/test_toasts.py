"""Toasts: there is a sample of each, and it fits and is set in French."""

import pytest

import handlers
import handlers.routes  # noqa: F401 (registers the screens)
from domain.fairness.appeals import Verdict
from domain.fairness.reports import ReportWanted
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.quality.gold_challenges import ContestNoted, NotedBefore
from domain.work.assignments import AssignmentId, SubmissionId
from domain.work.messages import Changed, Reopened, Submitted, ToolNoted
from domain.work.offers import Skipped
from handlers.context import TOAST
from handlers.screen import TOASTS, toast_of
from locales import translator
from locales.languages import LANGUAGES
from services.fairness.appeals import AlreadyNoted, JudgementTaken
from services.fairness.review import AnswerAccepted
from services.people.onboarding import ButtonUsed, OutdatedButton
from services.projects.launches import CardOutdated
from simulator.text.formatting import utf16
from tests.locales.french import flaws

PAY = Millionths(999_999_999)
RESULTS = (
    *(Submitted(PAY, "EUR", held, missed=False) for held in (True, False)),
    Skipped(),
    Reopened(below=True),
    ToolNoted(),
    *(Changed(changed) for changed in (True, False)),
    AnswerAccepted(SubmissionId(9)),
    CardOutdated(),
    AlreadyNoted(),
    *(JudgementTaken(verdict, PAY, "EUR") for verdict in (Verdict.WORKER, None)),
    OutdatedButton(),
    ButtonUsed(),
    NotedBefore(),
    ContestNoted(Moment(1_790_000_000_000)),
    ReportWanted(AssignmentId(9), "Streets", "a street"),
)


def test_every_toast_has_a_sample() -> None:
    assert {type(result) for result in RESULTS} == TOASTS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_toast_is_short_and_set_in_its_language(result: object, language: str) -> None:
    text = toast_of(result, translator(language)).text
    assert 0 < utf16(text) <= TOAST
    assert "<" not in text
    assert language != "fr" or list(flaws(text)) == []


def test_nothing_is_said_where_the_task_is_in_the_pressed_message() -> None:
    assert toast_of(Reopened(below=False), translator("en")).text == ""
