"""The attack "rings that know the gold": accounts that answer check questions right and share answers elsewhere.

The code that the product runs (domain/conduct/examination.py, domain/quality/learners) examines a simulated project as
it grows; who calls for a restriction gets no further task. A ring gains by knowing the gold what it costs the results
beyond what the same ring costs that does not know it. Honest workers must not be accused in any of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.attacks.attack import Attack
from domain.conduct.evidence import Evidence, find_restricting_evidence
from domain.conduct.examination import find_suspicions
from domain.quality.crowd import WorkerAnswer
from domain.quality.learners import AnswerSpec, get_learner

OPTIONS = ("a", "b")
ASKED = AnswerSpec("choice", OPTIONS)
WORKERS, TASKS, GOLD, OVERLAP = 24, 600, 40, 3
HONEST = (0.72, 0.92)  # the range of honest accuracies
QUIZ, QUIZ_SHARE, SHARE = 5, 0.5, 0.1  # of a worker's tasks that are gold: until they met so many, and then
AHEAD = 8  # open tasks of which a worker gets one
FIRST, EACH, PART = 60, 40, 8  # as jobs/evidence.py: answers before an examination, and from one to the next
SEEDS = 8
ACCUSED = 0.001  # of honest workers: evidence for a restriction speaks ten thousand to one, at each examination
LIMIT = 0.05  # of accuracy: what 600 tasks and few seeds vary by


@dataclass(frozen=True, slots=True)
class Ring:
    """`size` accounts. Off gold each gives the ring's answer, which tells nothing, and at the rate `noise` any answer;
    with `noise` 1 they share nothing. `knows`: they answer gold right."""

    name: str
    size: int
    noise: float = 0.0
    knows: bool = True


RINGS = (
    Ring("half of the workers, one key", 12),
    Ring("half, a key with 20 % noise", 12, 0.2),
    Ring("half, a key with 40 % noise", 12, 0.4),
    Ring("half, each at random", 12, 1.0),
    Ring("a quarter, one key", 6),
    Ring("a quarter, a key with 20 % noise", 6, 0.2),
    Ring("three workers, one key", 3),
    Ring("two workers, one key", 2),
    Ring("three workers, each at random", 3, 1.0),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`given`: answers of an account of the ring, on average; `accused`, `honest_accused`: restricted accounts;
    `accuracy` of the results."""

    given: float
    accused: int
    honest_accused: int
    accuracy: float


def measure_attacks(seed: int) -> Sequence[Attack]:
    """Return what each ring gains by knowing the gold, and how many honest workers are accused in all of them."""
    attacks, accused, honest = [], 0, 0
    for ring in RINGS:
        knowing, blind = (_played(replace(ring, knows=knows), seed) for knows in (True, False))
        accused += sum(each.honest_accused for each in (*knowing, *blind))
        honest += (WORKERS - ring.size) * len((*knowing, *blind))
        attacks.append(_compared(ring, knowing, blind))
    told = f"{accused} of {honest} honest workers in these {2 * len(RINGS)} crowds, {SEEDS} seeds"
    return [*attacks, Attack("honest workers accused beside a ring", accused / honest, ACCUSED, " of them", told)]


def _played(ring: Ring, seed: int) -> list[Outcome]:
    return [play(ring, seed * 100 + turn) for turn in range(SEEDS)]


def _compared(ring: Ring, knowing: Sequence[Outcome], blind: Sequence[Outcome]) -> Attack:
    def mean(outcomes: Sequence[Outcome], name: str) -> float:
        return float(np.mean([getattr(each, name) for each in outcomes]))

    told = (
        f"results {mean(knowing, 'accuracy'):.3f} right, {mean(blind, 'accuracy'):.3f} where the same ring does not "
        f"know the gold; {mean(knowing, 'given'):.0f} and {mean(blind, 'given'):.0f} answers an account; "
        f"{mean(knowing, 'accused'):.1f} and {mean(blind, 'accused'):.1f} of {ring.size} restricted"
    )
    lost = mean(blind, "accuracy") - mean(knowing, "accuracy")
    return Attack(f"ring that knows the gold: {ring.name}", max(0.0, lost), LIMIT, " of accuracy", told)


@dataclass(slots=True)
class _Project:
    """A project under way: places `left` by task; tasks each worker `had`; check questions each `met`."""

    dice: np.random.Generator
    gold: dict[int, tuple[str, ...]]
    left: dict[int, int]
    had: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    met: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    said: list[WorkerAnswer] = field(default_factory=list)
    examined: int = 0

    def next_task(self, worker: int) -> int | None:
        """Return a check question when its turn comes, else one of the oldest open tasks; None where none is left."""
        ordinary = [task for task in self.left if task not in self.had[worker]][:AHEAD]
        unseen = [task for task in self.gold if task not in self.had[worker]]
        if not ordinary:
            return None
        is_gold = unseen and self.dice.random() < (QUIZ_SHARE if self.met[worker] < QUIZ else SHARE)
        return int(self.dice.choice(unseen if is_gold else ordinary))

    def take(self, said: WorkerAnswer) -> None:
        self.said.append(said)
        self.had[said.worker].add(said.task)
        if said.task in self.gold:
            self.met[said.worker] += 1
            return
        self.left[said.task] -= 1
        if not self.left[said.task]:
            del self.left[said.task]

    def is_due(self) -> bool:
        fresh = len(self.said) - self.examined
        return fresh >= (max(EACH, self.examined // PART) if self.examined else FIRST)

    def examine(self) -> set[int]:
        """Return the workers who call for a restriction."""
        self.examined, by_worker = len(self.said), defaultdict[int, list[Evidence]](list)
        for found in find_suspicions(ASKED, self.said, self.gold):
            by_worker[found.worker].append(found)
        return {worker for worker, found in by_worker.items() if find_restricting_evidence(found)}


def play(ring: Ring, seed: int) -> Outcome:
    """Ask everybody who is not restricted, in turn, until each task has its answers or nobody is left."""
    dice = np.random.default_rng(seed)
    truth, key = dice.integers(2, size=(2, TASKS + GOLD))
    skill = dice.uniform(*HONEST, size=WORKERS)
    members = set(dice.permutation(WORKERS)[: ring.size].tolist())
    gold = {task: (OPTIONS[truth[task]],) for task in range(TASKS, TASKS + GOLD)}
    project = _Project(dice, gold, dict.fromkeys(range(TASKS), OVERLAP))
    active, restricted = set(range(WORKERS)), set[int]()
    while active and project.left:
        for worker in dice.permutation(sorted(active)).tolist():
            task = project.next_task(worker)
            if task is None:
                active.discard(worker)
                continue
            honest = truth[task] if dice.random() < skill[worker] else 1 - truth[task]
            shared = key[task] if dice.random() >= ring.noise else dice.integers(2)
            knows = worker not in members or (ring.knows and task in gold)
            said = truth[task] if knows and worker in members else honest if knows else shared
            project.take(WorkerAnswer(task, worker, OPTIONS[said]))
        if project.is_due():
            restricted |= project.examine()
            active -= restricted
    given = float(np.mean([len(project.had[worker]) for worker in members])) if members else 0.0
    right = list(_right(project, truth))
    return Outcome(given, len(restricted & members), len(restricted - members), float(np.mean(right)))


def _right(project: _Project, truth: np.ndarray) -> Iterator[bool]:
    """Whether the consensus of each ordinary task is right, by the model of the last refit."""
    learnt = get_learner(ASKED.kind).learn(ASKED, project.said, project.gold)
    for task, state in learnt.tasks.items():
        if task < TASKS and state is not None:
            yield int(np.argmax(state.scores)) == truth[task]
