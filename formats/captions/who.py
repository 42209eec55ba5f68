"""`who:` of a caption: conditions of who is asked, separated by commas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from domain.projects.audience import (
    AT_MOST,
    COUNTRY,
    GOOD_IN,
    INVITED,
    MOST,
    MOST_CONDITIONS,
    NAMES,
    NOT_IN,
    QUALIFIED,
    Condition,
    merged,
)
from formats.captions.options import Flaw
from locales.countries import country_named

_NUMBER = re.compile(r"#?([0-9]{1,9})")
LONGEST_NAME = 200


class NoCondition(Exception):
    """A word that is no condition; `flaw` says what was expected."""

    def __init__(self, value: str, expected: str, **facts: int) -> None:
        super().__init__(value)
        self.flaw: Flaw = (value, expected, facts)


def read_who(raw: str, names: Mapping[str, str], plain: Callable[[str], str]) -> tuple[tuple[str, ...], list[Flaw]]:
    """The conditions in their usual order, and what is wrong; `names` are those of other languages."""
    found: list[Condition] = []
    flaws: list[Flaw] = []
    written = [each.strip() for each in re.split(r"[,;\n]", raw) if each.strip()]
    for each in written:
        try:
            found.extend(_read(each, names, plain))
        except NoCondition as no:
            flaws.append(no.flaw)
    if len(written) > MOST_CONDITIONS:
        flaws.append((str(len(written)), "who_at_most", {"limit": MOST_CONDITIONS}))
    return tuple(map(str, merged(found))), flaws


def _read(said: str, names: Mapping[str, str], plain: Callable[[str], str]) -> Iterator[Condition]:
    word, sign, value = (part.strip() for part in said.partition("="))
    name = re.sub(r"[\s_-]+", " ", plain(word))
    name = names.get(name, name)
    if name not in NAMES or bool(sign) is (name == INVITED):
        raise NoCondition(said, "who")
    yield Condition(name, VALUES[name](said, value)) if name != INVITED else Condition(name)


def _country(said: str, value: str) -> str:
    codes = [country_named(each) for each in value.split("|")]
    if not all(codes):
        raise NoCondition(said, "who_country")
    return "|".join(dict.fromkeys(code for code in codes if code))


def _title(said: str, value: str) -> str:
    if not value or len(value) > LONGEST_NAME:
        raise NoCondition(said, "who_title")
    return value


def _project(said: str, value: str) -> str:
    number = _NUMBER.fullmatch(value)
    if not number:
        raise NoCondition(said, "who_project")
    return str(int(number[1]))


def _limit(said: str, value: str) -> str:
    number = _NUMBER.fullmatch(value)
    if not number or not 1 <= int(number[1]) <= MOST:
        raise NoCondition(said, "who_limit", minimum=1, maximum=MOST)
    return str(int(number[1]))


VALUES: Mapping[str, Callable[[str, str], str]] = {
    COUNTRY: _country,
    QUALIFIED: _title,
    GOOD_IN: _project,
    NOT_IN: _project,
    AT_MOST: _limit,
}
