"""Real sentences with the ratings of twenty real people each (Hutto & Gilbert, VADER, ICWSM 2014; MIT)."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

REVIEWS = Path(__file__).parents[1] / "data" / "amazon_reviews.csv"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; each rating is one person's, from -4 (extremely negative) to 4."""

    id: str
    text: str
    mean: float
    ratings: tuple[int, ...]


def plain(text: str) -> str:
    """Without differences of case and white space."""
    return " ".join(text.casefold().split())


@dataclass(slots=True)
class Ratings:
    """Sentences that can be found again in the text of a message."""

    sentences: tuple[Sentence, ...]
    _by_text: dict[str, Sentence] = field(init=False)
    _longest_first: list[tuple[str, Sentence]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_text = {plain(sentence.text): sentence for sentence in self.sentences}
        self._longest_first = sorted(self._by_text.items(), key=lambda each: -len(each[0]))

    def find(self, message: str) -> Sentence | None:
        """The sentence a message shows: a line of its own at best, else the longest one inside."""
        for line in message.splitlines():
            found = self._by_text.get(plain(line))
            if found is not None:
                return found
        whole = plain(message)
        return next((sentence for text, sentence in self._longest_first if text in whole), None)


def read(lines: Iterable[str]) -> Ratings:
    """From CSV with the columns id, text, mean, ratings."""
    return Ratings(
        tuple(
            Sentence(row["id"], row["text"], float(row["mean"]), tuple(map(int, row["ratings"].split())))
            for row in csv.DictReader(lines)
        )
    )


@cache
def amazon_reviews() -> Ratings:
    """3,708 snippets of reviews: is the writer pleased?"""
    with REVIEWS.open(encoding="utf-8", newline="") as lines:
        return read(lines)
