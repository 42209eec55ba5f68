"""The script of the demo: an admin, a requester and a crowd act through their simulated phones."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

from simulator.crowd.behaviour import Sentence, amazon_reviews
from simulator.crowd.client import Phone, text_of
from simulator.crowd.crowd import ScriptedCrowd
from simulator.running import Telegram
from simulator.values import Json
from storage.database import one_transaction
from storage.invariants import Violation, find_violations
from storage.unit import UnitOfWork

ADMIN, REQUESTER, VISITOR = 901, 902, 903
PLEASED, DISPLEASED = "😀 yes", "🙁 no"
CLEAR_MEAN = 2.0  # a mean rating from which a snippet's answer counts as known
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
ADD_RESERVE = "▶️ Add it and go on"  # what Rosa presses where answers take longer than a project has money for
LEAVE_PROJECT = ("🚫 Leave this project", "⋯")  # what the crowd presses under tasks of other kinds


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


def part_caption(number: int) -> str:
    """The caption of the part with this number."""
    return CAPTION.replace("title: Is the writer pleased?", f"title: Is the writer pleased? Part {number}")


def choose_snippets(tasks: int, gold: int) -> list[tuple[Sentence, bool]]:
    """Real review snippets with a tendency, each with whether it is gold: those with a clear mean are. Gold is
    spread evenly."""
    clear, unclear = _clear_sentences(), _unclear_sentences()
    return _mix_in_gold(pick_evenly(unclear, tasks), pick_evenly(clear, gold))


def snippet_parts(tasks: int, gold: int) -> Iterator[list[tuple[Sentence, bool]]]:
    """Parts of snippets without an end: other snippets each until all were used, then all again in another order."""
    for turn in count():
        clear, unclear = _clear_sentences(), _unclear_sentences()
        for sentences in (clear, unclear):
            Random(turn).shuffle(sentences)  # noqa: S311 - an order for a demo
        for part in range(min(len(unclear) // tasks, len(clear) // gold)):
            yield _mix_in_gold(unclear[part * tasks :][:tasks], clear[part * gold :][:gold])


def _clear_sentences() -> list[Sentence]:
    return [s for s in amazon_reviews().sentences if abs(s.mean) >= CLEAR_MEAN and len(s.text.split()) > 3]


def _unclear_sentences() -> list[Sentence]:
    return [s for s in amazon_reviews().sentences if 0.8 <= abs(s.mean) < CLEAR_MEAN and len(s.text.split()) > 3]


def _mix_in_gold(ordinary: list[Sentence], gold: list[Sentence]) -> list[tuple[Sentence, bool]]:
    chosen = [(s, False) for s in ordinary]
    for position, sentence in enumerate(gold):
        chosen.insert(position * (len(ordinary) // max(1, len(gold)) + 1), (sentence, True))
    return chosen


def pick_evenly(sentences: list[Sentence], wanted: int) -> list[Sentence]:
    step = max(1, len(sentences) // wanted)
    return sentences[: step * wanted : step]


def answer_of(sentence: Sentence) -> str:
    return PLEASED if sentence.mean > 0 else DISPLEASED


def task_file(chosen: list[tuple[Sentence, bool]], gold_overlap: int = 0) -> bytes:
    """The requester's CSV (id, text, gold, reason); `gold_overlap` people answer each gold task, by default as many
    as any."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "text", "gold", "reason", *(["overlap"] if gold_overlap else [])])
    for sentence, is_gold in chosen:
        reason = f"twenty people rated it {sentence.mean:+.1f} on average" if is_gold else ""
        overlap = [gold_overlap if is_gold else ""] if gold_overlap else []
        rows.writerow([sentence.id, sentence.text, answer_of(sentence) if is_gold else "", reason, *overlap])
    return out.getvalue().encode()


def page_file(tasks: int) -> bytes:
    """The requester's CSV for the Mini App: snippets to be marked, none of them gold."""
    return task_file([(sentence, False) for sentence in pick_evenly(_unclear_sentences(), tasks)])


async def prepare_house(telegram: Telegram, euros: int = 100) -> Story:
    """Let the requester in and record a deposit, in euros; return the story."""
    admin = await telegram.phone("Ada", id=ADMIN, username="ada", role="admin")
    requester = await telegram.phone("Rosa", id=REQUESTER, username="rosa", role="requester")
    for phone in (admin, requester):
        await phone.say("/start")
        await phone.wait_for("Pouce")
    await admin.say("/role @rosa requester on")
    await requester.wait_for("/newproject")
    story = Story(admin, requester)
    await record_deposit(story, euros)
    return story


async def record_deposit(story: Story, euros: int) -> None:
    """Record the requester's money as the admin, each time with the reference of another bank transfer."""
    story.deposits += 1
    await story.admin.say(f"/deposit @rosa {euros} bank transfer {story.deposits + 6}")
    await story.requester.wait_for(re.compile(f"{euros:,}"))


async def wait_for_crowd(crowd: ScriptedCrowd) -> None:
    """Wait until the whole crowd has agreed to the terms."""
    for hand in crowd.hands:
        await hand.phone.wait_for("🎉", 60)


async def launch_project(story: Story, content: bytes, caption: str = CAPTION) -> None:
    """Launch a project: upload, pre-flight card, launch; the admin lets a first project start."""
    is_first = not story.number
    await story.requester.upload(content, "reviews.csv", caption)
    card = await story.requester.wait_for_button("🚀 Launch", 30)
    story.number = int(re.findall(r"\d+", text_of(card))[0])
    await story.requester.press("🚀 Launch", on=card)
    if is_first:
        await story.admin.press("✅ Let it start", await story.admin.wait_for_button("✅ Let it start"))
    await story.requester.wait_for("is running")


async def collect_files(story: Story) -> None:
    """Download both files as the requester."""
    for command, rows in (("results", story.results), ("submissions", story.submissions)):
        await story.requester.say(f"/{command} {story.number}")
        message = await story.requester.wait_for(partial(is_result_file, what=command), 60, new=True)
        text = (await story.requester.download(message)).decode("utf-8-sig")
        rows.extend(csv.DictReader(io.StringIO(text)))


async def ask_balances(story: Story, workers: list[Phone]) -> None:
    """Ask for each worker's balance as the admin; add available and pending, in cents, to the story."""
    for worker in workers:
        await story.admin.say(f"/balance {worker.id}")
        text = text_of(await story.admin.wait_for("Available", 30))
        amounts = re.findall(r"(?:Available|Pending): €([\d,.]+)", text)
        story.balances += sum(round(float(amount.replace(",", "")) * 100) for amount in amounts)


def is_result_file(message: Json, what: str) -> bool:
    """Return whether the message is a file of results, or of submissions, that was asked for, and not one that comes
    unasked at the end."""
    return "media_group_id" not in message and str(message.get("document", {}).get("file_name")).startswith(f"{what}-")


PAY, FEE = 50_000, 5_000  # millionths


@dataclass(slots=True)
class Summary:
    """Figures of a run. Shares are in 0…1; money is in millionths."""

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
    story: Story, chosen: list[tuple[Sentence, bool]], telegram: Telegram, url: str, seconds: float
) -> Summary:
    """Compare the files and chats with the ledger; return the summary with the promises that were broken."""
    with one_transaction(url, now=0, read_only=True) as unit:  # type: ignore[arg-type]
        violations = find_violations(unit)
        paid, total = _sum_balances(unit)
    truth = {sentence.id: answer_of(sentence) for sentence, _ in chosen}
    gold = {sentence.id for sentence, is_gold in chosen if is_gold}
    gold_rows = [row for row in story.submissions if row["gold"]]
    ordinary = [row for row in story.results if row["task"] not in gold]
    summary = Summary(
        tasks=len(story.results),
        submissions=len(story.submissions),
        gold_accuracy=_share_of(row["answer"] == row["gold"] for row in gold_rows),
        accuracy=_share_of(row["consensus"] == truth[row["task"]] for row in ordinary),
        paid=paid,
        ledger_sum=total,
        invariants=len(violations),
        seconds=seconds,
        refused=sum(count for (_, code), count in telegram.stats.counts.items() if code >= 400),
    )
    summary.broken = _broken_promises(story, summary, violations, len(chosen))
    return summary


def _sum_balances(unit: UnitOfWork) -> tuple[int, int]:
    """Return the credits of workers, and the sum of all balances."""
    accounts = unit.ledger.list_accounts()
    return sum(a.balance for a in accounts if a.name.startswith("worker:")), sum(a.balance for a in accounts)


def _broken_promises(story: Story, summary: Summary, violations: list[Violation], tasks: int) -> list[str]:
    promises = (
        (summary.tasks == tasks, f"{tasks} tasks were sent, {summary.tasks} came back"),
        (all(row["state"] == "closed" for row in story.results), "a task was not finished"),
        (
            summary.submissions * PAY == summary.paid,
            f"{summary.submissions} submissions, {summary.paid} millionths paid",
        ),
        (
            story.balances * 10_000 == summary.paid,
            f"the chats say {story.balances} cents, the ledger {summary.paid} millionths",
        ),
        (summary.ledger_sum == 0, f"the ledger sums to {summary.ledger_sum}"),
        (summary.refused == 0, f"Telegram refused {summary.refused} calls"),
        (summary.accuracy >= 0.8, f"the consensus is right in {summary.accuracy:.1%} only"),
    )
    return [text for is_kept, text in promises if not is_kept] + [f"{v.rule} {v.name}: {v.row}" for v in violations]


def _share_of(hits: "object") -> float:
    outcomes = list(hits)  # type: ignore[call-overload]
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
