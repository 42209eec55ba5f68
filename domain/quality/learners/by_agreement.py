"""The learner of answers that are no classes: trust in each worker, and a consensus by the kind's own rule."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.answers import consensus_of
from domain.quality.aggregation import Agreement, Vote
from domain.quality.calibration import on_gold
from domain.quality.fraud.evidence import Finding
from domain.quality.fraud.unmet import doubts
from domain.quality.given_answers import Gold, Said
from domain.quality.learners.learner import Asked, Learnt
from domain.quality.live import ProjectModel, TaskState
from domain.quality.machine.judging import judged
from domain.quality.options_apart import apart
from domain.quality.trust import learnt


class ByAgreement:
    keeps_scores = False
    doubts_gold = True

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        newcomer, models = learnt(asked.kind, asked.options, said, gold)
        options = apart(asked.kind, asked.options, said, gold)
        if options:
            newcomer = replace(newcomer, told=options.newcomer)
            models = {worker: replace(each, told=options.workers[worker]) for worker, each in models.items()}
        bare = self.learn(replace(asked, machines={}), said, {}) if gold else None
        found = agreements(asked, said, bare, gold.keys()) if bare else {}
        machines = judged(asked.kind, asked.options, asked.machines, said, gold) if asked.machines else ()
        calibration, usual = on_gold(asked.kind, found, gold), options.usual if options else None
        shared = ProjectModel(TaskState(()), newcomer, 1.0, calibration, len(said), machines, usual=usual)
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
