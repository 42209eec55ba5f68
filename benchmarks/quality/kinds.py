"""python -m benchmarks kinds [--data DIR] [--seeds N] [--only KIND …] [--write]: kinds without classes.

Each kind is measured on a made-up crowd, ratings also on real ones (VADER: 20 ratings of each snippet, whose raters
have no names: made-up workers answer with a real rating each, moved by a habit of their own). Three workers in ten are
careless. Errors are paired over seeds: ours less the plain method.

Decided before they were run (20 seeds, 95 % intervals of the change's error less the error without it):
1. Habits: each worker's shrunk habit (the robust mean of signed residuals, in tolerances) is taken off their numbers.
   Kept if below 0 on both made-up sets with habits, and above 0 on no set without them.
2. Choices: every option of every task is a task of two classes of the one model, so that each worker misses and wrongly
   names with rates of their own; (a) so alone, (b) whole sets of options that are usual in the project are likelier.
   Kept if below 0 on one set and above 0 on none.
3. Compare: what other comparisons tell may weigh up to six times (twice before). Kept if below 0 where things have
   strengths, and not above 0 where they have none.
Came out: 1 kept: numbers −.017 [−.021, −.012], ratings −.087 [−.106, −.067], VADER's −.171 [−.193, −.149]; without
habits +.000, +.003 [−.000, +.006], −.002 [−.004, +.001]. 2 kept: −.049 [−.065, −.034], themes −.232 [−.258, −.207] ((a)
alone −.053 and −.140). 3 not kept: −.0018 [−.0035, +.0000].
Later, on seeds that had not been looked at:
4. Text: sentences are always voted on word by word, not only where no whole text is likelier than not; the texts are
   laid along all before them (ROVER's network), not along the middle one. Each kept if below 0 (20 seeds). Both kept:
   against crowd-kit's ROVER −.0002 [−.0009, +.0006] with the first (+.004 before), −.0014 [−.0022, −.0006] with both.
5. Compare: workers are judged by the strengths, too. Kept if below 0 where things have strengths, and not above 0 where
   they have none (16 seeds). Kept: −.0084 [−.0162, −.0006], without strengths +.0003 [−.0011, +.0017]. Against
   crowd-kit's NoisyBradleyTerry on 16 further seeds −.007 [−.023, +.010] (+.005 before, on others).
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tables import WRITE, keep
from domain.answers import find_measured_kind
from domain.quality.aggregation import Agreement
from domain.quality.crowd import WorkerAnswer
from domain.quality.figures import consensus_of_tasks
from domain.quality.learners import AnswerSpec, get_learner

TITLE = "Answer kinds without classes"
TASKS, ANSWERS, WORKERS, GOLD = 200, 5, 20, 0
CARELESS = 0.3

Answers = dict[int, str]


@dataclass(frozen=True)
class Set:
    """What was said and what is true; `off(answer, truth)` is the error of one answer, the less the better."""

    kind: str
    options: tuple[str, ...]
    said: list[WorkerAnswer]
    truth: Mapping[int, Any]
    off: Callable[[str, Any], float]
    things: Mapping[int, Sequence[str]]


def believed(of: Set) -> dict[int, Agreement]:
    asked = AnswerSpec(of.kind, of.options, of.things)
    return consensus_of_tasks(asked, of.said, get_learner(of.kind).learn(asked, of.said, {}), list(of.truth))


def ours(of: Set) -> Answers:
    return {task: each.answer or "" for task, each in believed(of).items()}


def by_task(said: Sequence[WorkerAnswer]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for each in said:
        found[each.task].append(each.answer)
    return found


def each_task(rule: Callable[[list[str]], str]) -> Callable[[Set], Answers]:
    return lambda of: {task: rule(answers) for task, answers in by_task(of.said).items()}


def most(answers: list[str]) -> str:
    return min(Counter(answers).items(), key=lambda one: (-one[1], one[0]))[0]


def seats(rng: Any) -> list[tuple[int, int]]:
    """Which workers answer which task."""
    return [(task, int(w)) for task in range(TASKS) for w in rng.choice(WORKERS, ANSWERS, replace=False)]


def careless(rng: Any) -> Any:
    return rng.random(WORKERS) < CARELESS


def numbers(rng: Any, bias: float) -> Set:
    """Counts between 50 and 2,000: everybody is off by a habit and by chance, the careless three times as much; one
    answer in 30 is anything."""
    truth = np.exp(rng.uniform(np.log(50), np.log(2000), TASKS))
    habit, spread = (
        rng.normal(0, bias, WORKERS),
        np.where(careless(rng), 0.15, 0.05) * np.exp(rng.normal(0, 0.3, WORKERS)),
    )
    said = []
    for task, w in seats(rng):
        value = truth[task] * np.exp(habit[w] + rng.normal(0, spread[w]))
        said.append(WorkerAnswer(task, w, str(round(value if rng.random() > 1 / 30 else truth[rng.integers(TASKS)]))))
    return Set("number", (), said, dict(enumerate(truth)), lambda a, t: abs(float(a) / t - 1), {})


STEPS = tuple(str(n) for n in range(1, 10))


def ratings(rng: Any, bias: float, real: list[list[int]] | None) -> Set:
    """Nine steps. Careless workers rate another thing than the one they see."""
    if real is None:
        mean = rng.normal(5, 2, TASKS).clip(1, 9)
        pool = [(mean[task] + rng.normal(0, 1.2, 20)).tolist() for task in range(TASKS)]
    else:
        pool = [[each + 5 for each in real[at]] for at in rng.choice(len(real), TASKS, replace=False)]
    habit, bad = rng.normal(0, bias, WORKERS), careless(rng)
    said = []
    for task, w in seats(rng):
        seen = int(rng.integers(TASKS)) if bad[w] and rng.random() < 0.6 else task
        value = pool[seen][int(rng.integers(len(pool[seen])))] + habit[w]
        said.append(WorkerAnswer(task, w, str(int(np.clip(round(value), 1, 9)))))
    truth = {task: float(np.mean(values)) for task, values in enumerate(pool)}
    return Set("rating", STEPS, said, truth, lambda a, t: abs(float(a) - t), {})


LABELS = tuple("abcdefgh")


def several(rng: Any, dependent: bool) -> Set:
    """Eight labels; `dependent`: they come in four themes of which a task has one or two, else each by itself."""
    themes = [set(rng.choice(8, 3, replace=False).tolist()) for _ in range(4)]
    truth = []
    for _ in range(TASKS):
        if dependent:
            chosen = set().union(*(themes[i] for i in rng.choice(4, rng.integers(1, 3), replace=False)))
        else:
            chosen = set(np.flatnonzero(rng.random(8) < 0.35).tolist()) or {0}
        truth.append(chosen)
    miss, false = rng.beta(3, 12, WORKERS), rng.beta(1, 20, WORKERS)
    bad = careless(rng)
    miss[bad], false[bad] = 0.45, 0.25
    said = []
    for task, w in seats(rng):
        named = [i for i in range(8) if (rng.random() > miss[w] if i in truth[task] else rng.random() < false[w])]
        said.append(WorkerAnswer(task, w, "|".join(LABELS[i] for i in named or [int(rng.integers(8))])))
    known = {task: frozenset(LABELS[i] for i in chosen) for task, chosen in enumerate(truth)}
    return Set("choices", LABELS, said, known, lambda a, t: float(len(t.symmetric_difference(a.split("|"))) > 0), {})


WORDS = [f"{a}{b}" for a in ("ba", "ke", "li", "mo", "nu", "ra", "so", "ti") for b in ("n", "r", "st", "l", "nd", "m")]


def texts(rng: Any) -> Set:
    """Sentences of 6 to 12 words, each misheard, left out or doubled; the same mishearing is likelier than another."""
    truth = [[str(w) for w in rng.choice(WORDS, rng.integers(6, 13))] for _ in range(TASKS)]
    wrong = np.where(careless(rng), 0.3, 0.08) * np.exp(rng.normal(0, 0.3, WORKERS))
    said = []
    for task, w in seats(rng):
        heard: list[str] = []
        for word in truth[task]:
            if rng.random() >= wrong[w]:
                heard.append(word)
            elif rng.random() < 0.5:
                heard.append(
                    WORDS[(WORDS.index(word) + 1) % len(WORDS)] if rng.random() < 0.4 else str(rng.choice(WORDS))
                )
            elif rng.random() < 0.5:
                heard += [word, str(rng.choice(WORDS))]
        said.append(WorkerAnswer(task, w, " ".join(heard or [str(rng.choice(WORDS))])))
    known = {task: " ".join(words) for task, words in enumerate(truth)}
    return Set("text", (), said, known, word_errors, {})


def word_errors(answer: str, truth: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(answer.split(), truth.split()) / len(truth.split())


THINGS = tuple("abcde")


def ranks(rng: Any) -> Set:
    """Five things by strength; careless workers see little of it."""
    strength, bad = rng.normal(0, 1.2, (TASKS, 5)), careless(rng)
    said = []
    for task, w in seats(rng):
        seen = strength[task] * (0.15 if bad[w] else 1.6) + rng.gumbel(size=5)
        said.append(WorkerAnswer(task, w, ">".join(THINGS[i] for i in np.argsort(-seen))))
    truth = {task: [THINGS[i] for i in np.argsort(-row)] for task, row in enumerate(strength)}
    return Set("rank", THINGS, said, truth, swapped, {})


def swapped(answer: str, truth: list[str]) -> float:
    """Share of pairs in the wrong order."""
    place = {name: at for at, name in enumerate(answer.split(">"))}
    return float(np.mean([place[one] > place[other] for one, other in combinations(truth, 2)]))


def extremes(rng: Any) -> Set:
    made = ranks(rng)
    said = [WorkerAnswer(e.task, e.worker, ">".join(e.answer.split(">")[:: len(THINGS) - 1])) for e in made.said]
    off = lambda a, t: float(a != f"{t[0]}>{t[-1]}")  # noqa: E731
    return Set("best_worst", THINGS, said, made.truth, off, {})


SIDES = ("left", "right")


def pairs(rng: Any, shared: bool) -> Set:
    """Comparisons of 40 things that meet again; `shared`: by one strength of each, else every pair by itself."""
    strength, bad = rng.normal(0, 1.5, 40), careless(rng)
    sides = [rng.choice(40, 2, replace=False) for _ in range(TASKS)]
    leads = [strength[a] - strength[b] if shared else rng.normal(0, 2.1) for a, b in sides]
    said = []
    for task, w in seats(rng):
        lead = leads[task] * (0.1 if bad[w] else 1.0)
        said.append(WorkerAnswer(task, w, SIDES[int(rng.random() > 1 / (1 + np.exp(-lead)))]))
    truth = {task: SIDES[int(lead < 0)] for task, lead in enumerate(leads)}
    things = {task: (f"t{a}", f"t{b}") for task, (a, b) in enumerate(sides)}
    return Set("compare", SIDES, said, truth, lambda a, t: float(a != t), things)


def per_option(of: Set) -> Answers:
    found = {}
    for task, answers in by_task(of.said).items():
        named = Counter(option for answer in answers for option in answer.split("|"))
        kept = [option for option in of.options if 2 * named[option] > len(answers)]
        found[task] = "|".join(kept or [named.most_common(1)[0][0]])
    return found


def borda(answers: list[str]) -> str:
    places = {name: sum(answer.split(">").index(name) for answer in answers) for name in THINGS}
    return ">".join(sorted(THINGS, key=lambda name: (places[name], name)))


def counted(answers: list[str]) -> str:
    score = Counter[str]()
    for answer in answers:
        best, worst = answer.split(">")
        score[best] += 1
        score[worst] -= 1
    order = sorted(THINGS, key=lambda name: (-score[name], name))
    return f"{order[0]}>{order[-1]}"


def kit_dawid_skene(of: Set) -> Answers:
    import crowdkit.aggregation as kit
    import pandas

    frame = pandas.DataFrame([(e.task, e.worker, e.answer) for e in of.said], columns=["task", "worker", "label"])
    return {int(task): str(label) for task, label in kit.DawidSkene(n_iter=100).fit_predict(frame).items()}


def kit_relevance(of: Set) -> Answers:
    import crowdkit.aggregation as kit
    import pandas

    rows = [(e.task, e.worker, e.answer.split("|")) for e in of.said]
    frame = pandas.DataFrame(rows, columns=["task", "worker", "label"])
    found = kit.BinaryRelevance(kit.DawidSkene(n_iter=100)).fit_predict(frame)
    return {int(task): "|".join(labels) for task, labels in found.items()}


def kit_rover(of: Set) -> Answers:
    import crowdkit.aggregation as kit
    import pandas

    frame = pandas.DataFrame([(e.task, e.worker, e.answer) for e in of.said], columns=["task", "worker", "text"])
    return {int(t): str(s) for t, s in kit.ROVER(str.split, " ".join).fit_predict(frame).items()}


def kit_noisy(of: Set) -> Answers:
    """Crowd-BT with a worker's reliability and bias."""
    import crowdkit.aggregation as kit
    import pandas

    rows = []
    for each in of.said:
        a, b = of.things[each.task]
        rows.append((each.worker, a, b, (a, b)[SIDES.index(each.answer)]))
    score = kit.NoisyBradleyTerry().fit_predict(pandas.DataFrame(rows, columns=["worker", "left", "right", "label"]))
    return {task: SIDES[int(score[a] < score[b])] for task, (a, b) in of.things.items()}


def kit_ranks(of: Set) -> Answers:
    """Crowd-BT again: every task's things by themselves, its workers the same everywhere."""
    import crowdkit.aggregation as kit
    import pandas

    rows = []
    for each in of.said:
        order = each.answer.split(">")
        middle = [thing for thing in THINGS if thing not in order]  # of best and worst: in any order
        for better, worse in {
            *combinations(order, 2),
            *((order[0], m) for m in middle),
            *((m, order[-1]) for m in middle),
        }:
            one, other = f"{each.task} {better}", f"{each.task} {worse}"
            rows.append((each.worker, *sorted((one, other)), one))
    score = kit.NoisyBradleyTerry().fit_predict(pandas.DataFrame(rows, columns=["worker", "left", "right", "label"]))
    orders = {t: sorted(THINGS, key=lambda name, t=t: -score.get(f"{t} {name}", 0.0)) for t in of.truth}
    return {t: f"{o[0]}>{o[-1]}" if of.kind == "best_worst" else ">".join(o) for t, o in orders.items()}


MEAN = each_task(lambda answers: str(round(float(np.mean(list(map(float, answers)))))))
MEDIAN = each_task(lambda answers: str(round(float(np.median(list(map(float, answers)))))))
Method = Callable[[Set], Answers]
PLAIN: dict[str, dict[str, Method]] = {
    "number": {"median": MEDIAN, "mean": MEAN},
    "rating": {"mean": MEAN, "median": MEDIAN, "crowd-kit Dawid–Skene": kit_dawid_skene},
    "choices": {"majority of each option": per_option, "crowd-kit BinaryRelevance": kit_relevance},
    "text": {"most frequent": each_task(most), "crowd-kit ROVER": kit_rover},
    "rank": {"Borda": each_task(borda), "crowd-kit NoisyBradleyTerry": kit_ranks},
    "best_worst": {"counts": each_task(counted), "crowd-kit NoisyBradleyTerry": kit_ranks},
    "compare": {"majority": each_task(most), "crowd-kit NoisyBradleyTerry": kit_noisy},
}


def sets(vader: list[list[int]]) -> dict[str, Callable[[Any], Set]]:
    """The first plain method of its kind is what each is held against."""
    return {
        "number": lambda rng: numbers(rng, 0.0),
        "number, habits": lambda rng: numbers(rng, 0.1),
        "rating": lambda rng: ratings(rng, 0.0, None),
        "rating, habits": lambda rng: ratings(rng, 1.0, None),
        **({"rating, VADER": lambda rng: ratings(rng, 0.0, vader)} if vader else {}),
        **({"rating, VADER, habits": lambda rng: ratings(rng, 1.0, vader)} if vader else {}),
        "choices": lambda rng: several(rng, False),
        "choices, themes": lambda rng: several(rng, True),
        "text": texts,
        "rank": ranks,
        "best_worst": extremes,
        "compare": lambda rng: pairs(rng, True),
        "compare, no strengths": lambda rng: pairs(rng, False),
    }


def error(of: Set, said: Answers) -> float:
    return float(np.mean([of.off(said[task], truth) for task, truth in of.truth.items()]))


def measured(make: Callable[[Any], Set], seeds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for seed in range(seeds):
        of = make(np.random.default_rng(seed))
        for name, method in {"ours": ours, **PLAIN[of.kind]}.items():
            found[name].append(error(of, method(of)))
    return found


def row(name: str, errors: dict[str, list[float]]) -> str:
    own, *others = errors.items()
    plain = others[0]
    lead = np.array(own[1]) - np.array(plain[1])
    half = 1.96 * lead.std(ddof=1) / np.sqrt(len(lead)) if len(lead) > 1 else float("nan")
    told = " · ".join(f"{method} {np.mean(found):.3f}" for method, found in others)
    ahead = f"{lead.mean():+.3f} [{lead.mean() - half:+.3f}, {lead.mean() + half:+.3f}]"
    return f"| {name} | {np.mean(own[1]):.3f} | {told} | {ahead} |"


def interval_row(name: str, make: Callable[[Any], Set], seeds: int) -> str:
    """How often 95 % intervals hold the truth, and their mean width (of numbers: as a share of the truth)."""
    held, width = [], []
    for seed in range(seeds):
        of = make(np.random.default_rng(seed))
        for task, each in believed(of).items():
            (low, high), truth = each.scores or (0.0, 0.0), of.truth[task]
            held.append(low <= truth <= high)
            width.append((high - low) / (truth if of.kind == "number" else 1))
    return f"| {name} | {np.mean(held):.2f} | {np.mean(width):.2f} |"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks kinds")
    parser.add_argument("--data", type=Path, help="a folder with VADER's amazon_reviews.csv")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    rows = ["| set | ours | others | ours less the first |", "| --- | --: | --- | --: |"]
    for name, make in sets(vader(options.data)).items():
        if not options.only or name.split(",")[0] in options.only:
            rows.append(row(name, measured(make, options.seeds)))
            print(rows[-1], flush=True)
    rows += ["", "| 95 % interval of | holds the truth in | mean width |", "| --- | --: | --: |"]
    for name, make in sets(vader(options.data)).items():
        if find_measured_kind(kind := name.split(",")[0]) and (not options.only or kind in options.only):
            rows.append(interval_row(name, make, options.seeds))
            print(rows[-1], flush=True)
    if options.write:
        keep("kinds", TITLE, f"kinds --seeds {options.seeds}", "\n".join(rows))
    return 0


def vader(folder: Path | None) -> list[list[int]]:
    if folder is None:
        return []
    with (folder / "amazon_reviews.csv").open(newline="") as file:
        return [[int(each) for each in line["ratings"].split()] for line in csv.DictReader(file)]
