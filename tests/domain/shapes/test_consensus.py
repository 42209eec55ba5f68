"""What a crowd's drawings come to."""

import json
from random import Random

import pytest

from domain.answers import consensus_of, kind_of
from domain.quality.aggregation import Vote
from domain.quality.crowd import WorkerAnswer
from domain.quality.learners import AnswerSpec, get_learner
from domain.shapes.consensus import (
    cluster_shapes,
    measure_likeness,
    measure_merits,
    median,
    merge_drawings,
    merge_shapes,
)
from domain.shapes.shape import Point, Region, Span, box_of, measure_alikeness, polygon_of

CAT, DOG = box_of("cat", (0.1, 0.1, 0.4, 0.5)), box_of("dog", (0.5, 0.5, 0.9, 0.8))
EQUAL = (0.75,) * 9


def near(box, by):
    left, top, right, bottom = box.bounds
    return box_of(box.label, (left + by, top + by, right + by, bottom + by))


def test_shapes_of_one_thing_are_one_cluster_and_nobody_is_in_it_twice():
    twice = [CAT, near(CAT, 0.02)]
    found = cluster_shapes([[CAT, DOG], [near(CAT, 0.01)], twice], (1, 1, 1))
    assert [sorted(each.drawn) for each in found] == [[0, 1, 2], [2], [0]]


def test_a_median_lies_where_half_of_the_weight_is():
    assert median([3, 1, 2], [1, 1, 1]) == 2
    assert median([1, 2], [1, 1]) == 1.5
    assert median([1, 2], [1, 1], lower=True) == 1
    assert median([1, 2, 9], [1, 1, 5]) == 9


def test_one_who_slipped_moves_nothing():
    drawn = {0: CAT, 1: near(CAT, 0.01), 2: near(CAT, 0.09)}
    assert merge_shapes(drawn, (1, 1, 1)) == near(CAT, 0.01)
    points = {0: Point("a", 0.5, 0.5), 1: Point("a", 0.52, 0.5), 2: Point("a", 0.54, 0.9)}
    assert merge_shapes(points, (1, 1, 1)) == Point("a", 0.52, 0.5)
    sounds = {0: Region("a", 1, 2), 1: Region("a", 1.2, 2.4), 2: Region("a", 0, 2.2)}
    assert merge_shapes(sounds, (1, 1, 1)) == Region("a", 1, 2.2)


def test_a_span_ends_where_somebody_ended_it():
    assert merge_shapes({0: Span("a", 0, 4), 1: Span("a", 0, 9)}, (1, 1)) == Span("a", 0, 4)


def test_polygons_come_to_a_polygon_like_them():
    """Three squares with a hand that trembles."""
    dice = Random(3)
    truth = polygon_of("a", [(0.2, 0.2), (0.6, 0.2), (0.6, 0.7), (0.2, 0.7)])
    drawn = {
        person: polygon_of("a", [(x + dice.gauss(0, 0.02), y + dice.gauss(0, 0.02)) for x, y in truth.corners])
        for person in range(5)
    }
    together = merge_shapes(drawn, EQUAL)
    assert len(together.corners) == 4
    assert measure_alikeness(together, truth) > max(measure_alikeness(each, truth) for each in drawn.values()) - 0.02
    assert measure_alikeness(together, truth) > 0.9


def test_what_has_more_weight_decides_between_boxes_and_polygons():
    outline = polygon_of("cat", [(0.1, 0.1), (0.4, 0.1), (0.4, 0.5), (0.1, 0.5)])
    assert merge_shapes({0: CAT, 1: outline}, (2, 1)) == CAT
    assert merge_shapes({0: CAT, 1: outline}, (1, 2)) == outline


def test_kept_is_what_a_weighted_majority_drew():
    drawings = [[CAT, DOG], [near(CAT, 0.01)], [near(CAT, -0.01)]]
    found = merge_drawings(drawings, EQUAL[:3], 0.5)
    assert found.shapes == (CAT,)
    assert found.sure == pytest.approx((27 / 28,))  # odds 3 × 3 × 3
    trusted = merge_drawings(drawings, (0.97, 0.6, 0.6), 0.5)
    assert [each.label for each in trusted.shapes] == ["cat", "dog"]


def test_who_drew_nothing_says_that_nothing_is_there():
    nothing = merge_drawings([[], [], [CAT]], EQUAL[:3], 0.5)
    assert nothing.shapes == ()
    assert nothing.confidence == pytest.approx(0.75)  # 1 − P(cat): odds 1 / 3
    assert merge_drawings([[], []], EQUAL[:2], 0.5).confidence == pytest.approx(0.9)
    assert merge_drawings([[CAT]], EQUAL[:1], 0.5).confidence == pytest.approx(0.75)


def test_a_drawing_earns_by_what_the_others_drew():
    careful, sloppy, missing, wrong = [CAT, DOG], [CAT, near(DOG, 0.06)], [CAT], [near(DOG, -0.4)]
    found = measure_merits([careful, careful, sloppy, missing, wrong], EQUAL[:5])
    assert found[0] == found[1] > found[2] > found[3] > found[4]
    assert found[4] < 0.1


def test_the_order_of_the_workers_changes_nothing_that_matters():
    drawings = [[CAT, DOG], [near(CAT, 0.01)], [near(CAT, -0.02), near(DOG, 0.01)]]
    there, back = (merge_drawings(each, EQUAL[:3], 0.5) for each in (drawings, drawings[::-1]))
    assert there == back


def crowd(pictures=30, people=9):
    """A third of the people draws at random; made up, always the same."""
    dice = Random(11)

    def some(label):
        width, height = dice.uniform(0.1, 0.4), dice.uniform(0.1, 0.4)
        x, y = dice.uniform(0, 1 - width), dice.uniform(0, 1 - height)
        return box_of(label, (x, y, x + width, y + height))

    def like(box):
        sides = [side + dice.gauss(0, 0.02) for side in box.bounds]
        return box_of(box.label, tuple(min(1, max(0, side)) for side in sides))

    truth = [[some("cat")] + [some("dog")] * (at % 2) for at in range(pictures)]
    said = []
    for task, things in enumerate(truth):
        for worker in range(people):
            drawn = [some("cat")] if worker < people // 3 else [like(each) for each in things if dice.random() > 0.1]
            said.append(WorkerAnswer(task, worker, json.dumps([each.document() for each in drawn])))
    return truth, said


def test_a_refit_learns_who_draws_well_and_the_merged_boxes_lie_on_the_things():
    truth, said = crowd()
    learnt = get_learner("boxes").learn(AnswerSpec("boxes", ("cat", "dog"), {}), said, {})
    skills = [learnt.workers[worker].skill.accuracy for worker in range(9)]
    assert max(skills[:3]) < 0.3 < 0.6 < min(skills[3:])
    kind, found, sure = kind_of("boxes"), [], []
    for task, things in enumerate(truth):
        votes = [learnt.workers[each.worker].vote(each.answer) for each in said if each.task == task]
        agreed = consensus_of("boxes", votes, ("cat", "dog"))
        found.append(measure_likeness(kind.drawing(agreed.answer).shapes, things))
        sure.append(agreed.confidence)
    assert sum(found) / len(found) > 0.85
    assert min(sure) > 0.8


def test_few_answers_a_picture_leave_the_crowd_believed():
    """Three of nine, a third of whom draw at random: nobody's merit falls from round to round."""
    _, said = crowd(pictures=60)
    some = [each for each in said if (each.worker + each.task * 4) % 9 < 3]
    learnt = get_learner("boxes").learn(AnswerSpec("boxes", ("cat", "dog"), {}), some, {})
    skills = [learnt.workers[worker].skill.accuracy for worker in range(9)]
    assert max(skills[:3]) < 0.4 < 0.6 < min(skills[3:])


def test_two_against_two_are_not_decided_by_their_number():
    """What half of the people drew is as likely as not: both halves earn alike."""
    found = measure_merits([[CAT, DOG], [CAT, DOG], [CAT], [CAT]], EQUAL[:4])
    assert found[0] == pytest.approx(found[2], abs=0.1)


def test_a_confidence_keeps_its_word():
    """Three answers a task, workers by their skill: results are right as often as was claimed, or a little more often:
    half a thing found is half a right answer, but all of it at the threshold."""
    truth, said = crowd(pictures=60)
    learnt = get_learner("boxes").learn(AnswerSpec("boxes", ("cat", "dog"), {}), said, {})
    kind, right, claimed = kind_of("boxes"), 0, 0.0
    dice, tries = Random(2), 0
    for task, things in enumerate(truth):
        for _ in range(2):
            some = dice.sample([each for each in said if each.task == task], 3)
            agreed = consensus_of("boxes", [learnt.workers[each.worker].vote(each.answer) for each in some], ())
            right += measure_likeness(kind.drawing(agreed.answer).shapes, things) >= 0.5
            claimed += agreed.confidence
            tries += 1
    assert claimed / tries < right / tries + 0.02
    assert claimed / tries == pytest.approx(right / tries, abs=0.15)


def test_gold_counts_in_part_when_workers_are_learnt():
    kind = kind_of("boxes")
    both, one = (json.dumps([each.document() for each in drawn]) for drawn in ([CAT, DOG], [CAT]))
    assert kind.is_right(one, (both,)) is True  # 1 of 2 is the threshold
    assert kind.closeness(one, (both,)) == 0.5
    strict = kind.parse_gold(json.dumps({"shapes": json.loads(both), "threshold": 0.7}), ("cat", "dog"))
    assert kind.is_right(one, (strict,)) is False
    assert kind.is_right(both, (strict,)) is True
    assert kind.answer_of_gold((strict,)) == kind.parse_answer(both, ("cat", "dog"))


def test_the_size_that_most_saw_is_kept():
    told = [json.dumps({"shapes": [], "size": size}) for size in ([640, 480], [640, 480], [10, 10])]
    agreed = consensus_of("boxes", [Vote(each, 0.75) for each in told], ())
    assert json.loads(agreed.answer) == {"shapes": [], "size": [640, 480]}
