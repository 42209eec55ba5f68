"""Act: one person's request, the first argument of every service that people can ask for. Independent of Telegram."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from domain.messages import Message
from domain.moments import Moment
from domain.money.operators import Operator
from domain.money.payouts import Payer
from domain.money.pricing import Terms
from domain.people.messages import Command
from domain.people.people import WORKER, Person
from domain.records import record
from domain.refusals import NotAllowed, Suspended
from services.encryption import Encryption
from storage.database import Database
from storage.unit import UnitOfWork

REFUSED = ("work", "pause")  # everybody has them; to a suspended person they say no, or nothing


@dataclass(frozen=True, slots=True)
class House:
    """What all doors share. `clock` gives the moment of each transaction, `commands` is the chat door's list,
    `api_url` the API's address, empty where it is closed. `approve_first`: a requester's first project waits for an
    admin. `private_destinations`: files may be fetched from inside the house's own network. `encryption` is of what
    must stay readable. `floor_since` is the day of the wage floor's row in its table, None where the operator set the
    floor. `page_origin` is the public https address by which the HTTP door is reached, empty without one.
    `operator`: who runs the house, for authorities. `contributions`: the country whose social contributions are
    withheld (FR), or empty. `vat_rule`: how invoices for fees are drawn (FR or 293B), empty where none are.
    `wise`: countries outside SEPA that are paid through Wise, by their codes; `wise_least`: the smallest sum, in
    millionths. `hub`: the address of the hub of data sets, empty where nothing can be pushed."""

    database: Database
    terms: Terms
    admins: frozenset[int]
    open_requesters: bool
    default_language: str
    clock: Callable[[], Moment]
    payer: Payer = field(default_factory=Payer)
    commands: tuple[Command, ...] = ()
    api_url: str = ""
    approve_first: bool = True
    private_destinations: bool = False
    encryption: Encryption = field(default_factory=Encryption)
    floor_since: date | None = None
    page_origin: str = ""
    operator: Operator = field(default_factory=Operator)
    contributions: str = ""
    vat_rule: str = ""
    wise: tuple[str, ...] = ()
    wise_least: int = 0
    hub: str = ""

    @property
    def pages(self) -> str:
        """The Mini App's address; empty where nobody outside could open it."""
        return f"{self.page_origin}/app" if self.page_origin else ""

    @property
    def origin(self) -> str:
        """The address of the HTTP door; empty where it is shut."""
        return self.api_url.removesuffix("/api/v1")

    def roles(self, person: Person) -> tuple[str, ...]:
        """Of worker, requester and admin those this person has."""
        admin = person.telegram_id in self.admins
        asks = self.may_ask(person) or (person.acts_for is not None and not person.barred)
        return tuple(role for role, has in (("worker", person.is_worker), ("requester", asks), ("admin", admin)) if has)

    def may_ask(self, person: Person) -> bool:
        """Whether this person may open projects of their own; a member of a team acts as a requester, but for it."""
        admin = person.telegram_id in self.admins
        return admin or person.requester or (self.open_requesters and not person.barred)

    def commands_of(self, person: Person) -> tuple[Command, ...]:
        """The commands this person may type; a suspended one has fewer."""
        roles = ("", *self.roles(person))
        typed = tuple(command for command in self.commands if command.role in roles)
        left = (each for each in typed if each.stays and each.name not in REFUSED)
        return tuple(left) if person.suspended else typed


@record
class Act:
    """One request of one person, inside its transaction.

    `message` is the id of the message whose button was pressed, if any. `key` names the request: an effect that is
    keyed by it happens once, however often the request is delivered. `secret`: of the program's pair of keys,
    encrypted. `program`: the number of the key that a program asked with. `member`: who acts where `person` is a team
    (services/people/teams/acting.py); their chat reads the answer.
    """

    unit: UnitOfWork
    person: Person
    house: House
    message: int | None = None
    key: str = ""
    secret: str = ""
    program: int = 0
    member: Person | None = None

    @property
    def chat(self) -> Person:
        """Who reads the answer: `person`, or the member who acts for the team."""
        return self.member or self.person

    @property
    def roles(self) -> tuple[str, ...]:
        return self.house.roles(self.chat)

    def require(self, role: str, stays: bool = False) -> None:
        """Raises NotAllowed for a person without this role, and Suspended for one an admin has stopped, unless this
        `stays` theirs; the empty role admits all."""
        if role and not (self.chat.is_worker if role == WORKER else role in self.roles):
            raise NotAllowed(role=role)
        if role and not stays and (self.person.suspended or self.chat.suspended):
            self.refuse_suspended()

    def refuse_suspended(self) -> None:
        """Raises Suspended where an admin has stopped this person, or the team they act for."""
        stopped = next((each.id for each in (self.chat, self.person) if each.suspended), None)
        stop = self.unit.stops.of_person(stopped) if stopped is not None else None
        if stop is not None:
            asks = self.chat.requester or self.member is not None
            raise Suspended(stop.reason, stop.id, stop.may_be_appealed, self.chat.is_worker, asks)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is shown in a particular place: `edits` a message, or the `live` message of that name.

    `anew` sends the live message afresh; the one before it stays as it is.
    With `erases` the person's message is deleted from the chat: it held a secret, such as an IBAN.
    `message` is None where nothing more is shown. Where it is the next step, `done` is the result of the request
    itself: a message to be shown first, or a result whose toast is shown.
    """

    message: Message | None
    live: str | None = None
    edits: int | None = None
    anew: bool = False
    erases: bool = False
    done: object = None
