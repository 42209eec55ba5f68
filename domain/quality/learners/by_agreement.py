"""The learner of answers that are no classes: trust in each worker, and a consensus by the kind's own rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import logit

from domain.answers import AnswerKind, consensus_of, kind_of
from domain.quality.aggregation import Agreement
from domain.quality.given_answers import ENOUGH_GOLD, Gold, Said
from domain.quality.learners.learner import Asked, Learner, Learnt, Own, drawn
from domain.quality.learners.machine_judging import judged, looked_at, repeating
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import MachineAnswer, votes_of
from domain.quality.options_apart import apart
from domain.quality.stacking import regressed, shifted
from domain.quality.trust import by_gold, learnt


class ByAgreement(Learner):
    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        """Who repeats a model tells nothing that it does not say itself."""
        repeated = repeating(asked, said, gold)
        found = self._of_people(asked, said, gold, repeated.keys())
        people = drawn(self, asked, said, found, set(looked_at(asked, said, gold)))
        machines = judged(asked, people, gold, repeated)
        return replace(found, project=replace(found.project, machines=machines))

    def _of_people(self, asked: Asked, said: Sequence[Said], gold: Gold, unheard: Collection[int]) -> Learnt:
        kind, heard = kind_of(asked.kind), [each for each in said if each.worker not in unheard] if unheard else said
        newcomer, models, precision = learnt(asked.kind, asked.options, heard, gold)
        told, of_newcomer, usual = apart(asked.kind, asked.options, heard, gold)
        newcomer = replace(newcomer, told=of_newcomer)
        models = {worker: replace(each, told=told.get(worker)) for worker, each in models.items()}
        models |= {worker: _unheard([each for each in said if each.worker == worker], kind, gold) for worker in unheard}
        bare = self._of_people(asked, said, {}, unheard) if gold else None
        found = drawn(self, asked, said, bare, gold.keys()) if bare else {}
        shift = _shift(kind, found, gold)
        shared = ProjectModel(TaskState(()), newcomer, precision, shift, len(said), usual=usual)
        return Learnt(shared, models, dict.fromkeys(each.task for each in said), bare)

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        told = [worker.vote(answer) for worker, answer in own if worker.is_heard] + votes_of(project.machines, said)
        votes = [replace(vote, weight=vote.weight * project.information) for vote in told]
        found = consensus_of(asked.kind, votes, asked.options, project.usual)
        if found.confidence is None:
            return found
        return replace(found, confidence=shifted(found.confidence, project.shift))


def _unheard(own: Sequence[Said], kind: AnswerKind, gold: Gold) -> WorkerModel:
    right = [kind.is_right(each.answer, gold[each.task]) for each in own if each.task in gold]
    return replace(by_gold(sum(right), len(right)), information=0.0, answers=len(own))


def _shift(kind: AnswerKind, bare: Mapping[int, Agreement], gold: Gold) -> float:
    """What makes the confidence of gold tasks, drawn without gold (`bare`), right on the gold: MAP of the shift s in
    P(right) = 1/(1 + exp(−logit confidence − s)), prior N(0, 1); 0 from few."""
    pairs = [(b.confidence, kind.is_right(b.answer, gold[t])) for t, b in bare.items() if b.confidence is not None]
    if len(pairs) < ENOUGH_GOLD:
        return 0.0
    sure, right = np.array(pairs).T
    is_right = np.array([0.0, 1.0])  # the two classes of the regression
    design, odds = np.tile(is_right[:, None], (len(pairs), 1, 1)), logit(sure.clip(1e-6, 1 - 1e-6))[:, None] * is_right
    return float(regressed(design, right.astype(int), np.zeros(1), np.ones(1), odds)[0])
