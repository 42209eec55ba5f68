"""Answers as programs read them: XML that any parser takes, whatever a worker wrote."""

from xml.etree import ElementTree

import pytest

from domain.mturk.questions import PageQuestion
from formats.mturk import answers

NO_XML = "\0\x08\x1f\ufffe\uffff"


@pytest.mark.parametrize("sign", [*NO_XML])
def test_what_no_xml_carries_is_left_out_of_a_name_and_of_an_answer(sign: str):
    written = answers.written(PageQuestion("<p>?</p>", "", 0), {f"wa{sign}rm": f"y{sign}es & <\n\u200f\U0001f600>"})
    (answer,) = ElementTree.fromstring(written.encode())
    assert [each.text for each in answer] == ["warm", "yes & <\n\u200f\U0001f600>"]
