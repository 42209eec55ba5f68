"""The learner of answers that are classes: a model of each worker's confusions, and for each task the scores of its
classes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from domain.quality import live
from domain.quality.aggregation import Agreement
from domain.quality.collusion import copyists, rings
from domain.quality.comparisons import told_by_others
from domain.quality.crowd import Crowd, Floats, gather
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.leaked_gold import find_gold_knowledge, without_their_gold
from domain.quality.learners.learner import Asked, Learner, Learnt, Own
from domain.quality.live import ProjectModel
from domain.quality.machine import Doubt, MachineAnswer, MachineAnswers, MachineModel, Warned, newcomers
from domain.quality.machine.learning import columns_of
from domain.quality.refit import Refit, opened, refit


class ByClass(Learner):
    def unlearnt(self, options: int, models: Sequence[str]) -> ProjectModel:
        return replace(opened(options), machines=newcomers(models, options))

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        crowd, tasks, workers = crowd_of(asked.options, said, gold)
        columns = columns_of(_as_accepted(asked.machines, gold), tasks, asked.options)
        copied = {seat: column.name for column in columns for seat in copyists(crowd, column.label)}
        groups = rings(crowd)
        knowledge = find_gold_knowledge(crowd, groups)
        keyed = [worker for ring in groups if ring.is_key for worker in ring.members]
        unheard = [*keyed, *copied, *knowledge.strong]
        relearnt = partial(refit, without_their_gold(crowd, knowledge), columns, asked.wanted, unheard)
        found = relearnt()
        if asked.things:  # workers are judged by the strengths, too (Chen et al., Crowd-BT, WSDM 2013)
            found = relearnt(beside=_strengths(found, tasks, asked.things))
            told = zip(found.tasks, _strengths(found, tasks, asked.things).tolist(), strict=True)
            moved = [replace(e, scores=tuple(np.add(e.scores, more).tolist())) if e.answers else e for e, more in told]
            found = replace(found, tasks=tuple(moved))
        models = [_worded(model, asked.options, tasks, copied, workers) for model in found.project.machines]
        found = replace(found, project=replace(found.project, machines=tuple(models)))
        states = {tasks[at]: found.tasks[at] for at in np.unique(crowd.task).tolist()}
        return Learnt(found.project, dict(zip(workers, found.workers, strict=True)), states)

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        state = live.begun(project, asked.options, said)
        for worker, answer in own:
            known = worker if worker.evidence else project.newcomer
            state = live.update(state, known, asked.options.index(answer))
        found = live.consensus(state, project, certain=asked.wanted is not None)
        return Agreement(asked.options[found.choice], found.confidence, state.scores)


def crowd_of(options: Sequence[str], said: Sequence[Said], gold: Gold) -> tuple[Crowd, list[int], list[int]]:
    """The answers as index arrays, and the tasks and the workers in their order; options are classes in theirs. Where
    gold accepts several options of a task, whoever chose any of them counts as having chosen the first."""
    given, label = GivenAnswers.of(said), {option: at for at, option in enumerate(options)}
    tasks, workers = sorted(set(given.task) | gold.keys()), sorted(set(given.worker))
    places = (np.searchsorted(tasks, given.task), np.searchsorted(workers, given.worker))
    meant = np.array([label.get(word, -1) for word in given.words] or [-1])[np.asarray(given.said)]
    place = {task: at for at, task in enumerate(tasks)}
    known = {place[task]: label[accepted[0]] for task, accepted in gold.items() if accepted[0] in label}
    triples = np.stack([*places, meant], 1)[meant >= 0]
    several = sorted(task for task, accepted in gold.items() if len(accepted) > 1)
    counts_as = np.tile(np.arange(len(label)), (len(several), 1))
    for row, task in zip(counts_as, several, strict=True):
        row[[label[option] for option in gold[task] if option in label]] = label[gold[task][0]]
    where = [place[task] for task in several]
    mine = np.flatnonzero(np.isin(triples[:, 0], where))
    triples[mine, 2] = counts_as[np.searchsorted(where, triples[mine, 0]), triples[mine, 2]]
    return gather(triples, len(tasks), len(workers), len(label), known), tasks, workers


def _as_accepted(machines: MachineAnswers, gold: Gold) -> MachineAnswers:
    """What models say of gold tasks, any accepted answer as the first of them."""
    return dict(machines) | {
        task: [replace(each, answer=gold[task][0]) if each.answer in gold[task] else each for each in machines[task]]
        for task in machines.keys() & gold.keys()
    }


def _worded(
    model: MachineModel, options: Sequence[str], tasks: Sequence[int], copied: Mapping[int, str], workers: Sequence[int]
) -> MachineModel:
    """A model's warnings with options, tasks and workers instead of their places."""
    meant = {Doubt.CLASS: options, Doubt.DRIFT: tasks}
    told = [replace(e, about=str(meant[e.doubt][int(e.about)])) if e.doubt in meant else e for e in model.warnings]
    told += [Warned(Doubt.COPIED, str(workers[seat])) for seat, name in copied.items() if name == model.name]
    return replace(model, warnings=tuple(told))


def _strengths(found: Refit, tasks: Sequence[int], things: Mapping[int, Sequence[str]]) -> Floats:
    """What the strengths that its things show elsewhere add to each task: (tasks, classes)."""
    places = [at for at, task in enumerate(tasks) if found.tasks[at].answers and task in things]
    number: dict[str, int] = {}
    sides = np.array([[number.setdefault(thing, len(number)) for thing in things[tasks[at]]] for at in places])
    scores = np.array([each.scores for each in found.tasks]) - np.array(found.project.fresh.scores)
    added: Floats = np.zeros(scores.shape)
    added[places] = told_by_others(scores[places], sides, len(number))
    return added
