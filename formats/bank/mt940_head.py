"""Whether a file is a bank's statement in MT940, by how it begins: such a file is never one of tasks."""

import re

HEAD = 4_096  # bytes that tell what a file is
NAMES = (".sta", ".mt940", ".940", ".mta", ".fin")  # of files that banks write so
UNCLEAR = (".txt", ".dat", ".swi", "")  # and of files that may be anything
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\{1:[^\r\n]{0,200}\r?\n)?(?:[A-Z0-9]{8,12}\s+940\s[^:]{0,80})?:20:[^\n]{0,40}\n(?=(?s:.{0,200}?)\n?:25P?:)"
)


def is_mt940(head: bytes) -> bool:
    """Whether a file that begins so is a statement in MT940, with or without SWIFT's block before it."""
    return _BEGINS.match(head) is not None
