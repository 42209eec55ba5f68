"""Conditions of who is asked (`who:`), beside languages; each of them must hold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.projects.requirements import can_be_met, requirement

COUNTRY, NOT_COUNTRY, SAYS, QUALIFIED, HOLDS, GOOD_IN, NOT_IN, AT_MOST, INVITED = (
    *("country", "not country", "says", "qualified", "holds"),
    *("good in", "not in", "at most", "invited"),
)
NAMES = (COUNTRY, NOT_COUNTRY, SAYS, QUALIFIED, HOLDS, GOOD_IN, NOT_IN, AT_MOST, INVITED)
OF_PROJECTS = (QUALIFIED, GOOD_IN, NOT_IN)
OF_COUNTRIES = (COUNTRY, NOT_COUNTRY)
MOST = 1_000_000  # tasks a worker
MOST_CONDITIONS = 20
GOOD_SEEN, GOOD_SHARE = 5, 0.8  # check questions answered, and the share of them that was right, of who is good there
UNTOLD = "-"  # a country that was asked for, and not told


@dataclass(frozen=True, slots=True)
class Condition:
    """`value`: two letters of a country, the number of a project, a number of tasks; several that will do are separated
    by `|`; what is required of a qualification (`requirements.py`); the number of a screening question and the places
    of the answers that will do, as `12:0|2`. Before it is resolved, and as it is shown, `qualified` has the title of a
    project, or the name of a qualification with a comparison, and `says` the words of its question and answers."""

    name: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.value.split("|"))

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(map(int, self.values))


@lru_cache(maxsize=1024)
def conditions(who: Sequence[str]) -> tuple[Condition, ...]:
    """Of a project, as they are kept."""
    split = (each.partition("=") for each in who)
    return tuple(Condition(name, value) for name, _, value in split)


def merged(found: Sequence[Condition]) -> tuple[Condition, ...]:
    """Each once: any of several countries will do, and of several limits the lowest counts."""
    return tuple(_merged(dict.fromkeys(found)))


def _merged(found: Sequence[Condition] | dict[Condition, None]) -> Iterator[Condition]:
    countries = [value for each in found if each.name == COUNTRY for value in each.values]
    limits = [number for each in found if each.name == AT_MOST for number in each.numbers]
    if countries:
        yield Condition(COUNTRY, "|".join(dict.fromkeys(countries)))
    yield from (each for each in found if each.name == NOT_COUNTRY)
    yield from (each for each in found if each.name == SAYS)
    yield from (each for each in found if each.name in OF_PROJECTS or each.name == HOLDS)
    if limits:
        yield Condition(AT_MOST, str(min(limits)))
    yield from (each for each in found if each.name == INVITED)


def nobody_meets(found: Sequence[Condition]) -> tuple[Condition, ...]:
    """Conditions that exclude each other; none where somebody can meet them all."""
    return next(_excluding(found), ())


def _excluding(found: Sequence[Condition]) -> Iterator[tuple[Condition, ...]]:
    """Who is qualified, or was good, in a project has worked there."""
    barred = tuple(each for each in found if each.name == NOT_IN)
    for each in found:
        if each.name in (QUALIFIED, GOOD_IN) and {*each.values} <= {no.value for no in barred}:
            yield (*(no for no in barred if no.value in each.values), each)
    countries = tuple(each for each in found if each.name in OF_COUNTRIES)
    asked = {code for each in countries if each.name == COUNTRY for code in each.values}
    if asked and asked <= {code for each in countries if each.name == NOT_COUNTRY for code in each.values}:
        yield countries
    yield from _same_thing(found)


def _same_thing(found: Sequence[Condition]) -> Iterator[tuple[Condition, ...]]:
    """Several conditions on one qualification, or on one question about workers."""
    by_thing: dict[str, list[Condition]] = {}
    for each in found:
        if each.name == HOLDS or (each.name == SAYS and "\n" not in each.value):
            by_thing.setdefault(f"{each.name} {re.split('[ :]', each.value)[0]}", []).append(each)
    for same in by_thing.values():
        answers = [{*each.value.partition(":")[2].split("|")} for each in same]
        is_possible = (
            bool(set.intersection(*answers))
            if same[0].name == SAYS
            else can_be_met([requirement(each.value) for each in same])
        )
        if not is_possible:
            yield tuple(same)


def is_good(seen: int, right: int) -> bool:
    return seen >= GOOD_SEEN and right >= GOOD_SHARE * seen
