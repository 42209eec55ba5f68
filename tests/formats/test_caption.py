"""`/newproject` captions: a form, or every problem at once."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.captions.caption import MAX_INSTRUCTION_LINES, ProjectForm, read_caption, read_value
from formats.errors import FormErrors

EXAMPLE = """/newproject
title: Is the review positive?
instructions: Read the review. Is the writer pleased?
kind: choice
options: positive, negative
pay: 0.05
overlap: 3
"""
SHORTEST = "/newproject\ntitle: T\ninstructions: I\npay: 1"


def problems(text: str, currency: str | None = None) -> list[tuple[str, str, str]]:
    with pytest.raises(FormErrors) as refusal:
        read_caption(text, currency)
    assert str(refusal.value)
    return [(error.key, error.value, error.expected) for error in refusal.value.errors]


def test_the_manuals_example_is_read():
    assert read_caption(EXAMPLE) == ProjectForm(
        title="Is the review positive?",
        instructions=("Read the review. Is the writer pleased?",),
        pay=50_000,
        options=("positive", "negative"),
    )


def test_what_is_not_said_has_its_default():
    form = read_caption(SHORTEST)
    assert (form.kind, form.options, form.overlap, form.max_overlap) == ("choice", None, 3, 3)
    assert (form.confidence, form.accept, form.template) == (None, "auto", None)
    assert (form.languages, form.minutes, form.purpose) == ((), 10, "")


def test_everything_can_be_said():
    form = read_caption(
        "/NewProject@pouce_bot\nTITLE: T\nInstructions:\n1. Read: all of it.\n2) Then choose.\n\nkind: Choices\n"
        "options: a, b | c, d\npay: 0,000001 €\noverlap: 2\nmax-overlap: 7\nconfidence: 95 %\naccept: review\n"
        "template: {image}\nWhich? {note}\nlanguages: FR, en fr\nminutes: 30 min\npurpose: To train\na filter"
    )
    assert form == ProjectForm(
        title="T",
        instructions=("Read: all of it.", "Then choose."),
        pay=1,
        kind="choices",
        options=("a, b", "c, d"),
        overlap=2,
        max_overlap=7,
        confidence=0.95,
        accept="review",
        template="{image}\nWhich? {note}",
        languages=("fr", "en"),
        minutes=30,
        purpose="To train\na filter",
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("content: violence", ("violence",)),
        ("Content: Self-harm, MEDICAL; violence, medical", ("self_harm", "medical", "violence")),
        ("contenu : blessures, haine", ("medical", "hate")),
        ("content: none", ()),
        ("content:", ()),
    ],
)
def test_kinds_of_content_are_said_in_any_language(said: str, read: tuple[str, ...]) -> None:
    assert read_caption(f"{SHORTEST}\n{said}").content == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            "who: country=FR, country=belgium|FR, at most=9, at most=5, invited",
            ("country=FR|BE", "at most=5", "invited"),
        ),
        ("qui : pays=Sénégal, bons dans=#7 ; pas dans = 8", ("country=SN", "good in=7", "not in=8")),
        ("WHO: Qualified=Spelling test", ("qualified=Spelling test",)),
        ("who: all", ()),
        ("who:", ()),
    ],
)
def test_who_is_asked_is_said_in_any_language(said: str, read: tuple[str, ...]) -> None:
    assert read_caption(f"{SHORTEST}\n{said}").who == read


def test_each_wrong_condition_is_named_with_what_was_expected() -> None:
    assert problems(f"{SHORTEST}\nwho: country=Narnia, good=7, at most=0, not in=x, qualified=, invited=1, FR") == [
        ("who", "country=Narnia", "who_country"),
        ("who", "good=7", "who"),
        ("who", "at most=0", "who_limit"),
        ("who", "not in=x", "who_project"),
        ("who", "qualified=", "who_title"),
        ("who", "invited=1", "who"),
        ("who", "FR", "who"),
    ]


def test_conditions_that_nobody_meets_together_are_refused() -> None:
    assert problems(f"{SHORTEST}\nwho: not in=3, country=FR, good in=3") == [
        ("who", "not in=3, good in=3", "who_never")
    ]
    assert problems(f"{SHORTEST}\nwho: country=FR, not country=FR") == [
        ("who", "country=FR, not country=FR", "who_never")
    ]
    assert read_caption(f"{SHORTEST}\nwho: not in=3, good in=4").who == ("not in=3", "good in=4")
    assert len(read_caption(f"{SHORTEST}\nwho: country=FR|BE, not country=FR").who) == 2


def test_an_examples_right_answer_is_an_option() -> None:
    asked = f"{SHORTEST}\noptions: yes, no"
    assert problems(f"{asked}\nexample: Lovely | maybe | why") == [("example", "maybe", "one_of")]
    assert read_caption(f"{asked}\nexample: Lovely | YES | why").examples
    assert read_caption(f"{asked}\nkind: choices\nexample: Lovely | yes, no").examples
    assert read_caption(f"{SHORTEST}\nkind: text\nexample: Lovely | anything").examples


def test_an_unknown_kind_of_content_is_refused_with_those_there_are() -> None:
    found = problems(f"{SHORTEST}\ncontent: violence, boring")
    assert found == [("content", "violence, boring", "one_of")]
    assert problems(f"{SHORTEST}\ncontent: none, hate") == [("content", "none, hate", "one_of")]


def test_instructions_have_as_many_lines_as_one_message_shows():
    assert len(read_value("instructions", "Read.\n" * MAX_INSTRUCTION_LINES)) == MAX_INSTRUCTION_LINES
    many = "instructions:\n" + "Read.\n" * (MAX_INSTRUCTION_LINES + 1)
    found = problems(f"/newproject\ntitle: T\n{many}pay: 1")
    assert found == [("instructions", str(MAX_INSTRUCTION_LINES + 1), "lines_at_most")]


def test_french_keys_and_values_are_understood():
    form = read_caption("/newproject\nTitre : T\nConsignes : Lis.\nRéponses: oui, non\nPaie : 0,05 €\ntype: choix")
    assert (form.title, form.instructions, form.options, form.pay) == ("T", ("Lis.",), ("oui", "non"), 50_000)


def test_max_overlap_follows_overlap():
    assert read_caption(SHORTEST + "\noverlap: 9").max_overlap == 9


@pytest.mark.parametrize("said", ["0.05", "0,05", "€0.05", "0.05€", "0,050000 EUR", "eur 0.05", ".05"])
def test_pay_is_written_as_people_write_it(said):
    assert read_value("pay", said, "EUR") == 50_000


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "amount"),
        ("five", "amount"),
        ("-1", "amount"),
        ("1 00", "amount"),
        ("1,000.50", "amount"),
        ("0.05 per answer", "amount"),
        ("0", "amount_positive"),
        ("1,000", "amount_unclear"),
        ("€1.000", "amount_unclear"),
        ("25,500 EUR", "amount_unclear"),
        ("0.0000001", "amount_decimals"),
        ("1000001", "amount_at_most"),
        ("9" * 99, "amount_at_most"),
        ("$0.05", "currency"),
        ("0.05 USD", "currency"),
    ],
)
def test_pay_that_cannot_be_meant_is_refused(said, expected):
    assert [found[2] for found in problems(f"/newproject\ntitle: T\ninstructions: I\npay: {said}", "EUR")] == [expected]


@pytest.mark.parametrize("written", ["best_worst", "Best worst", "best-worst", "meilleur et pire"])
def test_a_kind_of_two_words_is_written_in_any_way(written):
    assert read_value("kind", written) == "best_worst"


@settings(max_examples=50)
@given(st.integers(min_value=1, max_value=10**12))
def test_every_millionth_is_exact(millionths):
    whole, part = divmod(millionths, 1_000_000)
    assert read_value("pay", f"{whole},{part:06}") == millionths


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kind: chois", ("kind", "chois", "one_of")),
        ("options: yes", ("options", "yes", "options_at_least")),
        ("options: yes, or so |", ("options", "yes, or so", "options_at_least")),
        ("options: yes, YES", ("options", "YES", "option_once")),
        ("overlap: 0", ("overlap", "0", "integer")),
        ("overlap: three", ("overlap", "three", "integer")),
        ("max_overlap: 2", ("max_overlap", "2", "at_least_overlap")),
        ("overlap: 2 min", ("overlap", "2 min", "integer")),
        ("confidence: 0.4", ("confidence", "0.4", "decimal")),
        ("confidence: 1", ("confidence", "1", "decimal")),
        ("confidence: NaN", ("confidence", "NaN", "decimal")),
        ("accept: maybe", ("accept", "maybe", "one_of")),
        ("languages: français", ("languages", "français", "language_codes")),
        ("minutes: 10081", ("minutes", "10081", "integer")),
        ("title: again", ("title", "again", "key_once")),
        ("colour: blue", ("colour", "blue", "known_key")),
        ("just words", ("", "just words", "key_value")),
    ],
)
def test_each_problem_is_named(line, expected):
    assert problems(f"{SHORTEST}\n{line}") == [expected]


def test_all_problems_come_together():
    found = problems("/newproject\nkind: x\npay: free\noverlap: 0")
    assert found == [
        ("kind", "x", "one_of"),
        ("pay", "free", "amount"),
        ("overlap", "0", "integer"),
        ("title", "", "required"),
        ("instructions", "", "required"),
    ]


@pytest.mark.parametrize(("typed", "meant"), [("otions", "options"), ("pya", "pay"), ("confiance_", "confidence")])
def test_a_mistyped_key_is_found_even_after_instructions(typed, meant):
    with pytest.raises(FormErrors) as refusal:
        read_caption(f"/newproject\ntitle: T\ninstructions: I\n{typed}: 1\noverlap: 3")
    assert refusal.value.errors[0].facts["suggestion"] == meant


def test_a_colon_in_the_instructions_is_theirs():
    form = read_caption(
        "/newproject\ntitle: T\npay: 1\noptions: a, b\ninstructions: Read.\nNote: slowly.\nOption: a is best"
    )
    assert form.instructions == ("Read.", "Note: slowly.", "Option: a is best")


@pytest.mark.parametrize("text", ["", "hello", "/newprojects\ntitle: T", "/new project"])
def test_other_messages_are_no_captions(text):
    assert [found[2] for found in problems(text)] == ["command"]


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_nothing_breaks_the_reader(text):
    with suppress(FormErrors):
        assert read_caption("/newproject\n" + text).pay > 0


def test_pictures_and_examples_have_a_line_each_in_any_language():
    form = read_caption(
        "/newproject\ntitle: T\ninstructions: Read.\npay: 0.05\n"
        "picture: https://example.org/a.jpg\nillustration 2: " + "A" * 60 + "\n"
        "example: Lovely <3 | positive | they are happy\nexemple : https://example.org/b.jpg | negative"
    )
    assert form.pictures == ("https://example.org/a.jpg", "A" * 60)
    assert [(each.item, each.answer, each.why, each.picture) for each in form.examples] == [
        ("Lovely <3", "positive", "they are happy", ""),
        ("", "negative", "", "https://example.org/b.jpg"),
    ]


@pytest.mark.parametrize("line", ["example: no answer", "example: a | " + "b" * 101, "picture: javascript:x"])
def test_an_example_that_cannot_be_read_is_refused(line: str):
    with pytest.raises(FormErrors) as refused:
        read_caption(f"/newproject\ntitle: T\ninstructions: Read.\npay: 0.05\n{line}")
    assert [error.key for error in refused.value.errors] == [line.partition(":")[0]]


@pytest.mark.parametrize("key", ["avis", "répétitions", "recouvrement", "redondance"])
def test_the_overlap_has_the_names_it_has_on_other_platforms_in_french(key):
    assert read_caption(f"{SHORTEST}\n{key} : 5").overlap == 5


def test_a_full_width_colon_separates_a_key_from_its_value():
    form = read_caption(
        SHORTEST.replace(":", "\uff1a") + "\nkind\uff1aform\nquestion 1\uff1achoice | Is it a cat? | yes, no"
    )
    assert (form.title, form.pay) == (read_caption(SHORTEST).title, read_caption(SHORTEST).pay)
    assert form.options == read_caption(f"{SHORTEST}\nkind: form\nquestion: choice | Is it a cat? | yes, no").options


@pytest.mark.parametrize("sign", [":", "\uff1a"])
def test_conditions_and_names_of_questions_take_a_full_width_colon(sign: str):
    first = f"question{sign} choice | Is it a cat? | yes, no | name{sign} cat"
    written = f"{SHORTEST}\nkind: form\n{first}\nquestion{sign} text | Why? | if{sign} cat{sign} yes"
    assert read_caption(written).options == read_caption(written.replace("\uff1a", ":")).options
