"""QuestionForm into a form for the chat, and its answers back into XML that programs read."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from domain.answers import kind_of
from domain.people.question_forms import OTHER, QuestionForm
from domain.projects.form_questions import answers_by_question, pack_questions, questions_of
from domain.refusals import AnswerUnfit
from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats import question as question_format
from extensions.mturk.formats.question import read_question
from formats.question_forms import XmlFlaw

XSD = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"
FORM = kind_of("questionnaire")


def form(*questions: str, overview: str = "") -> QuestionForm:
    found = read_question(
        f'<QuestionForm xmlns="{XSD}/2017-11-06/QuestionForm.xsd">{overview}{"".join(questions)}</QuestionForm>'
    )
    assert isinstance(found, QuestionForm)
    return found


def question(name: str, answer: str, text: str = "Well?", required: bool = True) -> str:
    return (
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier><IsRequired>{str(required).lower()}</IsRequired>"
        f"<QuestionContent><Text>{text}</Text></QuestionContent>"
        f"<AnswerSpecification>{answer}</AnswerSpecification></Question>"
    )


def selections(*texts: str, style: str = "radiobutton", counts: str = "", other: bool = False) -> str:
    listed = "".join(
        f"<Selection><SelectionIdentifier>s{n}</SelectionIdentifier><Text>{text}</Text></Selection>"
        for n, text in enumerate(texts)
    )
    also = "<OtherSelection/>" if other else ""
    return (
        f"<SelectionAnswer>{counts}<StyleSuggestion>{style}</StyleSuggestion>"
        f"<Selections>{listed}{also}</Selections></SelectionAnswer>"
    )


def free(constraints: str = "") -> str:
    return f"<FreeTextAnswer><Constraints>{constraints}</Constraints></FreeTextAnswer>"


def handed_in(asked: QuestionForm, *steps: str) -> str:
    """The answer as it is stored."""
    return FORM.parse_answer(json.dumps(list(steps)), pack_questions(asked.form_questions))


def written(asked: QuestionForm, *steps: str) -> list[list[str | None]]:
    found = question_format.write_answer_xml(asked, answers_by_question(handed_in(asked, *steps)))
    return [[part.text for part in answer] for answer in ET.fromstring(found)]


def test_one_press_comes_back_as_its_identifier():
    asked = form(question("q", selections("Yes", "No")))
    assert [each.options for each in asked.form_questions] == [("Yes", "No")]
    assert written(asked, "No") == [["q", "s1"]]


def test_several_are_chosen_within_their_bounds():
    counts = "<MinSelectionCount>1</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>"
    asked = form(question("q", selections("a|b", "b", "c", style="checkbox", counts=counts)))
    (only,) = questions_of(pack_questions(asked.form_questions))
    assert only.options == ("a¦b", "b", "c")
    assert written(asked, "a¦b|c") == [["q", "s0", "s2"]]
    assert only.fit("b|c") == "b|c"
    with pytest.raises(AnswerUnfit) as error:
        only.fit("a¦b|b|c")
    assert (error.value.what, error.value.limit) == ("too_many", 2)


def test_another_selection_is_followed_by_words():
    asked = form(question("q", selections("Yes", "No", other=True)), question("r", free()))
    assert [each.name for each in asked.form_questions] == ["q", "q\u241fother", "r"]
    assert written(asked, OTHER, "Perhaps <so>", "x") == [["q", "Perhaps <so>"], ["r", "x"]]
    assert "<OtherSelectionText>Perhaps &lt;so&gt;</OtherSelectionText>" in question_format.write_answer_xml(
        asked, answers_by_question(handed_in(asked, OTHER, "Perhaps <so>", "x"))
    )
    assert written(asked, "Yes", "x") == [["q", "s0"], ["r", "x"]]


def test_selections_of_one_text_keep_apart():
    asked = form(question("q", selections("same", "same")))
    assert asked.form_questions[0].options == ("same", "same (2)")
    assert written(asked, "same (2)") == [["q", "s1"]]


@pytest.mark.parametrize(
    ("constraints", "good", "bad", "what"),
    [
        ('<Length minLength="3" maxLength="5"/>', "four", "ab", "too_short"),
        ('<Length minLength="3" maxLength="5"/>', "four", "sixsix", "too_long"),
        ('<IsNumeric minValue="1" maxValue="10"/>', "10", "11", "too_great"),
        ('<IsNumeric minValue="1" maxValue="10"/>', "1", "0", "too_small"),
        ('<AnswerFormatRegex regex="^[0-9]{5}$" errorText="A zip code"/>', "75001", "7500", "pattern"),
        ('<AnswerFormatRegex regex="yes" flags="i"/>', "oh YES", "no", "pattern"),
    ],
)
def test_words_are_held_to_their_constraints(constraints: str, good: str, bad: str, what: str):
    (only,) = form(question("q", free(constraints))).form_questions
    assert only.fit(good) == good
    with pytest.raises(AnswerUnfit) as error:
        only.fit(bad)
    assert error.value.what == what


def test_a_pattern_that_explodes_elsewhere_is_read_in_linear_time():
    (only,) = form(question("q", free('<AnswerFormatRegex regex="^(a+)+$"/>'))).form_questions
    with pytest.raises(AnswerUnfit):
        only.fit("a" * 1_900 + "!")


def test_what_was_left_out_comes_as_an_empty_text_in_its_place():
    asked = form(question("q", free(), required=False), question("r", free()))
    assert written(asked, "", "here") == [["q", None], ["r", "here"]]
    assert "<FreeText/>" in question_format.write_answer_xml(asked, {"r": "here"})


def test_programs_read_answers_by_regular_expressions():
    asked = form(question("q", free()))
    said = json.dumps({"tone": {"label": 'Rude "& <co>'}})
    found = question_format.write_answer_xml(asked, answers_by_question(handed_in(asked, said)))
    (text,) = re.findall(r"<FreeText>(.*?)</FreeText>", found)
    assert '"tone"' in text
    root = ET.fromstring(found)
    assert json.loads(str(root[0][1].text)) == json.loads(said)
    assert root.tag == f"{{{XSD}/2005-10-01/QuestionFormAnswers.xsd}}QuestionFormAnswers"


def test_content_is_shown_as_lines_and_media():
    overview = (
        "<Overview><Title>Look</Title><Text>At this.</Text>"
        "<List><ListItem>one</ListItem><ListItem>two</ListItem></List>"
        "<Binary><MimeType><Type>image</Type></MimeType><DataURL>https://x.example/a.jpg</DataURL></Binary>"
        "<FormattedContent><![CDATA[<p>A <b>bold</b> <a href='https://x.example'>link</a></p>"
        "<ul><li>x</li></ul>]]>"
        "</FormattedContent></Overview>"
    )
    asked = form(question("q", free()), overview=overview)
    assert asked.text.split("\n") == ["Look", "At this.", "• one", "• two", "A bold link (https://x.example)", "• x"]
    assert asked.media == (("image", "https://x.example/a.jpg"),)


def test_pages_are_read():
    html = (
        f'<HTMLQuestion xmlns="{XSD}/2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<p>&amp;</p>]]></HTMLContent>'
    )
    assert read_question(f"{html}<FrameHeight>450</FrameHeight></HTMLQuestion>") == PageQuestion(
        "<p>&amp;</p>", "", 450
    )
    outside = "<ExternalQuestion><ExternalURL>https://x.example/t?a=1&amp;b=2</ExternalURL></ExternalQuestion>"
    assert read_question(outside) == PageQuestion("", "https://x.example/t?a=1&b=2", 0)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("", "line 1"),
        ("<QuestionForm>", "cannot be read"),
        ("<QuestionForm>\n<Overview>\n</QuestionForm>", "line 3"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><QuestionForm>&a;</QuestionForm>', "document type"),
        ("<QuestionForm></QuestionForm>", "1 to 20 questions"),
        ("<Answers/>", "no question"),
        ("<QuestionForm><Application/></QuestionForm>", "cannot stand in"),
        (f"<QuestionForm>{'<a>' * 60}{'</a>' * 60}</QuestionForm>", "nested"),
        ("x" * 262_145, "262144 bytes"),
        ("<ExternalQuestion><ExternalURL>http://x.example</ExternalURL></ExternalQuestion>", "https"),
        (f"<QuestionForm>{question('q', '<FileUploadAnswer/>')}</QuestionForm>", "answered by"),
        (f"<QuestionForm>{question('q', selections('a') * 1)}{question('q', free())}</QuestionForm>", "of their own"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_line(xml: str, said: str):
    with pytest.raises(XmlFlaw) as flaw:
        read_question(xml)
    assert said in str(flaw.value)


@pytest.mark.parametrize("pattern", ["(", "(?=x)", "a{1,2000}", "x" * 600])
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str):
    with pytest.raises(XmlFlaw, match="AnswerFormatRegex"):
        form(question("q", free(f'<AnswerFormatRegex regex="{pattern}"/>')))
