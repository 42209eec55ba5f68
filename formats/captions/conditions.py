"""The options of a choice: their limits, and one spelling for each."""

from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Iterator,
    Mapping,
    Sequence,
)

from domain.normalization import same
from domain.people.qualifications import MAX_OPTION_CHARS, MAX_OPTIONS, MAX_QUESTION_CHARS
from domain.projects import projects
from domain.projects.projects import (
    COUNTRY,
    GOOD_IN,
    HOLDS,
    INVITED,
    MOST,
    MOST_CONDITIONS,
    NAMES,
    NOT_COUNTRY,
    NOT_IN,
    QUALIFIED,
    SAYS,
    Condition,
    find_contradiction,
    merge_conditions,
    parse_requirement,
)
from formats.errors import Fact
from locales.countries import country_named

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


class Flawed(Exception):
    """A value that cannot be used."""

    def __init__(self, *found: Flaw) -> None:
        super().__init__(*found)
        self.flaws = found


_NUMBER = re.compile(r"#?([0-9]{1,9})")
LONGEST_NAME = 200
NOT_BLOCKED, NOT_QUALIFIED = "not blocked", "not qualified"  # the first holds everywhere
_BY_NAME = re.compile(r"(.*?)(?:\s*=\s*|\s+(?:in|dans|en|pour|for)\s+)(.+)", re.DOTALL)
_COMPARED = re.compile(r"(.*?)\s*(>=|≥|<=|≤|!=|≠|>|<|==?)\s*(-?[0-9]{1,9})", re.DOTALL)
_SAYS = re.compile(r"(.{3,}?\?)\s*([^?]+?)\s*(?:->|→|=>)\s*(.+)", re.DOTALL)
_ASKED = re.compile(r"[0-9]{1,9}:[0-9](?:\|[0-9])*")
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "="}


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
    if never := find_contradiction(merge_conditions(found)):
        flaws.append((", ".join(map(str, never)), "who_never", {}))
    if len(written) > MOST_CONDITIONS:
        flaws.append((str(len(written)), "who_at_most", {"limit": MOST_CONDITIONS}))
    return tuple(map(str, merge_conditions(found))), flaws


def _read(said: str, names: Mapping[str, str], plain: Callable[[str], str]) -> Iterator[Condition]:
    word, sign, value = (part.strip() for part in said.partition("="))
    name = _named(word, names, plain)
    if name == NOT_BLOCKED:
        return
    by_name = _BY_NAME.fullmatch(said)
    if by_name and (known := _named(by_name[1], names, plain)) in (QUALIFIED, NOT_QUALIFIED):
        yield Condition(QUALIFIED, _compared(said, by_name[2].strip(), known == NOT_QUALIFIED))
        return
    if name not in NAMES or bool(sign) is (name == INVITED):
        raise NoCondition(said, "who")
    yield Condition(name, VALUES[name](said, value)) if name != INVITED else Condition(name)


def _named(word: str, names: Mapping[str, str], plain: Callable[[str], str]) -> str:
    name = re.sub(r"[\s_-]+", " ", plain(word).strip())
    return names.get(name, name)


def _compared(said: str, value: str, is_missing: bool) -> str:
    """`NAME`, `NAME >= 80` or `NAME missing`."""
    found = _COMPARED.fullmatch(value)
    name = " ".join((found[1] if found else value).split())
    if not name or len(name) > LONGEST_NAME or (found and is_missing):
        raise NoCondition(said, "who_title")
    if found is None:
        return f"{name} missing" if is_missing else name
    return f"{name} {_SIGNS.get(found[2], found[2])} {int(found[3])}"


def _holds(said: str, value: str) -> str:
    try:
        return str(parse_requirement(value))
    except ValueError:
        raise NoCondition(said, "who_title") from None


def _country(said: str, value: str) -> str:
    codes = [country_named(each) for each in value.split("|")]
    if not all(codes):
        raise NoCondition(said, "who_country")
    return "|".join(dict.fromkeys(code for code in codes if code))


def _says(said: str, value: str) -> str:
    """`QUESTION? yes / no -> yes`: the question, its options and those that will do, a line each."""
    found, asked = _SAYS.fullmatch(value), _ASKED.fullmatch(value)
    if asked:
        return value
    words = " ".join(found[1].split()) if found else ""
    options, right = ([" ".join(each.split()) for each in found[at].split("/")] if found else [] for at in (2, 3))
    fits = 2 <= len(options) <= MAX_OPTIONS and len({*options}) == len(options) and {*right} < {*options}
    if not fits or len(words) > MAX_QUESTION_CHARS or not all(0 < len(each) <= MAX_OPTION_CHARS for each in options):
        raise NoCondition(said, "who_says", limit=MAX_OPTIONS)
    return "\n".join((words, "|".join(options), "|".join(each for each in options if each in right)))


def _title(said: str, value: str) -> str:
    return _compared(said, value, False)


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
    NOT_COUNTRY: _country,
    SAYS: _says,
    HOLDS: _holds,
    QUALIFIED: _title,
    GOOD_IN: _project,
    NOT_IN: _project,
    projects.AT_MOST: _limit,
}
