"""Forms: which question is asked, how an answer comes about, what is right, and what the crowd says together."""

from collections.abc import Sequence

import numpy as np
import pytest

from domain.answers import kind_of
from domain.conduct.examination import find_suspicions
from domain.handing_in import Draft, Wants
from domain.projects.form_questions import (
    BACK,
    DONE,
    LEAVE_OUT,
    SPAN,
    UNDO,
    answers_by_question,
    pack_answers,
    place_of,
    questions_of,
    steps_of,
)
from domain.quality.aggregation import Agreement, Vote
from domain.quality.crowd import WorkerAnswer
from domain.quality.figures import measure_figures
from domain.quality.learners import AnswerSpec, get_learner
from domain.refusals import AnswerUnfit, AnswerUnknown
from formats.captions.questions import read_lines

FORM = kind_of("form")
OPTIONS = read_lines(
    """choice | Is there a car? | yes, no | name=car
    number | How many? | if car = yes
    choices | Colours | red, blue, none | if 2 >= 2
    text | Remark | optional
    rank | Best first | a, b, c | if car = no
    rating | How sharp?"""
)


def after(draft: Draft, *presses: int | str) -> Draft:
    """Presses of the step that is open, or words."""
    for each in presses:
        step = place_of(questions_of(OPTIONS), draft).step
        draft = (
            FORM.add_words(draft, each, OPTIONS)
            if isinstance(each, str)
            else FORM.add_step(draft, step * SPAN + each, OPTIONS)
        )
    return draft


def asked(draft: Draft) -> str | None:
    at = place_of(questions_of(OPTIONS), draft).question
    return at.text if at else None


def test_a_question_is_asked_where_an_earlier_answer_calls_for_it():
    assert [asked(after((), *steps)) for steps in ((), (0,), (0, "1"), (0, "2"), (1,), (1, "dusk"))] == [
        "Is there a car?", "How many?", "Remark", "Colours", "Remark", "Best first",
    ]  # fmt: skip
    whole = after((), 0, "3", 1, 0, DONE, LEAVE_OUT, 4)
    assert FORM.is_complete(whole, OPTIONS)
    answer = FORM.parse_answer(FORM.encode_draft(whole, OPTIONS), OPTIONS)
    assert answers_by_question(answer) == {"car": "yes", "q2": "3", "q3": "red|blue", "q6": "5"}
    assert steps_of(questions_of(OPTIONS), answers_by_question(answer)) == whole


def test_each_step_takes_what_its_question_wants():
    wanted = [FORM.get_next_input(after((), *steps), OPTIONS) for steps in ((), (0,), (0, "2"), (1, "x"))]
    assert wanted == [Wants.PRESS, Wants.TEXT, Wants.PRESSES, Wants.PRESSES]
    assert FORM.list_inputs(OPTIONS) == {Wants.PRESS, Wants.PRESSES, Wants.TEXT}
    for wrong in ((0, "many"), (0, "2", DONE)):
        with pytest.raises(AnswerUnfit):
            after((), *wrong)
    for forged in ((2,), (95,), (0, 0), (DONE,)):
        with pytest.raises((AnswerUnknown, AnswerUnfit)):
            after((), *forged)
    with pytest.raises(AnswerUnfit):
        after((), LEAVE_OUT)  # required


def test_a_press_on_an_earlier_or_a_later_step_changes_nothing():
    draft = after((), 0)
    for option in (0, 1, BACK, DONE, 2 * SPAN, 10**12):
        assert FORM.add_step(draft, option, OPTIONS) == draft


def test_back_leads_to_the_question_before_and_undo_to_the_press_before():
    placed = after((), 1, LEAVE_OUT, 2, 0)
    assert placed == ("no", "", 2, 0)
    assert after(placed, UNDO) == ("no", "", 2)
    assert after(placed, BACK) == ("no",)
    assert after((), 0, "2", 1, BACK) == ("yes",)
    assert after((), BACK) == ()


@pytest.mark.parametrize("forged", ["", "[]", '["yes"]', '["no","","a>b>c"]', '["","","","",""]'])
def test_half_a_form_is_no_answer(forged: str):
    with pytest.raises(AnswerUnfit):
        FORM.parse_answer(forged, OPTIONS)


def test_right_is_an_answer_of_which_all_that_is_known_is_right():
    answer = pack_answers({"car": "yes", "q2": "3", "q3": "red|blue", "q6": "5"})
    gold = FORM.to_gold(answer, OPTIONS)
    assert FORM.is_right(answer, gold)
    assert FORM.answer_of_gold(gold) == answer
    assert not FORM.is_right(pack_answers({"car": "yes", "q2": "4", "q3": "red|blue", "q6": "5"}), gold)
    assert not FORM.is_right(pack_answers({"car": "no", "q6": "5"}), gold)
    partly = (pack_answers({"car": ["choice", "yes", "no"], "q6": ["rating", "4", "5"]}),)
    assert FORM.is_right(answer, partly)
    assert not FORM.is_right(None, partly)
    assert FORM.to_gold_cell(partly, OPTIONS) == '{"car":"yes|no","q6":"4|5"}'


def voted(*answers: dict[str, str]) -> Agreement:
    return FORM.consensus_of([Vote(pack_answers(answer), 0.8) for answer in answers], OPTIONS)


def test_a_question_that_the_consensus_does_not_ask_has_none():
    found = voted({"car": "no", "q5": "a>b>c", "q6": "4"}, {"car": "no", "q5": "a>b>c", "q6": "4"},
                  {"car": "yes", "q2": "7", "q6": "4"})  # fmt: skip
    assert answers_by_question(found.answer or "") == {"car": "no", "q5": "a>b>c", "q6": "4"}
    told = FORM.score_cells(found.answer, found.scores, OPTIONS)
    columns = dict(zip(FORM.score_columns(OPTIONS), told, strict=True))
    assert columns["consensus:q2"] is columns["confidence:q2"] is columns["confidence:q4"] is None
    assert columns["consensus:car"] == "no"
    assert found.confidence == pytest.approx(
        min(columns[f"confidence:{name}"] for name in ("car", "q5", "q6")), abs=1e-5
    )


def test_what_may_be_left_out_makes_no_task_unsure():
    alike = {"car": "no", "q5": "a>b>c", "q6": "4"}
    without = voted(alike, alike, alike)
    assert without.confidence == voted(*({**alike, "q4": word} for word in ("one", "two", "three"))).confidence
    asked_of_none = voted(*({"car": "no", "q6": "4"} for _ in range(3)))
    assert asked_of_none.confidence == 0  # the consensus asks what nobody answered


TRUTHS = [("yes" if n % 2 else "no", str(n % 7 + 1)) for n in range(60)]
TWO = read_lines("choice | A car? | yes, no\nnumber | How many?")


def crowd(seed: int) -> list[WorkerAnswer]:
    """Five are careful; a sixth knows the first answer and guesses the second, a seventh the other way round."""
    draw = np.random.default_rng(seed)

    def said(worker: int, truth: Sequence[str]) -> dict[str, str]:
        sharp = (worker != 7 and draw.random() < 0.92, worker != 6 and draw.random() < 0.92)
        first = truth[0] if sharp[0] else ("yes", "no")[int(draw.integers(2))]
        return {"q1": first, "q2": truth[1] if sharp[1] else str(draw.integers(1, 50))}

    return [
        WorkerAnswer(task, worker, pack_answers(said(worker, truth)))
        for task, truth in enumerate(TRUTHS)
        for worker in range(1, 8)
    ]


def test_each_question_has_its_own_models():
    said = crowd(1)
    found = get_learner("form").learn(AnswerSpec("form", TWO, {}), said, {})
    sixth, seventh, careful = (found.workers[worker].parts or {} for worker in (6, 7, 1))
    assert sixth["q1"].skill.accuracy > 0.8 > 0.65 > seventh["q1"].skill.accuracy
    assert seventh["q2"].skill.accuracy > 0.8 > 0.3 > sixth["q2"].skill.accuracy
    assert careful["q1"].skill.accuracy > 0.85
    asked = AnswerSpec("form", TWO)
    own = [[(found.workers[e.worker], e.answer) for e in said if e.task == task] for task in range(60)]
    drawn = [get_learner("form").find_consensus(asked, found.project, each) for each in own]
    truths = [{"q1": one, "q2": other} for one, other in TRUTHS]
    right = [answers_by_question(each.answer or "{}") == truth for each, truth in zip(drawn, truths, strict=True)]
    assert np.mean(right) > 0.95


def test_gold_of_one_question_teaches_that_question():
    gold = {task: (pack_answers({"q1": ["choice", TRUTHS[task][0]]}),) for task in range(20)}
    said = crowd(2)
    asked_so = AnswerSpec("form", TWO, {})
    found = get_learner("form").learn(asked_so, said, gold)
    told = measure_figures(asked_so, said, gold, found)
    assert (told.checked, told.right >= 19) == (20, True)


def test_who_guesses_everywhere_is_found_by_all_questions_together():
    draw = np.random.default_rng(3)
    guesses = []
    for task in range(60):
        answer = pack_answers({"q1": ("yes", "no")[int(draw.integers(2))], "q2": str(draw.integers(1, 50))})
        guesses.append(WorkerAnswer(task, 8, answer))
    found = find_suspicions(AnswerSpec("form", TWO, {}), [*crowd(3), *guesses], {})
    nats = {each.worker: each.nats for each in found if each.suspicion == "random"}
    assert nats[8] > 10
    assert max(nats[worker] for worker in range(1, 6)) < 0
