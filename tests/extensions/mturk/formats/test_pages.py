"""Strangers' pages: every way in which they name Amazon's addresses leads here, and what is read on them is found."""

import re

import pytest

from extensions.mturk.formats.pages import (
    ON_A_PHONE,
    PagePlace,
    get_visible_text,
    list_unanswered_fields,
    put_in_place,
    read_attributes,
    read_tags,
)

SUBMIT, SCRIPTS = "https://h/app/hit/3T/mturk/externalSubmit", "https://h/app/page/1"
PLACE = PagePlace(SUBMIT, SCRIPTS, "https://h/app/hit/3T/storage", '{"local":{"a":"\\"<"},"cookies":{}}', "Send")


@pytest.mark.parametrize(
    "form",
    [
        '<form action="https://www.mturk.com/mturk/externalSubmit">',
        "<FORM method=post ACTION='http://workersandbox.mturk.com/mturk/externalSubmit'>",
        '<form action="//www.mturk.com/mturk/externalSubmit">',
        '<form action = "/mturk/externalSubmit">',
    ],
)
def test_a_form_goes_to_this_house(form: str) -> None:
    assert SUBMIT in put_in_place(form, PLACE).partition("<meta name")[2]


@pytest.mark.parametrize(
    ("script", "ours"),
    [
        ("https://assets.crowd.aws/crowd-html-elements.js", "crowd.js"),
        ("//assets.crowd.aws/v1/crowd-html-elements-without-ce-polyfill.js", "crowd.js"),
        ("https://s3.amazonaws.com/mturk-public/externalHIT_v1.js", "external_hit.js"),
        ("http://mturk-public.s3.amazonaws.com/externalHIT_v1.js", "external_hit.js"),
    ],
)
def test_amazons_scripts_are_ours(script: str, ours: str) -> None:
    found = put_in_place(f'<script src="{script}"></script>', PLACE)
    assert f'<script src="{SCRIPTS}/{ours}"></script>' in found
    assert script not in found


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><p>x", "<html lang=en><p>x", "<html><head class=a><title>t</title></head><p>x", "<p>x"]
)
def test_our_script_comes_before_any_of_theirs(page: str) -> None:
    found = put_in_place(page + "<script>theirs()</script>", PLACE)
    assert found.index("hit.js") < found.index("theirs")
    assert found.index("<p>x") > found.index("hit.js")
    assert found.lower().startswith("<!doctype") == page.lower().startswith("<!doctype")


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><!-- <head> goes here --><html><head><title>t</title></head>",
        "<!doctype html><html><script>first()</script><head></head>",
        "\ufeff <!-- a --><!--> <!-- <!doctype x> -->\n<!DOCTYPE HTML PUBLIC 'x'><html><head>",
        "<!-- no end <head>",
    ],
)
def test_our_script_is_the_first_that_runs(page: str) -> None:
    """A head in a comment took it along, and a script before the head ran first."""
    page += "<form>"
    found = put_in_place(page, PLACE)
    before, _, after = found.partition('<meta charset="utf-8"><script src=')
    assert after
    assert before == "" or before.lower().endswith(("<!doctype html>", "'x'>"))
    assert page == before + after.partition("</script>")[2].removeprefix(ON_A_PHONE)


FORM = (
    f'<form name="mturk_form" method="post" id="mturk_form" action="{SUBMIT}">'
    '<input type="hidden" value="" name="assignmentId"'
)


@pytest.mark.parametrize(
    ("before", "page", "after"),
    [
        ("<!-- a <body> --><head><title>t</title></head>", "<p>x<script>'</body>'</script>", ""),
        ('<!doctype html><html><body class="a>b">', "<p>x", "</body></html>"),
        ("", '<script src="a.js"></script><p>x', ""),
        ("<head></head><body>", '<input name="q"><textarea></body></textarea>', "</BODY>"),
    ],
)
def test_a_page_without_a_form_gets_that_of_amazons_site(before: str, page: str, after: str) -> None:
    """Layouts rely on its names. The page had nothing to press, and no way to answer."""
    found = put_in_place(before + page + after, PLACE)
    at = found.index(FORM)
    assert found[at:].partition('id="assignmentId">')[2].startswith(page)
    end = found[found.index(page, at) + len(page) :]
    assert re.match(r'<p [^>]+><input type="submit" id="submitButton" value="Send"[^>]*></p></form>', end)
    assert end.endswith(f"</form>{after}")
    assert found[:at].endswith(before[-8:])


@pytest.mark.parametrize(
    "page",
    [
        "<form><input name=q></form>",
        "<crowd-form></crowd-form>",
        "<script>post(turkSubmitTo + '/mturk/externalSubmit')</script>",
        "<script>const f = document.createElement('form')</script>",
    ],
)
def test_a_page_that_makes_its_own_form_gets_no_other(page: str) -> None:
    """A form within a form is left out by browsers."""
    found = put_in_place(page, PLACE)
    assert "submitButton" not in found
    assert "mturk_form" not in found


def test_a_page_with_a_button_of_that_name_keeps_it() -> None:
    found = put_in_place("<p>x<button id='submitButton'>Go</button>", PLACE)
    assert found.count("submitButton") == 1
    assert found.endswith("</button></form>")


def test_tags_in_comments_scripts_and_quotes_are_none() -> None:
    page = "<!-- <b> --><i title='<b>' data-x=1><script>'<b>'</script ><TITLE><b></title>< b><b/><u"
    assert [tag.name for tag in read_tags(page)] == ["i", "script", "/script", "title", "/title", "b"]
    (first, *_) = read_tags(page)
    assert read_attributes(page[first.start : first.end]) == {"title": "<b>", "data-x": "1"}
    assert read_attributes("<input\nREQUIRED name=a  value = 'b c' name=d>") == {
        "required": "",
        "name": "a",
        "value": "b c",
    }


def test_what_is_read_on_a_page_is_neither_script_nor_style() -> None:
    page = (
        "Before <style>p {}</style><p>Is&nbsp;it <b>warm</b>?<script>if (a<b) { x('</p>') }</script> 3 &lt; 4</p> end"
    )
    assert get_visible_text(page) == "Before Is it warm ? 3 < 4 end"


def test_hostile_pages_are_read_in_one_walk() -> None:
    """Expressions without bounds took 8.6 s for the first of these."""
    for piece in (
        "<head ",
        "//assets.crowd.aws/",
        "<script ",
        "name  =",
        "action   ",
        "<!doctype ",
        "<!--",
        "<!-->",
        "<input name ",
        "<a b='",
        '<i "',
        "<title>",
    ):
        page = piece * (65_000 // len(piece))
        assert "hit.js" in put_in_place(page, PLACE)
        assert len(get_visible_text(page)) <= len(page)
        assert list_unanswered_fields(page) == {}
