"""The pre-flight card's count of answers is the one that its cost is counted with."""

from dataclasses import replace

from handlers.projects.preflight import count_tasks
from locales import translator
from tests.handlers.screens.project_samples import PREFLIGHT


def test_a_task_that_may_take_more_answers_says_how_many() -> None:
    t = translator("en")
    assert "up to 5 answers each" in count_tasks(PREFLIGHT, t)
    assert "3 answers each" in count_tasks(replace(PREFLIGHT, confidence=None), t)
    assert "3 answers each" in count_tasks(replace(PREFLIGHT, max_overlap=3), t)
