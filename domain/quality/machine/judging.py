"""Quality of models whose answers are no classes: by gold, and by the consensus of people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice

from domain.answers import consensus_of, kind_of
from domain.quality.aggregation import Vote
from domain.quality.given_answers import Gold, Said
from domain.quality.machine import BELIEVED, USUAL, MachineAnswers, MachineModel, judged_by

AT_MOST = 40  # tasks that agreement with people is worth, and that are compared
TRUSTED = 0.8  # accuracy of every vote alike


def judged(
    kind: str, options: Sequence[str], machines: MachineAnswers, said: Sequence[Said], gold: Gold
) -> tuple[MachineModel, ...]:
    """What is learnt of each model."""
    people = _consensus(kind, options, machines.keys() - gold.keys(), said)
    hits, met = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    for task, answers in machines.items():
        for each in answers:
            if task in gold:
                hits[each.model].append(kind_of(kind).is_right(each.answer, gold[task]))
            elif task in people:
                met[each.model].append(kind_of(kind).agree(each.answer, people[task]))
    agreed = {name: (sum(met[name]) + USUAL * BELIEVED) / (len(met[name]) + BELIEVED) for name in [*met, *hits]}
    names = dict.fromkeys(each.model for answers in machines.values() for each in answers)
    return tuple(judged_by(name, hits[name], agreed.get(name, USUAL), len(met[name])) for name in names)


def _consensus(kind: str, options: Sequence[str], tasks: set[int], said: Sequence[Said]) -> Mapping[int, str]:
    """What two people or more say of the first tasks that a model has answered, too."""
    given = defaultdict[int, list[Vote]](list)
    for each in said:
        if each.task in tasks:
            given[each.task].append(Vote(each.answer, TRUSTED))
    several = ((task, votes) for task, votes in sorted(given.items()) if len(votes) > 1)
    found = {task: consensus_of(kind, votes, options).answer for task, votes in islice(several, AT_MOST)}
    return {task: answer for task, answer in found.items() if answer is not None}
