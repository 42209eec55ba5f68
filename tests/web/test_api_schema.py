"""What the published schema allows, the checks take; what it forbids is refused with the name of the field."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.refusals import FormRefused
from formats.captions.caption import PARSERS
from formats.captions.questions import JSON_PARTS
from formats.writing import PAGED, WRITERS
from services.projects.wizard import form_of_keys
from web.api import openapi
from web.api.bodies import LaunchQuery, NewProject, PageQuery, write_caption_value
from web.api.endpoint import malformed
from web.api.exports import TableQuery
from web.api.table import ENDPOINTS

BODIES = sorted({each.body for each in ENDPOINTS if each.body} - {NewProject}, key=lambda body: body.__name__)
VALUES: tuple[Any, ...] = (
    *(True, False, None, 0, 1, 1.0, 1.5, -1, 10**16, "", "a", "0.05", "1_000", "1"),
    *("a\0b", [], ["a"], ["a\0b"], [1], {}, {"a": 1}),
)
VALID: dict[str, Any] = {
    "title": "Forged", "instructions": "Read it.", "pay": "0.05", "options": ["a", "b"], "tasks": [{"text": "x"}],
    "overlap": 3, "who": ["country=FR"], "extra": 1, "last": 1, "name": "anna/reviews", "token": "hf_12345678",
    "url": "https://pouce.example/hook", "lines": ["name: x"],
    "amount": "1", "worker": "w1", "reason": "Because.", "line": 1, "task": "t1", "answers": ["a"], "stands": True,
    "answer": "It is.", "what": "all", "project": 1, "input": {"text": "x"}, "prediction": "a",
}  # fmt: skip


OWN_VALUES: dict[str, dict[str, Any]] = {
    "MoreOfTasks": {"tasks": ["r1"]},
    "NewBlock": {"reason": "Two answers in a second."},
}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_the_checks_of_a_body_are_those_of_its_schema(body: Any):
    check = jsonschema_rs.Draft202012Validator(body.model_json_schema())
    known = {**VALID, **OWN_VALUES.get(body.__name__, {})}
    valid = {name: known[name] for name in body.model_fields if name in known}
    for name in body.model_fields:
        for value in VALUES:
            sent = {**valid, name: value}
            refusal = _refusal(body, sent)
            assert check.is_valid(sent) is (refusal is None), (name, value, refusal)
            assert refusal is None or name in refusal


def _refusal(body: Any, sent: dict[str, Any]) -> str | None:
    """Return the sentence that refuses what was sent, or None where the checks take it."""
    try:
        body.model_validate_json(json.dumps(sent))
    except ValidationError as error:
        return malformed(error).detail
    return None


WHO_CODES = ("who", "who_title", "who_country", "who_says", "who_project", "who_limit", "who_never", "who_at_most")
CONDITION_CODES = ("question_condition", "question_value", "question_order", "question_never", "question_name")
QUESTION_CODES = (
    *CONDITION_CODES, "question_line", "question_kind", "question_text", "question_options", "question_no_options",
    "option_text", "option_once", "option_length", "options_at_least", "options_at_most", "option_without",
    "two_compared",
)  # fmt: skip
FORM_CODES = (*CONDITION_CODES, "option_once", "two_compared")


# What the reader alone refuses, by the code of its refusal, and why JSON Schema cannot say it.
BEYOND_SCHEMA = {
    "overlap": {"at_least_overlap": "two numbers are compared"},
    "pay": {"amount_decimals": "multiples of a millionth are not exact in binary fractions"},
    "instructions": {"length": "the lengths of elements are added up"},
    "options": {"option_once": "equal but for case and blanks"},
    "criteria": {"criteria": "equal in what their columns are called"},
    "checks": {"checks": "the number in a text has bounds"},
    "who": dict.fromkeys(WHO_CODES, "names in any language; conditions that exclude each other"),
    "question": dict.fromkeys(QUESTION_CODES, "a line has a grammar, and names earlier lines"),
    "form": dict.fromkeys(FORM_CODES, "a condition names an earlier question and one of its answers"),
    "example": {"one_of": "an answer is compared with the options"},
}
SCHEMA = NewProject.model_json_schema()
CHECK = jsonschema_rs.Draft202012Validator(SCHEMA)
KEYS = sorted(name for name in NewProject.model_fields if name != "tasks")


@pytest.mark.parametrize("key", KEYS)
def test_api_and_schema_agree_on_values_of_any_type(key: str):
    for value in VALUES:
        assert_agreement(key, {**_body_beside(key), key: value})


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_api_and_schema_agree_on_each_key_of_a_project(data: st.DataObject):
    key = data.draw(st.sampled_from(KEYS))
    value = data.draw(_values_of(SCHEMA["properties"][key]))
    for near in (value, *_neighbours(value)):
        sent = {**_body_beside(key), key: near}
        assert_agreement(key, sent)


def _values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that the schema allows, its bounds among them."""
    if "$ref" in schema:
        return _values_of(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([_values_of(choice) for choice in choices])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    low, high = schema.get("minimum"), schema.get("maximum")
    length = schema.get("maxLength", 10_000)
    match schema["type"]:
        case "integer":
            return st.sampled_from([low, high]) | st.integers(low, high)
        case "number":
            return st.sampled_from([low, high]) | st.floats(low, high)
        case "string":
            return st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) <= length)
        case "array":
            most = min(schema.get("maxItems", 3), 3)
            return st.lists(_values_of(schema["items"]), min_size=schema.get("minItems", 0), max_size=most)
        case "object":
            needed = {name: _values_of(schema["properties"][name]) for name in schema["required"]}
            more = {name: _values_of(part) for name, part in schema["properties"].items() if name not in needed}
            return st.fixed_dictionaries(needed, optional=more)
        case plain:
            return {"boolean": st.booleans(), "null": st.none()}[plain]


def assert_agreement(key: str, sent: dict[str, Any]) -> None:
    """Assert that the API takes what the schema allows and nothing else, but for BEYOND_SCHEMA."""
    refusal, codes = _refusal_of_project(sent)
    if refusal and codes and codes <= BEYOND_SCHEMA.get(key, {}).keys():
        return
    assert CHECK.is_valid(sent) is (refusal is None), (sent, refusal)


def _refusal_of_project(sent: dict[str, Any]) -> tuple[str | None, set[str]]:
    """Return the sentence or the errors by which the API refuses it, None if it does not, and the reader's codes."""
    if refusal := _refusal(NewProject, sent):
        return refusal, set()
    try:
        form_of_keys(NewProject.model_validate_json(json.dumps(sent)).keys, "EUR")
    except FormRefused as refused:
        return str(refused.errors), {error["expected"] for error in refused.errors}
    return None, set()


def _body_beside(key: str) -> dict[str, Any]:
    """Return a body that is complete but for this key."""
    body = {name: VALID[name] for name in ("title", "instructions", "pay", "tasks")}
    if key == "file":
        del body["tasks"]
    return body | {"checks": {"kind": "photo"}, "max_overlap": {"overlap": 1}}.get(key, {})


def _neighbours(value: Any) -> Iterator[Any]:
    """Yield values that differ a little: one more or less, twice as long, with a sign at its start or end, without an
    element or with one twice."""
    if isinstance(value, bool) or value is None:
        yield from (str(value), 0)
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, -value, str(value), [value])
    elif isinstance(value, str):
        yield from (value[:-1], value * 2, value.upper(), [value], [value, value], {"text": value})
        for sign in ("\0", "|", ",", "\n", " ", "é", "\ud7ff"):
            yield from (sign + value, value + sign)
    elif isinstance(value, list):
        yield from (value[:-1], value * 2, [*value, *value[:1]], [*value, 1], [*value, None], [*value, ""])
        for element in value[:1]:
            yield from ([near, *value[1:]] for near in _neighbours(element))
    elif isinstance(value, dict):
        yield {**value, "more": 1}
        for name in value:
            yield {part: value[part] for part in value if part != name}
            yield from ({**value, name: near} for near in _neighbours(value[name]))


@pytest.mark.parametrize(
    ("key", "last", "beyond"),
    [("title", "é" * 200, "é" * 201), ("instructions", "é" * 3000, "é" * 3001), ("pay", "1000000", "1000000.01"),
     ("pay", "0.000001", "0.0000001"), ("instructions", ["a"] * 50, ["a"] * 51), ("kind", "regions", "region"),
     ("options", [f"{n:0100}" for n in range(50)], [f"{n:0101}" for n in range(50)]),
     ("options", [str(n) for n in range(50)], [str(n) for n in range(51)]), ("overlap", 1000, 1001), ("overlap", 1, 0),
     ("confidence", 0.999, 0.9991), ("confidence", 0.5, 0.4999), ("confidence", 0.91234567890123, 1),
     ("accept", "review", "later"), ("template", "x" * 1000, "x" * 1001), ("minutes", 10_080, 10_081),
     ("seconds", 86_400, 86_401), ("minutes_per_task", 1440, 1441), ("purpose", "x" * 500, "x" * 501),
     ("content", "self_harm", "boring"), ("ai", "x" * 64, "x" * 65), ("languages", ["fr-ca"], ["français"]),
     ("criteria", [f"{n:040}" for n in range(10)], [f"{n:040}" for n in range(11)]),
     ("criteria", ["x" * 300], ["x" * 301]), ("reason", "x" * 300, "x" * 301), ("compare", "ties", "tied"),
     ("picture", ["https://x.org/" + "é" * 0 + str(n) for n in range(5)], [f"https://x.org/{n}" for n in range(6)]),
     ("picture", f"https://x.org/{'x' * 986}", f"https://x.org/{'x' * 987}"),
     ("example", ["a|b"] * 5, ["a|b"] * 6), ("example", f"{'x' * 300}|b", f"{'x' * 301}|b"),
     ("example", f"a|{'x' * 100}|{'x' * 200}", f"a|{'x' * 100}|{'x' * 201}"), ("header", True, "perhaps"),
     ("file", f"https://x.org/{'x' * 2034}", f"https://x.org/{'x' * 2035}"), ("file", "http://x:65535", "http://x:65536"),
     ("question", ["number | How many?"] * 20, ["number | How many?"] * 21), ("who", ["invited"], ["invited"] * 21),
     ("form", [{"kind": "text", "text": "x" * 300}], [{"kind": "text", "text": "x" * 301}]),
     ("form", [{"kind": "text", "text": "x", "name": "x" * 40}], [{"kind": "text", "text": "x", "name": "x" * 41}]),
     ("checks", ["no blurred", "short=3"], ["no blurry"]), ("media", "https://x.org/a.zip", "ftp://x.org/a.zip")],
)  # fmt: skip
def test_the_limits_of_the_schema_are_those_of_the_reader(key: str, last: Any, beyond: Any):
    """Of each key the last value that is allowed, and the first that is not: for the schema, the API and a caption."""
    beside = _body_beside(key)
    assert CHECK.is_valid({**beside, key: last})
    assert_agreement(key, {**beside, key: last})
    assert not CHECK.is_valid({**beside, key: beyond})
    assert_agreement(key, {**beside, key: beyond})
    keys = {name: value for name, value in beside.items() if name != "tasks"}
    with pytest.raises(FormRefused) as refused:
        form_of_keys({**keys, key: write_caption_value(key, beyond)}, "EUR")
    assert key in {error["key"] for error in refused.value.errors}


def test_every_key_of_a_caption_can_be_sent_as_json():
    assert NewProject.model_fields.keys() - {"tasks"} == PARSERS.keys()
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["$defs"]["FormQuestion"]["properties"].keys() == set(JSON_PARTS)


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
