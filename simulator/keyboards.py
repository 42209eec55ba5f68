"""Checks of reply_markup: one action a button, 64 bytes of data, known styles."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from simulator.errors import RefusedCall, bad_request
from simulator.values import Json

STYLES = frozenset({"danger", "success", "primary"})
DECORATION = frozenset({"text", "style", "icon_custom_emoji_id"})
MAX_BUTTONS = 100


@dataclass(frozen=True, slots=True)
class Keyboards:
    """A message's keyboard: inline (part of the message), or a change of the reply keyboard."""

    inline: Json | None = None
    reply: Json | None = None


def keyboards(markup: Json | None) -> Keyboards:
    """Return a reply_markup, checked; an empty inline keyboard is none. Raise 400 for what Telegram refuses."""
    if not markup:
        return Keyboards()
    if "inline_keyboard" not in markup:
        return Keyboards(reply=_checked_reply_keyboard(markup))
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _require_valid_button(button)
    return Keyboards(inline={"inline_keyboard": rows} if rows else None)


def inline_only(markup: Json | None) -> Json | None:
    """Return the inline keyboard of an edit; raise 400 for any other kind of keyboard."""
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return keyboards(markup).inline


def _checked_reply_keyboard(markup: Json) -> Json:
    for row in markup.get("keyboard", []):
        for button in row:
            if not button["text"].strip():
                raise bad_request("keyboard button text must be non-empty")
            _require_style(button)
    return markup


def _unparsable(reason: str) -> RefusedCall:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _require_style(button: Json) -> None:
    if button.get("style", "primary") not in STYLES:
        raise _unparsable("invalid button style specified")


def _require_valid_button(button: Json) -> None:
    actions = [name for name in button if name not in DECORATION]
    if not button["text"].strip():
        raise _unparsable("button text must be non-empty")
    if not actions:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable("exactly one action must be specified")
    _require_style(button)
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    _require_addresses(button)


def is_openable(app: str) -> bool:
    """Return whether a Mini App's address is https, or on this machine, as Telegram's own test servers take it."""
    return app.startswith("https://") or urlsplit(app).hostname in ("127.0.0.1", "localhost")


def _require_addresses(button: Json) -> None:
    url = button.get("url")
    if url is not None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https", "tg", "tonsite") or not parts.netloc:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    app = button.get("web_app", {}).get("url")
    if app is not None and not is_openable(app):
        raise bad_request(f"inline keyboard button Web App URL '{app}' is invalid: Only HTTPS links are allowed")
