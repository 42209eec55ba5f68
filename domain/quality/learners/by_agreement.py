"""The learner of answers that are no classes: trust in each worker, and a consensus by the kind's own rule."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import logit

from domain.answers import AnswerKind, consensus_of, kind_of
from domain.quality.aggregation import Agreement
from domain.quality.given_answers import ENOUGH_GOLD, Gold, Said
from domain.quality.intervals import believed
from domain.quality.learners.learner import Asked, Learnt, Own, drawn
from domain.quality.live import ProjectModel, TaskState
from domain.quality.machine import AT_MOST, USUAL, MachineAnswer, MachineModel, judged_by, newcomers, votes_of
from domain.quality.options_apart import apart
from domain.quality.stacking import regressed, shifted
from domain.quality.trust import by_gold, learnt


class ByAgreement:
    def unlearnt(self, options: int, models: Sequence[str]) -> ProjectModel:
        return ProjectModel(TaskState(()), by_gold(0, 0), 1.0, machines=newcomers(models, 0))

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        newcomer, models, precision = learnt(asked.kind, asked.options, said, gold)
        told, of_newcomer, usual = apart(asked.kind, asked.options, said, gold)
        newcomer = replace(newcomer, told=of_newcomer)
        models = {worker: replace(each, told=told.get(worker)) for worker, each in models.items()}
        bare = self.learn(replace(asked, machines={}), said, {}) if gold else None
        found = drawn(self, asked, said, bare, gold.keys()) if bare else {}
        shift = _shift(kind_of(asked.kind), found, gold)
        shared = ProjectModel(TaskState(()), newcomer, precision, shift, len(said), usual=usual)
        people = Learnt(shared, models, dict.fromkeys(each.task for each in said), bare)
        machines = _judged(asked, self._consensus(asked, said, people, gold), gold)
        return replace(people, project=replace(shared, machines=machines))

    def _consensus(self, asked: Asked, said: Sequence[Said], people: Learnt, gold: Gold) -> dict[int, str]:
        """What two people or more say of the first tasks that a model has answered, too."""
        answers = Counter(each.task for each in said) if asked.machines else {}
        several = [task for task in sorted(asked.machines.keys() - gold.keys()) if answers.get(task, 0) > 1]
        found = drawn(self, asked, said, people, several[:AT_MOST])
        return {task: each.answer for task, each in found.items() if each.answer is not None}

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        told = [worker.vote(answer) for worker, answer in own] + votes_of(project.machines, said)
        votes = [replace(vote, weight=vote.weight * project.information) for vote in told]
        found = consensus_of(asked.kind, votes, asked.options, project.usual)
        if found.confidence is None:
            return found
        return replace(found, confidence=shifted(found.confidence, project.shift))


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


def _judged(asked: Asked, people: Mapping[int, str], gold: Gold) -> tuple[MachineModel, ...]:
    """Models, by gold and by the consensus of `people` on the tasks that it is held against."""
    kind = kind_of(asked.kind)
    hits, met = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    for task, answers in asked.machines.items():
        for each in answers:
            hits[each.model] += [kind.is_right(each.answer, gold[task])] if task in gold else []
            met[each.model] += [kind.agree(each.answer, people[task])] if task in people else []
    agreed = {name: believed(sum(own), len(own), USUAL) for name, own in met.items()}
    return tuple(judged_by(name, own, agreed[name], len(met[name])) for name, own in hits.items())
