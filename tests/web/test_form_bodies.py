"""A form as a program sends it: as lines, or as objects."""

import json

from domain.projects.form_questions import questions_of
from services.projects.forms import form_of_keys
from web.api.bodies import NewProject

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
