"""Where answers are no classes: how far each worker is trusted, and a consensus by the kind's own rule.

What is learnt of a worker is kept as their model: skill, and as information the precision of their numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from domain.answers import consensus_of
from domain.quality.aggregation import Agreement, Vote
from domain.quality.calibration import Calibration
from domain.quality.fraud.evidence import Finding
from domain.quality.fraud.suspicion_by_agreement import doubts
from domain.quality.learners.learner import Asked, Gold, Learnt
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine.judging import judged
from domain.quality.options_apart import apart
from domain.quality.skill import Skill
from domain.quality.trust import BELIEVED, HONEST, Said, Trust, calibrated, learnt, unaided


class ByAgreement:
    keeps_scores = False
    doubts_gold = True

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        newcomer, trust = learnt(asked.kind, asked.options, said, gold)
        given = Counter(each.worker for each in said)
        known = apart(asked.kind, asked.options, said, gold)
        drawn = self._unaided(asked, said, gold) if gold else {}
        shift = calibrated(asked.kind, drawn, gold)
        shared = ProjectModel(TaskState(()), _model(newcomer, 0), 1.0, Calibration(shift, 1.0, 0.0), len(said))
        if asked.machines:
            shared = replace(shared, machines=judged(asked.kind, asked.options, asked.machines, said, gold))
        models = {worker: _model(each, given[worker]) for worker, each in trust.items()}
        if known is not None:
            newcomer_told = replace(shared.newcomer, told=known.newcomer)
            shared = replace(shared, newcomer=newcomer_told, usual=known.usual)
            models = {worker: replace(model, told=known.workers[worker]) for worker, model in models.items()}
        checked = {task: each.answer for task, each in drawn.items() if each.answer is not None}
        return Learnt(shared, models, dict.fromkeys(each.task for each in said), checked)

    def _unaided(self, asked: Asked, said: Sequence[Said], gold: Gold) -> dict[int, Agreement]:
        """The consensus that each answered gold task would have without any gold."""
        known = apart(asked.kind, asked.options, said, {})
        if known is None:
            return unaided(asked.kind, asked.options, said, gold)
        votes: dict[int, list[Vote]] = defaultdict(list)
        for each in said:
            if each.task in gold:
                votes[each.task].append(Vote(each.answer, HONEST, told=known.workers[each.worker]))
        return {task: consensus_of(asked.kind, given, asked.options, known.usual) for task, given in votes.items()}

    def suspicions(self, asked: Asked, said: Sequence[Said], gold: Gold) -> list[Finding]:
        return list(doubts(asked.kind, asked.options, said, gold))


def _model(known: Trust, answers: int) -> WorkerModel:
    return WorkerModel((), known.weight, answers, Skill(known.accuracy, known.judged + BELIEVED, 0.0), known.habit)
