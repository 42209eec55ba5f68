"""The sets of real sentences, each rated by twenty people and more: classes, pairs, numbers, a form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from math import sqrt
from pathlib import Path

import pyarrow as pa
from openpyxl import Workbook, load_workbook
from pyarrow import parquet

from benchmarks.shows.people import compared, formed, rated
from benchmarks.shows.sets import Act, Opened, Shown, captioned
from simulator.crowd.behaviour import Sentence, amazon_reviews, read_ratings

GOLD, PLEASED, NOT = 12, "pleased", "not pleased"
FORM_OVERLAP = 3


def sentences(data: Path | None, name: str) -> list[Sentence]:
    """Of the folder's set, else of the one that comes with the simulator; short, and with a tendency."""
    at = data / "vader" / f"{name}.csv" if data else None
    found = read_ratings(at.read_text(encoding="utf-8").splitlines()) if at and at.exists() else amazon_reviews()
    return [s for s in found.sentences if abs(s.mean) >= 0.6 and 4 < len(s.text.split()) < 40]


def pleased(sentence: Sentence) -> str:
    return PLEASED if sentence.mean > 0 else NOT


def share(found: Sequence[tuple[str, str]]) -> float:
    """Of (said, true), what is the same."""
    return sum(said == true for said, true in found) / len(found)


def text(chosen: Sequence[Sentence]) -> Shown:
    numbered = dict(enumerate(chosen))

    def file(ids: Sequence[str]) -> bytes:
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(["id", "text", "gold", "reason"])
        for number, sentence in numbered.items():
            known = number % 5 == 0 and number // 5 < GOLD
            reason = f"{len(sentence.ratings)} people rated it {sentence.mean:+.1f} on average" if known else ""
            rows.writerow([number, f"№ {number} {sentence.text}", pleased(sentence) if known else "", reason])
        return out.getvalue().encode()

    def check(content: bytes, name: str) -> Opened:
        pandas = import_module("pandas")
        table = pandas.read_csv(io.BytesIO(content))
        open_ones = table[table["gold"].isna()] if "gold" in table else table
        said = zip(open_ones["task"], open_ones["consensus"], strict=True)
        found = [(str(answer), pleased(numbered[int(task)])) for task, answer in said]
        whole = len(table) == len(chosen)
        told = "as the raters' mean says, gold apart"
        return Opened(f"pandas {pandas.__version__}", len(table), whole, share(found), told)

    think = rated(numbered, lambda rating: Act(press=PLEASED if rating > 0 else NOT))
    caption = captioned(title="Is the writer pleased?", instructions=["Read the snippet of a review."], kind="choice",
                        options=f"{PLEASED}, {NOT}", pay="0.05", overlap="3",
                        purpose="telling praise from complaint")  # fmt: skip
    return Shown("text", "short texts", "real ratings of real reviews", "reviews.csv", caption, len(chosen), file,
                 think, "csv", check)  # fmt: skip


def comparisons(chosen: Sequence[Sentence]) -> Shown:
    half = len(chosen) // 2
    pairs = dict(enumerate(zip(chosen[:half], chosen[half:], strict=False)))

    def file(ids: Sequence[str]) -> bytes:
        prompt = [f"№ {number} Which writer likes the product more?" for number in pairs]
        columns = {"prompt": prompt, "answer_a": [a.text for a, _ in pairs.values()],
                   "answer_b": [b.text for _, b in pairs.values()]}  # fmt: skip
        out = io.BytesIO()
        parquet.write_table(pa.table(columns), out)
        return out.getvalue()

    def check(content: bytes, name: str) -> Opened:
        datasets = import_module("datasets")
        at = Path(name)
        at.write_bytes(content)
        rows = datasets.load_dataset("json", data_files=str(at), split="train", cache_dir=str(at.parent / "cache"))
        means = {s.text: s.mean for pair in pairs.values() for s in pair}
        right = sum(means[_last(row["chosen"])] > means[_last(row["rejected"])] for row in rows)
        whole = 0 < len(rows) <= len(pairs) and all(
            {_last(r["chosen"]), _last(r["rejected"])} <= means.keys() for r in rows
        )
        told = "the side with the higher mean, ties left out"
        return Opened(f"datasets {datasets.__version__}", len(rows), whole, right / len(rows), told)

    think = compared(pairs)
    caption = captioned(title="Who likes it more?", instructions=["Read both reviews."], kind="preference",
                        compare="ties", pay="0.08", overlap="3")  # fmt: skip
    return Shown("comparisons", "pairs of texts", "real ratings of real reviews", "pairs.parquet", caption, len(pairs),
                 file, think, "dpo", check)  # fmt: skip


def _last(turn: str | list[dict[str, str]]) -> str:
    return turn if isinstance(turn, str) else turn[-1]["content"]


def numbers(chosen: Sequence[Sentence]) -> Shown:
    numbered = dict(enumerate(chosen))

    def file(ids: Sequence[str]) -> bytes:
        book = Workbook()
        sheet = book.active
        sheet.append(["id", "text"])
        for number, sentence in numbered.items():
            sheet.append([f"t{number}", f"№ {number} {sentence.text}"])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def check(content: bytes, name: str) -> Opened:
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        at = {key: place for place, key in enumerate(rows[0])}
        off = [float(row[at["consensus"]]) - numbered[int(str(row[at["task"]])[1:])].mean for row in rows[1:]]
        error = sqrt(sum(each * each for each in off) / len(off))
        told = f"{error:.2f} off the raters' mean of −4 to 4"
        return Opened(f"openpyxl {version('openpyxl')}", len(off), len(off) == len(chosen), None, told)

    think = rated(numbered, lambda rating: Act(say=str(rating)))
    caption = captioned(title="How glad is the writer?", kind="number", pay="0.06", overlap="5", seconds="12",
                        instructions=["Read it.", "A number from -4 (very unhappy) to 4 (very happy)."])  # fmt: skip
    return Shown("numbers", "a number each", "real ratings of real tweets", "tweets.xlsx", caption, len(chosen), file,
                 think, "xlsx", check)  # fmt: skip


def form(chosen: Sequence[Sentence]) -> Shown:
    numbered = dict(enumerate(chosen))

    def file(ids: Sequence[str]) -> bytes:
        return json.dumps([{"id": n, "data": {"text": f"№ {n} {s.text}"}} for n, s in numbered.items()]).encode()

    def check(content: bytes, name: str) -> Opened:
        pandas, aggregation = import_module("pandas"), import_module("crowdkit.aggregation")
        given = pandas.read_csv(io.BytesIO(content))
        first = given[given["question"] == "q1"]
        labels = aggregation.DawidSkene(n_iter=20).fit_predict(first[["task", "worker", "label"]])
        found = [(str(label), pleased(numbered[int(task)])) for task, label in labels.items()]
        tool = f"crowd-kit {version('crowd-kit')}"
        whole = len(first) == FORM_OVERLAP * len(chosen) and set(given["question"]) == {"q1", "q2", "q3"}
        return Opened(tool, len(given), whole, share(found), "its Dawid–Skene of question 1, as the raters' mean says")

    think = formed(numbered)
    questions = [f"choice | Is the writer pleased? | {PLEASED}, {NOT}", "rating | How strong is the feeling?",
                 f"text | Which word says so? | if q1 = {PLEASED}"]  # fmt: skip
    caption = captioned(title="What does the writer feel?", instructions=["Read the review."], question=questions,
                        pay="0.15", overlap=str(FORM_OVERLAP))  # fmt: skip
    return Shown("form", "three questions", "real ratings of real reviews", "label-studio.json", caption, len(chosen),
                 file, think, "SUBMISSIONS crowdkit", check)  # fmt: skip
