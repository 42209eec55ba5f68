"""Quality of models whose answers are no classes: by gold, and by the consensus of people."""

from collections import defaultdict
from collections.abc import Mapping

from domain.answers import kind_of
from domain.quality.given_answers import Gold
from domain.quality.machine import BELIEVED, USUAL, MachineAnswers, MachineModel, judged_by


def judged(kind: str, machines: MachineAnswers, people: Mapping[int, str], gold: Gold) -> tuple[MachineModel, ...]:
    """What is learnt of each model; `people`: the consensus of the tasks that it is held against."""
    hits, met = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    for task, answers in machines.items():
        for each in answers:
            if task in gold:
                hits[each.model].append(kind_of(kind).is_right(each.answer, gold[task]))
            elif task in people:
                met[each.model].append(kind_of(kind).agree(each.answer, people[task]))
    names = dict.fromkeys(each.model for answers in machines.values() for each in answers)
    agreed = {name: (sum(met[name]) + USUAL * BELIEVED) / (len(met[name]) + BELIEVED) for name in names}
    return tuple(judged_by(name, hits[name], agreed[name], len(met[name])) for name in names)
