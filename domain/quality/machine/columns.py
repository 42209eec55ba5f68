"""Answers of models as arrays beside those of a crowd."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Floats, Ints
from domain.quality.machine import LEAST_PULL, MOST_PULL, MachineAnswers, log_odds


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One model: `label` (tasks,), −1 where it says nothing; `own` (tasks,): log odds of its own probability, NaN
    where it gives none."""

    name: str
    label: Ints
    own: Floats

    @property
    def usual(self) -> float:
        """Mean log odds it gives itself; 1 where it gives none."""
        given = self.own[~np.isnan(self.own)]
        return max(0.1, float(given.mean())) if len(given) else 1.0

    def shape(self, classes: int) -> Floats:
        """What one nat of it adds to each class of every task (tasks, classes): its answers count by their own
        probability, 1 on average."""
        added, said = np.zeros((len(self.label), classes)), np.flatnonzero(self.label >= 0)
        pull = np.where(np.isnan(self.own), 1.0, np.clip(self.own / self.usual, LEAST_PULL, MOST_PULL))
        added[said, self.label[said]] = pull[said]
        return added


def columns_of(machines: MachineAnswers, tasks: Sequence[int], options: Sequence[str]) -> list[Column]:
    """One column a model, in the order in which they are met."""
    place = {task: at for at, task in enumerate(tasks)}
    label = {option: at for at, option in enumerate(options)}
    found: dict[str, Column] = {}
    for task, said in machines.items():
        for each in said if task in place else ():
            if each.answer not in label:
                continue
            if each.model not in found:
                found[each.model] = Column(each.model, np.full(len(tasks), -1), np.full(len(tasks), np.nan))
            found[each.model].label[place[task]] = label[each.answer]
            if each.probability is not None:
                found[each.model].own[place[task]] = log_odds(each.probability, len(options))
    return list(found.values())
