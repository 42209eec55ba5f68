"""What requesters ask: projects with files as they would send them, and the truth, which only the simulation knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

OPTIONS = ("positive", "negative")
SUBJECTS = ("soup", "hotel", "film", "phone", "book", "train", "shoes", "garden", "lamp", "concert")
WORDS = {
    "positive": ("warm", "honest", "worth every cent", "better than we had hoped", "a joy from the first minute"),
    "negative": ("cold", "broken", "a waste of an evening", "worse than last time", "not what the box had promised"),
}
SCAM = "Open an account at the address you are sent and tell us its password"


@dataclass(frozen=True, slots=True)
class Order:
    """One project. `seconds`: what an answer really takes; `wrong` of the `gold` rows have a wrong answer."""

    title: str
    pay: str = "0.06"
    accept: str = "auto"
    tasks: int = 150
    gold: int = 12
    wrong: int = 0
    seconds: float = 9.0
    languages: str = ""
    scam: bool = False


@dataclass(slots=True)
class Truth:
    """By the text of a task: the right answer, and how long an answer takes. `wrong_gold` by (title, key);
    `votes` for stewards, by voter."""

    answers: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    scams: set[str] = field(default_factory=set)
    wrong_gold: set[tuple[str, str]] = field(default_factory=set)
    votes: dict[int, int] = field(default_factory=dict)


def caption(order: Order) -> str:
    """As it is typed below the file."""
    said = {
        "title": order.title,
        "instructions": "Read the review.\nChoose what its writer thinks.",
        "options": ", ".join(OPTIONS),
        "pay": order.pay,
        "overlap": "3",
        "accept": order.accept,
        "purpose": "Research on reviews",
        "languages": order.languages,
    }
    return "/newproject\n" + "\n".join(f"{key}: {value}" for key, value in said.items() if value)


def file_of(order: Order, truth: Truth, random: Random) -> bytes:
    """The rows, ordinary ones and gold mixed; the truth is noted."""
    rows = [_row(order, number, truth, random) for number in range(order.tasks + order.gold)]
    gold = random.sample(range(len(rows)), order.gold)
    wrong = set(gold[: order.wrong])
    lines = ["id,text,gold"]
    for number, (key, text) in enumerate(rows):
        known = truth.answers[text] if number in gold else ""
        if number in wrong:
            known = OPTIONS[1 - OPTIONS.index(known)]
            truth.wrong_gold.add((order.title, key))
        lines.append(f'{key},"{text}",{known}')
    return "\n".join(lines).encode()


def _row(order: Order, number: int, truth: Truth, random: Random) -> tuple[str, str]:
    right = random.choice(OPTIONS)
    said = SCAM if order.scam else f"we thought it was {random.choice(WORDS[right])}"
    text = f"{order.title} {number}: the {random.choice(SUBJECTS)} from the shop round the corner; {said}."
    truth.answers[text], truth.seconds[text] = right, order.seconds
    if order.scam:
        truth.scams.add(text)
    return f"r{number}", text


def content_of(facts: Mapping[str, object]) -> str:
    """The text of a task, of the facts of a message."""
    content = facts["content"]
    return str(content["text"]) if isinstance(content, dict) else ""
