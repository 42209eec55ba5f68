"""Where answers are no classes: how far each worker is trusted, and a consensus by the kind's own rule.

What is learnt of a worker is kept as their model: skill, and as information the precision of their numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.answers import consensus_of
from domain.quality.aggregation import Agreement, Told, Vote
from domain.quality.calibration import Calibration
from domain.quality.fraud.evidence import Finding
from domain.quality.fraud.unmet import doubts
from domain.quality.learners.learner import Asked, Gold, Learnt
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine.judging import judged
from domain.quality.options_apart import apart
from domain.quality.skill import Skill
from domain.quality.trust import BELIEVED, Said, Trust, calibrated, learnt


class ByAgreement:
    keeps_scores = False
    doubts_gold = True

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        newcomer, trust = learnt(asked.kind, asked.options, said, gold)
        known, given = apart(asked.kind, asked.options, said, gold), Counter(each.worker for each in said)
        told, of_all = (known.workers, known.newcomer) if known else ({}, None)
        bare = self.learn(replace(asked, machines={}), said, {}) if gold else None
        found = agreements(asked, said, bare, gold.keys()) if bare else {}
        machines = judged(asked.kind, asked.options, asked.machines, said, gold) if asked.machines else ()
        shared = ProjectModel(
            TaskState(()), _model(newcomer, 0, of_all), 1.0, Calibration(calibrated(asked.kind, found, gold)),
            len(said), machines, usual=known.usual if known else None,
        )  # fmt: skip
        models = {worker: _model(each, given[worker], told.get(worker)) for worker, each in trust.items()}
        checked = {task: each.answer for task, each in found.items() if each.answer is not None}
        return Learnt(shared, models, dict.fromkeys(each.task for each in said), checked, bare)

    def suspicions(self, asked: Asked, said: Sequence[Said], gold: Gold) -> list[Finding]:
        return list(doubts(asked.kind, asked.options, said, gold))


def agreements(asked: Asked, said: Sequence[Said], learnt: Learnt, tasks: Collection[int]) -> dict[int, Agreement]:
    """The consensus of these tasks as far as they were answered, uncalibrated."""
    votes: dict[int, list[Vote]] = defaultdict(list)
    for each in sorted((each for each in said if each.task in tasks), key=lambda each: (each.task, each.worker)):
        votes[each.task].append(learnt.workers[each.worker].vote(each.answer))
    usual = learnt.project.usual
    return {task: consensus_of(asked.kind, given, asked.options, usual) for task, given in votes.items()}


def _model(known: Trust, answers: int, told: Told | None) -> WorkerModel:
    skill = Skill(known.accuracy, known.judged + BELIEVED, 0.0)
    return WorkerModel((), known.weight, answers, skill, known.habit, told)
