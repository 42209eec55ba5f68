"""What of a row is shown beside its text."""

import pytest

from domain.projects.tasks import AUDIO, DOCUMENT, PHOTO, VIDEO, VOICE, Medium, kind_of_column, split_media

ONE, TWO = "https://example.org/1", "https://example.org/2"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("image", PHOTO),
        ("Image 2", PHOTO),
        ("image_b", PHOTO),
        ("pictures", PHOTO),
        ("audio-1", AUDIO),
        ("voice", VOICE),
        ("video12", VIDEO),
        ("file", DOCUMENT),
        ("imagery", None),
        ("image_id", None),
        ("text", None),
        ("profile", None),
    ],
)
def test_a_columns_name_says_how_its_files_are_sent(name: str, kind: str | None) -> None:
    assert kind_of_column(name) == kind


def test_media_stand_beside_the_text_in_the_templates_order() -> None:
    content = {"text": "Same?", "image_1": ONE, "image_2": TWO, "audio": f"{ONE}.mp3"}
    found = split_media("{text}\nBefore: {image_1}\nAfter: {image_2}\n{audio}", content)
    assert found.template == "{text}"
    assert found.media == (
        Medium(PHOTO, ONE, "Before"),
        Medium(PHOTO, TWO, "After"),
        Medium(AUDIO, f"{ONE}.mp3"),
    )


def test_a_cell_may_name_several_and_a_line_keeps_its_words() -> None:
    found = split_media("Look at {images} and say", {"images": f"{ONE}|{TWO}\n{ONE} {TWO}"})
    assert found.template == "Look at  and say"
    assert [medium.file for medium in found.media] == [ONE, TWO, ONE, TWO]
    many = split_media("{images}", {"images": "|".join([ONE] * 12)})
    assert len(many.media) == 10


def test_what_came_in_a_zip_is_shown_and_its_name_is_not() -> None:
    found = split_media("{image}", {"image": "my cat.jpg", "media:image": "media:abc.jpg"})
    assert found == ("", (Medium(PHOTO, "media:abc.jpg"),))


def test_words_in_a_column_called_document_are_text() -> None:
    assert split_media("{document}", {"document": "Once upon a time"}) == ("{document}", ())
    assert split_media("{document}", {"document": f"{ONE}.pdf"}).media == (Medium(DOCUMENT, f"{ONE}.pdf"),)
    assert split_media("{image}", {"image": "no address"}).media == (Medium(PHOTO, "no address"),)


@pytest.mark.parametrize(
    ("column", "begins", "kind"),
    [("audio", "AwAC", VOICE), ("voice", "CQAC", AUDIO), ("audio", "BAAC", VIDEO), ("audio", "AgAC", AUDIO)],
)
def test_an_id_of_telegram_says_itself_how_it_is_sent(column: str, begins: str, kind: str):
    """A voice message in a column of sounds is refused as a sound; a picture there stays a mistake."""
    file = begins + "Q" * 50
    assert split_media(f"{{{column}}}", {column: file}).media == (Medium(kind, file),)
