"""What the published schema allows, the checks take; what it forbids is refused with the name of the field."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from formats.writing import PAGED, WRITERS
from services.projects.wizard import form_of_keys
from web.api import openapi
from web.api.bodies import LaunchQuery, NewProject, PageQuery
from web.api.endpoint import malformed
from web.api.exports import TableQuery
from web.api.table import ENDPOINTS

BODIES = sorted({each.body for each in ENDPOINTS if each.body}, key=lambda body: body.__name__)
VALUES: tuple[Any, ...] = (
    *(True, False, None, 0, 1, 1.0, 1.5, -1, 10**16, "", "a", "0.05", "1_000", "1"),
    *("a\0b", [], ["a"], ["a\0b"], [1], {}, {"a": 1}),
)
VALID: dict[str, Any] = {
    "title": "Forged", "instructions": "Read it.", "pay": "0.05", "options": ["a", "b"], "tasks": [{"text": "x"}],
    "amount": "1", "worker": "w1", "reason": "Because.", "line": 1, "task": "t1", "answers": ["a"], "stands": True,
    "answer": "It is.", "what": "all", "project": 1, "input": {"text": "x"}, "prediction": "a",
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_the_checks_of_a_body_are_those_of_its_schema(body: Any):
    schema = body.model_json_schema()
    check = jsonschema_rs.Draft202012Validator(schema)
    valid = {name: VALID[name] for name in body.model_fields if name in VALID}
    for name in body.model_fields:
        for value in VALUES:
            sent = {**valid, name: value}
            refusal = _refusal(body, sent)
            assert check.is_valid(sent) is (refusal is None), (name, value, refusal)
            assert refusal is None or name in refusal


def _refusal(body: Any, sent: dict[str, Any]) -> str | None:
    """Returns the sentence that refuses what was sent, or None where the checks take it."""
    try:
        body.model_validate_json(json.dumps(sent))
    except ValidationError as error:
        return malformed(error).detail
    return None


def test_an_option_with_nul_is_refused_however_it_comes():
    with pytest.raises(Exception, match=r"options|no_nul|FormRefused") as refused:
        form_of_keys({"title": "T", "instructions": "Read.", "pay": "0.05", "options": "a\0|b"}, "EUR")
    assert "no_nul" in str(vars(refused.value))
    with pytest.raises(ValidationError):
        NewProject.model_validate({**VALID, "options": ["a\0", "b"]})


def test_formats_stand_in_one_table():
    told = TableQuery.model_json_schema()["properties"]["format"]["enum"]
    assert told == [*WRITERS]
    with pytest.raises(ValidationError, match="one of"):
        TableQuery.model_validate({"format": "pdf"})
    paths = openapi.describe_api()["paths"]
    files = paths["/api/v1/projects/{number}/results"]["get"]["responses"]["200"]["content"]
    assert files.keys() == {writer.mime for writer in WRITERS.values()}
    manual = (Path(__file__).parents[2] / "docs/reference/api.md").read_text()
    assert all(f"`{name}`" in manual for name in (*PAGED, *WRITERS))


@pytest.mark.parametrize("said", ["1_000", "+1", " 1", "1.0", "true", "", "-1"])
def test_a_number_of_an_address_is_digits_alone(said: str):
    for query, name in ((TableQuery, "limit"), (PageQuery, "after"), (LaunchQuery, "most")):
        assert query.model_validate({name: "7"}).fields()[name] == 7
        with pytest.raises(ValidationError) as refused:
            query.model_validate({name: said})
        assert name in malformed(refused.value).detail
