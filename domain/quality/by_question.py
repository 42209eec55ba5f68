"""The consensus of a form: each question's by its own kind, where the consensus of those before it says it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from domain.answers import Learns, consensus_of
from domain.projects.form_answers import given
from domain.projects.form_questions import FormQuestion
from domain.quality import live
from domain.quality.aggregation import Agreement, Prior, QuestionModels, Vote
from domain.quality.live import ProjectModel
from domain.quality.machine import MachineAnswer, newcomers, votes_of
from domain.quality.machine.by_question import told_of

UNKNOWN = Agreement(None, 0.0)  # the consensus asks it, and nobody has answered it

Own = Sequence[tuple[Vote, str]]
"""Who answered a question, and what."""


def agreed(
    questions: Sequence[FormQuestion], votes: Sequence[Vote], usual: Prior | None
) -> list[tuple[FormQuestion, Agreement | None]]:
    """Of each question, None where it is not asked. One that all left out has no answer and no confidence."""
    prior = usual if isinstance(usual, QuestionModels) else QuestionModels({})
    said = [(vote, given(vote.answer)) for vote in votes if vote.machine is None]
    told = [vote.machine for vote in votes if vote.machine is not None]
    by_name = {question.name: question for question in questions}
    answers: dict[str, str] = {}
    found: list[tuple[FormQuestion, Agreement | None]] = []
    for question in questions:
        agreement = None
        if question.is_asked(answers, by_name):
            own = [(vote, own[question.name]) for vote, own in said if question.name in own]
            agreement = _agreed(question, own, prior, told_of(told, question.name))
            if agreement.answer is not None:
                answers[question.name] = agreement.answer
        found.append((question, agreement))
    return found


def _agreed(question: FormQuestion, own: Own, prior: QuestionModels, told: Sequence[MachineAnswer]) -> Agreement:
    """Models are heard where somebody has answered."""
    model = prior.of.get(question.name)
    if not own:
        return UNKNOWN if question.required else Agreement(None, None)
    if question.answered_by.learns is Learns.CLASSES:
        heard = _heard(model or _unlearnt(len(question.options)), question, told)
        return _of_classes(question, own, heard, told, prior.certain)
    votes = [_vote(question.name, vote, answer) for vote, answer in own]
    votes += votes_of(model.machines if model else newcomers((each.model for each in told), 0), told)
    found = consensus_of(question.kind, votes, question.options, model.usual if model else None)
    if model is None or found.confidence is None:
        return found
    return replace(found, confidence=model.calibration.confidence_of(found.confidence, len(votes)))


def _heard(model: ProjectModel, question: FormQuestion, told: Sequence[MachineAnswer]) -> ProjectModel:
    """Before the first refit, with models of usual skill."""
    if model.answers or model.machines or not told:
        return model
    return replace(model, machines=newcomers((each.model for each in told), len(question.options)))


def _of_classes(
    question: FormQuestion, own: Own, model: ProjectModel, told: Sequence[MachineAnswer], certain: bool
) -> Agreement:
    state = live.begun(model, question.options, told)
    for vote, answer in own:
        state = live.update(
            state, (vote.parts or {}).get(question.name, model.newcomer), question.options.index(answer)
        )
    state = replace(state, answers=len(own))
    found = live.consensus(state, model)
    return Agreement(question.options[found.choice], live.sure(found, model, certain))


def _vote(name: str, vote: Vote, answer: str) -> Vote:
    model = (vote.parts or {}).get(name)
    return replace(vote, answer=answer, parts=None) if model is None else model.vote(answer)


@lru_cache(maxsize=64)
def _unlearnt(classes: int) -> ProjectModel:
    return live.opened(classes)
