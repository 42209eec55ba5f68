"""The options of a choice: their limits, and one spelling for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.normalization import same
from formats.errors import Fact

AT_LEAST, AT_MOST, LONGEST = 2, 50, 100

Flaw = tuple[str, str, Mapping[str, Fact]]
"""A value, what was expected, and its facts."""


def flaws(options: Sequence[str], fewest: int = AT_LEAST, most: int = AT_MOST) -> Iterator[Flaw]:
    """The problems of a list of options."""
    seen: set[str] = set()
    for option in options:
        if not option.strip():
            yield option, "option_text", {}
        elif "\0" in option:
            yield option.replace("\0", "␀"), "no_nul", {}
        elif len(option.strip()) > LONGEST:
            yield option, "option_length", {"limit": LONGEST, "found": len(option.strip())}
        elif same(option) in seen:
            yield option, "option_once", {}
        seen.add(same(option))
    if len(options) > most:
        yield str(len(options)), "options_at_most", {"limit": most}
    elif len(options) < fewest:
        yield ", ".join(options), "options_at_least", {"limit": fewest}


def separated(raw: str) -> tuple[str, ...]:
    """By `|`, or else by commas, or else by semicolons. A `|` behind the last one separates nothing: `cat, or dog |` is
    one option."""
    separator = next((each for each in "|,;" if each in raw), ",")
    found = tuple(option.strip() for option in raw.split(separator))
    return found[:-1] if separator == "|" and not found[-1] else found


class Options:
    """Options by their spelling: those given, or those that gold answers bring up."""

    def __init__(self, given: Sequence[str] | None) -> None:
        self.open = given is None
        self._by_spelling = {same(option): option.strip() for option in given or ()}

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self._by_spelling.values())

    def find(self, answer: str) -> str | None:
        """The option's own spelling; an open list learns new ones, one more than it may have."""
        key = same(answer)
        if self.open and len(self._by_spelling) <= AT_MOST:
            self._by_spelling.setdefault(key, answer.strip())
        return self._by_spelling.get(key)
