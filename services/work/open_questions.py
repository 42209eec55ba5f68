"""THE TABLE of open questions: what a person was asked last → who takes the words, or the place, that they send next.

A question is kept as a draft, one a person, under the name of its journey.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.moments import Moment
from services.act import Act
from services.fairness import pleas, review
from services.money import bonus, payees, payouts
from services.projects import project_wizard
from services.quality import gold_place, gold_wizard
from storage.unit import UnitOfWork

Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """`take(act, kept, words)` answers it and returns what came of it, None where the words were no answer.

    `kept` is what the draft holds. `waits`: whether words are wanted at all; `owns`: words that are this question's
    even where a task asked later; `wants_place`: a place is an answer, too.
    """

    take: Callable[[Act, Kept, str], object]
    waits: Callable[[Kept], bool] = lambda kept: True
    owns: Callable[[str], bool] = lambda words: False
    wants_place: Callable[[UnitOfWork, Kept], bool] = lambda unit, kept: False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is open for somebody, since `at`."""

    question: Question
    kept: Kept
    at: Moment

    @property
    def waits(self) -> bool:
        return self.question.waits(self.kept)

    def take(self, act: Act, words: str) -> object:
        return self.question.take(act, self.kept, words)


QUESTIONS: Mapping[str, Question] = {
    payees.JOURNEY: Question(payouts.typed, owns=payees.is_account),
    review.JOURNEY: Question(review.reasoned),
    pleas.JOURNEY: Question(pleas.typed),
    bonus.JOURNEY: Question(bonus.typed),
    project_wizard.JOURNEY: Question(project_wizard.typed, waits=project_wizard.is_asking),
    gold_place.JOURNEY: Question(gold_wizard.typed, waits=gold_wizard.is_asking, wants_place=gold_wizard.wants_place),
}


def asked(act: Act) -> Asked | None:
    """What is open for whoever acts."""
    draft = act.unit.drafts.of(act.person.id)
    question = QUESTIONS.get(draft.journey) if draft else None
    return Asked(question, draft.kept, draft.asked_at) if draft and question else None
