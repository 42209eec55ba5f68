"""Where answers are classes: a model of each worker's confusions, and of each task the scores of its classes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from domain.quality import live
from domain.quality.averaging import average
from domain.quality.calibration import Calibration
from domain.quality.comparisons import told_by_others
from domain.quality.crowd import Crowd, gather
from domain.quality.fraud.collusion import heard, unvoiced, voices
from domain.quality.fraud.evidence import Finding
from domain.quality.fraud.suspicion import suspicions
from domain.quality.learners.learner import Asked, Gold, Learnt
from domain.quality.live import Refit
from domain.quality.trust import Said

CALIBRATING = 10  # answered gold tasks from which they say how far the crowd's certainty can be trusted
CERTAIN_ENOUGH = 1e-12


class ByClass:
    keeps_scores = True
    doubts_gold = False

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        tasks, workers = _seats(said, gold)
        found = relearnt(crowd_of(asked.options, said, gold, tasks, workers), whole=asked.ended)
        if asked.things:
            found = _with_strengths(found, tasks, asked.things)
        states = {task: state for task, state in zip(tasks, found.tasks, strict=True) if state.answers}
        return Learnt(found.project, dict(zip(workers, found.workers, strict=True)), states)

    def suspicions(self, asked: Asked, said: Sequence[Said], gold: Gold) -> list[Finding]:
        if not said:
            return []
        tasks, workers = _seats(said, gold)
        place, seat = {task: at for at, task in enumerate(tasks)}, {worker: at for at, worker in enumerate(workers)}
        order = {(place[each.task], seat[each.worker]): at for at, each in enumerate(said)}
        found = suspicions(crowd_of(asked.options, said, gold, tasks, workers), order)
        return [replace(each, worker=workers[each.worker]) for each in found]


def relearnt(crowd: Crowd, whole: bool) -> Refit:
    """The crowd's models and every task's state. `whole`: the project has ended, so its tasks are drawn once more by
    several models together, which takes longer and is right more often (docs/quality.md). Workers who answer by one
    key are heard as one, each of them has the model of their common voice, and in the end they have said nothing."""
    voice = voices(crowd)
    found = live.refit(heard(crowd, voice))
    crowd = unvoiced(crowd, voice)
    found = replace(found, workers=tuple([found.workers[each] for each in voice.tolist()]))
    if whole:
        together = average(crowd, np.random.default_rng(0))
        scores = np.log(np.maximum(together.posterior, CERTAIN_ENOUGH)).tolist()
        states = [replace(state, scores=tuple(row)) for state, row in zip(found.tasks, scores, strict=True)]
        found = replace(found, tasks=tuple(states), project=replace(found.project, calibration=together.calibration))
    if len(np.intersect1d(crowd.task, crowd.gold_task)) < CALIBRATING:
        found = replace(found, project=replace(found.project, calibration=Calibration()))
    return found


def crowd_of(
    options: Sequence[str], said: Sequence[Said], gold: Gold, tasks: Sequence[int], workers: Sequence[int]
) -> Crowd:
    """The answers as index arrays; options are classes in their order."""
    place = {task: at for at, task in enumerate(tasks)}
    seat = {worker: at for at, worker in enumerate(workers)}
    label = {option: at for at, option in enumerate(options)}
    triples = [(place[each.task], seat[each.worker], label[each.answer]) for each in said if each.answer in label]
    known = {place[task]: label[accepted[0]] for task, accepted in gold.items() if accepted[0] in label}
    return gather(triples, len(tasks), len(workers), len(label), known)


def _seats(said: Sequence[Said], gold: Gold) -> tuple[list[int], list[int]]:
    """The tasks and the workers, in their order."""
    return sorted({each.task for each in said} | gold.keys()), sorted({each.worker for each in said})


def _with_strengths(found: Refit, tasks: Sequence[int], things: Mapping[int, Sequence[str]]) -> Refit:
    """Every answered task's scores, moved by the strengths its things show elsewhere."""
    places = [at for at, task in enumerate(tasks) if found.tasks[at].answers and task in things]
    number: dict[str, int] = {}
    rows = [[number.setdefault(thing, len(number)) for thing in things[tasks[at]]] for at in places]
    scores = np.array([found.tasks[at].scores for at in places], dtype=np.float64)
    if not places:
        return found
    sides = np.array(rows, dtype=np.int64)
    moved = scores + told_by_others(scores - np.array(found.project.fresh.scores), sides, len(number))
    states = list(found.tasks)
    for at, row in zip(places, moved.tolist(), strict=True):
        states[at] = replace(states[at], scores=tuple(row))
    return replace(found, tasks=tuple(states))
