"""Which open task an arriving worker should get (allocate)."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from domain.quality.live import TaskState, WorkerModel
from domain.quality.worth import Stop, is_closed


def information_on(task: TaskState, worker: WorkerModel) -> float:
    """Nats this worker's answer is expected to tell about this task: H(Σ_k q_k P(·|k)) − Σ_k q_k H(P(·|k)).

    Large where the posterior q is torn between classes this worker tells apart (Lindley 1956).
    """
    posterior = task.posterior
    likelihoods = [[exp(told) for told in row] for row in worker.evidence]  # label → class
    totals = [sum(column) for column in zip(*likelihoods, strict=True)]  # tempering leaves them above 1
    told = 0.0
    for row in likelihoods:
        chances = [value / total for value, total in zip(row, totals, strict=True)]
        marginal = sum(q * chance for q, chance in zip(posterior, chances, strict=True))
        told -= marginal * log(max(marginal, 1e-300))
        told += sum(q * chance * log(max(chance, 1e-300)) for q, chance in zip(posterior, chances, strict=True))
    return max(told, 0.0)


def best_task(candidates: Sequence[TaskState], worker: WorkerModel, stop: Stop) -> int | None:
    """Index of the open candidate this worker tells most about; equals go to the one that waited longest.

    Give the few tasks whose turn it is, oldest first: the choice is weighed against fair turn by their number.
    None when all are closed.
    """
    worths = [(-information_on(task, worker), at) for at, task in enumerate(candidates) if not is_closed(task, stop)]
    return min(worths)[1] if worths else None
