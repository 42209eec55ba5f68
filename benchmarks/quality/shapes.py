"""python -m benchmarks shapes [--seeds N] [--only KIND …] [--write]: what a made-up crowd draws and marks, merged.

50 pictures (or texts, sounds), 20 people, of whom four are careless and draw anywhere. The others miss a thing in ten,
draw one in twelve that is not there, and their hands tremble, each hand by its own measure. Asked are all, or five a
picture, or three. Aim, decided before it was run: merged boxes of all reach a mean IoU of 0.8 against the truth.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.tables import WRITE, keep
from domain.answers import kind_of
from domain.quality.crowd import WorkerAnswer
from domain.quality.figures import consensus_of_tasks
from domain.quality.learners import AnswerSpec, get_learner
from domain.shapes.consensus import cluster_shapes, measure_likeness
from domain.shapes.document import drawing_of
from domain.shapes.shape import Box, Interval, Point, Polygon, Region, Shape, Span, box_of, point_of, polygon_of

TITLE = "Shapes"
PICTURES, PEOPLE, CARELESS = 50, 20, 4
MISSED, FALSE = 0.1, 1 / 12
HANDS = 0.04, 0.12  # how far a hand trembles, as a share of a thing's size
TEXT, SOUND = 300, 60.0  # code points, seconds
LABELS = ("car", "dog", "person")
ASKED = (PEOPLE, 5, 3)  # people a picture

Drawn = tuple[Shape, ...]


@dataclass(frozen=True)
class Family:
    """How a thing of a kind is made up, and how a hand of a given tremble draws it."""

    made: Callable[[Any], Shape]
    drawn: Callable[[Any, Any, float], Shape]


def a_box(rng: Any) -> Box:
    width, height = rng.uniform(0.08, 0.35, 2)
    x, y = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
    return box_of(str(rng.choice(LABELS)), (x, y, x + width, y + height))


def drawn_box(rng: Any, box: Box, tremble: float) -> Box:
    sides = np.array(box.bounds) + rng.normal(0, tremble, 4) * np.array([box.width, box.height] * 2)
    left, top, right, bottom = sides.clip(0, 1).tolist()
    return box_of(box.label, (min(left, right - 0.01), min(top, bottom - 0.01), right, bottom))


def a_polygon(rng: Any) -> Polygon:
    x, y = rng.uniform(0.25, 0.75, 2)
    reach = rng.uniform(0.1, 0.22) * rng.uniform(0.6, 1.3, 9)
    turns = [2 * pi * at / 9 for at in range(9)]
    ring = [(x + r * cos(turn), y + r * sin(turn)) for r, turn in zip(reach, turns, strict=True)]
    return polygon_of(str(rng.choice(LABELS)), ring)


def drawn_polygon(rng: Any, polygon: Polygon, tremble: float) -> Polygon:
    left, _, right, _ = polygon.bounds
    off = rng.normal(0, tremble * (right - left) / 2, (len(polygon.corners), 2))
    moved = [(x + dx, y + dy) for (x, y), (dx, dy) in zip(polygon.corners, off, strict=True)]
    return polygon_of(polygon.label, moved)


def drawn_point(rng: Any, point: Point, tremble: float) -> Point:
    x, y = rng.normal((point.x, point.y), tremble / 6)
    return point_of(point.label, x, y)


def a_span(rng: Any) -> Span:
    length = int(rng.integers(4, 25))
    start = int(rng.integers(0, TEXT - length))
    return Span(str(rng.choice(LABELS)), start, start + length)


def drawn_span(rng: Any, span: Span, tremble: float) -> Span:
    """Words have ends: most get them right, others are a few letters off."""
    off = [int(rng.integers(-6, 7)) if rng.random() < 3 * tremble else 0 for _ in range(2)]
    start = max(0, int(span.start) + off[0])
    return Span(span.label, start, max(start + 1, min(TEXT, int(span.end) + off[1])))


def a_region(rng: Any) -> Region:
    length = rng.uniform(0.8, 6)
    start = rng.uniform(0, SOUND - length)
    return Region(str(rng.choice(LABELS)), round(start, 2), round(start + length, 2))


def drawn_region(rng: Any, region: Region, tremble: float) -> Region:
    start, end = np.array([region.start, region.end]) + rng.normal(0, tremble * (region.end - region.start), 2)
    return Region(region.label, round(max(0.0, float(start)), 2), round(max(float(start) + 0.1, float(end)), 2))


FAMILIES = {
    "boxes": Family(a_box, drawn_box),
    "polygons": Family(a_polygon, drawn_polygon),
    "points": Family(lambda rng: point_of(str(rng.choice(LABELS)), *rng.uniform(0, 1, 2)), drawn_point),
    "spans": Family(a_span, drawn_span),
    "regions": Family(a_region, drawn_region),
}


def things(rng: Any, family: Family) -> Drawn:
    """Up to six that are not the same."""
    found: list[Shape] = []
    while len(found) < rng.integers(1, 7):
        one = family.made(rng)
        if all(measure_likeness([one], [other]) < 0.3 for other in found):
            found.append(one)
    return drawing_of(found).shapes


def crowd(rng: Any, family: Family) -> tuple[list[Drawn], list[list[Drawn]]]:
    """The truth, and of each picture what everybody draws."""
    truth = [things(rng, family) for _ in range(PICTURES)]
    hands = rng.uniform(*HANDS, PEOPLE)
    return truth, [[drawn(rng, family, each, at, hands[at]) for at in range(PEOPLE)] for each in truth]


def drawn(rng: Any, family: Family, truth: Drawn, person: int, tremble: float) -> Drawn:
    if person < CARELESS:
        return drawing_of(family.made(rng) for _ in range(rng.integers(0, 5))).shapes
    found = [family.drawn(rng, each, tremble) for each in truth if rng.random() > MISSED]
    return drawing_of([*found, family.made(rng)] if rng.random() < FALSE else found).shapes


def ours(kind: str, asked: Sequence[Sequence[int]], drawings: list[list[Drawn]]) -> list[Drawn]:
    """As the product does: a refit of everybody's skill from all drawings, without any gold."""
    said = [
        WorkerAnswer(task, person, drawing_of(drawings[task][person]).text)
        for task, people in enumerate(asked)
        for person in people
    ]
    about = AnswerSpec(kind, LABELS, {})
    found = consensus_of_tasks(about, said, get_learner(kind).learn(about, said, {}), list(range(PICTURES)))
    rules: Any = kind_of(kind)
    return [rules.drawing(found[task].answer).shapes for task in range(PICTURES)]


def plain(asked: Sequence[Sequence[int]], drawings: list[list[Drawn]]) -> list[Drawn]:
    """Everybody counts alike: kept is what more than half drew, at the mean of its coordinates."""
    found = []
    for task, people in enumerate(asked):
        groups = cluster_shapes([drawings[task][person] for person in people], [1.0] * len(people))
        kept = (list(each.drawn.values()) for each in groups if 2 * len(each.drawn) > len(people))
        found.append(tuple(map(mean, kept)))
    return found


def mean(shapes: list[Any]) -> Shape:
    """Polygons have no coordinates in common: the first one."""
    first = shapes[0]
    if isinstance(first, Polygon):
        return first
    if isinstance(first, Box):
        left, top, right, bottom = np.mean([each.bounds for each in shapes], 0).tolist()
        return box_of(first.label, (left, top, right, bottom))
    if isinstance(first, Point):
        return point_of(first.label, *np.mean([(each.x, each.y) for each in shapes], 0).tolist())
    start, end = np.mean([(each.start, each.end) for each in shapes], 0).tolist()
    return type(first)(first.label, start, end) if isinstance(first, Interval) else first


def measured(kind: str, people: int, seeds: int) -> dict[str, float]:
    """Mean likeness to the truth, over pictures and seeds; seconds of our merging of one seed."""
    found: dict[str, list[float]] = defaultdict(list)
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        truth, drawings = crowd(rng, FAMILIES[kind])
        asked = [sorted(rng.choice(PEOPLE, people, replace=False).tolist()) for _ in range(PICTURES)]
        begun = perf_counter()
        merged = ours(kind, asked, drawings)
        found["seconds"].append(perf_counter() - begun)
        found["ours"].append(likeness(merged, truth))
        found["plain"].append(likeness(plain(asked, drawings), truth))
        alone = [likeness([each[person] for each in drawings], truth) for person in range(PEOPLE)]
        found["best"].append(max(alone))
        found["usual"].append(float(np.mean(alone)))
    return {name: float(np.mean(values)) for name, values in found.items()}


def likeness(drawn: Sequence[Drawn], truth: Sequence[Drawn]) -> float:
    return float(np.mean([measure_likeness(each, real) for each, real in zip(drawn, truth, strict=True)]))


def table(kinds: Sequence[str], seeds: int) -> list[str]:
    rows = [
        "| kind | people a picture | merged | plain mean of a majority | best person | everybody | seconds |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    for kind in kinds:
        for people in ASKED:
            told = measured(kind, people, seeds)
            figures = " | ".join(f"{told[name]:.3f}" for name in ("ours", "plain", "best", "usual"))
            rows.append(f"| {kind} | {people} | {figures} | {told['seconds']:.1f} |")
            print(rows[-1], flush=True)
    return rows


TOLD = """Mean IoU against the truth (of points 1 − distance / 0.1), where a shape that is missing or too much counts 0;
made-up crowds, seeded. *Merged* is the product's consensus after a refit without gold, *best person* the best of the 20
on all pictures, *everybody* their mean. *Seconds* are those of the refit and of merging 50 pictures."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks shapes")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    rows = table([kind for kind in FAMILIES if not options.only or kind in options.only], options.seeds)
    if options.write:
        keep("shapes", TITLE, f"shapes --seeds {options.seeds}", "\n".join([TOLD, "", *rows]))
    return 0
