"""The protocol of what learns a project's workers and tasks, from all answers and gold, off the answer path, and draws
the consensus of a task from what was learnt."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.quality.aggregation import Agreement
from domain.quality.given_answers import Gold, Said
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import MachineAnswer, MachineAnswers, newcomers
from domain.quality.trust import by_gold


@dataclass(frozen=True, slots=True)
class Asked:
    """What a project asks. `things`: of each task what stands behind each option, where those are columns whose things
    meet again in other tasks; `machines`: what models (AI) say of its tasks; `wanted`: the confidence that closes a
    task, None where none was asked for."""

    kind: str
    options: tuple[str, ...]
    things: Mapping[int, Sequence[str]] = field(default_factory=dict)
    machines: MachineAnswers = field(default_factory=dict)
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """The project's model, everybody's, and each answered task's state, with no answers where nobody is heard; None: it
    is drawn from its answers anew. `without_gold`: what would be learnt without any, where that was needed."""

    project: ProjectModel
    workers: Mapping[int, WorkerModel]
    tasks: Mapping[int, TaskState | None]
    without_gold: "Learnt | None" = None


Own = Sequence[tuple[WorkerModel, str]]
"""Who answered a task, in the order of their numbers, and what."""


class Learner:
    """A kind picks one (`learns` in domain/answers). What was said comes in the order of arrival."""

    def unlearnt(self, options: int, models: Sequence[str]) -> ProjectModel:
        """Before the first refit; all `models` (AI) are newcomers."""
        return ProjectModel(TaskState(()), by_gold(0, 0), 1.0, machines=newcomers(models, 0))

    def learn(self, asked: Asked, said: Sequence[Said], gold: Gold) -> Learnt:
        """Of at least one answer; starts cold, so that the order of the answers changes nothing."""
        raise NotImplementedError

    def agreed(self, asked: Asked, project: ProjectModel, own: Own, said: Sequence[MachineAnswer] = ()) -> Agreement:
        """The consensus of a task that somebody answered, with its confidence; `said`: what models say of it."""
        raise NotImplementedError


def drawn(
    learner: Learner, asked: Asked, said: Sequence[Said], learnt: Learnt, tasks: Collection[int]
) -> dict[int, Agreement]:
    """The consensus of people on these tasks, as far as they were answered."""
    own: dict[int, list[tuple[WorkerModel, str]]] = defaultdict(list)
    for each in sorted((each for each in said if each.task in tasks), key=lambda each: (each.task, each.worker)):
        own[each.task].append((learnt.workers[each.worker], each.answer))
    return {task: learner.agreed(asked, learnt.project, answers) for task, answers in own.items()}
