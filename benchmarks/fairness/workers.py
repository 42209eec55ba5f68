"""Workers of all sorts: they come, answer, err, ask, report, appeal, judge, and leave tasks lying."""

from dataclasses import dataclass
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.fairness.asked import OPTIONS, Truth, content_of
from benchmarks.fairness.postman import Delivered
from benchmarks.fairness.town import Doing, Town
from domain.fairness.ratings import RatingKept
from domain.fairness.reports import KINDS, ReportKind
from domain.moments import HOUR, MINUTE, SECOND, Moment, as_datetime, later
from domain.people.accounts import PersonId
from handlers.fairness.appeals import AppealRejection, Judge
from handlers.fairness.board import OpenBoard, SendPost, TakePen, WritePost
from handlers.fairness.questions import AskInWords
from handlers.fairness.ratings import Rate
from handlers.fairness.reports import ReportAs
from handlers.fairness.stops import AppealStop
from handlers.quality.gold_challenges import Contest
from handlers.quality.restrictions import AppealRestriction
from handlers.work.offers import ListTasks, StopHere
from handlers.work.tasks import AskForWork, CantTell, Skip, SubmitAnswer
from services.act import Reply
from storage.boxes.outbox import Lane


@dataclass(frozen=True, slots=True)
class Sort:
    """How right, how slow, how many sessions a day, how likely to answer a push; `says` how likely to speak up."""

    name: str
    right: float
    pace: float = 1.0
    sessions: float = 1.0
    pushed: float = 0.5
    says: float = 0.9
    language: str = "en"
    hours: tuple[int, int] = (8, 22)
    zone: str = ""


SORTS = (
    (Sort("good", 0.96), 0.37),
    (Sort("careless", 0.85, pace=0.7), 0.10),
    (Sort("random", 0.5, pace=0.4, sessions=8, says=0.3), 0.08),
    (Sort("slow", 0.96, pace=2.5), 0.10),
    (Sort("newcomer", 0.93, pace=1.3), 0.10),
    (Sort("French only", 0.95, language="fr"), 0.10),
    (Sort("evenings", 0.95, hours=(18, 22), zone="Europe/Lisbon"), 0.05),
    (Sort("nights", 0.95, hours=(21, 5), zone="America/Montreal"), 0.03),
    (Sort("never answers a push", 0.95, pushed=0.0), 0.04),
    (Sort("silent", 0.95, says=0.0), 0.03),
)


@dataclass(slots=True, repr=False, eq=False)
class Worker:
    town: Town
    truth: Truth
    id: PersonId
    sort: Sort
    random: Random
    zone: ZoneInfo
    left: int = 0  # tasks of this session
    pen: str = ""

    def read(self, letter: Delivered) -> None:
        """What arrives, and what they make of it."""
        made = REACTIONS.get(letter.name)
        if made is not None:
            made(self, letter)

    def begin(self) -> None:
        self.town.readers[self.id] = self.read
        self._next_session(self.town.now)

    def _next_session(self, after: Moment) -> None:
        """Some time tomorrow, or later today, within the hours they are awake."""
        gap = self.random.expovariate(self.sort.sessions) * 14 * HOUR
        moment = later(after, HOUR + int(gap))
        while not self._is_awake(moment):
            moment = later(moment, 30 * MINUTE + self.random.randrange(60 * MINUTE))
        self.town.at(moment, self._session)

    def _is_awake(self, moment: Moment) -> bool:
        hour, (begin, end) = as_datetime(moment).astimezone(self.zone).hour, self.sort.hours
        return begin <= hour < end if begin < end else hour >= begin or hour < end

    async def _session(self) -> None:
        """Now and then they look first what there is, and how its requesters are rated."""
        self.left = self.random.randint(3, 16)
        self._next_session(self.town.now)
        if self.random.random() < 0.2:
            listed = await self.town.press(self.id, ListTasks())
            shown = listed.message if isinstance(listed, Reply) else listed
            for offer in getattr(shown, "offered", ()):
                if offer.rating is not None:
                    self.town.ratings_seen.append((self.town.now, offer.project, offer.rating.count))
        await self.town.press(self.id, AskForWork())

    def _soon(self, seconds: float, do: Doing) -> None:
        self.town.at(later(self.town.now, int(seconds * SECOND)), do)

    def on_task(self, letter: Delivered) -> None:
        if letter.facts.get("late") or letter.facts.get("changing"):
            return
        delay = 0.0
        if letter.lane is Lane.PUSH:
            if self.random.random() >= self.sort.pushed:
                return
            self.left, delay = self.random.randint(2, 8), self.random.uniform(10, 400)
        text = content_of(letter.facts)
        takes = self.truth.seconds.get(text, 9.0) * self.sort.pace * self.random.lognormvariate(0, 0.35)
        self._soon(delay + takes, partial(self._meets, letter, text))

    async def _meets(self, letter: Delivered, text: str) -> None:
        """One task: reported, asked about, passed on, left, or answered."""
        number, chance = letter.facts["assignment"], self.random.random()
        self.left -= 1
        if text in self.truth.scams and chance < 0.5 + self.sort.says / 2:
            await self.town.press(
                self.id, ReportAs(assignment=number, kind=KINDS.index(ReportKind.SCAM)), letter.message
            )
        elif self.left < 0 and chance < 0.5:
            await self.town.press(self.id, StopHere())
        elif self.left < 0:
            return
        elif chance > 0.99:
            await self.town.press(self.id, Skip(assignment=number), letter.message)
        elif chance > 0.985:
            await self.town.press(self.id, CantTell(assignment=number), letter.message)
        else:
            await self._answers(number, text, letter.message)

    async def _answers(self, number: int, text: str, message: int) -> None:
        asks = 0.05 if text.startswith("Silent") else 0.006  # whose instructions leave more to ask
        if self.random.random() < asks * self.sort.says:
            await self.town.press(self.id, AskInWords(words="Does irony count as praise in these reviews?"))
        answer = OPTIONS.index(self._believes(text))
        await self.town.press(self.id, SubmitAnswer(assignment=number, option=answer), message)

    def _believes(self, text: str) -> str:
        right = self.truth.answers[text]
        return right if self.random.random() < self.sort.right else OPTIONS[1 - OPTIONS.index(right)]

    def on_answered(self, letter: Delivered) -> None:
        """A missed check question that they believe they had right is contested."""
        miss = letter.facts.get("miss")
        if miss and self.random.random() < self.sort.says * 0.7:
            self._soon(30, lambda: self.town.press(self.id, Contest(submission=miss["submission"])))

    def on_rejected(self, letter: Delivered) -> None:
        about = letter.facts["about"]
        sure = about["answer"] == self.truth.answers[content_of(about)]
        if self.random.random() < self.sort.says * (1.0 if sure else 0.4):
            submission = about["submission"]
            self._soon(
                self.random.uniform(60, 90_000),
                lambda: self.town.press(self.id, AppealRejection(submission=submission)),
            )

    def on_judging(self, letter: Delivered) -> None:
        """Blind, as well as they answer; some let it lie."""
        if letter.lane is Lane.PUSH and self.random.random() >= self.sort.pushed:
            return
        about = letter.facts["about"]
        verdict = int(about["answer"] == self._believes(content_of(about)))
        self._soon(
            self.random.uniform(20, 600),
            lambda: self.town.press(self.id, Judge(appeal=letter.facts["appeal"], verdict=verdict), letter.message),
        )

    def on_restricted(self, letter: Delivered) -> None:
        if self.random.random() < self.sort.says:
            restriction = letter.facts["restriction"]
            self._soon(
                self.random.uniform(600, 50_000),
                lambda: self.town.press(self.id, AppealRestriction(restriction=restriction)),
            )

    def on_suspended(self, letter: Delivered) -> None:
        if self.random.random() < self.sort.says:
            self._soon(self.random.uniform(600, 90_000), partial(self._objects, letter.facts["stop"]))

    async def _objects(self, stop: int) -> None:
        await self.town.press(self.id, AppealStop(stop=stop))
        await self.town.types(self.id, "It was my sister, on her own phone, with an account of her own.")

    def on_rating(self, letter: Delivered) -> None:
        if self.random.random() < self.sort.says * 0.7:
            self._soon(self.random.uniform(30, 3_000), partial(self._rates, letter.facts["project"], letter.message))

    async def _rates(self, project: int, message: int) -> None:
        """Four presses; the marks are noted as we know them."""
        marks = 0
        for _ in range(4):
            marks = 10 * marks + self.random.choice((3, 4, 4, 5, 5))
            found = await self.town.press(self.id, Rate(project=project, marks=marks), message)
        if isinstance(found, Reply) and isinstance(found.message, RatingKept):
            self.town.rated.append((self.town.now, project, self.id))

    async def posts(self) -> None:
        """Takes a pen once, and writes on the house's board."""
        await self.town.press(self.id, OpenBoard(board=0))
        pen = self.pen = getattr(await self.town.press(self.id, TakePen(board=0)), "pen", self.pen)
        if pen:
            await self.town.press(self.id, WritePost(board=0, petition=False, pen=pen))
            await self.town.types(self.id, f"Who else waits for the pay of project {self.random.randint(1, 9)}?")
            await self.town.press(self.id, SendPost(yes=True))


REACTIONS = {
    "TaskShown": Worker.on_task,
    "AnswerStands": Worker.on_answered,
    "MissExplained": Worker.on_answered,
    "AnswerRejected": Worker.on_rejected,
    "AppealToJudge": Worker.on_judging,
    "Restricted": Worker.on_restricted,
    "PersonSuspended": Worker.on_suspended,
    "RatingAsked": Worker.on_rating,
}
