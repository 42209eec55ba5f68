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
    """Texts, pictures and examples of a project that workers read before they answer."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()


def impossible_examples(examples: Iterable[WorkedExample], kind: str, options: Sequence[str]) -> tuple[str, ...]:
    """Return the examples' right answers that cannot be given because they name no option; of several named options
    every one is checked."""
    answer_kind = kind_of(kind)
    if not options or answer_kind.options_are_columns or not answer_kind.options_in_gold:
        return ()
    return tuple(example.answer for example in examples if not _can_be_given(example.answer, kind, options))


def _can_be_given(answer: str, kind: str, options: Sequence[str]) -> bool:
    answer_kind = kind_of(kind)
    if answer_kind.parse_gold(answer, options) is not None:
        return True
    golds = [answer_kind.parse_gold(part, options) for part in re.split(r"\s*[,;/+]\s*", answer)]
    valid_golds = [gold for gold in golds if gold is not None]
    return (
        answer_kind.options_are_apart
        and len(valid_golds) == len(golds)
        and answer_kind.combine_accepted(valid_golds, options) is not None
    )


CONTENT = ("violence", "sexual", "hate", "self_harm", "medical", "disturbing")
NONE = "none"


class ContentChoice(StrEnum):
    """A worker's choice after a warning about a project's content."""

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
        """Return the project as it read in this version."""
        return replace(
            self,
            title=wording.title,
            instructions=wording.instructions,
            pictures=wording.pictures,
            examples=wording.examples,
            version=version,
        )

    def largest(self, overlap: int) -> int:
        """Return the most answers that an ordinary task of this overlap can be asked for."""
        return overlap if self.confidence is None else max(self.max_overlap, overlap)

    def speaks(self, language: str) -> bool:
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Pilot:
    """Outcome of the first few tasks: `like_result` is the share of answers that are the consensus of their task, None
    if no task has two answers, or answers of the kind cannot be compared so."""

    answers: int
    workers: int
    like_result: float | None = None


@dataclass(frozen=True, slots=True)
class CountedProgress:
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


@record
class Setbacks:
    """What may have let the share of finished tasks fall: answers `rejected` and not accepted since, tasks or answers a
    task that were added after the first launch."""

    rejected: int = 0
    tasks_added: bool = False
    answers_added: bool = False


NO_SETBACKS = Setbacks()


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
        text = f"{self.subject} {self.compared} {self.values_text}".rstrip()
        return f"{text} hidden" if self.hidden else text

    @property
    def can_be_asked_for(self) -> bool:
        return self.type is not None and not self.hidden and self.compared is not Compared.MISSING

    @property
    def values_text(self) -> str:
        return "|".join(map(str, self.values))

    @property
    def type(self) -> int | None:
        """Return the number of the qualification type; None for a figure that the bot itself keeps (OF_HOUSE)."""
        return int(self.subject) if self.subject.isdecimal() else None

    def is_met(self, value: int | None) -> bool:
        """Return whether a worker with this value meets it; None stands for no value, which meets MISSING alone."""
        if value is None or self.compared in WITHOUT_VALUE:
            return (value is None) is (self.compared is Compared.MISSING)
        limit = self.values[0]
        return {
            Compared.AT_LEAST: value >= limit,
            Compared.ABOVE: value > limit,
            Compared.AT_MOST: value <= limit,
            Compared.BELOW: value < limit,
            Compared.IS: value == limit,
            Compared.IS_NOT: value != limit,
            Compared.IN: value in self.values,
            Compared.NOT_IN: value not in self.values,
        }[self.compared]


def parse_requirement(written: str) -> Requirement:
    """Return the requirement of this text. Raise ValueError if it is none."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError(written)
    compared = Compared(match[2])
    values = tuple(map(int, match[3].split("|"))) if match[3] else ()
    if bool(values) is (compared in WITHOUT_VALUE) or (len(values) > 1 and compared not in SEVERAL):
        raise ValueError(written)
    return Requirement(match[1], compared, values, bool(match[4]))


def can_be_met(requirements: Sequence[Requirement]) -> bool:
    """Return whether some value, or having none, meets all requirements; trying the values they name and their
    neighbours suffices."""
    values = {
        beside
        for requirement_ in requirements
        for value in requirement_.values
        for beside in (value - 1, value, value + 1)
    }
    return any(all(requirement_.is_met(value) for requirement_ in requirements) for value in (None, 0, *values))


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
    """Return the conditions of a project, parsed from how they are stored."""
    split = (line.partition("=") for line in who)
    return tuple(Condition(name, value) for name, _, value in split)


def merge_conditions(conditions_: Sequence[Condition]) -> tuple[Condition, ...]:
    """Return the conditions without repetitions: countries are united, and of several limits the lowest counts."""
    return tuple(_merge(dict.fromkeys(conditions_)))


def _merge(conditions_: Sequence[Condition] | dict[Condition, None]) -> Iterator[Condition]:
    countries = [value for condition in conditions_ if condition.name == COUNTRY for value in condition.values]
    limits = [number for condition in conditions_ if condition.name == AT_MOST for number in condition.numbers]
    if countries:
        yield Condition(COUNTRY, "|".join(dict.fromkeys(countries)))
    yield from (condition for condition in conditions_ if condition.name == NOT_COUNTRY)
    yield from (condition for condition in conditions_ if condition.name == SAYS)
    yield from (condition for condition in conditions_ if condition.name in OF_PROJECTS or condition.name == HOLDS)
    if limits:
        yield Condition(AT_MOST, str(min(limits)))
    yield from (condition for condition in conditions_ if condition.name == INVITED)


def find_contradiction(conditions_: Sequence[Condition]) -> tuple[Condition, ...]:
    """Return conditions that exclude each other, the first such group; empty if someone can meet them all."""
    return next(_contradictions(conditions_), ())


def _contradictions(stated_conditions: Sequence[Condition]) -> Iterator[tuple[Condition, ...]]:
    """Yield groups of conditions that exclude each other. Being qualified or good in a project implies having worked
    there."""
    barred = tuple(condition for condition in stated_conditions if condition.name == NOT_IN)
    for stated in stated_conditions:
        if stated.name in (QUALIFIED, GOOD_IN) and {*stated.values} <= {bar.value for bar in barred}:
            yield (*(bar for bar in barred if bar.value in stated.values), stated)
    countries = tuple(condition for condition in stated_conditions if condition.name in OF_COUNTRIES)
    required = {code for country in countries if country.name == COUNTRY for code in country.values}
    if required and required <= {
        code for country in countries if country.name == NOT_COUNTRY for code in country.values
    }:
        yield countries
    yield from _contradictions_on_one_thing(stated_conditions)


def _contradictions_on_one_thing(conditions_: Sequence[Condition]) -> Iterator[tuple[Condition, ...]]:
    """Yield groups of conditions on one qualification, or on one question about workers, that no value meets."""
    by_thing: dict[str, list[Condition]] = {}
    for stated in conditions_:
        if stated.name == HOLDS or (stated.name == SAYS and "\n" not in stated.value):
            by_thing.setdefault(f"{stated.name} {re.split('[ :]', stated.value)[0]}", []).append(stated)
    for alike in by_thing.values():
        answers = [{*condition.value.partition(":")[2].split("|")} for condition in alike]
        is_possible = (
            bool(set.intersection(*answers))
            if alike[0].name == SAYS
            else can_be_met([parse_requirement(condition.value) for condition in alike])
        )
        if not is_possible:
            yield tuple(alike)


def is_good(seen: int, right: int) -> bool:
    return seen >= GOOD_SEEN and right >= GOOD_SHARE * seen


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """A condition that a button adds, or takes away where it is `on`; `word` is what the button says to us."""

    word: str
    condition: Condition
    on: bool


@dataclass(frozen=True, slots=True)
class AudiencePage(Message):
    """Screen of who is asked in a draft, and of conditions to choose from."""

    number: int
    title: str
    who: tuple[Condition, ...]
    choices: tuple[AudienceChoice, ...]
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
    """Notice that the link invites nobody any more; workers who came by it stay."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Invited(Message):
    """Notice to a person who opened an invitation. `waits`: the project does not run now; `begins`: they may take a
    task at once. `at_work`: the title of another project of which they have a task in hand."""

    project: int
    title: str
    requester: str
    waits: bool
    begins: bool = True
    at_work: str = ""
