"""The ledger's terms: accounts by name, transfers by key. Every movement of money is one of the flows below.

Account names: `external:bank`, `external:cards`, `external:card-fees`, `requester:ID:available`,
`requester:ID:tests`, `project:ID:budget`,
`project:ID:disputed`, `project:ID:topup`, `project:ID:extra`, `worker:ID:pending`, `worker:ID:available`,
`worker:ID:payout`, `platform:fees`, `platform:withheld`, `platform:judges`. ID is a Telegram id for people, the number
for projects.

Fees lie on SHARDS accounts, `platform:fees:00` and so on, each for some projects, so that answers in different projects
do not wait for one account. They are shown and verified as one, `platform:fees`.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from domain.messages import Message, record
from domain.moments import MINUTE, Moment
from domain.money.amounts import Millionths
from domain.money.bank_statements import Unexplained
from domain.people.accounts import Person
from domain.projects.projects import ProjectId
from domain.work.assignments import SubmissionId

BANK = "external:bank"
CARDS = "external:cards"  # minus the money that lies at the provider of card payments
CARD_FEES = "external:card-fees"  # minus what the provider has kept: the operator bears it
FEES = "platform:fees"  # the sum of the shards; its own account holds fees from before there were any
SHARDS = 16
WITHHELD = "platform:withheld"
JUDGES = "platform:judges"
MOVEMENTS_BY_KEY_PREFIX = {"raise:": "raise", "bonus:test:": "test"}  # movements that another kind carries


@record
class Transfer:
    """Transfer of a positive `amount` from account `debit` to account `credit`; `key` makes it happen once."""

    key: str
    kind: str
    debit: str
    credit: str
    amount: Millionths
    currency: str
    project: ProjectId | None = None
    submission: SubmissionId | None = None
    reverses: int | None = None
    memo: str = ""

    @property
    def digest_of_request(self) -> str:
        """Digest of all fields but the key, one a line; the memo, free text, comes last. Two requests under one key
        must agree in it."""
        project, submission, reverses = self.project, self.submission, self.reverses
        movement = f"{self.kind}\n{self.debit}\n{self.credit}\n{self.amount}\n{self.currency}"
        references = (
            f"{'' if project is None else project}\n{'' if submission is None else submission}"
            f"\n{'' if reverses is None else reverses}\n{self.memo}"
        )
        return sha256(f"{movement}\n{references}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an account: `amount` is signed; `balance` is the balance after it; `version` counts from 1."""

    transfer: int
    account: str
    amount: int
    balance: int
    version: int
    kind: str = ""
    key: str = ""
    made_at: Moment = field(default=Moment(0))
    memo: str = ""
    currency: str = ""
    project: int | None = None

    @property
    def movement(self) -> str:
        return movement_of(self.kind, self.key)


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    currency: str
    balance: int
    version: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A transfer that was booked; `number` is the operation's number for people."""

    number: int
    key: str
    kind: str
    debit: str
    credit: str
    amount: int
    currency: str
    made_at: Moment
    memo: str


@dataclass(frozen=True, slots=True)
class SealedHead:
    """Position up to which the ledger is sealed: number of sealed transfers, and the hash that covers them all."""

    position: int
    hash: str


EMPTY_HEAD = SealedHead(0, "0" * 64)


def seal_next(before: SealedHead, content: str) -> SealedHead:
    """Return the next head of the chain: sha256 of the hash before, a new line, and the covered text."""
    return SealedHead(before.position + 1, sha256(f"{before.hash}\n{content}".encode()).hexdigest())


def movement_of(kind: str, key: str) -> str:
    """Return the name under which people are shown a transfer: its kind, or what its key says more exactly."""
    return next((name for start, name in MOVEMENTS_BY_KEY_PREFIX.items() if key.startswith(start)), kind)


def account_owner(person: Person) -> str:
    """Return a person's name in accounts: the Telegram id; after erasure an anonymous number."""
    return str(person.telegram_id) if person.telegram_id is not None else f"erased-{person.id}"


def requester_account(person: Person) -> str:
    return f"requester:{account_owner(person)}:available"


def paid_tests_account(person: Person) -> str:
    """Account of money set aside for attempts at a requester's paid tests."""
    return f"requester:{account_owner(person)}:tests"


def budget_account(project: ProjectId) -> str:
    return f"project:{project}:budget"


def shard_of(project: ProjectId) -> int:
    """Return which account of fees takes this project's fees; the same number decides which process serves
    the project."""
    return project % SHARDS


def fees_account(project: ProjectId) -> str:
    return f"{FEES}:{shard_of(project):02}"


FEES_ACCOUNTS = (FEES, *(fees_account(ProjectId(number)) for number in range(SHARDS)))


def disputed_account(project: ProjectId) -> str:
    """Account of the pay of rejected answers, held until they are decided."""
    return f"project:{project}:disputed"


def project_of_account(account: str) -> ProjectId | None:
    """Return the project that an account belongs to, or None for another account."""
    return ProjectId(int(account.split(":")[1])) if account.startswith("project:") else None


def topup_account(project: ProjectId) -> str:
    """Account of the reserve that lifts a project's pay to the wage floor."""
    return f"project:{project}:topup"


def extra_account(project: ProjectId) -> str:
    """Account of money held for redone answers and tests, beside the project's budget."""
    return f"project:{project}:extra"


def pending_account(person: Person) -> str:
    return f"worker:{account_owner(person)}:pending"


def available_account(person: Person) -> str:
    return f"worker:{account_owner(person)}:available"


def payout_account(person: Person) -> str:
    """Account of money on its way to the worker's bank."""
    return f"worker:{account_owner(person)}:payout"


def accounts_of_worker(person: Person) -> tuple[str, str]:
    return pending_account(person), available_account(person)


def accounts_of(person: Person) -> tuple[str, ...]:
    """Return every account that bears this person's id."""
    return (*accounts_of_worker(person), payout_account(person), requester_account(person), paid_tests_account(person))


def erased_account_name(account: str, person: Person) -> str:
    """Return the name of an account after its owner was erased."""
    side, _, purpose = account.split(":")
    return f"{side}:erased-{person.id}:{purpose}"


def may_overdraw(account: str) -> bool:
    """Return whether an account may be negative: what lies outside the ledger is minus all that was ever paid in."""
    return account.startswith("external:")


@dataclass(frozen=True, slots=True)
class AccountBalance:
    name: str
    balance: int
    currency: str


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One entry of an account, as shown: `amount` is signed, `balance` is the balance after it."""

    operation: int
    kind: str
    amount: int
    balance: int
    at: Moment


@dataclass(frozen=True, slots=True)
class AccountsListed(Message):
    """Message to an admin: some accounts of `total`."""

    accounts: tuple[AccountBalance, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AccountShown(Message):
    """Message to an admin: one account and its last entries of `lines`; `others` are the account's other currencies."""

    account: AccountBalance
    others: tuple[str, ...]
    lines: int
    entries: tuple[AccountEntry, ...]


@dataclass(frozen=True, slots=True)
class RuleVerified:
    """Result for one rule: number of rows that break it, and the first of them."""

    rule: int
    count: int
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainHead:
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerVerified(Message):
    """Message to an admin: result of verifying every rule in `seconds`; `head` of the hash chain now and
    `yesterday`; bank movements that are not explained yet."""

    rules: tuple[RuleVerified, ...]
    seconds: int
    head: ChainHead
    yesterday: ChainHead | None
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalReady(Message):
    """Message to an admin: the whole ledger as a file for hledger."""


FIRST_RETRY_DELAY, MAX_RETRY_DELAY = MINUTE, 360 * MINUTE  # between two tries; doubled each time


class NotStamped(Exception):
    """Reason why an answer is no valid time-stamp of a head."""


def timestamped_text(day: str, head: SealedHead) -> bytes:
    """Return the text that is time-stamped; docs/reference/ledger-chain.md specifies it for independent checks."""
    return f"{day} {head.position} {head.hash}".encode()


def next_retry_at(tries: int, now: Moment) -> Moment:
    """Return when to ask the time-stamping authority again: the delay doubles with each try, up to MAX_RETRY_DELAY."""
    return Moment(now + min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY << min(tries, 20)))


def verify_timestamp(answer: bytes, text: bytes, roots: Sequence[x509.Certificate]) -> tuple[Moment, x509.Certificate]:
    """Return the moment of a time-stamp of `text` and the root certificate it relies on.
    Raise NotStamped if the answer is none, is of another text, or relies on none of `roots`."""
    try:
        timestamp = decode_timestamp_response(answer)
        issuers = {
            x509.load_der_x509_certificate(certificate).issuer for certificate in timestamp.signed_data.certificates
        }
        moment = Moment(int(timestamp.tst_info.gen_time.replace(tzinfo=UTC).timestamp() * 1000))
    except ValueError as error:
        raise NotStamped(f"no answer of a time-stamping authority: {error}") from None
    reason = "its root certificate is not known here: TIMESTAMP_CA names a file with it"
    for root in roots:
        if root.subject in issuers:
            try:
                VerifierBuilder(roots=[root]).build().verify_message(timestamp, text)
            except VerificationError as error:
                reason = str(error)
            else:
                return moment, root
    raise NotStamped(reason)


def find_timestamp_fault(day: str, head: SealedHead, answer: str, root: str, stamped_at: Moment) -> str:
    """Return what is wrong with a stored time-stamp, or an empty text."""
    try:
        root_certificate = x509.load_der_x509_certificate(base64.b64decode(root, validate=True))
        moment, _ = verify_timestamp(
            base64.b64decode(answer, validate=True), timestamped_text(day, head), [root_certificate]
        )
    except (NotStamped, binascii.Error, ValueError) as error:
        return f"its time-stamp is not of this head: {error}"
    return "" if moment == stamped_at else "its time-stamp is of another moment"


def encode_certificate(certificate: x509.Certificate) -> str:
    """Return a certificate as base64 text of its DER form."""
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
