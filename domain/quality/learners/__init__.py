"""Learners of workers and tasks: one protocol, of whose ways each answer kind picks one."""

from collections.abc import Mapping
from functools import cache

from domain.answers import Learns, kind_of
from domain.quality.learners.by_question import OF_A_QUESTION, ByQuestion
from domain.quality.learners.learner import Asked, Learner, Learnt

__all__ = ["Asked", "Learner", "Learnt", "learner_of"]

_LEARNERS: Mapping[Learns, Learner] = {**OF_A_QUESTION, Learns.QUESTIONS: ByQuestion()}


@cache
def learner_of(kind: str) -> Learner:
    return _LEARNERS[kind_of(kind).learns]
