"""Learners of workers and tasks: one protocol, of whose ways each answer kind picks one."""

from collections.abc import Mapping
from functools import cache

from domain.answers import Learns, kind_of
from domain.quality.learners.by_agreement import ByAgreement
from domain.quality.learners.by_class import ByClass
from domain.quality.learners.by_question import ByQuestion
from domain.quality.learners.learner import Asked, Learner, Learnt

__all__ = ["Asked", "Learner", "Learnt", "learner_of"]

_OF_A_QUESTION: Mapping[Learns, Learner] = {Learns.CLASSES: ByClass(), Learns.AGREEMENT: ByAgreement()}
LEARNERS: Mapping[Learns, Learner] = {**_OF_A_QUESTION, Learns.QUESTIONS: ByQuestion(_OF_A_QUESTION)}


@cache
def learner_of(kind: str) -> Learner:
    return LEARNERS[kind_of(kind).learns]
