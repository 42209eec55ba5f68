"""The request for pictures and examples beside the instructions."""

from locales import Html, Translator


def asked_for(part: str, pictured: bool, t: Translator) -> Html:
    """One more picture, or one more example, whose picture may be there already."""
    if part == "picture":
        return t("Send a photo, or the https address of a picture. Workers see it with the instructions.")
    if pictured:
        return t("The picture is there. Now write the right answer and why:\n<code>what it shows | answer | why</code>")
    return t(
        "Write an example, its right answer and why:\n<code>Lovely shoes! | positive | they are happy</code>\nIs it a picture? Send the photo first."
    )
