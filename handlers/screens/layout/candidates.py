"""What is compared where it is pictures: an album in place of their addresses."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from handlers.screens.screen import ALBUM, Picture

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def pictured(text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
    """The text without the lines that say `A: address`, and the pictures under their letters; as it is where one of the
    candidates is no picture."""
    named = {f"{option}: ": option for option in options}
    lines, found = list[str](), list[Picture]()
    for line in text.split("\n"):
        mark = next((mark for mark in named if line.startswith(mark)), None)
        if mark is not None and is_picture(address := line[len(mark) :].strip()):
            found.append(Picture(address, f"<b>{escape(named.pop(mark))}</b>"))
        else:
            lines.append(line)
    if named or not 2 <= len(found) <= ALBUM:
        return text, ()
    return "\n".join(lines).strip(), tuple(found)


def is_picture(address: str) -> bool:
    return address.startswith(("http://", "https://")) and urlsplit(address).path.lower().endswith(PICTURES)
