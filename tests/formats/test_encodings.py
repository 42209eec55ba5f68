"""Text in the encodings that spreadsheets write."""

from __future__ import annotations

import codecs

import pytest

from formats.tables.reading import read_tasks
from tests.formats.given import found, problems

FRENCH = "L’été, où êtes-vous ? À Noël, 5 € — déjà vu, ça va."


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_french_survives(bom, encoding, line_end):
    data = bom + f'text;note{line_end}"{FRENCH}";x{line_end}b;y'.encode(encoding)
    file = read_tasks(data, "a.csv", ("x", "y"))
    assert [(row.line, row.content["text"]) for row in file.rows] == [(2, FRENCH), (3, "b")]


@pytest.mark.parametrize("word", ["café", "Señor, ¿qué tal?", "Straße", "naïve “quotes”", "ÆØÅ", "50 €"])
def test_one_western_word_is_enough(word):
    assert read_tasks(f'text\n"{word}"\n'.encode("cp1252"), "a.csv", ("x", "y")).rows[0].content["text"] == word


def test_russian_in_its_own_code_page_is_guessed_and_said():
    text = "Привет, как у вас дела? Отзыв хороший, покупкой доволен."
    file = read_tasks(f'text\n"{text}"\n'.encode("cp1251"), "a.csv", ("x", "y"))
    assert file.rows[0].content["text"] == text
    assert [warning.key for warning in file.warnings] == ["encoding_guessed"]


def test_json_lines_may_be_in_utf_16():
    data = '{"text": "é"}\r\n{"text": "b"}\r\n'.encode("utf-16")
    assert [row.content["text"] for row in read_tasks(data, "a.jsonl", ("x", "y")).rows] == ["é", "b"]


def test_damage_in_a_utf_8_file_is_named_by_its_line():
    data = "text\né\nà\n".encode() + b"caf\xe9\n"
    assert found(problems(data)) == [(4, "", "", "encoding")]


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\xff\xfea", b"\x00\x01\x02\x03" * 99])
def test_what_is_not_text_is_refused(data):
    assert [error.expected for error in problems(data)] == ["encoding"]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("À 12 € le cœur, très bien", "iso8859_15"),
        ("Œuvre", "iso8859_15"),
        ("½ litre, 1¼ heure, 3 ¾ : très bien", "iso8859_1"),
        ("À 12 € le cœur, très bien", "cp1252"),
    ],
)
def test_the_euro_and_ligatures_of_latin_9_are_told_from_windows_1252(words: str, encoding: str):
    assert read_tasks(f'text\n"{words}"\n'.encode(encoding), "a.csv", ("x", "y")).rows[0].content["text"] == words
