"""Negative controls: each promise is switched off by one function or one sweep, and its line must turn red."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.fairness.promises import PROMISES
from benchmarks.fairness.ran import Size
from benchmarks.fairness.requesters import DUTIES
from benchmarks.fairness.town import Town
from domain.fairness.ratings import RequesterRating
from domain.moments import DAY, later
from domain.people import settings
from domain.people.accounts import PersonId
from domain.people.settings import PushWindow
from handlers.screen import SCREENS, Screen
from jobs import exports
from services.fairness import appeals, elections, reports, review, stats
from services.money import topups, transfers
from services.quality import gold_challenges
from storage.boxes.outbox import Outbox
from storage.fairness.board import BoardLogRecords
from storage.fairness.ratings import Ratings
from storage.fairness.stops import Stops
from storage.projects.results import SUBMISSIONS

SUMS = "SELECT ratings, pay, fairness, clarity, speed FROM rating_sums WHERE requester = :requester AND ratings > 0"
WITHOUT = "s.state <> 'rejected' OR r.state IN ('standing', 'appealed')"

SMALL = Size(days=7, workers=24, every=3, tasks=12, sweeps=20)


@dataclass(frozen=True, slots=True)
class Control:
    """`off` names what is taken away: either `sweeps` are not run, or `value` stands in the place of `name`;
    `size`: of a town in which there is something to lose."""

    promise: str
    off: str
    where: Any = None
    name: str = ""
    value: Any = None
    sweeps: tuple[str, ...] = ()
    approve_first: bool = True
    size: Size = SMALL

    def prepare(self, town: Town) -> None:
        town.house = replace(town.house, approve_first=self.approve_first)
        town.table = tuple(each for each in town.table if each.name not in self.sweeps)

    @contextmanager
    def applied(self) -> Iterator[None]:
        if self.where is None:
            yield
            return
        put = dict.__setitem__ if isinstance(self.where, dict) else setattr
        old = self.where[self.name] if isinstance(self.where, dict) else getattr(self.where, self.name)
        put(self.where, self.name, self.value)
        try:
            yield
        finally:
            put(self.where, self.name, old)


def _nothing(*args: Any, **facts: Any) -> None:
    return None


async def _silent(*args: Any) -> None:
    return None


def _tenth(hold: Callable[..., Any]) -> Callable[..., Any]:
    """The launch holds a tenth of its cost."""

    def held(unit: Any, requester: Any, project: Any, amount: int, launch: Any) -> Any:
        return hold(unit, requester, project, amount // 10, launch)

    return held


def _always(hours: Any, zone: Any, now: Any, *rest: Any, **facts: Any) -> PushWindow:
    return PushWindow(True, later(now, DAY))


def _from_one(self: Ratings, requester: PersonId) -> RequesterRating | None:
    """The figures, however few ratings there are."""
    row = self._db.one(SUMS, requester=requester)
    return RequesterRating(row[0], tuple(each / row[0] for each in row[1:])) if row else None


def _bare(facts: Any, t: Any) -> Screen:
    return Screen("An answer was rejected.")


CONTROLS = (
    Control("nobody is paid below the floor", "no shortfall is found", topups, "shortfall", lambda *_: 0),
    Control("silence pays within 72 hours", "the sweep “release”", sweeps=("release",)),
    Control(
        "budgets are held before tasks",
        "a launch holds a tenth",
        transfers,
        "hold",
        _tenth(transfers.hold_budget),
    ),
    Control(
        "no rejected answer is in an export",
        "the condition in the export's statement",
        exports,
        "SUBMISSIONS",
        SUBMISSIONS.replace(f"({WITHOUT})", "1 = 1").replace(
            "CASE WHEN s.state = 'rejected' THEN NULL ELSE s.answer END", "s.answer"
        ),
    ),
    Control(
        "an appeal that is won, or not decided in time, is paid within 72 hours of its end",
        "nothing is granted",
        appeals,
        "grant",
        _nothing,
    ),
    Control(
        "every decision against a worker has reason, notice, appeal and human",
        "reason and button of the notice",
        SCREENS,
        "fairness.AnswerRejected",
        _bare,
    ),
    Control(
        "a restriction is confirmed by a human within 72 hours, or lapses",
        "the sweeps “restrictions” and “restrictions to confirm”",
        sweeps=("restrictions", "restrictions to confirm"),
        size=Size(days=9, workers=14, every=9, tasks=25, sweeps=30, seed=2),
    ),
    Control(
        "too many rejections stop a project until a human has looked",
        "no share is too many",
        review,
        "is_too_many",
        lambda *_: False,
    ),
    Control(
        "a check question that is wrong is found and repaid",
        "no gold is put aside, and no deadline ends a challenge",
        gold_challenges,
        "is_doubtful",
        lambda *_: False,
        sweeps=("gold challenges",),
    ),
    Control(
        "scams stop at one report, other harm at three", "no report stops anything", reports, "stops", lambda _: False
    ),
    Control(
        "an unanswered question stops its project after 48 hours",
        "the sweep “questions”",
        sweeps=("questions",),
        size=Size(days=5, workers=9, every=9, tasks=90, sweeps=30),
    ),
    Control(
        "tasks come unasked only within the hours a worker chose", "every hour is theirs", settings, "turn", _always
    ),
    Control("nothing unasked makes a sound at night", "no hour is quiet", Outbox, "_is_quiet", lambda *_: False),
    Control("a rating is shown from five on", "from the first one on", Ratings, "shown", _from_one),
    Control("a requester's first project waits for a human", "APPROVE_FIRST", approve_first=False),
    Control("no post disappears silently", "hiding writes no line", BoardLogRecords, "note", _nothing),
    Control(
        "a suspension has reason, notice, appeal and another human, and no task comes meanwhile",
        "a suspended person is not marked as one",
        Stops,
        "suspend",
        _nothing,
    ),
    Control(
        "a petition that enough people signed is answered, or its silence stays",
        "nobody answers, and the sweep “petitions”",
        DUTIES,
        "BoardPetitionToAnswer",
        _silent,
        sweeps=("petitions",),
        size=Size(days=14, workers=24, every=4, tasks=25, sweeps=30),
    ),
    Control(
        "stewards are elected by the votes that were cast",
        "nobody is elected",
        elections,
        "elected",
        lambda votes: [],
        size=Size(days=18, workers=24, every=6, tasks=12, sweeps=30),
    ),
    Control(
        "`/stats` is what the events say", "one figure counts one too many", stats, "at_least", lambda *_: [1, 1, 1]
    ),
)

assert {each.promise for each in CONTROLS} <= {each.name for each in PROMISES}
