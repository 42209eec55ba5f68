"""What a project brings when every task is asked for so many answers, or until it is so sure: the outcome that a
pre-flight card foretells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.quality.policy import Policy
from domain.quality import live
from domain.quality.crowd import Ints


class Asked(Policy):
    """As the product asks: whoever comes is given a task, `most` answers each at most. With a `confidence` it closes
    once its consensus is that sure; gold is asked `most` times, too."""

    def __init__(self, most: int, confidence: float | None = None) -> None:
        super().__init__(confidence)
        self.most, self.passes = most, 1

    def start(self, tasks: int, workers: int, classes: int, gold: Mapping[int, int]) -> None:
        super().start(tasks, workers, classes, gold)
        self.asked = [0] * tasks

    def wants(self, task: int, worker: int, last_pass: bool) -> bool:
        return self.asked[task] < self.most and (task in self.gold or not self.closed[task])

    def observe(self, task: int, worker: int, label: int) -> None:
        self.asked[task] += 1
        super().observe(task, worker, label)

    def _is_closed(self, task: int) -> bool:
        """By the confidence that gold calibrates, else by the crowd's own certainty (services/quality/consensus)."""
        state = self.tasks[task]
        if not state.answers or self.confidence is None:
            return False
        return live.consensus(state, self.project, certain=True).confidence >= self.confidence


def outcome(replay: Any, data: Any, policy: Asked, seed: int, gold: Mapping[int, int]) -> tuple[float, float, Ints]:
    """Accuracy on the tasks that are not gold, answers a task bought there, and what was said of each task."""
    policy.start(data.T, data.W, data.K, dict(gold))
    tasks, workers, labels = data.task.tolist(), data.worker.tolist(), data.label.tolist()
    for at in replay.stream_order(data, seed).tolist():
        if policy.wants(tasks[at], workers[at], True):
            policy.observe(tasks[at], workers[at], labels[at])
    said, scored = policy.result(), data.truth >= 0
    scored[list(gold)] = False
    bought = [policy.asked[task] for task in scored.nonzero()[0].tolist()]
    return float((said == data.truth)[scored].mean()), sum(bought) / len(bought), said
