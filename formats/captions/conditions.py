"""Options of a choice (their limits, one spelling for each) and conditions that workers must meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from domain.normalization import fold_case
from domain.people import qualifications
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
from locales.countries import find_country

MIN_OPTIONS, MAX_OPTIONS, MAX_OPTION_CHARS = 2, 50, 100

Flaw = tuple[str, str, Mapping[str, Fact]]
"""A value, what was expected, and its facts."""


def find_option_flaws(options: Sequence[str], fewest: int = MIN_OPTIONS, most: int = MAX_OPTIONS) -> Iterator[Flaw]:
    """Yield each flaw of a list of options: empty, too long, repeated, with NUL characters; too many or too few of
    them."""
    spellings: set[str] = set()
    for option in options:
        if not option.strip():
            yield option, "option_text", {}
        elif "\0" in option:
            yield option.replace("\0", "␀"), "no_nul", {}
        elif len(option.strip()) > MAX_OPTION_CHARS:
            yield option, "option_length", {"limit": MAX_OPTION_CHARS, "found": len(option.strip())}
        elif fold_case(option) in spellings:
            yield option, "option_once", {}
        spellings.add(fold_case(option))
    if len(options) > most:
        yield str(len(options)), "options_at_most", {"limit": most}
    elif len(options) < fewest:
        yield ", ".join(options), "options_at_least", {"limit": fewest}


def split_options(raw: str) -> tuple[str, ...]:
    """Return the options, split at `|`, or else at commas, or else at semicolons. A `|` behind the last option
    separates nothing: `cat, or dog |` is one option."""
    separator = next((candidate for candidate in "|,;" if candidate in raw), ",")
    options = tuple(option.strip() for option in raw.split(separator))
    return options[:-1] if separator == "|" and not options[-1] else options


class Options:
    """Options by their spelling: those of the form, or, if it names none, those that gold answers add one by one."""

    def __init__(self, options: Sequence[str] | None) -> None:
        self.open = options is None
        self._by_spelling = {fold_case(option): option.strip() for option in options or ()}

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self._by_spelling.values())

    def find(self, answer: str) -> str | None:
        """Return the option's own spelling, or None if the answer is no option. An open list takes in new answers, up
        to one more than it may have, so that the excess shows."""
        key = fold_case(answer)
        if self.open and len(self._by_spelling) <= MAX_OPTIONS:
            self._by_spelling.setdefault(key, answer.strip())
        return self._by_spelling.get(key)


class FlawedValue(Exception):
    """A caption's value that cannot be used; `flaws` are all reasons."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(*flaws)
        self.flaws = flaws


_NUMBER = re.compile(r"#?([0-9]{1,9})")
MAX_TITLE_CHARS = 200
NOT_BLOCKED, NOT_QUALIFIED = "not blocked", "not qualified"  # the first holds everywhere
_BY_NAME = re.compile(r"(.*?)(?:\s*=\s*|\s+(?:in|dans|en|pour|for)\s+)(.+)", re.DOTALL)
_COMPARED = re.compile(r"(.*?)\s*(>=|≥|<=|≤|!=|≠|>|<|==?)\s*(-?[0-9]{1,9})", re.DOTALL)
_OWN_QUESTION = re.compile(r"(.{3,}?\?)\s*([^?]+?)\s*(?:->|→|=>)\s*(.+)", re.DOTALL)
_STORED_QUESTION = re.compile(r"[0-9]{1,9}:[0-9](?:\|[0-9])*")
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "="}


class NoCondition(Exception):
    """A word that is no condition; `flaw` says what was expected."""

    def __init__(self, value: str, expected: str, **facts: int) -> None:
        super().__init__(value)
        self.flaw: Flaw = (value, expected, facts)


def read_who(raw: str, names: Mapping[str, str], plain: Callable[[str], str]) -> tuple[tuple[str, ...], list[Flaw]]:
    """Return the conditions, as texts in their usual order, and every flaw. `names` maps the words of other languages
    to ours. Conditions that no worker can meet together are a flaw."""
    conditions: list[Condition] = []
    flaws: list[Flaw] = []
    condition_words = [word.strip() for word in re.split(r"[,;\n]", raw) if word.strip()]
    for word in condition_words:
        try:
            conditions.extend(_read_condition(word, names, plain))
        except NoCondition as error:
            flaws.append(error.flaw)
    if unmeetable := find_contradiction(merge_conditions(conditions)):
        flaws.append((", ".join(map(str, unmeetable)), "who_never", {}))
    if len(condition_words) > MOST_CONDITIONS:
        flaws.append((str(len(condition_words)), "who_at_most", {"limit": MOST_CONDITIONS}))
    return tuple(map(str, merge_conditions(conditions))), flaws


def _read_condition(text: str, names: Mapping[str, str], plain: Callable[[str], str]) -> Iterator[Condition]:
    """Yield the condition that one part of the value stands for; nothing for "not blocked", which always holds. Raise
    NoCondition."""
    key, sign, value = (part.strip() for part in text.partition("="))
    name = _condition_name(key, names, plain)
    if name == NOT_BLOCKED:
        return
    by_name = _BY_NAME.fullmatch(text)
    if by_name and (named_condition := _condition_name(by_name[1], names, plain)) in (QUALIFIED, NOT_QUALIFIED):
        yield Condition(QUALIFIED, _read_title_condition(text, by_name[2].strip(), named_condition == NOT_QUALIFIED))
        return
    if name not in NAMES or bool(sign) is (name == INVITED):
        raise NoCondition(text, "who")
    yield Condition(name, VALUE_READERS[name](text, value)) if name != INVITED else Condition(name)


def _condition_name(word: str, names: Mapping[str, str], plain: Callable[[str], str]) -> str:
    """Return the condition's name in our own words, or the word itself if it is not known."""
    name = re.sub(r"[\s_-]+", " ", plain(word).strip())
    return names.get(name, name)


def _read_title_condition(text: str, value: str, is_missing: bool) -> str:
    """Return a condition on a qualification: `NAME`, `NAME >= 80` or `NAME missing`. Raise NoCondition with the whole
    `text`."""
    match = _COMPARED.fullmatch(value)
    name = " ".join((match[1] if match else value).split())
    if not name or len(name) > MAX_TITLE_CHARS or (match and is_missing):
        raise NoCondition(text, "who_title")
    if match is None:
        return f"{name} missing" if is_missing else name
    return f"{name} {_SIGNS.get(match[2], match[2])} {int(match[3])}"


def _read_requirement(text: str, value: str) -> str:
    try:
        return str(parse_requirement(value))
    except ValueError:
        raise NoCondition(text, "who_title") from None


def _read_countries(text: str, value: str) -> str:
    """Return the country codes, joined by `|`. Raise NoCondition if a name is no country."""
    codes = [find_country(country) for country in value.split("|")]
    if not all(codes):
        raise NoCondition(text, "who_country")
    return "|".join(dict.fromkeys(code for code in codes if code))


def _read_own_question(text: str, value: str) -> str:
    """Return a question of the requester's own, its options and the accepted ones, a line each, from `QUESTION? yes /
    no -> yes`. Return a value in stored form unchanged. Raise NoCondition if options are repeated, too many or too
    long, or if all are accepted."""
    match, is_stored = _OWN_QUESTION.fullmatch(value), _STORED_QUESTION.fullmatch(value)
    if is_stored:
        return value
    question = " ".join(match[1].split()) if match else ""
    options, accepted = (
        [" ".join(part.split()) for part in match[group].split("/")] if match else [] for group in (2, 3)
    )
    fits = (
        2 <= len(options) <= qualifications.MAX_OPTIONS and len({*options}) == len(options) and {*accepted} < {*options}
    )
    if (
        not fits
        or len(question) > qualifications.MAX_QUESTION_CHARS
        or not all(0 < len(part) <= qualifications.MAX_OPTION_CHARS for part in options)
    ):
        raise NoCondition(text, "who_says", limit=qualifications.MAX_OPTIONS)
    return "\n".join((question, "|".join(options), "|".join(part for part in options if part in accepted)))


def _read_title(text: str, value: str) -> str:
    return _read_title_condition(text, value, False)


def _read_project_number(text: str, value: str) -> str:
    """Return the project's number without `#` and leading zeros. Raise NoCondition."""
    match = _NUMBER.fullmatch(value)
    if not match:
        raise NoCondition(text, "who_project")
    return str(int(match[1]))


def _read_limit(text: str, value: str) -> str:
    """Return the most submissions of one worker. Raise NoCondition if it is no number from 1 to MOST."""
    match = _NUMBER.fullmatch(value)
    if not match or not 1 <= int(match[1]) <= MOST:
        raise NoCondition(text, "who_limit", minimum=1, maximum=MOST)
    return str(int(match[1]))


VALUE_READERS: Mapping[str, Callable[[str, str], str]] = {
    COUNTRY: _read_countries,
    NOT_COUNTRY: _read_countries,
    SAYS: _read_own_question,
    HOLDS: _read_requirement,
    QUALIFIED: _read_title,
    GOOD_IN: _read_project_number,
    NOT_IN: _read_project_number,
    projects.AT_MOST: _read_limit,
}
