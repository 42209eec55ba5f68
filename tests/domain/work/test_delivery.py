"""Which refusals of Telegram are about a button, and which about what the requester's file holds."""

import pytest

from domain.work.messages import is_about_buttons


@pytest.mark.parametrize(
    "reason",
    [
        "BUTTON_URL_INVALID",
        "BUTTON_TYPE_INVALID",
        "BUTTON_DATA_INVALID",
        "BUTTON_COPY_TEXT_INVALID",
        "BUTTON_USER_PRIVACY_RESTRICTED",
        "WEBAPP_URL_INVALID",
        "BOT_DOMAIN_INVALID",
        "REPLY_MARKUP_TOO_LONG",
        "inline keyboard button Web App URL '…' is invalid: Only HTTPS links are allowed",
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
)
def test_a_button_is_named_in_codes_and_in_sentences(reason: str):
    assert is_about_buttons(f"refused: {reason}")


@pytest.mark.parametrize(
    "reason", ["Can't parse entities", "Wrong file identifier", "message text is empty", "WEBPAGE_CURL_FAILED", ""]
)
def test_a_text_or_a_picture_is_no_button(reason: str):
    assert not is_about_buttons(reason)
