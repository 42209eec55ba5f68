"""Models' answers to a form: each belongs to one question, and is heard and judged as its kind's are."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.answers import AnswerKind, kind_of
from domain.projects.form_answers import given, known_in
from domain.projects.form_questions import asked_in
from domain.quality.machine import MachineAnswer


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a form, or all of a task of another kind (`question` is empty): what models `said`, what people
    have `given`."""

    question: str
    kind: AnswerKind
    said: tuple[MachineAnswer, ...]
    given: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether somebody differs from a model."""
        return any(not self.kind.agree(answer, told.answer) for told in self.said for answer in self.given)

    def known(self, gold: Sequence[str]) -> Sequence[str]:
        """The accepted answers; none where gold says nothing of the question."""
        return known_in(gold[0]).get(self.question, ()) if self.question and gold else gold


def told_of(said: Sequence[MachineAnswer], question: str) -> tuple[MachineAnswer, ...]:
    return tuple(each for each in said if each.question == question)


def parts_of(
    kind: str, options: Sequence[str], said: Sequence[MachineAnswer], answers: Sequence[str] = ()
) -> tuple[Part, ...]:
    questions = asked_in(kind, options)
    if not questions:
        return (Part("", kind_of(kind), tuple(said), tuple(answers)),)
    by_name = [given(answer) for answer in answers]
    return tuple(
        Part(
            each.name,
            each.answered_by,
            told_of(said, each.name),
            tuple(own[each.name] for own in by_name if each.name in own),
        )
        for each in questions
    )
