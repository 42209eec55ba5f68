"""What is compared or ranked where it is pictures: told apart from the text around it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from domain.projects.media import BROUGHT

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MOST = 10  # pictures that are shown together

Candidate = tuple[str, str]
"""An option and its picture's address."""


def pictured(text: str, options: Sequence[str]) -> tuple[str, tuple[Candidate, ...]]:
    """The text without the lines that say `A: address`, and the pictures; the text as it is and none where one of the
    options has no picture."""
    named = {f"{option}: ": option for option in options}
    lines, found = list[str](), list[Candidate]()
    for line in text.split("\n"):
        mark = next((mark for mark in named if line.startswith(mark)), None)
        if mark is not None and is_picture(address := line[len(mark) :].strip()):
            found.append((named.pop(mark), address))
        else:
            lines.append(line)
    if named or not 2 <= len(found) <= MOST:
        return text, ()
    return "\n".join(lines).strip(), tuple(found)


def is_picture(address: str) -> bool:
    return address.startswith(("http://", "https://", BROUGHT)) and urlsplit(address).path.lower().endswith(PICTURES)
