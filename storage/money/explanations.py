"""Operations: a transfer by its number, the answer it is about, and all transfers about that answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.moments import Moment
from domain.money.ledger import JUDGES, MOVEMENTS_BY_KEY_PREFIX
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import SubmissionId
from storage.drivers.connection import Connection
from storage.drivers.records import single_values
from storage.work.consents import TAKEN_BACK

# What people are told a transfer was (domain/money/ledger.py, `movement_of`).
_KEY_CASES = " ".join(f"WHEN t.key LIKE '{start}%' THEN '{name}'" for start, name in MOVEMENTS_BY_KEY_PREFIX.items())
MOVEMENT = f"CASE {_KEY_CASES} ELSE t.kind END"
SELECT_OPERATIONS = """
SELECT t.id, t.kind, d.name, c.name, t.amount, t.currency, t.project, t.submission, t.memo, t.made_at, t.key
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit"""
SELECT_OPERATION = f"{SELECT_OPERATIONS} WHERE t.id = :id"
# All transfers of one answer's money, without judges' pay.
SELECT_OPERATIONS_OF_SUBMISSION = (
    f"{SELECT_OPERATIONS} WHERE t.submission = :submission AND '{JUDGES}' NOT IN (d.name, c.name) ORDER BY t.id"
)
# The other answers to the same task.
COUNT_OTHER_ANSWERS = f"""
SELECT s.answer, count(*) FROM submissions s
WHERE s.task = :task AND s.id <> :submission AND s.state <> 'rejected' AND NOT {TAKEN_BACK}
GROUP BY s.answer ORDER BY count(*) DESC, s.answer LIMIT 6"""
# What came to a worker's account before a version, the latest first: (requester's account, project, amount, version);
# what was given up again is below zero, with whom it went to. What a payout brought back is not counted twice. The
# account is NULL where its owner was erased.
SELECT_PAYERS_PAGE = """
SELECT CASE WHEN t.project IS NOT NULL THEN 'requester:' || r.telegram_id || ':available'
    WHEN o.name LIKE 'requester:%' AND o.name NOT LIKE 'requester:erased-%' THEN o.name END,
  t.project, e.amount, e.version
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
JOIN accounts o ON o.id = CASE WHEN e.amount > 0 THEN t.debit ELSE t.credit END
LEFT JOIN projects p ON p.id = t.project LEFT JOIN people r ON r.id = p.requester
WHERE a.name = :account AND a.currency = :currency AND e.version < :before
  AND (t.kind = 'waived' OR (e.amount > 0 AND t.kind NOT IN ('unpaid', 'unwithhold')))
ORDER BY e.version DESC LIMIT :limit"""
PAYERS_PER_PAGE = 500
SELECT_WORKERS_OF_REQUESTER = """
SELECT e.worker FROM enrolments e JOIN projects p ON p.id = e.project
WHERE p.requester = :requester AND e.answered > 0 GROUP BY e.worker ORDER BY e.worker"""


@dataclass(frozen=True, slots=True)
class LedgerOperation:
    """A transfer with its accounts' names (`debit`, `credit`) and, if any, its project and submission."""

    id: int
    kind: str
    debit: str
    credit: str
    amount: int
    currency: str
    project: ProjectId | None
    submission: SubmissionId | None
    memo: str
    made_at: Moment
    key: str


class Operations:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, number: int) -> LedgerOperation | None:
        row = self._db.one(SELECT_OPERATION, id=number)
        return LedgerOperation(*row) if row else None

    def list_for_submission(self, submission: SubmissionId) -> list[LedgerOperation]:
        """Return all transfers of this answer's money, without judges' pay, oldest first."""
        return [LedgerOperation(*row) for row in self._db.all(SELECT_OPERATIONS_OF_SUBMISSION, submission=submission)]

    def count_other_answers(self, task: TaskId, submission: SubmissionId) -> list[tuple[str | None, int]]:
        """Return (answer, count) of the other accepted answers to the task, the most frequent first; None is “can't
        tell”."""
        return [(row[0], int(row[1])) for row in self._db.all(COUNT_OTHER_ANSWERS, task=task, submission=submission)]

    def iterate_payers(self, account: str, currency: str) -> Iterator[tuple[str | None, ProjectId | None, int]]:
        """Yield (requester's account, project, amount) of what came to a worker's account, the latest first; a negative
        amount was given back to that requester. The account is None if its owner was erased."""
        version = 2**62
        while rows := self._db.all(
            SELECT_PAYERS_PAGE, account=account, currency=currency, before=version, limit=PAYERS_PER_PAGE
        ):
            yield from ((payer, project, int(amount)) for payer, project, amount, _ in rows)
            version = rows[-1][3]

    def list_workers_of(self, requester: PersonId) -> list[PersonId]:
        return single_values(self._db.all(SELECT_WORKERS_OF_REQUESTER, requester=requester))
