"""Violations to be planted: each with its statements and the rule that must name it."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.money.ledger import FEES
from storage.unit import UnitOfWork
from tests.house import PAY, House


@dataclass(frozen=True, slots=True)
class Plant:
    """`breaks` does what `says`; `row` is a part of what must be named."""

    says: str
    rule: int
    name: str
    row: str
    breaks: Callable[[UnitOfWork, House], None]
    stripped: tuple[str, ...] = ()
    asleep: bool = False
    with_money: bool = False


def run(*statements: str) -> Callable[[UnitOfWork, House], None]:
    def breaks(unit: UnitOfWork, house: House) -> None:
        for statement in statements:
            assert unit.connection.changed(statement.format(project=house.project, task=house.tasks[0])), statement

    return breaks


def post(key: str, kind: str, amount: int, debit: str, credit: str, submission: str = "NULL") -> Callable[..., None]:
    """A transfer by SQL; account names are patterns, `submission` a subselect."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        names = [name.format(project=house.project) for name in (debit, credit)]
        ids = [
            unit.connection.all("SELECT id FROM accounts WHERE name LIKE :n ORDER BY balance DESC", n=n)[0][0]
            for n in names
        ]
        unit.connection.changed(
            f"""INSERT INTO transfers (id, key, kind, debit, credit, amount, currency, project, submission, made_at)
            SELECT 100000 + max(id), '{key}', '{kind}', {ids[0]}, {ids[1]}, {amount}, 'EUR', {house.project},
            {submission}, 1 FROM transfers"""
        )

    return breaks


BUDGET, PENDING, AVAILABLE = "project:{project}:budget", "worker:%:pending", "worker:%:available"
SUBMISSION = "(SELECT min(id) FROM submissions)"
FEED = "(SELECT min(submission) FROM transfers WHERE kind = 'fee')"
DEPOSIT = "(SELECT id FROM transfers WHERE kind = 'deposit')"


def share_a_purse(unit: UnitOfWork, house: House) -> None:
    """An answer of a worker is handed to an erased person, and moved to a task which that worker answered."""
    one, other = unit.connection.all(
        "SELECT min(s.id), max(s.id) FROM transfers t JOIN submissions s ON s.id = t.submission "
        "WHERE t.kind = 'reward' AND s.held_until IS NULL GROUP BY t.credit HAVING count(*) > 1"
    )[0]
    run(
        "INSERT INTO people (id, language, joined_at) VALUES (999, 'en', 1)",
        f"INSERT INTO enrolments (worker, project, consented_at) VALUES (999, {house.project}, 1)",
        f"UPDATE tasks SET received = received - 1 WHERE id = (SELECT task FROM submissions WHERE id = {other})",
        *(
            f"UPDATE {table} SET worker = 999, task = (SELECT task FROM submissions WHERE id = {one}) WHERE {key}"
            for table, key in (
                ("assignments", f"id = (SELECT assignment FROM submissions WHERE id = {other})"),
                ("submissions", f"id = {other}"),
            )
        ),
        f"UPDATE tasks SET received = received + 1 WHERE id = (SELECT task FROM submissions WHERE id = {one})",
    )(unit, house)


PLANTS = (
    Plant(
        "an answer is said to have had another fee than was promised",
        *(5, "every answer was paid what was promised then", "submission"),
        run("UPDATE submissions SET fee = fee + 1 WHERE id = (SELECT min(id) FROM submissions)"),
    ),
    Plant(
        "an answer is changed an hour after it was given",
        *(8, "an answer changes within its time, and every change is kept", "submission"),
        run(
            "INSERT INTO corrections (submission, number, answer, made_at) "
            "SELECT min(id), 1, 'negative', min(submitted_at) + 3600000 FROM submissions"
        ),
    ),
    Plant(
        "the amount of a deposit is edited",
        *(1, "every transfer has its two entries", "transfer 1"),
        run("UPDATE transfers SET amount = amount + 1 WHERE kind = 'deposit'"),
        asleep=True,
    ),
    Plant(
        "an entry is made without a transfer",
        *(1, "every entry belongs to a transfer", "entry"),
        run(
            "INSERT INTO entries (account, version, transfer, amount, balance) "
            "SELECT id, version + 1, 999999, 5, balance + 5 FROM accounts WHERE name = 'platform:fees'",
            "UPDATE accounts SET balance = balance + 5, version = version + 1 WHERE name = 'platform:fees'",
        ),
        asleep=True,
    ),
    Plant(
        "both entries of a deposit are raised on one side",
        *(1, "every currency sums to zero", "currency EUR"),
        run(
            "UPDATE entries SET amount = amount + 7, balance = balance + 7 WHERE account = 1 AND version = 1",
            "UPDATE accounts SET balance = balance + 7 WHERE id = 1",
        ),
        asleep=True,
    ),
    Plant(
        "a balance is edited",
        *(2, "every balance equals its history", "account platform:fees"),
        run("UPDATE accounts SET balance = balance + 1 WHERE name = 'platform:fees'"),
        asleep=True,
    ),
    Plant(
        "a version is skipped",
        *(2, "every entry carries the running sum", "entry"),
        run(
            "UPDATE entries SET version = version + 5 WHERE account = (SELECT id FROM accounts "
            "WHERE name = 'platform:fees:01') "
            "AND version = (SELECT version FROM accounts WHERE name = 'platform:fees:01')"
        ),
        asleep=True,
    ),
    Plant(
        "more is taken than there is",
        *(3, "no account is below zero", "account platform:fees"),
        post("theft", "theft", 10**9, FEES, "external:bank"),
        stripped=("accounts",),
    ),
    Plant(
        "an account changes its currency",
        *(3, "no transfer mixes currencies", "transfer"),
        run("UPDATE transfers SET currency = 'USD' WHERE kind = 'deposit'"),
        stripped=("transfers",),
        asleep=True,
    ),
    Plant(
        "fees lie on the account of another shard",
        *(3, "every fee is on the account of its project's shard", "transfer"),
        run("UPDATE accounts SET name = 'platform:fees:15' WHERE name = 'platform:fees:01'"),
        asleep=True,
    ),
    Plant(
        "there is an account of fees too many",
        *(3, "every fee is on the account of its project's shard", "account platform:fees:99"),
        run("INSERT INTO accounts (name, currency) VALUES ('platform:fees:99', 'EUR')"),
    ),
    Plant(
        "a budget is returned while it is needed",
        *(4, "every place is funded before it is offered", "project"),
        post("early", "return", 1, BUDGET, "requester:%:available"),
    ),
    Plant(
        "a reward is moved to another submission",
        *(5, "every submission has its reward", "submission"),
        run(f"UPDATE transfers SET key = 'answer:x' WHERE key = 'answer:' || {SUBMISSION}"),
        asleep=True,
    ),
    Plant(
        "a fee is forgotten",
        *(5, "every submission has its fee", "submission"),
        run(f"UPDATE transfers SET key = 'fee:x' WHERE key = 'fee:' || {SUBMISSION}"),
        asleep=True,
    ),
    Plant(
        "a submission is paid again under another key",
        *(5, "no submission is paid twice", "submission"),
        post("answer:again", "reward", PAY, BUDGET, AVAILABLE, SUBMISSION),
        with_money=True,
    ),
    Plant(
        "a deposit is reversed by a transfer of another amount",
        *(5, "every reversal mirrors one transfer", "transfer"),
        run(f"UPDATE transfers SET reverses = {DEPOSIT} WHERE kind = 'launch'"),
        asleep=True,
    ),
    Plant(
        "pending pay is let go while it is held",
        *(6, "held pay is resolved once", "submission"),
        run("UPDATE submissions SET held_until = NULL WHERE held_until IS NOT NULL"),
    ),
    Plant(
        "pending pay is let go twice",
        *(6, "held pay is resolved once", "submission"),
        post("release:again", "release", 1, PENDING, AVAILABLE, FEED),
    ),
    Plant(
        "pending pay goes to somebody else",
        *(6, "pending is what is held", "account worker:"),
        post("away", "bonus", 1, PENDING, AVAILABLE),
    ),
    Plant(
        "a place is invented",
        *(7, "no task has more places than were asked for", "task"),
        run("UPDATE openings SET free = free + 10 WHERE task = (SELECT min(task) FROM openings)"),
        with_money=True,
    ),
    Plant(
        "a place is lost",
        *(7, "no place of an open task is lost", "task"),
        run("DELETE FROM openings WHERE task = (SELECT min(task) FROM openings)"),
    ),
    Plant(
        "an opening leads to a closed task",
        *(7, "every opening leads to an open task", "opening of task"),
        run("UPDATE tasks SET state = 'closed' WHERE id = (SELECT min(task) FROM openings)"),
    ),
    Plant(
        "a project is passed over",
        *(7, "every project with a place has its turn", "project"),
        run("DELETE FROM project_turns"),
    ),
    Plant(
        "a count is lowered",
        *(7, "every task counts its submissions", "task"),
        run("UPDATE tasks SET received = received - 1 WHERE received > 0"),
        with_money=True,
    ),
    Plant(
        "somebody answers a task twice",
        *(7, "one submission per worker and task", "task"),
        run(
            "INSERT INTO submissions SELECT * FROM submissions WHERE id = "
            "(SELECT min(id) FROM submissions WHERE held_until IS NULL)"
        ),
        stripped=("submissions",),
    ),
    Plant(
        "two names share a purse",
        *(7, "no two submissions of a task share a payee", "task"),
        share_a_purse,
        asleep=True,
        with_money=True,
    ),
    Plant(
        "somebody has two tasks in hand",
        *(7, "one live assignment per worker", "worker"),
        run("UPDATE assignments SET worker = (SELECT min(worker) FROM assignments) WHERE state = 'active'"),
        stripped=("assignments",),
    ),
    Plant(
        "an answer is lost",
        *(8, "every answer that was received is stored", "assignment"),
        run(
            "UPDATE assignments SET state = 'submitted' WHERE id = "
            "(SELECT min(id) FROM assignments WHERE state = 'skipped')"
        ),
    ),
)
