"""`/why skill` where no check question was met."""

from dataclasses import replace

import pytest

from domain.quality.figures import ProjectSkill, SkillReport
from handlers.screen import render
from tests.handlers.screens.quality_samples import SKILL, SKILL_FIGURES
from tests.handlers.screens.samples import stored

NO_GOLD = replace(SKILL, missed=0, qualified=True, has_gold=False)


def text_of(of: ProjectSkill) -> str:
    told = SkillReport((of,))
    return render(told.stored_as, stored(told), "en").text


@pytest.mark.parametrize(
    ("review", "said"), [(False, "✅ Each answer is paid at once."), (True, "✅ Pay is yours when")]
)
def test_nobody_reads_that_they_have_passed_where_there_are_no_check_questions(review: bool, said: str) -> None:
    """It said: Check questions: none met yet. Qualified. You may contest a check question."""
    text = text_of(replace(NO_GOLD, review=review))
    assert said in text
    assert "Qualified" not in text
    assert "heck question" not in text


def test_who_missed_some_reads_how_many_and_once_the_project_has_ended_how_many_were_right() -> None:
    running = text_of(replace(SKILL, qualified=True))
    assert "Check questions missed so far: 3" in running
    assert "✅ Qualified: each answer is paid at once." in running
    assert "contest a check question" in running
    ended = text_of(replace(SKILL, qualified=True, figures=SKILL_FIGURES))
    assert "Check questions: 1 of 4 right" in ended
    assert ("give its check questions away" in running, "give its check questions away" in ended) == (True, False)


@pytest.mark.parametrize("found", [{"watch": 1}, {"watch": 2, "later": True}])
def test_nobody_is_told_to_answer_check_questions_that_cannot_come(found: dict[str, int]) -> None:
    assert "check questions" in text_of(replace(NO_GOLD, has_gold=True, **found)).partition("🔎")[2]
    assert "check question" not in text_of(replace(NO_GOLD, **found))
