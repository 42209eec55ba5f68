"""Inputs are what Amazon's model says, and the copy here is the model that boto3 has."""

import inspect
from typing import Any

import pytest
from botocore.loaders import Loader

from domain.moments import Moment
from extensions.mturk.domain.hits import RequestError
from extensions.mturk.web import faults
from extensions.mturk.web.faults import Fault
from extensions.mturk.web.operations import OPERATIONS

INVALID, RANGE = "AWS.MechanicalTurk.InvalidParameterValue", "AWS.ParameterOutOfRange"
KEPT = {"shape", "type", "required", "members", "member", "min", "max", "pattern", "enum"}


def trimmed(model: Any, names: bool = False) -> Any:
    if isinstance(model, dict):
        kept = {name: each for name, each in model.items() if names or name in KEPT}
        return {name: trimmed(each, name == "members" and not names) for name, each in kept.items()}
    return model


def test_the_copy_is_botocores_model():
    model = Loader().load_service_model("mturk", "service-2")
    operations = {
        name: {"input": each["input"]["shape"], "output": each["output"]["shape"]}
        for name, each in model["operations"].items()
    }
    assert faults.load_model()["operations"] == operations
    assert faults.load_model()["shapes"] == {name: trimmed(shape) for name, shape in model["shapes"].items()}


def test_every_operation_is_in_the_model_and_its_service_takes_its_members():
    for name, operation in OPERATIONS.items():
        shape = faults.load_model()["shapes"][faults.load_model()["operations"][name]["input"]]
        taken = dict(inspect.signature(operation.service).parameters)
        taken.pop("act")
        assert set(taken) == {faults.to_parameter_name(member) for member in shape["members"]}, name
        required = {faults.to_parameter_name(member) for member in shape.get("required", ())}
        assert {each for each, how in taken.items() if how.default is how.empty} == required, name


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"HITId": "3ABC", "ExpireAt": 0}, {"hit_id": "3ABC", "expire_at": Moment(0)}),
        ({"HITId": "3ABC", "ExpireAt": 1795601763.167794}, {"hit_id": "3ABC", "expire_at": Moment(1795601763168)}),
        ({"HITId": "3ABC", "ExpireAt": 1, "IntegerValue": {}}, {"hit_id": "3ABC", "expire_at": Moment(1000)}),
    ],
)
def test_members_are_read(sent: dict[str, Any], read: dict[str, Any]):
    assert faults.read_input("UpdateExpirationForHIT", sent) == read


@pytest.mark.parametrize(
    ("operation", "sent", "code"),
    [
        ("GetHIT", {}, INVALID),
        ("GetHIT", {"HITId": None}, INVALID),
        ("GetHIT", {"HITId": "a-b"}, INVALID),
        ("GetHIT", {"HITId": "A" * 65}, INVALID),
        ("GetHIT", {"HITId": "ABC\n"}, INVALID),
        ("ListHITs", {"MaxResults": 0}, RANGE),
        ("ListHITs", {"MaxResults": 101}, RANGE),
        ("ListAssignmentsForHIT", {"HITId": "A", "AssignmentStatuses": ["No"]}, INVALID),
        ("NotifyWorkers", {"Subject": "\0", "MessageText": "", "WorkerIds": []}, INVALID),
    ],
)  # fmt: skip
def test_what_is_missing_or_out_of_bounds_is_a_request_error(operation: str, sent: dict[str, Any], code: str):
    with pytest.raises(RequestError) as error:
        faults.read_input(operation, sent)
    assert error.value.turk_code == code


@pytest.mark.parametrize(
    "sent",
    [[], "x", {"HITId": 3}, {"HITId": "A", "MaxResults": "9"}, {"HITId": "A", "MaxResults": True},
     {"HITId": "A", "AssignmentStatuses": "Submitted"}, {"HITId": "A", "MaxResults": 1 << 40}],
)  # fmt: skip
def test_a_value_of_another_type_cannot_be_read(sent: Any):
    with pytest.raises(Fault) as error:
        faults.read_input("ListAssignmentsForHIT", sent)
    assert error.value.kind == "SerializationException"
