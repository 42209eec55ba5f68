"""The ledger's terms: accounts by name, transfers by key. Every movement of money is one of the flows below.

Account names: `external:bank`, `requester:ID:available`, `requester:ID:tests`, `project:ID:budget`,
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
FEES = "platform:fees"  # the sum of the shards; its own account holds fees from before there were any
SHARDS = 16
WITHHELD = "platform:withheld"
JUDGES = "platform:judges"
NAMED_BY_KEY = {"raise:": "raise", "bonus:test:": "test"}  # movements that another kind carries


@record
class Transfer:
    """A positive `amount` from account `debit` to account `credit`; `key` makes it happen once."""

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
    def digest(self) -> str:
        """A digest of a key's request, one line a field; the memo, free text, comes last."""
        project, submission, reverses = self.project, self.submission, self.reverses
        moved = f"{self.kind}\n{self.debit}\n{self.credit}\n{self.amount}\n{self.currency}"
        about = (
            f"{'' if project is None else project}\n{'' if submission is None else submission}"
            f"\n{'' if reverses is None else reverses}\n{self.memo}"
        )
        return sha256(f"{moved}\n{about}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of one account: `amount` is signed; `balance` stands after it; `version` counts from 1."""

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
    """A transfer that was made; `number` is the operation's number for people."""

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
class Head:
    """Up to which transfer the ledger is sealed: how many they are, and the hash that covers them all."""

    position: int
    hash: str


BEFORE_ALL = Head(0, "0" * 64)


def sealed(before: Head, content: str) -> Head:
    """The next hash of the chain: sha256 of the hash before it, a new line, and the covered text."""
    return Head(before.position + 1, sha256(f"{before.hash}\n{content}".encode()).hexdigest())


def movement_of(kind: str, key: str) -> str:
    """What people are told a transfer was: its kind, or what its key says more exactly."""
    return next((name for start, name in NAMED_BY_KEY.items() if key.startswith(start)), kind)


def named(person: Person) -> str:
    """A person's name in accounts: the Telegram id; after erasure an anonymous number."""
    return str(person.telegram_id) if person.telegram_id is not None else f"erased-{person.id}"


def requester_account(person: Person) -> str:
    return f"requester:{named(person)}:available"


def account_of_tests(person: Person) -> str:
    """Set aside for attempts at their paid tests."""
    return f"requester:{named(person)}:tests"


def budget_account(project: ProjectId) -> str:
    return f"project:{project}:budget"


def shard_of(project: ProjectId) -> int:
    """Which of the accounts of fees takes this project's; the same number decides in which process it is at home."""
    return project % SHARDS


def fees_account(project: ProjectId) -> str:
    return f"{FEES}:{shard_of(project):02}"


FEES_ACCOUNTS = (FEES, *(fees_account(ProjectId(number)) for number in range(SHARDS)))


def disputed_account(project: ProjectId) -> str:
    """Pay of rejected answers, held until they are decided."""
    return f"project:{project}:disputed"


def project_of(account: str) -> ProjectId | None:
    """Whose account it is; None where it is no project's."""
    return ProjectId(int(account.split(":")[1])) if account.startswith("project:") else None


def topup_account(project: ProjectId) -> str:
    """The reserve that lifts a project's pay to the wage floor."""
    return f"project:{project}:topup"


def extra_account(project: ProjectId) -> str:
    """What is promised beside its answers: held for redos and for tests."""
    return f"project:{project}:extra"


def pending_account(person: Person) -> str:
    return f"worker:{named(person)}:pending"


def available_account(person: Person) -> str:
    return f"worker:{named(person)}:available"


def payout_account(person: Person) -> str:
    """On its way to the worker's bank."""
    return f"worker:{named(person)}:payout"


def accounts_of_worker(person: Person) -> tuple[str, str]:
    return pending_account(person), available_account(person)


def accounts_of(person: Person) -> tuple[str, ...]:
    """Every account that bears this person's id."""
    return (*accounts_of_worker(person), payout_account(person), requester_account(person), account_of_tests(person))


def forgotten(account: str, person: Person) -> str:
    """The name of an erased person's account."""
    side, _, purpose = account.split(":")
    return f"{side}:erased-{person.id}:{purpose}"


def may_overdraw(account: str) -> bool:
    """The bank is outside the ledger: its balance is minus all that was ever paid in."""
    return account.startswith("external:")


@dataclass(frozen=True, slots=True)
class AccountBalance:
    name: str
    balance: int
    currency: str


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One line of an account: `amount` is signed, `balance` stands after it."""

    operation: int
    kind: str
    amount: int
    balance: int
    at: Moment


@dataclass(frozen=True, slots=True)
class AccountsListed(Message):
    """Some accounts of `total`."""

    accounts: tuple[AccountBalance, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AccountShown(Message):
    """One account and its last entries of `lines`; `others` are the other currencies it has."""

    account: AccountBalance
    others: tuple[str, ...]
    lines: int
    entries: tuple[AccountEntry, ...]


@dataclass(frozen=True, slots=True)
class RuleVerified:
    """How many rows break a rule, and the first of them."""

    rule: int
    count: int
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainHead:
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerVerified(Message):
    """Every rule of the invariants, looked through in `seconds`; where the hash chain stands, and stood yesterday; what
    moved at the bank and nobody has explained."""

    rules: tuple[RuleVerified, ...]
    seconds: int
    head: ChainHead
    yesterday: ChainHead | None
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalReady(Message):
    """The whole ledger as a file for hledger."""


FIRST, LONGEST = MINUTE, 360 * MINUTE  # between two tries; doubled each time


class NotStamped(Exception):
    """Why an answer is no time-stamp of this head."""


def text_of(day: str, head: Head) -> bytes:
    """What is stamped; docs/ledger.md specifies it for independent checks."""
    return f"{day} {head.position} {head.hash}".encode()


def next_try(tries: int, now: Moment) -> Moment:
    return Moment(now + min(LONGEST, FIRST << min(tries, 20)))


def checked(answer: bytes, text: bytes, roots: Sequence[x509.Certificate]) -> tuple[Moment, x509.Certificate]:
    """The authority's moment and the root it stands on. Raises NotStamped."""
    try:
        found = decode_timestamp_response(answer)
        issuers = {x509.load_der_x509_certificate(each).issuer for each in found.signed_data.certificates}
        moment = Moment(int(found.tst_info.gen_time.replace(tzinfo=UTC).timestamp() * 1000))
    except ValueError as error:
        raise NotStamped(f"no answer of a time-stamping authority: {error}") from None
    reason = "its root certificate is not known here: TIMESTAMP_CA names a file with it"
    for root in roots:
        if root.subject in issuers:
            try:
                VerifierBuilder(roots=[root]).build().verify_message(found, text)
            except VerificationError as error:
                reason = str(error)
            else:
                return moment, root
    raise NotStamped(reason)


def fault(day: str, head: Head, answer: str, root: str, stamped_at: Moment) -> str:
    """What is wrong with a stored time-stamp; empty where nothing is."""
    try:
        known = x509.load_der_x509_certificate(base64.b64decode(root, validate=True))
        moment, _ = checked(base64.b64decode(answer, validate=True), text_of(day, head), [known])
    except (NotStamped, binascii.Error, ValueError) as error:
        return f"its time-stamp is not of this head: {error}"
    return "" if moment == stamped_at else "its time-stamp is of another moment"


def packed(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
