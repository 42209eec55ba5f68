"""`pouce mturk import`: what a requester saved from Amazon becomes theirs here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.mturk import former_workers
from domain.mturk.errors import INVALID, RequestError
from domain.mturk.ids import Kind
from domain.people.qualifications import QualificationType
from domain.records import changed
from formats.mturk.saved import Saved
from services.act import Act
from services.mturk import layouts, names, qualification_types
from services.mturk.creating import read_question

MEMBERS = (
    *("Description", "Keywords", "RetryDelayInSeconds", "Test", "AnswerKey", "TestDurationInSeconds"),
    *("AutoGranted", "AutoGrantedValue"),
)
PARAMETERS = {
    "Description": "description",
    "Keywords": "keywords",
    "RetryDelayInSeconds": "retry_delay_in_seconds",
    "Test": "test",
    "AnswerKey": "answer_key",
    "TestDurationInSeconds": "test_duration_in_seconds",
    "AutoGranted": "auto_granted",
    "AutoGrantedValue": "auto_granted_value",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """Ids by the names or ids that things had at Amazon, and how many values of workers."""

    layouts: Mapping[str, str]
    types: Mapping[str, str]
    values: int


def bring(act: Act, saved: Saved) -> Imported:
    """All or nothing; what was brought before is brought up to date. Raises RequestError."""
    kept = {name: _layout(act, name, text) for name, text in saved.layouts.items()}
    types = {each["Name"]: _type(act, each) for each in saved.types}
    by_id = {each["QualificationTypeId"]: types[each["Name"]] for each in saved.types if "QualificationTypeId" in each}
    for value in saved.values:
        type_ = by_id.get(value.type) or types.get(value.type) or _known(act, value.type)
        _check_asks(type_)
        act.unit.turk_imports.keep_value(type_.id, former_workers.hash_of(value.worker), value.value)
        if type_.test is None:
            types[type_.name] = by_id[value.type] = _asking(act, type_)
    ids = {name: names.named(act, Kind.QUALIFICATION_TYPE, each.id) for name, each in types.items()}
    return Imported(kept, ids, len(saved.values))


def _layout(act: Act, name: str, text: str) -> str:
    number = act.unit.turk_imports.keep_layout(act.person.id, name, text)
    found = names.named(act, Kind.LAYOUT, number)
    given = [{"Name": place, "Value": "x"} for place in layouts.places(text)]
    try:
        read_question(layouts.filled(act, found, given))
    except RequestError as error:
        raise RequestError(error.code, f"layouts/{name}: {error.message}") from None
    return found


def _type(act: Act, members: Mapping[str, Any]) -> QualificationType:
    """Made, or the one of this name; known by Amazon's id, too."""
    known = act.unit.qualifications.named(act.person.id, members["Name"])
    if known is None:
        about = {PARAMETERS[name]: members[name] for name in MEMBERS if members.get(name) is not None}
        status = members.get("QualificationTypeStatus", qualification_types.ACTIVE)
        about.setdefault("description", members["Name"])
        known = qualification_types.create(act, name=members["Name"], qualification_type_status=status, **about)
    if members.get("QualificationTypeId"):
        act.unit.turk_imports.name_type(act.person.id, members["QualificationTypeId"], known.id)
    return known


def _known(act: Act, name: str) -> QualificationType:
    found = act.unit.qualifications.named(act.person.id, name)
    if found is None:
        raise RequestError(INVALID, f"workers.csv: no qualification type is called {name}, or has this id.")
    return found


def _check_asks(type_: QualificationType) -> None:
    """Raises RequestError for a type that has no room for the question who somebody was."""
    if type_.granted_by_itself is not None or type_.test not in (None, former_workers.TEST):
        has = "is AutoGranted" if type_.test is None else "has a Test of its own"
        raise RequestError(
            INVALID,
            f"workers.csv: {type_.name} {has}, so that workers cannot be asked for their id at Amazon, and nobody could"
            " claim these values. Leave them out, or that in qualification-types.json.",
        )


def _asking(act: Act, type_: QualificationType) -> QualificationType:
    """Its test asks workers for the id they had."""
    new = changed(
        type_,
        test=former_workers.TEST,
        test_seconds=former_workers.SECONDS,
        retry_seconds=former_workers.AGAIN if type_.retry_seconds is None else type_.retry_seconds,
    )
    act.unit.qualifications.change(new)
    return new
