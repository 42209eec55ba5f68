"""What an admin is shown of a HIT's question, and what is looked through for words."""

from domain.fairness.first_look import Flag, find_flags
from extensions.mturk.formats import question as questions
from extensions.mturk.formats.pages import describe_question
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_pages import external, html

PHISHING = """<!doctype html><title>x</title><h1>Log in to your Telegram</h1>
<p>Type the code that Telegram sent you</p><form action="https://collect.example/take">
<input type="hidden" name="assignmentId"><input name="code" autocomplete="one-time-code" placeholder="12345">
<input type=password name=secret><input id="phone" type="tel"><select name="size"><option>S</select>
<textarea name="why"></textarea><input type="submit" value="Continue"></form>
<img src="//pictures.example/a.png"><script>say("Your bank account")</script>"""


def flags_of(page: str) -> set[Flag]:
    return {found.flag for found in find_flags(describe_question(questions.read_question(html(page))).words)}


def test_a_page_shows_its_words_its_fields_and_the_hosts_it_names() -> None:
    look = describe_question(questions.read_question(html(PHISHING)))
    assert look.text == "Log in to your Telegram Type the code that Telegram sent you S"
    assert look.fields == (
        "code (text, one-time code)",
        "secret (password)",
        "phone (tel, phone number)",
        "size (select)",
        "why (textarea)",
    )
    assert look.hosts == ("collect.example", "pictures.example")
    assert {Flag.ACCOUNTS, Flag.CONTACTS, Flag.MONEY, Flag.LINKS} <= flags_of(PHISHING)


def test_words_are_found_wherever_a_page_can_hold_them() -> None:
    """A page that was read as plain text alone showed none of these."""
    for page in (
        "<p>Your p&#97;ssword</p>",
        '<input placeholder="Your password">',
        '<input type="password">',
        "<input autocomplete=one-time-code>",
        "<script>show('your password')</script>",
        "<p onclick=\"alert('your password')\">x</p>",
        '<iframe srcdoc="&lt;p>your password"></iframe>',
        '<img alt="your password">',
    ):
        assert Flag.ACCOUNTS in flags_of(page), page
    assert flags_of("<p>Is the cat black?</p><input name=cat><input type=submit value=Go>") == set()


def test_an_address_and_all_of_a_form_are_shown() -> None:
    assert (
        describe_question(questions.read_question(external("https://lab.example/ad?n=1"))).address
        == "https://lab.example/ad?n=1"
    )
    look = describe_question(questions.read_question(form("it purrs")))
    assert look.text.splitlines()[0].startswith("Look at the sentence: it purrs") or "it purrs" in look.text
    for part in ("Which animal is it?", "• A cat", "• A dog & more", "Why?"):
        assert part in look.text.splitlines()
