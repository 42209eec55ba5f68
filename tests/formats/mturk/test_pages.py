"""Strangers' pages: every way in which they name Amazon's addresses leads here, and what is read on them is found."""

import pytest

from formats.mturk.pages import ON_A_PHONE, housed, unanswered, visible

SUBMIT, SCRIPTS = "https://h/app/hit/3T/mturk/externalSubmit", "https://h/app/page/1"


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
    assert SUBMIT in housed(form, SUBMIT, SCRIPTS).partition("<meta name")[2]


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
    found = housed(f'<script src="{script}"></script>', SUBMIT, SCRIPTS)
    assert f'<script src="{SCRIPTS}/{ours}"></script>' in found
    assert script not in found


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><p>x", "<html lang=en><p>x", "<html><head class=a><title>t</title></head><p>x", "<p>x"]
)
def test_our_script_comes_before_any_of_theirs(page: str) -> None:
    found = housed(page + "<script>theirs()</script>", SUBMIT, SCRIPTS)
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
    found = housed(page, SUBMIT, SCRIPTS)
    before, _, after = found.partition('<meta charset="utf-8"><script src=')
    assert after
    assert before == "" or before.lower().endswith(("<!doctype html>", "'x'>"))
    assert page == before + after.partition("</script>")[2].removeprefix(ON_A_PHONE)


def test_what_is_read_on_a_page_is_neither_script_nor_style() -> None:
    page = (
        "Before <style>p {}</style><p>Is&nbsp;it <b>warm</b>?<script>if (a<b) { x('</p>') }</script> 3 &lt; 4</p> end"
    )
    assert visible(page) == "Before Is it warm ? 3 < 4 end"


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
    ):
        page = piece * (65_000 // len(piece))
        assert "hit.js" in housed(page, SUBMIT, SCRIPTS)
        assert len(visible(page)) <= len(page)
        assert unanswered(page) == {}
