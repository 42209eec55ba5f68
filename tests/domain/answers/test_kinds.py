"""Each kind's valid answers, and when gold is met."""

import pytest

from domain.answers import gold_of, kind_of, list_kinds, list_offered_kinds
from domain.answers.choices import JOINT
from domain.answers.location import metres
from domain.handing_in import Wants
from domain.projects.projects import WorkedExample, impossible_examples
from domain.refusals import AnswerUnfit, AnswerUnknown

ABC = ("a", "b", "c")
toggled, placed = kind_of("choices").add_press, kind_of("rank").add_press


def test_there_are_these_kinds_to_choose_from_and_one_of_programs():
    named = "choice choices rating number text compare preference rank best_worst photo voice location form "
    named += "boxes polygons points spans regions"
    assert list_offered_kinds() == tuple(named.split())
    assert list_kinds() == (*list_offered_kinds(), "questionnaire")
    assert {kind_of(kind).wants for kind in list_kinds()} == set(Wants)


@pytest.mark.parametrize("kind", ["choice", "compare", "rating"])
@pytest.mark.parametrize("handed_in", ["3", "-1", "", "x", "1.0", "99999999999999999999"])
def test_what_is_no_option_is_refused(kind, handed_in):
    assert kind_of(kind).parse_answer("1", ABC) == "b"
    with pytest.raises(AnswerUnknown):
        kind_of(kind).parse_answer(handed_in, ABC)


def test_choices_stand_in_the_options_order_and_a_second_press_takes_back():
    assert toggled(toggled((), 2, ABC), 0, ABC) == (0, 2)
    assert toggled((0, 2), 0, ABC) == (2,)
    assert kind_of("choices").parse_answer("2,0", ABC) == "a|c"
    assert kind_of("choices").is_right("a|c", ("c", "a"))
    assert not kind_of("choices").is_right("a", ("c", "a"))
    assert kind_of("choices").answer_of_gold(("a", "c")) == "a|c"


def test_of_an_order_it_is_told_how_often_each_came_first():
    fell = {"b>a>c": 2, "a>b>c": 1, None: 4}
    assert [kind_of("rank").votes_for(option, fell) for option in ABC] == [1, 2, 0]


def test_nothing_chosen_is_no_answer_and_none_is_pressed():
    for options in (ABC, (*ABC, "None"), (*ABC, "Aucun")):
        with pytest.raises(AnswerUnfit):
            kind_of("choices").parse_answer("", options)
    assert kind_of("choices").parse_answer("3", (*ABC, "None")) == "None"
    assert toggled((0, 1), 3, (*ABC, "none")) == (3,)
    assert toggled((3,), 1, (*ABC, "none")) == (1,)
    with pytest.raises(AnswerUnknown):
        kind_of("choices").parse_answer("0,3", (*ABC, "none"))


def test_gold_of_several_options_is_a_set_that_workers_can_hand_in():
    """In their order; “none” with another option was taken, and nobody could meet it."""
    options = ("none", "cat", "dog")
    assert gold_of("choices", "dog|cat|DOG", options) == ("cat", "dog")
    assert gold_of("choices", "none", options) == ("none",)
    assert gold_of("choices", "none|cat", options) is None
    assert kind_of("choices").parse_model_answer("none|cat", options) is None
    assert gold_of("choice", "none|cat", options) == ("none", "cat")
    for answer, fits in (("dog, cat", True), ("none", True), ("none, cat", False)):
        assert impossible_examples([WorkedExample("item", answer, "")], "choices", options) == (
            () if fits else (answer,)
        )


def test_a_ranking_holds_everything_once():
    assert placed(placed((1,), 0, ABC), 1, ABC) == (1, 0)
    assert kind_of("rank").parse_answer("2,0,1", ABC) == "c>a>b"
    with pytest.raises(AnswerUnfit):
        kind_of("rank").parse_answer("2,0", ABC)
    with pytest.raises(AnswerUnknown):
        kind_of("rank").parse_answer("2,0,2", ABC)
    assert kind_of("rank").parse_gold("C > a>b", ABC) == "c>a>b"
    assert kind_of("rank").parse_gold("c>a", ABC) is None


@pytest.mark.parametrize("options", [("a", "à", "A-"), ("ou", "où"), ("か", "が"), ("2", "²")])
def test_options_that_differ_by_an_accent_are_told_apart(options):
    """Of spellings that are two options to those who press them, the first stood for both."""
    for option in options:
        for kind in ("choice", "choices", "compare"):
            assert gold_of(kind, option.upper(), options) == (option,)
            assert kind_of(kind).parse_model_answer(option, options) == option
    assert gold_of("choices", JOINT.join(reversed(options)), options) == options
    for kind in ("rank", "best_worst"):
        order = ">".join(options[:2][::-1])
        assert gold_of(kind, order, options[:2]) == (order,)
    pair = kind_of("preference").arrange_options(options[:2])
    assert gold_of("preference", options[1], pair) == (f"{options[1]}>{options[0]}",)
    for grade in pair:
        assert gold_of("preference", grade, pair) == (grade,)


def test_an_accent_may_be_left_out_where_one_option_is_meant():
    assert gold_of("choice", " ETE", ("été", "hiver")) == ("été",)
    assert gold_of("choice", "ete", ("été", "éte")) is None
    assert gold_of("preference", "ete", ("été>hiver", "hiver>été")) == ("été>hiver",)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12,50", "12.5"), ("1 234,5", "1234.5"), ("1,234.5", "1234.5"), ("-0", "0"), ("−3", "-3"), ("+7.", "7")],
)
def test_a_number_may_have_a_comma_or_a_point(typed, read):
    assert kind_of("number").parse_answer(typed, ()) == read


@pytest.mark.parametrize("typed", ["", "twelve", "1e9", "nan", "12 apples", "1..2", "٣", "9" * 40, "--1"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(AnswerUnfit):
        kind_of("number").parse_answer(typed, ())


@pytest.mark.parametrize(
    ("gold", "right", "wrong"),
    [("12", "12", "12.1"), ("12±0.5", "12.5", "12.51"), ("12 +/- 0,5", "11.5", "13"), ("10..14", "14", "14.1")],
)
def test_a_known_number_has_a_tolerance_or_a_range(gold, right, wrong):
    assert kind_of("number").is_right(right, (gold,))
    assert not kind_of("number").is_right(wrong, (gold,))
    assert not kind_of("number").is_right(None, (gold,))
    assert kind_of("number").answer_of_gold((gold,)) == "12"


def test_known_words_are_met_whatever_their_case_accents_and_blanks():
    text = kind_of("text")
    assert text.parse_answer("  L’été\n indien ", ()) == "L’été\n indien"
    assert text.is_right("  ÉTÉ  indien", ("ete indien",))
    assert not text.is_right("été", ("hiver",))
    for refused in ("", " \n", "x" * 2001):
        with pytest.raises(AnswerUnfit):
            text.parse_answer(refused, ())


def test_a_place_is_met_within_its_radius():
    place = kind_of("location")
    assert metres((48.85837, 2.29448), (48.85837, 2.29448)) == 0
    assert 343_000 < metres((48.8566, 2.3522), (51.5074, -0.1278)) < 345_000
    assert place.parse_answer("48.85837,2.29448", ()) == "48.858370,2.294480"
    assert place.is_right("48.859000,2.294480", ("48.85837, 2.29448",))
    assert not place.is_right("48.860000,2.294480", ("48.85837,2.29448 ±100",))
    assert place.is_right("48.860000,2.294480", ("48.85837,2.29448 200 m",))
    assert place.parse_gold("91,0", ()) is None
    for refused in ("", "Paris", "91,0", "0,181"):
        with pytest.raises(AnswerUnfit):
            place.parse_answer(refused, ())


@pytest.mark.parametrize("kind", ["photo", "voice"])
def test_files_are_kept_by_both_their_names_and_known_to_nobody(kind):
    assert kind_of(kind).parse_answer("id unique", ()) == "id unique"
    assert kind_of(kind).parse_gold("anything", ()) is None
    with pytest.raises(AnswerUnfit):
        kind_of(kind).parse_answer("hello", ())


@pytest.mark.parametrize(
    ("kind", "answer", "other"),
    [
        ("choice", "a", "b"), ("choices", "a|b", "a"), ("rating", "4", "5"), ("compare", "a", "b"),
        ("rank", "a>b", "b>a"), ("text", "Été", "hiver"),
        ("number", "12", "13"), ("number", "-0.25", "0.25"), ("number", "1000", "1011"),
        ("location", "48.858370,2.294480", "48.868370,2.294480"),
    ],
)  # fmt: skip
def test_an_answer_made_gold_accepts_itself_and_no_other(kind, answer, other):
    known = kind_of(kind)
    gold = known.list_accepted(answer)
    assert known.is_right(answer, gold)
    assert not known.is_right(other, gold)
    assert known.answer_of_gold(gold) == answer
    assert gold_of(kind, "|".join(gold), ("a", "b", "4", "5")[: 2 if kind == "rank" else 4]) == gold


def test_gold_is_written_as_people_write_and_all_of_it_must_be_possible():
    assert gold_of("choice", " B | a ", ABC) == ("b", "a")
    assert gold_of("number", "12±0.5 | 20..22", ()) == ("12±0.5", "20..22")
    assert gold_of("choice", "a | maybe", ABC) is None
    assert gold_of("photo", "anything", ()) is None
    assert gold_of("text", " | ", ()) is None
