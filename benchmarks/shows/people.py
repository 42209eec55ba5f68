"""What workers think of a row: draws from the ratings that real people gave it, or what they make of its media."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.shows.sets import Act, Task, Think
from simulator.crowd.behaviour import Sentence
from simulator.crowd.client import text_of


def rated(sentences: Mapping[int, Sentence], said: Callable[[int], Act]) -> Think:
    """One real rating of the sentence, as `said` puts it."""

    def think(task: Task) -> Act | None:
        row = task.row
        return said(task.dice.choice(sentences[row].ratings)) if row is not None and row in sentences else None

    return think


def compared(pairs: Mapping[int, tuple[Sentence, Sentence]]) -> Think:
    """One real rating of each side; the same of both is a tie."""

    def think(task: Task) -> Act | None:
        row = task.row
        if row is None or row not in pairs:
            return None
        first, second = pairs[row]
        text = text_of(task.message)
        if text.find(first.text) > text.find(second.text):  # the sides are shuffled
            first, second = second, first
        lead = task.dice.choice(first.ratings) - task.dice.choice(second.ratings)
        wanted = "About" if not lead else "A" if lead > 0 else "B"
        found = [label for label in task.labels if label.startswith(wanted)]
        return Act(press=found[0]) if found else None

    return think


def formed(sentences: Mapping[int, Sentence]) -> Think:
    """Step by step, by one rating of each question: pleased or not, how much, and a word that says so."""

    def think(task: Task) -> Act | None:
        row = task.row
        if row is None or row not in sentences:
            return None
        rating, shown = task.dice.choice(sentences[row].ratings), task.labels
        if "pleased" in shown:
            return Act(press="pleased" if rating > 0 else "not pleased")
        if "5" in shown:
            return Act(press=str(min(5, 1 + abs(rating))))
        return Act(say=max(sentences[row].text.split(), key=len).strip(".,!?\"'"))

    return think


def transcribed(words: Mapping[int, str]) -> Think:
    """What is said, in the writer's own case; one in ten mishears it for another word of them."""

    def think(task: Task) -> Act | None:
        row = task.row
        if row is None or row not in words or task.content is None:
            return None
        said = words[row] if task.dice.random() > 0.1 else task.dice.choice(sorted(words.values()))
        return Act(say=task.dice.choice((said, said.lower(), f"{said}.", said.upper())))

    return think
