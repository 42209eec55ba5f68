"""HITLayoutIds: a question with placeholders that its requester brought from Amazon, filled in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from domain.mturk.errors import INVALID, NO_LAYOUT, RequestError
from domain.mturk.ids import Kind
from services.act import Act
from services.mturk import names

_PLACE = re.compile(r"\$\{\s*([A-Za-z0-9_.-]{1,100})\s*\}")
_SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"


def places(template: str) -> list[str]:
    return sorted(set(_PLACE.findall(template)))


def filled(act: Act, layout: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """The Question's XML. Raises RequestError."""
    template = act.unit.turk_imports.layout(act.person.id, names.numbered(act, Kind.LAYOUT, layout), layout)
    if template is None:
        raise RequestError(
            NO_LAYOUT,
            f"Layout {layout} does not exist. Layouts of Amazon's site stayed there:"
            " register their HTML here with pouce mturk import.",
        )
    given = {each.get("Name", ""): each.get("Value", "") for each in parameters}
    missing = [place for place in places(template) if place not in given]
    if missing:
        raise RequestError(INVALID, f"HITLayoutParameters needs {', '.join(missing[:10])}.")
    if template.lstrip().startswith("<?xml") or "QuestionForm" in template[:500]:
        return _PLACE.sub(lambda place: escape(given[place[1]]), template)
    html = _PLACE.sub(lambda place: given[place[1]], template).replace("]]>", "]]]]><![CDATA[>")
    content = f"<HTMLContent><![CDATA[{html}]]></HTMLContent><FrameHeight>0</FrameHeight>"
    return f'<HTMLQuestion xmlns="{_SCHEMA}">{content}</HTMLQuestion>'
