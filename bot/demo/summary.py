"""The summary of a headless demo, with the promises it broke."""

from dataclasses import dataclass, field

from bot.demo import story
from bot.demo.story import Story, answer_of
from simulator.crowd.ratings import Sentence
from simulator.running import Telegram
from storage.database import one_transaction
from storage.invariants import Violation, check
from storage.unit import UnitOfWork

PAY, FEE = 50_000, 5_000  # millionths


@dataclass(slots=True)
class Summary:
    """Shares are in 0…1; money is in millionths."""

    tasks: int
    submissions: int
    gold_accuracy: float
    accuracy: float
    paid: int
    ledger_sum: int
    invariants: int
    seconds: float
    refused: int
    broken: list[str] = field(default_factory=list)

    def text(self) -> str:
        rows = (
            ("tasks", f"{self.tasks}"),
            ("submissions", f"{self.submissions}"),
            ("gold accuracy", f"{self.gold_accuracy:.1%}"),
            ("accuracy of consensus against the raters' mean", f"{self.accuracy:.1%}"),
            ("euros paid", f"{self.paid / 1_000_000:.2f}"),
            ("ledger sum", f"{self.ledger_sum}"),
            ("invariants violated", f"{self.invariants}"),
            ("calls refused by Telegram", f"{self.refused}"),
            ("seconds", f"{self.seconds:.1f}"),
        )
        return "\n".join(f"{name:<48}{value:>10}" for name, value in rows)


def summarise(
    told: Story, chosen: list[tuple[Sentence, bool]], telegram: Telegram, url: str, seconds: float
) -> Summary:
    """Compares the files and chats with the ledger."""
    with one_transaction(url, now=0, read_only=True) as unit:  # type: ignore[arg-type]
        violations = check(unit)
        paid, total = _money(unit)
    truth = {sentence.id: answer_of(sentence) for sentence, _ in chosen}
    gold = {sentence.id for sentence, known in chosen if known}
    on_gold = [row for row in told.submissions if row["gold"]]
    ordinary = [row for row in told.results if row["task"] not in gold]
    summary = Summary(
        tasks=len(told.results),
        submissions=len(told.submissions),
        gold_accuracy=_share(row["answer"] == row["gold"] for row in on_gold),
        accuracy=_share(row["consensus"] == truth[row["task"]] for row in ordinary),
        paid=paid,
        ledger_sum=total,
        invariants=len(violations),
        seconds=seconds,
        refused=sum(count for (_, code), count in telegram.stats.counts.items() if code >= 400),
    )
    summary.broken = _broken(told, summary, violations, len(chosen))
    return summary


def _money(unit: UnitOfWork) -> tuple[int, int]:
    """(credits of workers, sum of all balances)."""
    accounts = unit.ledger.accounts()
    return sum(a.balance for a in accounts if a.name.startswith("worker:")), sum(a.balance for a in accounts)


def _broken(told: Story, summary: Summary, violations: list[Violation], tasks: int) -> list[str]:
    promises = (
        (summary.tasks == tasks, f"{tasks} tasks were sent, {summary.tasks} came back"),
        (all(row["state"] == "closed" for row in told.results), "a task was not finished"),
        (
            summary.submissions * PAY == summary.paid,
            f"{summary.submissions} submissions, {summary.paid} millionths paid",
        ),
        (
            told.balances * 10_000 == summary.paid,
            f"the chats say {told.balances} cents, the ledger {summary.paid} millionths",
        ),
        (summary.ledger_sum == 0, f"the ledger sums to {summary.ledger_sum}"),
        (summary.refused == 0, f"Telegram refused {summary.refused} calls"),
        (summary.accuracy >= 0.8, f"the consensus is right in {summary.accuracy:.1%} only"),
    )
    return [said for kept, said in promises if not kept] + [f"{v.rule} {v.name}: {v.row}" for v in violations]


def _share(hits: "object") -> float:
    found = list(hits)  # type: ignore[call-overload]
    return sum(found) / len(found) if found else 0.0


__all__ = ["Summary", "story", "summarise"]
