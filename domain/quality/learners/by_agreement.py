"""Where answers are no classes: how far each worker is trusted, and a consensus by the kind's own rule.

What is learnt of a worker is kept as their model: skill, and as information the precision of their numbers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from domain.quality.calibration import Calibration
from domain.quality.fraud.evidence import Finding
from domain.quality.fraud.suspicion_by_agreement import doubts
from domain.quality.learners.learner import Asked, Gold, Learnt
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine.judging import judged
from domain.quality.skill import Skill
from domain.quality.trust import BELIEVED, Said, Trust, calibrated, learnt, unaided


class ByAgreement:
    keeps_scores = False
    doubts_gold = True

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        newcomer, trust = learnt(asked.kind, asked.options, said, gold)
        given = Counter(each.worker for each in said)
        drawn = unaided(asked.kind, asked.options, said, gold) if gold else {}
        shift = calibrated(asked.kind, drawn, gold)
        shared = ProjectModel(TaskState(()), _model(newcomer, 0), 1.0, Calibration(shift, 1.0, 0.0), len(said))
        if asked.machines:
            shared = replace(shared, machines=judged(asked.kind, asked.options, asked.machines, said, gold))
        models = {worker: _model(known, given[worker]) for worker, known in trust.items()}
        checked = {task: each.answer for task, each in drawn.items() if each.answer is not None}
        return Learnt(shared, models, dict.fromkeys(each.task for each in said), checked)

    def suspicions(self, asked: Asked, said: Sequence[Said], gold: Gold) -> list[Finding]:
        return list(doubts(asked.kind, asked.options, said, gold))


def _model(known: Trust, answers: int) -> WorkerModel:
    return WorkerModel((), known.weight, answers, Skill(known.accuracy, known.judged + BELIEVED, 0.0), known.habit)
