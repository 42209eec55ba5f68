"""Messages about personal data: consents to projects, deliveries of answers, and erasure."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId

# The day each text became what it is: tests/handlers/screens/test_terms.py fails when a text changes and this does not.
TERMS_VERSION = "2026-11-27"  # /terms
CARD_VERSION = "2026-12-03"  # what the card before the first answer in a project says of consent


@dataclass(frozen=True, slots=True)
class Consent:
    """One worker's consent to a project: since when, to which version of the card (empty if none was stored then), and
    the number of answers that it covers."""

    project: ProjectId
    title: str
    since: Moment
    version: str
    answers: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something that a requester took out of a project (results, submissions or answers), in this format, last at this
    moment."""

    what: str
    format: str
    at: Moment


@dataclass(frozen=True, slots=True)
class PersonalData(Message):
    """A file with everything stored about this person; `form` is json, or html to be read."""

    person: PersonId
    telegram_id: int | None
    form: str = "json"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A matter that must be settled before a person can be erased, by its name `what`: an `amount` in millionths, or a
    `count`.

    `turn`: number of the payout that sends an amount too small for an ordinary one. `until`: when the matter is
    settled, 0 if unknown."""

    what: str
    amount: int = 0
    currency: str = ""
    count: int = 0
    turn: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class ForgetQuestion(Message):
    """Confirmation of an erasure, or the `open` matters that prevent it; `sure` asks for the second time."""

    open: tuple[OpenMatter, ...]
    sure: bool
    worker: bool


@dataclass(frozen=True, slots=True)
class WaiverQuestion(Message):
    """Confirmation that the worker gives up `amount`; `kept` of it came from requesters who were erased, and goes to
    the fees."""

    amount: int
    currency: str
    kept: int = 0


@dataclass(frozen=True, slots=True)
class PayWaived(Message):
    """Answer after pay was given up; `operation` is the last of the transfers."""

    amount: int
    currency: str
    operation: int


@dataclass(frozen=True, slots=True)
class NothingErased(Message):
    """Answer to a person who cancelled an erasure or a withdrawal."""


@dataclass(frozen=True, slots=True)
class Farewell(Message):
    """Last message before everything about its reader is erased."""


@dataclass(frozen=True, slots=True)
class NotYetErased(Message):
    """Notice that an erasure was stopped because money came after the farewell.

    What was ended for it (teams, jury duties, pushes) stays so."""


@dataclass(frozen=True, slots=True)
class WithdrawQuestion(Message):
    """Confirmation that `answers` answers leave one project's files."""

    number: ProjectId
    title: str
    answers: int


@dataclass(frozen=True, slots=True)
class ConsentList(Message):
    """A page of a person's consents, newest first; `more`: older ones follow."""

    consents: tuple[Consent, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class AnswersTakenBack(Message):
    """Notice to a requester: `worker`, by the pseudonym of the files, withdrew this number of answers.

    `delivered` are the newest of the `all_delivered` files that hold some of them."""

    number: ProjectId
    title: str
    worker: str
    answers: int
    delivered: tuple[Delivery, ...] = ()
    all_delivered: int = 0


@dataclass(frozen=True, slots=True)
class ConsentEnded(Message):
    """Answer to a worker: `answers` answers left a project's files and results.

    `delivered` are the newest of the `all_delivered` files that the requester took before."""

    title: str
    answers: int
    delivered: tuple[Delivery, ...] = ()
    all_delivered: int = 0


@dataclass(frozen=True, slots=True)
class RecordReady(Message):
    """A signed record of work, as pdf or json; both are empty if the period has nothing to show."""

    form: str
    signed: str
