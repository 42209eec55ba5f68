"""The ledger's terms: accounts by name, transfers by key. Every movement of money is one of the flows below.

Account names: `external:bank`, `requester:ID:available`, `requester:ID:tests`, `project:ID:budget`,
`project:ID:disputed`, `project:ID:topup`, `project:ID:extra`, `worker:ID:pending`, `worker:ID:available`,
`worker:ID:payout`, `platform:fees`, `platform:withheld`, `platform:judges`. ID is a Telegram id for people, the number
for projects.

Fees lie on SHARDS accounts, `platform:fees:00` and so on, each for some projects, so that answers in different projects
do not wait for one account. They are shown and verified as one, `platform:fees`.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import Person
from domain.projects.projects import ProjectId
from domain.records import record
from domain.work.submissions import SubmissionId

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
