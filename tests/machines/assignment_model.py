"""Places, hands and pay as they should be, without any database."""

from collections import Counter
from dataclasses import dataclass, field

from domain.moments import MINUTE
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId
from tests.house import FEE, PAY

TASKS, OVERLAP, MINUTES = 5, 2, 10


@dataclass
class Held:
    worker: int
    task: TaskId
    deadline: int
    state: str = "active"
    answered_at: int = 0
    said: str | None = None


@dataclass
class Model:
    """What is known of them."""

    free: dict[TaskId, int]
    received: Counter[TaskId] = field(default_factory=Counter)
    held: dict[AssignmentId, Held] = field(default_factory=dict)
    paused: set[int] = field(default_factory=set)
    earned: Counter[int] = field(default_factory=Counter)
    running: bool = True
    pay: int = PAY
    fees: int = 0
    spent: int = 0
    budget: int = TASKS * OVERLAP * (PAY + FEE)

    def in_hand(self, worker: int) -> AssignmentId | None:
        return next((n for n, h in self.held.items() if h.worker == worker and h.state == "active"), None)

    def offers(self, worker: int) -> set[TaskId]:
        had = {h.task for h in self.held.values() if h.worker == worker}
        return {task for task, free in self.free.items() if free and self.running} - had

    def answer(self, worker: int, number: AssignmentId, option: str | None, now: int) -> str:
        """The refusal, or `done`, with its effects."""
        known = option != "7"
        held = self.held[number]
        refusal = self._refusal(worker, held)
        if refusal or not known:
            return refusal or "AnswerUnknown"
        if held.state == "expired":
            if not (self.running and self.free[held.task]):
                return "TooLate"
            self.free[held.task] -= 1
        held.state, held.answered_at, held.said = "submitted", now, option
        self.received[held.task] += 1
        self.earned[worker] += self.pay
        self.fees += self.pay // 10
        self.spent += self.pay + self.pay // 10
        self.running = self.running and any(self.received[task] < self.wanted(task) for task in self.free)
        return "done"

    def wanted(self, task: TaskId) -> int:
        return OVERLAP

    def correct(self, worker: int, number: AssignmentId, option: str | None, now: int) -> str:
        """For a minute the answer is theirs to change; the pay stays."""
        held = self.held[number]
        if held.worker != worker or held.state != "submitted":
            return "NotYours"
        if now > held.answered_at + MINUTE:
            return "TooLateToChange"
        if option == "7":
            return "AnswerUnknown"
        held.said = option
        return "done"

    def raise_to(self, pay: int) -> None:
        """Every place that is left costs more."""
        places = (self.budget - self.spent) // (self.pay + self.pay // 10)
        self.budget += places * (pay + pay // 10 - self.pay - self.pay // 10)
        self.pay = pay

    def skip(self, worker: int, number: AssignmentId) -> str:
        held = self.held[number]
        refusal = self._refusal(worker, held)
        if not refusal:
            if held.state == "active":
                self.give_back(held.task)
            held.state = "skipped"
        return refusal or "done"

    def give_back(self, task: TaskId) -> None:
        if self.running:
            self.free[task] += 1

    def _refusal(self, worker: int, held: Held) -> str:
        if held.worker != worker:
            return "NotYours"
        return {"submitted": "AlreadyAnswered", "skipped": "AlreadySkipped"}.get(held.state, "")
