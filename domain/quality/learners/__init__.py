"""How workers and tasks are learnt: one protocol, two ways, of which each answer kind picks one."""

from collections.abc import Mapping

from domain.answers import Learns, kind_of
from domain.quality.learners.by_agreement import ByAgreement
from domain.quality.learners.by_class import ByClass
from domain.quality.learners.learner import Asked, Gold, Learner, Learnt, Result

__all__ = ["Asked", "Gold", "Learner", "Learnt", "Result", "learner_of"]

LEARNERS: Mapping[Learns, Learner] = {Learns.CLASSES: ByClass(), Learns.AGREEMENT: ByAgreement()}


def learner_of(kind: str) -> Learner:
    return LEARNERS[kind_of(kind).learns]
