"""A requester's project: form, audience, price."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from domain.answers import kind_of
from domain.messages import Message, record
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId

MOST_EXAMPLES, MOST_PICTURES = 5, 5
LONGEST_ITEM, LONGEST_ANSWER, LONGEST_WHY = 300, 100, 200  # characters of an example's parts
MOST_VERSIONS = 100  # of a project


@record
class WorkedExample:
    """An item with its right answer and why; `picture`: an address or a file's id, beside the text or instead of it."""

    item: str
    answer: str
    why: str = ""
    picture: str = ""


@record
class Wording:
    """All that workers read of a project before they answer."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()


def misfits(examples: Iterable[WorkedExample], kind: str, options: Sequence[str]) -> tuple[str, ...]:
    """Right answers that nobody could give, where an answer names options; of several every one is looked at."""
    known = kind_of(kind)
    if not options or known.options_are_columns or not known.options_in_gold:
        return ()
    return tuple(example.answer for example in examples if not _can_be_given(example.answer, kind, options))


def _can_be_given(answer: str, kind: str, options: Sequence[str]) -> bool:
    known = kind_of(kind)
    if known.gold(answer, options) is not None:
        return True
    named = [known.gold(part, options) for part in re.split(r"\s*[,;/+]\s*", answer)]
    found = [gold for gold in named if gold is not None]
    return known.options_are_apart and len(found) == len(named) and known.together(found, options) is not None


CONTENT = ("violence", "sexual", "hate", "self_harm", "medical", "disturbing")
NONE = "none"


class ContentChoice(StrEnum):
    """What a worker who was warned of a project's content made of it."""

    SHOWN = "shown"
    AGREED = "agreed"
    REFUSED = "refused"


ProjectId = NewType("ProjectId", int)


class ProjectState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    COMPLETE = "complete"


HELD = "held"  # its requester's own pause, in `Project.paused`
ENDED = (ProjectState.STOPPED, ProjectState.COMPLETE)


@dataclass(frozen=True, slots=True)
class Project:
    """`pay` and `fee` are per submission; `confidence` None means a fixed overlap.

    While there is a reason in `paused`, a running project offers nothing; what is in a hand may be answered. `seconds`
    is the time of one answer as stated by the requester, None where not stated. `models` are those whose answers came
    with the tasks (`MachineAnswer.model`); `ai_decides`: they may decide tasks alone where gold has shown it safe;
    `usual_confidence`: the form named none, and `confidence` is the one that is usual beside models.
    `content`: what workers are warned of (`domain/projects/projects.py`). `who`: further
    conditions of who is asked (`domain/projects/projects.py`). `shuffled`: what is compared stands in another order
    for each worker (`domain/work/positions.py`). `checks`: what files are looked at for (`domain/work/file_checks.py`).
    `version` of what workers read: title, instructions, `pictures` and `examples` beside them.
    """

    id: ProjectId
    requester: PersonId
    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    template: str
    columns: tuple[str, ...]
    currency: str
    pay: Millionths
    fee: Millionths
    overlap: int
    max_overlap: int
    confidence: float | None
    accept: str
    minutes: int
    purpose: str
    languages: tuple[str, ...]
    state: ProjectState
    created_at: Moment
    launched_at: Moment | None
    ended_at: Moment | None
    paused: tuple[str, ...] = ()
    seconds: int | None = None
    models: tuple[str, ...] = ()
    ai_decides: bool = False
    content: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    shuffled: bool = False
    checks: tuple[str, ...] = ()
    version: int = 1
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()
    usual_confidence: bool = False

    @property
    def cost_each(self) -> Millionths:
        """The cost of one submission to the budget: reward and fee."""
        return Millionths(self.pay + self.fee)

    @property
    def wording(self) -> Wording:
        return Wording(self.title, self.instructions, self.pictures, self.examples)

    def worded(self, wording: Wording, version: int) -> "Project":
        """As it read in this version."""
        return replace(
            self,
            title=wording.title,
            instructions=wording.instructions,
            pictures=wording.pictures,
            examples=wording.examples,
            version=version,
        )

    def largest(self, overlap: int) -> int:
        """How many answers an ordinary task of this overlap can be asked for."""
        return overlap if self.confidence is None else max(self.max_overlap, overlap)

    def speaks(self, language: str) -> bool:
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Pilot:
    """What the first few tasks brought: `agreement` is the share of answers that are the consensus of their task, None
    where nobody answered the same task, or answers of the kind cannot be compared so."""

    answers: int
    workers: int
    agreement: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one project, gold apart: `closed` of `tasks` are done, `begun` have some answers; `submissions`
    includes gold."""

    tasks: int
    closed: int
    gold: int
    submissions: int
    begun: int
    workers: int
    gold_right: int
    gold_seen: int
    held: Millionths
    reserve: Millionths
    spent: Millionths
    in_hand: int


ACCEPTED, ACCEPTED_PERCENT, MASTERS = "accepted", "accepted%", "masters"
OF_HOUSE = (ACCEPTED, ACCEPTED_PERCENT, MASTERS)
MOST_VALUES = 15
FEW = 100  # answers, below which all of them count as accepted
MASTERS_ACCEPTED, MASTERS_PERCENT = 1_000, 98  # answers, and the accepted share of them, of a master


class Compared(StrEnum):
    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    IS = "="
    IS_NOT = "!="
    IN = "in"
    NOT_IN = "not in"
    EXISTS = "exists"
    MISSING = "missing"


WITHOUT_VALUE = (Compared.EXISTS, Compared.MISSING)
SEVERAL = (Compared.IN, Compared.NOT_IN)
_WRITTEN = re.compile(
    rf"([0-9]+|{'|'.join(OF_HOUSE)}) (>=|>|<=|<|=|!=|not in|in|exists|missing)(?: (-?[0-9]+(?:\|-?[0-9]+)*))?( hidden)?"
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """`subject`: the number of a qualification type, or a name of OF_HOUSE. `hidden`: who does not meet it does not
    hear of the project."""

    subject: str
    compared: Compared
    values: tuple[int, ...] = ()
    hidden: bool = False

    def __str__(self) -> str:
        said = f"{self.subject} {self.compared} {self.said}".rstrip()
        return f"{said} hidden" if self.hidden else said

    @property
    def can_be_asked_for(self) -> bool:
        return self.type is not None and not self.hidden and self.compared is not Compared.MISSING

    @property
    def said(self) -> str:
        return "|".join(map(str, self.values))

    @property
    def type(self) -> int | None:
        """None where the house itself knows."""
        return int(self.subject) if self.subject.isdecimal() else None

    def is_met(self, value: int | None) -> bool:
        """None: the worker has none; then only MISSING is met."""
        if value is None or self.compared in WITHOUT_VALUE:
            return (value is None) is (self.compared is Compared.MISSING)
        first = self.values[0]
        return {
            Compared.AT_LEAST: value >= first,
            Compared.ABOVE: value > first,
            Compared.AT_MOST: value <= first,
            Compared.BELOW: value < first,
            Compared.IS: value == first,
            Compared.IS_NOT: value != first,
            Compared.IN: value in self.values,
            Compared.NOT_IN: value not in self.values,
        }[self.compared]


def requirement(written: str) -> Requirement:
    """Raises ValueError for what is none."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(written)
    compared = Compared(found[2])
    values = tuple(map(int, found[3].split("|"))) if found[3] else ()
    if bool(values) is (compared in WITHOUT_VALUE) or (len(values) > 1 and compared not in SEVERAL):
        raise ValueError(written)
    return Requirement(found[1], compared, values, bool(found[4]))


def can_be_met(asked: Sequence[Requirement]) -> bool:
    """Whether some value, or having none, meets all of them: the values named, and those beside them, tell."""
    named = {
        beside for requirement_ in asked for value in requirement_.values for beside in (value - 1, value, value + 1)
    }
    return any(all(requirement_.is_met(value) for requirement_ in asked) for value in (None, 0, *named))


def accepted_percent(answered: int, rejected: int) -> int:
    """100 while there are few."""
    return 100 if answered < FEW else 100 * (answered - rejected) // answered


def is_master(answered: int, rejected: int) -> bool:
    return answered - rejected >= MASTERS_ACCEPTED and accepted_percent(answered, rejected) >= MASTERS_PERCENT


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
    split = (line.partition("=") for line in who)
    return tuple(Condition(name, value) for name, _, value in split)


def merged(found: Sequence[Condition]) -> tuple[Condition, ...]:
    """Each once: any of several countries will do, and of several limits the lowest counts."""
    return tuple(_merged(dict.fromkeys(found)))


def _merged(found: Sequence[Condition] | dict[Condition, None]) -> Iterator[Condition]:
    countries = [value for condition in found if condition.name == COUNTRY for value in condition.values]
    limits = [number for condition in found if condition.name == AT_MOST for number in condition.numbers]
    if countries:
        yield Condition(COUNTRY, "|".join(dict.fromkeys(countries)))
    yield from (condition for condition in found if condition.name == NOT_COUNTRY)
    yield from (condition for condition in found if condition.name == SAYS)
    yield from (condition for condition in found if condition.name in OF_PROJECTS or condition.name == HOLDS)
    if limits:
        yield Condition(AT_MOST, str(min(limits)))
    yield from (condition for condition in found if condition.name == INVITED)


def nobody_meets(found: Sequence[Condition]) -> tuple[Condition, ...]:
    """Conditions that exclude each other; none where somebody can meet them all."""
    return next(_excluding(found), ())


def _excluding(found: Sequence[Condition]) -> Iterator[tuple[Condition, ...]]:
    """Who is qualified, or was good, in a project has worked there."""
    barred = tuple(condition for condition in found if condition.name == NOT_IN)
    for each in found:
        if each.name in (QUALIFIED, GOOD_IN) and {*each.values} <= {no.value for no in barred}:
            yield (*(no for no in barred if no.value in each.values), each)
    countries = tuple(condition for condition in found if condition.name in OF_COUNTRIES)
    asked = {code for country in countries if country.name == COUNTRY for code in country.values}
    if asked and asked <= {code for country in countries if country.name == NOT_COUNTRY for code in country.values}:
        yield countries
    yield from _same_thing(found)


def _same_thing(found: Sequence[Condition]) -> Iterator[tuple[Condition, ...]]:
    """Several conditions on one qualification, or on one question about workers."""
    by_thing: dict[str, list[Condition]] = {}
    for each in found:
        if each.name == HOLDS or (each.name == SAYS and "\n" not in each.value):
            by_thing.setdefault(f"{each.name} {re.split('[ :]', each.value)[0]}", []).append(each)
    for same in by_thing.values():
        answers = [{*condition.value.partition(":")[2].split("|")} for condition in same]
        is_possible = (
            bool(set.intersection(*answers))
            if same[0].name == SAYS
            else can_be_met([requirement(condition.value) for condition in same])
        )
        if not is_possible:
            yield tuple(same)


def is_good(seen: int, right: int) -> bool:
    return seen >= GOOD_SEEN and right >= GOOD_SHARE * seen


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition that a button adds, or takes away where it is `on`; `word` is what the button says to us."""

    word: str
    condition: Condition
    on: bool


@dataclass(frozen=True, slots=True)
class AudiencePage(Message):
    """Who is asked in a draft, and conditions to choose from."""

    number: int
    title: str
    who: tuple[Condition, ...]
    choices: tuple[Choice, ...]
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class InviteLink(Message):
    """The link that invites to a project; `opened` times it was used by
    `invited` people; `only`: nobody else is asked."""

    number: int
    title: str
    link: str
    opened: int
    invited: int
    only: bool
    running: bool


@dataclass(frozen=True, slots=True)
class InviteEnded(Message):
    """The link invites nobody any more; those who came by it stay."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Invited(Message):
    """For who opened an invitation; `waits`: the project does not run now; `begins`: they may take a task at once.
    `at_work`: the title of another project, of which they have a task in hand."""

    project: int
    title: str
    requester: str
    waits: bool
    begins: bool = True
    at_work: str = ""
