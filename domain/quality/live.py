"""State of tasks, workers and projects between two answers: plain values, each fit for a row. An answer updates one
task with one worker's model; a refit replaces everything. Both use the same sum: people's score of a class = log share
+ Σ log P(answer | class, worker). Gold and models are combined with it when a consensus is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from domain.messages import record
from domain.quality.aggregation import OptionEvidence, UsualSets, Vote
from domain.quality.crowd import Skill
from domain.quality.machine import MachineAnswer, MachineModel, nats_added_by_models
from domain.quality.model import people_log_posterior, softmax_of, usual_confidence


@dataclass(frozen=True, slots=True)
class WorkerModel:
    """Model of a worker. `evidence[label][class]`: nats that an answer adds to a task's scores; `information`: nats
    that an answer is expected to tell of a fresh task; `answers`: how many the model is based on; `habit`: bias of
    their numbers, in tolerances; `told`: evidence per option, where several apply; `parts`: of a form, the model at
    each question."""

    evidence: tuple[tuple[float, ...], ...]
    information: float
    answers: int
    skill: Skill
    habit: float = 0.0
    told: OptionEvidence | None = None
    parts: Mapping[str, WorkerModel] | None = None

    @property
    def is_heard(self) -> bool:
        """Return whether the worker's answers count: False where a refit found no information in them (of classes, each
        answer adds the same to every class)."""
        return self.information > 0 and (len(self.evidence) < 2 or any(min(row) < max(row) for row in self.evidence))

    @classmethod
    def from_vote(cls, vote: Vote) -> WorkerModel:
        """Return the model of a worker of whom only the vote is known."""
        return cls((), vote.weight, 0, Skill(vote.accuracy, 0.0), habit=vote.habit, told=vote.option_evidence)

    def vote(self, answer: str) -> Vote:
        """Return the worker's answer as a vote, for kinds whose answers are no classes."""
        return Vote(answer, self.skill.accuracy, self.information, self.habit, self.told)


@record
class TaskState:
    """State of a task. `scores[class]`: people's log posterior up to a constant; `answers`: number of answers in it, of
    workers whose answers count; `added[class]`: nats that models (AI) add, () if no model answered."""

    scores: tuple[float, ...]
    answers: int = 0
    added: tuple[float, ...] = ()

    @property
    def posterior(self) -> tuple[float, ...]:
        """Return P(class) by people's answers alone, uncalibrated."""
        return softmax_of(self.scores)


@record
class ProjectModel:
    """Model that all tasks of a project share: a `fresh` task, a `newcomer` among workers, and the mean `information`
    of an answer (for numbers: the crowd's precision relative to the assumed one). `people`: weight of people's log
    posterior; `classes`: correction of each class in nats by gold, () without gold and models. Where answers are no
    classes, `shift`: nats by which gold shifts the log odds of a confidence, and `usual`: the prior of options where
    several apply. `questions`: of a form, the model of each question."""

    fresh: TaskState
    newcomer: WorkerModel
    information: float
    shift: float = 0.0
    answers: int = 0
    machines: tuple[MachineModel, ...] = ()
    people: float = 1.0
    classes: tuple[float, ...] = ()
    usual: UsualSets | None = None
    questions: Mapping[str, ProjectModel] | None = None


@record
class Consensus:
    """The chosen class (`choice`, an index) with its `confidence`."""

    choice: int
    confidence: float


def start_task(
    project: ProjectModel,
    options: Sequence[str],
    model_answers: Sequence[MachineAnswer],
    scores: tuple[float, ...] | None = None,
    answers: int = 0,
) -> TaskState:
    """Return the state of a task from its stored scores, or a fresh one without them, with the nats that models'
    answers add."""
    added = tuple(nats_added_by_models(project.machines, options, model_answers)) if model_answers else ()
    return TaskState(scores or project.fresh.scores, answers if scores else 0, added)


def add_answer(task: TaskState, worker: WorkerModel, label: int) -> TaskState:
    """Return the task's state after `worker` answered `label`; the same state if the worker's answers do not count."""
    if not worker.is_heard:
        return task
    row = worker.evidence[label]
    scores = tuple([score + nats for score, nats in zip(task.scores, row, strict=True)])
    return TaskState(scores, task.answers + 1, task.added)


def combined_posterior(task: TaskState, project: ProjectModel) -> tuple[float, ...]:
    """Return P(class) by people, gold and models together."""
    if not project.classes and not task.added:
        return task.posterior
    nothing = (0.0,) * len(task.scores)
    prior = project.fresh.scores if any(model.weight for model in project.machines) else nothing
    people = people_log_posterior(
        task.scores, task.answers if project.classes else 1, prior
    )  # before the first refit in full
    parts = zip(people, project.classes or nothing, task.added or nothing, strict=True)
    return softmax_of([project.people * score + lacking + model_nats for score, lacking, model_nats in parts])


def consensus(task: TaskState, project: ProjectModel, certain: bool = False) -> Consensus:
    """Return the consensus of the answers so far. Its confidence is the posterior where gold or models are used, or
    where the requester named a confidence (`certain`); else the one that is usual for crowds."""
    posterior = combined_posterior(task, project)
    leader = max(posterior)
    confidence = (
        usual_confidence(leader, task.answers, len(posterior)) if not certain and not project.classes else leader
    )
    return Consensus(posterior.index(leader), confidence)


def next_refit_at(fitted_answers: int, tasks: int, workers: int) -> int:
    """Return the number of answers at which a project needs its next refit, on a geometric schedule. `fitted_answers`:
    those of the last refit, 0 before the first."""
    return ceil(fitted_answers * 1.1 + 20) if fitted_answers else max(60, min(2 * workers, tasks // 4))
