"""A form as a program sends it: as lines, or as objects; a review, as it is meant."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from domain.projects.form_questions import questions_of
from domain.refusals import FormRefused
from services.projects.wizard import form_of_keys
from web.api.bodies import NewProject, NewReview

SENT = {"title": "T", "instructions": ["Look."], "pay": "0.05", "tasks": [{"text": "street", "gold:q1": "yes"}]}
ASKED = [
    {"kind": "choice", "text": "A car?", "options": ["yes", "no"]},
    {"kind": "number", "text": "How many?", "if": "q1 = yes"},
]
LINES = ["choice | A car? | yes, no", "number | How many? | if q1 = yes"]


def test_a_form_is_a_list_of_lines_or_of_objects():
    bodies = [
        NewProject.model_validate_json(json.dumps({**SENT, **more})) for more in ({"form": ASKED}, {"question": LINES})
    ]
    one, other = (form_of_keys(body.keys, "EUR") for body in bodies)
    assert one.kind == other.kind == "form"
    assert one.options == other.options
    assert [each.text for each in questions_of(one.options or ())] == ["A car?", "How many?"]


@pytest.mark.parametrize("more", [{"confidence": True}, {"confidence": "0.9"}, {"threshold": False}, {"project": "7"}])
def test_a_review_is_not_guessed_at(more: dict[str, Any]):
    sent = {"project": 7, "input": {"text": "street"}, "prediction": "yes", "confidence": 1}
    assert NewReview.model_validate_json(json.dumps(sent)).confidence == 1.0
    with pytest.raises(ValidationError):
        NewReview.model_validate_json(json.dumps({**sent, **more}))


@pytest.mark.parametrize("key", ["options", "criteria"])
def test_a_value_of_several_is_not_read_as_two(key: str):
    """“Yes|no” beside “perhaps” would be three options, and the one option “yes, no” two."""
    sent = {**SENT, "tasks": [{"text": "street"}]}
    for wrong in (["yes|no", "perhaps"], ["yes|no"], "yes|no"):
        with pytest.raises(ValidationError, match=key):
            NewProject.model_validate_json(json.dumps(sent | {key: wrong}))
    body = NewProject.model_validate_json(json.dumps(sent | {"options": ["yes, no", "perhaps"], "kind": "compare"}))
    assert form_of_keys(body.keys, "EUR").options == ("yes, no", "perhaps")
    body = NewProject.model_validate_json(json.dumps(sent | {"criteria": ["Clear, and short?"]}))
    (question,) = questions_of(form_of_keys(body.keys, "EUR").options or ())
    assert question.text == "Clear, and short?"


def test_a_question_in_json_keeps_what_separates_in_a_caption():
    asked = [{"kind": "text", "text": "One | two?"}, {"kind": "text", "text": "Three?"}]
    form = NewProject.model_validate_json(json.dumps({**SENT, "tasks": [{"text": "street"}], "form": asked}))
    assert [each.text for each in questions_of(form_of_keys(form.keys, "EUR").options or ())] == [
        "One | two?",
        "Three?",
    ]


@pytest.mark.parametrize("header", [True, False])
def test_a_header_is_true_or_false(header: bool):
    body = NewProject.model_validate_json(json.dumps({**SENT, "options": ["yes", "no"], "header": header}))
    assert form_of_keys(body.keys, "EUR").header is header


@pytest.mark.parametrize(
    ("said", "pay"),
    [("0.05", 50_000), ("12.5", 12_500_000), ("1", 1_000_000), ("1.125", 1_125_000), ("0.125", 125_000),
     ("1.1250", 1_125_000), ("1e-6", 1), ("0.123456", 123_456)],
)  # fmt: skip
def test_pay_is_as_exact_as_a_number_says(said: str, pay: int):
    for written in (said, *([f'"{said}"'] if "e" not in said else [])):
        sent = json.dumps({**SENT, "options": ["yes", "no"], "pay": 0}).replace('"pay": 0', f'"pay": {written}')
        assert form_of_keys(NewProject.model_validate_json(sent).keys, "EUR").pay == pay


@pytest.mark.parametrize("said", [0.1234567, 12.00000001])
def test_pay_below_a_millionth_is_refused_and_never_rounded(said: float):
    body = NewProject.model_validate_json(json.dumps({**SENT, "options": ["yes", "no"], "pay": said}))
    with pytest.raises(FormRefused) as refused:
        form_of_keys(body.keys, "EUR")
    assert [(each["key"], each["expected"]) for each in refused.value.errors] == [("pay", "amount_decimals")]
