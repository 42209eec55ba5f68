"""Pictures and worked examples beside a project's instructions, as they are written: a line each."""

from domain.projects.authoring.worked_examples import (
    LONGEST_ANSWER,
    LONGEST_ITEM,
    LONGEST_WHY,
    MOST_EXAMPLES,
    MOST_PICTURES,
    WorkedExample,
)
from domain.projects.media import is_file_id
from formats.addresses import is_address
from formats.captions.flawed import Flawed

LIMITS = {"item": LONGEST_ITEM, "answer": LONGEST_ANSWER, "why": LONGEST_WHY}
LONGEST_ADDRESS = 1_000


def read_pictures(raw: str) -> tuple[str, ...]:
    """Addresses, or ids of files that were sent to the bot."""
    found = tuple(dict.fromkeys(raw.split()))
    for each in found:
        if not is_picture(each):
            raise Flawed((each, "picture_beside", {}))
    if len(found) > MOST_PICTURES:
        raise Flawed((str(len(found)), "pictures_at_most", {"limit": MOST_PICTURES}))
    return found


def is_picture(word: str) -> bool:
    return is_file_id(word) or (len(word) <= LONGEST_ADDRESS and is_address(word) and word.startswith("https:"))


def read_examples(raw: str) -> list[WorkedExample]:
    """A line each, `item | right answer | why`; one alone may have a line for each part."""
    lines = tuple(filter(None, map(str.strip, raw.splitlines())))
    rows = [line.split("|") for line in lines] if "|" in raw else [list(lines)]
    if len(rows) > MOST_EXAMPLES:
        raise Flawed((str(len(rows)), "examples_at_most", {"limit": MOST_EXAMPLES}))
    return [_example([part.strip() for part in row]) for row in rows]


def _example(parts: list[str]) -> WorkedExample:
    if not 2 <= len(parts) <= 3 or not all(parts[:2]) or "\0" in "".join(parts):
        raise Flawed((" | ".join(parts).replace("\0", "␀"), "example", {}))
    for (name, limit), part in zip(LIMITS.items(), parts, strict=False):
        if len(part) > limit and not (name == "item" and is_picture(part)):
            raise Flawed((part, "example_length", {"limit": limit, "found": len(part)}))
    item, answer, why = (*parts, "")[:3]
    return WorkedExample("", answer, why, item) if is_picture(item) else WorkedExample(item, answer, why)
