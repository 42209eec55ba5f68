"""The answers of a form as they are stored: JSON objects by the questions' names; and what belongs to each question."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.answers import AnswerKind, Draft, kind_of
from domain.projects.form_questions import FormQuestion, asked_in, questions_of, steps_of
from domain.projects.projects import Project
from domain.quality.machine import MachineAnswer

NOT_ASKED = -1.0  # in place of the confidence of a question


def given(answer: str) -> dict[str, str]:
    """The answers by the questions' names."""
    found: dict[str, str] = json.loads(answer)
    return found


def packed(answers: Mapping[str, object]) -> str:
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))


def gold_from(known: Mapping[str, Sequence[str]], options: Sequence[str]) -> tuple[str, ...]:
    """Accepted answers by question, as gold; () where nothing is known."""
    if not known:
        return ()
    kinds = {each.name: each.kind for each in questions_of(options)}
    return (packed({name: [kinds[name], *answers] for name, answers in known.items()}),)


def gold_flaw(question: FormQuestion, written: str) -> tuple[str, Mapping[str, Any]]:
    """What was expected of gold that cannot be answered, as a key of formats/english.py with its facts."""
    kind, options = question.answered_by, question.options
    found = [kind.gold(each, options) for each in kind.alternatives(written)]
    if found and all(found):
        return "none_alone", {}
    return ("one_of", {"options": options}) if options else kind.gold_flaw(written, options)


def meets(answer: str, accepted: str) -> bool:
    """Whether all that gold knows is answered right."""
    answers = given(answer)
    return all(_is_met(answers.get(name), *known) for name, known in json.loads(accepted).items())


def _is_met(answer: str | None, kind: str, *accepted: str) -> bool:
    return kind_of(kind).is_right(answer, accepted) if kind else answer in accepted


def known_in(accepted: str) -> dict[str, Sequence[str]]:
    """The accepted answers of each question that gold knows."""
    return {name: answers for name, (_, *answers) in json.loads(accepted).items()}


def begun(project: Project, answer: str | None) -> Draft:
    """Where an answer is changed: of a form all that was answered but the last question, since Back leads to the
    others."""
    if not kind_of(project.kind).asks_questions or answer is None:
        return ()
    return steps_of(questions_of(project.options), given(answer))[:-1]


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
    """What models say of one question."""
    return tuple(each for each in said if each.question == question)


def parts_of(
    kind: str, options: Sequence[str], said: Sequence[MachineAnswer], answers: Sequence[str] = ()
) -> tuple[Part, ...]:
    questions = asked_in(kind, options)
    if not questions:
        return (Part("", kind_of(kind), tuple(said), tuple(answers)),)
    by_name = [given(answer) for answer in answers]
    return tuple(
        Part(e.name, e.answered_by, told_of(said, e.name), tuple(own[e.name] for own in by_name if e.name in own))
        for e in questions
    )
