"""Requesters: five are fair; one rejects everything, one underpays, one has wrong gold, one never answers, one posts
scams. Admins, who take their time."""

from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from benchmarks.fairness.asked import Order, Truth, caption, content_of, file_of
from benchmarks.fairness.postman import Delivered
from benchmarks.fairness.town import Town
from domain.fairness.review import AnswerToReview
from domain.moments import HOUR, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.quality.restrictions import RestrictionToConfirm
from domain.refusals import CantTellIsPaid, Refusal, RightByGold
from formats.captions.caption import read_caption
from formats.tables.reading import read_tasks
from handlers.fairness.appeals import RuleAppeal
from handlers.fairness.board import ModeratePost
from handlers.fairness.first_look import ApproveLook
from handlers.fairness.petitions import AnswerPetition, SendPetitionAnswer
from handlers.fairness.questions import AnswerQuestion
from handlers.fairness.reports import ResumeReported
from handlers.fairness.review import AcceptAnswer, CiteLine, RejectAnswer, ShowReview
from handlers.fairness.stops import DecidePause, EndReported, LiftStop, UpholdStop
from handlers.projects.launches import Launch
from handlers.quality.gold_challenges import JudgeGold
from handlers.quality.restrictions import DecideRestriction, ShowRestrictions
from services.act import Act
from services.projects import drafts
from services.projects.drafts import Sent

SOON, LATE = (1, 20), (10, 100)  # hours until an admin looks at a first project, and at anything else
REASON = "This is not what the second line asks for."


@dataclass(frozen=True, slots=True)
class Character:
    """`rejects`: everything, or what is wrong; `silent`: answers no question and decides about no gold."""

    name: str
    order: Order
    rejects: str = ""
    silent: bool = False
    adds: bool = True  # money, where the pay of a longer task is missing


CHARACTERS = (
    Character("fair", Order("Fair", tasks=400, gold=24)),
    Character("fair, reviews", Order("Reviewed", accept="review"), rejects="wrong"),
    Character("fair, away", Order("Away", accept="review")),
    Character("fair, in French", Order("French", languages="fr")),
    Character("fair, pays more", Order("Generous", pay="0.09", seconds=12)),
    Character("rejects everything", Order("Rejecting", accept="review"), rejects="everything"),
    Character("underpays", Order("Underpaid", pay="0.035", seconds=22), adds=False),
    Character("wrong gold", Order("Mistaken", gold=20, wrong=2), silent=True),
    Character("never answers", Order("Silent"), silent=True),
    Character("scams", Order("Easy", scam=True, tasks=40), silent=True),
)


@dataclass(slots=True, repr=False, eq=False)
class Requester:
    town: Town
    truth: Truth
    id: PersonId
    character: Character
    random: Random
    launched: int = 0

    def begin(self, every: int, tasks: int) -> None:
        """A project now and every so many milliseconds."""
        self.town.readers[self.id] = self.read
        self.town.at(later(self.town.now, self.random.randrange(6 * HOUR)), partial(self._asks, every, tasks))
        if self.character.rejects:
            self.town.at(later(self.town.now, 8 * HOUR), self._reviews)

    async def _asks(self, every: int, tasks: int) -> None:
        self.town.at(later(self.town.now, every), partial(self._asks, every, tasks))
        self.launched += 1
        asked = self.character.order
        size = max(6, asked.tasks * tasks // 150)
        gold = max(2 + asked.wrong, min(asked.gold, asked.gold * size // asked.tasks))
        scam = asked.scam and self.launched > 1  # the first project, which an admin looks at, is harmless
        order = replace(asked, title=f"{asked.title} {self.launched}", tasks=size, gold=gold, scam=scam)
        made = await self.town.act(self.id, partial(self._sends, order))
        if isinstance(made, int):
            await self.town.press(self.id, Launch(number=made))

    def _sends(self, order: Order, act: Act) -> ProjectId:
        """A file with its caption: read, checked and stored as the chat does it."""
        data, form = file_of(order, self.truth, self.random), read_caption(caption(order))
        file = read_tasks(data, "tasks.csv", form.options, form.kind, form.template)
        sent = Sent(file, "tasks.csv", f"{file.sha256}:{order.title}")
        batch = drafts.begin_project(act.unit, act.person, form, sent, act.house.terms)
        drafts.import_rows(act.unit, batch, sent)
        return batch.project

    def read(self, letter: Delivered) -> None:
        if letter.name == "QuestionAsked" and not self.character.silent:
            question = letter.facts["question"]
            self._later(2, 30, lambda: self._explains(question))
        elif letter.name == "GoldDoubted" and not self.character.silent:
            challenge = letter.facts["challenge"]
            self._later(2, 40, lambda: self.town.press(self.id, JudgeGold(challenge=challenge, keep=True)))
        elif letter.name == "ReserveMissing" and self.character.adds:
            number = letter.facts["number"]
            self._later(1, 20, lambda: self.town.press(self.id, Launch(number=number)))

    def _later(self, least: float, most: float, do: Any) -> None:
        self.town.at(later(self.town.now, int(self.random.uniform(least, most) * HOUR)), do)

    async def _explains(self, question: int) -> None:
        if not isinstance(await self.town.press(self.id, AnswerQuestion(question=question)), Refusal):
            await self.town.types(self.id, "No: irony counts as what is meant, not as what is said.")

    async def _reviews(self) -> None:
        """Everything that waits in their projects, several times a day."""
        self.town.at(later(self.town.now, int(self.random.uniform(4, 10) * HOUR)), self._reviews)
        mine = await self.town.database.transact(lambda unit: unit.projects.list_of_requester(self.id), self.town.now)
        for project in mine:
            await self._review(project.id)

    async def _review(self, project: ProjectId) -> None:
        shown = _shown(await self.town.press(self.id, ShowReview(project=project)))
        while shown is not None:
            about = shown.about
            right = about.answer == self.truth.answers.get(about.content.text)
            if right and self.character.rejects != "everything":
                shown = await self._accepts(about.submission)
            else:
                shown = await self._rejects(about.submission)

    async def _accepts(self, submission: int) -> AnswerToReview | None:
        return _shown(getattr(await self.town.press(self.id, AcceptAnswer(submission=submission)), "message", None))

    async def _rejects(self, submission: int) -> AnswerToReview | None:
        """What may not be rejected (“can't tell”, right by gold) is accepted; a project that rests is left."""
        refused = await self.town.press(self.id, RejectAnswer(submission=submission))
        if isinstance(refused, CantTellIsPaid | RightByGold):
            return await self._accepts(submission)
        if isinstance(refused, Refusal):
            return None
        await self.town.press(self.id, CiteLine(submission=submission, line=2))
        found = await self.town.types(self.id, REASON)
        return _shown(found[-1]) if isinstance(found, tuple) else None


def _shown(found: object) -> AnswerToReview | None:
    return found if isinstance(found, AnswerToReview) else None


@dataclass(slots=True, repr=False, eq=False)
class Admin:
    """Often too late for a decision, which silence then makes."""

    town: Town
    truth: Truth
    id: PersonId
    random: Random

    def begin(self) -> None:
        self.town.readers[self.id] = self.read

    def read(self, letter: Delivered) -> None:
        do = DUTIES.get(letter.name)
        if do is not None:
            delay = int(self.random.uniform(*(SOON if letter.name == "ProjectToApprove" else LATE)) * HOUR)
            self.town.at(later(self.town.now, delay), partial(do, self, letter.facts))

    async def first(self, facts: dict[str, Any]) -> None:
        await self.town.press(self.id, ApproveLook(project=facts["project"], version=facts["edition"]))

    async def pause(self, facts: dict[str, Any]) -> None:
        await self.town.press(self.id, DecidePause(project=facts["project"], resume=self.random.random() < 0.5))

    async def reports(self, facts: dict[str, Any]) -> None:
        if facts["title"].startswith("Easy"):
            await self.town.press(self.id, EndReported(project=facts["project"]))
            await self.town.types(self.id, "It asks workers for their passwords.")
        else:
            await self.town.press(self.id, ResumeReported(project=facts["project"]))

    async def restrictions(self, facts: dict[str, Any]) -> None:
        """The queue, one after another, as far as it goes now."""
        for _ in range(facts["count"]):
            shown = await self.town.press(self.id, ShowRestrictions())
            if not isinstance(shown, RestrictionToConfirm):
                return
            lift = self.random.random() < 0.5
            await self.town.press(self.id, DecideRestriction(restriction=shown.of.restriction, lift=lift))
            if not lift:
                await self.town.types(self.id, "I have read the answers: they look random.")

    async def appeal(self, facts: dict[str, Any]) -> None:
        about = facts["about"]
        right = about["answer"] == self.truth.answers[content_of(about)]
        await self.town.press(self.id, RuleAppeal(appeal=facts["appeal"], verdict=int(right)))

    async def stop(self, facts: dict[str, Any]) -> None:
        """Lifted, upheld with a reason, or left to silence."""
        chance = self.random.random()
        if chance < 0.4:
            await self.town.press(self.id, LiftStop(stop=facts["stop"]))
        elif chance < 0.7:
            await self.town.press(self.id, UpholdStop(stop=facts["stop"]))
            await self.town.types(self.id, "The log shows one phone for all of these accounts.")

    async def petition(self, facts: dict[str, Any]) -> None:
        if self.random.random() < 0.4:
            await self.town.press(self.id, AnswerPetition(post=facts["post"]))
            await self.town.types(self.id, "The floor holds for every task: /why on a top-up shows it.")
            await self.town.press(self.id, SendPetitionAnswer(post=facts["post"], yes=True))

    async def moderate(self, facts: dict[str, Any]) -> None:
        await self.town.press(self.id, ModeratePost(post=facts["post"], rule=self.random.choice((0, 1, 1, 3))))


DUTIES = {
    "ProjectToApprove": Admin.first,
    "PauseToDecide": Admin.pause,
    "ReportsToDecide": Admin.reports,
    "RestrictionsWait": Admin.restrictions,
    "AppealToRule": Admin.appeal,
    "BoardPostToModerate": Admin.moderate,
    "BoardPetitionToAnswer": Admin.petition,
    "StopToRule": Admin.stop,
}
