"""What a step is made of: numbers, persons and arguments as people type them, and the button they press.

What was pressed or typed seldom is chosen more often, so that a walk comes to everything."""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from benchmarks.walk import words
from benchmarks.walk.bot import WalkedBot
from benchmarks.walk.cast import ADMIN, REQUESTER, WORKER, Walker
from benchmarks.walk.sending import Sending
from handlers.fairness import appeals, first_look, review, stops
from handlers.people import consents, settings, teams
from handlers.projects import launches
from handlers.routes import TABLE
from handlers.routing import Route
from handlers.work import corrections, tasks
from handlers.work.offers import Decline
from handlers.work.tasks import Choose, Done, SubmitAnswer
from simulator.phones import buttons
from simulator.values import Json, PostedMessage

FORMATS = (
    "csv",
    "jsonl",
    "xlsx",
    "parquet",
    "toloka",
    "labelstudio",
    "crowdkit",
    "zip",
    "dpo",
    "coco",
    "zor",
    "quality",
)
LINK, TAP, REFERENCE = r"\?start=([\w-]+)", r"/(why_\d+|team join \S+|[a-z]+_\d+)", r"\b(RF\d\dPOUCE\d+)\b"
CODE = re.compile(f"{LINK}|{TAP}|{REFERENCE}")
RECENT = 8  # messages
SELDOM = {  # what ends a story
    each.code
    for each in (tasks.Pause, settings.PauseHere, consents.Forget, stops.SuspendPerson, teams.CloseTeam, Decline)
}
WANTED = {  # what a story goes on by
    each.code
    for each in (
        *(first_look.ApproveLook, launches.Launch, SubmitAnswer, Choose, Done, review.RejectAnswer, review.CiteLine),
        *(appeals.AppealRejection, appeals.Judge, appeals.RuleAppeal, stops.DecidePause, corrections.AskRedo),
        *(teams.MakeTeam, teams.AskToInvite, teams.InviteToTeam, teams.JoinTeam, teams.ActForTeam),
    )
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is in the database: by Telegram id the numbers of their projects and of their drafts, by table its highest
    number."""

    own: dict[int, list[int]] = field(default_factory=dict)
    drafts: dict[int, list[int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


class Choosing:
    """`codes` are links, numbers and references that somebody has read."""

    def __init__(self, bot: WalkedBot, dice: Random, walkers: list[Walker]) -> None:
        self.bot, self.dice, self.walkers, self.sending = bot, dice, walkers, Sending(bot, dice)
        self.codes: list[str] = []
        self.known = Known()
        self.done: Counter[str] = Counter()

    def read(self, text: str) -> None:
        """What can be typed after it was read."""
        for match in CODE.finditer(text):
            found = next(filter(None, match.groups()))
            if found not in self.codes[-200:]:
                self.codes.append(found)

    def number(self, walker: Walker) -> str:
        """A project's: their own as a rule, somebody's, none."""
        chance, own = self.dice.random(), self.known.own.get(walker.id)
        if own and chance < 0.75:
            return str(self.dice.choice(own[-6:]))
        if chance < 0.92:
            return str(self.dice.randint(0, self.known.numbers.get("projects", 0) + 1))
        return self.dice.choice(words.ODD)

    def person(self) -> str:
        other = self.dice.choice(self.walkers)
        known = [str(other.id), *([f"@{other.username}"] if other.username else [])]
        return self.dice.choice(known) if self.dice.random() < 0.9 else self.dice.choice(words.ODD)

    def argument(self, token: str, walker: Walker) -> str:
        """For one word of a command's usage."""
        bare = token.strip("[]")
        if bare == "N":
            return self.number(walker)
        if bare in ("NUMBER", "KEY", "ID"):
            return str(self.dice.randint(0, max(self.known.numbers.values(), default=1)))
        if bare in ("PERSON", "WORKER"):
            return self.person() if self.dice.random() < 0.6 else str(self.dice.randint(1, 60))
        if bare in ("AMOUNT", "PERCENT"):
            return words.amount(self.dice)
        if bare == "format":
            return self.dice.choice(FORMATS)
        if bare == "YYYY-MM":
            return self.dice.choice(("2027-01", "2027", "2026-13", "2027-02 csv", "1999-01"))
        if "/" in bare:
            return self.dice.choice(bare.split("/"))
        return bare if bare.islower() and self.dice.random() < 0.6 else words.sentence(self.dice, 1, 5)

    def command(self, walker: Walker) -> str:
        """One of their role's, as a rule."""
        known = [each for each in TABLE.routes if each.command]
        fitting = [each for each in known if each.role in ("", walker.role)]
        routes = fitting if self.dice.random() < 0.85 else known
        route = self.dice.choices(routes, [self._weight(f"/{each.command}") for each in routes])[0]
        self.done[f"/{route.command}"] += 1
        return self.words(walker, route)

    def words(self, walker: Walker, route: Route) -> str:
        chance = self.dice.random()
        head = f"/{route.command}{f' {route.word}' if route.word else ''}"
        if chance < 0.12:
            return head
        if chance < 0.25:
            return f"{head} {words.text(self.dice, walker)}"[:4096]
        return " ".join([head, *(self.argument(token, walker) for token in route.usage.replace("|", " ").split())])

    def chat(self, walker: Walker) -> list[PostedMessage]:
        return list(self.bot.world.chats[walker.id].messages.values())

    def button(self, walker: Walker) -> tuple[int, Json] | None:
        """One of a recent message, as a rule."""
        shown = [each for each in self.chat(walker) if presses(each)]
        recent = shown[-RECENT:] if self.dice.random() < 0.85 else shown[-60:]
        found = [(each.id, key) for each in recent for key in presses(each)]
        if not found:
            return None
        weights = [self._weight(code_of(key)) * (3 if message == shown[-1].id else 1) for message, key in found]
        message, key = self.dice.choices(found, weights)[0]
        self.done[code_of(key)] += 1
        return message, key

    def _weight(self, name: str) -> float:
        if name in SELDOM or name in ("/forget", "/leave", "/pause"):
            return 0.004
        return (3.0 if name in WANTED else 1.0) / (2 + self.done[name])

    def weight(self, walker: Walker) -> float:
        return {ADMIN: 2.5, REQUESTER: 3, WORKER: 6}.get(walker.role, 1)


def presses(shown: PostedMessage) -> list[Json]:
    return [each for each in buttons(shown) if "callback_data" in each]


def code_of(key: Json) -> str:
    return str(key["callback_data"]).partition(":")[0]


def answers(shown: PostedMessage) -> list[Json]:
    """Buttons that answer a task."""
    codes = {each.code for each in (SubmitAnswer, Choose, Done)}
    return [key for key in presses(shown) if code_of(key) in codes]
