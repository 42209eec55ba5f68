"""Commands in a file's caption, as the bot prints them and as groups complete them."""

import pytest

from jobs.uploads.intake import split_caption


@pytest.mark.parametrize("caption", ["/add 1", "/add_1", "/Add_1", "/add@pouce_bot 1", "/add_1@pouce_bot"])
def test_more_tasks_are_named_by_their_project(caption: str) -> None:
    assert split_caption(caption) == ["/add", "1"]


@pytest.mark.parametrize(("caption", "words"), [("", [""]), ("/add", ["/add"]), ("/add_x", ["/add_x"])])
def test_other_words_stay(caption: str, words: list[str]) -> None:
    assert split_caption(caption) == words
