"""Text with markup becomes text with entities, in UTF-16 code units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import RefusedCall
from simulator.text.formatting import Formatted, utf16, with_entities
from simulator.text.html_text import parse_html
from simulator.text.markdown_text import parse_markdown, parse_markdown_v2


def marks(formatted: Formatted) -> list[tuple[str, str]]:
    """(kind, the text it covers), cut out in UTF-16 as a client would."""
    encoded = formatted.text.encode("utf-16-le")
    return [
        (each["type"], encoded[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le"))
        for each in formatted.entities
    ]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>a</b> &lt;b&gt; &amp; &quot;", 'a <b> & "', [("bold", "a")]),
        ("😀 <i>é😀</i>", "😀 é😀", [("italic", "é😀")]),
        ("<b>a<i>b</i></b>", "ab", [("bold", "ab"), ("italic", "b")]),
        ("<u>a</u><s>b</s><code>c</code>", "abc", [("underline", "a"), ("strikethrough", "b"), ("code", "c")]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", "a")]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", "a")]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", "a")]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", "a")]),
        ("<a href='https://example.org'>x</a>", "x", [("text_link", "x")]),
        ("<B>a</B>", "a", [("bold", "a")]),
        ("&#128512;&#x41;", "😀A", []),
        ("a &nbsp; b", "a &nbsp; b", []),
    ],
)
def test_html(source, text, expected):
    formatted = parse_html(source)
    assert (formatted.text, marks(formatted)) == (text, expected)


def test_html_keeps_what_belongs_to_an_entity():
    formatted = parse_html(
        '<pre><code class="language-python">x</code></pre><tg-emoji emoji-id="5">👍</tg-emoji>'
        '<tg-time unix="1647531900" format="wDT">then</tg-time>'
    )
    assert [(each["type"], each.get("language")) for each in formatted.entities][:1] == [("pre", "python")]
    assert formatted.entities[1]["custom_emoji_id"] == "5"
    assert formatted.entities[2] == {
        "type": "date_time",
        "offset": 3,
        "length": 4,
        "unix_time": 1647531900,
        "date_time_format": "wDT",
    }


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("é<p>a</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source, words):
    with pytest.raises(RefusedCall) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (
            r"*a* _b_ __c__ ~d~ ||e|| `f`",
            "a b c d e f",
            ["bold", "italic", "underline", "strikethrough", "spoiler", "code"],
        ),
        (r"1\.5 \> 1\!", "1.5 > 1!", []),
        ("```python\nx = 1```", "x = 1", ["pre"]),
        (r"[a\.b](https://example.org/\)x)", "a.b", ["text_link"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        ("**>a||", "a", ["expandable_blockquote"]),
        ("![👍](tg://emoji?id=5)", "👍", ["custom_emoji"]),
        ("*a _b_*", "a b", ["bold", "italic"]),
    ],
)
def test_markdown_v2(source, text, expected):
    formatted = parse_markdown_v2(source)
    assert (formatted.text, [each["type"] for each in formatted.entities]) == (text, expected)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("é*a", "Can't find end of Bold entity at byte offset 2"),
    ],
)
def test_broken_markdown_v2_is_refused(source, words):
    with pytest.raises(RefusedCall) as refused:
        parse_markdown_v2(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_old_markdown():
    formatted = parse_markdown("*a* _b_ `c` [d](https://example.org) e.")
    assert formatted.text == "a b c d e."
    assert [each["type"] for each in formatted.entities] == ["bold", "italic", "code", "text_link"]


def test_telegram_finds_commands_links_and_mentions_by_itself():
    found = marks(Formatted("😀 /start@pouce_bot see https://example.org/a. @alice_b #new a@b.org 1/2").with_detected())
    assert found == [
        ("bot_command", "/start@pouce_bot"),
        ("url", "https://example.org/a"),
        ("mention", "@alice_b"),
        ("hashtag", "#new"),
        ("email", "a@b.org"),
    ]


def test_white_space_at_the_ends_goes_and_offsets_follow():
    formatted = parse_html("\n 😀 <b>a </b> ").trimmed()
    assert (formatted.text, marks(formatted)) == ("😀 a", [("bold", "a")])


async def test_a_mention_without_username_shows_the_whole_user(call, alice):
    text = f'<a href="tg://user?id={alice.id}">you</a> <a href="tg://user?id=9">stranger</a>'
    sent = await call.result("sendMessage", chat_id=alice.id, text=text, parse_mode="HTML")
    [entity] = sent["entities"]
    assert (entity["type"], entity["user"]["first_name"]) == ("text_mention", "Alice")


def test_entities_outside_the_text_are_refused():
    with pytest.raises(RefusedCall):
        with_entities("ab", [{"type": "bold", "offset": 1, "length": 2}])


@given(st.lists(st.tuples(st.sampled_from("bius"), st.text(alphabet="ab 😀é<&", max_size=5)), max_size=6))
def test_escaped_html_comes_out_as_it_was_written(parts):
    escaped = [(tag, text.replace("&", "&amp;").replace("<", "&lt;")) for tag, text in parts]
    formatted = parse_html("".join(f"<{tag}>{text}</{tag}>" for tag, text in escaped))
    assert formatted.text == "".join(text for _, text in parts)
    assert [text for _, text in marks(formatted)] == [text for _, text in parts if text]
    assert all(each["offset"] + each["length"] <= utf16(formatted.text) for each in formatted.entities)
