"""The decisions of scripted workers: pure and seeded, so that a run can be repeated."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

REVIEWS = Path(__file__).parents[1] / "data" / "amazon_reviews.csv"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; each rating is one person's, from -4 (extremely negative) to 4."""

    id: str
    text: str
    mean: float
    ratings: tuple[int, ...]


def normalise(text: str) -> str:
    """Return the text without differences of case and white space."""
    return " ".join(text.casefold().split())


@dataclass(slots=True)
class RatedSentences:
    """Sentences that can be found again in the text of a message."""

    sentences: tuple[Sentence, ...]
    _by_text: dict[str, Sentence] = field(init=False)
    _longest_first: list[tuple[str, Sentence]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_text = {normalise(sentence.text): sentence for sentence in self.sentences}
        self._longest_first = sorted(self._by_text.items(), key=lambda item: -len(item[0]))

    def find(self, message: str) -> Sentence | None:
        """Return the sentence a message shows: a line of its own at best, else the longest one inside; None without
        one."""
        for line in message.splitlines():
            match = self._by_text.get(normalise(line))
            if match is not None:
                return match
        whole = normalise(message)
        return next((sentence for text, sentence in self._longest_first if text in whole), None)


def read_ratings(lines: Iterable[str]) -> RatedSentences:
    """Return the ratings of a CSV with the columns id, text, mean, ratings."""
    return RatedSentences(
        tuple(
            Sentence(row["id"], row["text"], float(row["mean"]), tuple(map(int, row["ratings"].split())))
            for row in csv.DictReader(lines)
        )
    )


@cache
def amazon_reviews() -> RatedSentences:
    """Return 3,708 snippets of reviews, rated by how pleased the writer is."""
    with REVIEWS.open(encoding="utf-8", newline="") as lines:
        return read_ratings(lines)


Kind = Literal["honest", "random", "constant", "hasty", "sleeper", "colluder"]
KINDS: tuple[Kind, ...] = ("honest", "random", "constant", "hasty", "sleeper", "colluder")
HASTY_SECONDS = 0.6  # seconds in which a hasty worker presses


@dataclass(frozen=True, slots=True)
class WorkerProfile:
    """A worker of stated skill and speed.

    `honest` answers as one of the real raters of the sentence did, and is wrong on top of that with
    probability 1 - `skill`; `random` tosses a coin; `constant` always says positive; `hasty` tosses a
    coin without having read; `sleeper` is honest for `sleeps_after` answers, then random; `colluder`
    answers from a made-up key that all with the same `key` share. Seconds to answer: log-normal with median `seconds`.
    """

    name: str
    kind: Kind = "honest"
    skill: float = 1.0
    sleeps_after: int = 20
    key: str = "ring"
    seconds: float = 6.0
    spread: float = 0.5


def is_positive_answer(profile: WorkerProfile, sentence: Sentence | None, text: str, answered: int, seed: int) -> bool:
    """Return whether the worker says positive; `answered` is how many answers they gave before."""
    subject = sentence.id if sentence is not None else text
    dice = _seeded_random(seed, profile.name, subject)
    if profile.kind == "constant":
        return True
    if profile.kind == "colluder":
        return _seeded_random(seed, profile.key, subject).random() < 0.5
    asleep = profile.kind == "sleeper" and answered >= profile.sleeps_after
    if profile.kind in ("random", "hasty") or asleep or sentence is None:
        return dice.random() < 0.5
    return _is_positive_rating(sentence, dice) is not (dice.random() < 1 - profile.skill)


def _is_positive_rating(sentence: Sentence, dice: Random) -> bool:
    """Return the sign of one real rating; of a second one when it is 0; a coin when that is 0 too."""
    rating = dice.choice(sentence.ratings) or dice.choice(sentence.ratings)
    return rating > 0 if rating else dice.random() < 0.5


def seconds(profile: WorkerProfile, dice: Random) -> float:
    """Return how long the worker looks at a task, in seconds."""
    median = HASTY_SECONDS if profile.kind == "hasty" else profile.seconds
    return median * dice.lognormvariate(0.0, profile.spread)


def _seeded_random(*parts: object) -> Random:
    return Random("|".join(map(str, parts)))  # noqa: S311 - a crowd for demos and tests, not a secret


def workers(
    count: int, mix: dict[Kind, float] | None = None, seed: int = 0, seconds: float = 6.0
) -> list[WorkerProfile]:
    """Return a crowd: shares of each kind (the rest honest), skills of .85 to 1, a median of `seconds` a task."""
    dice = _seeded_random(seed, "workers")
    kinds: list[Kind] = [kind for kind, share in (mix or {}).items() for _ in range(round(share * count))]
    kinds = (kinds + ["honest"] * count)[:count]
    dice.shuffle(kinds)
    return [
        WorkerProfile(
            f"{NAMES[place % len(NAMES)]} {place + 1}",
            kind,
            skill=dice.uniform(0.85, 1.0),
            seconds=seconds * dice.lognormvariate(0.0, 0.3),
        )
        for place, kind in enumerate(kinds)
    ]


NAMES = ("Awa", "Bilal", "Chloé", "Dana", "Emeka", "Fanny", "Gaël", "Hiba", "Inès", "Jonas", "Khadija", "Luc")
