"""Quality of models whose answers are no classes: by gold, and by the consensus of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from domain.answers import consensus_of, kind_of
from domain.quality.aggregation import Vote
from domain.quality.given_answers import ENOUGH_GOLD, Said
from domain.quality.machine import BELIEVED, USUAL, Doubt, MachineAnswers, MachineModel, Warned, newcomers

AT_MOST = 40  # tasks that agreement with people is worth, and that are compared
TRUSTED = 0.8  # accuracy of every vote alike


def judged(
    kind: str, options: Sequence[str], machines: MachineAnswers, said: Sequence[Said], gold: Mapping[int, Sequence[str]]
) -> tuple[MachineModel, ...]:
    """What is learnt of each model; all err alike until shown otherwise: one ring."""
    people = _consensus(kind, options, machines.keys() - gold.keys(), said)
    hits, met = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    for task, answers in machines.items():
        for each in answers:
            if task in gold:
                hits[each.model].append(kind_of(kind).is_right(each.answer, gold[task]))
            elif task in people:
                met[each.model].append(kind_of(kind).agree(each.answer, people[task]))
    names = dict.fromkeys(each.model for answers in machines.values() for each in answers)
    return tuple(_model(name, hits[name], met[name]) for name in names)


def _model(name: str, hits: Sequence[bool], met: Sequence[bool]) -> MachineModel:
    """People may share its errors: with enough gold, gold alone counts."""
    worth = 0 if len(hits) >= ENOUGH_GOLD else len(met)
    right = sum(hits) + (sum(met) if worth else 0)
    known = len(hits) + worth
    accuracy = (right + USUAL * BELIEVED) / (known + BELIEVED)
    return replace(
        newcomers((name,), 0)[0],
        accuracy=accuracy,
        judged=float(known),
        gold=len(hits),
        would_decide=len(hits),
        would_be_right=sum(hits),
        warnings=() if hits else (Warned(Doubt.UNCHECKED),),
    )


def _consensus(kind: str, options: Sequence[str], tasks: set[int], said: Sequence[Said]) -> dict[int, str]:
    """What two people or more say of the first tasks that a model has answered, too."""
    given = defaultdict[int, list[Vote]](list)
    for each in said:
        if each.task in tasks:
            given[each.task].append(Vote(each.answer, TRUSTED))
    several = ((task, votes) for task, votes in sorted(given.items()) if len(votes) > 1)
    found = {task: consensus_of(kind, votes, options).answer for task, votes in islice(several, AT_MOST)}
    return {task: answer for task, answer in found.items() if answer is not None}
