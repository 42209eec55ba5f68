"""Where answers are no classes: how far each worker is trusted, and a consensus by the kind's own rule.

What is learnt of a worker is kept as their model: skill, and as information the precision of their numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.answers import consensus_of
from domain.quality.aggregation import Agreement, Vote
from domain.quality.calibration import Calibration
from domain.quality.fraud.evidence import Finding
from domain.quality.fraud.unmet import doubts
from domain.quality.learners.learner import Asked, Gold, Learnt, sample
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine.judging import judged
from domain.quality.options_apart import apart
from domain.quality.skill import Skill
from domain.quality.trust import BELIEVED, HONEST, Said, Trust, calibrated, learnt, vote_of


class ByAgreement:
    keeps_scores = False
    doubts_gold = True

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        newcomer, trust = learnt(asked.kind, asked.options, said, gold)
        given = Counter(each.worker for each in said)
        known = apart(asked.kind, asked.options, said, gold)
        some = sample(list(dict.fromkeys(each.task for each in said)), gold) if gold else []
        drawn = self._without_gold(asked, said, gold.keys() | set(some)) if gold else {}
        shift = calibrated(asked.kind, {task: each for task, each in drawn.items() if task in gold}, gold)
        shared = ProjectModel(TaskState(()), _model(newcomer, 0), 1.0, Calibration(shift, 1.0, 0.0), len(said))
        if asked.machines:
            shared = replace(shared, machines=judged(asked.kind, asked.options, asked.machines, said, gold))
        models = {worker: _model(each, given[worker]) for worker, each in trust.items()}
        if known is not None:
            newcomer_told = replace(shared.newcomer, told=known.newcomer)
            shared = replace(shared, newcomer=newcomer_told, usual=known.usual)
            models = {worker: replace(model, told=known.workers[worker]) for worker, model in models.items()}
        checked = {task: each.answer for task, each in drawn.items() if task in gold and each.answer is not None}
        bare = {task: (drawn[task].answer, drawn[task].confidence) for task in some}
        return Learnt(shared, models, dict.fromkeys(each.task for each in said), checked, bare)

    def _without_gold(self, asked: Asked, said: Sequence[Said], tasks: Collection[int]) -> dict[int, Agreement]:
        """The consensus that each answered one of these tasks would have without any gold."""
        known = apart(asked.kind, asked.options, said, {})
        trust = {} if known else learnt(asked.kind, asked.options, said, {})[1]
        votes: dict[int, list[Vote]] = defaultdict(list)
        for each in sorted((each for each in said if each.task in tasks), key=lambda each: (each.task, each.worker)):
            own = Vote(each.answer, HONEST, told=known.workers[each.worker]) if known else vote_of(each, trust)
            votes[each.task].append(own)
        usual = known.usual if known else None
        return {task: consensus_of(asked.kind, given, asked.options, usual) for task, given in votes.items()}

    def suspicions(self, asked: Asked, said: Sequence[Said], gold: Gold) -> list[Finding]:
        return list(doubts(asked.kind, asked.options, said, gold))


def _model(known: Trust, answers: int) -> WorkerModel:
    return WorkerModel((), known.weight, answers, Skill(known.accuracy, known.judged + BELIEVED, 0.0), known.habit)
