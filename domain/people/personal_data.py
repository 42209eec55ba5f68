"""Consents: which version of the terms and of a project's card somebody agreed to, and what was delivered since."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId

# The day each text became what it is: tests/handlers/screens/test_terms.py fails when a text changes and this does not.
TERMS = "2026-11-27"  # /terms
CARD = "2026-11-27"  # what the card before the first answer in a project says of consent


@dataclass(frozen=True, slots=True)
class Consent:
    """One worker's consent to a project: since when, to which version of the card (empty: not noted then), and how
    many answers it has."""

    project: ProjectId
    title: str
    since: Moment
    version: str
    answers: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a requester took out of a project: results, submissions or answers, in a format, last at that moment."""

    what: str
    format: str
    at: Moment


@dataclass(frozen=True, slots=True)
class PersonalData(Message):
    """A file with all that is kept about this person; `form` is json, or html to be read."""

    person: PersonId
    telegram_id: int | None
    form: str = "json"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A matter to be settled before a person can be erased, by name: an `amount` in millionths, or a `count` of
    things. `turn`: the payout that brings an amount which is too little otherwise. `until`: when it is settled, as far
    as is known."""

    what: str
    amount: int = 0
    currency: str = ""
    count: int = 0
    turn: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class ForgetQuestion(Message):
    """Shall everything be erased? Not while something is `open`; `sure` asks for the second time."""

    open: tuple[OpenMatter, ...]
    sure: bool
    worker: bool


@dataclass(frozen=True, slots=True)
class WaiverQuestion(Message):
    """Shall all of `amount` be given up? `kept` of it came from requesters who are gone, and goes to the house."""

    amount: int
    currency: str
    kept: int = 0


@dataclass(frozen=True, slots=True)
class PayWaived(Message):
    """It was given up; `operation` is the last of the movements."""

    amount: int
    currency: str
    operation: int


@dataclass(frozen=True, slots=True)
class NothingErased(Message):
    """They thought better of it."""


@dataclass(frozen=True, slots=True)
class Farewell(Message):
    """The last message before everything about its reader is erased."""


@dataclass(frozen=True, slots=True)
class NotYetErased(Message):
    """Their last message was not the last one: money came after it. What was ended then (teams, duties, offers of
    tasks) stays so."""


@dataclass(frozen=True, slots=True)
class WithdrawQuestion(Message):
    """Shall `answers` answers leave one project's files?"""

    number: ProjectId
    title: str
    answers: int


@dataclass(frozen=True, slots=True)
class ConsentList(Message):
    """What this person lets projects use, the newest first; whether there are `more`, given before."""

    consents: tuple[Consent, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class AnswersTakenBack(Message):
    """To a requester: `worker`, by the pseudonym of the files, took so many answers back. `delivered` are the newest of
    the `all_delivered` files that hold some of them."""

    number: ProjectId
    title: str
    worker: str
    answers: int
    delivered: tuple[Delivery, ...] = ()
    all_delivered: int = 0


@dataclass(frozen=True, slots=True)
class ConsentEnded(Message):
    """`answers` answers left a project's files and results; `delivered`: the newest of `all_delivered` files taken
    before."""

    title: str
    answers: int
    delivered: tuple[Delivery, ...] = ()
    all_delivered: int = 0


@dataclass(frozen=True, slots=True)
class RecordReady(Message):
    """A signed record of work, as pdf or json; both empty where there is nothing to show in the period."""

    form: str
    signed: str
