"""Answers as programs read them: XML that any parser takes, whatever a worker wrote."""

from xml.etree import ElementTree

import pytest

from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats import question

NO_XML = "\0\x08\x1f\ufffe\uffff"


@pytest.mark.parametrize("sign", [*NO_XML])
def test_what_no_xml_carries_is_left_out_of_a_name_and_of_an_answer(sign: str):
    written = question.write_answer_xml(
        PageQuestion("<p>?</p>", "", 0), {f"wa{sign}rm": f"y{sign}es & <\n\u200f\U0001f600>"}
    )
    (answer,) = ElementTree.fromstring(written.encode())
    assert [each.text for each in answer] == ["warm", "yes & <\n\u200f\U0001f600>"]


INPUTS = """<!DOCTYPE html><body><form><input type="hidden" name='assignmentId'><input name=warm type=radio value=yes>
<input type="radio" value="no" NAME="warm"><textarea class=x name="why &amp; how"></textarea>
<select
 name="size"></select><input type="submit" name="go"><input type=file name=film>
<script>"<input name='made'>"</script>"""
CROWD = '<crowd-form answer-format="flatten-objects"><crowd-input name="tone"></crowd-input></crowd-form>'


@pytest.mark.parametrize(
    ("page", "named"),
    [
        (INPUTS, [["warm", None], ["why & how", None], ["size", None]]),
        (CROWD, [["taskAnswers", "[{}]"]]),
        ("<p>made by a script</p>", []),
        ("", []),
    ],
)
def test_a_page_that_nobody_answered_has_its_fields(page: str, named: list[list[str | None]]):
    """A program reads `root[0][1].text` before it looks at the status, and a table has the first row's columns."""
    root = ElementTree.fromstring(question.write_answer_xml(PageQuestion(page, "", 0), {}).encode())
    assert [[each.text for each in answer] for answer in root] == named
    given = ElementTree.fromstring(question.write_answer_xml(PageQuestion(page, "", 0), {"x": "y"}).encode())
    assert [[each.text for each in answer] for answer in given] == [["x", "y"]]
