"""Act: one person's request, the first argument of every service that people can ask for. Independent of Telegram."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.messages import Message, record
from domain.moments import Moment
from domain.money.card_payments import CardTerms
from domain.money.operator import Operator
from domain.money.payouts import Payer
from domain.money.pricing import Terms
from domain.people.accounts import WORKER, Person
from domain.people.onboarding import Command
from domain.refusals import NotAllowed, Suspended
from storage.database import Database
from storage.unit import UnitOfWork

MIN_KEY_CHARS = 16  # characters of a key
SECRETS_INFO, KEY_PRINT_INFO = b"pouce secrets 1", b"pouce key print 1"


class Undecipherable(Exception):
    """A text that none of the keys deciphers."""


class Encryption:
    """Encryption of what must stay readable. False without keys: nothing can be encrypted then, and what needs it says
    so."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._keys = tuple(keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def encrypt(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, sealed: str) -> str:
        """Return the secret. Raise Undecipherable if none of the keys deciphers it."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except (InvalidToken, ValueError):
            raise Undecipherable from None

    def reencrypt(self, sealed: str) -> str:
        """Return the secret encrypted with the newest key. Raise Undecipherable."""
        return self.encrypt(self.decrypt(sealed))

    @cached_property
    def key_print(self) -> str:
        """Hash that names the newest key and discloses nothing of it; empty without one."""
        return (
            HKDF(SHA256(), 8, salt=None, info=KEY_PRINT_INFO).derive(self._keys[0].encode()).hex() if self._keys else ""
        )

    @cached_property
    def _fernet(self) -> MultiFernet:
        """Raise ValueError without a key."""
        return MultiFernet([Fernet(_derive_key(key)) for key in self._keys])


def _derive_key(key: str) -> bytes:
    """Return a Fernet key derived by HKDF, for which any long random text is a key."""
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=SECRETS_INFO).derive(key.encode()))


REFUSED_TO_SUSPENDED = ("work", "pause")  # everybody has them; to a suspended person they say no, or nothing


@dataclass(frozen=True, slots=True)
class House:
    """Settings and database that chat, API and pages share. `clock` gives the moment of each transaction, `commands` is
    the chat's list, `api_url` the API's address, empty if it is closed. `approve_first`: a requester's first project
    waits for an admin. `private_destinations`: files may be fetched from inside the operator's own network.
    `encryption` is of what must stay readable. `floor_since` is the day of the wage floor's row in its table, None if
    the operator set the floor. `page_origin` is the public https address by which the web server is reached, empty
    without one. `operator`: who runs the platform, for authorities. `contributions`: the country whose social
    contributions are withheld (FR), or empty. `vat_rule`: how invoices for fees are drawn (FR or 293B), empty if none
    are; `vies_url`: the EU's register of VAT numbers. `wise`: countries outside SEPA that are paid through Wise, by
    their codes; `wise_least`: the smallest sum, in millionths. `hub`: the address of the hub of data sets, empty if
    nothing can be pushed. `cards`: false if no cards are taken."""

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
    vies_url: str = ""
    wise: tuple[str, ...] = ()
    wise_least: int = 0
    hub: str = ""
    cards: CardTerms = field(default_factory=CardTerms)

    @property
    def pages(self) -> str:
        """Address of the Mini App; empty if nobody outside could open it."""
        return f"{self.page_origin}/app" if self.page_origin else ""

    @property
    def origin(self) -> str:
        """Address of the API's server; empty if it is closed."""
        return self.api_url.removesuffix("/api/v1")

    def card_amount(self, missing: int, currency: str) -> int:
        """Return what is to be paid by card where `missing` is needed, 0 if no card can pay it."""
        return self.cards.amount_for(missing) if currency == self.terms.currency else 0

    def roles(self, person: Person) -> tuple[str, ...]:
        """Return which of worker, requester and admin this person is."""
        admin = person.telegram_id in self.admins
        asks = self.may_ask(person) or (person.acts_for is not None and not person.barred)
        return tuple(role for role, has in (("worker", person.is_worker), ("requester", asks), ("admin", admin)) if has)

    def may_ask(self, person: Person) -> bool:
        """Return whether this person may open projects of their own; a member of a team acts as a requester, but for
        the team."""
        admin = person.telegram_id in self.admins
        return admin or person.requester or (self.open_requesters and not person.barred)

    def commands_of(self, person: Person) -> tuple[Command, ...]:
        """Return the commands that this person may type; a suspended person has fewer."""
        roles = ("", *self.roles(person))
        typed = tuple(command for command in self.commands if command.role in roles)
        allowed_commands = (
            allowed_command
            for allowed_command in typed
            if allowed_command.stays and allowed_command.name not in REFUSED_TO_SUSPENDED
        )
        return tuple(allowed_commands) if person.suspended else typed


@record
class Act:
    """One request of one person, inside its transaction.

    `message` is the id of the message whose button was pressed, if any. `key` names the request: an effect that is
    keyed by it happens once, however often the request is delivered. `secret`: of the program's pair of keys,
    encrypted. `program`: the number of the key that a program asked with. `member`: who acts where `person` is a team
    (services/people/team_spending.py); their chat reads the answer.
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
        """The person who reads the answer: `person`, or the member who acts for the team."""
        return self.member or self.person

    @property
    def roles(self) -> tuple[str, ...]:
        return self.house.roles(self.chat)

    def require(self, role: str, stays: bool = False) -> None:
        """Raise NotAllowed for a person without this role, and Suspended for one whom an admin suspended, unless the
        command `stays` theirs; the empty role admits all."""
        if role and not (self.chat.is_worker if role == WORKER else role in self.roles):
            raise NotAllowed(role=role)
        if role and not stays and (self.person.suspended or self.chat.suspended):
            self.refuse_suspended()

    def refuse_suspended(self) -> None:
        """Raise Suspended if an admin suspended this person, or the team they act for."""
        stopped = next((account.id for account in (self.chat, self.person) if account.suspended), None)
        stop = self.unit.stops.find_suspension(stopped) if stopped is not None else None
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


MAX_CHECKED_SECRETS = 5_000  # of each sort that are looked at


def count_undecipherable(unit: UnitOfWork, encryption: Encryption) -> dict[str, int]:
    """Return how many texts no key deciphers, by sort: pairs of API keys and webhooks in use, tax forms with what was
    filed of them."""
    forms = (
        text
        for table in unit.sealed
        for _, text in table.list_under_older_keys(encryption.key_print, table.start, MAX_CHECKED_SECRETS)
    )
    texts_by_sort = {
        "pairs": unit.api_keys.list_sealed(MAX_CHECKED_SECRETS),
        "webhooks": unit.webhooks.list_sealed(MAX_CHECKED_SECRETS),
        "tax_forms": forms,
    }
    return {
        sort: sum(not _is_decipherable(encryption, text) for text in texts) for sort, texts in texts_by_sort.items()
    }


def _is_decipherable(encryption: Encryption, text: str) -> bool:
    try:
        return bool(encryption.decrypt(text))
    except Undecipherable:
        return False
