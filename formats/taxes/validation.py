"""Validation of a return against a schema. What is wrong is told by place, never by value."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from xmlschema import XMLResource, XMLSchema10, XMLSchemaException

FRENCH = files("formats.taxes") / "schemas" / "DPIXML_v1.1-fr1.xsd"
SELLER, REFERENCE = "ReportableSeller", "DocRefId"


class BadSchema(Exception):
    """It is not there, or is no XML schema."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """`element` is what does not fit, within the `seller`-th seller; 0 is the rest of the message."""

    seller: int
    element: str


def flaws(file: Path, schema: Path) -> Iterator[Flaw]:
    """Empty where the file is valid."""
    known = _schema(str(schema))
    resource = XMLResource(str(file), lazy=False)
    places = {id(each): at for at, each in enumerate(resource.root.iter(f"{{{known.target_namespace}}}{SELLER}"), 1)}
    parents = {id(child): parent for parent in resource.root.iter() for child in parent}
    for error in known.iter_errors(resource):
        element: Any = error.elem
        yield Flaw(_seller(element, places, parents), "" if element is None else str(element.tag).rpartition("}")[2])


@cache
def _schema(path: str) -> XMLSchema10:
    """Built once: it takes longer than to validate a hundred sellers."""
    try:
        return XMLSchema10(path)
    except (XMLSchemaException, OSError):
        raise BadSchema from None


def _seller(element: Any, places: dict[int, int], parents: dict[int, Any]) -> int:
    while element is not None:
        if id(element) in places:
            return places[id(element)]
        element = parents.get(id(element))
    return 0
