"""The script of the demo: an admin, a requester and a crowd act through their simulated phones."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

from simulator.crowd.client import Phone, text_of
from simulator.crowd.crowd import Crowd
from simulator.crowd.ratings import Sentence, amazon_reviews
from simulator.running import Telegram
from simulator.values import Json
from storage.database import one_transaction
from storage.invariants import check
from storage.invariants.invariant import Violation
from storage.unit import UnitOfWork

ADMIN, REQUESTER, VISITOR = 901, 902, 903
PLEASED, DISPLEASED = "😀 yes", "🙁 no"
CLEAR = 2.0  # a mean rating from which a snippet's answer counts as known
CAPTION = f"""/newproject
title: Is the writer pleased?
instructions: Read the snippet of a product review.
Is the writer pleased with the product?
kind: choice
options: {PLEASED}, {DISPLEASED}
pay: 0.05
overlap: 3
purpose: teaching a program to tell praise from complaint"""
PAGE_CAPTION = """/newproject
title: Which words say so?
instructions: Read the snippet of a product review.
Mark the words that praise the product, and those that complain.
kind: spans
options: 👍 praise, 👎 complaint
pay: 0.15
overlap: 1
purpose: teaching a program to tell praise from complaint"""
NOT_THIS_PROJECT = "🚫 Not this project"  # what the crowd presses under tasks of other kinds


@dataclass(slots=True)
class Story:
    """The facts of a run for its summary: phones, the project's number, the files received."""

    admin: Phone
    requester: Phone
    number: int = 0
    results: list[dict[str, str]] = field(default_factory=list)
    submissions: list[dict[str, str]] = field(default_factory=list)
    balances: int = 0
    deposits: int = 0


def caption(number: int) -> str:
    """Of the part with this number."""
    return CAPTION.replace("title: Is the writer pleased?", f"title: Is the writer pleased? Part {number}")


def snippets(tasks: int, gold: int) -> list[tuple[Sentence, bool]]:
    """Real review snippets with a tendency; those with a clear mean come first and are gold. Gold is spread evenly."""
    known, others = _known(), _others()
    return _mixed(spread(others, tasks), spread(known, gold))


def parts(tasks: int, gold: int) -> Iterator[list[tuple[Sentence, bool]]]:
    """Part after part without an end: other snippets each until all were used, then all again in another order."""
    for turn in count():
        known, others = _known(), _others()
        for sentences in (known, others):
            Random(turn).shuffle(sentences)  # noqa: S311 - an order for a demo
        for part in range(min(len(others) // tasks, len(known) // gold)):
            yield _mixed(others[part * tasks :][:tasks], known[part * gold :][:gold])


def _known() -> list[Sentence]:
    return [s for s in amazon_reviews().sentences if abs(s.mean) >= CLEAR and len(s.text.split()) > 3]


def _others() -> list[Sentence]:
    return [s for s in amazon_reviews().sentences if 0.8 <= abs(s.mean) < CLEAR and len(s.text.split()) > 3]


def _mixed(ordinary: list[Sentence], gold: list[Sentence]) -> list[tuple[Sentence, bool]]:
    chosen = [(s, False) for s in ordinary]
    for place, sentence in enumerate(gold):
        chosen.insert(place * (len(ordinary) // max(1, len(gold)) + 1), (sentence, True))
    return chosen


def spread(sentences: list[Sentence], wanted: int) -> list[Sentence]:
    step = max(1, len(sentences) // wanted)
    return sentences[: step * wanted : step]


def answer_of(sentence: Sentence) -> str:
    return PLEASED if sentence.mean > 0 else DISPLEASED


def task_file(chosen: list[tuple[Sentence, bool]], asked: int = 0) -> bytes:
    """The requester's CSV: id, text, gold, reason; `asked` people answer each gold task, by default as many as any."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "text", "gold", "reason", *(["overlap"] if asked else [])])
    for sentence, known in chosen:
        reason = f"twenty people rated it {sentence.mean:+.1f} on average" if known else ""
        overlap = [asked if known else ""] if asked else []
        rows.writerow([sentence.id, sentence.text, answer_of(sentence) if known else "", reason, *overlap])
    return out.getvalue().encode()


def page_file(tasks: int) -> bytes:
    """The requester's CSV for the Mini App: snippets to be marked, none of them gold."""
    return task_file([(sentence, False) for sentence in spread(_others(), tasks)])


async def prepare(telegram: Telegram, euros: int = 100) -> Story:
    """The admin lets the requester in and records a deposit, in euros."""
    admin = await telegram.phone("Ada", id=ADMIN, username="ada", role="admin")
    requester = await telegram.phone("Rosa", id=REQUESTER, username="rosa", role="requester")
    for phone in (admin, requester):
        await phone.say("/start")
        await phone.wait_for("Pouce")
    await admin.say("/role @rosa requester on")
    await requester.wait_for("/newproject")
    told = Story(admin, requester)
    await deposit(told, euros)
    return told


async def deposit(story: Story, euros: int) -> None:
    """The admin records the requester's money, each time with the reference of another bank transfer."""
    story.deposits += 1
    await story.admin.say(f"/deposit @rosa {euros} bank transfer {story.deposits + 6}")
    await story.requester.wait_for(re.compile(f"{euros:,}"))


async def all_in(crowd: Crowd) -> None:
    """Waits until the whole crowd has agreed to the terms."""
    for hand in crowd.hands:
        await hand.phone.wait_for("/pause", 60)


async def launch(story: Story, content: bytes, caption: str = CAPTION) -> None:
    """Upload, pre-flight card, launch; the admin looks at a first project and lets it start."""
    first = not story.number
    await story.requester.upload(content, "reviews.csv", caption)
    card = await story.requester.wait_for_button("🚀 Launch", 30)
    story.number = int(re.findall(r"\d+", text_of(card))[0])
    await story.requester.press("🚀 Launch", on=card)
    if first:
        await story.admin.press("✅ Let it start", await story.admin.wait_for_button("✅ Let it start"))
    await story.requester.wait_for("is running")


async def collect(story: Story) -> None:
    """The requester downloads both files."""
    for command, rows in (("results", story.results), ("submissions", story.submissions)):
        await story.requester.say(f"/{command} {story.number}")
        message = await story.requester.wait_for(partial(is_table, what=command), 60, new=True)
        text = (await story.requester.download(message)).decode("utf-8-sig")
        rows.extend(csv.DictReader(io.StringIO(text)))


async def ask_balances(story: Story, workers: list[Phone]) -> None:
    """The admin asks for each worker's balance in chat; returns the sum of available and pending, in cents."""
    for worker in workers:
        await story.admin.say(f"/balance {worker.id}")
        said = text_of(await story.admin.wait_for("Pending", 30))
        amounts = re.findall(r"(?:Available|Pending): €([\d,.]+)", said)
        story.balances += sum(round(float(amount.replace(",", "")) * 100) for amount in amounts)


def is_table(message: Json, what: str) -> bool:
    """A file of results, or of submissions, and not what comes unasked at the end."""
    return "media_group_id" not in message and str(message.get("document", {}).get("file_name")).startswith(f"{what}-")


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
    accounts = unit.ledger.list_accounts()
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
